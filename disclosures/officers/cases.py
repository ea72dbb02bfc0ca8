"""Cases of the privacy officer: the list, and one case in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from disclosures.models import Case, CaseKind, CaseStep, Conflict, Disclosure, Flag, Ground, RejectedReport
from disclosures.models.ledger import UNAPPROVED
from disclosures.officers.told_kinds import TOLD_KINDS
from disclosures.public.titles import Names
from disclosures.publishing.publications import Document
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
from privacycenter.text.words import Words, words_in

PER_PAGE = 50
# For officers; the person reads ``FLAG_LABELS``.
FLAG_WORDS = {
    Flag.NO_DECISION: _("The person had not been asked, or had not answered."),
    Flag.REFUSED: _("The person had refused."),
    Flag.WITHDRAWN: _("The person had withdrawn their approval."),
    Flag.EXPIRED: _("The approval had ended."),
    Flag.ITEMS_NOT_ALLOWED: _("It includes items that the person did not allow."),
    Flag.GROUND_DIFFERS: _("The ground reported differs from the one published for this situation."),
    Flag.ITEMS_UNDECLARED: _("It includes items that are not published for this situation."),
    Flag.RECIPIENT_UNDECLARED: _("The recipient is not published, or not for this situation."),
    Flag.SCENARIO_UNDECLARED: _("The situation is not published."),
    Flag.RETIRED: _("The recipient, the service, the situation or an item was no longer in use."),
    Flag.RECIPIENT_ON_HOLD: _("We publish that nothing is provided to this recipient at that time."),
    Flag.SERVICE_UNDECLARED: _("We publish that this service does not provide data in this situation."),
    Flag.ITEM_EXCLUDED: _("It includes items that, as we publish, this service does not provide in this situation."),
    Flag.NO_EVIDENCE: _("The report cites no evidence of the kind that its ground needs."),
    Flag.ABROAD_NOT_INFORMED: _("The report does not say which text about the recipient abroad the person was shown."),
}
# Name of the problem that the reporter was told → why the report could not be recorded.
REJECTED_WORDS = {
    "unknown-code": _("It names something that the catalog does not know."),
    "service-not-yours": _("The reporter may not speak for this service."),
    "time-in-future": _("Its time lies in the future."),
    "unknown-disclosure": _("It corrects a disclosure that is not there, or not of this reporter's services."),
    "content-differs": _("Another correction is recorded under its id."),
}
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
class CaseFilters:
    """Filters of the list. None matches all; ``flags`` is a sum of ``Flag``s and matches cases with any of them."""

    is_open: bool | None = True
    kind: CaseKind | None = None
    flags: int = 0


@dataclass(frozen=True)
class CaseRow:
    """One line of the list. It does not name the person."""

    case: Case
    kind: CaseKind
    flags: list[Any]
    recipient: Words
    service: Words
    scenario: Words
    is_closed: bool


def case_list(filters: CaseFilters, page: str = "", document: Document | None = None) -> "Page[Any]":
    """Return one page of ``CaseRow``s, newest first. At most six SQL statements."""
    found: Any = Case.objects.with_state()
    if filters.is_open is not None:
        found = found.filter(is_closed=not filters.is_open)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.flags:
        found = found.annotate(hit=F("flags").bitand(filters.flags)).filter(hit__gt=0)
    shown: Page[Any] = Paginator(found, PER_PAGE).get_page(page)
    shown.object_list = rows_of(list(shown.object_list), Names(document))
    return shown


def rows_of(cases: Sequence[Any], names: Names) -> list[CaseRow]:
    keys = {(case.whose_id, case.disclosure_id) for case in cases}
    people, ids = {person for person, _id in keys if person}, {id for _person, id in keys}
    rows = Disclosure.objects.with_references().filter(person_id__in=people, id__in=ids)
    disclosures = {(row.person_id, row.id): row for row in rows}
    rejected = RejectedReport.objects.in_bulk([case.conflict_id for case in cases if case.kind == CaseKind.REJECTED])
    return [
        row_of_rejected(case, rejected[case.conflict_id], names)
        if case.kind == CaseKind.REJECTED
        else row_of(case, disclosures[case.whose_id, case.disclosure_id], names)
        for case in cases
    ]


def row_of(case: Any, disclosure: Disclosure, names: Names) -> CaseRow:
    return CaseRow(
        case=case,
        kind=CaseKind(case.kind),
        flags=[FLAG_WORDS[flag] for flag in Flag(case.flags)],
        recipient=disclosure.recipient.name,
        service=disclosure.service.name,
        scenario=names.scenario(disclosure.scenario.code),
        is_closed=case.is_closed,
    )


def row_of_rejected(case: Any, report: RejectedReport, names: Names) -> CaseRow:
    """Return the row of a rejected report, with codes where no name is known. A retraction names nothing."""
    facts = report.event.get("corrected") or report.event
    service, scenario = facts.get("service", ""), facts.get("scenario", "")
    return CaseRow(
        case=case,
        kind=CaseKind.REJECTED,
        flags=[why_rejected(report)],
        recipient=words_in({settings.LANGUAGE_CODE: facts.get("recipient", "")}),
        service=names.service(service) if service else words_in({}),
        scenario=names.scenario(scenario) if scenario else words_in({}),
        is_closed=case.is_closed,
    )


def open_case_count() -> int:
    return Case.objects.open().count()


@dataclass(frozen=True)
class CasePage:
    """One case in full.

    - ``person``: whose disclosure it is. None for a rejected report about somebody who is not known.
    - ``disclosure``: None for a rejected report that has not been recorded since.
    - ``sides``: for a conflict, each fact as recorded and as in the other report.
    - ``corrections``: all corrections of the disclosure, whatever the case is about.
    - ``rejected`` and ``told``: the rejected report, and its content.
    """

    case: Case
    kind: CaseKind
    person: User | None
    disclosure: Disclosure | None
    items: list[Words]
    ground: str
    evidence: str
    flags: list[Any]
    is_unapproved: bool
    conflict: Conflict | None
    sides: list[ComparedFact]
    corrections: list[CorrectionView]
    rejected: RejectedReport | None
    told: list[tuple[Any, str]]
    steps: list[CaseStep]

    @property
    def is_about_a_day(self) -> bool:
        """Whether the disclosure stands for others of the same reporter, scenario and day."""
        return self.kind is CaseKind.UNEVIDENCED

    @property
    def can_tell(self) -> bool:
        """Whether there is a person who can be told of what was found: one who sees the disclosure."""
        return self.case.whose_id is not None and self.kind in TOLD_KINDS

    @property
    def is_closed(self) -> bool:
        return bool(self.steps) and self.steps[-1].is_closing

    @property
    def subject(self) -> str:
        if self.case.whose:
            return self.case.whose.subject
        return str(self.rejected.event["subject"]) if self.rejected else ""


def case_page(pk: int, document: Document | None) -> CasePage | None:
    """Return one case, or None if it does not exist. At most nine SQL statements."""
    case = Case.objects.select_related("whose").filter(pk=pk).first()
    if case is None:
        return None
    rejected = RejectedReport.objects.select_related("reporter").filter(pk=case.conflict_id).first()
    person = case.whose or (User.objects.with_subject(rejected.event["subject"]) if rejected else None)
    disclosure = disclosure_of(case, rejected, person)
    conflict = Conflict.objects.filter(person_id=case.whose_id, id=case.conflict_id).first()
    names = Names(document)
    recorded = facts_of_row(disclosure) if disclosure else None
    corrected = corrections_of(person, [disclosure], names, for_officers=True) if person and disclosure else {}
    return CasePage(
        case=case,
        kind=CaseKind(case.kind),
        person=person,
        disclosure=disclosure,
        items=names.items(disclosure.item_set.codes) if disclosure else [],
        ground=Ground(disclosure.ground).label_for(officers=True) if disclosure else "",
        evidence=evidence_words(disclosure.evidence, for_officers=True) if disclosure else "",
        flags=[why_rejected(rejected)] if rejected else [FLAG_WORDS[flag] for flag in Flag(case.flags)],
        is_unapproved=bool(Flag(case.flags) & UNAPPROVED),
        conflict=conflict,
        sides=compared(recorded, facts_in_event(conflict.event), names, for_officers=True)
        if recorded and conflict
        else [],
        corrections=next(iter(corrected.values()), []),
        rejected=rejected,
        told=told_by(rejected.event) if rejected else [],
        steps=list(case.steps.select_related("taken_by").order_by("pk")),
    )


def disclosure_of(case: Case, rejected: RejectedReport | None, person: User | None) -> Disclosure | None:
    """Return the case's disclosure.

    For a rejected report, this is the disclosure that was recorded from it later, or that it was meant to correct.
    """
    about = (rejected.event.get("disclosure") if rejected else None) or case.disclosure_id
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


def why_rejected(report: RejectedReport) -> Any:
    """Return the reason in the officer's language, or the title of the problem if there is no text for it."""
    return REJECTED_WORDS.get(report.problem["type"].removeprefix(PROBLEM_TYPE), report.problem["title"])


def in_one_line(value: Any) -> str:
    if isinstance(value, dict):
        return " / ".join(map(str, value.values()))
    return ", ".join(value) if isinstance(value, list) else str(value)
