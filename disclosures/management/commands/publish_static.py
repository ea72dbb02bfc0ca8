"""manage.py publish_static DIR: the public site as files, for any web server or CDN."""

import signal
import subprocess
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from tqdm import tqdm

from disclosures.content.publications import newest_publication
from disclosures.static_site.actions import Result, publish_static
from disclosures.static_site.folders import StaticSiteError

LOOK_SECONDS = 2.0
LEAST_KEPT = 2  # a web server may still serve the one before, until it reads its configuration again

Seen = tuple[int, str, date]


class Command(BaseCommand):
    help = (
        "Write the newest publication as files that any web server or CDN serves, with what nginx and Caddy are told, "
        "and switch DIR/current over to it at once. Safe to repeat, to interrupt, and to run twice at once. "
        "Exit status 1: nothing was switched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="a folder of its own; made if it is not there")
        parser.add_argument(
            "--keep", type=int, default=3, help=f"how many publications stay (default: 3, at least {LEAST_KEPT})"
        )
        parser.add_argument(
            "--watch", action="store_true", help="stay, and do it again after each publication and every day"
        )
        parser.add_argument(
            "--then", metavar="COMMAND", nargs="+", default=[],
            help="run this after each switch, for example: --then systemctl reload nginx (last on the line)",
        )  # fmt: skip

    def handle(
        self, *args: Any, folder: Path, keep: int, watch: bool, then: list[str], verbosity: int, **options: Any
    ) -> None:
        if settings.DEBUG:
            raise CommandError("With DEBUG=1 pages are made for developers. Unset it.")
        if settings.SECURE_SSL_REDIRECT and not settings.SITE_ADDRESS.startswith("https://"):
            raise CommandError(
                "SITE_ADDRESS must begin with https://: over http the site answers with redirects alone."
            )
        if keep < LEAST_KEPT:
            raise CommandError(f"--keep must be {LEAST_KEPT} or more.")
        self.is_silent = verbosity == 0
        self.stopped = False
        if watch:
            self.watch(folder, keep, then)
        else:
            self.publish(folder, keep, then)

    def publish(self, folder: Path, keep: int, then: list[str]) -> None:
        try:
            result = publish_static(folder=folder, keep=keep, progress=self.progress)
        except StaticSiteError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error}. What was public still is.") from error
        self.say(said(result))
        if result.is_new and then:
            done = subprocess.run(then, check=False)  # noqa: S603  the operator's own command
            if done.returncode:
                raise CommandError(f"{' '.join(then)} ended with {done.returncode}. The files are switched.")

    def watch(self, folder: Path, keep: int, then: list[str]) -> None:
        """Publish now, after each publication and on each new day. A failure is said, and tried again."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        last: Seen | None = None
        while not self.stopped:
            # A connection that the database ended is of no use any more.
            close_old_connections()
            try:
                seen = seen_now()
                if seen is not None and seen != last:
                    self.publish(folder, keep, then)
                    last = seen
            except (CommandError, DatabaseError) as error:
                self.stderr.write(f"{' '.join(str(error).split())} It is tried again.")
            time.sleep(LOOK_SECONDS)

    def stop(self, *args: Any) -> None:
        self.stopped = True

    def progress(self, targets: Iterable[str]) -> Iterable[str]:
        return tqdm(targets, unit=" addresses", disable=True if self.is_silent else None, leave=False)

    def say(self, text: str) -> None:
        if not self.is_silent:
            self.stdout.write(text)
            self.stdout.flush()


def seen_now() -> Seen | None:
    """Return what decides whether there is something new: the publication, and the day (security.txt names one)."""
    newest = newest_publication()
    return (newest.number, newest.sha256, timezone.now().date()) if newest else None


def said(result: Result) -> str:
    if not result.is_new:
        return f"Publication {result.number} is public already: {result.pages} addresses, nothing changed."
    lines = [
        f"Publication {result.number} is public: {result.pages} addresses; {result.written} files written, "
        f"{result.linked} linked from the one before. {result.folder}",
    ]
    if result.removed:
        lines.append(f"Removed: {', '.join(result.removed)}.")
    return "\n".join(lines)
