"""manage.py rotate_reporter CODE [--overlap-hours N]: give a new secret, shown once; the old one works N more hours."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from disclosures.models import Reporter
from disclosures.reporters.actions import rotate_secret
from disclosures.reporters.commands import ReporterCommand


class Command(ReporterCommand):
    help = "Give a reporter a new secret, shown once. The one before works for the overlap, or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--overlap-hours", type=float, default=24, help="how long the old secret works (default: 24; 0: not at all)"
        )
        parser.add_argument("--shell", action="store_true", help="print export lines for a shell, nothing else")

    def work_on(self, reporter: Reporter, options: dict[str, Any]) -> None:
        hours = options["overlap_hours"]
        secret = rotate_secret(reporter=reporter, overlap=timedelta(hours=hours))
        self.show(reporter, secret, for_shell=options["shell"])
        if not options["shell"]:
            self.stdout.write(
                f"The old secret works for {hours:g} hours." if hours else "The old secret is worthless now."
            )
