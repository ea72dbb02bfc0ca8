"""manage.py work: the followers, all in one process. Safe to run twice, safe to kill."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from privacycenter import outbox

PAUSE_SECONDS = 1.0


class Command(BaseCommand):
    help = "Run the followers: everything that happens after a commit. Stops cleanly on Ctrl-C and SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        if once:
            self.stdout.write(f"{outbox.work_off()} done")
            return
        stopping = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stopping.set())
        while not stopping.is_set():
            self.work_off_or_wait_for_the_database()
            stopping.wait(PAUSE_SECONDS)

    def work_off_or_wait_for_the_database(self) -> None:
        """A database that is away for a while must not end the worker: rows stay, the next round takes them."""
        close_old_connections()
        try:
            outbox.work_off()
        except DatabaseError as error:
            self.stderr.write(f"the database does not answer, trying again: {error}")
            connection.close()
