"""The columns of a file of recipients: what an editor sees in a spreadsheet, and what a row of the desk holds. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from disclosures.models import Recipient
from privacycenter.text.csv_cells import FORMULA_BEGINNINGS, defused
from privacycenter.text.languages import site_languages

# Fields with a column for each language of the site, and those with one.
TRANSLATED = ("title", "business", "address", "representative", "measures", "measures_unknown", "on_hold_reason")
PLAIN = ("country", "contact", "url", "basis_abroad", "basis_checked_on", "on_hold_from", "on_hold_until")
FLAGS = ("is_example", "retired")
ORDER = (
    "code", "title", "country", "business", "address", "representative", "contact", "url", "basis_abroad",
    "basis_checked_on", "measures", "measures_unknown", "on_hold_from", "on_hold_until", "on_hold_reason",
    "is_example", "position", "retired",
)  # fmt: skip
YES, NO = "yes", "no"
TRUTHS = {"yes": True, "true": True, "1": True, "はい": True, "no": False, "false": False, "0": False, "いいえ": False}
# A day or a time as spreadsheets write it.
TIME = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(:\d{2})?(Z|[+-]\d{2}:?\d{2})?)?")


def columns() -> list[str]:
    """Return the columns of a whole file, in order."""
    return [column for name in ORDER for column in columns_of(name)]


def columns_of(name: str) -> list[str]:
    return [f"{name}_{language}" for language in site_languages()] if name in TRANSLATED else [name]


def cells(row: Recipient) -> list[str]:
    """Return one recipient as a line. Its country must be fetched with it."""
    return [defused(text) for name in ORDER for text in texts_of(row, name)]


def texts_of(row: Recipient, name: str) -> Iterator[str]:
    if name in TRANSLATED:
        said = row.texts(name)
        yield from (said.get(language, "") for language in site_languages())
    elif name == "country":
        yield row.country.code
    elif name == "retired":
        yield YES if row.retired_at else NO
    else:
        yield written(getattr(row, name))


def written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, datetime):
        return localtime(value).isoformat(sep=" ", timespec="seconds")
    return str(value)


# --- Read ------------------------------------------------------------------------------------------------------------


def undefused(text: str) -> str:
    """Return the text without the apostrophe that kept a spreadsheet from reading it as a formula."""
    is_kept = text.startswith("'") and text[1:].lstrip(" \u3000").startswith(FORMULA_BEGINNINGS)
    return text[1:] if is_kept else text


def values_of(line: Mapping[str, str]) -> dict[str, Any]:
    """Return what a line says, by field, as the schema of an entry takes it. ``line``: column → text."""
    said: dict[str, Any] = {}
    for name in ORDER:
        there = [column for column in columns_of(name) if column in line]
        if there and name in TRANSLATED:
            languages = [column.removeprefix(f"{name}_") for column in there]
            said[name] = dict(zip(languages, (line[column] for column in there), strict=True))
        elif there:
            said[name] = value_of(name, line[name])
    return said


def value_of(name: str, text: str) -> Any:
    if name in FLAGS:
        # What is no answer is left as it is, and refused with its column.
        return TRUTHS.get(text.casefold(), text) if text else False
    if name in ("basis_checked_on", "on_hold_from", "on_hold_until"):
        return as_time(text) or None
    return text


def as_time(text: str) -> str:
    """Return a day or a time as ISO 8601 has it; anything else as it is."""
    found = TIME.fullmatch(text)
    if not found:
        return text
    year, month, day, hour, minute, second, offset = found.groups()
    date = f"{year}-{int(month):02}-{int(day):02}"
    return f"{date}T{int(hour):02}:{minute}{second or ':00'}{offset or ''}" if hour else date


def known(names: Iterable[str]) -> list[str]:
    """Return those that are columns."""
    every = set(columns())
    return [name for name in names if name in every]
