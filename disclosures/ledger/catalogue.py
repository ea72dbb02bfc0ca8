"""The catalogue: all codes that a reporter may use."""

from typing import Any, cast

from disclosures.ledger.conformance import only_recipients
from disclosures.models import DataItem, Ground, Recipient, Reporter, Scenario, Service
from disclosures.models.recipients import RecipientQuerySet
from disclosures.publishing.publications import Document
from disclosures.publishing.working_copy import codes


def catalogue_for(reporter: Reporter, document: Document | None) -> dict[str, Any]:
    """Return the response of ``GET /catalogue``: codes with titles in all languages. Seven SQL statements.

    A published scenario is as in the newest publication, because that is what reports are compared with. An unpublished
    one is as in the working copy, so that a service can be developed for it; permission checks refuse it until then.
    """
    published = (document or {}).get("scenarios", {})
    scenarios = Scenario.objects.in_use().prefetch_related("items", "recipients")
    return {
        "services": [entry(row) for row in Service.objects.in_use().filter(reporters=reporter)],
        "recipients": [{**entry(row), "country": row.country.code} for row in usable_recipients()],
        "data_items": [entry(row) for row in DataItem.objects.in_use()],
        "scenarios": [{**entry(row), **terms_of(row, published.get(row.code))} for row in scenarios],
    }


def terms_of(row: Scenario, published: Document | None) -> dict[str, Any]:
    """Return the terms of a scenario. ``recipients`` are the only ones allowed; empty if any published recipient is."""
    retired = {item.code for item in row.items.all() if item.retired_at}
    if published and not published["retired"]:
        return {
            "ground": published["ground"],
            "items": [code for code in published["items"] if code not in retired],
            "recipients": only_recipients(published),
            "is_published": True,
        }
    return {
        "ground": Ground(row.ground).code,
        "items": codes(row.items.all()),
        "recipients": [] if row.recipient_kinds else codes(row.recipients.all()),
        "is_published": False,
    }


def usable_recipients() -> RecipientQuerySet:
    return cast("RecipientQuerySet", Recipient.objects.in_use().with_country())


def entry(row: Any) -> dict[str, Any]:
    return {"code": row.code, "title": row.texts("title")}
