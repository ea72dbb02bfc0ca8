"""What a file is, by its content, and what of it is kept. Pure: bytes in, clean bytes or a refusal out."""

from dataclasses import dataclass
from hashlib import sha256

from disclosures.models import FileType

# Enough to tell what a file is.
HEAD_BYTES = 1024


class BadFile(Exception):
    """A file that is not taken. ``why``: a key of ``reasons.WHY``; ``what``: what was found, if that helps."""

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(why, what)
        self.why, self.what = why, what


@dataclass(frozen=True)
class CleanFile:
    """The bytes that are kept. ``left_out``: what was in the file and is not kept, sorted. ``width``, ``height``: None
    for a document.
    """

    type: FileType
    content: bytes
    width: int | None = None
    height: int | None = None
    left_out: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()

    @property
    def size_bytes(self) -> int:
        return len(self.content)


def type_of(content: bytes) -> FileType | None:
    """Return what a file is by its first bytes; its name says nothing. None if it is nothing that is taken."""
    if content.startswith(b"%PDF-"):
        return FileType.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    head = content[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    return FileType.SVG if head.startswith(b"<") and (b"<svg" in content or b":svg" in content) else None
