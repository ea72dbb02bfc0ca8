"""What the log seals of each row: read by the subjects whose tables they are, which ``settings.LOG_SOURCES`` names."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from privacycenter.models import RowKind

Key = tuple[int, UUID]  # person, id


@dataclass(frozen=True)
class Sealable:
    """One row as it is sealed. ``columns``: every column, as codes and texts, without anything that the person may not
    read; ``is_withheld``: the law keeps the row from the person now."""

    columns: dict[str, Any]
    written_at: datetime
    is_withheld: bool = False


# What reading a row raises that has a value which is never written.
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError)
# The rows of these keys that are there.
Source = Callable[[Collection[Key]], Mapping[Key, Sealable]]


def source_of(kind: RowKind) -> Source:
    found: Source = import_string(settings.LOG_SOURCES[kind.code])
    return found


def read_rows(keys: Mapping[RowKind, Collection[Key]]) -> dict[tuple[RowKind, Key], Sealable]:
    """Return the rows of these keys that are there. Some SQL statements for each kind, however many rows."""
    return {(kind, key): row for kind, wanted in keys.items() if wanted for key, row in rows_of(kind, wanted).items()}


def rows_of(kind: RowKind, keys: Collection[Key]) -> Mapping[Key, Sealable]:
    """A row with a value that is never written must not hide the others: it is returned as one that says nothing."""
    source = source_of(kind)
    try:
        return source(keys)
    except UNREADABLE:
        return {key: row for one in keys for key, row in read_alone(source, one).items()}


def read_alone(source: Source, key: Key) -> Mapping[Key, Sealable]:
    try:
        return source([key])
    except UNREADABLE:
        return {key: Sealable({}, datetime.fromtimestamp(0, UTC))}


def event_of(
    kind: RowKind, subject: str, row: Sealable, cited: int | None = None, number: int | None = None
) -> dict[str, Any]:
    """Return the document that an entry commits to. ``cited``: where the row was sealed while it was kept back;
    ``number``: of a row whose entry is among the first of a log, which commit to it, too."""
    numbered = {} if number is None else {"number": str(number)}
    before = {} if cited is None else {"sealed_before_at": str(cited)}
    return {"type": kind.code, **numbered, "subject": subject, **row.columns, **before}


def text_of(value: object) -> str:
    """Return a column's value as it is sealed: a text that every language writes in the same way."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def texts_in(value: Any) -> Any:
    """Return a JSON value with texts in place of numbers, for what is sealed."""
    if isinstance(value, dict):
        return {str(key): texts_in(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [texts_in(inner) for inner in value]
    return text_of(value)
