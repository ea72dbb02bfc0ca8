"""A person's own record: always starting from the person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from disclosures.models import Disclosure, Flag, Ground, Recipient, Service
from disclosures.models.ledger import DisclosureQuerySet
from disclosures.queries import pages
from disclosures.queries.corrections import CorrectionView, corrections_of
from disclosures.queries.names import Names
from disclosures.queries.publications import Document
from privacycenter.models import User
from privacycenter.paging import make_cursor, read_cursor
from privacycenter.words import Words

PAGE_SIZE = 25
MONTHS_SHOWN = 12


# --- By recipient ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecipientSummary:
    """What one recipient holds of one person. Times are those of the disclosures."""

    recipient: Recipient
    count: int
    flagged_count: int
    first_at: datetime
    last_at: datetime
    items: list[Words]
    services: list[Words]
    scenarios: list[Words]


def recipient_summaries(person: User, document: Document | None) -> list[RecipientSummary]:
    """Every recipient of the person's data, the most recent first. Two SQL statements."""
    groups: dict[int, list[dict]] = {}
    for group in grouped(person.disclosures.all()):
        groups.setdefault(group["recipient_id"], []).append(group)
    recipients = Recipient.objects.with_country().in_bulk(groups)
    names = Names(document)
    summaries = [summary_of(recipients[key], rows, names) for key, rows in groups.items()]
    return sorted(summaries, key=lambda summary: summary.last_at, reverse=True)


def recipient_summary(person: User, code: str, document: Document | None) -> RecipientSummary | None:
    """None if this recipient never received anything of this person. Two SQL statements."""
    recipient = Recipient.objects.with_country().filter(code=code).first()
    rows = list(grouped(person.disclosures.to_recipient(recipient))) if recipient else []
    return summary_of(recipient, rows, Names(document)) if rows else None


def grouped(disclosures: DisclosureQuerySet) -> Iterable[dict]:
    return (
        disclosures.values("recipient_id", "service__code", "scenario__code", "item_set__codes")
        .annotate(
            count=Count("id"),
            flagged_count=Count("id", filter=Q(flags__gt=0)),
            first_at=Min("occurred_at"),
            last_at=Max("occurred_at"),
        )
        .order_by()
    )


def summary_of(recipient: Recipient, rows: Sequence[dict], names: Names) -> RecipientSummary:
    newest_first = sorted(rows, key=lambda row: row["last_at"], reverse=True)
    return RecipientSummary(
        recipient=recipient,
        count=sum(row["count"] for row in rows),
        flagged_count=sum(row["flagged_count"] for row in rows),
        first_at=min(row["first_at"] for row in rows),
        last_at=max(row["last_at"] for row in rows),
        items=names.items({code for row in rows for code in row["item_set__codes"]}),
        services=[names.service(code) for code in dict.fromkeys(row["service__code"] for row in newest_first)],
        scenarios=[names.scenario(code) for code in dict.fromkeys(row["scenario__code"] for row in newest_first)],
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
    start = timezone.make_aware(datetime.combine(begins[0], datetime.min.time()))
    counts = {
        row["month"].date(): row["count"]
        for row in person.disclosures.filter(occurred_at__gte=start)
        .values(month=TruncMonth("occurred_at"))
        .annotate(count=Count("id"))
        .order_by()
    }
    return [Month(day, counts.get(day, 0)) for day in begins]


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


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Empty means everything."""

    recipient: str = ""
    service: str = ""
    scenario: str = ""
    flagged: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Filters()


def disclosure_list(
    person: User, document: Document | None, *, filters: Filters = Filters(), cursor: str = ""
) -> DisclosureList:
    """One page, newest first, by keyset: the deepest page costs what the first does. Two SQL statements.

    A cursor that is not ours is treated as none. Items come in the order of the data items.
    """
    matching = narrowed(person.disclosures.all(), filters).with_references()
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


def narrowed(disclosures: DisclosureQuerySet, filters: Filters) -> DisclosureQuerySet:
    if filters.recipient:
        disclosures = disclosures.filter(recipient__code=filters.recipient)
    if filters.service:
        disclosures = disclosures.filter(service__code=filters.service)
    if filters.scenario:
        disclosures = disclosures.filter(scenario__code=filters.scenario)
    return disclosures.flagged() if filters.flagged else disclosures


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


@dataclass(frozen=True)
class DisclosurePage:
    """One disclosure in full. ``scenario_address``: where the scene is described; empty if it is not published."""

    disclosure: Disclosure
    items: list[Words]
    ground: Ground
    flags: list[Flag]
    scenario_address: str
    corrections: list[CorrectionView]


def disclosure_page(person: User, disclosure_id: UUID, document: Document | None) -> DisclosurePage | None:
    """None if this person has no such disclosure. Two SQL statements."""
    disclosure = person.disclosures.with_references().filter(id=disclosure_id).first()
    if disclosure is None:
        return None
    is_published = document and not pages.is_missing(document, "scenarios", disclosure.scenario.code)
    published = pages.scenario(document, disclosure.scenario.code) if document and is_published else None
    names = Names(document)
    return DisclosurePage(
        disclosure=disclosure,
        items=names.items(disclosure.item_set.codes),
        ground=Ground(disclosure.ground),
        flags=disclosure.flag_reasons,
        scenario_address=published.address if published else "",
        corrections=corrections_of(person, [disclosure], names).get(disclosure.id, []),
    )
