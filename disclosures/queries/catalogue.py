"""The codes that reports and questions may use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from disclosures.models import DataItem, Ground, Recipient, Reporter, Scenario, Service
from privacycenter.errors import ForeignService, RetiredCode, UnknownCode


@dataclass(frozen=True)
class Resolved:
    """The rows behind the codes of one event or question."""

    recipient: Recipient
    service: Service
    scenario: Scenario
    items: tuple[str, ...]
    undeclared: tuple[str, ...]
    retired_items: tuple[tuple[str, datetime], ...] = ()

    @cached_property
    def ground(self) -> Ground:
        return Ground(self.scenario.ground)

    @cached_property
    def retired(self) -> tuple[tuple[str, str, datetime], ...]:
        """What of it is no longer in use: where it stands in an event, its code, since when."""
        rows = (("recipient", self.recipient), ("service", self.service), ("scenario", self.scenario))
        found = [(name, row.code, row.retired_at) for name, row in rows if row.retired_at]
        return (*found, *(("items", code, retired_at) for code, retired_at in self.retired_items))


class Catalogue:
    """The rows that a batch names, fetched once: five SQL statements, however large the batch."""

    def __init__(self, *, reporter: Reporter, recipients: set[str], scenarios: set[str], items: set[str]) -> None:
        self.services = {service.code: service for service in reporter.services.all()}
        self.recipients = {row.code: row for row in Recipient.objects.filter(code__in=recipients)}
        self.items = {row.code: row for row in DataItem.objects.filter(code__in=items)}
        self.scenarios = {
            row.code: row for row in Scenario.objects.filter(code__in=scenarios).prefetch_related("items")
        }
        self.resolved: dict[tuple, Resolved] = {}

    def resolve(
        self, *, recipient: str, service: str, scenario: str, items: Iterable[str], prefix: str = ""
    ) -> Resolved:
        """Codes → rows. Raises the refusal of the first code that cannot be used; ``prefix`` goes before its field.

        Retired rows resolve: what happened with them is recorded. Who asks for permission refuses them itself.
        In a batch the same codes come again and again; they are looked up once and give the same object.
        """
        key = (recipient, service, scenario, tuple(items))
        if key not in self.resolved:
            self.resolved[key] = self.look_up(recipient, service, scenario, key[3], prefix)
        return self.resolved[key]

    def look_up(self, recipient: str, service: str, scenario: str, items: tuple[str, ...], prefix: str) -> Resolved:
        if service not in self.services:
            raise ForeignService(f"“{service}” is not one of your services.", f"{prefix}service")
        rows = tuple(sorted(set(items)))
        for position, code in enumerate(items):
            if code not in self.items:
                raise UnknownCode(f"There is no data item “{code}”.", f"{prefix}items[{position}]")
        found = known(self.scenarios, scenario, f"{prefix}scenario")
        declared = {item.code for item in found.items.all()}
        return Resolved(
            recipient=known(self.recipients, recipient, f"{prefix}recipient"),
            service=self.services[service],
            scenario=found,
            items=rows,
            undeclared=tuple(code for code in rows if code not in declared),
            retired_items=tuple((code, at) for code in rows if (at := self.items[code].retired_at)),
        )


def known(rows: dict, code: str, field: str):
    if code not in rows:
        raise UnknownCode(f"There is no {field.rpartition('.')[2]} “{code}”.", field)
    return rows[code]


def refuse_retired(resolved: Resolved, prefix: str = "") -> None:
    """For questions about the future: a retired row is no longer asked about."""
    for name in ("recipient", "service", "scenario"):
        row = getattr(resolved, name)
        if row.retired_at is not None:
            raise RetiredCode(f"“{row.code}” is no longer in use.", f"{prefix}{name}")


def catalogue_for(reporter: Reporter) -> dict:
    """All that a reporter may name, in all languages: the answer of ``GET /catalogue``. Six SQL statements."""
    return {
        "services": [entry(row) for row in Service.objects.in_use().filter(reporters=reporter)],
        "recipients": [{**entry(row), "country": row.country.code} for row in usable_recipients()],
        "data_items": [entry(row) for row in DataItem.objects.in_use()],
        "scenarios": [
            {**entry(row), "ground": Ground(row.ground).code, "items": codes_in_use(row.items.all())}
            for row in Scenario.objects.in_use().prefetch_related("items")
        ],
    }


def usable_recipients():
    return Recipient.objects.in_use().with_country()


def codes_in_use(rows) -> list[str]:
    return [row.code for row in rows if row.retired_at is None]


def entry(row) -> dict:
    return {"code": row.code, "title": row.texts("title")}
