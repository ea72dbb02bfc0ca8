"""manage.py load_demo [--people N] [--disclosures N] [--seed N]: add made-up people, recipients and disclosures."""

import os
import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consents.demo.world import Loaded, load_world
from disclosures.ledger.recording import CREATED, DUPLICATE
from privacycenter.errors import Refusal

EVENTS_PER_PERSON = 20


class Command(BaseCommand):
    help = (
        "Add a made-up world to try things out with: log-ins, reporters, recipients, disclosures, requests. The same "
        "for the same seed; safe to repeat. Needs DEMO=1 and the starter content (load_content)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=25, help="further people who do not log in (default: 25)")
        parser.add_argument(
            "--disclosures", type=int, help=f"disclosures spread over them (default: {EVENTS_PER_PERSON} each)"
        )
        parser.add_argument("--seed", type=int, default=1, help="another number, another world (default: 1)")

    def handle(self, *args: Any, people: int, disclosures: int | None, seed: int, **options: Any) -> None:
        disclosure_count = EVENTS_PER_PERSON * people if disclosures is None else disclosures
        refuse(people, disclosure_count)
        password = os.environ.get("DEMO_PASSWORD", "")
        spare = secrets.token_urlsafe(9)
        try:
            loaded = load_world(
                people_count=people,
                disclosure_count=disclosure_count,
                seed=seed,
                password=password,
                spare_password=spare,
            )
        except Refusal as refusal:
            hint = "" if refusal.field == "username" else " Is the starter content loaded? (manage.py load_content)"
            raise CommandError(refusal.detail + hint) from refusal
        self.report(loaded, seed)
        self.show_log_ins(loaded, password or spare)

    def report(self, loaded: Loaded, seed: int) -> None:
        if not loaded.added_anything:
            self.stdout.write(
                f"nothing to add: the made-up world of seed {seed} is here already "
                f"({loaded.statuses[DUPLICATE]} disclosures)"
            )
        else:
            self.stdout.write(
                f"made-up world of seed {seed}: added {loaded.recipient_count} recipients and countries, "
                f"{len(loaded.log_ins)} log-ins, {loaded.people_count} further people, "
                f"{loaded.statuses[CREATED]} disclosures ({loaded.flagged} flagged), {loaded.request_count} requests, "
                f"{loaded.inquiry_count} requests to the operator; "
                f"{loaded.statuses[DUPLICATE]} disclosures were here already"
            )
        other = loaded.statuses.total() - loaded.statuses[CREATED] - loaded.statuses[DUPLICATE]
        if other:
            self.stderr.write(f"{other} disclosures were not recorded: the catalogue or the ledger says otherwise")

    def show_log_ins(self, loaded: Loaded, password: str) -> None:
        if not loaded.log_ins:
            return
        self.stdout.write("log-ins:")
        for log_in in loaded.log_ins:
            self.stdout.write(f"  {log_in.username:<8}  {log_in.display_name}, {log_in.note}")
        self.stdout.write(f"password of each: {password}")


def refuse(people: int, disclosure_count: int) -> None:
    if not settings.DEMO:
        raise CommandError("This adds made-up people, so it runs only with DEMO=1 in the environment.")
    if people < 0 or disclosure_count < 0:
        raise CommandError("--people and --disclosures must not be negative.")
    if disclosure_count and not people:
        raise CommandError("--disclosures needs somebody to happen to: give --people 1 or more.")
