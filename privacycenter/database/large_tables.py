"""What PostgreSQL is told about tables that grow large or change all the time, for migrations. Nothing on SQLite.

No operation here keeps anybody from reading or writing the table meanwhile.
"""

from typing import Any

from privacycenter.database.triggers import OnTable

Parameters = dict[str, float | int]

# A table to which rows are only added. By default a fifth of it has to be new before it is vacuumed: of a billion rows
# that comes once in months, and then rewrites all of them at once (freezing). So it is done in small pieces, and rows
# are frozen early: they never change.
ADDED_TO: Parameters = {
    "autovacuum_vacuum_insert_threshold": 100_000,
    "autovacuum_vacuum_insert_scale_factor": 0.003,
    "autovacuum_vacuum_scale_factor": 0.01,
    "autovacuum_analyze_scale_factor": 0.005,
    "autovacuum_freeze_min_age": 1_000_000,
}
# A queue: rows come, are changed and go. It is looked through from its oldest row, past those that are dead.
QUEUE: Parameters = {
    "fillfactor": 70,
    "autovacuum_vacuum_scale_factor": 0,
    "autovacuum_vacuum_threshold": 1000,
    "autovacuum_analyze_scale_factor": 0,
    "autovacuum_analyze_threshold": 5000,
}
# Few columns of a row change, often: room beside it lets the new version stand on the same page, and no index changes.
CHANGED: Parameters = {
    "fillfactor": 80,
    "autovacuum_vacuum_scale_factor": 0.02,
    "autovacuum_vacuum_threshold": 1000,
}


def storage(app: str, model: str, parameters: Parameters) -> OnTable:
    """Return a migration operation: these storage parameters of the table on PostgreSQL."""

    def forwards(schema_editor: Any, table: str) -> None:
        if schema_editor.connection.vendor == "postgresql":
            said = ", ".join(f"{name} = {value}" for name, value in parameters.items())
            schema_editor.execute(f'ALTER TABLE "{table}" SET ({said})')

    def backwards(schema_editor: Any, table: str) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f'ALTER TABLE "{table}" RESET ({", ".join(parameters)})')

    made = OnTable(app, model, forwards, backwards)
    made.storage = parameters
    return made


def index_online(app: str, model: str, name: str, on_postgresql: str, on_sqlite: str = "") -> OnTable:
    """Return a migration operation: an index that is made while the table is written (``CONCURRENTLY``).

    ``name`` follows that of the table; the definitions follow ``ON table``; without one for SQLite there is none there.
    MUST stand in a migration with ``atomic = False``, and can be repeated: what a broken one left is removed first.
    """

    def forwards(schema_editor: Any, table: str) -> None:
        index = f"{table}_{name}"
        if schema_editor.connection.vendor != "postgresql":
            if on_sqlite:
                schema_editor.execute(f'CREATE INDEX IF NOT EXISTS {index} ON "{table}" {on_sqlite}')
            return
        # It waits for transactions that began before it, and nobody waits for it.
        schema_editor.execute("SET lock_timeout = 0")
        if is_unfinished(schema_editor, index):
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
        schema_editor.execute(f'CREATE INDEX CONCURRENTLY IF NOT EXISTS {index} ON "{table}" {on_postgresql}')
        schema_editor.execute("RESET lock_timeout")

    def backwards(schema_editor: Any, table: str) -> None:
        online = "CONCURRENTLY " if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP INDEX {online}IF EXISTS {table}_{name}")

    made = OnTable(app, model, forwards, backwards)
    made.is_online_index = True
    return made


def recipient_day_index(app: str, model: str) -> OnTable:
    """Return a migration operation: the index by which a recipient's disclosures of a period are found.

    On PostgreSQL by recipient and day in UTC: equal keys share their place, so it takes about seven bytes a row, which
    a key with the exact time would take four times of. On SQLite by recipient and time. Not on the model, whose indexes
    start with the person (``checks``); repeat it after a migration that rebuilds the table on SQLite.
    """
    day = "(occurred_at AT TIME ZONE 'UTC')::date"
    return index_online(app, model, "by_recipient", f"(recipient_id, ({day}))", "(recipient_id, occurred_at)")


def reporter_hour_index(app: str, model: str, column: str) -> OnTable:
    """Return a migration operation: the index by which what a reporter reported of a day is found.

    On PostgreSQL by reporter and hour in UTC of that column: equal keys share their place, about seven bytes a row, and
    a page of a day sorts no more than an hour. On SQLite by reporter and time. Not on the model, as the one before.
    """
    hour = f"date_trunc('hour', {column} AT TIME ZONE 'UTC')"
    return index_online(app, model, "by_reporter", f"(reporter_id, ({hour}))", f"(reporter_id, {column})")


def block_range_index(app: str, model: str, column: str) -> OnTable:
    """Return a migration operation: as ``triggers.brin_index``, for a table that may be large already."""
    how = f"USING brin ({column}) WITH (pages_per_range = 32, autosummarize = on)"
    return index_online(app, model, f"{column}_brin", how)


def is_unfinished(schema_editor: Any, index: str) -> bool:
    """Return whether there is such an index that was broken off while it was made."""
    if schema_editor.collect_sql:
        return False
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [index])
        row = cursor.fetchone()
    return bool(row and row[0])
