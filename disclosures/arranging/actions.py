"""Actions that change the order of pages, of sections and of the entries in them."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from disclosures.content.entries import row_of
from disclosures.content.parts import own
from disclosures.editing.page_outline import page_outline, pages_outline, siblings_of, title_of
from disclosures.models import Page, Section
from disclosures.writing.actions import lock_working_copy, written_down
from privacycenter.errors import TextChanged, UnknownCode
from privacycenter.models import User


@dataclass(frozen=True)
class Place:
    """The new place of an entry: its number from 1 among ``count`` of its kind.

    ``section`` is the title of the section it was moved to, empty if it stayed in its own.
    """

    title: str
    number: int
    count: int
    section: str = ""


@transaction.atomic
def arrange_page(*, page: Page, kind: str, code: str, to: str, section: str = "", seen: str, by: User | None) -> Place:
    """Move a section, or an entry of a section, on its page.

    ``to`` is ``up``, ``down`` or an index from 0; beyond an end, the entry stops at that end. ``section`` is the code
    of another section of the page to move the entry to; it does not apply to sections.

    ``seen`` is the hash of the outline that the editor saw. Raises TextChanged if the order changed since, and
    UnknownCode for a code that is not on the page; then nothing is moved.
    """
    lock_working_copy()
    if page_outline(page).sha256 != seen:
        raise TextChanged("The order was changed meanwhile.")
    row: Any = row_of(kind, code) if kind in ("sections", "definitions", "scenarios", "questions") else None
    if row is None or (row if kind == "sections" else row.section).page_id != page.pk:
        raise UnknownCode(f"“{code}” is not on this page.")
    target = None
    if section and kind != "sections" and section != row.section.code:
        target = Section.objects.filter(page=page, code=section).first()
        if target is None:
            raise UnknownCode(f"There is no section “{section}” on this page.")
    if target is None:
        return put_in_order(row, to, by=by)
    row.section = target
    place = put_in_order(row, "end" if to in ("up", "down", "") else to, is_elsewhere=True, by=by)
    return replace(place, section=title_of(target).text)


@transaction.atomic
def arrange_pages(*, code: str, to: str, seen: str, by: User | None) -> Place:
    """Move one page among the pages. Arguments and errors as in ``arrange_page``."""
    lock_working_copy()
    if pages_outline().sha256 != seen:
        raise TextChanged("The order was changed meanwhile.")
    row = row_of("pages", code)
    if row is None:
        raise UnknownCode(f"There is no page “{code}”.")
    return put_in_order(row, to, by=by)


def put_in_order(row: Any, to: str, *, is_elsewhere: bool = False, by: User | None) -> Place:
    """Number the row and its siblings 1, 2, 3, … with the row in its new place, and record what moved.

    ``is_elsewhere``: the row also has another section now, which is not saved yet.
    """
    others = [one for one in siblings_of(row) if one.pk != row.pk]
    old = sorted([*others, row], key=lambda one: (one.position, one.code)).index(row)
    new = {"up": old - 1, "down": old + 1, "end": len(others)}.get(to, int(to) if to.isdecimal() else old)
    new = min(max(new, 0), len(others))
    numbered = enumerate([*others[:new], row, *others[new:]], 1)
    moved = [(number, one) for number, one in numbered if one.position != number or one is row]
    with written_down(own(one for _number, one in moved), by=by):
        for number, one in moved:
            one.position = number
            one.save(update_fields=["position", "section"] if is_elsewhere and one is row else ["position"])
    return Place(title_of(row).text, new + 1, len(others) + 1)
