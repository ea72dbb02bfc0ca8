"""PDF files: tagged for screen readers (PDF/UA-1), typefaces embedded, without network access, whatever the text."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from privacycenter.operation.environment import BASE_DIR
from privacycenter.pdf.letters import CANNOT_BE_DRAWN, boxed_letters, explained, fit_to_draw
from privacycenter.pdf.typefaces import typefaces

ROOT = BASE_DIR / "templates"
ACCESSIBLE: Sequence[Literal["ua-1"]] = ["ua-1"]


def render_pdf(template: str, data: dict[str, Any], *, created_at: datetime | None = None) -> bytes:
    """Return the PDF of a Typst template under ``templates/`` (``receipts/receipt.typ``). ``data`` must fit into JSON.

    The template reads the data as JSON (``pdf/document.typ``), so no value is evaluated as markup. With ``created_at``
    the same data gives the same bytes; without it the file carries the current time.

    Any text can be in it: a box with the letter's number stands in place of what cannot be drawn, and the file ends
    with a note that says so.
    """
    fit = fit_to_draw(data)
    boxed = boxed_letters(fit)
    inputs = {
        "data": json.dumps(fit, ensure_ascii=False),
        "sandbox": str(_("Sandbox: nothing here is real")) if settings.SANDBOX else "",
        "boxed": json.dumps(explained(boxed) if boxed else None, ensure_ascii=False),
    }
    try:
        return compiled(template, inputs, created_at, ACCESSIBLE)
    except typst.TypstError as error:
        # Letters that can be drawn alone, but not together: the file is tagged all the same and claims no PDF/UA.
        if not CANNOT_BE_DRAWN.search(error.diagnostic):
            raise
        return compiled(template, inputs, created_at, [])


def compiled(
    template: str, inputs: dict[str, str], created_at: datetime | None, standards: Sequence[Literal["ua-1"]]
) -> bytes:
    made = typst.compile(
        ROOT / template,
        root=ROOT,
        font_paths=typefaces(),
        sys_inputs=inputs,
        pdf_standards=list(standards),
        timestamp=created_at.replace(microsecond=0) if created_at else None,
    )
    if not isinstance(made, bytes):
        raise TypeError(f"{template} did not give one PDF")
    return made
