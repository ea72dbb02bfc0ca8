"""Queries of a person's own record. Every query starts from the person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from disclosures.models import Disclosure, HiddenRecipient, Recipient, Service
from disclosures.models.ledger import DisclosureQuerySet
from disclosures.publishing.publications import Document
from disclosures.publishing.titles import Names
from disclosures.record.corrections import CorrectionView, corrections_of
from disclosures.record.effective_record import CorrectedRecord, corrected_record
from disclosures.record.filters import midnight
from disclosures.record.record_totals import Combination, between, combinations, newest_first
from privacycenter.http.paging import make_cursor, read_cursor
from privacycenter.models import User
from privacycenter.text.words import Words

PAGE_SIZE = 25
MONTHS_SHOWN = 12


# --- By recipient ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecipientSummary:
    """What one recipient received about one person. Times are those of the disclosures. ``items`` are the titles of
    ``codes``.

    ``new_count`` is the number of disclosures recorded since ``new_since``; ``is_new``: none was recorded before.
    ``is_hidden``: the person hides it from the overview.
    """

    recipient: Recipient
    count: int
    flagged_count: int
    first_at: datetime
    last_at: datetime
    items: list[Words]
    codes: frozenset[str]
    services: list[Words]
    scenarios: list[Words]
    new_count: int = 0
    is_new: bool = False
    is_hidden: bool = False


def recipient_summaries(
    person: User, document: Document | None, *, before: datetime | None = None, new_since: datetime | None = None
) -> list[RecipientSummary]:
    """Return every recipient of the person's data, most recent first. Two SQL statements.

    With ``before``, only disclosures that occurred before that moment count.
    """
    groups: dict[int, list[Combination]] = {}
    for one in combinations(corrected_record(person), between(None, before), new_since=new_since):
        groups.setdefault(one.recipient_id, []).append(one)
    is_hidden = Exists(HiddenRecipient.objects.filter(person=person, recipient=OuterRef("pk")))
    recipients = Recipient.objects.with_country().annotate(is_hidden=is_hidden).in_bulk(groups)
    names = Names(document)
    summaries = [summary_of(recipients[key], rows, names, new_since) for key, rows in groups.items()]
    return sorted(summaries, key=lambda summary: summary.last_at, reverse=True)


def recipient_named(person: User, code: str) -> Recipient | None:
    """Return the recipient with ``is_hidden``, whether or not it received anything. One SQL statement."""
    is_hidden = Exists(HiddenRecipient.objects.filter(person=person, recipient=OuterRef("pk")))
    found = Recipient.objects.with_country().annotate(is_hidden=is_hidden).filter(code=code)
    return cast("Recipient | None", found.first())


def recipient_summary(person: User, recipient: Recipient, document: Document | None) -> RecipientSummary | None:
    """Return what a recipient received. None if nothing counts as provided to it. One SQL statement.

    ``recipient`` must have ``is_hidden``.
    """
    rows = combinations(corrected_record(person), Q(recipient=recipient))
    return summary_of(recipient, rows, Names(document), None) if rows else None


def summary_of(
    recipient: Recipient, rows: Sequence[Combination], names: Names, new_since: datetime | None
) -> RecipientSummary:
    """Sum up the combinations of one recipient, which must have ``is_hidden``."""
    in_order = newest_first(rows)
    codes = frozenset(code for row in rows for code in row.items)
    return RecipientSummary(
        recipient=recipient,
        count=sum(row.count for row in rows),
        flagged_count=sum(row.count for row in rows if row.is_flagged),
        first_at=min(row.first_at for row in rows),
        last_at=in_order[0].last_at,
        items=names.items(codes),
        codes=codes,
        services=[names.service(code) for code in dict.fromkeys(row.service for row in in_order)],
        scenarios=[names.scenario(code) for code in dict.fromkeys(row.scenario for row in in_order)],
        new_count=sum(row.new_count for row in rows),
        is_new=bool(new_since and min(row.first_recorded_at for row in rows) >= new_since),
        is_hidden=getattr(recipient, "is_hidden", False),
    )


# --- By month --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Month:
    """Number of disclosures that occurred in the month beginning on this day (site's time zone)."""

    begins_on: date
    count: int


def months(person: User) -> list[Month]:
    """Return the last twelve months, the current one last, including months without disclosures. One SQL statement."""
    today = timezone.localdate()
    begins = [month_before(today, distance) for distance in reversed(range(MONTHS_SHOWN))]
    within = between(midnight(begins[0]), midnight(month_before(today, -1)))
    counts = counts_by_month(corrected_record(person), within, begins)
    return [Month(day, counts[day]) for day in begins]


def months_between(first: datetime, last: datetime) -> list[date]:
    """Return the first day of each month from that of ``first`` to that of ``last``."""
    day, end = timezone.localdate(first).replace(day=1), timezone.localdate(last)
    distance = (end.year - day.year) * 12 + end.month - day.month
    return [month_before(end, number) for number in reversed(range(distance + 1))]


def counts_by_month(record: CorrectedRecord, condition: Q, begins: Sequence[date]) -> Counter[date]:
    """Return first day of a month → number of disclosures that count under this condition. One SQL statement.

    The condition MUST exclude disclosures outside these months. Times are compared with the beginnings of months, which
    is cheap in both engines: to find the month in the site's time zone, SQLite would call Python for each row, a second
    for 100,000.
    """
    if not begins:
        return Counter()
    latest_first = sorted(begins, reverse=True)
    month = Case(*(When(occurred_at__gte=midnight(day), then=Value(n)) for n, day in enumerate(latest_first)))
    counts: Counter[date] = Counter()
    for group, _is_corrected in record.groups(condition, {"month": month}, {"count": Count("id")}):
        counts[latest_first[group["month"]]] += group["count"]
    return counts


def month_before(today: date, distance: int) -> date:
    """Return the first day of the month ``distance`` months before today's."""
    index = today.year * 12 + today.month - 1 - distance
    return date(index // 12, index % 12 + 1, 1)


# --- One by one ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DisclosureRow:
    """One line of a list of disclosures."""

    id: UUID
    recipient: Recipient
    service: Service
    scenario: Words
    items: list[Words]
    occurred_at: datetime
    is_flagged: bool
    is_unapproved: bool
    corrections: list[CorrectionView]


@dataclass(frozen=True)
class DisclosureList:
    """One page of the list. ``older`` and ``newer`` are cursors, empty if there is no such page."""

    rows: list[DisclosureRow]
    older: str
    newer: str


def disclosure_list(
    person: User,
    document: Document | None,
    *,
    matching: DisclosureQuerySet | None = None,
    cursor: str = "",
) -> DisclosureList:
    """Return one page, newest first, by keyset: every page costs the same. Two SQL statements.

    ``matching`` are the person's disclosures that match the filters. An invalid cursor is ignored. Items come in the
    order of the data items.
    """
    matching = (person.disclosures.all() if matching is None else matching).with_references()
    direction, position = read_cursor(cursor)
    if direction == "newer" and position:
        found = list(matching.newer_than(*position).oldest_first()[: PAGE_SIZE + 1])
        shown = found[:PAGE_SIZE][::-1]
        has_newer, has_older = len(found) > PAGE_SIZE, True
    else:
        found = list((matching.older_than(*position) if position else matching).newest_first()[: PAGE_SIZE + 1])
        shown = found[:PAGE_SIZE]
        has_newer, has_older = bool(position), len(found) > PAGE_SIZE
    names = Names(document)
    corrected = corrections_of(person, shown, names)
    return DisclosureList(
        rows=[row_of(disclosure, names, corrected.get(disclosure.id, [])) for disclosure in shown],
        older=make_cursor("older", shown[-1].occurred_at, shown[-1].id) if shown and has_older else "",
        newer=make_cursor("newer", shown[0].occurred_at, shown[0].id) if shown and has_newer else "",
    )


def row_of(disclosure: Disclosure, names: Names, corrections: list[CorrectionView]) -> DisclosureRow:
    return DisclosureRow(
        id=disclosure.id,
        recipient=disclosure.recipient,
        service=disclosure.service,
        scenario=disclosure.scenario.name,
        items=names.items(disclosure.item_set.codes),
        occurred_at=disclosure.occurred_at,
        is_flagged=bool(disclosure.flags),
        is_unapproved=disclosure.is_unapproved,
        corrections=corrections,
    )
