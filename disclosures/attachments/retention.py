"""Removal of attachments with their requests."""

from collections.abc import Sequence

from disclosures.attachments.topics import FILES_IN_DOUBT, FilesInDoubt
from disclosures.models import Attachment
from privacycenter.database.purging import delete_rows
from privacycenter.outbox.leaving import leave


def purge_attachments(*, inquiries: Sequence[int]) -> int:
    """Remove the attachments of these requests, and have their files deleted after the commit. Return how many.

    MUST be called in a transaction, with the purge's door open.
    """
    rows = Attachment.objects.filter(inquiry_id__in=inquiries).order_by()
    names = list(rows.values_list("file_name", flat=True))
    if names:
        leave(FILES_IN_DOUBT, FilesInDoubt(names=names))
    return delete_rows(rows) if names else 0
