"""SQL compiled once, for the few queries that services make all the time.

Django compiles a queryset anew for each use, which takes several times as long as the database's answer
(docs/decisions/0012-statements-made-once.md). A ``Statement`` is written as a queryset, with ``Given`` for its values.
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
    """A placeholder for a value that is given by this name at each use."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return "%s", [self]

    def as_parameter(self, value: Value, vendor: str) -> Any:
        """Return the value as the database driver takes it: a list becomes an array on PostgreSQL, JSON on SQLite."""
        if isinstance(value, (str, int)):
            return value
        return list(value) if vendor == "postgresql" else json.dumps(list(value))


class IsAmong(Func):
    """Whether a column has one of the values of a ``Given``. Unlike ``in``, the SQL is the same for any number."""

    arity = 2
    output_field = BooleanField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(")

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any) -> Any:
        joiner = " IN (SELECT value FROM JSON_EACH("
        return self.as_sql(compiler, connection, template="%(expressions)s))", arg_joiner=joiner)


class Statement:
    """A query whose values come later. ``queryset`` builds it at first use and ends in ``values_list``."""

    def __init__(self, queryset: Callable[[], QuerySet[Any]]) -> None:
        self.queryset = queryset

    def rows(self, **values: Value) -> list[Any]:
        """Return the rows as tuples, given a value for each ``Given`` by name. One SQL statement."""
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
        """The compiled query, made with a connection of its own: a thread's connection ends with its thread."""
        own = connections.create_connection(DEFAULT_DB_ALIAS)
        try:
            compiler = self.queryset().query.get_compiler(connection=own)
            sql, places = compiler.as_sql()
        finally:
            own.close()
        return sql, tuple(places), compiler
