"""What a reporter reported, as it was recorded, with the proof that it stands in the log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from disclosures.ledger.events import CORRECTION
from disclosures.models import Correction, Disclosure, Flag, Reporter
from privacycenter.identifiers import uuid8_from
from privacycenter.models import RowKind, User
from privacycenter.proof.openings import openings_of

# Reports under one event id, each from another source.
MOST_REPORTS = 100
Reported = Disclosure | Correction
KINDS = {Disclosure: RowKind.DISCLOSURE, Correction: RowKind.CORRECTION}


def reports_of_event(reporter: Reporter, subject: str, event_id: str, source: str | None) -> list[dict[str, Any]]:
    """Return what this reporter reported of this person under this event id, from one source or from any. Empty if that
    is nothing. Some SQL statements, however many reports.
    """
    person = User.objects.filter(subject=subject).first()
    if person is None:
        return []
    wanted: dict[str, Any] = {"event_id": event_id}
    if source:
        ids = [uuid8_from(reporter.code, source, event_id, *more) for more in ((), (CORRECTION,))]
        wanted["id__in"] = ids
    return shown(person, rows_of(reporter, person, wanted))


def report_with_id(reporter: Reporter, subject: str, id: UUID) -> dict[str, Any] | None:
    """Return the disclosure or the correction with this id. None if there is none of this person, or if another
    reporter reported it."""
    person = User.objects.filter(subject=subject).first()
    found = shown(person, rows_of(reporter, person, {"id": id})) if person else []
    return found[0] if found else None


def rows_of(reporter: Reporter, person: User, wanted: dict[str, Any]) -> list[Reported]:
    """From the person, whose rows they are: no other statement finds a row of the ledger quickly."""
    own = {"person_id": person.pk, "reporter": reporter, **wanted}
    models: tuple[Any, ...] = tuple(KINDS)
    return [row for model in models for row in model.objects.filter(**own).select_related("source")[:MOST_REPORTS]]


def shown(person: User, rows: Sequence[Reported]) -> list[dict[str, Any]]:
    named = {row: (KINDS[type(row)], (row.person_id, row.id)) for row in rows}
    proofs = openings_of(person, list(named.values()))
    return [
        {**said(person, row), "sealed": key in proofs, "proof": proofs[key].proof if key in proofs else None}
        for row, key in named.items()
    ]


def said(person: User, row: Reported) -> dict[str, Any]:
    """Return the same names as in the answer to the report."""
    is_correction = isinstance(row, Correction)
    return {
        "id": row.event_id,
        "source": row.source.text if row.source else None,
        "subject": person.subject,
        "disclosure": str(row.disclosure_id if isinstance(row, Correction) else row.id),
        **({"correction": str(row.id)} if is_correction else {}),
        "recorded_at": row.recorded_at.isoformat(),
        "flagged": bool(row.flags),
        "flags": [flag.code for flag in Flag(row.flags)],
    }
