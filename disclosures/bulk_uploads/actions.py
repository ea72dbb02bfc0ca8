"""The life of an upload: begun, parts taken, completed, cancelled, expired. ``recording_actions`` records it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from disclosures.bulk_uploads.limits import (
    MOST_OPEN,
    TO_COMPLETE,
    largest_part_bytes,
    largest_upload_bytes,
    most_open_bytes,
)
from disclosures.bulk_uploads.topics import UPLOAD_ENDED, UPLOAD_EXPIRING, UPLOAD_TO_RECORD, AboutUpload
from disclosures.models import DisclosureUpload, Reporter, UploadPart, UploadState
from disclosures.models.receiving.bulk_uploads import OPEN_STATES
from privacycenter.errors import (
    BodyTooLarge,
    DigestDiffers,
    InvalidValue,
    NotFound,
    StoreAway,
    TooMuchUploaded,
    UploadClosed,
    UploadIncomplete,
    WrongOffset,
)
from privacycenter.identifiers import uuid7
from privacycenter.outbox.leaving import leave
from privacycenter.storage import files

# Longer than any part takes to be kept.
ON_ITS_WAY = timedelta(hours=1)


@dataclass(frozen=True)
class Announced:
    """The file that is to come: its size and SHA-256 (hex) as it is sent, and whether that is compressed with gzip."""

    size_bytes: int
    sha256: str
    is_compressed: bool


@transaction.atomic
def begin_upload(*, announced: Announced, by: Reporter) -> tuple[DisclosureUpload, bool]:
    """Begin an upload. Returns it and whether it is new: the same file, announced again while it is under way, goes on.

    Raises BodyTooLarge, or TooMuchUploaded while the reporter has too much under way.
    """
    if announced.size_bytes > largest_upload_bytes():
        raise BodyTooLarge(f"At most {largest_upload_bytes()} bytes in one upload. Send several.", "size_bytes")
    # One at a time for each reporter, so that two at once keep to the limit.
    Reporter.objects.select_for_update(no_key=True).get(pk=by.pk)
    own = DisclosureUpload.objects.filter(reporter=by).open()
    same = own.filter(
        sha256=announced.sha256, size_bytes=announced.size_bytes, is_compressed=announced.is_compressed
    ).first()
    if same:
        return same, False
    if own.count() >= MOST_OPEN:
        raise TooMuchUploaded(f"At most {MOST_OPEN} uploads at a time. Wait until one has ended, or cancel one.")
    lying = own.aggregate(total=Sum("size_bytes"))["total"] or 0
    if lying + announced.size_bytes > most_open_bytes():
        raise TooMuchUploaded(f"At most {most_open_bytes()} bytes at a time. Wait until an upload has ended.")
    now = timezone.now()
    upload = DisclosureUpload.objects.create(
        id=uuid7(), reporter=by, size_bytes=announced.size_bytes, sha256=announced.sha256,
        is_compressed=announced.is_compressed, begun_at=now,
    )  # fmt: skip
    leave(UPLOAD_EXPIRING, AboutUpload(upload=upload.id), due_at=now + TO_COMPLETE)
    return upload, True


def take_part(*, upload: UUID, offset: int, content: bytes, sha256: str, by: Reporter) -> DisclosureUpload:
    """Take the bytes from ``offset`` on, and return the upload. A part that was taken before is harmless.

    The file is kept outside of a transaction, under a name that its row says beforehand. MUST be called outside of a
    transaction. ``sha256``: hex, of the content, as the reporter says. Raises NotFound for another's upload,
    InvalidValue, BodyTooLarge, DigestDiffers, WrongOffset, UploadClosed, or StoreAway.
    """
    if not content:
        raise InvalidValue("A part has at least one byte.")
    if len(content) > largest_part_bytes():
        raise BodyTooLarge(f"At most {largest_part_bytes()} bytes in one part.")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DigestDiffers("Send the part again, with the SHA-256 of exactly these bytes.", "Content-Digest")
    part = expect_part(upload, offset, len(content), sha256, by)
    if part is None:
        return own_upload(upload, by)
    try:
        with files.draft() as draft:
            draft.write(content)
            files.keep(part.file_name, draft)
    except OSError as error:
        raise StoreAway("The part was not kept. Send it again.") from error
    return count_part(part, by)


@transaction.atomic
def expect_part(upload: UUID, offset: int, size_bytes: int, sha256: str, by: Reporter) -> UploadPart | None:
    """Write down that the file of a part is to be kept. None if it was taken before."""
    found = own_upload(upload, by, lock=True)
    if is_taken(found, offset, size_bytes, sha256):
        return None
    if found.state != UploadState.RECEIVING:
        raise closed(found)
    if offset != found.received_bytes:
        raise wrong_offset(found)
    if offset + size_bytes > found.size_bytes:
        raise InvalidValue(f"The upload has {found.size_bytes} bytes, and this part goes beyond them.", "offset")
    # A name of its own for each try, which tells nothing.
    return UploadPart.objects.create(
        upload=found, offset=offset, size_bytes=size_bytes, sha256=sha256, file_name=f"uploads/{uuid4().hex}"
    )


def count_part(part: UploadPart, by: Reporter) -> DisclosureUpload:
    """Let a part count whose file is kept. Of several at one place the first counts; the others' files go again."""
    try:
        upload, is_ours = counted_part(part, by)
    except WrongOffset:
        remove_parts([part])
        raise
    if not is_ours:
        remove_parts([part])
    return upload


