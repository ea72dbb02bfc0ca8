"""manage.py change_reporter CODE [--services …] [--scopes …]: set a reporter's services and scopes."""

from argparse import ArgumentParser
from typing import Any

from disclosures.models import Reporter
from disclosures.reporters.actions import change_reporter
from disclosures.reporters.commands import ReporterCommand
from disclosures.reporters.tokens import scopes_explained


class Command(ReporterCommand):
    help = "Set the services and scopes of a reporter. Takes effect on its next call."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--services", nargs="+", help="codes of the services it may speak for, all of them")
        parser.add_argument("--scopes", nargs="+", help=f"all of its scopes, of: {' '.join(scopes_explained())}")

    def work_on(self, reporter: Reporter, options: dict[str, Any]) -> None:
        change_reporter(reporter=reporter, services=options["services"], scopes=options["scopes"])
        services = " ".join(reporter.services.values_list("code", flat=True))
        scopes = " ".join(reporter.client.get_scopes()) if options["scopes"] is None else " ".join(options["scopes"])
        self.stdout.write(f"services: {services}\nscopes:   {scopes}")
