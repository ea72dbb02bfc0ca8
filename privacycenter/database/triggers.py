"""Database triggers that make tables append-only, for migrations. SQLite and PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.migrations.operations.base import Operation

Statements = Callable[[Any, str], None]  # of a schema editor, on a table
PROMISES = {"UPDATE": "append-only: rows are never changed", "DELETE": "kept: rows are never deleted"}
# Of a table in which some columns say what holds now: the others.
FACTS_KEPT = "append-only: its facts are never changed"

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION privacycenter_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % refused: the table is %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
    USING ERRCODE = 'restrict_violation';
END $$
"""


# For tables whose rows may be deleted at the end of their retention: only with the door open in the same transaction
# (``purging``), and only rows as old as the table demands, three years by default. The trigger checks the age itself.
# Of tables that the law does not demand, also the rows of one person, when the door is open for erasing just that one.
KEPT = "kept: rows are never deleted before their time"
POSTGRESQL_EXPIRY_FUNCTION = """
CREATE OR REPLACE FUNCTION privacycenter_refuse_early() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('privacycenter.purge', true) = 'on'
     AND (to_jsonb(OLD)->>TG_ARGV[0])::timestamptz <= clock_timestamp() - coalesce(TG_ARGV[2], '3 years')::interval THEN
    RETURN OLD;
  END IF;
  IF TG_ARGV[3] = 'erasable' AND current_setting('privacycenter.erased', true) = to_jsonb(OLD)->>'person_id' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% of % refused: the table is %', TG_OP, TG_TABLE_NAME, TG_ARGV[1]
    USING ERRCODE = 'restrict_violation';
END $$
"""
# SQLite has no transaction-local settings. A row written and deleted in one transaction serves as one: SQLite has a
# single writer, so no other connection ever sees it. It holds 1, or the key of the person to be erased, negative.
SQLITE_DOOR = "privacycenter_purge_door"


def trigger_name(table: str, event: str) -> str:
    return f"{table}_refuse_{event.lower()}"


def create_trigger(schema_editor: Any, table: str, event: str, columns: Sequence[str] = ()) -> None:
    name, promise = trigger_name(table, event), PROMISES[event]
    if columns:
        event, promise = f"UPDATE OF {', '.join(columns)}", FACTS_KEPT
    if schema_editor.connection.vendor == "postgresql":
        # Any call may be the first on a new database, so each one creates the function before its trigger.
        schema_editor.execute(POSTGRESQL_FUNCTION.replace("%", "%%"), ())
        schema_editor.execute(
            f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION privacycenter_refuse('{promise}')"
        )
        return
    schema_editor.execute(
        f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{event} of {table} refused: the table is {promise}'); END"
    )


def create_expiry_trigger(schema_editor: Any, table: str, promise: "Promise") -> None:
    name, column, kept_for = trigger_name(table, "DELETE"), promise.column, promise.kept_for
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_EXPIRY_FUNCTION.replace("%", "%%"), ())
        schema_editor.execute(
            f'CREATE TRIGGER {name} BEFORE DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION privacycenter_refuse_early({', '.join(map(repr, promise.arguments))})"
        )
        return
    schema_editor.execute(f"CREATE TABLE IF NOT EXISTS {SQLITE_DOOR} (is_open integer)")
    too_early = (
        f"NOT EXISTS (SELECT 1 FROM {SQLITE_DOOR}) "  # noqa: S608  names from the model
        f"OR OLD.{column} > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{kept_for}')"
    )
    if promise.is_erasable:
        of_this_person = f"SELECT 1 FROM {SQLITE_DOOR} WHERE is_open = -OLD.person_id"  # noqa: S608  a constant
        too_early = f"NOT EXISTS ({of_this_person}) AND ({too_early})"
    schema_editor.execute(
        f'CREATE TRIGGER {name} BEFORE DELETE ON "{table}" '
        f"WHEN {too_early} "
        f"BEGIN SELECT RAISE(ABORT, 'DELETE of {table} refused: the table is {KEPT}'); END"
    )


def drop_trigger(schema_editor: Any, table: str, event: str) -> None:
    on_table = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger_name(table, event)}{on_table}")


class Running:
    """Runs the statements of triggers outside of a migration, as a schema editor does inside of one."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, sql: str, params: Sequence[Any] | None = None) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)


@contextmanager
def deletable(connection: Any, table: str) -> Iterator[None]:
    """Let rows of a table that is never deleted from be deleted, in this transaction alone.

    For what nobody outside of the working copy can know of; the caller has made sure of that. The trigger is there
    again at the end, and after a rollback. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A trigger is put aside in a transaction only.")
    running = Running(connection)
    # PostgreSQL changes no trigger of a table with checks that wait for the end of the transaction.
    connection.check_constraints()
    drop_trigger(running, table, "DELETE")
    yield
    connection.check_constraints()
    Promise("DELETE").create(running, table)


