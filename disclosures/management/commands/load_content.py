"""manage.py load_content [PATH]: load a content pack into the working copy."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from disclosures.packs.actions import load_content, take_files
from disclosures.packs.files import read_pack, read_shipped_pack
from privacycenter.errors import PackError
from privacycenter.text.languages import speaking_english

STARTER = Path(__file__).resolve().parents[2] / "starter"


class Command(BaseCommand):
    help = "Load a content pack (default: the starter). Safe to repeat. Publishes nothing: see publish_content."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=STARTER, help="a folder of YAML files")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            # Commands speak English, whatever the language of the site.
            with speaking_english():
                pack = read_shipped_pack(path) if path == STARTER else read_pack(path)
                counts = load_content(pack=take_files(pack=pack))
        except PackError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{counts['added']} added, {counts['changed']} changed")
