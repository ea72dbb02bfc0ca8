"""Which letters of a text cannot be drawn, so that a box with their number stands in their place."""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import typst
from django.utils.translation import gettext as _

from privacycenter.operation.environment import BASE_DIR
from privacycenter.pdf.typefaces import typefaces
from privacycenter.text.legible import REORDERING

PROBE = BASE_DIR / "templates" / "pdf" / "letters.typ"
# What Typst says under PDF/UA of a letter that no typeface has, and of one that no PDF may hold as text.
CANNOT_BE_DRAWN = re.compile(r'(?:the text|the disallowed codepoint) `"(.+?)"`')
# As Typst writes a letter that cannot be printed: \u{e000}.
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
MARK_OF_BYTE_ORDER = "\ufeff"
# Letters that were tried in this process.
_drawn: set[str] = set()
_undrawn: set[str] = set()


def fit_to_draw(data: Any) -> Any:
    """Return the same data without what is no letter: halves of letters (surrogates), and a mark of byte order."""
    if isinstance(data, str):
        whole = data.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace(MARK_OF_BYTE_ORDER, "")
    if isinstance(data, dict):
        return {key: fit_to_draw(value) for key, value in data.items()}
    return [fit_to_draw(value) for value in data] if isinstance(data, list | tuple) else data


def boxed_letters(data: Any) -> list[str]:
    """Return the letters in ``data`` in whose place a box stands: those that no typeface has, or that reorder others.

    Typst itself is asked, letter by letter, because it has the last word on what it can draw. Each is asked once.
    """
    letters = set().union(*texts_in(data))
    if asked := letters - _drawn - _undrawn:
        found = not_drawn(asked)
        _undrawn.update(found)
        _drawn.update(asked - found)
    return sorted(letters & _undrawn)


def texts_in(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list | tuple):
        for value in data.values() if isinstance(data, dict) else data:
            yield from texts_in(value)


def not_drawn(letters: set[str]) -> set[str]:
    reordering = {letter for letter in letters if REORDERING.match(letter)}
    # A private letter is not taken from a typeface that happens to have it: it means nothing to others.
    private = {letter for letter in letters if unicodedata.category(letter) == "Co"}
    asked = {"letters": json.dumps(sorted(letters - reordering - private), ensure_ascii=False)}
    try:
        typst.compile(PROBE, root=PROBE.parent, font_paths=typefaces(), sys_inputs=asked, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        said = CANNOT_BE_DRAWN.findall(error.diagnostic)
        if not said:
            raise
        return reordering | private | set().union(*(ESCAPED.sub(written, one) for one in said)) & letters
    return reordering | private


def written(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


def explained(letters: list[str]) -> dict[str, Any]:
    """Return the note on the last page: which letters are boxed, by number and name."""
    return {
        "title": _("Letters shown as a box"),
        "text": _(
            "The typefaces of this file do not have these letters, or the letters would change the order of others. In "
            "place of each stands a box with its number in Unicode. The record holds the letters unchanged."
        ),
        "letters": [{"letter": letter, "name": unicodedata.name(letter, "")} for letter in letters],
    }
