"""manage.py verify_ledger: verify again everything that can be verified. Exits with 1 at the first bad row."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from consents.verifying.answers import verify_decisions, verify_requests
from consents.verifying.followed import verify_followed, verify_people
from disclosures.coverage.verifying import verify_counts, verify_heartbeats
from disclosures.ledger.verifying import (
    verify_cases,
    verify_conflicts,
    verify_corrections,
    verify_disclosures,
    verify_item_sets,
)
from disclosures.publishing.verifying import verify_publications
from privacycenter.database.verifying import Fault, Progress, verify_triggers


class Command(BaseCommand):
    help = (
        "Verify the whole database: triggers, publications, item sets, decisions with the text that was shown, every "
        "disclosure with its references, fingerprint and flags, conflicts, corrections, cases, what followed "
        "withdrawals, and the counters. It reads only, while the site runs. Exit status 1 and the first bad row if "
        "something is wrong."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        counted: Counter[tuple[int, int]] = Counter()
        parts: dict[str, Callable[[Progress], Iterator[Fault]]] = {
            "tables with triggers": verify_triggers,
            "publications": verify_publications,
            "item sets": verify_item_sets,
            "approval requests": verify_requests,
            "decisions": verify_decisions,
            "steps, cases, cancellations, read marks": verify_followed,
            "rules, notices, choices, looks": verify_people,
            "disclosures": lambda progress: verify_disclosures(progress, counted),
            "conflicting reports": verify_conflicts,
            "corrections": verify_corrections,
            "cases": verify_cases,
            "counts of reports": lambda progress: verify_counts(progress, counted),
            "counts of heartbeats": verify_heartbeats,
        }
        for name, verify in parts.items():
            fault, verified = run(name, verify)
            if fault:
                raise CommandError(f"{name}: {fault}")
            self.stdout.write(f"{verified:>12,}  {name}")
        self.stdout.write("Everything is as it was written.")


def run(name: str, verify: Callable[[Progress], Iterator[Fault]]) -> tuple[Fault | None, int]:
    """Return the first fault of a part, or None, and how many rows were verified. Shows a bar on a terminal."""
    verified = 0
    with tqdm(desc=name, unit=" rows", disable=None, leave=False) as bar:

        def progress(rows: int) -> None:
            nonlocal verified
            verified += rows
            bar.update(rows)

        fault = next(verify(progress), None)
    return fault, verified
