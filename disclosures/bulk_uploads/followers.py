"""Follower that records uploads, and removes their bytes."""

from disclosures.bulk_uploads.actions import expire_upload, remove_bytes
from disclosures.bulk_uploads.reading import UploadUnusable
from disclosures.bulk_uploads.recording_actions import fail_upload, note_extent, record_some, wait_while_paused
from disclosures.bulk_uploads.topics import UPLOAD_ENDED, UPLOAD_EXPIRING, UPLOAD_TO_RECORD, AboutUpload
from disclosures.models import DisclosureUpload
from disclosures.models.receiving.bulk_uploads import TO_RECORD
from privacycenter.errors import InsufficientScope, ReporterPaused, Unauthorized
from privacycenter.outbox.followers import Follower, Lane

# Outside: it reads from the store, and looking through a large file outlasts any transaction.
uploads = Follower("disclosure-uploads", lane=Lane.OUTSIDE)


@uploads.follows(UPLOAD_TO_RECORD)
def record_upload(about: AboutUpload) -> None:
    """Record the next stretch of an upload. A stretch takes some seconds; the rest is left anew."""
    upload = DisclosureUpload.objects.filter(pk=about.upload, state__in=TO_RECORD).first()
    if upload is None:
        return
    try:
        record_some(upload=note_extent(upload=upload))
    except UploadUnusable as error:
        fail_upload(upload=about.upload, refusal=error.refusal)
    except ReporterPaused:
        wait_while_paused(upload=about.upload)
    except (Unauthorized, InsufficientScope) as refusal:
        fail_upload(upload=about.upload, refusal=refusal)


@uploads.follows(UPLOAD_EXPIRING)
def expire(about: AboutUpload) -> None:
    expire_upload(upload=about.upload)


@uploads.follows(UPLOAD_ENDED)
def remove(about: AboutUpload) -> None:
    remove_bytes(upload=about.upload)
