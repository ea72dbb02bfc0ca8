"""Follower that deletes files which belong to no request: those of a form that was refused, and of one removed."""

from disclosures.attachments.topics import FILES_IN_DOUBT, FilesInDoubt
from disclosures.models import Attachment
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.storage import files

attachment_files = Follower("attachment-files", lane=Lane.OUTSIDE)


@attachment_files.follows(FILES_IN_DOUBT)
def delete_unclaimed(doubt: FilesInDoubt) -> None:
    claimed = set(Attachment.objects.filter(file_name__in=doubt.names).values_list("file_name", flat=True))
    for name in doubt.names:
        if name not in claimed:
            files.remove(name)
