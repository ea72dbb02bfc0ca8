"""A person's exports as the person sees them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from consents.models import Export, ExportFailure, ExportFormat
from disclosures.models import OneTimePage
from disclosures.models.ledger.withholding import is_withheld_since
from disclosures.one_time.queries import PageUse, uses_of_exports
from privacycenter.models import User

REQUESTED, READY, FETCHED, SENT, BROKEN_OFF, FAILED, EXPIRED = STATES = (
    "requested", "ready", "fetched", "sent", "broken_off", "failed", "expired",
)  # fmt: skip
SHOWN = 20


@dataclass(frozen=True)
class ExportRow:
    """One export. ``percent``: how much of the file is made. ``expires_at``: None unless there is a file to fetch.

    ``why``: in a sentence, why it failed; empty if it did not. ``is_by_staff``: an officer had it made for the person.
    ``other_formats``: in which else it can be had.
    """

    id: UUID
    format: str
    format_label: str
    state: str
    query: str
    language: str
    requested_at: datetime
    expires_at: datetime | None
    row_count: int
    done_count: int
    size_bytes: int
    why: str
    other_formats: list[tuple[str, str]]
    is_by_staff: bool

    @property
    def is_whole(self) -> bool:
        return not self.query

    @property
    def is_being_made(self) -> bool:
        return self.state == REQUESTED

    @property
    def can_be_fetched(self) -> bool:
        return self.state in (READY, FETCHED)

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done_count // self.row_count) if self.row_count else 0

    @property
    def has_every_row(self) -> bool:
        return self.done_count >= self.row_count > 0


def state_of(export: Export) -> str:
    """Return the state of an export. Pure apart from the clock: after its expiry it is gone, deleted yet or not, and
    one that is not ready in its time has failed, whether a worker has come to say so or not.
    """
    if export.failed_at:
        return FAILED
    if export.ready_at is None:
        return FAILED if export.give_up_at and export.give_up_at <= timezone.now() else REQUESTED
    if export.expires_at is None:
        return SENT if export.fetched_at else BROKEN_OFF
    if export.expires_at <= timezone.now():
        return EXPIRED
    return FETCHED if export.fetched_at else READY


def export_list(person: User) -> list[ExportRow]:
    """Return the newest exports of a person. One SQL statement."""
    return [row_of(export) for export in person.exports.newest_first()[:SHOWN]]


def export_page(person: User, id: UUID) -> ExportRow | None:
    """Return one export, or None if this person asked for no such file. One SQL statement."""
    export = export_of(person, id)
    return row_of(export) if export else None


def export_of(person: User, id: UUID) -> Export | None:
    return person.exports.filter(id=id).first()


def is_outdated(export: Export) -> bool:
    """Return whether the file may hold what is kept from its person by law since it was made. One SQL statement."""
    return export.ready_at is not None and is_withheld_since(export.person_id, export.ready_at)


def row_of(export: Export) -> ExportRow:
    state = state_of(export)
    return ExportRow(
        id=export.id,
        format=export.format,
        format_label=str(ExportFormat(export.format).label),
        state=state,
        query=export.query,
        language=export.language,
        requested_at=export.requested_at,
        expires_at=export.expires_at if state in (READY, FETCHED) else None,
        row_count=export.row_count,
        done_count=export.done_count,
        size_bytes=export.size_bytes,
        why=str(ExportFailure(export.failure or ExportFailure.TIME).label) if state == FAILED else "",
        other_formats=other_formats(export.format),
        is_by_staff=export.staff_id is not None,
    )


def other_formats(format: str) -> list[tuple[str, str]]:
    """Return value and label of every format but this."""
    return [(one.value, str(one.label)) for one in ExportFormat if one != format]


@dataclass(frozen=True)
class HandedRow:
    """One export that an officer had made for a person. ``use``: of the page that hands it over; None at the desk."""

    row: ExportRow
    handed_to: str
    use: PageUse | None


def handed_exports(person: User) -> list[HandedRow]:
    """Return the newest exports that the desk had made for this person. At most three SQL statements."""
    found = list(person.exports.made_by_staff().newest_first()[:SHOWN])
    uses = uses_of_exports(person.pk, [one.id for one in found])
    return [HandedRow(row_of(one), one.handed_to, uses.get(one.id)) for one in found]


def export_handed_by(page: OneTimePage) -> Export | None:
    """Return the export that a page hands over. None if it was erased. One SQL statement."""
    if page.export_of is None or page.export_id is None:
        return None
    return Export.objects.filter(person_id=page.export_of, id=page.export_id).first()
