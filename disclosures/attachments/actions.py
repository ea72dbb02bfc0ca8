"""Keeping the files that come with a form, and attaching them."""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from disclosures.attachments.topics import FILES_IN_DOUBT, FilesInDoubt
from disclosures.attachments.uploads import Upload
from disclosures.models import Attachment, Inquiry, InquiryStatus, InquiryStep
from privacycenter.errors import InvalidValue, NoLongerOpen, Refusal
from privacycenter.outbox.leaving import leave
from privacycenter.storage import files

log = logging.getLogger(__name__)
MOST_OF_A_PERSON = 20
# By then the form that brought them has been answered.
CLAIMED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class KeptFile:
    """A file that is kept, and not attached yet."""

    upload: Upload
    file_name: str


def keep_uploads(*, uploads: Sequence[Upload]) -> list[KeptFile]:
    """Keep files, so that they can be attached in a transaction that need not wait for the store.

    What is not attached within an hour goes again, also if this process is killed. MUST be called outside a
    transaction. Raises OSError if the store does not take them.
    """
    kept = [KeptFile(upload, f"attachments/{uuid4().hex}") for upload in uploads]
    if not kept:
        return []
    with transaction.atomic():
        names = FilesInDoubt(names=[one.file_name for one in kept])
        leave(FILES_IN_DOUBT, names, due_at=timezone.now() + CLAIMED_WITHIN)
    try:
        for one in kept:
            files.keep(one.file_name, one.upload.content)
    except OSError:
        drop_unclaimed(kept)
        raise
    return kept


@contextmanager
def kept_to_attach(*, uploads: Sequence[Upload]) -> Iterator[list[KeptFile]]:
    """Keep files as ``keep_uploads`` does while the block attaches them. What it left, or refused, is gone afterwards.

    After any other error nobody knows whether it was attached: that is found out within the hour. One SQL statement
    more than the block's, none without files.
    """
    kept = keep_uploads(uploads=uploads)
    try:
        yield kept
    except Refusal:
        drop_unclaimed(kept)
        raise
    drop_unclaimed(kept)


def drop_unclaimed(kept: Sequence[KeptFile]) -> None:
    """Remove at once those of the files that are not attached. What the store does not remove now, it does in time."""
    try:
        remove_unclaimed([one.file_name for one in kept])
    except OSError:
        log.exception("files that belong to no request could not be removed yet")


def remove_unclaimed(names: Collection[str]) -> None:
    """Remove the files with these names that belong to no request. Raises OSError."""
    if not names:
        return
    claimed = set(Attachment.objects.filter(file_name__in=names).order_by().values_list("file_name", flat=True))
    for name in names:
        if name not in claimed:
            files.remove(name)


def attach(inquiry: Inquiry, kept: Sequence[KeptFile], step: InquiryStep | None = None) -> list[Attachment]:
    """Attach kept files to a request, or to a step on it. MUST be called in the transaction that writes it."""
    now = timezone.now()
    return [
        Attachment.objects.create(
            id=uuid4(), inquiry=inquiry, step=step, name=one.upload.name,
            content_type=one.upload.kind.content_type, size_bytes=one.upload.size_bytes, sha256=one.upload.sha256,
            file_name=one.file_name, attached_at=now,
        )
        for one in kept
    ]  # fmt: skip


@transaction.atomic
def attach_more(*, inquiry: Inquiry, kept: Sequence[KeptFile]) -> list[Attachment]:
    """Attach further files of its sender to a request that waits. What was sent before is not sent twice.

    Raises NoLongerOpen if it is answered, InvalidValue if the sender attached too many.
    """
    Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    new = {id(upload) for upload in new_uploads(inquiry, [one.upload for one in kept])}
    return attach(inquiry, [one for one in kept if id(one.upload) in new])


def new_uploads(inquiry: Inquiry, uploads: Sequence[Upload]) -> list[Upload]:
    """Return those that its sender has not sent with this request. Two SQL statements.

    Raises NoLongerOpen if it is answered, InvalidValue if they are too many.
    """
    last = InquiryStep.objects.filter(inquiry=inquiry).order_by("-pk").values_list("status", flat=True).first()
    if last is not None and not InquiryStatus(last).waits:
        raise NoLongerOpen("The request is answered. Write another one.", "attached")
    sent = set(Attachment.objects.filter(inquiry=inquiry, step=None).values_list("name", "sha256"))
    new = [one for one in uploads if (one.name, one.sha256) not in sent]
    if len(sent) + len(new) > MOST_OF_A_PERSON:
        raise InvalidValue(f"At most {MOST_OF_A_PERSON} files can go with one request.", "attached")
    return new
