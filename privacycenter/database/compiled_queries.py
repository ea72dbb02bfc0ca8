"""SQL that is made once, for the few questions that services ask all the time.

Django makes a queryset's SQL anew for each use, and that takes several times as long as the database takes to answer
(docs/decisions, statements made once). A ``Statement`` is written as a queryset, with ``Given`` where values come in.
"""

import json
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Value = str | int | Collection[str] | Collection[int]


class Given(Expression):
    """The place of a value that comes with each use, by this name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return "%s", [self]

    def as_parameter(self, value: Value, vendor: str) -> Any:
        """As the database's driver takes it: PostgreSQL an array, SQLite one in JSON."""
        if isinstance(value, (str, int)):
            return value
        return list(value) if vendor == "postgresql" else json.dumps(list(value))


class IsAmong(Func):
    """Whether a column has one of the values of a ``Given``: like ``in``, but the same SQL for any number of them."""

    arity = 2
    output_field = BooleanField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(")

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any) -> Any:
        joiner = " IN (SELECT value FROM JSON_EACH("
        return self.as_sql(compiler, connection, template="%(expressions)s))", arg_joiner=joiner)


class Statement:
    """A query whose values come later. ``queryset`` makes it, when it is first used; it ends in ``values_list``."""

    def __init__(self, queryset: Callable[[], QuerySet[Any]]) -> None:
        self.queryset = queryset

    def rows(self, **values: Value) -> list[Any]:
        """Its rows as tuples, with a value for each ``Given`` by its name. One SQL statement."""
        sql, places, compiler = self.made
        parameters = [
            place.as_parameter(values[place.name], connection.vendor) if isinstance(place, Given) else place
            for place in places
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(compiler.results_iter([cursor.fetchall()], tuple_expected=True))

    @cached_property
    def made(self) -> tuple[str, tuple[Any, ...], SQLCompiler]:
        """Made with a connection of its own that is never opened for long: those of threads end with their threads."""
        own = connections.create_connection(DEFAULT_DB_ALIAS)
        try:
            compiler = self.queryset().query.get_compiler(connection=own)
            sql, places = compiler.as_sql()
        finally:
            own.close()
        return sql, tuple(places), compiler