@dataclass(frozen=True)
class Promise:
    """What a trigger holds a table to: this event is refused.

    With a ``column``, DELETE is allowed through the door for rows whose time there is ``kept_for`` ago, and if it
    ``is_erasable``, for the rows of the person for whom the door is open. With ``facts``, UPDATE is refused of these
    columns alone.
    """

    event: str
    column: str = ""
    kept_for: str = ""
    is_erasable: bool = False
    facts: tuple[str, ...] = ()

    def create(self, schema_editor: Any, table: str) -> None:
        drop_trigger(schema_editor, table, self.event)
        if self.column:
            create_expiry_trigger(schema_editor, table, self)
        else:
            create_trigger(schema_editor, table, self.event, self.facts)

    @property
    def function(self) -> str:
        """The PostgreSQL function that its trigger calls."""
        return "privacycenter_refuse_early" if self.column else "privacycenter_refuse"

    @property
    def arguments(self) -> list[str]:
        """The arguments that its trigger passes to the function."""
        if not self.column:
            return [FACTS_KEPT if self.facts else PROMISES[self.event]]
        return [self.column, KEPT, self.kept_for, *(["erasable"] if self.is_erasable else [])]


class OnTable(Operation):
    """A migration operation that runs statements on one model's table.

    Unlike RunPython it does not first build the classes of all models, which for forty operations in a row was most
    of the time that ``migrate`` took.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(
        self, app: str, model: str, forwards: Statements, backwards: Statements, promises: Sequence[Promise] = ()
    ) -> None:
        self.app, self.model, self.forwards, self.backwards = app, model, forwards, backwards
        # What the triggers of this operation hold the table to, for the verification.
        self.promises = tuple(promises)
        # What else it does to a table that is large (``large_tables``).
        self.storage: dict[str, float | int] = {}
        self.makes_index = self.is_online_index = False

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.forwards(schema_editor, self.table_in(to_state))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.backwards(schema_editor, self.table_in(to_state))

    def table_in(self, state: Any) -> str:
        return state.models[self.app, self.model].options.get("db_table") or f"{self.app}_{self.model}"

    def describe(self) -> str:
        return f"What the database holds {self.app}.{self.model} to"


def refuse(app: str, model: str, *events: str) -> OnTable:
    """Return a migration operation: the database refuses these events (``UPDATE``, ``DELETE``) on the model's table.

    SQLite drops a table's triggers when Django rebuilds the table, so a migration that alters the model must end with
    this operation again; a test names every table without its triggers.
    """

    return promised(app, model, *map(Promise, events))


def refuse_changing(app: str, model: str, *columns: str) -> OnTable:
    """Return a migration operation: the database refuses UPDATE of these columns. The others say what holds now."""
    return promised(app, model, Promise("UPDATE", facts=columns))


def refuse_early(app: str, model: str, column: str, kept_for: str = "3 years", *, is_erasable: bool = False) -> OnTable:
    """Return a migration operation: the database refuses DELETE unless the purge asks and the row is old enough.

    The row's time, in ``column``, must lie as far back as ``kept_for`` says (a number, and ``years`` or ``days``). As
    with ``refuse``, repeat it after a migration that rebuilds the table. If it ``is_erasable``, the rows of one person
    go before their time when that person is erased.
    """
    return promised(app, model, Promise("DELETE", column, kept_for, is_erasable))


def promised(app: str, model: str, *promises: Promise) -> OnTable:
    def forwards(schema_editor: Any, table: str) -> None:
        for promise in promises:
            promise.create(schema_editor, table)

    def backwards(schema_editor: Any, table: str) -> None:
        for promise in promises:
            drop_trigger(schema_editor, table, promise.event)

    return OnTable(app, model, forwards, backwards, promises)


def brin_index(app: str, model: str, column: str) -> OnTable:
    """Return a migration operation: a block range index on PostgreSQL, nothing on SQLite.

    Rows are written in the order of time, so a few kilobytes find the old ones. It is the only index of a person-owned
    table that does not start with the person (docs/ledger.md). It is not on the model, because SQLite has no such index
    and would make an ordinary, large one.
    """

    def forwards(schema_editor: Any, table: str) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f'CREATE INDEX IF NOT EXISTS {table}_{column}_brin ON "{table}" '
                f"USING brin ({column}) WITH (pages_per_range = 32, autosummarize = on)"
            )

    def backwards(schema_editor: Any, table: str) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {table}_{column}_brin")

    return indexing(app, model, forwards, backwards)


def indexing(app: str, model: str, forwards: Statements, backwards: Statements) -> OnTable:
    """Return an operation that makes an index while nobody can write the table (``large_tables`` has a better one)."""
    made = OnTable(app, model, forwards, backwards)
    made.makes_index = True
    return made
