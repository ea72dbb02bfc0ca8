"""The way of every file that comes in, from the desk and with a pack: looked at, cleaned, or refused in words. Pure."""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from disclosures.models import FileType
from disclosures.site_files.contents import BadFile, CleanFile, type_of
from disclosures.site_files.drawings import clean_svg
from disclosures.site_files.pdfs import clean_pdf
from disclosures.site_files.pictures import clean_picture

MEGABYTE = 1024 * 1024
# Why a file is refused → what its sender is told.
WHY: dict[str, Callable[[], str]] = {
    "empty": lambda: _("The file is empty. Choose another one."),
    "type": lambda: _("This is not a PNG, JPEG, SVG or PDF file. What counts is its content, not its name."),
    "damaged": lambda: _("The file cannot be read to its end. Save it anew and choose it again."),
    "pixels": lambda: _("The picture has more than 25 million pixels. Make it smaller."),
    "moving": lambda: _("The picture moves. Choose one that stands still."),
    "large": lambda: _("The drawing has too many parts. Simplify it, or save it as PNG."),
    "entities": lambda: _("The drawing declares entities. Save it as plain SVG."),
    "copies": lambda: _("The drawing has copies within copies. Save it as plain SVG, with the copies resolved."),
    "encrypted": lambda: _("The PDF is locked. Save it without a password and without restrictions."),
    "active": lambda: _("The PDF does more than show pages: %(what)s. Print it to a new PDF and choose that one."),
}


def largest_bytes() -> int:
    return int(settings.PUBLIC_FILE_MB) * MEGABYTE


def clean_file(content: bytes) -> CleanFile:
    """Return what is kept of a file. Raises BadFile."""
    if not content:
        raise BadFile("empty")
    if len(content) > largest_bytes():
        raise BadFile("size")
    kind = type_of(content)
    if kind is None:
        raise BadFile("type")
    made = cleaned_as(kind, content)
    if made.size_bytes > largest_bytes():
        raise BadFile("size")
    return made


def cleaned_as(kind: FileType, content: bytes) -> CleanFile:
    match kind:
        case FileType.PDF:
            return clean_pdf(content)
        case FileType.SVG:
            return clean_svg(content)
        case _:
            return clean_picture(content, kind)


def reason_of(bad: BadFile) -> str:
    """Return what its sender is told, in the language of the page."""
    if bad.why == "size":
        return _("The file is larger than %(number)s MB. Make it smaller.") % {"number": settings.PUBLIC_FILE_MB}
    return WHY[bad.why]() % {"what": bad.what}
