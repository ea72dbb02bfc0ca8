"""Entering a representative, and ending a representation. Each is told to both."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consents.models import (
    HeldRepresentation,
    Representation,
    RepresentationEnd,
    RepresentationEnding,
)
from consents.representatives.appointments import Appointment, obstacle_to
from consents.representatives.queries import sensitive_services
from consents.representatives.topics import (
    REPRESENTATION_CHANGED,
    REPRESENTATION_OVER,
    AboutRepresentation,
    RepresentationNews,
)
from disclosures.accounts.actions import Perform, answer_change, begin_change, refuse_no_reason, write_step
from disclosures.models import AccountChange, AccountStage, AccountStep
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.identifiers import uuid7
from privacycenter.models import User
from privacycenter.outbox.leaving import leave


@transaction.atomic
def appoint_representative(
    *, person: User, representative: User, wanted: Appointment, reason: str, by: User
) -> AccountStep:
    """Enter who may act for a person, or propose it (``SECOND_PERSON``). Return the step, ``DONE`` or ``PROPOSED``.

    A parent and a guardian may act at once, an agent once the person could object. To a parent the services that the
    operator calls sensitive are closed, beside those that the officer leaves out. Raises InvalidValue without a reason,
    or with the words of an ``Obstacle``.
    """
    refuse_no_reason(reason)
    wanted = wanted.but_not(sensitive_services())
    person, representative = locked(person.pk, representative.pk)
    refuse_obstacle(person, representative, wanted)
    detail = {"other": representative.pk, **wanted.as_detail()}
    return begin_change(person, AccountChange.REPRESENTED, reason, detail, entering(reason, by), by)


@transaction.atomic
def answer_appointment(*, proposed: AccountStep, is_approved: bool, reason: str, by: User) -> AccountStep:
    """Approve and do what another officer proposed, or refuse it.

    Raises InvalidValue without a reason or if something stands in the way by now, NoLongerOpen if it was answered,
    SecondPersonNeeded for who proposed it, ApproverIsNew for who may approve only later.
    """
    refuse_no_reason(reason)
    person, representative = locked(proposed.person_id, proposed.detail["other"])
    if is_approved:
        refuse_obstacle(person, representative, Appointment.from_detail(proposed.detail))
    return answer_change(person, proposed, is_approved, reason, entering(proposed.reason, by), by)


def locked(person: int, representative: int) -> tuple[User, User]:
    """Lock both, so that neither is entered twice nor for each other. Return both as they are now."""
    User.objects.lock_all({person, representative})
    rows = User.objects.in_bulk([person, representative])
    return rows[person], rows[representative]


def refuse_obstacle(person: User, representative: User, wanted: Appointment) -> None:
    obstacle = obstacle_to(person, representative, wanted, timezone.now())
    if obstacle:
        raise InvalidValue(str(obstacle.label), obstacle.value)


def entering(reason: str, by: User) -> Perform:
    def perform(person: User, kind: AccountChange, detail: dict[str, Any]) -> None:
        representative = User.objects.get(pk=detail["other"])
        # What became sensitive since it was proposed is closed, too.
        wanted = Appointment.from_detail(detail).but_not(sensitive_services())
        row = write_representation(person, representative, wanted, by)
        tell_of(row, "entered")
        if not row.has_begun():
            tell_of(row, "begun", due_at=row.begins_at)
        leave(REPRESENTATION_OVER, AboutRepresentation(person=person.pk, representation=row.id), due_at=row.until)
        tell_representative(representative, person, kind, reason, by)

    return perform


def write_representation(person: User, representative: User, wanted: Appointment, by: User) -> Representation:
    """Write it under both: who is represented, and who represents."""
    id, now = uuid7(), timezone.now()
    HeldRepresentation.objects.create(person=representative, id=id, represented_id=person.pk, made_at=now)
    return Representation.objects.create(
        person=person, id=id, representative_id=representative.pk, kind=wanted.kind, scope=wanted.scope,
        left_out=list(wanted.left_out), evidence=wanted.evidence, begins_at=wanted.begins_at(now),
        until=wanted.ends_at, staff_id=by.pk, made_at=now,
    )  # fmt: skip


def tell_representative(representative: User, person: User, kind: AccountChange, reason: str, by: User) -> None:
    """Write the step under the representative too, who is told as the person is."""
    step = person.account_steps.filter(person=person, kind=kind).order_by("-taken_at", "-id")[0]
    detail = {"other": person.pk}
    write_step(representative, uuid7(), step.change_id, kind, AccountStage.DONE, detail, reason, by)


def tell_of(row: Representation, news: str, **due: Any) -> None:
    payload = RepresentationNews(person=row.person_id, representation=row.id, news=news)
    leave(REPRESENTATION_CHANGED, payload, **due)


@transaction.atomic
def end_by_person(*, representation: UUID, by: User) -> RepresentationEnding:
    """End who may act for this person, at once. Raises NoLongerOpen if there is none, or it is over."""
    person = User.objects.lock(by.pk)
    row = not_over(person, representation)
    return end(row, RepresentationEnd.ENDED if row.has_begun() else RepresentationEnd.OBJECTED)


@transaction.atomic
def resign(*, representation: UUID, by: User) -> RepresentationEnding:
    """Give up acting for somebody, at once. Raises NoLongerOpen if this person does not, or it is over."""
    held = by.held_representations.filter(id=representation).first()
    if held is None:
        raise NoLongerOpen("There is no such representation.")
    return end(not_over(User.objects.lock(held.represented_id), representation), RepresentationEnd.RESIGNED)


@transaction.atomic
def end_by_officer(*, person: User, representation: UUID, reason: str, by: User) -> RepresentationEnding:
    """End it at once, for a reason that both can read. It needs no second person.

    Raises InvalidValue without a reason, NoLongerOpen if there is none, or it is over.
    """
    refuse_no_reason(reason)
    row = not_over(User.objects.lock(person.pk), representation)
    return end(row, RepresentationEnd.ENDED_BY_OFFICER, reason=reason.strip(), staff_id=by.pk)


@transaction.atomic
def end_if_over(*, person: int, representation: UUID) -> RepresentationEnding | None:
    """Write that the time of a representation is over: a child takes over. None if it ended before, or is not over.

    It has no effect on who may act: that ends by itself at the same moment. Safe to repeat.
    """
    owner = User.objects.lock(person)
    row = owner.representations.filter(id=representation, until__lte=timezone.now()).first()
    if row is None or owner.representation_endings.filter(representation_id=representation).exists():
        return None
    return end(row, RepresentationEnd.OVER)


def not_over(person: User, representation: UUID) -> Representation:
    rows: Any = person.representations
    row: Representation | None = rows.not_over().filter(id=representation).first()
    if row is None:
        raise NoLongerOpen("It has ended already, or there is no such representation.")
    return row


def end(row: Representation, kind: RepresentationEnd, **more: Any) -> RepresentationEnding:
    """Write the end. MUST hold the person's lock."""
    ending = RepresentationEnding.objects.create(
        person_id=row.person_id, id=uuid7(), representation_id=row.id, kind=kind, ended_at=timezone.now(), **more
    )
    tell_of(row, "ended")
    return ending
