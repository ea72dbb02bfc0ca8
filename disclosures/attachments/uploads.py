"""Files as they come in with a form, checked."""

import hashlib
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile

from disclosures.attachments.contents import HEAD_BYTES, Content, clean_name, content_of, named_kind
from privacycenter.http.uploads import MOST_FILE_BYTES

MOST_FILES = 5
BLOCK_BYTES = 256 * 1024


class BadUpload(Exception):
    """A file that is not taken. ``why``: ``size``, ``empty`` or ``content``."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name, why)
        self.name, self.why = name, why


@dataclass(frozen=True)
class Upload:
    """One file that was checked. ``name`` is cleaned; ``content`` is to be read from its beginning."""

    name: str
    kind: Content
    size_bytes: int
    sha256: str
    content: IO[bytes]


def upload_of(file: "UploadedFile[Any]") -> Upload:
    """Check one file: its size, and that its content is what its name says. Raises BadUpload."""
    sent_name, size = str(file.name or ""), int(file.size or 0)
    if size > MOST_FILE_BYTES:
        raise BadUpload(sent_name, "size")
    if not size:
        raise BadUpload(sent_name, "empty")
    named = named_kind(sent_name)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    # A text has no mark, so all of it is read: no more than one file of this size at a time.
    rest = file.read() if named is Content.TEXT else None
    kind = content_of(head, head + rest if rest is not None else None)
    if kind is None or kind is not named:
        raise BadUpload(sent_name, "content")
    return Upload(clean_name(sent_name, kind), kind, size, digest_of(file), file.file)  # type: ignore[arg-type]


def digest_of(file: "UploadedFile[Any]") -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest()
