"""The parts of a person's record beside the disclosures, as an officer reads them: what the look-up is about."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from consents.asking.decisions import DecisionEntry, entries, with_receipt_among
from consents.asking.requests import RequestRow, closed_requests, open_requests
from consents.models import RecallCase, RecallKind
from consents.recalls.queries import CaseRow, states_of
from disclosures.models import Inquiry, InquiryKind, InquiryStatus, LookScope
from disclosures.public.titles import Names
from disclosures.record.scopes import Scope, matter_of, requests_of
from privacycenter.models import User
from privacycenter.text.words import Words

PER_PAGE = 25


@dataclass(frozen=True)
class AnswerRow:
    """One answer with the items that it allowed and refused, and whether there is a receipt of it."""

    entry: DecisionEntry
    allowed: list[Words]
    refused: list[Words]
    has_receipt: bool


@dataclass(frozen=True)
class AnswersPart:
    """``page``: of ``AnswerRow``s, newest first. ``requests``: those that wait, then the newest of the others."""

    page: "Page[Any]"
    requests: list[RequestRow]


def answers_part(person: User, scope: Scope, names: Names, page: str = "") -> AnswersPart:
    """Return the answers and the requests to the person. At most eleven SQL statements."""
    matter = matter_of(scope, person)
    rows = person.decisions.filter(matter).with_references().with_names_shown(person).newest_first()
    shown: Page[Any] = Paginator(rows, PER_PAGE).get_page(page)
    found = list(shown.object_list)
    with_receipt = with_receipt_among(person, found)
    shown.object_list = [
        AnswerRow(
            entry,
            names.items(entry.decision.allowed_set.codes),
            names.items(entry.decision.refused_set.codes),
            entry.decision.id in with_receipt,
        )
        for entry in entries(found, names.document)
    ]
    waiting = open_requests(person, names.document, about=matter)
    return AnswersPart(shown, [*waiting, *closed_requests(person, names.document, about=matter)])


@dataclass(frozen=True)
class InquiryLine:
    """One request to the operator, by its key at the desk. ``is_connected``: it came without a log-in."""

    inquiry: Inquiry
    kind: InquiryKind
    status: InquiryStatus
    is_connected: bool


def inquiries_part(person: User, scope: Scope, page: str = "") -> "Page[Any]":
    """Return one page of ``InquiryLine``s, newest first: what the person sent while logged in, and what was connected
    with their record. Two SQL statements."""
    rows = requests_of(person).select_related("standing")
    if scope.kind is LookScope.INQUIRY:
        rows = rows.filter(reference=scope.of)
    shown: Page[Any] = Paginator(rows, PER_PAGE).get_page(page)
    shown.object_list = [
        InquiryLine(row, InquiryKind(row.kind), InquiryStatus(row.standing.status), row.asked_by_id is None)
        for row in shown.object_list
    ]
    return shown


def recalls_part(person: User, scope: Scope, page: str = "") -> "Page[Any]":
    """Return one page of the cases of the person's recalls, newest first. At most four SQL statements."""
    cases = RecallCase.objects.with_references().filter(whose_id__in=person.keys)
    found = cases.filter(matter_of(scope, person)).order_by("-opened_at", "-pk")
    shown: Page[Any] = Paginator(found, PER_PAGE).get_page(page)
    rows = list(shown.object_list)
    states = states_of(rows)
    shown.object_list = [
        CaseRow(case, RecallKind(case.kind), states.get((case.whose_id, case.case_id), "opened")) for case in rows
    ]
    return shown
