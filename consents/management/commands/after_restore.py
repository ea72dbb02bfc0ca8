"""manage.py after_restore: what to run once after the database was restored, before the site is served again."""

from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consents.feed.epochs import MARGIN
from consents.feed.restoring_actions import Restored, begin_after_restore
from disclosures.models import Publication, ReportCount
from privacycenter.log.note import NoteError
from privacycenter.proof.restoring_actions import begin_new_log, compare_log

BY_HAND = (
    "reporters and webhooks that were stopped, or given other secrets, services or scopes",
    "staff who left or lost a role, and passwords that were changed",
    "publications, and changes to the content that were not published",
    "requests to the operator and their answers, and steps on cases",
    "approval requests that services had filed: they ask again",
)


class Command(BaseCommand):
    help = (
        "Run once after the database was restored, before the site and the worker run. Begins a new epoch of the "
        "decision feeds, so that a service which had read further is told so; ends every session and token; and says "
        "what reporters must send again and what to look after by hand. docs/operate.md has the whole order."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoint", metavar="FILE",
            help="the newest checkpoint of the log that anybody has: does the log here continue it?",
        )  # fmt: skip
        parser.add_argument(
            "--new-log", action="store_true", help="give the log up and begin one under the LOG_ORIGIN of now"
        )

    def handle(self, *args: Any, checkpoint: str | None = None, new_log: bool = False, **options: Any) -> None:
        try:
            said = log_lines(checkpoint, new_log)
        except (NoteError, OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The log: {error}") from None
        restored = begin_after_restore()
        for line in said:
            self.stdout.write(line)
        for line in lines(restored):
            self.stdout.write(line)


def log_lines(checkpoint: str | None, new_log: bool) -> list[str]:
    """Compare the log, or begin a new one, and return what to say of it."""
    if new_log:
        count = begin_new_log()
        return [f"A new log has begun. The former one had {count:,} entries. Then: manage.py seal_ledger", ""]
    if checkpoint is None:
        return [
            "The log was not compared: give the newest checkpoint that anybody has with --checkpoint.",
            "",
        ]
    found = compare_log(Path(checkpoint).read_text(encoding="utf-8"))
    if found.continues:
        return [f"The log has {found.size:,} entries and continues the checkpoint of {found.known_size:,}.", ""]
    return [
        f"The log has {found.size:,} entries and does NOT continue the checkpoint of {found.known_size:,}.",
        "It is a fork. Set LOG_ORIGIN to another name and run after_restore --new-log, before the worker runs.",
        "",
    ]


def lines(restored: Restored) -> Iterator[str]:
    epoch = restored.epoch
    newest, publication = newest_reports(), Publication.objects.newest()
    yield f"Epoch {epoch.token} of the decision feeds has begun."
    yield f"The newest row is of {at(epoch.restored_to)}. What was written later is lost here."
    yield f"Ended: {restored.session_count:,} sessions, {restored.token_count:,} tokens. Everybody logs in again."
    yield ""
    yield f"Every reporter sends again what it reported since {at(epoch.restored_to - MARGIN)}: disclosures,"
    yield "corrections, heartbeats and steps after withdrawals, under the same ids. What is here is a duplicate."
    yield ""
    for reporter, number in sorted(epoch.last_numbers.items()):
        yield f"  {reporter}: its feed goes on after number {number}"
        for service, reported_at in newest[reporter]:
            yield f"    {service}: the newest report here came {at(reported_at)}"
    yield ""
    yield f"The newest publication is number {publication.number if publication else 0}."
    yield "Look after by hand, as far as it is lost:"
    for what in BY_HAND:
        yield f"  - {what}"
    yield ""
    yield "Then: manage.py verify_ledger"


def newest_reports() -> dict[str, list[tuple[str, datetime]]]:
    """Return reporter → its services with the time of the newest report. One SQL statement."""
    found = defaultdict(list)
    rows = ReportCount.objects.order_by("reporter__code", "service__code")
    for reporter, service, moment in rows.values_list("reporter__code", "service__code", "last_reported_at"):
        found[reporter].append((service, moment))
    return found


def at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
