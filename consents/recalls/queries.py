"""Recalls as the person, the recipient, the reporting service and the officers read them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils import timezone

from consents.models import Recall, RecallCase, RecallKind, RecallMail, RecallStep, RecallStepKind
from consents.models.recalls import steps_for
from consents.recalls.about import About, AboutKind, about_of
from consents.recalls.countersigned import SAID_BY_STEP, matter_in, signed_of_case, signed_state
from consents.recalls.kept import KeptView, kept, kept_views
from consents.recalls.targets import Target, narrowed, targets
from disclosures.countersigning.queries import SignedView, has_key, offered, signed_about_cases
from disclosures.inquiries.followed import FiledRecall
from disclosures.models import Reporter
from disclosures.models.ledger.evidence import EvidenceKind
from disclosures.public.titles import Names
from disclosures.record.effective_record import record_shown_at
from privacycenter.models import User
from privacycenter.text.words import Words, words_in_any

PER_PAGE, DESK_PER_PAGE = 20, 50
# How many disclosures a recipient, or a service, is told of one by one.
MOST_MATTERS = 200


@dataclass(frozen=True)
class StepView:
    """One step for people to read. ``by``: ``service``, ``recipient``, ``officer`` or ``person``."""

    kind: RecallStepKind
    taken_at: datetime
    is_delivery: bool
    by: str
    reason: Words


@dataclass(frozen=True)
class CaseView:
    """One recipient and service of a recall, with what became of it. ``steps``, and what the recipient ``signed`` with
    its key: oldest first."""

    id: UUID
    recipient_code: str
    recipient: Words
    service: Words
    items: list[Words]
    count: int
    due_at: datetime
    steps: list[StepView]
    signed: list[SignedView]

    @property
    def is_closed(self) -> bool:
        return any(step.kind.is_closing for step in self.steps)

    @property
    def is_answered(self) -> bool:
        return any(step.kind.is_closing and step.kind is not RecallStepKind.TAKEN_BACK for step in self.steps)

    @property
    def is_overdue(self) -> bool:
        return not self.is_closed and self.due_at <= timezone.now()

    @property
    def state(self) -> str:
        """``opened``, or the code of the last step."""
        return self.steps[-1].kind.code if self.steps else "opened"


@dataclass(frozen=True)
class RecallView:
    """One recall of a person.

    ``title``: of the recipient or item; None for a disclosure or everything. ``is_filed_for``: an officer filed it for
    the person; ``inquiry``: the reference number of the request in which they asked for it, or empty.
    """

    id: UUID
    kind: RecallKind
    about: About
    title: Words | None
    asked_at: datetime
    incident_id: UUID | None
    is_filed_for: bool
    inquiry: str
    cases: list[CaseView]

    @property
    def is_closed(self) -> bool:
        return all(case.is_closed for case in self.cases)

    @property
    def recipient_count(self) -> int:
        return len({case.recipient_code for case in self.cases})

    @property
    def answered_count(self) -> int:
        """How many recipients answered in all their cases. What the person took back was answered by nobody."""
        silent = {case.recipient_code for case in self.cases if not case.is_answered}
        return len({case.recipient_code for case in self.cases} - silent)

    @property
    def is_overdue(self) -> bool:
        return any(case.is_overdue for case in self.cases)

    @property
    def states(self) -> list[tuple[str, int]]:
        """How many cases stand where, in the order of the steps."""
        order = ["opened", *(kind.code for kind in RecallStepKind)]
        counts = Counter(case.state for case in self.cases)
        return sorted(counts.items(), key=lambda pair: order.index(pair[0]))


def recall_list(person: User, names: Names, page: str = "") -> "Page[Any]":
    """Return one page of a person's ``RecallView``s, newest first. Five SQL statements, besides those of ``Names``."""
    rows: Any = person.recalls.order_by("-asked_at", "-id", "person_id")
    # Of several accounts each has a row of the same recall: they are shown together.
    ids = list(dict.fromkeys(rows.values_list("id", flat=True)))
    shown: Page[Any] = Paginator(ids, PER_PAGE).get_page(page)
    shown.object_list = views_of(person, list(shown.object_list), names)
    return shown


def recall_page(person: User, id: UUID, names: Names) -> RecallView | None:
    """Return one recall of this person, or None. Four SQL statements, besides those of ``Names``."""
    return next(iter(views_of(person, [id], names)), None)


def views_of(person: User, ids: Sequence[UUID], names: Names) -> list[RecallView]:
    rows: dict[UUID, list[Recall]] = {}
    for row in person.recalls.filter(id__in=ids).order_by("person_id"):
        rows.setdefault(row.id, []).append(row)
    steps: dict[UUID, list[StepView]] = {}
    for step in person.recall_steps.filter(recall_id__in=ids).order_by("kind"):
        steps.setdefault(step.case_id, []).append(step_of(step))
    due = dict(RecallCase.objects.filter(whose_id__in=person.keys, recall_id__in=ids).values_list("case_id", "due_at"))
    signed = signed_about_cases(person.keys, rows) if rows else {}
    return [view_of(rows[id], steps, signed, due, names) for id in ids if id in rows]


