"""manage.py export_content PATH: write the working copy as a content pack."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from disclosures.packs.files import write_pack
from disclosures.packs.queries import content_pack
from privacycenter.errors import PackError
from privacycenter.text.languages import speaking_english


class Command(BaseCommand):
    help = "Write the working copy as a content pack. Loading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a folder that is new or empty")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            # Commands speak English, whatever the language of the site.
            with speaking_english():
                names = write_pack(content_pack(), path)
        except PackError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{len(names)} files written to {path}")
