"""Incidents as the officers and the people affected read them. Never writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst

from consents.incidents.clocks import Clock, clocks_of
from consents.incidents.texts import PARTS
from consents.incidents.topics import INCIDENT_NOTICES_DUE, NoticesDue
from consents.models import IncidentNotice
from consents.recalls.queries import Asked, asked_of
from disclosures.affected.filters import AffectedFilters, filters_of
from disclosures.affected.listed import linked_on, one_of_each, too_many
from disclosures.affected.queries import (
    items_on,
    only_withheld,
    own_disclosures,
    own_recipients,
    own_rows,
    services_of,
)
from disclosures.ledger.shared_records import together_now
from disclosures.models import (
    AffectedList,
    AffectedPerson,
    Incident,
    IncidentStep,
    IncidentStepKind,
    WayTold,
)
from disclosures.public.titles import Names
from disclosures.record.disclosure_list import DisclosureRow, disclosure_list
from privacycenter.models import User
from privacycenter.outbox.leaving import still_left
from privacycenter.text.words import Words, words_in

PER_PAGE = 50
PEOPLE_AT_ONCE = 1_000
STATES = (IncidentStepKind.CLOSED, IncidentStepKind.REOPENED)
# What may have been entered wrongly, and then counts no more. Closing and reopening answer each other.
CAN_BE_TAKEN_BACK = (
    IncidentStepKind.LISTED, IncidentStepKind.MEASURE, IncidentStepKind.REPORTED_FIRST, IncidentStepKind.REPORTED_FINAL,
    IncidentStepKind.REPORTED_GDPR, IncidentStepKind.ANNOUNCED, IncidentStepKind.NOTE,
)  # fmt: skip


def is_closed(incident: Incident) -> bool:
    """One SQL statement."""
    last = incident.steps.filter(kind__in=STATES).order_by("-pk").values_list("kind", flat=True).first()
    return last == IncidentStepKind.CLOSED


def lists_of(incident: Incident) -> list[AffectedList]:
    """Return the lists of affected people that the incident has, oldest first. One SQL statement."""
    steps = incident.steps.standing().filter(kind=IncidentStepKind.LISTED).select_related("list").order_by("pk")
    return [step.list for step in steps if step.list]


def newest_text(incident: Incident) -> IncidentStep | None:
    """Return the step with the newest text for the people affected. One SQL statement."""
    return incident.steps.filter(kind=IncidentStepKind.TEXT).order_by("-pk").first()


# --- For the officers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IncidentRow:
    incident: Incident
    clocks: list[Clock]
    is_closed: bool

    @property
    def next_clock(self) -> Clock | None:
        """The next report that is due."""
        return next((clock for clock in self.clocks if clock.done_at is None), None)

    @property
    def is_overdue(self) -> bool:
        now = timezone.now()
        return not self.is_closed and any(clock.is_overdue(now) for clock in self.clocks)


def incident_list(page: str = "") -> "Page[Any]":
    """Return a page of ``IncidentRow``s, newest first. Three SQL statements."""
    shown: Page[Any] = Paginator(Incident.objects.all(), PER_PAGE).get_page(page)
    shown.object_list = rows_with_steps(list(shown.object_list))
    return shown


def rows_with_steps(incidents: Sequence[Incident]) -> list[IncidentRow]:
    steps: dict[UUID, list[IncidentStep]] = {}
    for step in IncidentStep.objects.filter(incident__in=[one.pk for one in incidents]).defer("words", "note"):
        steps.setdefault(step.incident_id, []).append(step)
    return [row_with(one, steps.get(one.pk, [])) for one in incidents]


def standing(steps: Sequence[IncidentStep]) -> list[IncidentStep]:
    """Return the steps that were not taken back, and none that takes one back. ``steps``: all of an incident."""
    wrong = {step.takes_back_id for step in steps if step.takes_back_id}
    return [step for step in steps if step.pk not in wrong and step.step is not IncidentStepKind.TAKEN_BACK]


def row_with(incident: Incident, steps: Sequence[IncidentStep]) -> IncidentRow:
    taken = [(step.step, step.happened_at) for step in standing(steps)]
    states = [kind for kind, _at in taken if kind in STATES]
    return IncidentRow(incident, clocks_of(incident, taken), bool(states) and states[-1] is IncidentStepKind.CLOSED)


def not_reported(incident: Incident) -> list[Clock]:
    """Return the clocks of the reports that were not made. One SQL statement."""
    (row,) = rows_with_steps([incident])
    return [clock for clock in row.clocks if clock.done_at is None]


def open_rows() -> list[IncidentRow]:
    """Return the incidents that are not closed. Two SQL statements."""
    return [row for row in rows_with_steps(list(Incident.objects.all())) if not row.is_closed]


@dataclass(frozen=True)
class Told:
    """How far the people on the incident's lists are told. ``mailed``, ``on_site``, ``unreachable``: of those told."""

    people: int
    mailed: int
    on_site: int
    unreachable: int

    @property
    def total(self) -> int:
        return self.mailed + self.on_site + self.unreachable


