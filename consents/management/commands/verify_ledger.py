"""manage.py verify_ledger: verify again everything that can be verified, and list every fault."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from tqdm import tqdm

from consents.verifying.answers import verify_decisions, verify_requests
from consents.verifying.followed import verify_followed, verify_people
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
from privacycenter.database.verifying import Fault, Progress
from privacycenter.database.verifying_triggers import verify_triggers
from privacycenter.proof.verifying import verify_entries, verify_log, verify_numbers, verify_sealed

Verification = Callable[[Progress], Iterator[Fault]]
KEPT_AT_ONCE = 500


class Command(BaseCommand):
    help = (
        "Verify the whole database: triggers, publications, item sets, decisions with the text that was shown, every "
        "disclosure with its references, fingerprint and flags, conflicts, corrections, cases, what followed "
        "withdrawals, the counters, and the log with what it seals. It runs while the site runs, and writes nothing "
        "but the faults that it finds. Lists every fault; exit status 1 if there is one that no officer has "
        "acknowledged."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since",
            metavar="DATE",
            help="Verify only rows written since then (2026-11-26 or 2026-11-26T09:00+09:00), and what is small. The "
            "counters are left out: they need the whole ledger.",
        )

    def handle(self, *args: Any, since: str | None = None, **options: Any) -> None:
        alarms = acknowledged = 0
        for name, verify in parts(moment_of(since) if since else None).items():
            found, verified = run(name, verify, self.say)
            alarms, acknowledged = alarms + found[False], acknowledged + found[True]
            self.stdout.write(f"{verified:>12,}  {name}")
        if not alarms + acknowledged:
            self.stdout.write("Everything is as it was written.")
            return
        summary = f"{alarms + acknowledged:,} faults, {acknowledged:,} of them acknowledged."
        if alarms:
            raise CommandError(summary)
        self.stdout.write(summary)

    def say(self, part: str, fault: Fault, known: FaultAcknowledgement | None) -> None:
        self.stdout.write(f"{part}: {fault}")
        if known:
            on = known.acknowledged_at.date().isoformat()
            self.stdout.write(f"    acknowledged on {on} by {known.acknowledged_by.pk}: {known.reason}")


Say = Callable[[str, Fault, FaultAcknowledgement | None], None]


def parts(since: datetime | None) -> dict[str, Verification]:
    counted: Counter[tuple[int, int]] = Counter()
    found: dict[str, Verification] = {
        "tables with triggers": verify_triggers,
        "publications": verify_publications,
        "item sets": verify_item_sets,
        "approval requests": partial(verify_requests, since=since),
        "decisions": partial(verify_decisions, since=since),
        "steps, cases, cancellations, read marks": partial(verify_followed, since=since),
        "rules, notices, choices, looks": partial(verify_people, since=since),
        "disclosures": partial(verify_disclosures, counts=counted, since=since),
        "conflicting reports": partial(verify_conflicts, since=since),
        "corrections": partial(verify_corrections, since=since),
        "keys of recipients": verify_recipient_keys,
        "signatures of recipients": partial(verify_countersignatures, since=since),
        "cases": partial(verify_cases, since=since),
        "counts of heartbeats": verify_heartbeats,
        "entries of the log": partial(verify_entries, since=since),
        "rows in the log": partial(verify_sealed, since=since),
        "bundles of the log": verify_log,
    }
    whole: dict[str, Verification] = {
        "counts of reports": partial(verify_counts, counted=counted),
        "numbers in the log": verify_numbers,
    }
    return found if since else found | whole


def moment_of(text: str) -> datetime:
    """Return the moment, or the beginning of the day. Raises CommandError for anything else."""
    try:
        moment = parse_datetime(text)
        day = parse_date(text)
    except ValueError:
        moment = day = None
    if day and len(text) == len("2026-11-26"):
        moment = datetime(day.year, day.month, day.day)
    if moment is None or moment.year < 2000:
        raise CommandError(f"--since {text}: write 2026-11-26 or 2026-11-26T09:00+09:00.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def run(name: str, verify: Verification, say: Say) -> tuple[Counter[bool], int]:
    """Verify a part and say each fault. Return how many were acknowledged and how many not, and the rows verified.

    Shows a bar on a terminal.
    """
    verified, found = 0, Counter[bool]()
    with tqdm(desc=name, unit=" rows", disable=None, leave=False) as bar:

        def progress(rows: int) -> None:
            nonlocal verified
            verified += rows
            bar.update(rows)

        for batch in batches(verify(progress)):
            known = keep_faults(part=name, found=batch)
            for fault in batch:
                say(name, fault, known.get(fault.digest))
                found[fault.digest in known] += 1
    return found, verified


def batches(faults: Iterable[Fault]) -> Iterator[list[Fault]]:
    rest = iter(faults)
    while batch := list(islice(rest, KEPT_AT_ONCE)):
        yield batch
