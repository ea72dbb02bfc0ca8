"""Reading a long part of a record in chunks, so that memory does not grow with it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

CHUNK_ROWS = 1000


Entry = dict[str, Any]


def in_chunks(rows: QuerySet[Any], moment: str, size: int | None = None) -> Iterator[list[Any]]:
    """Yield all rows of one person, oldest first, by keyset over (moment, id). One SQL statement for each chunk.

    The rows may be models or dictionaries.
    """
    size = size or CHUNK_ROWS
    place: tuple[datetime, UUID] | None = None
    while True:
        after = rows
        if place:
            after = rows.filter(**{f"{moment}__gte": place[0]}).exclude(**{moment: place[0], "id__lte": place[1]})
        chunk = list(after.order_by(moment, "id")[:size])
        if chunk:
            yield chunk
        if len(chunk) < size:
            return
        last = chunk[-1]
        place = (last[moment], last["id"]) if isinstance(last, dict) else (getattr(last, moment), last.id)
