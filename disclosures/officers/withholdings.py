"""Withheld entries, for the privacy officer: the list, and one in full. No page of the person reads any of this."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from disclosures.models import Disclosure, WithholdingKind, WithholdingStep
from privacycenter.models import User

PER_PAGE = 50


@dataclass(frozen=True)
class Withholding:
    """One disclosure with all steps about its being withheld, oldest first, each with who took it."""

    disclosure: Disclosure
    steps: list[tuple[WithholdingStep, str]]
    is_in_force: bool

    @property
    def newest(self) -> WithholdingStep | None:
        return self.steps[-1][0] if self.steps else None

    @property
    def awaits_review(self) -> bool:
        return self.is_in_force and self.newest is not None and self.newest.kind == WithholdingKind.ENTERED


def withholding_list(page: str = "") -> "Page[Any]":
    """Return one page of the newest step about each withheld entry, with ``is_in_force``, newest first.

    Two SQL statements.
    """
    same = {"person_id": OuterRef("person_id"), "disclosure_id": OuterRef("disclosure_id")}
    later = WithholdingStep.objects.filter(**same, number__gt=OuterRef("number"))
    is_in_force = Exists(WithholdingStep.objects.filter(**same).in_force())
    found = WithholdingStep.objects.filter(~Exists(later)).annotate(is_in_force=is_in_force)
    return Paginator(found.order_by("-taken_at", "-id"), PER_PAGE).get_page(page)


def withholding(person_id: int, disclosure_id: UUID) -> Withholding | None:
    """Return what is withheld, or could be, of one disclosure. None if there is no such disclosure. Five statements."""
    # First: a number too large for the database is nobody's key, but an error in a condition on a foreign key.
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        return None
    disclosure = (
        Disclosure.objects.with_references().select_related("person").filter(person=person, id=disclosure_id).first()
    )
    if disclosure is None:
        return None
    about = WithholdingStep.objects.filter(person_id=person_id, disclosure_id=disclosure_id)
    steps = list(about.order_by("number"))
    staff = User.objects.in_bulk({step.staff_id for step in steps})
    return Withholding(
        disclosure=disclosure,
        steps=[(step, str(staff.get(step.staff_id, ""))) for step in steps],
        is_in_force=about.in_force().exists(),
    )


def unreviewed_count() -> int:
    """Return how many entries a second officer has not looked at."""
    later = WithholdingStep.objects.filter(
        person_id=OuterRef("person_id"), disclosure_id=OuterRef("disclosure_id"), number__gt=OuterRef("number")
    )
    return WithholdingStep.objects.in_force().filter(~Exists(later)).count()
