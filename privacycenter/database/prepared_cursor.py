"""psycopg cursors for statements that PostgreSQL receives often. Imported only where PostgreSQL is used."""

from typing import Any, Self

from psycopg import RawCursor

__all__ = ["MOST_PREPARED", "PreparedCursor", "RawCursor"]

# Per connection. A statement for a thousand rows takes megabytes of the server's memory.
MOST_PREPARED = 8


class PreparedCursor(RawCursor[Any]):
    """Has the server keep each statement, parsed and planned, for the next use."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        return super().execute(query, params, **{**options, "prepare": True})
