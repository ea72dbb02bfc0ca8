"""What a file is by its content, and a name for it that is safe to show and to save. Pure."""

import re
import unicodedata
from enum import Enum

LONGEST_NAME = 120
# How much of a file is looked at: the marks of all kinds but text stand at its beginning.
HEAD_BYTES = 1024
# What no text has: controls other than tab, line ends and form feed.
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
# In file names: what separates folders, what systems refuse, and what shows nothing or changes the order of letters.
UNWANTED = re.compile(r'[\\/:*?"<>|]')
ENCODINGS = ("utf-8-sig", "cp932")


class Content(Enum):
    """The kinds of files that are taken: content type, and the endings that a name may have; the first is given."""

    PDF = "application/pdf", ("pdf",)
    PNG = "image/png", ("png",)
    JPEG = "image/jpeg", ("jpg", "jpeg")
    TEXT = "text/plain", ("txt",)

    @property
    def content_type(self) -> str:
        return str(self.value[0])

    @property
    def endings(self) -> tuple[str, ...]:
        return tuple(self.value[1])


ENDINGS = tuple(ending for kind in Content for ending in kind.endings)


def content_of(head: bytes, whole_text: bytes | None) -> Content | None:
    """Return what the file is: by the mark at its beginning, or as text if all of it can be read as text.

    ``whole_text``: the whole content, None if it is not to be taken for text.
    """
    if head.startswith(b"%PDF-"):
        return Content.PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return Content.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return Content.JPEG
    return Content.TEXT if whole_text is not None and is_text(whole_text) else None


def is_text(content: bytes) -> bool:
    for encoding in ENCODINGS:
        try:
            return not CONTROLS.search(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return False


def named_kind(name: str) -> Content | None:
    """Return what the name says the file is."""
    ending = name.rpartition(".")[2].casefold()
    return next((kind for kind in Content if "." in name and ending in kind.endings), None)


def clean_name(name: str, kind: Content) -> str:
    """Return the name without folders, without letters that show nothing or reorder others, and with one ending."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    stem = name.rpartition(".")[0] if "." in name else name
    stem = "".join(letter for letter in stem if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    stem = " ".join(UNWANTED.sub("", stem).split()).strip(". ")
    ending = f".{kind.endings[0]}"
    return (stem or "file")[: LONGEST_NAME - len(ending)].rstrip(". ") + ending
