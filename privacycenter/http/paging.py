"""Cursors for keyset paging: a place in the order, signed so that nobody can make one up."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, TypeVar
from uuid import UUID

from django.core import signing

Place = tuple[datetime, UUID]
SALT = "cursor"
Row = TypeVar("Row")


def first_of(found: Sequence[Row], size: int, place: Callable[[Row], Any]) -> list[Row]:
    """Return the first ``size`` rows, and those after them at the same place as the last.

    An event that was reported about two accounts of a person has one place in the order: it is never cut in two, so a
    cursor needs no more than the place. ``found`` MUST have as many rows beyond ``size`` as a person has accounts.
    """
    first = list(found[:size])
    return [*first, *takewhile(lambda row: place(row) == place(first[-1]), found[size:])] if first else first


def make_cursor(direction: str, moment: datetime, id: UUID) -> str:
    return signing.dumps([direction, moment.isoformat(), str(id)], salt=SALT)


def read_cursor(cursor: str) -> tuple[str, Place | None]:
    """Return direction and place. An invalid cursor means the first page."""
    try:
        direction, moment, id = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        return "older", None
    return direction, (datetime.fromisoformat(moment), UUID(id))