def view_of(
    rows: Sequence[Recall], steps: dict[UUID, list[StepView]], signed: dict[UUID, list[SignedView]],
    due: dict[UUID, datetime], names: Names,
) -> RecallView:  # fmt: skip
    first, about = rows[0], about_of(rows[0].about)
    found = [(UUID(target["case"]), target) for row in rows for target in row.targets]
    return RecallView(
        id=first.id,
        kind=RecallKind(first.kind),
        about=about,
        title=title_of(about, names),
        asked_at=first.asked_at,
        incident_id=first.incident_id,
        is_filed_for=first.staff_id is not None,
        inquiry=first.inquiry,
        cases=[
            CaseView(
                id=case,
                recipient_code=target["recipient"],
                recipient=names.recipient(target["recipient"]),
                service=names.service(target["service"]),
                items=names.items(target["items"]),
                count=target["count"],
                due_at=due[case],
                steps=steps.get(case, []),
                signed=signed.get(case, []),
            )
            for case, target in found
            if case in due
        ],
    )


def title_of(about: About, names: Names) -> Words | None:
    if about.kind is AboutKind.RECIPIENT:
        return names.recipient(about.code)
    return names.title("data_items", about.code) if about.kind is AboutKind.ITEM else None


def step_of(row: RecallStep) -> StepView:
    by = (
        "service"
        if row.reporter_id
        else "officer"
        if row.staff_id
        else "recipient"
        if row.is_by_recipient
        else "person"
    )
    # A recipient says it in the language in which it was asked alone.
    return StepView(row.step, row.taken_at, row.is_delivery, by, words_in_any(row.reason))


def recalls_because_of(person: User, reference: str) -> list[FiledRecall]:
    """Return the recalls of this person that name this request to the operator, the oldest first. Two SQL statements,
    one without any."""
    rows = dict(person.recalls.filter(inquiry=reference).order_by("asked_at").values_list("id", "asked_at"))
    if not rows:
        return []
    cases: dict[UUID, list[int]] = {}
    found = RecallCase.objects.filter(whose_id__in=person.keys, recall_id__in=list(rows)).order_by("pk")
    for recall, case in found.values_list("recall_id", "pk"):
        cases.setdefault(recall, []).append(case)
    return [FiledRecall(id, filed_at, tuple(cases.get(id, ()))) for id, filed_at in rows.items()]


@dataclass(frozen=True)
class Asked:
    """The newest that a person asked of a recipient. ``state``: as ``CaseView.state``."""

    recall_id: UUID
    asked_at: datetime
    state: str


def asked_of(person: User, codes: Iterable[str]) -> dict[str, Asked]:
    """Return, by recipient code, the newest that the person asked of each. Two SQL statements, one without any."""
    cases = RecallCase.objects.with_references().filter(whose_id__in=person.keys, recipient__code__in=set(codes))
    if person.viewpoint:
        cases = cases.filter(recall_id__in=person.recalls.values("id"))
    newest = {case.recipient.code: case for case in cases.order_by("opened_at", "pk")}
    states = states_of(newest.values()) if newest else {}
    return {
        code: Asked(case.recall_id, case.opened_at, states.get((case.whose_id, case.case_id), "opened"))
        for code, case in newest.items()
    }


# --- Before it is filed ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TargetView:
    """One recipient and service that would be asked, or that an open case asks already. ``kept``: what it keeps until
    when, as far as that was said."""

    recipient: Words
    recipient_code: str
    service: Words
    items: list[Words]
    count: int
    is_asked: bool
    kept: list[KeptView]


@dataclass(frozen=True)
class RecallPreview:
    """What a recall would do. ``asked`` are left out of it: an open case asks for the same."""

    about: About
    title: Words | None
    fresh: list[TargetView]
    asked: list[TargetView]


def recall_preview(person: User, about: About, kind: str, names: Names) -> RecallPreview | None:
    """Return what would be asked of whom; without a kind, all that could be. None if nothing of this was reported of
    the person. At most nine SQL statements, besides those of ``Names``."""
    found = targets(person, about, kind)
    if not found:
        return None
    lines = kept_views(kept(person, Q(recipient__in={one.recipient_id for one in found})), names)
    views = [target_view(one, names, lines) for one in found]
    return RecallPreview(
        about=about,
        title=title_of(about, names),
        fresh=[one for one in views if not one.is_asked],
        asked=[one for one in views if one.is_asked],
    )


