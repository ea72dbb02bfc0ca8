"""psycopg cursors for statements that PostgreSQL receives often. Imported only where PostgreSQL is used."""

from typing import Any, Self

from psycopg import RawCursor
from psycopg.sql import Literal

__all__ = ["MOST_PREPARED", "LoggedCursor", "PreparedCursor", "RawCursor", "literal"]

# Per connection. A statement for a thousand rows takes megabytes of the server's memory, the others a tenth of one.
MOST_PREPARED = 32


class PreparedCursor(RawCursor[Any]):
    """Has the server keep each statement, parsed and planned, for the next use."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        return super().execute(query, params, **{**options, "prepare": True})


class LoggedCursor(RawCursor[Any]):
    """Prepares nothing, because what is prepared does not report the SQL it ran."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        return super().execute(query, params, **{**options, "prepare": False})


def literal(value: Any) -> str:
    """Return a constant as it stands in a statement."""
    return Literal(value).as_string(None)
