"""manage.py load_answers [FILE]: write prepared answers for requests to the operator."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError
from yaml import YAMLError

from disclosures.prepared_answers.actions import load_templates
from disclosures.prepared_answers.files import STARTER, read_answers
from privacycenter.errors import InvalidValue


class Command(BaseCommand):
    help = (
        "Write prepared answers for requests to the operator (default: those to begin with). Safe to repeat: answers "
        "that are there stay as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=STARTER, help="a YAML file")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            count = load_templates(entries=read_answers(path))
        except InvalidValue as error:
            raise CommandError(error.detail) from error
        except (OSError, ValueError, YAMLError, ValidationError) as error:
            raise CommandError(f"{path} cannot be read: {' '.join(str(error).split())}") from error
        self.stdout.write(f"{count} added")
