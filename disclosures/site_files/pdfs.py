"""PDF documents that only show something: none that is locked, runs a program or carries other files. Pure."""

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from disclosures.models import FileType
from disclosures.site_files.contents import BadFile, CleanFile

MOST_OBJECTS = 50_000
MOST_VALUES = 2_000_000
# A name in a dictionary → what it is. Each makes a reader do more than show pages.
ACTIVE_KEYS = {
    "/JS": "JavaScript", "/JavaScript": "JavaScript", "/AA": "AdditionalActions", "/EmbeddedFiles": "EmbeddedFiles",
    "/XFA": "XFA", "/RichMediaContent": "RichMedia",
}  # fmt: skip
ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/RichMediaExecute",
    "/Movie", "/Sound",
}  # fmt: skip
ACTIVE_KINDS = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}

# What pypdf finds odd in a stranger's file is no event of this site.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def clean_pdf(content: bytes) -> CleanFile:
    """Return the document as it is, once looked through. Raises BadFile.

    A PDF cannot be cleaned without changing what it shows, so one that is not plain is refused.
    """
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise BadFile("encrypted")
        found = {active for one in objects_of(reader) for active in active_in(one)}
        has_pages = len(reader.pages) > 0
    except BadFile:
        raise
    except Exception as error:  # the library reads what a stranger wrote: it fails in many ways, and all mean the same
        raise BadFile("damaged") from error
    if found:
        raise BadFile("active", ", ".join(sorted(found)))
    if not has_pages:
        raise BadFile("damaged")
    return CleanFile(FileType.PDF, content)


def objects_of(reader: PdfReader) -> Iterator[Any]:
    """Yield every object of the file, also one that no page refers to."""
    keys = {(number, generation) for generation, numbers in reader.xref.items() for number in numbers}
    keys |= {(number, 0) for number in reader.xref_objStm}
    if len(keys) > MOST_OBJECTS:
        raise BadFile("damaged")
    yield reader.trailer
    for number, generation in sorted(keys):
        yield reader.get_object(IndirectObject(number, generation, reader))


def active_in(value: Any) -> Iterator[str]:
    """Yield what in one object makes a reader do something. Other objects that it refers to are not followed."""
    waiting, looked_at = [value], 0
    while waiting:
        one = waiting.pop()
        looked_at += 1
        if looked_at > MOST_VALUES:
            raise BadFile("damaged")
        if isinstance(one, DictionaryObject):
            yield from (ACTIVE_KEYS[key] for key in one if key in ACTIVE_KEYS)
            if (action := one.raw_get("/S") if "/S" in one else None) in ACTIVE_ACTIONS:
                yield str(action).removeprefix("/")
            if (kind := one.raw_get("/Subtype") if "/Subtype" in one else None) in ACTIVE_KINDS:
                yield str(kind).removeprefix("/")
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += list.__iter__(one)