def target_view(one: Target, names: Names, kept: Iterable[KeptView]) -> TargetView:
    return TargetView(
        recipient=names.recipient(one.recipient),
        recipient_code=one.recipient,
        service=names.service(one.service),
        items=names.items(one.items),
        count=one.count,
        is_asked=one.is_asked,
        kept=[line for line in kept if (line.recipient_code, line.service_code) == (one.recipient, one.service)],
    )


# --- What it is about, for who has to find it ------------------------------------------------------------------------


@dataclass(frozen=True)
class Matter:
    """One disclosure, as the recipient can find it: by what the report cites, never by who the person is to us.

    ``evidence``: empty if the report cites nothing that the recipient could know.
    """

    occurred_at: datetime
    evidence: EvidenceKind | None
    reference: str
    items: list[str]


def matters_of(case: RecallCase, person: User, recall: Recall) -> tuple[list[Matter], int]:
    """Return the newest disclosures that a case is about, at most ``MOST_MATTERS``, and how many there are: those that
    the person saw when they asked, whatever the law keeps from them since. Two SQL statements.
    """
    about = about_of(recall.about)
    record, condition = narrowed(record_shown_at(person, recall.asked_at), about)
    there = Q(recipient=case.recipient_id, service=case.service_id, person_id=case.whose_id)
    rows = record.matching(condition & there)
    shown = rows.select_related("item_set").newest_first()[:MOST_MATTERS]
    return [matter_of(row, about) for row in shown], rows.count()


def matter_of(row: Any, about: About) -> Matter:
    # A decision's number is ours: it would tell the recipient nothing.
    is_known = row.evidence is not None and row.evidence.reference_for_person
    return Matter(
        occurred_at=row.occurred_at,
        evidence=row.evidence.kind if is_known else None,
        reference=row.evidence.reference_for_person if is_known else "",
        items=[about.code] if about.kind is AboutKind.ITEM else list(row.item_set.codes),
    )


# --- For the recipient, by its link ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnswerPage:
    """One case for the recipient that has the link. It does not say who the person is. ``to_sign``: what is said → the
    statement that its key can sign; empty if none of its keys is registered."""

    case: RecallCase
    kind: RecallKind
    recipient: Words
    service: Words
    items: list[Words]
    matters: list[tuple[Matter, list[Words]]]
    matter_count: int
    steps: list[StepView]
    signed: list[SignedView]
    to_sign: dict[str, str]

    @property
    def next_kinds(self) -> list[RecallStepKind]:
        """The steps that the recipient may still report."""
        last = max((step.kind for step in self.steps), default=RecallStepKind.TOLD)
        return [kind for kind in steps_for(self.kind) if kind > max(last, RecallStepKind.TOLD)]

    @property
    def signable(self) -> dict[str, str]:
        """The statements that belong to steps which the recipient may still report."""
        said = [said.value for kind, said in SAID_BY_STEP.items() if kind in self.next_kinds]
        return {one: self.to_sign[one] for one in said if one in self.to_sign}

    @property
    def is_taken_back(self) -> bool:
        return bool(self.steps) and self.steps[-1].kind is RecallStepKind.TAKEN_BACK


def answer_page(mail: int, names: Names) -> AnswerPage | None:
    """Return the case that a mail is about; None if there is none any more, or if the recipient was written to at
    another address since. At most ten SQL statements, besides those of ``Names``."""
    found = RecallMail.objects.select_related("case__recipient", "case__service", "case__whose").filter(pk=mail).first()
    if found is None:
        return None
    case = found.case
    # An address that was corrected gave its link to a stranger.
    if found.address != case.mails.order_by("-pk").values_list("address", flat=True).first():
        return None
    recall = Recall.objects.filter(person_id=case.whose_id, id=case.recall_id).first()
    if recall is None:
        return None
    matters, count = matters_of(case, case.whose, recall)
    steps = RecallStep.objects.filter(person_id=case.whose_id, case_id=case.case_id).order_by("kind")
    return AnswerPage(
        case=case,
        kind=RecallKind(case.kind),
        recipient=names.recipient(case.recipient.code),
        service=names.service(case.service.code),
        items=names.items(target_in(recall, case)["items"]),
        matters=[(one, names.items(one.items)) for one in matters],
        matter_count=count,
        steps=[step_of(row) for row in steps],
        signed=signed_of_case(case),
        to_sign=offered(matter_in(case, recall)) if has_key(case.recipient) else {},
    )


def target_in(recall: Recall, case: RecallCase) -> dict[str, Any]:
    """Return the target of a recall that is this case."""
    return next(target for target in recall.targets if target["case"] == str(case.case_id))


# --- For the service that reports steps ------------------------------------------------------------------------------