@dataclass(frozen=True)
class StepView:
    """One step. ``taken_back``: the step by which it was taken back; None if it stands. ``recipient``: the name of the
    one that was put on hold, for a person whose data it has; else None."""

    step: IncidentStep
    kind: IncidentStepKind
    words: Words
    taken_back: IncidentStep | None = None
    recipient: Words | None = None

    @property
    def is_standing(self) -> bool:
        return self.taken_back is None

    @property
    def can_be_taken_back(self) -> bool:
        return self.is_standing and self.kind in CAN_BE_TAKEN_BACK

    @property
    def in_short(self) -> str:
        when = date_format(timezone.localtime(self.step.happened_at), "DATETIME_FORMAT")
        said = Truncator(self.words.text or self.step.note).chars(40)
        return f"{when} {capfirst(self.kind.label)}{f': {said}' if said else ''}"


def step_views(steps: Sequence[IncidentStep]) -> list[StepView]:
    """Return all steps of an incident as pages show them. A step that takes one back stands with that one alone."""
    by_step = {step.takes_back_id: step for step in steps if step.takes_back_id}
    return [
        StepView(step, step.step, shown_words(step), by_step.get(step.pk)) for step in steps if not step.takes_back_id
    ]


@dataclass(frozen=True)
class IncidentPage:
    """One incident for an officer. ``text``: the newest text for the people affected, language → part → text.

    ``is_telling``: parts of its lists wait to be told; ``is_somebody_left``: these leave somebody out who can be told.
    ``held``: the steps of the recipients that are on hold for it.
    """

    row: IncidentRow
    steps: list[StepView]
    lists: list[tuple[AffectedList, AffectedFilters]]
    text: dict[str, dict[str, str]]
    told: Told
    is_telling: bool
    is_somebody_left: bool
    held: list[IncidentStep]

    @property
    def incident(self) -> Incident:
        return self.row.incident

    @property
    def recipients(self) -> list[str]:
        """The codes of the recipients that its lists name, as far as they are not on hold for it."""
        held = {step.recipient for step in self.held}
        named = dict.fromkeys(filters.recipient for _made, filters in self.lists)
        return [code for code in named if code and code not in held]

    @property
    def steps_to_take_back(self) -> list[tuple[int, str]]:
        """Key and name of each step that can be taken back, the newest first."""
        return [(view.step.pk, view.in_short) for view in reversed(self.steps) if self.can_be_taken_back(view)]

    def can_be_taken_back(self, view: StepView) -> bool:
        """Whether a step can be taken back here: a list from which people were told stays."""
        told = max((one.step.pk for one in self.steps if one.kind is IncidentStepKind.NOTIFIED), default=0)
        is_told_from = view.kind is IncidentStepKind.LISTED and view.step.pk < told
        return view.can_be_taken_back and not is_told_from

    @property
    def can_be_told(self) -> bool:
        return bool(self.text and self.lists) and all(one.counted_at for one, _filters in self.lists)


