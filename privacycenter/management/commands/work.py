"""manage.py work: the followers, all in one process. Safe to run twice, safe to kill."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections, connection
from django.utils.module_loading import import_string

from privacycenter.outbox.followers import Lane
from privacycenter.outbox.working import work_off
from privacycenter.rate_limits.counting import remove_expired
from privacycenter.sandbox.reading import IS_A_SANDBOX, NOT_A_SANDBOX, is_begun, read_clock

PAUSE_SECONDS = 1.0
# How often expired counts of limits and entries of the cache are deleted, and new approvers noticed.
TIDYING_SECONDS = 600.0

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run the followers: everything that happens after a commit. Stops cleanly on Ctrl-C and SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")
        parser.add_argument(
            "--senders", type=int, default=4, help="threads for mail and webhooks, which wait for others (default: 4)"
        )

    def handle(self, *args: Any, once: bool = False, senders: int = 4, **options: Any) -> None:
        refuse_wrong_database()
        if once:
            tidy_up()
            self.stdout.write(f"{work_off()} done")
            tick()
            return
        stopping = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stopping.set())
        lanes = [Lane.INSIDE, Lane.TOGETHER, *[Lane.OUTSIDE] * max(senders, 1)]
        threads = [threading.Thread(target=follow, args=(lane, stopping)) for lane in lanes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def refuse_wrong_database() -> None:
    """End with an error if the setting and the database do not agree on whether this is a sandbox. A database that
    does not answer is none of this: the worker waits for it."""
    try:
        if is_begun() != settings.SANDBOX:
            raise CommandError(NOT_A_SANDBOX if settings.SANDBOX else IS_A_SANDBOX)
    except Error:
        connection.close()


def tidy_up() -> None:
    remove_expired(now=int(time.time()))
    for name in settings.TIDYING:
        # One that fails keeps none of the others from their turn.
        try:
            import_string(name)()
        except Error:
            raise
        except Exception:
            log.exception("%s failed, going on", name)


def tick() -> None:
    for name in settings.TICKING:
        import_string(name)()


def follow(lane: Lane, stopping: threading.Event) -> None:
    """Do what is due in this lane until told to stop. Nothing else ends it: rows stay, the next round takes them."""
    tidy_at = time.monotonic()
    while not stopping.is_set():
        close_old_connections()
        try:
            if settings.SANDBOX:
                read_clock()
            work_off(lane, is_stopping=stopping.is_set)
            if lane is Lane.TOGETHER:
                tick()
            if lane is Lane.INSIDE and time.monotonic() >= tidy_at:
                tidy_up()
                tidy_at = time.monotonic() + TIDYING_SECONDS
        except Error as error:
            log.warning("the database does not answer, trying again: %s", " ".join(str(error).split()))
            connection.close()
        except Exception:
            log.exception("the worker came upon something unforeseen, going on")
            connection.close()
        stopping.wait(PAUSE_SECONDS)
    connection.close()
