"""What the newest publication says about a disclosure, and where practice differs from it. Pure: no SQL here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from disclosures.ledger.code_lookup import CodedRow, Resolved
from disclosures.models import Flag, Ground
from disclosures.publishing.publications import Document
from privacycenter.errors import PROBLEM_TYPE

TITLES = {
    Flag.GROUND_DIFFERS: "The ground is not the one that is published for this scenario.",
    Flag.ITEMS_UNDECLARED: "The item is not published for this scenario.",
    Flag.RECIPIENT_UNDECLARED: "The recipient is not published, or not for this scenario.",
    Flag.SCENARIO_UNDECLARED: "The scenario is not published.",
    Flag.RETIRED: "A code was no longer in use when it happened.",
}
# The last part of each warning's type, as of a problem's.
NAMES = {
    Flag.GROUND_DIFFERS: "ground-differs",
    Flag.ITEMS_UNDECLARED: "item-undeclared",
    Flag.RECIPIENT_UNDECLARED: "recipient-undeclared",
    Flag.SCENARIO_UNDECLARED: "scenario-undeclared",
    Flag.RETIRED: "retired-code",
}


@dataclass(frozen=True)
class Departure:
    """One way in which a disclosure differs from the newest publication. ``name``: which fact; ``code``: its value."""

    flag: Flag
    name: str
    code: str

    def as_warning(self, prefix: str, items: tuple[str, ...]) -> dict[str, Any]:
        """As a reporter is told. ``items``: as they were sent, so that the field names the right one."""
        place = f"items[{items.index(self.code)}]" if self.name == "items" else self.name
        return {
            "type": PROBLEM_TYPE + NAMES[self.flag],
            "title": TITLES[self.flag],
            "detail": f"“{self.code}”: recorded, and flagged “{self.flag.code}”.",
            "field": prefix + place,
        }


@dataclass(frozen=True)
class ScenarioTerms:
    """What is published of what some codes name. ``ground`` is that of the working copy, and no item is undeclared,
    where the scenario is not published."""

    ground: Ground
    is_scenario_declared: bool
    is_recipient_declared: bool
    undeclared_items: tuple[str, ...]


def only_recipients(scenario: Document) -> list[str]:
    """The codes of those that alone may receive the data of a published scenario: it names recipients, and no kinds of
    them. Empty: any that is published may."""
    return [] if scenario["recipient_kinds"] else list(scenario["recipients"])


class Published:
    """The newest publication as reports and questions are compared with it; each combination of codes once.

    ``rows`` MUST be of one ``Codes``: they are known by identity. While nothing is published, nothing is declared.
    """

    def __init__(self, document: Document | None) -> None:
        self.document = document or {}
        self.found_terms: dict[int, ScenarioTerms] = {}
        self.found: dict[tuple[int, Ground], tuple[Departure, ...]] = {}

    def terms(self, rows: Resolved) -> ScenarioTerms:
        if id(rows) not in self.found_terms:
            self.found_terms[id(rows)] = self.terms_of(rows)
        return self.found_terms[id(rows)]

    def terms_of(self, rows: Resolved) -> ScenarioTerms:
        scenario = self.entry("scenarios", rows.scenario)
        # What is retired is no longer listed; whether it was used too late is asked of its date.
        declared = {*scenario["items"], *rows.retired_declared} if scenario else {*rows.items}
        return ScenarioTerms(
            ground=Ground.from_code(scenario["ground"]) if scenario else rows.ground,
            is_scenario_declared=scenario is not None,
            is_recipient_declared=self.is_recipient_declared(rows, scenario),
            undeclared_items=tuple(code for code in rows.items if code not in declared),
        )

    def departures(self, rows: Resolved, ground: Ground, occurred_at: datetime) -> tuple[Departure, ...]:
        """Empty if it was just as published."""
        key = (id(rows), ground)
        if key not in self.found:
            self.found[key] = tuple(self.differences(rows, ground))
        late = [Departure(Flag.RETIRED, name, code) for name, code, since in rows.retired if occurred_at >= since]
        return (*self.found[key], *late) if late else self.found[key]

    def differences(self, rows: Resolved, ground: Ground) -> Iterator[Departure]:
        terms = self.terms(rows)
        if not terms.is_scenario_declared:
            yield Departure(Flag.SCENARIO_UNDECLARED, "scenario", rows.scenario.code)
        if not terms.is_recipient_declared:
            yield Departure(Flag.RECIPIENT_UNDECLARED, "recipient", rows.recipient.code)
        for code in terms.undeclared_items:
            yield Departure(Flag.ITEMS_UNDECLARED, "items", code)
        # In a scene in which nobody can be identified there is nothing to report per person.
        if terms.is_scenario_declared and (ground is not terms.ground or ground is Ground.NONE):
            yield Departure(Flag.GROUND_DIFFERS, "ground", ground.code)

    def is_recipient_declared(self, rows: Resolved, scenario: Document | None) -> bool:
        if self.entry("recipients", rows.recipient) is None:
            return False
        named = only_recipients(scenario) if scenario else []
        return not named or rows.recipient.code in named or rows.recipient.retired_at is not None

    def entry(self, kind: str, row: CodedRow) -> Document | None:
        """The published entry. None if there is none, or one that is marked as retired although the row is in use."""
        entry: Document | None = self.document.get(kind, {}).get(row.code)
        is_listed = entry is not None and (not entry["retired"] or row.retired_at is not None)
        return entry if is_listed else None
