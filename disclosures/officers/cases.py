"""The privacy officer's list of cases: one line for each cause, with how many events it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from disclosures.models import Case, CaseEvent, CaseKind, CaseStep, EventSource, Flag, Reporter
from disclosures.public.titles import Names
from disclosures.record.filters import text_matches
from privacycenter.http.key_addresses import key_in
from privacycenter.identifiers import uuid8_from
from privacycenter.models import User
from privacycenter.text.words import Words

PER_PAGE = 50
# Events of a case are counted up to here for the list, so that no storm makes it slow.
MOST_COUNTED = 10_000
# As many ids are made from the words of an event's id at most.
MOST_IDS = 2_000
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
OPEN, CLOSED, OVERDUE, ALL = "", "closed", "overdue", "all"
NOBODY = "none"


@dataclass(frozen=True)
class CaseFilters:
    """Filters of the list; what is empty or None matches all.

    ``flags`` is a sum of ``Flag``s and matches cases with any of them. ``reporter``, ``service``, ``recipient`` and
    ``scenario`` are codes. ``owner`` is a user's key, or ``NOBODY``. ``text``: a number of a case, the id of an event
    or a disclosure, or words that name what the case is about.
    """

    state: str = OPEN
    kind: CaseKind | None = None
    flags: int = 0
    reporter: str = ""
    service: str = ""
    recipient: str = ""
    scenario: str = ""
    owner: str = ""
    text: str = ""


@dataclass(frozen=True)
class CaseRow:
    """One line of the list. It names nobody. ``why``: the flags in words, or the problem of a rejected report.

    ``event_count`` and ``person_count`` are up to ``MOST_COUNTED``; ``is_more``: there are more events.
    """

    case: Case
    kind: CaseKind
    why: list[Any]
    reporter: str
    service: Words | None
    recipient: Words | None
    scenario: Words | None
    event_count: int
    person_count: int
    step_count: int

    @property
    def is_more(self) -> bool:
        return self.event_count >= MOST_COUNTED

    @property
    def choice(self) -> str:
        """What stands for the case where several are chosen: its number, and how many of its steps are shown."""
        return f"{self.case.pk}:{self.step_count}"


class CountOf(Subquery):
    """How many rows, or distinct values of one column, a subquery has, which may be cut off."""

    output_field = IntegerField()

    def __init__(self, rows: Any, counted: str = "*") -> None:
        super().__init__(rows)
        self.template = f"(SELECT COUNT({counted}) FROM (%(subquery)s) counted)"  # noqa: S608  names from the code


def case_list(filters: CaseFilters, page: str = "", names: Names | None = None) -> "Page[Any]":
    """Return one page of ``CaseRow``s: of open cases those that are due first, else the newest first. At most six SQL
    statements."""
    names = names or Names(None)
    found = cases_found(filters, names)
    is_by_day = filters.state in (OPEN, OVERDUE)
    shown: Page[Any] = Paginator(found.order_by(*(("due_on", "pk") if is_by_day else ("-pk",))), PER_PAGE).get_page(
        page
    )
    shown.object_list = rows_of([case.pk for case in shown.object_list], names)
    return shown


def cases_found(filters: CaseFilters, names: Names) -> Any:
    found: Any = Case.objects.all()
    if filters.state == OVERDUE:
        found = found.overdue()
    elif filters.state != ALL:
        found = found.filter(is_open=filters.state != CLOSED)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.flags:
        found = found.annotate(hit=F("flags").bitand(filters.flags)).filter(hit__gt=0)
    for name in ("reporter", "service", "recipient", "scenario"):
        if code := getattr(filters, name):
            found = found.filter(**{f"{name}__code": code})
    if filters.owner:
        found = found.filter(owner=None if filters.owner == NOBODY else filters.owner)
    return found.filter(is_named_by(filters.text, names)) if filters.text else found


def is_named_by(text: str, names: Names) -> Q:
    """Return the condition for cases that a text names: by number, by an event, or by what they are about."""
    if text.isascii() and text.isdecimal():
        return Q(pk=key_in(text))
    return Q(pk__in=cases_with(text)) | Q(detail__icontains=text) | is_about(text, names)


def cases_with(text: str) -> QuerySet[Any]:
    """Return the keys of cases with an event about this disclosure, or about the one that was reported by this id."""
    try:
        ids = [UUID(text)]
    except ValueError:
        reporters, sources = (list(rows) for rows in (codes_of_reporters(), texts_of_sources()))
        ids = [uuid8_from(code, source, text) for code in reporters for source in sources][:MOST_IDS]
    return CaseEvent.objects.filter(disclosure_id__in=ids).values("case_id")


def codes_of_reporters() -> QuerySet[Any]:
    return Reporter.objects.order_by("pk").values_list("code", flat=True)


def texts_of_sources() -> QuerySet[Any]:
    return EventSource.objects.order_by("pk").values_list("text", flat=True)[:MOST_IDS]


def is_about(text: str, names: Names) -> Q:
    """Return the condition for cases about what each word of a text names, in any language or as a code."""
    kinds = {"recipients": "recipient", "services": "service", "scenarios": "scenario"}
    titles: dict[str, dict[str, list[str]]] = {
        kind: {code: [code, *entry["title"].values()] for code, entry in names.document.get(kind, {}).items()}
        for kind in kinds
    }
    titles["reporters"] = {code: [code, title] for code, title in Reporter.objects.values_list("code", "title")}
    kinds["reporters"] = "reporter"
    condition = Q(recipient__code=text)
    named = text_matches(text, titles).words
    each = Q()
    for word in named:
        any_of_it = Q()
        for kind, codes in word.items():
            any_of_it |= Q(**{f"{kinds[kind]}__code__in": codes})
        each &= any_of_it
    return condition | each if named else condition


def rows_of(keys: Sequence[int], names: Names) -> list[CaseRow]:
    """Return the lines of these cases, in this order. One SQL statement."""
    events = CaseEvent.objects.filter(case=OuterRef("pk")).order_by("recorded_at", "id")
    found = Case.objects.select_related("reporter", "service", "recipient", "scenario", "owner").annotate(
        event_count=CountOf(events.values("pk")[:MOST_COUNTED]),
        person_count=CountOf(events.values("whose_id")[:MOST_COUNTED], "DISTINCT counted.whose_id"),
        step_count=CountOf(CaseStep.objects.filter(case=OuterRef("pk")).values("pk")),
    )
    cases = found.in_bulk(keys)
    return [row_of(cases[key], names) for key in keys if key in cases]


def row_of(case: Any, names: Names) -> CaseRow:
    return CaseRow(
        case=case,
        kind=CaseKind(case.kind),
        why=why_of(case),
        reporter=case.reporter.title,
        service=names.service(case.service.code) if case.service else None,
        recipient=names.recipient(case.recipient.code) if case.recipient else None,
        scenario=names.scenario(case.scenario.code) if case.scenario else None,
        event_count=case.event_count,
        person_count=case.person_count,
        step_count=case.step_count,
    )


def why_of(case: Case) -> list[Any]:
    """Return why the case is there, in the officer's language: each flag, or the problem with what it says."""
    if case.kind == CaseKind.REJECTED:
        return [why_rejected(case.problem, case.detail)]
    return [FLAG_WORDS[flag] for flag in Flag(case.flags)]


def why_rejected(problem: str, otherwise: str) -> Any:
    """Return the reason in the officer's language, or the other text if there is none for it."""
    return REJECTED_WORDS.get(problem, otherwise)


def open_case_count() -> int:
    return Case.objects.open().count()


def owners_of_cases() -> QuerySet[User]:
    """Return who is the owner of a case. One SQL statement."""
    return User.objects.filter(pk__in=Case.objects.exclude(owner=None).values("owner_id")).order_by("username")
