"""manage.py prepare: bring the database and the static files up to date, and fill an empty database."""

import hashlib
import os
from argparse import ArgumentParser
from importlib.metadata import version
from io import StringIO
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from privacycenter.database.distributing import is_distributed
from privacycenter.models import User
from privacycenter.sandbox.actions import WrongDatabase, begin_or_refuse

# Whether the site is begun → what to do while nothing is published.
WHAT_NEXT = {
    False: "Content: none. Begin your site with manage.py init_site (docs/adopt.md).",
    True: "Content: nothing is published yet. Log in at /admin/, look at the preview, and publish.",
}
DEMO_PEOPLE = ("hanako", "taro", "sora", "mio", "editor", "officer", "admin")


class Command(BaseCommand):
    help = (
        "Bring the database and the static files up to date, and say what to do next if nothing was published yet. "
        "With DEMO=1 publish the starter content and load the demo. Safe to repeat: what is there stays."
    )
    requires_system_checks = ()  # migrate runs them
    # Of init_site, which fills the database itself.
    stealth_options = ("is_begun",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-static", action="store_true", help="leave the static files as they are")
        parser.add_argument(
            "--starter", action="store_true",
            help="publish the starter content, a sample about another company, if nothing was published yet",
        )  # fmt: skip

    def handle(self, *args: Any, no_static: bool, starter: bool, is_begun: bool = False, **options: Any) -> None:
        try:
            self.migrate()
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {' '.join(str(error).split())}") from error
        if is_distributed():
            # A table that came with a migration must not stay on the coordinator unseen.
            call_command("distribute", stdout=StringIO(), verbosity=0)
            self.say("Tables: spread over the machines.")
        try:
            begin_or_refuse()
        except WrongDatabase as error:
            raise CommandError(str(error)) from error
        if not no_static:
            self.collect_static()
        quietly("ensure_roles")
        # By name: privacycenter imports neither disclosures nor consents.
        if apps.get_model("disclosures", "Publication").objects.exists():
            self.say("Content: kept as it is.")
        elif (settings.DEMO or starter) and not is_begun:
            quietly("load_content")
            quietly("load_answers")
            if not settings.DEMO:  # the demo publishes it as of its own start, over a year ago
                quietly("publish_content", reason="公開を開始")
            self.say("Content: starter content published.")
        else:
            quietly("load_answers")
            if not is_begun:
                self.say(WHAT_NEXT[apps.get_model("disclosures", "Site").objects.exists()])
        if settings.DEMO and not is_begun:
            self.load_demo()

    def migrate(self) -> None:
        engine = connection.settings_dict["ENGINE"].rpartition(".")[2]
        if engine == "sqlite3":
            os.makedirs(os.path.dirname(connection.settings_dict["NAME"]) or ".", exist_ok=True)
        # One connection is enough here, and without a pool an unreachable server fails at once.
        connection.settings_dict["OPTIONS"].pop("pool", None)
        executor = MigrationExecutor(connection)
        refuse_another_version(executor)
        count = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        quietly("migrate", interactive=False)
        self.say(f"Database: {count} migrations applied." if count else "Database: up to date.")

    def collect_static(self) -> None:
        """Collect static files if a source changed since the last time: compressing takes a while."""
        root = Path(settings.STATIC_ROOT)
        stamp = root.with_name(root.name + ".collected")
        sources = digest_of_static_sources()
        if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == sources:
            self.say("Static files: up to date.")
            return
        quietly("collectstatic", interactive=False)
        stamp.write_text(sources)
        self.say("Static files: collected.")

    def load_demo(self) -> None:
        if User.objects.filter(username__in=DEMO_PEOPLE).count() == len(DEMO_PEOPLE):
            self.say("Demo: kept as it is.")
        else:
            quietly("load_demo")
            self.say("Demo: made-up people, recipients and disclosures loaded.")
        if password := os.environ.get("DEMO_PASSWORD"):
            self.say(f"Demo log-ins: {', '.join(DEMO_PEOPLE)}. Password of each: {password}")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def refuse_another_version(executor: MigrationExecutor) -> None:
    """Raise CommandError if the database has migrations of ours that this version lacks. Writes nothing."""
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}
    applied = {key for key in executor.loader.applied_migrations if key[0] in ours}
    unknown = sorted(".".join(key) for key in applied - set(executor.loader.disk_migrations))
    if unknown:
        raise CommandError(
            f"This database was made by another version of the program, which applied {unknown[0]} and "
            f"{len(unknown) - 1} more. A database from before version 0.1.0 cannot be brought up to date: begin anew "
            "with an empty one (remove var/, or name another in DATABASE_URL). One from a newer version needs that "
            "version."
        )


def digest_of_static_sources() -> str:
    """Return SHA-256 over the names and contents that collectstatic would collect, and over its versions."""
    digest = hashlib.sha256(f"{version('django')} {version('whitenoise')}".encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=itemgetter(0)):
            with storage.open(name) as file:
                digest.update(f"\0{name}\0".encode() + hashlib.sha256(file.read()).digest())
    return digest.hexdigest()


def quietly(command: str, **options: Any) -> None:
    """Run another command without its output. Its errors are raised."""
    call_command(command, stdout=StringIO(), **{"verbosity": 0, **options})
