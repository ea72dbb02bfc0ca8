"""Secrets of second factors under a new ``SECRET_KEY``."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from privacycenter.encryption import CannotOpenError, Resealed, reseal
from privacycenter.second_factors.adapters import PURPOSE

SEALED_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def reseal_authenticators() -> Resealed:
    """Encrypt each secret anew that is under a former key. One transaction for each row, locked against its owner."""
    counted = Resealed()
    for pk in Authenticator.objects.filter(type__in=SEALED_TYPES).order_by("pk").values_list("pk", flat=True):
        counted += reseal_authenticator(pk)
    return counted


@transaction.atomic
def reseal_authenticator(pk: int) -> Resealed:
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return Resealed()
    try:
        data = resealed(row.data)
    except CannotOpenError:
        return Resealed(unreadable=1)
    if data == row.data:
        return Resealed()
    row.data = data
    row.save(update_fields=["data"])
    return Resealed(done=1)


def resealed(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data with its secrets under the newest key. Raises CannotOpenError."""
    found: dict[str, Any] = {name: reseal(data[name], purpose=PURPOSE) for name in ("secret", "seed") if name in data}
    if "migrated_codes" in data:
        found["migrated_codes"] = [reseal(code, purpose=PURPOSE) for code in data["migrated_codes"]]
    return {**data, **found}
