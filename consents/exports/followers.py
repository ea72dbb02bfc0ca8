"""Followers that make the files of exports and delete them when they expire."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

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
from consents.models import Export
from privacycenter.outbox.work import outside_a_transaction

GIVE_UP_AFTER = timedelta(days=1)
log = logging.getLogger(__name__)


class HeldByAnotherError(Exception):
    """Another worker is making this file. The outbox tries again later, in case that worker was killed."""


@outside_a_transaction
def make_export(topic: str, payload: dict[str, Any]) -> None:
    """Make the file, unless it was made before. This may outlast a lease, so the export itself is reserved.

    Failures are retried for a day; after that the person sees that it failed and can ask again.
    """
    export = export_of(payload)
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


def export_of(payload: dict[str, Any]) -> Export | None:
    """Return the export, or None if it need not be made any more."""
    waiting = Export.objects.being_made().select_related("person")
    return waiting.filter(person_id=payload["person"], id=UUID(payload["export"])).first()


@outside_a_transaction
def delete_export(topic: str, payload: dict[str, Any]) -> None:
    """Expire the export, so that nobody can fetch it, then delete its file."""
    name = expire_export(person=payload["person"], id=UUID(payload["export"]), now=timezone.now())
    file_store.delete(name)
