"""A person's own record: always starting from the person."""

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
    """What one recipient received of one person. Times are those of the disclosures. ``items``: those of ``codes``.

    ``new_count``: disclosures recorded since the moment that was asked for; ``is_new``: nothing was recorded before it.
    ``is_hidden``: the person keeps it off the overview.
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
    """Every recipient of the person's data, the most recent first. Two SQL statements.

    ``before``: only what was provided before that moment counts.
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
    """With ``is_hidden``, whether or not it received anything. One SQL statement."""
    is_hidden = Exists(HiddenRecipient.objects.filter(person=person, recipient=OuterRef("pk")))
    found = Recipient.objects.with_country().annotate(is_hidden=is_hidden).filter(code=code)
    return cast("Recipient | None", found.first())


def recipient_summary(person: User, recipient: Recipient, document: Document | None) -> RecipientSummary | None:
    """``recipient`` comes with ``is_hidden``. None if nothing counts as provided to it. One SQL statement."""
    rows = combinations(corrected_record(person), Q(recipient=recipient))
    return summary_of(recipient, rows, Names(document), None) if rows else None


def summary_of(
    recipient: Recipient, rows: Sequence[Combination], names: Names, new_since: datetime | None
) -> RecipientSummary:
    """``recipient`` comes with ``is_hidden``."""
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
    """How many disclosures occurred in the month that begins on this day (site time zone)."""

    begins_on: date
    count: int


def months(person: User) -> list[Month]:
    """The last twelve months, this one last, also those without a disclosure. One SQL statement."""
    today = timezone.localdate()
    begins = [month_before(today, distance) for distance in reversed(range(MONTHS_SHOWN))]
    within = between(midnight(begins[0]), midnight(month_before(today, -1)))
    counts = counts_by_month(corrected_record(person), within, begins)
    return [Month(day, counts[day]) for day in begins]


def months_between(first: datetime, last: datetime) -> list[date]:
    """The first day of each month from that of one moment to that of the other."""
    day, end = timezone.localdate(first).replace(day=1), timezone.localdate(last)
    distance = (end.year - day.year) * 12 + end.month - day.month
    return [month_before(end, number) for number in reversed(range(distance + 1))]


def counts_by_month(record: CorrectedRecord, condition: Q, begins: Sequence[date]) -> Counter[date]:
    """First day of a month → how many disclosures count in it, under this condition, which leaves only such as occurred
    in these months. One SQL statement.

    A time is compared with the months' beginnings, as cheap on both engines: for its month in the site's time zone
    SQLite would have to ask Python at each row, a second for 100,000.
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
    """The first day of the month that many months before today's."""
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
    """One page of the list. ``older`` and ``newer``: cursors, empty where there is no such page."""

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
    """One page, newest first, by keyset: the deepest page costs what the first does. Two SQL statements.

    ``matching``: those of the person's disclosures that the list is narrowed to. A cursor that is not ours is treated
    as none. Items come in the order of the data items.
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
