"""The catalogue: all codes that a reporter may use."""

from collections.abc import Set
from typing import Any, cast

from django.db.models import Prefetch

from disclosures.content.holds import Hold, hold_of
from disclosures.content.publications import Document
from disclosures.content.working_copy import LISTS, codes, unless_default
from disclosures.ledger.conformance import only_recipients
from disclosures.models import DataItem, Exclusion, Ground, Recipient, Reporter, Scenario, Service
from disclosures.models.content.recipients import RecipientQuerySet

# What a scenario declares in one word.
DECLARATIONS = ("item_list", "service_list", "route", "route_abroad", "evidence")


def catalogue_for(reporter: Reporter, document: Document | None) -> dict[str, Any]:
    """Return the response of ``GET /catalogue``: codes with titles in all languages. Nine SQL statements.

    A published scenario is as in the newest publication, because that is what reports are compared with. An unpublished
    one is as in the working copy, so that a service can be developed for it; permission checks refuse it until then.
    What is on hold is as published, too.
    """
    published, recipients = ((document or {}).get(kind, {}) for kind in ("scenarios", "recipients"))
    scenarios = Scenario.objects.in_use().prefetch_related(
        "items", "recipients", "services", Prefetch("exclusions", Exclusion.objects.select_related("service", "item"))
    )
    return {
        "services": [entry(row) for row in Service.objects.in_use().filter(reporters=reporter)],
        "recipients": [
            {**entry(row), "country": row.country.code, "on_hold": on_hold(row, recipients.get(row.code))}
            for row in usable_recipients()
        ],
        "data_items": [entry(row) for row in DataItem.objects.in_use()],
        "scenarios": [{**entry(row), **terms_of(row, published.get(row.code))} for row in scenarios],
    }


def terms_of(row: Scenario, published: Document | None) -> dict[str, Any]:
    """Return the terms of a scenario. ``recipients`` are the only ones allowed; empty if any published recipient is."""
    retired = {item.code for item in row.items.all() if item.retired_at}
    if published and not published["retired"]:
        return {**binding(published, retired), "is_published": True}
    return {**binding(planned(row), retired), "is_published": False}


def planned(row: Scenario) -> Document:
    """Return the part of a scenario's future entry that binds a reporter."""
    return {
        "ground": Ground(row.ground).code,
        "items": codes(row.items.all()),
        "recipients": codes(row.recipients.all()),
        "recipient_kinds": row.recipient_kinds,
        "services": codes(row.services.all()),
        "exclusions": [{"service": one.service.code, "item": one.item.code} for one in row.exclusions.all()],
        **unless_default(**{name: getattr(row, name) for name in DECLARATIONS}),
    }


def binding(scenario: Document, retired: Set[str]) -> dict[str, Any]:
    """Return what a scenario's entry says that binds a reporter. A publication may name what was retired since."""
    return {
        "ground": scenario["ground"],
        "evidence": scenario.get("evidence"),
        "route": scenario.get("route"),
        "route_abroad": scenario.get("route_abroad"),
        "items": [code for code in scenario["items"] if code not in retired],
        "item_list": scenario.get("item_list", LISTS["item_list"]),
        "services": scenario["services"],
        "service_list": scenario.get("service_list", LISTS["service_list"]),
        "exclusions": [{name: one[name] for name in ("service", "item")} for one in scenario.get("exclusions", ())],
        "recipients": only_recipients(scenario),
    }


def on_hold(row: Recipient, published: Document | None) -> dict[str, str | None] | None:
    """Return from when until when a recipient is on hold. None if it is not.

    One that a service proposed is until it is published, whenever that will be.
    """
    is_waiting = published is None and row.proposed_by_id is not None
    hold = Hold(None, None) if is_waiting else hold_of(published) if published else None
    if hold is None:
        return None
    return {name: at.isoformat() if at else None for name, at in hold._asdict().items()}


def usable_recipients() -> RecipientQuerySet:
    return cast("RecipientQuerySet", Recipient.objects.in_use().with_country())


def entry(row: Any) -> dict[str, Any]:
    return {"code": row.code, "title": row.texts("title")}
