"""PDF files: tagged for screen readers (PDF/UA-1), with the typeface embedded, without network access."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import noto_cjk_sans_jp_regular
import typst

from privacycenter.operation.environment import BASE_DIR

ROOT = BASE_DIR / "templates"
ACCESSIBLE: Sequence[Literal["ua-1"]] = ["ua-1"]
# What Typst says of a letter that the typeface lacks, because PDF/UA allows none.
NO_LETTER = "could not be displayed"


@cache
def typefaces() -> typst.Fonts:
    """Return only the typeface installed with this package, so that every machine makes the same pages.

    It has the letters of Japanese, Chinese (both scripts), Korean, and of what is written in Latin, Greek or Cyrillic.
    """
    folder = Path(noto_cjk_sans_jp_regular.__file__).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def render_pdf(template: str, data: dict[str, Any], *, created_at: datetime | None = None) -> bytes:
    """Return the PDF of a Typst template under ``templates/`` (``receipts/receipt.typ``). ``data`` must fit into JSON.

    The template reads the data as JSON (``pdf/document.typ``), so no value is evaluated as markup. With ``created_at``
    the same data gives the same bytes; without it the file carries the current time.

    A person may have written letters that the typeface lacks (an emoji, Thai). They are shown as an empty box and stay
    in the text that is read out or copied; such a file is tagged all the same and does not claim PDF/UA.
    """
    try:
        return compiled(template, data, created_at, ACCESSIBLE)
    except typst.TypstError as error:
        if NO_LETTER not in str(error):
            raise
        return compiled(template, data, created_at, [])


def compiled(
    template: str, data: dict[str, Any], created_at: datetime | None, standards: Sequence[Literal["ua-1"]]
) -> bytes:
    made = typst.compile(
        ROOT / template,
        root=ROOT,
        font_paths=typefaces(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=list(standards),
        timestamp=created_at.replace(microsecond=0) if created_at else None,
    )
    if not isinstance(made, bytes):
        raise TypeError(f"{template} did not give one PDF")
    return made
