"""Taking the record home: asking for a file, what becomes of it, and deleting it again."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consents.models import Export, NoticeKind
from consents.notices.actions import NewNotice, give_notices
from privacycenter.errors import TooManyAtOnce
from privacycenter.identifiers import uuid7, uuid8_from
from privacycenter.models import User
from privacycenter.outbox.work import leave

KEPT = timedelta(days=7)
HOLD = timedelta(minutes=2)
MOST_AT_ONCE = 2


@dataclass(frozen=True)
class Wanted:
    """What the person wants. ``query``: what the record is narrowed to, as an address has it; empty for all of it.
    ``row_count``: how many disclosures that is now."""

    format: str
    query: str
    language: str
    row_count: int


@transaction.atomic
def request_export(*, wanted: Wanted, by: User) -> Export:
    """Have the worker make a file. Raises TooManyAtOnce while two others of this person's are being made."""
    User.objects.lock(by.pk)
    if by.exports.being_made().count() >= MOST_AT_ONCE:
        raise TooManyAtOnce("Two files are being made for you. Please wait until one of them is ready.")
    export = Export.objects.create(
        person=by,
        id=uuid7(),
        **asdict(wanted),
        requested_at=timezone.now(),
    )
    leave("export.requested", {"person": by.pk, "export": str(export.id)})
    return export


def note_sent_export(*, wanted: Wanted, by: User) -> Export:
    """Write down that a file was made and sent at once. Nothing of it is kept."""
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
    """Take the work on a file, for ``HOLD``. False if another worker has it."""
    now = timezone.now()
    free = Q(held_until__isnull=True) | Q(held_until__lte=now)
    mine = Export.objects.being_made().filter(free, person_id=export.person_id, id=export.id)
    return bool(mine.update(held_until=now + HOLD, done_count=0))


def release_export(*, export: Export) -> None:
    """Making it failed: another try need not wait until the hold is over."""
    Export.objects.filter(person_id=export.person_id, id=export.id).update(held_until=None)


def note_progress(*, export: Export, done_count: int) -> None:
    """So many disclosures are in the file; it is held for another while."""
    Export.objects.filter(person_id=export.person_id, id=export.id).update(
        done_count=done_count, held_until=timezone.now() + HOLD
    )


@transaction.atomic
def finish_export(*, export: Export, file_name: str, size_bytes: int, row_count: int) -> bool:
    """The file is there: the person is told, and it is deleted in seven days. False if it was finished before."""
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
    about = {"person": export.person_id, "export": str(export.id)}
    leave("export.ready", about)
    leave("export.expiring", about, due_at=now + KEPT)
    return True


def fail_export(*, export: Export) -> None:
    """The file could not be made, also after several tries. The person can ask for another."""
    Export.objects.being_made().filter(person_id=export.person_id, id=export.id).update(
        failed_at=timezone.now(), held_until=None
    )


def note_fetched(*, export: Export) -> None:
    """The first time that the person fetched the file."""
    Export.objects.filter(person_id=export.person_id, id=export.id, fetched_at__isnull=True).update(
        fetched_at=timezone.now()
    )


def expire_export(*, person: int, id: UUID, now: datetime) -> str:
    """Forget the file of an export whose time is over. Returns its name, for whoever deletes it; empty without one.

    The row stays: it says what was taken home, and lets it be made again.
    """
    export = Export.objects.filter(person_id=person, id=id, expires_at__lte=now).first()
    if export is None:
        return ""
    Export.objects.filter(person_id=person, id=id, expired_at__isnull=True).update(expired_at=now)
    return export.file_name
