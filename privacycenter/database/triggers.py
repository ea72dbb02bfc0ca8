"""Database triggers that hold a table to its promise, for migrations. SQLite and PostgreSQL."""

from typing import Any

from django.db import migrations

PROMISES = {"UPDATE": "append-only: rows are never changed", "DELETE": "kept: rows are never deleted"}

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION privacycenter_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % refused: the table is %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
    USING ERRCODE = 'restrict_violation';
END $$
"""


# What may be deleted at the end of its time: by who opened the door in the same transaction (``purging``), and
# only what was written three years ago, or as long ago as the table says. The trigger looks at the age itself, whatever
# the caller believes.
KEPT = "kept: rows are never deleted before their time"
POSTGRESQL_EXPIRY_FUNCTION = """
CREATE OR REPLACE FUNCTION privacycenter_refuse_early() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('privacycenter.purge', true) = 'on'
     AND (to_jsonb(OLD)->>TG_ARGV[0])::timestamptz <= clock_timestamp() - coalesce(TG_ARGV[2], '3 years')::interval THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% of % refused: the table is %', TG_OP, TG_TABLE_NAME, TG_ARGV[1]
    USING ERRCODE = 'restrict_violation';
END $$
"""
# SQLite has no settings of a transaction. A row that is written and deleted in one transaction is one: SQLite has a
# single writer, so no other connection ever sees it.
SQLITE_DOOR = "privacycenter_purge_door"


def trigger_name(table: str, event: str) -> str:
    return f"{table}_refuse_{event.lower()}"


def create_trigger(schema_editor: Any, table: str, event: str) -> None:
    name, promise = trigger_name(table, event), PROMISES[event]
    if schema_editor.connection.vendor == "postgresql":
        # Each call may be the first one of a fresh database, so the function is always there before its trigger.
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


def create_expiry_trigger(schema_editor: Any, table: str, column: str, kept_for: str) -> None:
    name = trigger_name(table, "DELETE")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_EXPIRY_FUNCTION.replace("%", "%%"), ())
        schema_editor.execute(
            f'CREATE TRIGGER {name} BEFORE DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION privacycenter_refuse_early('{column}', '{KEPT}', '{kept_for}')"
        )
        return
    schema_editor.execute(f"CREATE TABLE IF NOT EXISTS {SQLITE_DOOR} (is_open integer)")
    schema_editor.execute(
        f'CREATE TRIGGER {name} BEFORE DELETE ON "{table}" '  # noqa: S608  names from the model
        f"WHEN NOT EXISTS (SELECT 1 FROM {SQLITE_DOOR}) "
        f"OR OLD.{column} > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{kept_for}') "
        f"BEGIN SELECT RAISE(ABORT, 'DELETE of {table} refused: the table is {KEPT}'); END"
    )


def drop_trigger(schema_editor: Any, table: str, event: str) -> None:
    on_table = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger_name(table, event)}{on_table}")


def refuse(app: str, model: str, *events: str) -> migrations.RunPython:
    """A migration operation: the database refuses these events (``UPDATE``, ``DELETE``) on the model's table.

    SQLite forgets a table's triggers when Django rebuilds the table, so a migration that alters the model must end
    with this operation again; a test names every table that lacks its triggers.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        table = apps.get_model(app, model)._meta.db_table
        for event in events:
            drop_trigger(schema_editor, table, event)
            create_trigger(schema_editor, table, event)

    def backwards(apps: Any, schema_editor: Any) -> None:
        for event in events:
            drop_trigger(schema_editor, apps.get_model(app, model)._meta.db_table, event)

    return migrations.RunPython(forwards, backwards)


def refuse_early(app: str, model: str, column: str, kept_for: str = "3 years") -> migrations.RunPython:
    """A migration operation: the database refuses DELETE unless the purge asks for it and the row's time, in
    ``column``, lies as far back as ``kept_for`` says (a number, and ``years`` or ``days``). As with ``refuse``, repeat
    it after a migration that rebuilds the table."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        table = apps.get_model(app, model)._meta.db_table
        drop_trigger(schema_editor, table, "DELETE")
        create_expiry_trigger(schema_editor, table, column, kept_for)

    def backwards(apps: Any, schema_editor: Any) -> None:
        drop_trigger(schema_editor, apps.get_model(app, model)._meta.db_table, "DELETE")

    return migrations.RunPython(forwards, backwards)


def brin_index(app: str, model: str, column: str) -> migrations.RunPython:
    """A migration operation: a block range index on PostgreSQL, nothing on SQLite.

    Rows are written in the order of time, so some kilobytes find what is old. It is the one index of a person-owned
    table that does not start with the person (docs/ledger.md); it is not on the model, because SQLite has no such
    index and would make an ordinary, large one.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            table = apps.get_model(app, model)._meta.db_table
            schema_editor.execute(
                f'CREATE INDEX IF NOT EXISTS {table}_{column}_brin ON "{table}" '
                f"USING brin ({column}) WITH (pages_per_range = 32, autosummarize = on)"
            )

    def backwards(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            table = apps.get_model(app, model)._meta.db_table
            schema_editor.execute(f"DROP INDEX IF EXISTS {table}_{column}_brin")

    return migrations.RunPython(forwards, backwards)
