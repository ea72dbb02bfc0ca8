"""Followers that make the files of exports, announce them, and delete them when they expire."""

import errno
import logging

from django.utils import timezone

from consents.exports import file_store
from consents.exports.actions import (
    MOST_ATTEMPTS,
    ExportOutdated,
    ExportTooLong,
    expire_export,
    fail_export,
    finish_export,
    hold_export,
    note_progress,
    release_export,
)
from consents.exports.mails import send_link, send_ready
from consents.exports.topics import EXPORT_EXPIRING, EXPORT_READY, EXPORT_REQUESTED, AboutExport
from consents.models import Export, ExportFailure
from disclosures.one_time.queries import handover_of
from privacycenter.models import User
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.replica.state import read_long

exports = Follower("exports", lane=Lane.OUTSIDE)
exports_ready = Follower("exports-ready", lane=Lane.OUTSIDE)
exports_expiring = Follower("exports-expiring", lane=Lane.OUTSIDE)

log = logging.getLogger(__name__)


class AttemptsUsedUpError(Exception):
    """Workers that made this file were killed as often as it is tried."""


class HeldByAnotherError(Exception):
    """Another worker is making this file. The outbox tries again later, in case that worker was killed."""


@exports.follows(EXPORT_REQUESTED)
def make_export(about: AboutExport) -> None:
    """Make the file, unless it was made before. This may outlast a lease, so the export itself is reserved.

    It is tried three times, also where a worker was killed, and twenty minutes at most. After that the person sees why
    it failed, and can ask for another.
    """
    export = export_of(about)
    if export is None:
        return
    try:
        attempt(export)
    except HeldByAnotherError:
        raise
    except Exception as error:
        failure = failure_after(export, error)
        if failure is None:
            release_export(export=export)
            raise
        log.exception("export %s is given up", export.id)
        file_store.delete_attempts(export)
        fail_export(export=export, failure=failure)


def attempt(export: Export) -> None:
    """Reserve the file, write it and record that it is ready. Raises what kept it from being so."""
    if export.give_up_at and export.give_up_at <= timezone.now():
        raise ExportTooLong(str(export.id))
    if not hold_export(export=export):
        raise HeldByAnotherError(str(export.id))
    if export.attempt_count >= MOST_ATTEMPTS:
        raise AttemptsUsedUpError(str(export.id))
    began_at = timezone.now()

    def note(done: int, of: int) -> None:
        note_progress(export=export, done_count=done, row_count=of)

    written = read_long(lambda: file_store.write(export, note), "exports")
    try:
        finish_export(
            export=export, began_at=began_at, file_name=written.name, size_bytes=written.size_bytes,
            row_count=written.row_count,
        )  # fmt: skip
    except ExportOutdated:
        file_store.delete(written.name)
        raise


def failure_after(export: Export, error: Exception) -> ExportFailure | None:
    """Return why the file is given up after this error; None if it is tried again. ``export`` is as before it began."""
    if isinstance(error, ExportTooLong):
        return ExportFailure.TIME
    if export.attempt_count + 1 < MOST_ATTEMPTS:
        return None
    no_room = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return ExportFailure.ROOM if no_room else ExportFailure.FAULT


def export_of(about: AboutExport) -> Export | None:
    """Return the export, or None if it need not be made any more."""
    waiting = Export.objects.being_made().select_related("person")
    return waiting.filter(person_id=about.person, id=about.export).first()


@exports_ready.follows(EXPORT_READY)
def mail_ready(about: AboutExport) -> None:
    export = Export.objects.filter(person_id=about.person, id=about.export).first()
    if export is None or export.staff_id is None:
        return send_ready(person=User.objects.get(pk=about.person), export=about.export)
    # Who cannot log in gets the link, or the file from the desk.
    page = handover_of(export.person_id, export.id)
    if page and export.handed_to:
        send_link(export=export, page=page)


@exports_expiring.follows(EXPORT_EXPIRING)
def delete_export(about: AboutExport) -> None:
    """Expire the export, so that nobody can fetch it, then delete its file."""
    name = expire_export(person=about.person, id=about.export, now=timezone.now())
    file_store.delete(name)
