"""Parts of the working copy: the entries that a change of some rows can affect, so that it costs what it touches.

Entries refer to each other by code, and a code never changes once it is saved. So a change of another row affects an
entry only if the entry lists that row (``listing``) or is deleted together with it (``inside``).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import CASCADE, Model, QuerySet

from disclosures.content.publications import Document
from disclosures.content.working_copy import KINDS, code_of, entry_of, rows
from disclosures.models import Link, Scenario

# Kind → codes of its entries.
Keys = dict[str, set[str]]
# Whether, and where, a list shows a row depends on these fields alone.
PLACE = ("position", "retired_at")


def part_of(keys: Keys) -> Document:
    """Return these entries as they are now, without those that do not exist.

    Takes the SQL statements of ``working_document`` for these kinds alone.
    """
    return {kind: {code_of(row): entry_of(row) for row in rows_among(kind, codes)} for kind, codes in keys.items()}


def rows_among(kind: str, codes: Iterable[str]) -> QuerySet[Any]:
    return rows(kind) if kind == "site" else rows(kind).filter(code__in=codes)


def together(*parts: Keys) -> Keys:
    """Return the union of these parts."""
    found: Keys = {}
    for part in parts:
        for kind, codes in part.items():
            found.setdefault(kind, set()).update(codes)
    return found


def own(rows: Iterable[Model]) -> Keys:
    """Return the keys of these rows' own entries. No SQL."""
    return together(*({KINDS[type(row)]: {code_of(row)}} for row in rows))


def inside(row: Model) -> Keys:
    """Return the row's own entry and those edited and deleted with it: the definitions and questions of a section."""
    return together(own([row]), related([row], lambda relation: getattr(relation, "on_delete", None) is CASCADE))


def listing(rows: Sequence[Model]) -> Keys:
    """Return the entries that list one of these rows of one model. One SQL statement for each kind that may."""
    return related(rows, lambda relation: bool(relation.many_to_many))


def related(rows: Sequence[Model], is_wanted: Callable[[Any], bool]) -> Keys:
    """Return the entries that refer to one of these rows of one model through a wanted relation."""
    found: Keys = {}
    for relation in rows[0]._meta.related_objects if rows else ():
        model: Any = relation.related_model
        if model in KINDS and is_wanted(relation):
            pointing = model._default_manager.filter(**{f"{relation.field.name}__in": rows}).order_by()
            found.setdefault(KINDS[model], set()).update(pointing.values_list("code", flat=True))
    return found


def touched_by_saving(row: Model) -> Keys:
    """Return the entries that saving the form of this row can change. The row is not saved yet."""
    before = type(row)._default_manager.filter(pk=row.pk).first()
    is_moved = any(getattr(before, name, None) != getattr(row, name, None) for name in PLACE)
    return together(inside(row), listing([row])) if before and is_moved else inside(row)


def touched_by_deleting(rows: Sequence[Model]) -> Keys:
    """Return the entries that deleting these rows of one model can change."""
    return together(listing(rows), *map(inside, rows))


def standing_in_the_way(row: Model) -> list[Model]:
    """Return the rows in a section, page or country that have to be moved before it can be deleted."""
    found: list[Model] = []
    for name in ("scenarios", "subsections", "sections", "recipients"):
        relation = getattr(row, name, None)
        # Sections and scenarios refer to a link but do not depend on it.
        if relation is not None and not isinstance(row, Link):
            found += relation.all()
    return found


def edited_together(row: Model, now: Model | None = None) -> Document:
    """Return the current content of one form of the desk: the entries ``inside`` the row, and a scenario's positions.

    Empty if the row was deleted. ``now``: the row as it was just read with what its entry refers to (``rows``), so that
    it is not read again. At most nine SQL statements.
    """
    kind, code = KINDS[type(row)], code_of(row)
    now = now or rows_among(kind, [code]).first()
    if now is None:
        return {}
    inner = {one: codes - {code} if one == kind else codes for one, codes in inside(row).items()}
    part: Document = {kind: {code: entry_of(now)}} | part_of({one: codes for one, codes in inner.items() if codes})
    if isinstance(now, Scenario):
        # A publication has notes and items in order, but without their positions; the form shows positions, too.
        part["numbers"] = {
            "items": [[one.item.code, one.position] for one in now.scenario_items.all()],
            "notes": [[one.code, one.position] for one in now.notes.all()],
            "retired_at": now.retired_at.isoformat() if now.retired_at else "",
        }
    return part
