"""The parts of a record about disclosures and corrections."""

from collections.abc import Iterator
from typing import Any

from consents.exports.record.keyset import Entry, in_chunks
from consents.exports.record.provided_to import Published, publication_number, published_in, route_entry
from consents.exports.record.record import Record
from disclosures.models import CitedEvidence, Flag, Ground
from disclosures.models.ledger.evidence import evidence_of


def disclosure_entries(record: Record) -> Iterator[Entry]:
    """Yield all disclosures, oldest first, including flagged ones and those hidden from the overview."""
    rows = record.disclosures.values(
        "id", "occurred_at", "recorded_at", "recipient__code", "service__code", "scenario__code", "item_set__codes",
        "ground", "flags", "decision_id", "reporter__code", "event_id", "evidence_kind", "evidence_reference",
        "shown_publication", number=publication_number(),
    )  # fmt: skip
    published = published_in(record)
    for chunk in in_chunks(rows, "occurred_at"):
        for row in chunk:
            yield {
                "id": str(row["id"]),
                "occurred_at": row["occurred_at"],
                "recorded_at": row["recorded_at"],
                "recipient": row["recipient__code"],
                "service": row["service__code"],
                "scenario": row["scenario__code"],
                "items": row["item_set__codes"],
                "ground": Ground(row["ground"]).code,
                **route_entry(published, row["recipient__code"], row["scenario__code"], row["number"]),
                "evidence": evidence_entry(
                    evidence_of(row["evidence_kind"], row["evidence_reference"], row["shown_publication"])
                ),
                "flags": [flag.code for flag in Flag(row["flags"])],
                "decision": str(row["decision_id"]) if row["decision_id"] else None,
                "publication": row["number"],
                "reporter": row["reporter__code"],
                "event_id": row["event_id"],
            }


def evidence_entry(evidence: CitedEvidence | None) -> Entry | None:
    """Return what was cited as its person may know it: the reference of an order is None."""
    return evidence and {
        "kind": evidence.kind.code,
        "reference": evidence.reference_for_person or None,
        "shown_publication": evidence.shown_publication,
    }


def right_route(published: Published, row: Any) -> Entry:
    """Return the route of a correction's right facts; of a retraction there is none."""
    if not (row.recipient and row.scenario):
        return {"route": None, "basis_abroad": None}
    return route_entry(published, row.recipient.code, row.scenario.code, row.number)


def correction_entries(record: Record) -> Iterator[Entry]:
    """Yield what services corrected about disclosures of this record: the reason and the right facts.

    A retraction (``is_retraction``) has no facts: there was no such disclosure.
    """
    rows = record.person.corrections.shown_to(record.person).with_references().filter(recorded_at__lte=record.made_at)
    rows = rows.annotate(number=publication_number())
    if not record.is_whole:
        rows = rows.filter(disclosure_id__in=record.disclosures.order_by().values("id"))
    published = published_in(record)
    for chunk in in_chunks(rows, "recorded_at"):
        for row in chunk:
            yield {
                "id": str(row.id),
                "disclosure": str(row.disclosure_id),
                "corrected_at": row.corrected_at,
                "recorded_at": row.recorded_at,
                "reason": row.reason,
                "is_retraction": row.is_retraction,
                "occurred_at": row.occurred_at,
                "recipient": row.recipient.code if row.recipient else None,
                "service": row.service.code if row.service else None,
                "scenario": row.scenario.code if row.scenario else None,
                "items": row.item_set.codes if row.item_set else [],
                "ground": Ground(row.ground).code if row.ground else None,
                **right_route(published, row),
                "evidence": evidence_entry(row.evidence),
                "flags": [flag.code for flag in Flag(row.flags)],
                "publication": None if row.is_retraction else row.number,
                "reporter": row.reporter.code,
            }
