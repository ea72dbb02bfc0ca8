"""Representations as both of them, and the officers, read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from consents.models import ActedFor, Representation, RepresentationEnding
from consents.models.representatives import RepresentationQuerySet
from disclosures.content.publications import newest_document
from disclosures.public.titles import Names
from privacycenter.models import RowKind, User
from privacycenter.text.words import Words

MOST_SHOWN = 50


@dataclass(frozen=True)
class RepresentationRow:
    """One representation. ``other``: the name of the one of both who does not read it.

    ``state``: ``waiting`` until it begins, ``in_force``, or ``ended``; ``ending`` is None if its time alone is over.
    """

    representation: Representation
    other: str
    state: str
    ending: RepresentationEnding | None
    left_out: list[Words]

    @property
    def is_over(self) -> bool:
        return self.state == "ended"


@dataclass(frozen=True)
class Act:
    """What a representative did for the person. ``row``: the answer, or the recall that was filed or taken back."""

    kind: RowKind
    row: UUID
    name: str
    acted_at: datetime


@dataclass(frozen=True)
class RepresentativesPage:
    """``mine``: who represents the person; ``held``: whom they represent; both newest first. ``acts``: what was
    done for them, the newest first."""

    mine: list[RepresentationRow]
    held: list[RepresentationRow]
    acts: list[Act]


def representatives_page(person: User, names: Names) -> RepresentativesPage:
    """Return the page. At most ten SQL statements, besides those of ``Names``."""
    return RepresentativesPage(represented_by(person, names), representing(person, names), acts_for(person))


def represented_by(person: User, names: Names) -> list[RepresentationRow]:
    """Return who represents this person. At most three SQL statements."""
    rows: RepresentationQuerySet = person.representations.all()
    found = list(rows.newest_first()[:MOST_SHOWN])
    return rows_of(found, [row.representative_id for row in found], names)


def representing(person: User, names: Names) -> list[RepresentationRow]:
    """Return whom this person represents. At most four SQL statements."""
    held = dict(person.held_representations.order_by("-made_at").values_list("id", "represented_id")[:MOST_SHOWN])
    rows = Representation.objects.filter(person_id__in=set(held.values()), id__in=held)
    found = list(rows.newest_first()) if held else []
    return rows_of(found, [row.person_id for row in found], names)


def rows_of(found: Sequence[Representation], others: Sequence[int], names: Names) -> list[RepresentationRow]:
    if not found:
        return []
    endings = RepresentationEnding.objects.filter(
        person_id__in={row.person_id for row in found}, representation_id__in=[row.id for row in found]
    )
    by_row = {(one.person_id, one.representation_id): one for one in endings}
    people = User.objects.in_bulk(set(others))
    return [
        RepresentationRow(
            representation=row,
            other=str(people.get(other, "")),
            state=state_of(row, ending),
            ending=ending,
            left_out=[names.service(code) for code in row.left_out],
        )
        for row, other in zip(found, others, strict=True)
        for ending in [by_row.get((row.person_id, row.id))]
    ]


def state_of(row: Representation, ending: RepresentationEnding | None) -> str:
    now = timezone.now()
    if ending or row.until <= now:
        return "ended"
    return "in_force" if row.has_begun(now) else "waiting"


def acts_for(person: User) -> list[Act]:
    """Return the newest of what representatives did for this person. At most three SQL statements."""
    rows: list[ActedFor] = list(person.acts_for.order_by("-acted_at", "-id")[:MOST_SHOWN])
    people = User.objects.in_bulk({row.representative_id for row in rows}) if rows else {}
    taken_back = [row.row_id for row in rows if row.kind == RowKind.RECALL_STEP]
    steps = person.recall_steps.filter(id__in=taken_back) if taken_back else ()
    recalls = {step.id: step.recall_id for step in steps}
    # A step that was erased with its recall leads nowhere.
    return [
        Act(
            RowKind(row.kind),
            recalls.get(row.row_id, row.row_id),
            str(people.get(row.representative_id, "")),
            row.acted_at,
        )
        for row in rows
        if row.kind != RowKind.RECALL_STEP or row.row_id in recalls
    ]


def sensitive_services() -> tuple[str, ...]:
    """Return the codes of the services that the newest publication keeps from parents, in its order."""
    services = (newest_document() or {}).get("services", {})
    return tuple(code for code, entry in services.items() if entry.get("is_sensitive"))


def latest_representations() -> list[Any]:
    """Return the newest representations of all, without whose they are. One SQL statement."""
    return list(Representation.objects.newest_first()[:MOST_SHOWN])
