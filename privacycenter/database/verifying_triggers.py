"""Verification of the triggers: not that they are called so, but that they do what the migrations promise."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from privacycenter.database.checks import our_models
from privacycenter.database.distributing import citus_version, how_tables_lie
from privacycenter.database.triggers import (
    POSTGRESQL_EXPIRY_FUNCTION,
    POSTGRESQL_FUNCTION,
    SQLITE_DOOR,
    OnTable,
    Promise,
    trigger_name,
)
from privacycenter.database.verifying import Fault, Progress
from privacycenter.models import AppendOnly, NeverDeleted

BODIES = {
    "privacycenter_refuse": POSTGRESQL_FUNCTION.split("$$")[1],
    "privacycenter_refuse_early": POSTGRESQL_EXPIRY_FUNCTION.split("$$")[1],
}
# pg_trigger.tgtype: for each row, before, and the event; nothing else.
TYPES = {"UPDATE": 1 | 2 | 16, "DELETE": 1 | 2 | 8}
ON_POSTGRESQL = """
SELECT c.relname, t.tgname, t.tgtype, t.tgargs, t.tgqual IS NULL,
       array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (t.tgattr)
             ORDER BY a.attname), p.proname, p.prosrc
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace
"""
Found = dict[str, Any]  # name of a trigger → what it does


def verify_triggers(progress: Progress) -> Iterator[Fault]:
    """Yield each append-only table that does not refuse UPDATE and DELETE, and each other that must refuse DELETE, or
    UPDATE of its facts."""
    promises, found = all_promises(), found_triggers()
    for model in our_models():
        if not issubclass(model, NeverDeleted):
            continue
        table = model._meta.db_table
        kept = (model._meta.app_label, str(model._meta.model_name))
        has_facts = issubclass(model, AppendOnly) or (*kept, "UPDATE") in promises
        for event in ("UPDATE", "DELETE") if has_facts else ("DELETE",):
            name = trigger_name(table, event)
            promise = promises.get((*kept, event))
            if name not in found or promise is None:
                yield Fault(table, f"the trigger {name} is missing: {event} is not refused")
            elif found[name] != expected(promise, table):
                yield Fault(table, f"the trigger {name} does not do what it is there for: {event} may not be refused")
        progress(1)
    yield from faults_on_shards()
    if connection.vendor == "sqlite" and is_door_open():
        yield Fault(SQLITE_DOOR, "the door of the purge stands open: rows may be deleted once they are old")


# What a table's triggers do, without the number of a part that names end with there: the same for the table as for each
# of its parts. For these, Citus puts the part's name in the place of %s.
WHAT_TRIGGERS_DO = r"""
SELECT coalesce(string_agg(concat_ws(':', regexp_replace(t.tgname, '_[0-9]+$', ''), t.tgenabled, t.tgtype,
         encode(t.tgargs, 'hex'), p.proname, md5(p.prosrc)), ',' ORDER BY t.tgname), '')
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = '{table}'::regclass AND NOT t.tgisinternal
"""
ON_SHARDS = "SELECT shardid, success, result FROM run_command_on_shards(%s, %s)"


def faults_on_shards() -> Iterator[Fault]:
    """Yield each part of a spread table (``manage.py distribute``) on which the table's triggers do not stand.

    One SQL statement without Citus, none on SQLite; with it two for each spread table.
    """
    if not citus_version():
        return
    spread = {table for table, lies in how_tables_lie().items() if lies.kind != "coordinator"}
    for model in our_models():
        table = model._meta.db_table
        if table not in spread or not issubclass(model, NeverDeleted):
            continue
        with connection.cursor() as cursor:
            cursor.execute(WHAT_TRIGGERS_DO.format(table=table))
            (expected_there,) = cursor.fetchone()
            cursor.execute(ON_SHARDS, [table, WHAT_TRIGGERS_DO.format(table="%s")])
            found = cursor.fetchall()
        yield from faults_of_shards(table, expected_there, found)


def faults_of_shards(table: str, wanted: str, found: Iterable[tuple[int, bool, str]]) -> Iterator[Fault]:
    """Yield a fault for each part that answered otherwise. ``found``: number, whether it answered, what it said."""
    for shard, is_answered, said in found:
        if not is_answered:
            yield Fault(f"{table} part {shard}", f"its triggers could not be asked for: {said}")
        elif said != wanted:
            yield Fault(f"{table} part {shard}", "its triggers are not those of the table: changes may not be refused")


def all_promises() -> dict[tuple[str, str, str], Promise]:
    """Return (app, model, event) → what the newest migration about it promises. No SQL."""
    loader = MigrationLoader(None)
    done: dict[tuple[str, str, str], Promise] = {}
    plan: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        plan |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    for key in plan:
        for operation in loader.graph.nodes[key].operations:
            if isinstance(operation, OnTable):
                done |= {(operation.app, operation.model, promise.event): promise for promise in operation.promises}
    return done


def found_triggers() -> Found:
    """Return the triggers of the database that are in force, by name. One SQL statement."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {name: words_of(sql) for name, sql in cursor.fetchall()}
        cursor.execute(ON_POSTGRESQL)
        return {
            name: (table, type, arguments_in(bytes(arguments)), is_always, columns, function, words_of(body))
            for table, name, type, arguments, is_always, columns, function, body in cursor.fetchall()
        }


def expected(promise: Promise, table: str) -> Any:
    """Return what ``found_triggers`` has for a trigger that keeps the promise."""
    if connection.vendor == "sqlite":
        said = Written()
        promise.create(said, table)
        return words_of(said.statements[-1])
    return (
        table, TYPES[promise.event], promise.arguments, True, sorted(promise.facts), promise.function,
        words_of(BODIES[promise.function]),
    )  # fmt: skip


class Written:
    """Takes the statements that a schema editor would run."""

    connection = connection

    def __init__(self) -> None:
        self.statements: list[str] = []

    def execute(self, sql: str, params: object = None) -> None:
        self.statements.append(sql)


def words_of(sql: str) -> str:
    return " ".join(sql.split())


def arguments_in(stored: bytes) -> list[str]:
    """Return the arguments that PostgreSQL keeps for a trigger: each ends with a zero byte."""
    return [part.decode() for part in stored.split(b"\0")[:-1]]


def is_door_open() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {SQLITE_DOOR}")  # noqa: S608  a constant
        return bool(cursor.fetchone()[0])
