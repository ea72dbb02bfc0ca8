"""What a verification says, and how it reads a table whole."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

PAGE_SIZE = 1000

# Called with how many rows more were verified.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it must be: in which row, and what is wrong with it."""

    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.row}: {self.what}"


def name_of(row: Model) -> str:
    """Table and key as one would look for the row in SQL."""
    key = row.pk
    parts = "/".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
    return f"{row._meta.db_table} {parts}"


def pages(rows: Any) -> Iterator[list[Any]]:
    """The rows of a table in the order of their key, page by page: memory stays the same however many there are."""
    order = [field.attname for field in rows.model._meta.pk_fields]
    page = list(rows.order_by(*order)[:PAGE_SIZE])
    while page:
        yield page
        page = list(rows.filter(pk__gt=page[-1].pk).order_by(*order)[:PAGE_SIZE])
