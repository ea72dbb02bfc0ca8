"""Follower that deletes files which belong to no request: those of a form that was refused, and of one removed."""

from disclosures.attachments.actions import remove_unclaimed
from disclosures.attachments.topics import FILES_IN_DOUBT, FilesInDoubt
from privacycenter.outbox.followers import Follower, Lane

attachment_files = Follower("attachment-files", lane=Lane.OUTSIDE)


@attachment_files.follows(FILES_IN_DOUBT)
def delete_unclaimed(doubt: FilesInDoubt) -> None:
    remove_unclaimed(doubt.names)