def case_for_reporter(reporter: Reporter, person_id: int, case_id: UUID) -> RecallCase | None:
    """Return the case, or None if there is none or this reporter may not speak for its service."""
    found = (
        RecallCase.objects.with_references().select_related("whose").filter(whose_id=person_id, case_id=case_id).first()
    )
    is_theirs = found is not None and reporter.services.filter(pk=found.service_id).exists()
    return found if is_theirs else None


def public_case_id(case: RecallCase) -> str:
    """Return ``<person>-<case>``, both in hexadecimal, as the API names the cases of withdrawals."""
    return f"{case.whose_id:x}-{case.case_id.hex}"


def case_state(case: RecallCase) -> dict[str, Any]:
    """Return a case as the API shows it. At most six SQL statements."""
    recall = Recall.objects.get(person_id=case.whose_id, id=case.recall_id)
    steps = list(RecallStep.objects.filter(person_id=case.whose_id, case_id=case.case_id).order_by("kind"))
    matters, count = matters_of(case, case.whose, recall)
    return {
        **case_codes(case, recall),
        "state": steps[-1].step.code if steps else "opened",
        "matters": [
            {
                "occurred_at": one.occurred_at.isoformat(),
                "evidence": {"kind": one.evidence.code, "reference": one.reference} if one.evidence else None,
                "items": one.items,
            }
            for one in matters
        ],
        "matter_count": count,
        "steps": [{"step": row.step.code, "taken_at": row.taken_at.isoformat()} for row in steps],
        **signed_state(case, recall),
    }


def case_codes(case: RecallCase, recall: Recall) -> dict[str, Any]:
    """Return what does not change about a case. No SQL for a case that was fetched with its references and person."""
    return {
        "recall": public_case_id(case),
        "kind": case.kind,
        "subject": case.whose.subject,
        "recipient": case.recipient.code,
        "service": case.service.code,
        "items": target_in(recall, case)["items"],
        "asked_at": recall.asked_at.isoformat(),
        "due_at": case.due_at.isoformat(),
    }


# --- For the officers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CaseRow:
    """One row of the officers' list. Names no person."""

    case: RecallCase
    kind: RecallKind
    state: str


@dataclass(frozen=True)
class DeskFilters:
    is_open: bool = True
    kind: str = ""
    recipient: str = ""


def case_list(filters: DeskFilters, page: str = "") -> "Page[Any]":
    """Return a page of ``CaseRow``s: open ones, longest overdue first, or closed ones, newest first.

    Three SQL statements.
    """
    cases: Any = RecallCase.objects.with_references()
    cases = cases.open().order_by("due_at", "pk") if filters.is_open else cases.closed().order_by("-pk")
    if filters.kind:
        cases = cases.filter(kind=filters.kind)
    if filters.recipient:
        cases = cases.filter(recipient__code=filters.recipient)
    shown: Page[Any] = Paginator(cases, DESK_PER_PAGE).get_page(page)
    found = list(shown.object_list)
    states = states_of(found)
    shown.object_list = [
        CaseRow(case, RecallKind(case.kind), states.get((case.whose_id, case.case_id), "opened")) for case in found
    ]
    return shown


def states_of(cases: Iterable[RecallCase]) -> dict[tuple[int, UUID], str]:
    """Return the code of the last step of each (person, case). One SQL statement."""
    keys = {(case.whose_id, case.case_id) for case in cases}
    people, ids = {person for person, _id in keys}, {id for _person, id in keys}
    rows = RecallStep.objects.filter(person_id__in=people, case_id__in=ids).order_by("kind")
    return {(row.person_id, row.case_id): row.step.code for row in rows}


def open_count() -> int:
    return RecallCase.objects.open().count()


@dataclass(frozen=True)
class CasePage:
    """One case for an officer to work on. ``mails``: when and where the recipient was told by mail."""

    case: RecallCase
    kind: RecallKind
    view: CaseView
    mails: list[RecallMail]

    @property
    def next_kinds(self) -> list[RecallStepKind]:
        """The steps still possible."""
        last = max((step.kind for step in self.view.steps), default=0)
        return [kind for kind in steps_for(self.kind) if kind > last]


def case_page(pk: int, names: Names) -> CasePage | None:
    """Return one case, or None if it or its recall is gone. Seven SQL statements at most, and those of ``Names``."""
    case = RecallCase.objects.with_references().select_related("whose").filter(pk=pk).first()
    if case is None:
        return None
    recall = Recall.objects.filter(person_id=case.whose_id, id=case.recall_id).first()
    if recall is None:
        return None
    steps = RecallStep.objects.filter(person_id=case.whose_id, case_id=case.case_id).order_by("kind")
    of_case, signed = {case.case_id: [step_of(row) for row in steps]}, {case.case_id: signed_of_case(case)}
    views = view_of([recall], of_case, signed, {case.case_id: case.due_at}, names)
    mails = list(case.mails.select_related("asked_by"))
    return CasePage(case, RecallKind(case.kind), views.cases[0], mails)
