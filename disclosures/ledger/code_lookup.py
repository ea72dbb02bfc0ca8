"""The names that reports and questions give, and the rows behind them: codes, subjects, combinations of items."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from django.db.models import DateTimeField, F, IntegerField, QuerySet, Value

from disclosures.models import DataItem, Ground, ItemSet, Recipient, Reporter, Scenario, Service
from privacycenter.database.compiled_queries import Given, IsAmong, Statement
from privacycenter.errors import ForeignService, RetiredCode, UnknownCode
from privacycenter.models import User

SERVICE, RECIPIENT, ITEM, SCENARIO, DECLARED, PERSON, ITEM_SET = range(7)
NOTHING: frozenset[str] = frozenset()


class Naming(Protocol):
    """An event, facts or a question: what has these four."""

    @property
    def service(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def scenario(self) -> str: ...
    @property
    def items(self) -> Sequence[str]: ...


class CodedRow(NamedTuple):
    """A row, as far as its code is concerned. ``ground``: of a scenario, else 0."""

    pk: int
    code: str
    retired_at: datetime | None
    ground: int


@dataclass(frozen=True)
class Resolved:
    """The rows behind the codes of one event or question. ``items`` are sorted.

    ``retired_items``: those of ``items`` that are no longer in use, and since when. ``retired_declared``: those of the
    items that the scenario declares.
    """

    recipient: CodedRow
    service: CodedRow
    scenario: CodedRow
    items: tuple[str, ...]
    retired_items: tuple[tuple[str, datetime], ...]
    retired_declared: frozenset[str]

    @cached_property
    def ground(self) -> Ground:
        return Ground(self.scenario.ground)

    @cached_property
    def retired_rows(self) -> tuple[tuple[str, str, datetime], ...]:
        """Which of recipient, service and scenario are no longer in use: where each stands in an event, its code, since
        when."""
        rows = (("recipient", self.recipient), ("service", self.service), ("scenario", self.scenario))
        return tuple((name, row.code, row.retired_at) for name, row in rows if row.retired_at)

    @cached_property
    def retired(self) -> tuple[tuple[str, str, datetime], ...]:
        """The same, and the items that are no longer in use."""
        return (*self.retired_rows, *(("items", code, retired_at) for code, retired_at in self.retired_items))


class Codes:
    """The rows that a reporter's events or questions name, as they are now: one SQL statement, however many.

    ``people``: the key of each of ``subjects`` that was seen before. ``item_sets``: the key of each of ``digests`` that
    is known.
    """

    def __init__(
        self, reporter: Reporter, named: Iterable[Naming], *, subjects: Set[str] = NOTHING, digests: Set[str] = NOTHING
    ) -> None:
        named = list(named)
        self.found: dict[int, dict[str, CodedRow]] = {kind: {} for kind in (SERVICE, RECIPIENT, ITEM, SCENARIO)}
        self.declared: dict[int, dict[str, datetime | None]] = {}
        self.people: dict[str, int] = {}
        self.item_sets: dict[str, int] = {}
        self.resolved: dict[tuple[Any, ...], Resolved] = {}
        rows = NAMED_ROWS.rows(
            reporter=reporter.pk,
            services={one.service for one in named},
            recipients={one.recipient for one in named},
            scenarios={one.scenario for one in named},
            items={code for one in named for code in one.items},
            subjects=subjects,
            digests=digests,
        )
        keys = {PERSON: self.people, ITEM_SET: self.item_sets}
        for kind, *values in rows:
            row = CodedRow(*values)
            if kind in keys:
                keys[kind][row.code] = row.pk
            elif kind == DECLARED:
                self.declared.setdefault(row.pk, {})[row.code] = row.retired_at
            else:
                self.found[kind][row.code] = row

    def resolve(self, named: Naming, prefix: str = "") -> Resolved:
        """Codes → rows. Raises the refusal of the first code that cannot be used; ``prefix`` goes before its field.

        Retired rows resolve: what happened with them is recorded. Who asks for permission refuses them itself.
        In a batch the same codes come again and again; they are looked up once and give the same object.
        """
        key = (named.recipient, named.service, named.scenario, tuple(named.items))
        if key not in self.resolved:
            self.resolved[key] = self.look_up(*key, prefix)
        return self.resolved[key]

    def look_up(self, recipient: str, service: str, scenario: str, items: tuple[str, ...], prefix: str) -> Resolved:
        if service not in self.found[SERVICE]:
            raise ForeignService(f"“{service}” is not one of your services.", f"{prefix}service")
        for position, code in enumerate(items):
            self.known(ITEM, code, "data item", f"{prefix}items[{position}]")
        chosen = self.known(SCENARIO, scenario, "scenario", f"{prefix}scenario")
        declared = self.declared.get(chosen.pk, {})
        codes = tuple(sorted(set(items)))
        return Resolved(
            recipient=self.known(RECIPIENT, recipient, "recipient", f"{prefix}recipient"),
            service=self.found[SERVICE][service],
            scenario=chosen,
            items=codes,
            retired_items=tuple((code, at) for code in codes if (at := self.found[ITEM][code].retired_at)),
            retired_declared=frozenset(code for code, retired_at in declared.items() if retired_at),
        )

    def known(self, kind: int, code: str, what: str, field: str) -> CodedRow:
        if code not in self.found[kind]:
            raise UnknownCode(f"There is no {what} “{code}”.", field)
        return self.found[kind][code]


def named_rows() -> QuerySet[Any]:
    """The kind of each row, then a ``CodedRow``. What a scenario declares comes with the key of the scenario; people
    and item sets, which have no codes, with subject and digest in its place."""
    scenarios = Scenario.objects.filter(IsAmong("code", Given("scenarios")))
    parts = (
        part(SERVICE, Service.objects.filter(IsAmong("code", Given("services")), reporters=Given("reporter"))),
        part(RECIPIENT, Recipient.objects.filter(IsAmong("code", Given("recipients")))),
        part(ITEM, DataItem.objects.filter(IsAmong("code", Given("items")))),
        part(SCENARIO, scenarios, ground=F("ground")),
        part(DECLARED, scenarios.filter(items__isnull=False), of="items__"),
        keys(PERSON, User.objects.filter(IsAmong("subject", Given("subjects"))), "subject"),
        keys(ITEM_SET, ItemSet.objects.filter(IsAmong("digest", Given("digests"))), "digest"),
    )
    return parts[0].union(*parts[1:], all=True)


def part(kind: int, found: QuerySet[Any], *, of: str = "", ground: Any = None) -> QuerySet[Any]:
    return found.order_by().values_list(
        Value(kind, IntegerField()), "pk", F(f"{of}code"), F(f"{of}retired_at"), ground or Value(0, IntegerField())
    )


def keys(kind: int, found: QuerySet[Any], name: str) -> QuerySet[Any]:
    return found.order_by().values_list(
        Value(kind, IntegerField()), "pk", F(name), Value(None, DateTimeField()), Value(0, IntegerField())
    )


NAMED_ROWS = Statement(named_rows)


def refuse_retired(resolved: Resolved) -> None:
    """For questions about the future: a retired row is no longer asked about."""
    for name, code, _since in resolved.retired_rows:
        raise RetiredCode(f"“{code}” is no longer in use.", name)
