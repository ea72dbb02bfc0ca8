"""The life of an export: requested, made, fetched and expired."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consents.exports.topics import EXPORT_EXPIRING, EXPORT_READY, EXPORT_REQUESTED, AboutExport
from consents.models import Export, NoticeKind
from consents.notices.actions import NewNotice, give_notices
from privacycenter.errors import TooManyAtOnce
from privacycenter.identifiers import uuid7, uuid8_from
from privacycenter.models import User
from privacycenter.outbox.leaving import leave

KEPT = timedelta(days=7)
HOLD = timedelta(minutes=2)
MOST_AT_ONCE = 2


@dataclass(frozen=True)
class Wanted:
    """The export asked for. ``query``: the filters of the record as a query string; empty for the whole record.

    ``row_count``: the number of disclosures at the time of asking.
    """

    format: str
    query: str
    language: str
    row_count: int


@transaction.atomic
def request_export(*, wanted: Wanted, by: User) -> Export:
    """Have the worker make a file. Raises TooManyAtOnce while two of this person's are being made."""
    User.objects.lock(by.pk)
    if by.exports.being_made().count() >= MOST_AT_ONCE:
        raise TooManyAtOnce("Two files are being made for you. Please wait until one of them is ready.")
    export = Export.objects.create(
        person=by,
        id=uuid7(),
        **asdict(wanted),
        requested_at=timezone.now(),
    )
    leave(EXPORT_REQUESTED, AboutExport(person=by.pk, export=export.id))
    return export


def note_sent_export(*, wanted: Wanted, by: User) -> Export:
    """Record that a file was made and sent at once. No file is kept."""
    now = timezone.now()
    return Export.objects.create(
        person=by,
        id=uuid7(),
        **asdict(wanted),
        done_count=wanted.row_count,
        requested_at=now,
        ready_at=now,
        fetched_at=now,
        expired_at=now,
    )


def hold_export(*, export: Export) -> bool:
    """Reserve the making of a file for ``HOLD``. False if another worker has reserved it."""
    now = timezone.now()
    free = Q(held_until__isnull=True) | Q(held_until__lte=now)
    mine = Export.objects.being_made().filter(free, person_id=export.person_id, id=export.id)
    return bool(mine.update(held_until=now + HOLD, done_count=0))


def release_export(*, export: Export) -> None:
    """Release the file after a failure, so that the next attempt need not wait for ``HOLD``."""
    Export.objects.filter(person_id=export.person_id, id=export.id).update(held_until=None)


def note_progress(*, export: Export, done_count: int) -> None:
    """Record how many disclosures are in the file, and extend the reservation by ``HOLD``."""
    Export.objects.filter(person_id=export.person_id, id=export.id).update(
        done_count=done_count, held_until=timezone.now() + HOLD
    )


@transaction.atomic
def finish_export(*, export: Export, file_name: str, size_bytes: int, row_count: int) -> bool:
    """Record that the file is ready and tell the person. False if it was recorded before.

    The file is deleted after seven days.
    """
    now = timezone.now()
    mine = Export.objects.being_made().filter(person_id=export.person_id, id=export.id)
    if not mine.update(
        file_name=file_name, size_bytes=size_bytes, row_count=row_count, done_count=row_count, ready_at=now,
        held_until=None, expires_at=now + KEPT,
    ):  # fmt: skip
        return False
    give_notices(
        notices=[
            NewNotice(
                person=export.person_id, id=uuid8_from("export", str(export.id)), kind=NoticeKind.EXPORT_READY,
                about_id=export.id,
            )
        ],
        at=now,
    )  # fmt: skip
    about = AboutExport(person=export.person_id, export=export.id)
    leave(EXPORT_READY, about)
    leave(EXPORT_EXPIRING, about, due_at=now + KEPT)
    return True


def fail_export(*, export: Export) -> None:
    """Record that the file could not be made after several attempts. The person can ask for another."""
    Export.objects.being_made().filter(person_id=export.person_id, id=export.id).update(
        failed_at=timezone.now(), held_until=None
    )


def note_fetched(*, export: Export) -> None:
    """Record the first time that the person fetched the file."""
    Export.objects.filter(person_id=export.person_id, id=export.id, fetched_at__isnull=True).update(
        fetched_at=timezone.now()
    )


def expire_export(*, person: int, id: UUID, now: datetime) -> str:
    """Mark an export as expired. Return the name of the file to delete, empty if there is none.

    The row stays: it says what was exported and lets it be exported again.
    """
    export = Export.objects.filter(person_id=person, id=id, expires_at__lte=now).first()
    if export is None:
        return ""
    Export.objects.filter(person_id=person, id=id, expired_at__isnull=True).update(expired_at=now)
    return export.file_name
