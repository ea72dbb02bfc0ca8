"""manage.py distribute: spread the tables over the machines of a Citus cluster, by person."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from privacycenter.database.distributing import (
    DEFAULT_SHARDS,
    LEDGER,
    SETTINGS,
    Step,
    citus_version,
    how_tables_lie,
    steps,
)

SQLITE = "SQLite is one file on one machine and cannot be spread. Set DATABASE_URL to a PostgreSQL with Citus."
NO_CITUS = (
    "This database has no Citus. One PostgreSQL carries the ledger of most operators (docs/operate.md); to spread it, "
    "install Citus on every machine, run CREATE EXTENSION citus in this database on each, add the machines with "
    "citus_add_node, and run this again."
)
NO_WORKERS = (
    "Citus knows no other machine. Add them with citus_add_node, or keep everything on this one for now with "
    "--single-node: machines that are added later take over parts."
)
OWNERS = """
SELECT relname FROM pg_class
WHERE relname = ANY(%s) AND relnamespace = current_schema()::regnamespace AND NOT pg_has_role(relowner, 'USAGE')
"""


class Command(BaseCommand):
    help = (
        "Spread the tables over the machines of a Citus cluster: what belongs to a person by person, content whole on "
        "each. Safe to repeat; run it again after each migrate (prepare does). Exit status 1: something is not as it "
        "has to be, and what Citus said about it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--shards", type=int, default=DEFAULT_SHARDS,
            help="into how many parts tables are cut, for good (default: %(default)s; 128 for ten machines or more)",
        )  # fmt: skip
        parser.add_argument("--check", action="store_true", help="say what would be done; exit 1 if anything")
        parser.add_argument(
            "--single-node", action="store_true", help="begin on this machine alone, with all parts on it"
        )
        parser.add_argument(
            "--concurrently", action="store_true", help="while the site is running: writers go on (needs more time)"
        )

    def handle(
        self,
        *args: Any,
        shards: int,
        check: bool,
        single_node: bool,
        concurrently: bool,
        verbosity: int,
        **options: Any,
    ) -> None:
        if not 1 <= shards <= 10_000:
            raise CommandError("--shards must be from 1 to 10000.")
        self.is_silent = verbosity == 0
        refusal = SQLITE if connection.vendor != "postgresql" else NO_CITUS if not citus_version() else ""
        if refusal:
            if check:
                self.show(steps({}, shards=shards, concurrently=concurrently), "would be")
            raise CommandError(refusal)
        planned = steps(how_tables_lie(), shards=shards, concurrently=concurrently)
        if check:
            self.check_only(planned)
            return
        self.refuse_wrong(planned)
        self.refuse_strange_owner(planned)
        if any(step.sql for step in planned):
            self.prepare_cluster(single_node)
        for step in planned:
            self.take(step)
        self.show(planned, "is")

    def check_only(self, planned: list[Step]) -> None:
        self.show(planned, "would be")
        self.refuse_wrong(planned)
        waiting = [step.table for step in planned if step.sql]
        if waiting:
            raise CommandError(f"{len(waiting)} tables do not lie where they have to. Run manage.py distribute.")

    def refuse_wrong(self, planned: list[Step]) -> None:
        if wrong := [f"{step.table} {step.wrong}" for step in planned if step.wrong]:
            raise CommandError(f"{'; '.join(wrong)}. undistribute_table takes a table back; then run this again.")

    def refuse_strange_owner(self, planned: list[Step]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(OWNERS, [[step.table for step in planned]])
            strange = [table for (table,) in cursor.fetchall()]
        if strange:
            raise CommandError(f"The user of DATABASE_URL does not own {', '.join(strange)}.")

    def prepare_cluster(self, single_node: bool) -> None:
        """Say what holds in this database from now on, and refuse a cluster without machines."""
        try:
            with connection.cursor() as cursor:
                if single_node:
                    host, port = (
                        connection.settings_dict["HOST"] or "localhost",
                        connection.settings_dict["PORT"] or 5432,
                    )
                    cursor.execute("SELECT citus_set_coordinator_host(%s, %s)", [host, int(port)])
                    cursor.execute(
                        "SELECT citus_set_node_property(%s, %s, 'shouldhaveshards', true)", [host, int(port)]
                    )
                else:
                    cursor.execute("SELECT count(*) FROM citus_get_active_worker_nodes()")
                    if not cursor.fetchone()[0]:
                        raise CommandError(NO_WORKERS)
                cursor.execute("SELECT current_database()")
                name = connection.ops.quote_name(cursor.fetchone()[0])
                for setting, value in SETTINGS.items():
                    cursor.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'")
        except DatabaseError as error:
            raise CommandError(f"Citus refuses: {in_one_line(error)}") from error
        connection.close()  # the next session has the settings

    def take(self, step: Step) -> None:
        if not step.sql:
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute(step.sql, step.values)
        except DatabaseError as error:
            raise CommandError(
                f"{step.table}: {in_one_line(error)} What was done before it stays; run this again afterwards."
            ) from error

    def show(self, planned: list[Step], verb: str) -> None:
        if self.is_silent:
            return
        width = max(len(step.table) for step in planned)
        for step in planned:
            state = step.wrong or ("as it has to be" if not step.sql else f"{verb} put there")
            mark = " (all others are cut as it is)" if step.table == LEDGER else ""
            self.stdout.write(f"{step.table.ljust(width)}  {step.kind.ljust(9)}  {state}{mark}")


def in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())
