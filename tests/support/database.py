"""The database behind the actions' back: triggers put aside, several connections at once, statements counted."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

PATIENCE_SECONDS = 60
ASIDE: list[str] = []


def put_triggers_aside() -> None:
    """On SQLite, where the flush after a committing test is a DELETE that the triggers would refuse."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, sql in cursor.fetchall():
            ASIDE.append(sql)
            cursor.execute(f"DROP TRIGGER {name}")


def restore_triggers() -> None:
    with connection.cursor() as cursor:
        while ASIDE:
            cursor.execute(ASIDE.pop())


@contextmanager
def behind_the_triggers():
    """A cursor of somebody who owns the database. The triggers stand again afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield cursor
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield cursor
        for _name, sql in triggers:
            cursor.execute(sql)


def tamper(sql, *values) -> None:
    with behind_the_triggers() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount > 0


def as_if_long_applied(migration) -> None:
    """From now on no row counts as one that was written before this migration."""
    applied = timezone.now() - timedelta(days=3)
    MigrationRecorder.Migration.objects.filter(name=migration).update(applied=applied)


def at_once(*tasks):
    """Run each task in a thread with its own connection, all starting together. What each returned or raised."""
    barrier = threading.Barrier(len(tasks), timeout=PATIENCE_SECONDS)

    def run(task):
        try:
            with translation.override("ja"):
                connection.ensure_connection()
                barrier.wait()
                return task()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def statements(client, path) -> int:
    """Of a page that is not the first one of a visit: that one writes down that the visit began."""
    client.get("/my/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def address_of_test_database(name=None):
    """``name``: of another database beside it."""
    database = {**connection.settings_dict, "NAME": name or connection.settings_dict["NAME"]}
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user, password = quote(database["USER"]), quote(database["PASSWORD"])
    host = quote(database["HOST"], safe="")
    return f"postgresql://{user}:{password}@{host}:{database['PORT'] or 5432}/{database['NAME']}"
