"""manage.py erase_person SUBJECT --reason WHY [--dry-run]: erase a person after the time of their record."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone

from consents.exports import file_store
from consents.people.actions import erase_person
from consents.people.erasing_actions import ErasureReport
from consents.people.words import KINDS
from privacycenter.accounts.subjects import ERASED_PREFIX
from privacycenter.errors import RecordDemanded, Refusal
from privacycenter.models import User


class Command(BaseCommand):
    help = (
        "Erase a person: the record once the law no longer demands it, or an account without one, and all that says "
        "who they were. Says what goes and what stays; refused while the law demands the record (exit 1)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("subject", help="the id by which services know the person")
        parser.add_argument("--reason", required=True, help="why; kept for ever, so it should name nobody")
        parser.add_argument("--dry-run", action="store_true", help="say what would go, erase nothing")

    @no_translations
    def handle(self, *args: Any, subject: str, reason: str, dry_run: bool = False, **options: Any) -> None:
        if subject.startswith(ERASED_PREFIX):
            raise CommandError("This person was erased.")
        person = User.objects.with_subject(subject)
        if person is None:
            raise CommandError("Nobody has this subject.")
        try:
            report = erase_person(person=person, reason=reason, dry_run=dry_run)
        except RecordDemanded as refusal:
            raise CommandError(self.refused(refusal)) from refusal
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        if report:  # a command waits for nobody
            self.finish(report, dry_run)

    def finish(self, report: ErasureReport, dry_run: bool) -> None:
        if not dry_run:
            for name in report.files:
                file_store.delete(name)
        self.say(report, dry_run)

    def say(self, report: ErasureReport, dry_run: bool) -> None:
        self.stdout.write("Nothing was erased: this is what would be." if dry_run else "Erased.")
        for heading, counts in (("goes", report.gone), ("stays, each for its own time", report.stays)):
            self.stdout.write(f"{heading}:" if counts else f"{heading}: nothing")
            for kind, count in sorted(counts.items()):
                self.stdout.write(f"  {count:,} {KINDS[kind]}")
        self.stdout.write("stays for ever: keyed hashes of the ids of what was reported, and that it was erased")

    def refused(self, refusal: RecordDemanded) -> str:
        lines = [f"  {count:,} {KINDS[kind]}" for kind, count in sorted(refusal.held.items())]
        until = timezone.localtime(refusal.until).strftime("%Y-%m-%d") if refusal.until else ""
        when = f", at least until {until}" if until else ""
        return "\n".join([f"Nothing was erased: the law demands the record{when}.", *lines])
