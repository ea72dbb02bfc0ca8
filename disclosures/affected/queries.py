"""Counts of affected people, the lists that were made, and the rows of a list. Never writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.utils import timezone

from disclosures.affected.filters import AffectedFilters, Matching, filters_of, matching
from disclosures.ledger.shared_records import together_now
from disclosures.models import AffectedList, AffectedPerson, Ground, WithholdingStep
from disclosures.models.ledger import DisclosureQuerySet
from privacycenter.models import User

PER_PAGE = 50
PEOPLE_AT_ONCE = 1_000


@dataclass(frozen=True)
class Counts:
    disclosures: int
    people: int


def affected_counts(filters: AffectedFilters) -> Counts:
    """Return how many disclosures match now, and of how many people. One SQL statement, besides the codes'."""
    sql, parameters = union_of(matching(filters, timezone.now()))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(DISTINCT person_id) FROM ({sql}) matching", parameters)  # noqa: S608
        disclosures, people = cursor.fetchone()
    return Counts(disclosures, people)


def union_of(found: Matching) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL, and its parameters, of person and time of each row that matches."""
    parts = [
        rows.values("person_id", "occurred_at").query.sql_with_params() for rows in (found.reported, found.corrected)
    ]
    return " UNION ALL ".join(sql for sql, _parameters in parts), tuple(one for _sql, some in parts for one in some)


# --- Lists -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListRow:
    """One list, without who is on it. ``staff``: who asked for it; empty for a command."""

    list: AffectedList
    filters: AffectedFilters
    staff: str


def affected_lists(page: str = "") -> "Page[Any]":
    """Return a page of ``ListRow``s, newest first. Two SQL statements."""
    shown: Page[Any] = Paginator(AffectedList.objects.newest_first().with_staff(), PER_PAGE).get_page(page)
    shown.object_list = [list_row(one) for one in shown.object_list]
    return shown


def list_row(made: AffectedList) -> ListRow:
    return ListRow(made, filters_of(made.filters), str(made.asked_by or ""))


def affected_list(id: UUID) -> ListRow | None:
    """Return one list, or None. One SQL statement."""
    found = AffectedList.objects.with_staff().filter(pk=id).first()
    return list_row(found) if found else None


# --- What a list holds -----------------------------------------------------------------------------------------------

COLUMNS = (
    "subject", "time", "recipient", "service", "scenario", "items", "ground", "reporter", "event_id", "disclosure",
    "is_corrected",
)  # fmt: skip
FETCHED = (
    "person_id", "occurred_at", "recipient__code", "service__code", "scenario__code", "item_set__codes", "ground",
    "reporter__code", "event_id",
)  # fmt: skip


def rows_on(made: AffectedList) -> Iterator[dict[str, Any]]:
    """Yield the disclosures that a list is about, with whose they are, in the order of the people's keys.

    ``is_corrected``: it counts by what its service said later; ``disclosure`` is the row that was corrected. Four SQL
    statements for each thousand people.
    """
    found = matching(filters_of(made.filters), made.asked_at)
    for people in people_on(made):
        subjects = dict(User.objects.filter(pk__in=people).values_list("pk", "subject"))
        of_these = found.of_people(people)
        rows = [
            *((*row, False) for row in of_these.reported.values_list(*FETCHED, "id").iterator()),
            *((*row, True) for row in of_these.corrected.values_list(*FETCHED, "disclosure_id").iterator()),
        ]
        for row in sorted(rows, key=lambda row: row[:2]):
            yield row_of(subjects, row)


def row_of(subjects: dict[int, str], row: tuple[Any, ...]) -> dict[str, Any]:
    person, at, recipient, service, scenario, items, ground, reporter, event_id, id, is_corrected = row
    return {
        "subject": subjects[person], "time": at.isoformat(), "recipient": recipient, "service": service,
        "scenario": scenario, "items": items, "ground": Ground(ground).code, "reporter": reporter,
        "event_id": event_id, "disclosure": str(id), "is_corrected": is_corrected,
    }  # fmt: skip


def people_on(made: AffectedList, after: int = 0) -> Iterator[list[int]]:
    """Yield the keys of the people on a list, a thousand at a time, in order."""
    while people := next_people(made, after, PEOPLE_AT_ONCE):
        yield people
        after = people[-1]


def next_people(made: AffectedList, after: int, count: int) -> list[int]:
    rows = AffectedPerson.objects.filter(id=made.pk, person_id__gt=after).order_by("person_id")
    return list(rows.values_list("person_id", flat=True)[:count])


def own_rows(person: User, lists: Iterable[AffectedList]) -> list[Matching]:
    """Return the rows on each list that are this person's. The SQL statements of ``matching`` for each."""
    return [matching(filters_of(made.filters), made.asked_at).of_people(person.keys) for made in lists]


def own_disclosures(person: User, own: Iterable[Matching]) -> DisclosureQuerySet:
    """Select the disclosures of ``own_rows`` that the person may see. As reported: a correction of one is told beside
    it. Two SQL statements for each list.
    """
    ids: set[UUID] = set()
    for found in own:
        ids |= {*found.reported.values_list("id", flat=True), *found.corrected.values_list("disclosure_id", flat=True)}
    return person.disclosures.shown_to(person).filter(id__in=ids)


def own_recipients(person: User, own: Iterable[Matching]) -> list[str]:
    """Return the codes of the recipients that these disclosures count for, in their order. Two SQL statements for each
    list."""
    codes: dict[str, None] = {}
    shown = person.disclosures.shown_to(person).order_by().values("id")
    for found in own:
        codes.update(dict.fromkeys(found.reported.filter(id__in=shown).values_list("recipient__code", flat=True)))
        by_correction = found.corrected.filter(disclosure_id__in=shown)
        codes.update(dict.fromkeys(by_correction.values_list("recipient__code", flat=True)))
    return list(codes)


def only_withheld(made: AffectedList) -> dict[int, UUID]:
    """Return those people on a list of whom the law keeps back all that it is about → one of these disclosures.

    Few SQL statements: there are few such entries.
    """
    kept: dict[int, set[UUID]] = {}
    for person, disclosure in WithholdingStep.objects.in_force().values_list("person_id", "disclosure_id"):
        kept.setdefault(person, set()).add(disclosure)
    if not kept:
        return {}
    # What is kept from one account of a person is kept from all: an event may be reported about several.
    others = together_now(list(kept))
    for account, more in others.items():
        for other in more:
            kept.setdefault(other, set()).update(kept[account])
    found = matching(filters_of(made.filters), made.asked_at).of_people(sorted(kept))
    about: dict[int, set[UUID]] = {}
    for person, id in [
        *found.reported.values_list("person_id", "id"), *found.corrected.values_list("person_id", "disclosure_id"),
    ]:  # fmt: skip
        about.setdefault(person, set()).add(id)
    return {person: next(iter(ids)) for person, ids in about.items() if ids <= kept[person]}
