"""manage.py verify_receipt FILE: is this receipt ours and unchanged?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consents.receipts.signing import SignatureVerdict, Verified, verified

LARGEST_BYTES = 1024 * 1024


class Command(BaseCommand):
    help = (
        "Checks a receipt (.jws or .json). Exit status: 0 valid, 1 changed, 2 unreadable, 3 not signed with one of "
        "our keys, 4 dated after its key was retired."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        found = verified(content_of(file))
        if found.verdict is not SignatureVerdict.VALID:
            raise CommandError(found.reason, returncode=found.verdict.value)
        self.stdout.write(found.reason)
        self.stdout.write(summary(found))


def content_of(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            return opened.read(LARGEST_BYTES)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}", returncode=SignatureVerdict.UNREADABLE.value) from error


def summary(found: Verified) -> str:
    receipt = found.receipt or {}
    event = receipt["events"][0]
    lines = {
        "record": receipt["record_id"],
        "state": event["event_state"],
        "time": event["event_time"],
        "recipient": receipt["party_identification"][1]["party_name"],
        "allowed": ", ".join(event["allowed"]) or "-",
        "refused": ", ".join(event["refused"]) or "-",
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items())
