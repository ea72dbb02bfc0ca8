"""The privacy officer's cases: the list, and one of them in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from disclosures.models import Case, CaseKind, CaseStep, Conflict, Disclosure, Flag, Ground, Recipient
from disclosures.models.ledger import UNAPPROVED
from disclosures.queries.names import Names
from disclosures.queries.publications import Document
from privacycenter.words import Words

PER_PAGE = 50
# What differs from the published page, apart from whether the person had agreed.
DIFFERS = Flag.GROUND_DIFFERS | Flag.ITEMS_UNDECLARED
# As an officer reads them; the person reads ``FLAG_LABELS``.
FLAG_WORDS = {
    Flag.NO_DECISION: _("The person had not been asked, or had not answered."),
    Flag.REFUSED: _("The person had refused."),
    Flag.WITHDRAWN: _("The person had withdrawn their approval."),
    Flag.EXPIRED: _("The approval had ended."),
    Flag.ITEMS_NOT_ALLOWED: _("It includes items that the person did not allow."),
    Flag.GROUND_DIFFERS: _("The ground reported differs from the one published for this scene."),
    Flag.ITEMS_UNDECLARED: _("It includes items that are not published for this scene."),
}


@dataclass(frozen=True)
class CaseFilters:
    """``is_open``: None for all; ``kind``: None for both; ``flags``: a sum of ``Flag``s, cases with any of them."""

    is_open: bool | None = True
    kind: CaseKind | None = None
    flags: int = 0


@dataclass(frozen=True)
class CaseRow:
    """One line of the list. It names no person."""

    case: Case
    kind: CaseKind
    flags: list[Any]
    recipient: Words
    service: Words
    scenario: Words
    is_closed: bool


def case_list(filters: CaseFilters, page: str = "", document: Document | None = None) -> Page:
    """One page of ``CaseRow``s, the newest first. Three SQL statements."""
    found: Any = Case.objects.with_state()
    if filters.is_open is not None:
        found = found.filter(is_closed=not filters.is_open)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.flags:
        found = found.annotate(hit=F("flags").bitand(filters.flags)).filter(hit__gt=0)
    shown: Any = Paginator(found, PER_PAGE).get_page(page)
    shown.object_list = rows_of(list(shown.object_list), Names(document))
    return shown


def rows_of(cases: Sequence[Any], names: Names) -> list[CaseRow]:
    keys = {(case.whose_id, case.disclosure_id) for case in cases}
    people, ids = {person for person, _id in keys}, {id for _person, id in keys}
    rows = Disclosure.objects.with_references().filter(person_id__in=people, id__in=ids)
    disclosures = {(row.person_id, row.id): row for row in rows}
    return [row_of(case, disclosures[case.whose_id, case.disclosure_id], names) for case in cases]


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


def open_case_count() -> int:
    return Case.objects.open().count()


@dataclass(frozen=True)
class Side:
    """One value of two reports; ``differs`` if they do not agree about it."""

    label: Any
    recorded: str
    reported: str

    @property
    def differs(self) -> bool:
        return self.recorded != self.reported


@dataclass(frozen=True)
class CasePage:
    """One case in full. ``sides``: of a conflict, the recorded report and the other one, value by value."""

    case: Case
    kind: CaseKind
    disclosure: Disclosure
    items: list[Words]
    ground: Ground
    flags: list[Any]
    is_unapproved: bool
    conflict: Conflict | None
    sides: list[Side]
    steps: list[CaseStep]

    @property
    def is_closed(self) -> bool:
        return bool(self.steps) and self.steps[-1].is_closing


def case_page(pk: int, document: Document | None) -> CasePage | None:
    """At most six SQL statements."""
    case = Case.objects.select_related("whose").filter(pk=pk).first()
    if case is None:
        return None
    disclosure = Disclosure.objects.with_references().get(person_id=case.whose_id, id=case.disclosure_id)
    conflict = Conflict.objects.filter(person_id=case.whose_id, id=case.conflict_id).first()
    names = Names(document)
    return CasePage(
        case=case,
        kind=CaseKind(case.kind),
        disclosure=disclosure,
        items=names.items(disclosure.item_set.codes),
        ground=Ground(disclosure.ground),
        flags=[FLAG_WORDS[flag] for flag in Flag(disclosure.flags)],
        is_unapproved=bool(Flag(disclosure.flags) & UNAPPROVED),
        conflict=conflict,
        sides=sides_of(disclosure, conflict.event, names) if conflict else [],
        steps=list(case.steps.select_related("taken_by").order_by("pk")),
    )


def sides_of(disclosure: Disclosure, event: dict[str, Any], names: Names) -> list[Side]:
    other = Recipient.objects.filter(code=event["recipient"]).first()
    return [
        Side(_("Recipient"), disclosure.recipient.name.text, other.name.text if other else event["recipient"]),
        Side(_("Service"), names.service(disclosure.service.code).text, names.service(event["service"]).text),
        Side(_("Scene"), names.scenario(disclosure.scenario.code).text, names.scenario(event["scenario"]).text),
        Side(_("Items"), in_words(names, disclosure.item_set.codes), in_words(names, event["items"])),
        Side(_("Ground"), str(Ground(disclosure.ground).label), str(Ground.from_code(event["ground"]).label)),
    ]


def in_words(names: Names, codes: Sequence[str]) -> str:
    return ", ".join(words.text for words in names.items(codes))
