"""manage.py verify_record: check a proof that a person took home. Without Django: python -m privacycenter.log."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from privacycenter.log.__main__ import Files, add_arguments, verify


class Command(BaseCommand):
    help = (
        "Check the proof of a record, or of one row; with --before also that it goes on from an earlier one. Exit "
        "status 0 if it holds, 1 if it does not, 2 if the file cannot be read, or cannot be compared."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(
        self, *args: Any, file: str, before: str | None, policy: str | None, log: str | None, **options: Any
    ) -> None:
        if status := verify(Files(file, before, policy, log), self.stdout.write):
            sys.exit(status)
