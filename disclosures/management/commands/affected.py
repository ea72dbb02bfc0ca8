"""manage.py affected RECIPIENT --since DATE --until DATE --reason WHY: whose data went there."""

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from disclosures.affected.actions import ask_for_list
from disclosures.affected.files import pieces
from disclosures.affected.filters import AffectedFilters
from disclosures.affected.queries import rows_on
from privacycenter.errors import Refusal


class Command(BaseCommand):
    help = (
        "List the disclosures to a recipient in a period, with whose they are: subject, time, items, service, "
        "situation and event id, as CSV or JSON Lines. The list is kept, logged as one look with its reason, and shown "
        "to each person on it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("recipient", help="the code of the recipient")
        parser.add_argument("--since", required=True, help="the first day, or a time (RFC 3339)")
        parser.add_argument("--until", required=True, help="the last day, inclusive, or a time that it is before")
        parser.add_argument("--service", default="", help="only through this service")
        parser.add_argument("--reporter", default="", help="only reported by this reporter")
        parser.add_argument("--scenario", default="", help="only in this situation")
        parser.add_argument("--items", nargs="+", default=[], metavar="ITEM", help="only with any of these items")
        parser.add_argument("--reason", default="", help="why, for everybody on the list to read; demanded")
        parser.add_argument("--format", choices=["csv", "jsonl"], default="csv")
        parser.add_argument("-o", "--output", help="the file to write; without it, standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        filters = AffectedFilters(
            since=moment_of(options["since"], is_end=False),
            until=moment_of(options["until"], is_end=True),
            items=tuple(options["items"]),
            **{name: options[name] for name in ("recipient", "service", "reporter", "scenario")},
        )
        if options["output"] and not Path(options["output"]).absolute().parent.is_dir():
            # Before anybody is listed: a list that nobody can read would still be shown to all on it.
            raise CommandError(f"There is no folder for “{options['output']}”.", returncode=2)
        try:
            made = ask_for_list(filters=filters, reason=options["reason"], by=None, is_made_now=True)
        except Refusal as refusal:
            raise CommandError(refusal.detail, returncode=2) from refusal
        self.write(pieces(rows_on(made), options["format"]), options["output"])
        self.stderr.write(f"{made.disclosure_count:,} disclosures of {made.person_count:,} people. List {made.pk}")

    def write(self, found: Any, output: str | None) -> None:
        if output is None:
            stream = getattr(self.stdout._out, "buffer", None) or sys.stdout.buffer
            for piece in found:
                stream.write(piece)
            stream.flush()
            return
        unfinished = Path(f"{output}.part")
        with unfinished.open("wb") as file:
            file.writelines(found)
        unfinished.replace(output)


def moment_of(text: str, *, is_end: bool) -> datetime:
    """Return a time, or the beginning of a day; of the last day its end. Raises CommandError (2) for anything else."""
    try:
        day = parse_date(text)
        moment = parse_datetime(text)
        if day and len(text) == len("2026-11-26"):
            moment = datetime.combine(day + timedelta(days=is_end), time.min)
        # Into the site's time zone: the first and the last days of all are not in each.
        if moment:
            return moment.astimezone(UTC) if timezone.is_aware(moment) else timezone.make_aware(moment)
    except (ValueError, OverflowError):
        pass
    raise CommandError(f"“{text}” is neither a day (2026-11-26) nor a time (RFC 3339).", returncode=2)
