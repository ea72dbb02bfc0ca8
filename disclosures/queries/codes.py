"""The codes of questions, resolved with as little work as can be: a permission check must not cost much."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, IntegerField, QuerySet, Value

from disclosures.models import DataItem, Ground, Recipient, Reporter, Scenario, Service
from privacycenter.errors import ForeignService, UnknownCode

SERVICE, RECIPIENT, ITEM, SCENARIO, DECLARED = range(5)


@dataclass(frozen=True)
class Coded:
    """A row of the catalogue, as far as a question needs it. ``ground``: of a scenario, else 0."""

    pk: int
    code: str
    is_retired: bool
    ground: int


@dataclass(frozen=True)
class Asked:
    """What one question is about."""

    recipient: Coded
    service: Coded
    scenario: Coded
    items: tuple[str, ...]
    undeclared: frozenset[str]

    @property
    def ground(self) -> Ground:
        return Ground(self.scenario.ground)

    @property
    def is_retired(self) -> bool:
        return self.recipient.is_retired or self.service.is_retired or self.scenario.is_retired


class Codes:
    """The rows that a reporter's questions name, as they are now: one SQL statement, however many questions."""

    def __init__(
        self, reporter: Reporter, *, services: set[str], recipients: set[str], scenarios: set[str], items: set[str]
    ) -> None:
        theirs = Service.objects.filter(reporters=reporter, code__in=services)
        declared = Scenario.objects.filter(code__in=scenarios, items__isnull=False)
        self.found: dict[int, dict[str, Coded]] = {kind: {} for kind in (SERVICE, RECIPIENT, ITEM, SCENARIO)}
        self.declared: dict[int, set[str]] = {}
        parts = (
            rows(SERVICE, theirs),
            rows(RECIPIENT, Recipient.objects.filter(code__in=recipients)),
            rows(ITEM, DataItem.objects.filter(code__in=items)),
            rows(SCENARIO, Scenario.objects.filter(code__in=scenarios), F("ground")),
            rows(DECLARED, declared, code=F("items__code")),
        )
        for kind, pk, code, retired_at, ground in parts[0].union(*parts[1:], all=True):
            if kind == DECLARED:
                self.declared.setdefault(pk, set()).add(code)
            else:
                self.found[kind][code] = Coded(pk, code, retired_at is not None, ground)

    def resolve(self, *, recipient: str, service: str, scenario: str, items: Sequence[str], prefix: str = "") -> Asked:
        """Codes → rows. Raises the refusal of the first code that cannot be used; ``prefix`` goes before its field."""
        if service not in self.found[SERVICE]:
            raise ForeignService(f"“{service}” is not one of your services.", f"{prefix}service")
        for position, code in enumerate(items):
            self.known(ITEM, code, "data item", f"{prefix}items[{position}]")
        chosen = self.known(SCENARIO, scenario, "scenario", f"{prefix}scenario")
        return Asked(
            recipient=self.known(RECIPIENT, recipient, "recipient", f"{prefix}recipient"),
            service=self.found[SERVICE][service],
            scenario=chosen,
            items=tuple(sorted(set(items))),
            undeclared=frozenset(items) - self.declared.get(chosen.pk, set()),
        )

    def known(self, kind: int, code: str, what: str, field: str) -> Coded:
        if code not in self.found[kind]:
            raise UnknownCode(f"There is no {what} “{code}”.", field)
        return self.found[kind][code]


def rows(kind: int, found: QuerySet, ground: Any = None, code: Any = None) -> QuerySet:
    """One part of the union: what kind of row, its key, code, time of retiring and ground."""
    return found.order_by().values_list(
        Value(kind, IntegerField()), "pk", code or F("code"), "retired_at", ground or Value(0, IntegerField())
    )


def codes_of(reporter: Reporter, questions: Iterable[Any]) -> Codes:
    """The codes that these questions (``service``, ``recipient``, ``scenario``, ``items``) name."""
    questions = list(questions)
    return Codes(
        reporter,
        services={question.service for question in questions},
        recipients={question.recipient for question in questions},
        scenarios={question.scenario for question in questions},
        items={code for question in questions for code in question.items},
    )
