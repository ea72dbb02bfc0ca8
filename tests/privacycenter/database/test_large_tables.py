"""Tables that grow large: what PostgreSQL is told about them, and that no migration keeps people from them."""

import threading

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from privacycenter.database.large_tables import index_online
from privacycenter.database.triggers import OnTable
from privacycenter.management.commands import migrate
from tests.support.database import address_of_test_database

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own")

# Those of people, or with a row for each thing that happens.
LARGE = {
    ("disclosures", "disclosure"), ("disclosures", "recordaccess"), ("disclosures", "conflict"),
    ("disclosures", "correction"), ("consents", "decision"), ("consents", "approvalrequest"), ("consents", "notice"),
    ("privacycenter", "logentry"), ("privacycenter", "personkey"), ("privacycenter", "user"),
}  # fmt: skip
# Released with 0.1.0: the tables were empty.
FIRST = {
    ("disclosures", "0001_initial"), ("disclosures", "0002_triggers"), ("consents", "0001_initial"),
    ("consents", "0002_triggers"), ("privacycenter", "0001_initial"),
}  # fmt: skip
# In one transaction with what it takes the place of: without the old rule or the new one, a second answer could slip in.
# Answers of version 0.1.0 are few.
MAY_STOP = {("consents", "0007_changed_answers")}


def ours():
    """Our migrations by key."""
    found = MigrationLoader(None).disk_migrations
    return {key: found[key] for key in found if key[0] in ("privacycenter", "disclosures", "consents")}


def makes_index(operation) -> bool:
    """Whether it makes an index while the table cannot be written."""
    if isinstance(operation, OnTable):
        return operation.makes_index
    if isinstance(operation, migrations.AddConstraint):
        return isinstance(operation.constraint, models.UniqueConstraint)
    if isinstance(operation, migrations.AddField | migrations.AlterField):
        return operation.field.unique or operation.field.db_index
    return isinstance(operation, migrations.AddIndex | migrations.AlterUniqueTogether)


def table_of(app, operation):
    if isinstance(operation, OnTable):
        return operation.app, operation.model
    return app, getattr(operation, "model_name", getattr(operation, "name", "")).lower()


def test_no_migration_makes_an_index_while_a_large_table_cannot_be_written():
    found = set()
    for key, migration in ours().items():
        new = {(key[0], one.name.lower()) for one in migration.operations if isinstance(one, migrations.CreateModel)}
        for operation in migration.operations:
            if makes_index(operation) and table_of(key[0], operation) in LARGE - new:
                found.add(key)
    assert found - FIRST == MAY_STOP


def test_index_that_is_made_online_stands_alone_in_a_migration_without_transaction():
    for key, migration in ours().items():
        online = [getattr(operation, "is_online_index", False) for operation in migration.operations]
        assert not any(online) or (all(online) and migration.atomic is False), key


@pytest.mark.django_db
@on_postgresql
def test_tables_have_the_parameters_that_their_migrations_give_them():
    wanted = {
        operation.table_in(MigrationLoader(None).project_state()): operation.storage
        for migration in ours().values()
        for operation in migration.operations
        if isinstance(operation, OnTable) and operation.storage
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r'")
        found = {name: dict(one.split("=") for one in options) for name, options in cursor.fetchall()}
    assert found == {table: {name: str(value) for name, value in said.items()} for table, said in wanted.items()}
    assert {"disclosures_disclosure", "privacycenter_outboxrow", "privacycenter_logentry", "django_session"} < set(
        found
    )


@pytest.mark.concurrency
@on_postgresql
def test_migration_that_gets_no_lock_fails_clearly_and_changes_nothing(world, monkeypatch):
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "50ms")
    with psycopg.connect(address_of_test_database()) as somebody:
        somebody.execute("SELECT count(*) FROM privacycenter_verification")
        somebody.execute("LOCK TABLE privacycenter_verification IN ACCESS SHARE MODE")
        with pytest.raises(CommandError, match="run it again"):
            call_command("migrate", "privacycenter", "0014_drafts", verbosity=0)
        assert "privacycenter_verification" in connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
    call_command("migrate", verbosity=0)


@pytest.mark.concurrency
@on_postgresql
def test_index_is_made_while_somebody_writes_and_again_after_it_was_broken_off(world):
    made = index_online("privacycenter", "verification", "by_night", "(nights)")
    state = MigrationLoader(None).project_state()
    with psycopg.connect(address_of_test_database()) as somebody:
        somebody.execute("INSERT INTO privacycenter_verification (id, nights, nights_done) VALUES (9, 1, 0)")
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 300")
            with pytest.raises(Exception, match="statement timeout"):
                run(made.database_forwards, state)
            cursor.execute("RESET statement_timeout")
        assert valid() is False
        maker = threading.Thread(target=in_its_own_connection, args=(made, state))
        maker.start()
        # It waits for this transaction, which goes on writing.
        somebody.execute("INSERT INTO privacycenter_verification (id, nights, nights_done) VALUES (10, 1, 0)")
    maker.join()
    assert valid() is True
    run(made.database_backwards, state)
    assert valid() is None


def run(operation, state) -> None:
    with connection.schema_editor(atomic=False) as editor:
        operation("privacycenter", editor, state, state)


def in_its_own_connection(made, state) -> None:
    try:
        run(made.database_forwards, state)
    finally:
        connection.close()


def valid() -> bool | None:
    """Whether the index can be used; None if there is none."""
    with connection.cursor() as cursor:
        name = "privacycenter_verification_by_night"
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        row = cursor.fetchone()
    return row[0] if row else None
