"""manage.py verify_ledger: verify again everything that can be verified, and list every fault."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from itertools import chain, islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from tqdm import tqdm

from consents.verifying.answers import verify_decisions, verify_requests
from consents.verifying.followed import verify_followed, verify_people
from consents.verifying.window_actions import note_verified
from consents.verifying.windows import Night, night, progress_now, whole
from disclosures.models import FaultAcknowledgement
from disclosures.officers.fault_actions import keep_faults
from disclosures.verifying.countersignatures import verify_countersignatures, verify_recipient_keys
from disclosures.verifying.counts import verify_counts, verify_heartbeats
from disclosures.verifying.ledger import (
    verify_cases,
    verify_conflicts,
    verify_corrections,
    verify_disclosures,
    verify_item_sets,
)
from disclosures.verifying.publications import verify_publications
from disclosures.verifying.site_files import verify_published_files
from privacycenter.database.verifying import EVERYTHING, Fault, Progress, Window
from privacycenter.database.verifying_triggers import verify_triggers
from privacycenter.proof.verifying import verify_entries, verify_log, verify_numbers, verify_sealed
from privacycenter.replica.router import REPLICA
from privacycenter.replica.state import default_is, replica

Verification = Callable[[Progress], Iterator[Fault]]
KEPT_AT_ONCE = 500


class Command(BaseCommand):
    help = (
        "Verify the whole database: triggers, publications with their files, item sets, decisions with the text that "
        "was shown, every disclosure with its references, fingerprint and flags, conflicts, corrections, cases, what "
        "followed withdrawals, the counters, and the log with what it seals. It runs while the site runs, and writes "
        "nothing but the faults that it finds, and how far it got. Lists every fault; exit status 1 if there is one "
        "that no officer has acknowledged."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since",
            metavar="DATE",
            help="Verify only rows written since then (2026-11-26 or 2026-11-26T09:00+09:00), and what is small. The "
            "counters are left out: they need the whole ledger.",
        )
        parser.add_argument("--until", metavar="DATE", help="Verify only rows written before then.")
        parser.add_argument(
            "--window",
            type=int,
            metavar="NIGHTS",
            help="Verify what is new since the last time, and the next piece of what is older, so that all of it was "
            "verified after so many nights. The counters are compared with the ledger in the last of them.",
        )
        parser.add_argument(
            "--primary", action="store_true", help="read from DATABASE_URL although there is a DATABASE_REPLICA_URL"
        )

    def handle(
        self,
        *args: Any,
        since: str | None = None,
        until: str | None = None,
        window: int | None = None,
        primary: bool = False,
        **options: Any,
    ) -> None:
        if window is not None and (since or until or window < 1):
            raise CommandError("--window takes a number of nights from 1, and neither --since nor --until beside it.")
        span = Window(moment_of(since, "--since") if since else None, moment_of(until, "--until") if until else None)
        if span.since and span.until and span.since >= span.until:
            raise CommandError("--since must be earlier than --until.")
        now = timezone.now()
        tonight = night(window, now, progress_now()) if window else whole(now) if span == EVERYTHING else None
        if tonight and window:
            self.stdout.write(f"Night {tonight.piece + 1} of {tonight.pieces}, rows written from {in_words(tonight)}")
        alarms, acknowledged = self.verify(parts(tonight.windows if tonight else (span,), tonight), primary)
        if tonight:
            note_verified(night=tonight)
        if not alarms + acknowledged:
            self.stdout.write("Everything is as it was written.")
            return
        summary = f"{alarms + acknowledged:,} faults, {acknowledged:,} of them acknowledged."
        if alarms:
            raise CommandError(summary)
        self.stdout.write(summary)

    def verify(self, wanted: dict[str, Verification], primary: bool) -> tuple[int, int]:
        """Return how many faults nobody has acknowledged, and how many somebody has."""
        alarms = acknowledged = 0
        writing = connections[DEFAULT_DB_ALIAS]
        with self.database_to_read(primary):
            for name, verify in wanted.items():
                found, verified = run(name, verify, self.say, writing)
                alarms, acknowledged = alarms + found[False], acknowledged + found[True]
                self.stdout.write(f"{verified:>12,}  {name}")
        return alarms, acknowledged

    def database_to_read(self, primary: bool) -> AbstractContextManager[None]:
        """Read everything from the replica, if there is one that has all of now."""
        if primary or REPLICA not in connections:
            return nullcontext()
        if reason := replica.has_all_of_now():
            self.stdout.write(f"The replica is not read: {reason}.")
            return nullcontext()
        self.stdout.write("Read from the replica.")
        return default_is(connections[REPLICA])

    def say(self, part: str, fault: Fault, known: FaultAcknowledgement | None) -> None:
        self.stdout.write(f"{part}: {fault}")
        if known:
            on = known.acknowledged_at.date().isoformat()
            self.stdout.write(f"    acknowledged on {on} by {known.acknowledged_by.pk}: {known.reason}")


Say = Callable[[str, Fault, FaultAcknowledgement | None], None]


def in_words(night: Night) -> str:
    """Return which rows are verified, by when they were written."""
    return " and from ".join(f"{minute(window.since)} to {minute(window.until)}" for window in night.windows)


def minute(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else "the beginning"


def parts(windows: Sequence[Window], night: Night | None) -> dict[str, Verification]:
    """Return what is verified, by name. What is small is verified whole; the counters where ``night`` is the last."""
    counted: Counter[tuple[int, int]] = Counter()
    within = partial(in_windows, windows)
    found: dict[str, Verification] = {
        "tables with triggers": verify_triggers,
        "publications": verify_publications,
        "published files": verify_published_files,
        "item sets": verify_item_sets,
        "approval requests": within(verify_requests),
        "decisions": within(verify_decisions),
        "steps, cases, cancellations, read marks": within(verify_followed),
        "rules, notices, choices, looks": within(verify_people),
        "disclosures": within(partial(verify_disclosures, counts=counted)),
        "conflicting reports": within(verify_conflicts),
        "corrections": within(verify_corrections),
        "keys of recipients": verify_recipient_keys,
        "signatures of recipients": within(verify_countersignatures),
        "cases": within(verify_cases),
        "counts of heartbeats": verify_heartbeats,
        "entries of the log": within(verify_entries),
        "rows in the log": within(verify_sealed),
        "bundles of the log": within(verify_log),
    }
    whole: dict[str, Verification] = {
        "counts of reports": partial(verify_counts, counted=counted),
        "numbers in the log": verify_numbers,
    }
    return found | whole if night and night.is_last else found


def in_windows(windows: Sequence[Window], verify: Callable[..., Iterator[Fault]]) -> Verification:
    """Return a verification of each window in turn."""
    return lambda progress: chain.from_iterable(verify(progress, window=window) for window in windows)


def moment_of(text: str, option: str) -> datetime:
    """Return the moment, or the beginning of the day. Raises CommandError for anything else."""
    try:
        moment = parse_datetime(text)
        day = parse_date(text)
    except ValueError:
        moment = day = None
    if day and len(text) == len("2026-11-26"):
        moment = datetime(day.year, day.month, day.day)
    if moment is None or moment.year < 2000:
        raise CommandError(f"{option} {text}: write 2026-11-26 or 2026-11-26T09:00+09:00.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def run(name: str, verify: Verification, say: Say, primary: Any) -> tuple[Counter[bool], int]:
    """Verify a part and say each fault. Return how many were acknowledged and how many not, and the rows verified.

    Faults are kept through ``primary``, wherever the rows are read from.
    Shows a bar on a terminal.
    """
    verified, found = 0, Counter[bool]()
    with tqdm(desc=name, unit=" rows", disable=None, leave=False) as bar:

        def progress(rows: int) -> None:
            nonlocal verified
            verified += rows
            bar.update(rows)

        for batch in batches(verify(progress)):
            with default_is(primary):
                known = keep_faults(part=name, found=batch)
            for fault in batch:
                say(name, fault, known.get(fault.digest))
                found[fault.digest in known] += 1
    return found, verified


def batches(faults: Iterable[Fault]) -> Iterator[list[Fault]]:
    rest = iter(faults)
    while batch := list(islice(rest, KEPT_AT_ONCE)):
        yield batch
