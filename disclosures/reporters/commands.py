"""Base class of the commands about one reporter."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from disclosures.models import Reporter
from privacycenter.errors import InvalidValue


class ReporterCommand(BaseCommand):
    """A command about the reporter named by its first argument. A refusal of the action becomes a one-line error."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the machine's code")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        reporter = Reporter.objects.filter(code=code).first()
        if reporter is None:
            raise CommandError(f"There is no reporter “{code}”.")
        try:
            self.work_on(reporter, options)
        except InvalidValue as refusal:
            raise CommandError(refusal.detail) from refusal

    def work_on(self, reporter: Reporter, options: dict[str, Any]) -> None:
        raise NotImplementedError

    def show(self, reporter: Reporter, secret: str, *, for_shell: bool) -> None:
        """Print the credentials, once."""
        if for_shell:
            self.stdout.write(f"export CLIENT_ID={reporter.client_id}\nexport CLIENT_SECRET={secret}")
            return
        self.stdout.write(f"client_id:     {reporter.client_id}\nclient_secret: {secret}")
        self.stdout.write("Keep the secret now: it is stored hashed and cannot be shown again.")
