"""manage.py publish_content [-m WHY]: publish the working copy if anything changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from disclosures.publishing.actions import publish_content
from privacycenter.errors import NothingToPublish, NotPublishable


class Command(BaseCommand):
    help = "Publish the working copy under a new number. Does nothing if nothing changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("-m", "--reason", default="", help="why, for the record of changes")

    def handle(self, *args: Any, reason: str, **options: Any) -> None:
        try:
            publication = publish_content(by=None, reason=reason)
        except NothingToPublish as refusal:
            self.stdout.write(refusal.detail)
            return
        except NotPublishable as refusal:
            raise CommandError(f"{refusal.title}\n{refusal.detail}") from refusal
        self.stdout.write(f"published number {publication.number}, SHA-256 {publication.sha256}")
