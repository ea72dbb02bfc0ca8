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
