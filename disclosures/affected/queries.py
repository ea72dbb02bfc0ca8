"""Counts of affected people, the lists that were made, and the rows of a list. Never writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from disclosures.affected.filters import AffectedFilters, Matching, around, filters_of, matching
from disclosures.affected.listed import CORRECTION, DISCLOSURE, RowName, keys_on, names_on, too_many
from disclosures.ledger.shared_records import together_now
from disclosures.models import (
    AffectedList,
    AffectedPerson,
    Correction,
    Disclosure,
    Ground,
    ItemSet,
    Recipient,
    Reporter,
    Scenario,
    Service,
    SharedRecord,
    WithholdingStep,
)
from disclosures.models.ledger.events import DisclosureQuerySet
from privacycenter.database.keyed_rows import HasKeyAmong
from privacycenter.models import User

PER_PAGE = 50
PEOPLE_AT_ONCE = 1_000


@dataclass(frozen=True)
class Counts:
    disclosures: int
    people: int


def affected_counts(filters: AffectedFilters) -> Counts:
    """Return how many disclosures match now, and of how many people: several accounts of one are one.

    One SQL statement, besides the codes'; one more if somebody has several accounts.
    """
    sql, parameters = union_of(matching(filters, timezone.now()))
    shared, key = SharedRecord._meta.db_table, "person_id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH by_person AS (SELECT {key}, count(*) AS rows FROM ({sql}) matching GROUP BY {key})"  # noqa: S608
            f" SELECT coalesce(sum(rows), 0), count(*), (SELECT {joined(text_of(key))} FROM by_person"
            f" WHERE {key} IN (SELECT {key} FROM {shared})) FROM by_person",
            parameters,
        )
        disclosures, accounts, linked = cursor.fetchone()
    return Counts(int(disclosures), accounts - too_many(map(int, linked.split(",")) if linked else ()))


def union_of(found: Matching) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL, and its parameters, of person, time and ``name`` of each row that matches."""
    parts = [
        (mark, *rows.values("person_id", "occurred_at", "id").query.sql_with_params())
        for mark, rows in ((DISCLOSURE, found.reported), (CORRECTION, found.corrected))
    ]
    selects = [
        f"SELECT person_id, occurred_at, '{mark}' || {hex_of('id')} AS name FROM ({sql}) {mark}"  # noqa: S608  ours
        for mark, sql, _parameters in parts
    ]
    return " UNION ALL ".join(selects), tuple(one for _mark, _sql, some in parts for one in some)


def hex_of(column: str) -> str:
    """Return the SQL of an id as 32 hexadecimal digits, as SQLite has it anyway."""
    return f"replace({column}::text, '-', '')" if connection.vendor == "postgresql" else column


def text_of(column: str) -> str:
    return f"cast({column} AS text)"


def joined(expression: str, separator: str = ",") -> str:
    """Return the SQL that joins the values of a group."""
    name = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    return f"{name}({expression}, '{separator}')"


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
    "is_corrected", "same_person_as",
)  # fmt: skip
FETCHED = (
    "person_id", "occurred_at", "recipient_id", "service_id", "scenario_id", "item_set_id", "ground", "reporter_id",
    "event_id",
)  # fmt: skip
# Rows with a code that ``FETCHED`` has the key of, and the place of the key.
REFERENCES = {Recipient: 2, Service: 3, Scenario: 4, ItemSet: 5, Reporter: 7}
CODE_OF_GROUND = {ground.value: ground.code for ground in Ground}
# By person and time; by id where the time is the same, so that a file reads the same each time it is made.
in_order = itemgetter(0, 1, len(FETCHED))


