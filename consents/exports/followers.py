"""Followers that make the files of exports, announce them, and delete them when they expire."""

import logging
from datetime import timedelta

from django.utils import timezone

from consents.exports import file_store
from consents.exports.actions import (
    expire_export,
    fail_export,
    finish_export,
    hold_export,
    note_progress,
    release_export,
)
from consents.exports.mails import send_ready
from consents.exports.topics import EXPORT_EXPIRING, EXPORT_READY, EXPORT_REQUESTED, AboutExport
from consents.models import Export
from privacycenter.models import User
from privacycenter.outbox.followers import Follower, Lane

exports = Follower("exports", lane=Lane.OUTSIDE)
exports_ready = Follower("exports-ready", lane=Lane.OUTSIDE)
exports_expiring = Follower("exports-expiring", lane=Lane.OUTSIDE)

GIVE_UP_AFTER = timedelta(days=1)
log = logging.getLogger(__name__)


class HeldByAnotherError(Exception):
    """Another worker is making this file. The outbox tries again later, in case that worker was killed."""


@exports.follows(EXPORT_REQUESTED)
def make_export(about: AboutExport) -> None:
    """Make the file, unless it was made before. This may outlast a lease, so the export itself is reserved.

    Failures are retried for a day; after that the person sees that it failed and can ask again.
    """
    export = export_of(about)
    if export is None:
        return
    if not hold_export(export=export):
        raise HeldByAnotherError(str(export.id))
    try:
        written = file_store.write(export, lambda count: note_progress(export=export, done_count=count))
    except Exception:
        if timezone.now() - export.requested_at < GIVE_UP_AFTER:
            release_export(export=export)
            raise
        log.exception("export %s is given up", export.id)
        fail_export(export=export)
        return
    finish_export(export=export, file_name=written.name, size_bytes=written.size_bytes, row_count=written.row_count)


def export_of(about: AboutExport) -> Export | None:
    """Return the export, or None if it need not be made any more."""
    waiting = Export.objects.being_made().select_related("person")
    return waiting.filter(person_id=about.person, id=about.export).first()


@exports_ready.follows(EXPORT_READY)
def mail_ready(about: AboutExport) -> None:
    send_ready(person=User.objects.get(pk=about.person), export=about.export)


@exports_expiring.follows(EXPORT_EXPIRING)
def delete_export(about: AboutExport) -> None:
    """Expire the export, so that nobody can fetch it, then delete its file."""
    name = expire_export(person=about.person, id=about.export, now=timezone.now())
    file_store.delete(name)
