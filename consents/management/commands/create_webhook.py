"""manage.py create_webhook REPORTER URL: add a webhook endpoint of a reporter and show its secret once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consents.models.deliveries import EVENT_TYPES
from consents.webhooks.actions import create_webhook
from disclosures.models import Reporter
from privacycenter.errors import InvalidValue


class Command(BaseCommand):
    help = "Send a reporter's events to an address. The secret that signs them is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reporter", help="the reporter's code")
        parser.add_argument("url", help="where to send: https://…")
        parser.add_argument("--events", nargs="+", default=list(EVENT_TYPES), help=f"default: {' '.join(EVENT_TYPES)}")

    def handle(self, *args: Any, reporter: str, url: str, events: list[str], **options: Any) -> None:
        found = Reporter.objects.filter(code=reporter).first()
        if found is None:
            raise CommandError(f"There is no reporter “{reporter}”.")
        try:
            endpoint, secret = create_webhook(reporter=found, url=url, event_types=events, by=None)
        except InvalidValue as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"webhook: {endpoint.pk}\nsecret:  {secret}")
        self.stdout.write("Keep the secret now: it cannot be shown again, only replaced.")
