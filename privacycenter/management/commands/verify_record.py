"""manage.py verify_record: check a proof that a person took home. Without Django: python -m privacycenter.log."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from privacycenter.log.__main__ import add_arguments, verify


class Command(BaseCommand):
    help = "Check the proof of a record. Exit status 0 if it holds, 1 if it does not, 2 if the file cannot be read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, file: str, policy: str | None, **options: Any) -> None:
        if status := verify(file, policy, self.stdout.write):
            sys.exit(status)
