"""psycopg's cursors for what PostgreSQL is sent often. Imported only where PostgreSQL is used."""

from typing import Any, Self

from psycopg import RawCursor

__all__ = ["MOST_PREPARED", "PreparedCursor", "RawCursor"]

# Of one connection. A statement for a thousand rows takes megabytes of the server.
MOST_PREPARED = 8


class PreparedCursor(RawCursor[Any]):
    """Has the server keep each statement, read and planned, for the next time."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        return super().execute(query, params, **{**options, "prepare": True})
