"""The life of an export: requested, made, fetched and expired."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from consents.exports.topics import EXPORT_EXPIRING, EXPORT_READY, EXPORT_REQUESTED, AboutExport
from consents.models import Export, ExportFailure, NoticeKind
from consents.notices.actions import NewNotice, give_notices
from disclosures.ledger.shared_records import is_linked_since
from disclosures.models.ledger.withholding import is_withheld_since
from privacycenter.errors import TooManyAtOnce
from privacycenter.identifiers import uuid7, uuid8_from
from privacycenter.models import User
from privacycenter.outbox.leaving import leave


class ExportOutdated(Exception):
    """Something was withheld by law while the file was made, so it is made again."""


class ExportTooLong(Exception):
    """The time of the file is over, and it is not ready."""


KEPT = timedelta(days=7)
HOLD = timedelta(minutes=2)
# From the request, or the last time that it was to be made anew. A million disclosures take about half of it.
LONGEST = timedelta(minutes=20)
MOST_ATTEMPTS = 3
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
def request_export(*, wanted: Wanted, for_person: User | None = None, handed_to: str = "", by: User) -> Export:
    """Have the worker make a file. Raises TooManyAtOnce while two of this person's are being made.

    ``for_person``: whose record it is, where an officer asks for them (``behalf_actions``); None is ``by``.
    """
    person = for_person or by
    User.objects.lock(person.pk)
    if person.exports.awaited().count() >= MOST_AT_ONCE:
        raise TooManyAtOnce("Two files are being made for you. Please wait until one of them is ready.")
    now = timezone.now()
    export = Export.objects.create(
        person=person, id=uuid7(), **asdict(wanted), requested_at=now, give_up_at=now + LONGEST,
        staff_id=by.pk if for_person else None, handed_to=handed_to,
    )  # fmt: skip
    leave(EXPORT_REQUESTED, AboutExport(person=person.pk, export=export.id))
    return export


def begin_sending(*, wanted: Wanted, by: User) -> Export:
    """Record that a file is sent at once. No file is kept. Until ``note_fetched`` it counts as broken off."""
    now = timezone.now()
    return Export.objects.create(
        person=by, id=uuid7(), **asdict(wanted), requested_at=now, ready_at=now, expired_at=now
    )


def hold_export(*, export: Export) -> bool:
    """Reserve the making of a file for ``HOLD``. False if another worker has reserved it."""
    now = timezone.now()
    free = Q(held_until__isnull=True) | Q(held_until__lte=now)
    mine = Export.objects.being_made().filter(free, person_id=export.person_id, id=export.id)
    return bool(mine.update(held_until=now + HOLD, done_count=0, attempt_count=F("attempt_count") + 1))


def release_export(*, export: Export) -> None:
    """Release the file after a failure, so that the next attempt need not wait for ``HOLD``."""
    Export.objects.filter(person_id=export.person_id, id=export.id).update(held_until=None)


def note_progress(*, export: Export, done_count: int, row_count: int) -> None:
    """Record how many disclosures are in the file, and of how many; extend the reservation by ``HOLD``.

    Raises ExportTooLong if the time of the file is over.
    """
    now = timezone.now()
    if export.give_up_at and export.give_up_at <= now:
        raise ExportTooLong(str(export.id))
    Export.objects.filter(person_id=export.person_id, id=export.id).update(
        done_count=done_count, row_count=row_count, held_until=now + HOLD
    )


@transaction.atomic
def finish_export(*, export: Export, began_at: datetime, file_name: str, size_bytes: int, row_count: int) -> bool:
    """Record that the file is ready and tell the person. False if it was recorded before.

    The file is deleted after seven days. Raises ExportOutdated if the law keeps something from the person since
    ``began_at``, the moment at which the file was begun: it may be in it. So may be what is of an account that was
    taken apart since.
    """
    person, now = User.objects.lock(export.person_id), timezone.now()
    if is_withheld_since(person, began_at) or is_linked_since(person, began_at):
        raise ExportOutdated("The record changed while the file was made.")
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


@transaction.atomic
def remake_export(*, export: Export) -> None:
    """Have a file that is ready made anew, because what it holds may no longer be shown. No word says so.

    It is asked for as it was, and its seven days begin anew.
    """
    User.objects.lock(export.person_id)
    make_anew(export)


def make_anew(export: Export) -> None:
    """As ``remake_export``. MUST hold the person's lock, in a transaction."""
    ready = Export.objects.filter(person_id=export.person_id, id=export.id, ready_at=export.ready_at)
    if ready.update(
        ready_at=None, file_name="", size_bytes=0, done_count=0, held_until=None, fetched_at=None, expires_at=None,
        attempt_count=0, give_up_at=timezone.now() + LONGEST,
    ):  # fmt: skip
        leave(EXPORT_REQUESTED, AboutExport(person=export.person_id, export=export.id))


def fail_export(*, export: Export, failure: ExportFailure) -> None:
    """Record that the file could not be made, and why. The person can ask for another."""
    Export.objects.being_made().filter(person_id=export.person_id, id=export.id).update(
        failed_at=timezone.now(), failure=failure, held_until=None
    )


def fail_sending(*, export: Export) -> None:
    """Record that a file that was to be sent at once could not be made to its end."""
    Export.objects.filter(person_id=export.person_id, id=export.id, fetched_at__isnull=True).update(
        failed_at=timezone.now(), failure=ExportFailure.FAULT
    )


def note_fetched(*, export: Export) -> None:
    """Record that all of the file was sent. Only the first time counts."""
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
