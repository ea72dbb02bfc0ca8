"""Lines of CSV files as spreadsheets open them. Source: RFC 4180; OWASP, CSV injection."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

# By it spreadsheets know UTF-8. It begins a file.
MARKER = "\ufeff".encode()
# The characters that begin a formula in a spreadsheet, including full-width ones.
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def written(lines: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(lines)
    return buffer.getvalue().encode()


def defused(value: Any) -> str:
    """Return the value as a cell that no spreadsheet evaluates: an apostrophe precedes what looks like a formula."""
    text = str(value)
    return f"'{text}" if text.lstrip(" \u3000").startswith(FORMULA_BEGINNINGS) else text


def kept(text: str) -> str:
    """Return a text as a cell that comes back as it was with ``read_back``: what looks like a formula is defused."""
    return f"'{text}" if read_back(text) != text else defused(text)


def read_back(cell: str) -> str:
    """Return the text of a cell that ``kept`` wrote, or of one from which somebody took the apostrophe away."""
    bare = cell.lstrip("'")
    return cell[1:] if cell != bare and defused(bare) != bare else cell
