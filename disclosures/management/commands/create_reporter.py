"""manage.py create_reporter CODE --services …: create a reporter and show its secret once."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from disclosures.reporters.actions import create_reporter
from disclosures.reporters.tokens import scopes_explained
from privacycenter.errors import InvalidValue
from privacycenter.sandbox.reading import IS_A_SANDBOX, is_begun


class Command(BaseCommand):
    help = "Make credentials for a service's machine. The secret is shown once and stored hashed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="a permanent code for the machine")
        parser.add_argument("--services", nargs="+", required=True, help="codes of the services it may speak for")
        parser.add_argument("--title", default="", help="shown to people as “reported by” (default: the code)")
        parser.add_argument(
            "--scopes", nargs="+", default=list(scopes_explained()), help=f"default: {' '.join(scopes_explained())}"
        )
        parser.add_argument("--shell", action="store_true", help="print export lines for a shell, nothing else")

    def handle(
        self, *args: Any, code: str, services: list[str], title: str, scopes: list[str], shell: bool, **options: Any
    ) -> None:
        # Without the setting its credentials would lack the scope of a sandbox, and nobody would see why.
        if is_begun() and not settings.SANDBOX:
            raise CommandError(IS_A_SANDBOX)
        try:
            reporter, secret = create_reporter(code=code, title=title or code, services=services, scopes=scopes)
        except InvalidValue as refusal:
            raise CommandError(refusal.detail) from refusal
        if shell:
            self.stdout.write(f"export CLIENT_ID={reporter.client_id}\nexport CLIENT_SECRET={secret}")
            return
        self.stdout.write(f"client_id:     {reporter.client_id}\nclient_secret: {secret}")
        self.stdout.write("Keep the secret now: it is stored hashed and cannot be shown again.")
