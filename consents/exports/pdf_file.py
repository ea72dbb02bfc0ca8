"""The record as PDF, to read, to keep and to hand on.

The first page says in short who received what. A long record comes in volumes, so that it needs no more memory than one
of them: the first describes the record, the disclosures go on from one to the next, the last holds all other parts.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import typst
from django.utils.translation import gettext as _

from consents.exports import words
from consents.exports.pdf_blocks import Section
from consents.exports.pdf_numbers import Numbers
from consents.exports.pdf_opening import facts, opening
from consents.exports.pdf_others import others
from consents.exports.pdf_provided import corrections, disclosures_section, recipients_then
from consents.exports.record import Record, disclosure_part, summary
from consents.exports.record.summary import Extent
from privacycenter.pdf.rendering import render_pdf
from privacycenter.pdf.typefaces import typefaces
from privacycenter.text.languages import interface_language, page_language

TEMPLATE = "exports/record.typ"
# One volume of this length takes about a second and 150 MiB.
VOLUME_ROWS = 2_000
# The number of documents after which Typst drops a cached layout.
LAYOUTS_KEPT = 11


def volumes(record: Record, on_rows: Callable[[int], None] = lambda count: None) -> Iterator[bytes]:
    """Yield each volume as a PDF, at least one. ``on_rows`` is called with the number of disclosures so far."""
    extent = summary.extent(record)
    count = max(1, -(-extent.disclosure_count // VOLUME_ROWS))
    entries = disclosure_part.disclosure_entries(record)
    corrected = list(disclosure_part.correction_entries(record))
    numbers = Numbers(corrected=dict.fromkeys(entry["disclosure"] for entry in corrected))
    for number in range(1, count + 1):
        sections = opening(record, extent) if number == 1 else []
        sections.append(disclosures_section(record, list(islice(entries, VOLUME_ROWS)), numbers))
        if number == count:
            sections += [*corrections(record, corrected, numbers), recipients_then(record), *others(record, numbers)]
        yield render_pdf(
            TEMPLATE, volume(record, extent, sections, number, count), created_at=record.made_at.replace(microsecond=0)
        )
        forget_layouts()
        on_rows(min(number * VOLUME_ROWS, extent.disclosure_count))


def forget_layouts() -> None:
    """Free the memory of a volume.

    Typst drops a layout that the last ten documents did not use, and offers no other way to drop it.
    """
    for _document in range(LAYOUTS_KEPT):
        typst.compile(b"", font_paths=typefaces())


def volume(record: Record, extent: Extent, sections: list[Section], number: int, count: int) -> dict[str, Any]:
    title = _("Record of disclosures of personal data")
    part = _("Volume %(number)s of %(count)s") % {"number": number, "count": count} if count > 1 else ""
    return {
        "language": interface_language(),
        "content_language": page_language(),
        "title": " – ".join(filter(None, (title, part))),
        "footer": list(filter(None, (title, str(record.person), words.day_words(record.made_at), part))),
        "facts": facts(record, extent, count),
        "sections": sections,
    }
