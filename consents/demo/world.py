"""Loading the made-up world, or what is missing of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import merge
from pathlib import Path

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from consents.demo.approvals import ask_all
from consents.demo.cast import LogIn, ensure_log_ins, ensure_reporters
from consents.demo.clock import Calendar, clock_at
from consents.demo.corrections import correct_all
from consents.demo.countersignatures import sign_all
from consents.demo.episodes import HOTEL, crowd, stories, told
from consents.demo.heartbeats import send_heartbeats
from consents.demo.inquiries import write_inquiries
from consents.demo.questions import ask_questions
from consents.demo.representatives import appoint
from disclosures.ledger.evidence import informed_by
from disclosures.ledger.people import ensure_people
from disclosures.ledger.recording import CREATED, Event, record_disclosures
from disclosures.models import Publication, Recipient, Reporter
from disclosures.packs.actions import load_content
from disclosures.packs.files import read_shipped_pack
from disclosures.publishing.actions import publish_content
from privacycenter.errors import NothingToPublish
from privacycenter.models import User
from privacycenter.outbox.working import work_off

BATCH_SIZE = 500
BEGINNING = timedelta(days=430)


@dataclass(frozen=True)
class Loaded:
    """What one load added. ``statuses``: how many events were created, duplicate, …; ``flagged``: of those created."""

    log_ins: list[LogIn]
    recipient_count: int
    people_count: int
    request_count: int
    inquiry_count: int
    statuses: Counter[str]
    flagged: int

    @property
    def added_anything(self) -> bool:
        counts = (self.recipient_count, self.people_count, self.request_count, self.inquiry_count)
        return bool(self.log_ins or self.statuses[CREATED]) or any(counts)


def load_world(*, people_count: int, disclosure_count: int, seed: int, password: str, spare_password: str) -> Loaded:
    """Add what is missing of the made-up world and leave the rest alone. The starter content must be loaded.

    Raises a Refusal if it is not. Each step is a transaction of its own: after an interruption, load again.
    """
    days = Calendar(timezone.now())
    recipient_count = publish_all(days.now)
    log_ins = ensure_log_ins(password=password, spare_password=spare_password)
    reporters = ensure_reporters(since=days.now - BEGINNING)
    further = [f"demo-person-{number:06d}" for number in range(1, people_count + 1)]
    new_people = ensure_further_people(further)
    request_count = ask_all(days=days, reporters=reporters)
    appoint(now=days.now)
    events = merge(named(seed, days), crowd(seed, further, disclosure_count, days), key=lambda event: event.occurred_at)
    statuses, flagged = record_all(informed(events), reporters, days.now)
    correct_all(seed=seed, now=days.now)
    sign_all(now=days.now)
    ask_questions(days=days, reporters=reporters)
    inquiry_count = write_inquiries(days=days)
    # Until a worker starts, work dated in the past would show as a lag of months.
    work_off()
    send_heartbeats(reporters=reporters, since=days.now - BEGINNING, now=days.now)
    work_off()
    return Loaded(log_ins, recipient_count, new_people, request_count, inquiry_count, statuses, flagged)


@transaction.atomic
def publish_all(now: datetime) -> int:
    """Publish what is not published yet. Return how many made-up recipients and countries were added.

    A first publication is dated before the first disclosure, so that each disclosure names the text of its day.
    """
    is_first, beginning = Publication.objects.newest() is None, now - BEGINNING
    if is_first:
        with clock_at(beginning):
            publish_content(by=None, reason="公開を開始")
    with clock_at(beginning + timedelta(days=1) if is_first else now):
        return ensure_recipients()


def ensure_recipients() -> int:
    """Load and publish the made-up recipients unless all exist: later changes by editors stay."""
    pack = read_shipped_pack(Path(apps.get_app_config("disclosures").path) / "demo")
    codes = {entry.code for entry in pack.recipients}
    added = 0
    if Recipient.objects.filter(code__in=codes).count() < len(codes):
        added = load_content(pack=pack)["added"]
    if added:
        with suppress(NothingToPublish):
            publish_content(by=None, reason="デモ用の架空の提供先を追加")
    return added


def ensure_further_people(subjects: list[str]) -> int:
    """Make people known by subject only. Return how many were new."""
    before = User.objects.count()
    for start in range(0, len(subjects), BATCH_SIZE):
        ensure_people(subjects=set(subjects[start : start + BATCH_SIZE]))
    return User.objects.count() - before


def named(seed: int, days: Calendar) -> list[Event]:
    """Return the events of those with a story, oldest first. People with a story from another seed keep that one."""
    events = []
    for subject, happenings in stories(seed, days).items():
        made_up = User.objects.get(subject=subject).disclosures.filter(event_id__startswith="demo-")
        if not made_up.exclude(event_id__startswith=f"demo-{seed}-").exists():
            events += told(seed, subject, happenings)
    return sorted(events, key=lambda event: event.occurred_at)


def informed(events: Iterable[Event]) -> Iterator[Event]:
    """Cite in events about the hotel abroad the first publication that told people of it and its country."""
    first = first_about(HOTEL.recipient)
    for event in events:
        if event.recipient == HOTEL.recipient and event.evidence:
            yield replace(event, evidence=event.evidence._replace(shown_publication=first))
        else:
            yield event


def first_about(recipient: str) -> int | None:
    """Return the number of the first publication that tells of this recipient abroad. It stays the same."""
    rows = Publication.objects.order_by("number").values_list("number", "document").iterator(1)
    return next((number for number, text in rows if recipient in {code for code, _country in informed_by(text)}), None)


def record_all(events: Iterable[Event], reporters: dict[str, Reporter], now: datetime) -> tuple[Counter[str], int]:
    """Report the events as if their services had sent them then: in batches, soon after they occurred."""
    statuses: Counter[str] = Counter()
    flagged = 0
    for reporter, batch in batches(events, reporters):
        newest = max(event.occurred_at for event in batch)
        with clock_at(min(now, newest + timedelta(minutes=10))):
            results = record_disclosures(events=batch, by=reporter)
        statuses.update(result.status for result in results)
        flagged += sum(result.status == CREATED and bool(result.flags) for result in results)
    return statuses, flagged


def batches(events: Iterable[Event], reporters: dict[str, Reporter]) -> Iterator[tuple[Reporter, list[Event]]]:
    """Yield each reporter's events in batches of one week and at most ``BATCH_SIZE``."""
    waiting: dict[Reporter, list[Event]] = {}
    for event in events:
        reporter = reporters[event.service]
        batch = waiting.setdefault(reporter, [])
        if batch and (len(batch) == BATCH_SIZE or week(event) > week(batch[0])):
            yield reporter, batch
            batch = waiting[reporter] = []
        batch.append(event)
    yield from waiting.items()


def week(event: Event) -> tuple[int, int]:
    return event.occurred_at.isocalendar()[:2]
