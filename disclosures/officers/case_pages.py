"""One case in full: its cause, its events and steps, and one of its events with the person that it is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from disclosures.models import Case, CaseEvent, CaseKind, CaseStep, Conflict, Disclosure, Flag, Ground, RejectedReport
from disclosures.models.ledger.events import UNAPPROVED
from disclosures.officers.cases import CaseRow, rows_of, why_rejected
from disclosures.officers.told_kinds import TOLD_KINDS
from disclosures.public.titles import Names
from disclosures.record.corrections import (
    ComparedFact,
    CorrectionView,
    compared,
    corrections_of,
    evidence_words,
    facts_in_event,
    facts_of_row,
)
from privacycenter.errors import PROBLEM_TYPE
from privacycenter.models import User
from privacycenter.text.words import Words

EVENTS_PER_PAGE = 50
# Labels of a rejected report's facts, and of its other fields.
TOLD = {
    "recipient": _("Recipient"),
    "service": _("Service"),
    "scenario": _("Situation"),
    "items": _("Items"),
    "ground": _("Ground"),
    "evidence": _("Evidence"),
    "time": _("When"),
}
TOLD_ABOUT = {"disclosure": _("Corrects disclosure"), "reason": _("Reason"), "id": _("Event"), "source": _("Source")}


@dataclass(frozen=True)
class CasePage:
    """One case. It names nobody. ``events``: a page of ``CaseEvent``s, oldest first."""

    row: CaseRow
    events: "Page[Any]"
    steps: list[CaseStep]
    is_unapproved: bool

    @property
    def case(self) -> Case:
        return self.row.case

    @property
    def kind(self) -> CaseKind:
        return self.row.kind

    @property
    def can_tell(self) -> bool:
        """Whether there are people who can be told of what was found: who see the disclosures."""
        return self.kind in TOLD_KINDS


def case_page(pk: int, names: Names, page: str = "") -> CasePage | None:
    """Return one case, or None if it does not exist. Four SQL statements."""
    rows = rows_of([pk], names)
    if not rows:
        return None
    (row,) = rows
    events = CaseEvent.objects.filter(case_id=pk).order_by("recorded_at", "pk")
    return CasePage(
        row=row,
        events=Paginator(events, EVENTS_PER_PAGE).get_page(page),
        steps=list(row.case.steps.select_related("taken_by", "owner").order_by("pk")),
        is_unapproved=bool(Flag(row.case.flags) & UNAPPROVED),
    )


@dataclass(frozen=True)
class EventPage:
    """One event of a case in full.

    - ``person``: whose disclosure it is. None for a rejected report about somebody who is not known.
    - ``disclosure``: None for a rejected report that has not been recorded since.
    - ``sides``: for a conflict, each fact as recorded and as in the other report.
    - ``corrections``: all corrections of the disclosure, whatever the case is about.
    - ``rejected`` and ``told``: the rejected report, and its content.
    """

    event: CaseEvent
    row: CaseRow
    person: User | None
    disclosure: Disclosure | None
    items: list[Words]
    ground: str
    evidence: str
    conflict: Conflict | None
    sides: list[ComparedFact]
    corrections: list[CorrectionView]
    rejected: RejectedReport | None
    told: list[tuple[Any, str]]

    @property
    def subject(self) -> str:
        if self.event.whose:
            return self.event.whose.subject
        return str(self.rejected.event["subject"]) if self.rejected else ""

    @property
    def why(self) -> list[Any]:
        if self.rejected:
            problem = self.rejected.problem
            return [why_rejected(problem["type"].removeprefix(PROBLEM_TYPE), problem["title"])]
        return self.row.why


def event_page(pk: int, event: int, names: Names) -> EventPage | None:
    """Return one event of a case, or None if it does not exist. At most ten SQL statements."""
    found = CaseEvent.objects.select_related("whose").filter(case_id=pk, pk=event).first()
    if found is None:
        return None
    rejected = RejectedReport.objects.select_related("reporter").filter(pk=found.conflict_id).first()
    person = found.whose or (User.objects.with_subject(rejected.event["subject"]) if rejected else None)
    disclosure = disclosure_of(found, rejected, person)
    conflict = Conflict.objects.filter(person_id=found.whose_id, id=found.conflict_id).first()
    recorded = facts_of_row(disclosure) if disclosure else None
    corrected = corrections_of(person, [disclosure], names, for_officers=True) if person and disclosure else {}
    return EventPage(
        event=found,
        row=rows_of([pk], names)[0],
        person=person,
        disclosure=disclosure,
        items=names.items(disclosure.item_set.codes) if disclosure else [],
        ground=Ground(disclosure.ground).label_for(officers=True) if disclosure else "",
        evidence=evidence_words(disclosure.evidence, for_officers=True) if disclosure else "",
        conflict=conflict,
        sides=compared(recorded, facts_in_event(conflict.event), names, for_officers=True)
        if recorded and conflict
        else [],
        corrections=next(iter(corrected.values()), []),
        rejected=rejected,
        told=told_by(rejected.event) if rejected else [],
    )


def disclosure_of(event: CaseEvent, rejected: RejectedReport | None, person: User | None) -> Disclosure | None:
    """Return the event's disclosure.

    For a rejected report, this is the disclosure that was recorded from it later, or that it was meant to correct.
    """
    about = (rejected.event.get("disclosure") if rejected else None) or event.disclosure_id
    return Disclosure.objects.with_references().filter(person=person, id=about).first() if person else None


def told_by(event: dict[str, Any]) -> list[tuple[Any, str]]:
    """Return the content of a rejected report in the reporter's own codes, because unknown codes have no names."""
    facts = event.get("corrected") or event
    told = {name: facts[name] for name in TOLD if facts.get(name)} | {
        name: event[name] for name in TOLD_ABOUT if event.get(name)
    }
    # Only the time is not a code: it is formatted as on the desk's other pages.
    told["time"] = date_format(localtime(datetime.fromisoformat(told["time"])), "DATETIME_FORMAT")
    return [((TOLD | TOLD_ABOUT)[name], in_one_line(value)) for name, value in told.items()]


def in_one_line(value: Any) -> str:
    if isinstance(value, dict):
        return " / ".join(map(str, value.values()))
    return ", ".join(value) if isinstance(value, list) else str(value)


def possible_owners() -> QuerySet[User]:
    """Return who may be given a case: active staff who may take its steps. One SQL statement."""
    granted = {"content_type__app_label": "disclosures", "codename": "add_casestep"}
    may = Q(is_superuser=True)
    for way in ("groups__permissions", "user_permissions"):
        may |= Q(**{f"{way}__{name}": value for name, value in granted.items()})
    return User.objects.filter(may, is_staff=True, is_active=True).distinct().order_by("username")
