"""A pytest plugin that orders by chance whatever a query leaves open: ``SHUFFLE=1 make test``.

A database may return rows without an order, and rows that are equal by theirs, in any order; it mostly does in the same
one, so what counts on that fails once in many runs.
"""

import threading
from typing import Any

from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler

own_order, own_union = SQLCompiler.get_order_by, SQLCompiler.get_combinator_sql
inside = threading.local()


def get_order_by(self: SQLCompiler) -> list[Any]:
    ordered = own_order(self)
    if may_be_shuffled(self):
        by_chance = OrderBy(Random())
        ordered = [*ordered, (by_chance, (*self.compile(by_chance), False))]
    return ordered


def may_be_shuffled(compiler: SQLCompiler) -> bool:
    """Whether the database takes another order: not in what is grouped or told apart, nor in a part of a union."""
    query = compiler.query
    is_aggregate = any(getattr(one, "contains_aggregate", False) for one in query.annotation_select.values())
    is_part = getattr(inside, "union", False)
    return not (is_part or query.combinator or query.distinct or query.group_by is not None or is_aggregate)


def get_combinator_sql(self: SQLCompiler, *arguments: Any) -> Any:
    before, inside.union = getattr(inside, "union", False), True
    try:
        return own_union(self, *arguments)
    finally:
        inside.union = before


SQLCompiler.get_order_by, SQLCompiler.get_combinator_sql = get_order_by, get_combinator_sql
