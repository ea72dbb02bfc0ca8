"""Who recipients were when data went to them: what a record of provision has to hold (APPI art. 29 and its rule).

A row of the ledger names the publication that was in force when it was recorded. That freezes name, address,
representative and country as they were published, whatever is published since (docs/decisions, records of provision).
"""

from typing import Any

from django.db.models import F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from consents.exports.record.keyset import Entry
from consents.exports.record.record import Record
from disclosures.ledger.evidence import basis_abroad
from disclosures.models import Publication
from disclosures.models.content.recipients import HOME_COUNTRY

# Recipient and number of the publication.
Version = tuple[str, int]
# What is kept of a scenario.
ROUTES = ("route", "route_abroad")
# Number of the publication → its recipients and scenarios.
Published = dict[int, tuple[dict[str, Any], dict[str, Any]]]
NOT_THERE: dict[str, Any] = {}


def publication_number() -> Coalesce:
    """Return the number of the publication that a row was judged by.

    A row of version 0.1 does not name it: it is the one that was in force when the row was recorded. 0 if nothing was
    published.
    """
    in_force = Publication.objects.filter(published_at__lte=OuterRef("recorded_at")).order_by("-number")
    return Coalesce(F("publication"), Subquery(in_force.values("number")[:1]), 0, output_field=IntegerField())


def provided_to(record: Record) -> dict[Version, Entry]:
    """Return the facts of each recipient by the publications that rows of this record name, in order.

    Three SQL statements, one less without disclosures.
    """
    versions = sorted(versions_in(record))
    found = Publication.objects.filter(number__in={number for _code, number in versions}) if versions else ()
    recipients = dict(found.values_list("number", "document__recipients")) if found else {}
    return {
        (code, number): facts(record, code, number, (recipients.get(number) or {}).get(code, NOT_THERE))
        for code, number in versions
    }


def versions_in(record: Record) -> set[Version]:
    reported = record.disclosures.order_by()
    corrected = record.person.corrections.shown_to(record.person).with_facts().filter(recorded_at__lte=record.made_at)
    if not record.is_whole:
        corrected = corrected.filter(disclosure_id__in=reported.values("id"))
    return {
        version
        for rows in (reported, corrected.order_by())
        for version in rows.annotate(number=publication_number()).values_list("recipient__code", "number").distinct()
    }


def published_in(record: Record) -> Published:
    """Return what the publications say that rows of this record name. Three SQL statements, one less without rows."""
    versions = versions_in(record)
    numbers = {number for _code, number in versions}
    found = Publication.objects.filter(number__in=numbers) if numbers else Publication.objects.none()
    rows = found.values_list("number", "document__recipients", "document__scenarios")
    return {
        number: (
            {code: entry for code, entry in (recipients or {}).items() if (code, number) in versions},
            {code: {name: entry.get(name) for name in ROUTES} for code, entry in (scenarios or {}).items()},
        )
        for number, recipients, scenarios in rows.iterator(1)
    }


def route_entry(published: Published, recipient: str, scenario: str, number: int) -> Entry:
    """Return the legal route of a row, and on what basis it went abroad, as published when it was recorded.

    None where that was not stated; the basis also of a recipient in Japan.
    """
    recipients, scenarios = published.get(number, ({}, {}))
    to, used = recipients.get(recipient), scenarios.get(scenario)
    is_abroad = to is not None and to["country"] != HOME_COUNTRY
    basis = basis_abroad(used, to) if is_abroad else None
    return {"route": (used or {}).get("route") or None, "basis_abroad": basis and basis.value}


def facts(record: Record, code: str, number: int, entry: dict[str, Any]) -> Entry:
    """Return the facts as published, None where they were not stated.

    The name of a recipient that was not published is the one that it has now.
    """
    return {
        "recipient": code,
        "publication": number,
        "name": entry.get("title") or record.names.texts("recipients", code),
        "address": entry.get("address") or None,
        "representative": entry.get("representative") or None,
        "country": entry.get("country") or None,
        "basis_abroad": entry.get("basis_abroad") or None,
    }
