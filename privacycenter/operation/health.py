"""Readiness: can this process serve? Checks the database, a publication, and the followers' lag."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection

from privacycenter.outbox.claiming import lag
from privacycenter.outbox.followers import Lane

LARGEST_LAG_SECONDS = 300


def readiness() -> dict[str, dict[str, Any]]:
    """Return part → ``{"ok": bool, …}``. Never raises: a part that cannot be checked is not ok."""
    parts = {"database": probe(database)}
    # Without the database each of the others would wait in vain, longer than a load balancer waits for the response.
    for name, part in (("publication", publication), ("followers", followers)):
        parts[name] = probe(part) if parts["database"]["ok"] else parts["database"]
    return parts


def probe(part: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return part()
    except (DatabaseError, OSError) as error:
        return {"ok": False, "error": type(error).__name__}


def database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def publication() -> dict[str, Any]:
    """Return the number of the newest publication.

    A site that is begun serves before its first one: its editors reach the desk through the same door as visitors. An
    empty database, which may be the wrong one, does not.
    """
    # By name: privacycenter imports neither disclosures nor consents.
    number = apps.get_model("disclosures", "Publication").objects.values_list("number", flat=True).first()
    if number is None and apps.get_model("disclosures", "Site").objects.exists():
        return {"ok": True, "number": None, "note": "nothing is published yet"}
    return {"ok": number is not None, "number": number}


def followers() -> dict[str, Any]:
    """Return the lag of the followers that the site itself needs: a slow mail or webhook server does not count."""
    seconds = round(lag(Lane.INSIDE).total_seconds(), 1)
    return {"ok": seconds <= LARGEST_LAG_SECONDS, "lag_seconds": seconds}