def incident_page(id: UUID) -> IncidentPage | None:
    """Return one incident, or None. At most six SQL statements, and those of ``is_somebody_left``."""
    incident = Incident.objects.select_related("opened_by").filter(pk=id).first()
    if incident is None:
        return None
    steps = list(incident.steps.select_related("list", "taken_by").order_by("pk"))
    texts = [step for step in steps if step.step is IncidentStepKind.TEXT]
    lists = [step.list for step in standing(steps) if step.step is IncidentStepKind.LISTED and step.list]
    telling = telling_of(steps)
    return IncidentPage(
        row=row_with(incident, steps),
        steps=step_views(steps),
        lists=[(one, filters_of(one.filters)) for one in lists],
        text=texts[-1].words if texts else {},
        told=told_counts(incident, lists),
        held=held_steps(steps),
        is_telling=bool(telling),
        is_somebody_left=is_somebody_left(incident, lists, telling),
    )


def items_of(page: IncidentPage) -> dict[UUID, list[str]]:
    """Return, for each list of an incident, the codes of the items that its disclosures were of. For each list six SQL
    statements for each thousand people."""
    return {made.pk: sorted(items_on(made)) for made, _filters in page.lists}


def held_steps(steps: Iterable[IncidentStep]) -> list[IncidentStep]:
    """Return the step of each recipient that is on hold for this incident. ``steps``: all of it, in order."""
    held: dict[str, IncidentStep] = {}
    for step in steps:
        if step.step is IncidentStepKind.HELD:
            held[step.recipient] = step
        elif step.step is IncidentStepKind.RELEASED:
            held.pop(step.recipient, None)
    return list(held.values())


def shown_words(step: IncidentStep) -> Words:
    return words_in({} if step.step is IncidentStepKind.TEXT else step.words)


def told_counts(incident: Incident, lists: Sequence[AffectedList]) -> Told:
    """Three SQL statements, one without lists; one more if somebody has several accounts. Somebody on two lists, or
    with two accounts, is counted once."""
    counts = dict(
        IncidentNotice.objects.filter(id=incident.pk).order_by().values_list("way").annotate(count=Count("person"))
    )
    people = people_on_any([one.pk for one in lists]) if lists else 0
    return Told(people, counts.get(WayTold.MAIL, 0), counts.get(WayTold.SITE, 0), counts.get(WayTold.NONE, 0))


def people_on_any(lists: Sequence[UUID]) -> int:
    rows = AffectedPerson.objects.filter(id__in=lists)
    accounts: int = rows.aggregate(count=Count("person_id", distinct=True))["count"]
    return accounts - too_many(linked_on(lists))


def telling_of(steps: Iterable[IncidentStep]) -> list[NoticesDue]:
    """Return the parts of the lists that wait to be told. ``steps``: all of an incident. One SQL statement."""
    begun = {step.pk for step in steps if step.step is IncidentStepKind.NOTIFIED}
    return [due for due in still_left(INCIDENT_NOTICES_DUE, "incident-notices") if due.step in begun]


def is_somebody_left(incident: Incident, lists: Sequence[AffectedList], telling: Iterable[NoticesDue]) -> bool:
    """Whether somebody on these lists is told by nobody: not yet, not under another account, not by the parts that
    wait, and not kept from knowing by law. Five SQL statements for a list of which nobody, or everybody, is told; four
    more for each thousand people whom the law keeps from knowing.
    """
    waiting = {str(one) for due in telling for one in (due.list, *due.rest)}
    return any(is_left_on(incident, made) for made in lists if str(made.pk) not in waiting)


