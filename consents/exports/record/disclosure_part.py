"""The parts of a record about disclosures and corrections."""

from collections.abc import Iterator

from consents.exports.record.keyset import Entry, in_chunks
from consents.exports.record.record import Record
from disclosures.models import Flag, Ground


def disclosure_entries(record: Record) -> Iterator[Entry]:
    """Yield all disclosures, oldest first, including flagged ones and those hidden from the overview."""
    rows = record.disclosures.values(
        "id", "occurred_at", "recorded_at", "recipient__code", "service__code", "scenario__code", "item_set__codes",
        "ground", "flags", "decision_id", "reporter__code", "event_id",
    )  # fmt: skip
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
                "flags": [flag.code for flag in Flag(row["flags"])],
                "decision": str(row["decision_id"]) if row["decision_id"] else None,
                "reporter": row["reporter__code"],
                "event_id": row["event_id"],
            }


def correction_entries(record: Record) -> Iterator[Entry]:
    """Yield what services corrected about disclosures of this record: the reason and the right facts.

    A retraction (``is_retraction``) has no facts: there was no such disclosure.
    """
    rows = record.person.corrections.with_references().filter(recorded_at__lte=record.made_at)
    if not record.is_whole:
        rows = rows.filter(disclosure_id__in=record.disclosures.order_by().values("id"))
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
                "flags": [flag.code for flag in Flag(row.flags)],
                "reporter": row.reporter.code,
            }
