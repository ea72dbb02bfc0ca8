"""manage.py migrate: Django's, which on PostgreSQL gives up a lock that it does not get within seconds.

Who waits for a lock on a table makes everybody wait who comes after: a migration behind one long transaction would stop
the site. So it fails instead, has changed nothing, and can be repeated.
"""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections

LOCK_TIMEOUT = "5s"
LOCK_NOT_AVAILABLE = "55P03"


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        try:
            super().handle(*args, **options)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
                raise
            raise CommandError(
                f"A table is in use, and was not free within {LOCK_TIMEOUT}. This migration has changed nothing, and "
                "the site goes on: run it again. If that does not help, look in pg_stat_activity for the oldest "
                "transaction."
            ) from error
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
