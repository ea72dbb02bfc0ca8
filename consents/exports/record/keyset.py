"""Reading a long part of a record in chunks, so that memory does not grow with it."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from privacycenter.http.paging import Place, first_of
from privacycenter.models.people import MOST_ACCOUNTS

CHUNK_ROWS = 1000


Entry = dict[str, Any]


def in_chunks(rows: QuerySet[Any], moment: str, size: int | None = None) -> Iterator[list[Any]]:
    """Yield all rows of one person, oldest first, by keyset over (moment, id). One SQL statement for each chunk.

    The rows may be models or dictionaries.
    """
    size = size or CHUNK_ROWS
    place: Place | None = None

    def place_of(row: Any) -> Place:
        return (row[moment], row["id"]) if isinstance(row, dict) else (getattr(row, moment), row.id)

    while True:
        after = rows
        if place:
            after = rows.filter(**{f"{moment}__gte": place[0]}).exclude(**{moment: place[0], "id__lte": place[1]})
        found = list(after.order_by(moment, "id")[: size + MOST_ACCOUNTS])
        chunk = first_of(found, size, place_of)
        if chunk:
            yield chunk
        if len(chunk) == len(found):
            return
        place = place_of(chunk[-1])