class CodesByKey:
    """Code, or codes, by the key of what a row refers to, read as they are met: many rows refer to few."""

    def __init__(self) -> None:
        self.known: dict[type[Model], dict[int, Any]] = {model: {} for model in REFERENCES}

    def learn(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Know all that these rows refer to. One SQL statement for each kind of which something is new."""
        for model, place in REFERENCES.items():
            if new := {row[place] for row in rows} - self.known[model].keys():
                column = "codes" if model is ItemSet else "code"
                self.known[model].update(model._default_manager.filter(pk__in=new).values_list("pk", column))


def rows_on(made: AffectedList) -> Iterator[dict[str, Any]]:
    """Yield the disclosures that a list is about, with whose they are, by the people's keys, time and id.

    ``is_corrected``: it counts by what its service said later; ``disclosure`` is the row that was corrected.
    ``same_person_as``: the subject of the account that the person logs in to instead of this one; else empty. Five SQL
    statements for each thousand people, and few for the codes that they are the first to have.
    """
    codes = CodesByKey()
    for people in people_on(made):
        users = User.objects.filter(around("pk", people)).values_list("pk", "subject", "merged_into__subject")
        subjects = {pk: (subject, other or "") for pk, subject, other in users}
        rows = sorted(fetched(made, people), key=in_order)
        codes.learn(rows)
        for row in rows:
            yield row_of(subjects, codes.known, row)


def fetched(made: AffectedList, people: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Yield ``FETCHED``, the disclosure's id and whether it is corrected, of the rows on a list of these people."""
    found = listed_rows(made, people)
    for row in found.reported.values_list(*FETCHED, "id"):
        yield (*row, False)
    for row in found.corrected.values_list(*FETCHED, "disclosure_id"):
        yield (*row, True)


def items_on(made: AffectedList) -> set[str]:
    """Return the codes of the items that the disclosures on a list were of. Five SQL statements for each thousand
    people, and one."""
    place = REFERENCES[ItemSet]
    keys = {row[place] for people in people_on(made) for row in fetched(made, people)}
    return {code for codes in ItemSet.objects.filter(pk__in=keys).values_list("codes", flat=True) for code in codes}


def listed_rows(made: AffectedList, people: Sequence[int]) -> Matching:
    """Return the rows on a list of these people, whatever was recorded about them since. One SQL statement, besides the
    codes' of a list that was made before it named its rows."""
    keys = keys_on(made.pk, people)
    if keys is None:
        return matching(filters_of(made.filters), made.asked_at).of_people(people)
    return Matching(
        Disclosure.objects.filter(HasKeyAmong(*keys[DISCLOSURE])).order_by(),
        Correction.objects.filter(HasKeyAmong(*keys[CORRECTION])).order_by(),
    )


def row_of(
    subjects: dict[int, tuple[str, str]], codes: dict[type[Model], dict[int, Any]], row: tuple[Any, ...]
) -> dict[str, Any]:
    person, at, recipient, service, scenario, items, ground, reporter, event_id, id, is_corrected = row
    subject, same_person_as = subjects[person]
    return {
        "subject": subject, "time": at.isoformat(), "recipient": codes[Recipient][recipient],
        "service": codes[Service][service], "scenario": codes[Scenario][scenario], "items": codes[ItemSet][items],
        "ground": CODE_OF_GROUND[ground], "reporter": codes[Reporter][reporter], "event_id": event_id,
        "disclosure": str(id), "is_corrected": is_corrected, "same_person_as": same_person_as,
    }  # fmt: skip


def people_on(made: AffectedList, after: int = 0) -> Iterator[list[int]]:
    """Yield the keys of the people on a list, a thousand at a time, in order."""
    while people := next_people(made, after, PEOPLE_AT_ONCE):
        yield people
        after = people[-1]


def next_people(made: AffectedList, after: int, count: int) -> list[int]:
    rows = AffectedPerson.objects.filter(id=made.pk, person_id__gt=after).order_by("person_id")
    return list(rows.values_list("person_id", flat=True)[:count])


def own_rows(person: User, lists: Sequence[AffectedList]) -> list[Matching]:
    """Return the rows on each list that are this person's. One SQL statement; those of ``matching`` for each list that
    was made before the rows were kept."""
    names = names_on([made.pk for made in lists], person.keys)
    return [own_rows_on(person, made, names[made.pk]) for made in lists if made.pk in names]


def own_rows_on(person: User, made: AffectedList, names: Mapping[int, set[RowName]]) -> Matching:
    if any(not some for some in names.values()):
        return matching(filters_of(made.filters), made.asked_at).of_people(person.keys)
    ids: dict[str, list[UUID]] = {DISCLOSURE: [], CORRECTION: []}
    for mark, id in set().union(*names.values()):
        ids[mark].append(id)
    return Matching(
        Disclosure.objects.filter(person_id__in=person.keys, id__in=ids[DISCLOSURE]),
        Correction.objects.filter(person_id__in=person.keys, id__in=ids[CORRECTION]),
    )


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
    about: dict[int, set[UUID]] = {}
    for person, id in disclosures_of(made, sorted(kept)):
        about.setdefault(person, set()).add(id)
    return {person: next(iter(ids)) for person, ids in about.items() if ids <= kept[person]}


def disclosures_of(made: AffectedList, people: Sequence[int]) -> Iterator[tuple[int, UUID]]:
    """Yield person and disclosure of each row on a list of these people."""
    found = listed_rows(made, people)
    yield from found.reported.values_list("person_id", "id")
    yield from found.corrected.values_list("person_id", "disclosure_id")


def services_of(made: AffectedList, people: Sequence[int]) -> set[tuple[str, str]]:
    """Return subject and code of the service, of the rows on a list of these people. Three SQL statements, besides the
    codes'."""
    found = listed_rows(made, people)
    columns = ("person__subject", "service__code")
    return {*found.reported.values_list(*columns), *found.corrected.values_list(*columns)}
