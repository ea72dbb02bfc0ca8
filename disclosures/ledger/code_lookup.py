"""Look-up of the rows behind reports and permission questions: codes, subjects, combinations of items."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from django.db.models import Case, DateTimeField, F, IntegerField, QuerySet, Subquery, Value, When

from disclosures.content.publications import NumberedHash
from disclosures.models import (
    DataItem,
    Erasure,
    EventSource,
    Ground,
    ItemSet,
    Publication,
    Recipient,
    Reporter,
    Scenario,
    Service,
)
from privacycenter.database.compiled_queries import Given, IsAmong, Statement
from privacycenter.errors import ForeignService, RetiredCode, UnknownCode
from privacycenter.models import User

SERVICE, RECIPIENT, ITEM, SCENARIO, DECLARED, PERSON, ITEM_SET, SOURCE, ERASED, PUBLICATION = range(10)
NOTHING: frozenset[str] = frozenset()
PROPOSED = Case(When(proposed_by__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField())


class Naming(Protocol):
    """An event, facts or a question: anything with these four codes."""

    @property
    def service(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def scenario(self) -> str: ...
    @property
    def items(self) -> Sequence[str]: ...


class CodedRow(NamedTuple):
    """A row with a code. ``mark``: a scenario's ground; of a recipient, 1 if a reporter proposed it; otherwise 0."""

    pk: int
    code: str
    retired_at: datetime | None
    mark: int


@dataclass(frozen=True)
class Resolved:
    """The rows behind the codes of one event or question. ``items`` are sorted.

    ``retired_items`` holds the retired ones among ``items``, with the time of retirement. ``retired_declared`` holds
    the retired ones among the items that the scenario declares.
    """

    recipient: CodedRow
    service: CodedRow
    scenario: CodedRow
    items: tuple[str, ...]
    retired_items: tuple[tuple[str, datetime], ...]
    retired_declared: frozenset[str]

    @cached_property
    def ground(self) -> Ground:
        return Ground(self.scenario.mark)

    @property
    def is_recipient_proposed(self) -> bool:
        """Whether a reporter named the recipient. It may be published since."""
        return bool(self.recipient.mark)

    @cached_property
    def retired_rows(self) -> tuple[tuple[str, str, datetime], ...]:
        """The retired ones of recipient, service and scenario, as (name in an event, code, time of retirement)."""
        rows = (("recipient", self.recipient), ("service", self.service), ("scenario", self.scenario))
        return tuple((name, row.code, row.retired_at) for name, row in rows if row.retired_at)

    @cached_property
    def retired(self) -> tuple[tuple[str, str, datetime], ...]:
        """``retired_rows``, followed by the retired items."""
        return (*self.retired_rows, *(("items", code, retired_at) for code, retired_at in self.retired_items))


class Codes:
    """The rows that a reporter's events or questions refer to, as they are now. One SQL statement, whatever their
    number.

    ``people`` maps those of ``subjects`` that are known to their keys, ``item_sets`` those of ``digests``, ``sources``
    those of ``sources``. ``erased`` says whether something was erased of one of ``erased_subjects`` (keyed hashes).
    ``newest`` names the newest publication, with which they are compared; None while nothing is published.
    """

    def __init__(
        self,
        reporter: Reporter,
        named: Iterable[Naming],
        *,
        subjects: Set[str] = NOTHING,
        digests: Set[str] = NOTHING,
        sources: Set[str] = NOTHING,
        erased_subjects: Set[str] = NOTHING,
    ) -> None:
        named = list(named)
        self.found: dict[int, dict[str, CodedRow]] = {kind: {} for kind in (SERVICE, RECIPIENT, ITEM, SCENARIO)}
        self.declared: dict[int, dict[str, datetime | None]] = {}
        self.people: dict[str, int] = {}
        self.item_sets: dict[str, int] = {}
        self.sources: dict[str, int] = {}
        self.resolved: dict[tuple[Any, ...], Resolved] = {}
        rows = NAMED_ROWS.rows(
            reporter=reporter.pk,
            services={one.service for one in named},
            recipients={one.recipient for one in named},
            scenarios={one.scenario for one in named},
            items={code for one in named for code in one.items},
            subjects=subjects,
            digests=digests,
            sources=sources,
            erased=erased_subjects,
        )
        erasures: dict[str, int] = {}
        newest: dict[str, int] = {}
        keys = {
            PERSON: self.people, ITEM_SET: self.item_sets, SOURCE: self.sources, ERASED: erasures, PUBLICATION: newest
        }  # fmt: skip
        for kind, *values in rows:
            row = CodedRow(*values)
            if kind in keys:
                keys[kind][row.code] = row.pk
            elif kind == DECLARED:
                self.declared.setdefault(row.pk, {})[row.code] = row.retired_at
            else:
                self.found[kind][row.code] = row
        self.erased = bool(erasures)
        self.newest = next((NumberedHash(number, sha256) for sha256, number in newest.items()), None)

    def resolve(self, named: Naming, prefix: str = "") -> Resolved:
        """Return the rows behind the codes. Raises the refusal of the first unusable code; ``prefix`` precedes its
        field.

        Retired rows are returned, because disclosures to them are recorded; permission questions must refuse them
        separately. Codes that repeat in a batch are looked up once and give the same object.
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


NEWEST = Publication.objects.order_by("-pk").values("pk")[:1]


def named_rows() -> QuerySet[Any]:
    """Select the kind of each row, then a ``CodedRow``.

    Items that a scenario declares have the key of the scenario. People, item sets, sources and the newest publication,
    which have no code, have the subject, the digest, the text or the SHA-256 in its place.
    """
    scenarios = Scenario.objects.filter(IsAmong("code", Given("scenarios")))
    parts = (
        part(SERVICE, Service.objects.filter(IsAmong("code", Given("services")), reporters=Given("reporter"))),
        part(RECIPIENT, Recipient.objects.filter(IsAmong("code", Given("recipients"))), mark=PROPOSED),
        part(ITEM, DataItem.objects.filter(IsAmong("code", Given("items")))),
        part(SCENARIO, scenarios, mark=F("ground")),
        part(DECLARED, scenarios.filter(items__isnull=False), of="items__"),
        keys(PERSON, User.objects.filter(IsAmong("subject", Given("subjects"))), "subject"),
        keys(ITEM_SET, ItemSet.objects.filter(IsAmong("digest", Given("digests"))), "digest"),
        keys(SOURCE, EventSource.objects.filter(IsAmong("text", Given("sources"))), "text"),
        keys(ERASED, Erasure.objects.filter(IsAmong("subject_digest", Given("erased"))), "subject_digest"),
        keys(PUBLICATION, Publication.objects.filter(pk=Subquery(NEWEST)), "sha256"),
    )
    return parts[0].union(*parts[1:], all=True)


def part(kind: int, found: QuerySet[Any], *, of: str = "", mark: Any = None) -> QuerySet[Any]:
    return found.order_by().values_list(
        Value(kind, IntegerField()), "pk", F(f"{of}code"), F(f"{of}retired_at"), mark or Value(0, IntegerField())
    )


def keys(kind: int, found: QuerySet[Any], name: str) -> QuerySet[Any]:
    return found.order_by().values_list(
        Value(kind, IntegerField()), "pk", F(name), Value(None, DateTimeField()), Value(0, IntegerField())
    )


NAMED_ROWS = Statement(named_rows)


def refuse_retired(resolved: Resolved) -> None:
    """Raise RetiredCode for a retired row. For questions about the future."""
    for name, code, _since in resolved.retired_rows:
        raise RetiredCode(f"“{code}” is no longer in use.", name)