@transaction.atomic
def counted_part(part: UploadPart, by: Reporter) -> tuple[DisclosureUpload, bool]:
    """Return the upload, and whether this part counts. False if the same bytes were taken meanwhile."""
    upload = own_upload(part.upload_id, by, lock=True)
    if is_taken(upload, part.offset, part.size_bytes, part.sha256):
        return upload, False
    if upload.state != UploadState.RECEIVING:
        raise closed(upload)
    if part.offset != upload.received_bytes:
        raise wrong_offset(upload)
    UploadPart.objects.filter(pk=part.pk).update(is_taken=True)
    upload.received_bytes += part.size_bytes
    upload.save(update_fields=["received_bytes"])
    return upload, True


def is_taken(upload: DisclosureUpload, offset: int, size_bytes: int, sha256: str) -> bool:
    """Return whether just this part was taken. What was taken of an upload that ended is known no more."""
    if offset + size_bytes > upload.received_bytes:
        return False
    return upload.parts.filter(offset=offset, size_bytes=size_bytes, sha256=sha256, is_taken=True).exists()


@transaction.atomic
def complete_upload(*, upload: UUID, by: Reporter) -> tuple[DisclosureUpload, bool]:
    """Have the worker record it. Returns it, and whether it was completed just now.

    Raises NotFound, UploadIncomplete, or UploadClosed for one that was cancelled or has expired.
    """
    found = own_upload(upload, by, lock=True)
    if found.completed_at and found.state not in (UploadState.CANCELLED, UploadState.EXPIRED):
        return found, False
    if found.state != UploadState.RECEIVING:
        raise closed(found)
    if found.received_bytes < found.size_bytes:
        raise UploadIncomplete(
            f"{found.received_bytes} of {found.size_bytes} bytes have come. Send the rest.",
            received_bytes=found.received_bytes,
        )
    found.state, found.completed_at = UploadState.WAITING, timezone.now()
    found.save(update_fields=["state", "completed_at"])
    leave(UPLOAD_TO_RECORD, AboutUpload(upload=found.id))
    return found, True


@transaction.atomic
def cancel_upload(*, upload: UUID, by: Reporter) -> tuple[DisclosureUpload, bool]:
    """End it. What is recorded stays recorded. Returns it, and whether it was cancelled just now.

    Raises NotFound, or UploadClosed for one that has ended otherwise.
    """
    found = own_upload(upload, by, lock=True)
    if found.state == UploadState.CANCELLED:
        return found, False
    if found.state not in OPEN_STATES:
        raise closed(found)
    end(found, UploadState.CANCELLED)
    return found, True


@transaction.atomic
def expire_upload(*, upload: UUID) -> None:
    """End an upload that nobody completed in time. Does nothing to any other."""
    found = DisclosureUpload.objects.select_for_update().filter(pk=upload, state=UploadState.RECEIVING).first()
    if found:
        end(found, UploadState.EXPIRED)


def end(upload: DisclosureUpload, state: UploadState, problem: dict[str, object] | None = None) -> None:
    """End an upload that is locked, and have its bytes removed: at once, and what was on its way an hour later."""
    now = timezone.now()
    upload.state, upload.ended_at, upload.problem = state, now, problem or {}
    upload.save(update_fields=["state", "ended_at", "problem"])
    about = AboutUpload(upload=upload.id)
    leave(UPLOAD_ENDED, about)
    if upload.parts.filter(is_taken=False).exists():
        leave(UPLOAD_ENDED, about, due_at=now + ON_ITS_WAY)


def remove_bytes(*, upload: UUID) -> None:
    """Remove the bytes of an upload that has ended. Safe to repeat. Raises OSError if the store does not answer.

    What was on its way when it ended may be kept a moment later, so the name of that file is known an hour longer.
    """
    parts = UploadPart.objects.filter(upload_id=upload, upload__ended_at__isnull=False).order_by("pk")
    is_over = Q(is_taken=True) | Q(upload__ended_at__lte=timezone.now() - ON_ITS_WAY)
    for part in parts.exclude(is_over):
        files.remove(part.file_name)
    while some := list(parts.filter(is_over)[:100]):
        remove_parts(some)


def remove_parts(parts: Sequence[UploadPart]) -> None:
    """Remove the files, then the rows that know of them."""
    for part in parts:
        files.remove(part.file_name)
    UploadPart.objects.filter(pk__in=[part.pk for part in parts]).delete()


def own_upload(upload: UUID, by: Reporter, *, lock: bool = False) -> DisclosureUpload:
    """Return the reporter's own upload. Raises NotFound for another's, as for one that does not exist."""
    rows = DisclosureUpload.objects.select_for_update() if lock else DisclosureUpload.objects.all()
    found = rows.filter(pk=upload, reporter=by).first()
    if found is None:
        raise NotFound("There is none, or it is not yours.")
    return found


def closed(upload: DisclosureUpload) -> UploadClosed:
    state = UploadState(upload.state).code
    return UploadClosed(f"It is {state}. Begin another one.", received_bytes=upload.received_bytes)


def wrong_offset(upload: DisclosureUpload) -> WrongOffset:
    received = upload.received_bytes
    return WrongOffset(f"{received} bytes have come: go on there.", "offset", received_bytes=received)
