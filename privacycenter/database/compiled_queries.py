"""SQL compiled once, for the queries that services and people's pages make all the time.

Django compiles a queryset anew for each use, which takes several times as long as the database's answer
(docs/decisions/0012-statements-made-once.md). A query is written as a queryset, with ``Given`` for its values: a
``Statement`` gives rows as tuples, a ``PersonQuery`` (``person_queries``) whatever the queryset would give.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, Func, Model, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from privacycenter.database.numbered_cursors import numbered_cursor

Value = str | int | date | UUID | Collection[str] | Collection[int] | Collection[UUID]


class Given(Expression):
    """A placeholder for a value that is given by this name at each use. ``later``: added to a time that is given."""

    def __init__(self, name: str, later: timedelta = timedelta()) -> None:
        super().__init__()
        self.name, self.later = name, later

    def __add__(self, later: Any) -> Any:
        return Given(self.name, self.later + later)

    def __sub__(self, earlier: Any) -> Any:
        return Given(self.name, self.later - earlier)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return "%s", [self]

    def as_parameter(self, value: Value, connection: BaseDatabaseWrapper) -> Any:
        """Return the value as the database driver takes it."""
        moved = value + self.later if isinstance(value, datetime) else value
        return as_text(moved) if connection.vendor == "postgresql" else as_plain(moved, connection)


def as_plain(value: Value, connection: BaseDatabaseWrapper) -> Any:
    """Return a value as SQLite takes it: of several, JSON."""
    if isinstance(value, (str, int)):
        return value
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID):
        return value.hex
    return json.dumps([one.hex if isinstance(one, UUID) else one for one in value])


def as_text(value: Value) -> str:
    """Return a value as PostgreSQL reads it. Which type it has follows from what it is compared with: the driver would
    name another for small numbers, for large ones and for none, and each would be a statement of its own.
    """
    return str(value) if isinstance(value, (str, int, date, UUID)) else array(value)


def array(values: Iterable[str | int | UUID]) -> str:
    """Return an array as PostgreSQL reads it."""
    quoted = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


class IsAmong(Func):
    """Whether a column has one of the values of a ``Given``. Unlike ``in``, the SQL is the same for any number."""

    arity = 2
    output_field = BooleanField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(")

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any) -> Any:
        joiner = " IN (SELECT value FROM JSON_EACH("
        return self.as_sql(compiler, connection, template="%(expressions)s))", arg_joiner=joiner)


def among(column: str, values: Any) -> Any:
    """Return the condition that a column has one of these values, or of those of a ``Given``."""
    return IsAmong(column, values) if isinstance(values, Given) else Q(**{f"{column}__in": values})


# --- The clock -------------------------------------------------------------------------------------------------------

_is_compiling: ContextVar[bool] = ContextVar("is_compiling", default=False)
NOW, OWNER = "now", "owner"


def time_of_query() -> Any:
    """Return the time, for a queryset that compares with it. While it is compiled, a placeholder for it: a compiled
    query is used again later."""
    return Given(NOW) if _is_compiling.get() else timezone.now()


@contextmanager
def compiling() -> Iterator[None]:
    token = _is_compiling.set(True)
    try:
        yield
    finally:
        _is_compiling.reset(token)


# --- Compiled queries ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compiled:
    """A queryset's SQL with its places: ``Given``s, and values that are always the same.

    On PostgreSQL the places are numbered, and the server keeps the statement with one plan for all values: planning it
    takes longer than answering it. ``is_prepared`` False: it has so many shapes that they would push out the others.
    """

    queryset: Any
    sql: str
    places: tuple[Any, ...]
    compiler: SQLCompiler
    converters: dict[int, Any]
    is_prepared: bool = True

    def parameters(self, values: Mapping[str, Value], connection: BaseDatabaseWrapper) -> list[Any]:
        """Return the parameters of the SQL. Raises KeyError for a value that is missing."""
        return [
            place.as_parameter(values[place.name], connection) if isinstance(place, Given) else place
            for place in self.places
        ]

    def filled(self, values: Mapping[str, Value], owner: Model | None = None) -> QuerySet[Any]:
        """Return a queryset that gives what this one would with these values, to be iterated and no more.

        ``owner``: whose rows they are, in place of who stood for them. The database router is asked which database is
        read.
        """
        made = self.queryset
        query = copy(made.query)
        query.get_compiler = lambda using=None, **_more: self.compiler_for(values, using)
        found: Any = made.__class__(model=made.model, query=query, using=made._db)
        found._iterable_class, found._fields = made._iterable_class, made._fields
        if owner:
            found._add_hints(instance=owner)
            found._known_related_objects = {field: {owner.pk: owner} for field in made._known_related_objects}
        return found  # type: ignore[no-any-return]

    def compiler_for(self, values: Mapping[str, Value], using: str) -> SQLCompiler:
        """Return a compiler that has compiled already."""
        compiler, chosen = copy(self.compiler), connections[using]
        compiler.using, compiler.connection = using, chosen
        compiler.get_converters = lambda _expressions: self.converters  # type: ignore[method-assign, assignment]
        compiler.execute_sql = lambda *_how, **_more: [self.fetched(values, chosen)]  # type: ignore[method-assign, assignment]
        return compiler

    def fetched(self, values: Mapping[str, Value], connection: BaseDatabaseWrapper) -> list[Any]:
        is_numbered = connection.vendor == "postgresql"
        with (
            numbered_cursor(connection, is_prepared=self.is_prepared) if is_numbered else connection.cursor() as cursor
        ):
            cursor.execute(self.sql, self.parameters(values, connection))
            found: list[Any] = cursor.fetchall()
            return found


def compiled(build: Callable[[], QuerySet[Any]], *, is_prepared: bool = True) -> Compiled:
    """Compile what ``build`` returns, with a connection of its own: a thread's connection ends with its thread.

    Raises RuntimeError if it has a time in it, which would be that of the first use for ever.
    """
    own = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with compiling():
            queryset = build()
        compiler = queryset.query.get_compiler(connection=own)
        sql, places = compiler.as_sql()
    finally:
        own.close()
    if any(isinstance(place, date) or looks_like_a_time(place) for place in places):
        raise RuntimeError(f"A time is written into a query that is compiled once: {sql}")
    converters = compiler.get_converters([selected for selected, *_more in compiler.select[: compiler.col_count]])
    if own.vendor == "postgresql":
        sql, places = numbered(sql, places)
    return Compiled(queryset, sql, tuple(places), compiler, converters, is_prepared)


def numbered(sql: str, values: Sequence[Any]) -> tuple[str, list[Given]]:
    """Return the same statement as PostgreSQL prepares it, with what $1, $2, … stand for: each value once, and
    constants stand in it."""
    from privacycenter.database.prepared_cursor import literal  # only where PostgreSQL is used

    numbers: dict[tuple[str, timedelta], tuple[int, Given]] = {}

    def mark(place: Any) -> str:
        if not isinstance(place, Given):
            return literal(place)
        number, _place = numbers.setdefault((place.name, place.later), (len(numbers) + 1, place))
        return f"${number}"

    return sql % tuple(mark(value) for value in values), [place for _number, place in numbers.values()]


def looks_like_a_time(value: Any) -> bool:
    """Return whether this is a time as SQLite gets it."""
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


class Statement:
    """A query whose values come later. ``queryset`` builds it at first use and ends in ``values_list``."""

    def __init__(self, queryset: Callable[[], QuerySet[Any]]) -> None:
        self.queryset = queryset

    def rows(self, **values: Value) -> list[Any]:
        """Return the rows as tuples, given a value for each ``Given`` by name. One SQL statement."""
        made = self.made
        rows = made.fetched(values, connections[DEFAULT_DB_ALIAS])
        if made.converters:
            return [tuple(row) for row in made.compiler.apply_converters(rows, made.converters)]
        return rows

    @cached_property
    def made(self) -> Compiled:
        return compiled(self.queryset)


# Shapes of one query that are kept, each some tens of KiB: each number of months is one, and each choice of filters.
MOST_SHAPES = 128


class PageQuery:
    """A queryset that pages need all the time. ``build`` gets values by name, and uses ``time_of_query``.

    It is compiled once for each shape: which values there are, how many in a tuple, by which keys in a dictionary, and
    which are True, False or None. ``is_prepared``: see ``Compiled``.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], *, is_prepared: bool = True) -> None:
        self.build, self.is_prepared = build, is_prepared
        self.made: dict[Any, Compiled] = {}

    def rows(self, **values: Any) -> list[Any]:
        """Return what the queryset gives, read from where the router says. One SQL statement."""
        return list(self.filled(values))

    def filled(self, values: Mapping[str, Any], owner: Model | None = None) -> QuerySet[Any]:
        """Return the queryset. With ``owner`` it is about this row, for which another stands while it is made."""
        given: dict[str, Value] = {NOW: timezone.now()}
        places = {name: place_for(name, value, given) for name, value in values.items()}
        shape = (settings.SANDBOX, *((name, shape_of(place)) for name, place in places.items()))
        if (made := self.made.get(shape)) is None:
            about = () if owner is None else (owner._meta.model(pk=Given(OWNER)),)
            made = compiled(lambda: self.build(*about, **places), is_prepared=self.is_prepared)
            self.keep(shape, made)
        if owner is not None:
            given[OWNER] = owner.pk
        return made.filled(given, owner)

    def keep(self, shape: Any, made: Compiled) -> None:
        """Keep it, in place of the oldest one if there are many: anybody may choose filters in an address."""
        if len(self.made) >= MOST_SHAPES:
            self.made.pop(next(iter(tuple(self.made))), None)
        self.made[shape] = made


def place_for(name: str, value: Any, given: dict[str, Value]) -> Any:
    """Return what stands for a value while the query is compiled, and note in ``given`` what is filled in."""
    if isinstance(value, tuple):
        return tuple(place_for(f"{name}_{number}", one, given) for number, one in enumerate(value))
    if isinstance(value, dict):
        return {key: place_for(f"{name}_{key}", one, given) for key, one in value.items()}
    if isinstance(value, (date, UUID, int, str, list)) and not isinstance(value, bool):
        given[name] = value
        return Given(name)
    return value


def shape_of(place: Any) -> Any:
    if isinstance(place, tuple):
        return tuple(shape_of(one) for one in place)
    if isinstance(place, dict):
        return tuple((key, shape_of(one)) for key, one in place.items())
    return Given if isinstance(place, Given) else place
