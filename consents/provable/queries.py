"""A record as the log has it, row by row, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.dateparse import parse_datetime

from disclosures.public.titles import Names
from privacycenter.models import RowKind, User
from privacycenter.proof.queries import (
    MERGE_DELAY,
    SealedRow,
    record_state,
    sealed_rows,
    unsealed_since,
)
from privacycenter.sandbox import clock
from privacycenter.text.words import Words

ROWS_SHOWN = 50
# Kind → which time of the row is told, and the name of its page.
TIMES = {
    RowKind.DISCLOSURE: "occurred_at", RowKind.CORRECTION: "corrected_at", RowKind.REQUEST: "requested_at",
    RowKind.CANCELLATION: "cancelled_at", RowKind.DECISION: "decided_at", RowKind.RULE: "made_at",
    RowKind.STEP: "taken_at", RowKind.RECALL: "asked_at", RowKind.RECALL_STEP: "taken_at",
    RowKind.COUNTERSIGNATURE: "received_at",
}  # fmt: skip
PAGES = {
    RowKind.DISCLOSURE: "disclosure", RowKind.REQUEST: "approval_request", RowKind.DECISION: "decision",
    RowKind.RECALL: "my_recall",
}  # fmt: skip


@dataclass(frozen=True)
class ShownRow:
    """``label``: what kind of row; ``recipient``: whom it is about, if anybody; ``path``: of its page, if it has one.
    A row without a time is not there any more; ``is_removed``: because its time was over. ``kind``, ``time_name`` and
    ``recipient_code``: what of the sealed event the page tells in words, for the check to compare."""

    number: int
    label: str
    recipient: Words | None
    at: datetime | None
    path: str
    is_removed: bool = False
    kind: str = ""
    time_name: str = ""
    recipient_code: str = ""


@dataclass(frozen=True)
class ProofPage:
    """``rows``: those of one page, the newest first; ``count``: of all, by a checkpoint of ``size`` entries that is
    ``signed_at``; ``waiting_since``: a row waits to be sealed; ``is_late``: for longer than it should;
    ``others``: the person has further accounts, whose rows are not among these."""

    rows: list[ShownRow]
    count: int
    size: int
    signed_at: datetime | None
    page: int
    page_count: int
    others: bool
    waiting_since: datetime | None
    is_late: bool


def proof_page(person: User, names: Names, page: int) -> ProofPage | None:
    """Return one page of the rows. None for a page that is not there."""
    state, waiting = record_state(person), unsealed_since(person)
    count = state.rows if state else 0
    page_count = max(1, -(-count // ROWS_SHOWN))
    if not 1 <= page <= page_count:
        return None
    end = count - (page - 1) * ROWS_SHOWN
    rows = sealed_rows(state, max(0, end - ROWS_SHOWN), min(ROWS_SHOWN, end)) if state else []
    return ProofPage(
        rows=[shown(row, names) for row in reversed(rows)],
        count=count,
        size=state.checkpoint.size if state else 0,
        signed_at=state.checkpoint.signed_at if state else None,
        page=page,
        page_count=page_count,
        others=len(person.keys) > 1,
        waiting_since=waiting,
        is_late=waiting is not None and clock.waited(waiting) > MERGE_DELAY,
    )


def shown(row: SealedRow, names: Names) -> ShownRow:
    if row.event is None or row.kind is None:
        return ShownRow(row.number, "", None, None, "", is_removed=row.kind is None)
    recipient = row.event.get("recipient", "")
    return ShownRow(
        number=row.number,
        label=str(row.kind.label),
        recipient=names.recipient(recipient) if recipient else None,
        at=parse_datetime(row.event[TIMES[row.kind]]),
        path=reverse(PAGES[row.kind], args=[row.row_id]) if row.kind in PAGES else "",
        kind=row.kind.code,
        time_name=TIMES[row.kind],
        recipient_code=recipient,
    )
