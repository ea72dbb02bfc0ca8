"""Verification that pictures and documents that were ever public are kept, and are what was published."""

from collections.abc import Iterator
from hashlib import sha256

from disclosures.models import FileType, PublishedFile
from disclosures.site_files.queries import content_of
from privacycenter.database.verifying import Fault, Progress, faults_of
from privacycenter.encryption import CannotOpenError


def verify_published_files(progress: Progress) -> Iterator[Fault]:
    """Yield the faults of all published files. Reads each from the store, one at a time."""
    for row in PublishedFile.objects.order_by("sha256").iterator(chunk_size=100):
        yield from faults_of(row, lambda row=row: wrong_with(row))  # type: ignore[misc]
        progress(1)


def wrong_with(row: PublishedFile) -> str:
    """Return what is wrong with a published file. Empty if nothing is. Raises OSError if the store does not answer."""
    FileType(row.content_type)
    try:
        content = content_of(row.sha256)
    except FileNotFoundError:
        return "its content is not kept any more"
    except CannotOpenError:
        return "its content cannot be read: it was changed, or its key is missing"
    if sha256(content).hexdigest() != row.sha256 or len(content) != row.size_bytes:
        return "its content is not what was published"
    return ""