def is_left_on(incident: Incident, made: AffectedList) -> bool:
    told = IncidentNotice.objects.filter(id=incident.pk).order_by().values("person_id")
    rest = AffectedPerson.objects.filter(id=made.pk).exclude(person_id__in=told).order_by("person_id")
    withheld, after = None, 0
    while people := list(rest.filter(person_id__gt=after).values_list("person_id", flat=True)[:PEOPLE_AT_ONCE]):
        withheld = only_withheld(made) if withheld is None else withheld
        if not_told(incident, [one for one in people if one not in withheld]):
            return True
        after = people[-1]
    return False


def not_told(incident: Incident, people: Sequence[int]) -> list[int]:
    """Return of these the first account of each person who was not told under another. At most two SQL statements."""
    others = together_now(people)
    elsewhere = {other for some in others.values() for other in some}
    done = IncidentNotice.objects.filter(id=incident.pk, person_id__in=elsewhere) if elsewhere else ()
    return one_of_each(people, others, {notice.person_id for notice in done})


def unreachable(incident: Incident) -> Iterable[tuple[str, str]]:
    """Yield subject and code of the service, for each account of a person who could be told in no way and each service
    that reported what it is about, so that it tells them. Two SQL statements, and for each list three, for each
    thousand people.
    """
    lists = lists_of(incident)
    told = IncidentNotice.objects.filter(id=incident.pk, way=WayTold.NONE).order_by("person_id")
    after = 0
    while people := list(told.filter(person_id__gt=after).values_list("person_id", flat=True)[:1000]):
        accounts = sorted({*people, *chain.from_iterable(together_now(people).values())})
        yield from sorted({pair for made in lists for pair in services_of(made, accounts)})
        after = people[-1]


# --- For the person --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonIncident:
    """One incident that the person was told of. ``parts``: heading and text, in the order of reading. ``steps``: what
    was done, oldest first. ``recipients``: code and name of those that have the person's data that it is about, each
    with the newest that the person asked of it, None if nothing."""

    id: UUID
    title: Words
    told_at: datetime
    noticed_at: datetime
    parts: list[tuple[str, Any, Words]]
    steps: list[StepView]
    disclosures: list[DisclosureRow]
    disclosure_count: int
    recipients: list[tuple[str, Words, Asked | None]]
    is_closed: bool


def person_incident(person: User, id: UUID, names: Names) -> PersonIncident | None:
    """Return one incident that this person was told of, or None. At most seventeen SQL statements, besides those of
    ``Names``, and for each further list four and those of ``matching``."""
    notice = person.incident_notices.filter(id=id).order_by("told_at").first()
    if notice is None:
        return None
    incident = Incident.objects.get(pk=id)
    steps = list(incident.steps.select_related("list").order_by("pk"))
    texts: list[dict[str, dict[str, str]]] = [one.words for one in steps if one.step is IncidentStepKind.TEXT]
    text = texts[-1] if texts else {}
    lists = [step.list for step in standing(steps) if step.step is IncidentStepKind.LISTED and step.list]
    rows = own_rows(person, lists)
    own = own_disclosures(person, rows)
    recipients = {code: names.recipient(code) for code in own_recipients(person, rows)}
    asked = asked_of(person, recipients)
    return PersonIncident(
        id=id,
        title=part_of(text, "title"),
        told_at=notice.told_at,
        noticed_at=incident.noticed_at,
        parts=[(part, heading, part_of(text, part)) for part, heading in PARTS.items() if part != "title"],
        steps=[
            replace(view, recipient=recipients.get(view.step.recipient))
            for view in step_views(steps)
            if view.kind.is_shown
        ],
        disclosures=disclosure_list(person, names, matching=own).rows,
        disclosure_count=own.count(),
        recipients=[(code, name, asked.get(code)) for code, name in recipients.items()],
        is_closed=row_with(incident, steps).is_closed,
    )


def part_of(text: dict[str, dict[str, str]], part: str) -> Words:
    return words_in({language: parts[part] for language, parts in text.items() if parts.get(part)})
