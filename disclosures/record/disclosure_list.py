"""One page of a list of disclosures, one row each, with what was corrected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from disclosures.models import Disclosure
from disclosures.models.ledger.events import DisclosureQuerySet
from disclosures.public.titles import Names
from disclosures.record.corrections import CorrectionView, corrections_of, key_of
from disclosures.record.effective_record import Narrowing, corrected_record, narrowed_to
from privacycenter.database.person_queries import PersonQuery
from privacycenter.http.paging import Place, first_of, make_cursor, read_cursor
from privacycenter.models import User
from privacycenter.text.words import Words

PAGE_SIZE = 25


@dataclass(frozen=True)
class DisclosureRow:
    """One line of a list of disclosures. ``account``: under which of the person's accounts, 1 is the own one."""

    id: UUID
    account: int
    recipient: Words
    service: Words
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
    names: Names,
    *,
    matching: DisclosureQuerySet | None = None,
    narrowing: Narrowing | None = None,
    has_corrected: bool = True,
    cursor: str = "",
    for_officers: bool = False,
) -> DisclosureList:
    """Return one page, newest first, by keyset: every page costs the same. Two SQL statements.

    All of the person's disclosures, or those that ``matching`` selects, or that ``narrowing`` leaves; with it, whether
    any of these was corrected. An invalid cursor is ignored. Items come in the order of the data items.
    """
    direction, position = read_cursor(cursor)
    is_newer = direction == "newer" and bool(position)
    place: dict[str, Any] = {"position": position, "is_newer": is_newer}
    if matching is not None:
        found = list(page_of(matching, person, **place))
    elif narrowing is not None:
        found = NARROWED_PAGE.rows(person, narrowing=narrowing, has_corrected=has_corrected, **place)
    else:
        found = PAGE.rows(person, **place)
    shown = first_of(found, PAGE_SIZE, place_of)
    if is_newer:
        shown, has_newer, has_older = shown[::-1], len(found) > len(shown), True
    else:
        has_newer, has_older = bool(position), len(found) > len(shown)
    corrected = corrections_of(person, shown, names, for_officers=for_officers)
    return DisclosureList(
        rows=[row_of(disclosure, person, names, corrected.get(key_of(disclosure), [])) for disclosure in shown],
        older=make_cursor("older", shown[-1].occurred_at, shown[-1].id) if shown and has_older else "",
        newer=make_cursor("newer", shown[0].occurred_at, shown[0].id) if shown and has_newer else "",
    )


def page_of(
    matching: DisclosureQuerySet, person: User, *, position: Place | None, is_newer: bool
) -> DisclosureQuerySet:
    """Select the rows of a page from a position on, and one more of each account."""
    rows, count = matching.with_codes(), PAGE_SIZE + len(person.keys)
    if position and is_newer:
        return rows.newer_than(*position).oldest_first()[:count]
    return (rows.older_than(*position) if position else rows).newest_first()[:count]


def narrowed_page(person: User, *, narrowing: Narrowing, has_corrected: bool, **place: Any) -> DisclosureQuerySet:
    rows = corrected_record(person).matching(narrowed_to(**narrowing), has_corrected=has_corrected)
    return page_of(rows, person, **place)


PAGE = PersonQuery(lambda person, **place: page_of(person.disclosures.shown_to(person), person, **place))
NARROWED_PAGE = PersonQuery(narrowed_page, is_prepared=False)


def place_of(disclosure: Disclosure) -> Place:
    return disclosure.occurred_at, disclosure.id


def row_of(disclosure: Disclosure, person: User, names: Names, corrections: list[CorrectionView]) -> DisclosureRow:
    return DisclosureRow(
        id=disclosure.id,
        account=person.keys.index(disclosure.person_id) + 1,
        recipient=names.recipient(disclosure.recipient.code),
        service=names.service(disclosure.service.code),
        scenario=names.scenario(disclosure.scenario.code),
        items=names.items(disclosure.item_set.codes),
        occurred_at=disclosure.occurred_at,
        is_flagged=bool(disclosure.warnings),
        is_unapproved=disclosure.is_unapproved,
        corrections=corrections,
    )
