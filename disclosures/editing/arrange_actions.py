"""Actions that change the order of pages, of sections and of the entries in them."""

from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from disclosures.editing.actions import lock_working_copy, record_revisions
from disclosures.editing.page_outline import page_outline, pages_outline, siblings_of, title_of
from disclosures.models import Page, Section
from disclosures.publishing.entries import row_of
from disclosures.publishing.working_copy import working_document
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
    before = working_document()
    if target is not None:
        row.section = target
        row.save(update_fields=["section"])
    place = put_in_order(row, siblings_of(row), "end" if target is not None and to in ("up", "down", "") else to)
    record_revisions(before=before, after=working_document(), by=by)
    return Place(place.title, place.number, place.count, title_of(target).text if target is not None else "")


@transaction.atomic
def arrange_pages(*, code: str, to: str, seen: str, by: User | None) -> Place:
    """Move one page among the pages. Arguments and errors as in ``arrange_page``."""
    lock_working_copy()
    if pages_outline().sha256 != seen:
        raise TextChanged("The order was changed meanwhile.")
    row = row_of("pages", code)
    if row is None:
        raise UnknownCode(f"There is no page “{code}”.")
    before = working_document()
    place = put_in_order(row, siblings_of(row), to)
    record_revisions(before=before, after=working_document(), by=by)
    return place


def put_in_order(row: Any, siblings: models.QuerySet[Any], to: str) -> Place:
    """Number the siblings 1, 2, 3, … with the row in its new place."""
    found = list(siblings)
    others = [one for one in found if one.pk != row.pk]
    old = next(index for index, one in enumerate(found) if one.pk == row.pk)
    new = {"up": old - 1, "down": old + 1, "end": len(others)}.get(to, int(to) if to.isdecimal() else old)
    new = min(max(new, 0), len(others))
    for number, one in enumerate([*others[:new], row, *others[new:]], 1):
        if one.position != number:
            one.position = number
            one.save(update_fields=["position"])
    return Place(title_of(row).text, new + 1, len(found))
