"""manage.py sandbox_clock: what a sandbox's clock shows, or put it forward."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consents.sandbox.actions import move_clock
from consents.sandbox.forms import as_duration
from privacycenter.errors import Refusal
from privacycenter.sandbox.reading import read_clock


class Command(BaseCommand):
    help = "Show what the clock of a sandbox (SANDBOX=1) shows, or put it forward. It never goes back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--forward", help="how far: P14D, PT1H30M (ISO 8601: days, hours, minutes, seconds)")

    def handle(self, *args: Any, forward: str | None, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError("This is no sandbox: only SANDBOX=1 has a clock of its own.")
        try:
            if forward is not None:
                move_clock(forward=as_duration(forward), by="command")
                read_clock()
        except (Refusal, ValueError) as refusal:
            raise CommandError(getattr(refusal, "detail", "") or str(refusal)) from refusal
        self.stdout.write(timezone.now().isoformat(timespec="seconds"))
