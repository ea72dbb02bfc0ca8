"""manage.py import_disclosures FILE: record disclosures from JSON Lines or CSV, as the API does."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from disclosures.ledger.events import CONFLICT, CREATED, DUPLICATE, INVALID, RecordingResult
from disclosures.ledger.events import Report as ReportedEvent
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Reporter
from disclosures.receiving.file_reading import FORMATS, Line, UnreadableFile, read_lines
from privacycenter.errors import ReporterPaused

BATCH_SIZE = 500
PROBLEMS_SHOWN = 50
CONFLICT_REASON = "Another event is recorded under this id. This one was put aside for the privacy officer."


@dataclass(frozen=True)
class Outcome:
    """Result of one line. ``field`` and ``reason`` say what is wrong, if anything."""

    number: int
    status: str
    field: str = ""
    reason: str = ""

    def __str__(self) -> str:
        parts = (f"line {self.number}", self.status, self.field, self.reason)
        return ": ".join(part for part in parts if part)


@dataclass
class Report:
    """Results of the lines. Keeps only the first problems, so that it stays small for any file."""

    counts: Counter[str] = field(default_factory=Counter)
    flagged: int = 0
    problems: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.counts[outcome.status] += 1
        if outcome.status in (CONFLICT, INVALID) and len(self.problems) < PROBLEMS_SHOWN:
            self.problems.append(outcome)


class Reporters:
    """The reporter for each event: the one given, or the only active one that may speak for the event's service."""

    def __init__(self, code: str) -> None:
        active = Reporter.objects.filter(stopped_at__isnull=True)
        self.named = None
        self.by_service: dict[str, list[Reporter]] = {}
        if code:
            self.named = active.filter(code=code).first()
            if self.named is None:
                raise CommandError(f"There is no active reporter “{code}”.")
        else:
            for reporter in active.prefetch_related("services"):
                for service in reporter.services.all():
                    self.by_service.setdefault(service.code, []).append(reporter)

    def of(self, event: ReportedEvent) -> Reporter | str:
        """Return the reporter, or a sentence that says why there is not exactly one."""
        if self.named:
            return self.named
        if not event.service:
            return "A correction that names no service needs its reporter. Name one with --reporter."
        found = self.by_service.get(event.service, [])
        if len(found) == 1:
            return found[0]
        if not found:
            return f"No active reporter may speak for “{event.service}”. Name one with --reporter."
        names = ", ".join(reporter.code for reporter in found)
        return f"Several reporters may speak for “{event.service}” ({names}). Name one with --reporter."


class Command(BaseCommand):
    help = (
        "Record disclosures from a file of JSON Lines (one CloudEvent a line, as in the API; corrections, too) or CSV. "
        "Every batch is a transaction of its own and repeating is harmless: after an interruption run it again. Exit "
        "status 1 if a line is invalid."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="UTF-8; .jsonl, .ndjson, .json or .csv")
        parser.add_argument(
            "--reporter", default="", help="in whose name (default: the only one that may speak for each service)"
        )
        parser.add_argument("--format", choices=sorted(set(FORMATS.values())), help="default: by the file's ending")

    def handle(self, *args: Any, file: Path, reporter: str, format: str | None, **options: Any) -> None:
        file_format = format or FORMATS.get(file.suffix.lower())
        if file_format is None:
            raise CommandError(f"{file}: say what it is with --format jsonl or --format csv.")
        report = Report()
        try:
            import_lines(with_progress(file, read_lines(file, file_format)), Reporters(reporter), report)
        except UnreadableFile as error:
            raise CommandError(f"{file}: {error}{so_far(report)}") from error
        except ReporterPaused as error:
            raise CommandError(f"A reporter of the file is paused. Import it again later.{so_far(report)}") from error
        except KeyboardInterrupt as error:
            raise CommandError(f"Interrupted.{so_far(report)}") from error
        self.show(report)
        if invalid := report.counts[INVALID]:
            raise CommandError(f"{invalid} invalid. Correct them and import the file again: nothing is recorded twice.")

    def show(self, report: Report) -> None:
        for status in (CREATED, DUPLICATE, CONFLICT, INVALID):
            self.stdout.write(f"{status:<10}{report.counts[status]:>10}")
        self.stdout.write(f"{'flagged':<10}{report.flagged:>10}  (of those created)")
        for problem in report.problems:
            self.stdout.write(str(problem))
        more = report.counts[CONFLICT] + report.counts[INVALID] - len(report.problems)
        if more:
            self.stdout.write(f"and {more} more")


def so_far(report: Report) -> str:
    created = report.counts[CREATED]
    return f" {created} disclosures were recorded before; importing the file again is harmless." if created else ""


def with_progress(file: Path, lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the same lines, showing the bytes read in a progress bar on a terminal."""
    try:
        size = file.stat().st_size
    except OSError:  # reading the file reports why
        size = None
    with tqdm(total=size, unit="B", unit_scale=True, disable=None, leave=False) as bar:
        for line in lines:
            yield line
            bar.update(line.end - bar.n)


def import_lines(lines: Iterator[Line], reporters: Reporters, report: Report) -> None:
    while batch := list(islice(lines, BATCH_SIZE)):
        import_batch(batch, reporters, report)


def import_batch(batch: list[Line], reporters: Reporters, report: Report) -> None:
    """Record what can be recorded, in one transaction per reporter, and add the result of every line to the report."""
    outcomes: list[Outcome] = []
    groups: dict[Reporter, list[tuple[Line, ReportedEvent]]] = {}
    for line in batch:
        if line.refusal:
            outcomes.append(Outcome(line.number, INVALID, line.refusal.field, line.refusal.detail))
        elif line.event:
            reporter = reporters.of(line.event)
            if isinstance(reporter, str):
                outcomes.append(Outcome(line.number, INVALID, "data.service", reporter))
            else:
                groups.setdefault(reporter, []).append((line, line.event))
    for reporter, group in groups.items():
        results = record_disclosures(events=[event for _line, event in group], by=reporter)
        outcomes += [outcome_of(line, result) for (line, _event), result in zip(group, results, strict=True)]
        report.flagged += sum(result.status == CREATED and bool(result.flags) for result in results)
    for outcome in sorted(outcomes, key=lambda outcome: outcome.number):
        report.add(outcome)


def outcome_of(line: Line, result: RecordingResult) -> Outcome:
    if result.status == CONFLICT:
        return Outcome(line.number, CONFLICT, "id", CONFLICT_REASON)
    return Outcome(line.number, result.status, result.problem.get("field", ""), result.problem.get("detail", ""))
