"""manage.py merge_people SUBJECT INTO --reason WHY [--dry-run] [--undo]: accounts of one person, together or apart."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from consents.people.merge_report import MergeReport
from consents.people.merging_actions import merge_people, separate_people
from consents.people.words import KINDS
from privacycenter.errors import Refusal
from privacycenter.models import User


class Command(BaseCommand):
    help = (
        "Put an account into another of the same person, or with --undo take it out again. No row moves: each account "
        "keeps its own record, and the pages show both. Says what is shown together (exit 1 if it is refused)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("subject", help="the id by which services know the account that is put into the other")
        parser.add_argument("into", help="the id of the account that the person logs in to from then on")
        parser.add_argument("--reason", required=True, help="why; the person can read it")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, change nothing")
        parser.add_argument("--undo", action="store_true", help="take the account out again")

    @no_translations
    def handle(
        self, *args: Any, subject: str, into: str, reason: str, dry_run: bool = False, undo: bool = False,
        **options: Any,
    ) -> None:  # fmt: skip
        both = {"account": known(subject), "into": known(into)}
        try:
            report, is_done = (separate_people if undo else merge_people)(**both, reason=reason, dry_run=dry_run)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.say(report, undo, is_done)

    def say(self, report: MergeReport, undo: bool, is_done: bool) -> None:
        done = "The accounts are apart again." if undo else "The accounts are together."
        self.stdout.write(done if is_done else "Nothing was changed: this is what would be.")
        self.stdout.write("shown apart again:" if undo else "shown together:")
        for kind, (here, there) in sorted(report.together.items()):
            self.stdout.write(f"  {here:,} and {there:,} {KINDS[kind]}")
        for kind, count in sorted(report.unused.items()):
            self.stdout.write(f"not used any more: {count:,} {KINDS[kind]}")
        if report.contradictions:
            self.stdout.write(f"one says yes, the other no, and the no counts: {report.contradictions:,}")


def known(subject: str) -> User:
    person = User.objects.with_subject(subject)
    if person is None:
        raise CommandError(f"Nobody has the subject {subject}.")
    return person
