"""manage.py create_reporter CODE --services …: create a reporter and show its secret once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from disclosures.reporters.actions import create_reporter
from disclosures.reporters.tokens import SCOPES
from privacycenter.errors import InvalidValue


class Command(BaseCommand):
    help = "Make credentials for a service's machine. The secret is shown once and stored hashed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="a permanent code for the machine")
        parser.add_argument("--services", nargs="+", required=True, help="codes of the services it may speak for")
        parser.add_argument("--title", default="", help="shown to people as “reported by” (default: the code)")
        parser.add_argument("--scopes", nargs="+", default=list(SCOPES), help=f"default: {' '.join(SCOPES)}")
        parser.add_argument("--shell", action="store_true", help="print export lines for a shell, nothing else")

    def handle(
        self, *args: Any, code: str, services: list[str], title: str, scopes: list[str], shell: bool, **options: Any
    ) -> None:
        try:
            reporter, secret = create_reporter(code=code, title=title or code, services=services, scopes=scopes)
        except InvalidValue as refusal:
            raise CommandError(refusal.detail) from refusal
        if shell:
            self.stdout.write(f"export CLIENT_ID={reporter.client_id}\nexport CLIENT_SECRET={secret}")
            return
        self.stdout.write(f"client_id:     {reporter.client_id}\nclient_secret: {secret}")
        self.stdout.write("Keep the secret now: it is stored hashed and cannot be shown again.")
