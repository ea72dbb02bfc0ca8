"""Comparison of a disclosure with the newest publication. Pure: no SQL."""

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
# The last part of each warning's type; the first part is that of problems.
NAMES = {
    Flag.GROUND_DIFFERS: "ground-differs",
    Flag.ITEMS_UNDECLARED: "item-undeclared",
    Flag.RECIPIENT_UNDECLARED: "recipient-undeclared",
    Flag.SCENARIO_UNDECLARED: "scenario-undeclared",
    Flag.RETIRED: "retired-code",
}


@dataclass(frozen=True)
class Departure:
    """One way in which a disclosure differs from the newest publication. ``name`` is the fact, ``code`` its value."""

    flag: Flag
    name: str
    code: str

    def as_warning(self, prefix: str, items: tuple[str, ...]) -> dict[str, Any]:
        """Return the warning for the reporter.

        ``items`` are in the order they were sent, so that the field has the right index.
        """
        place = f"items[{items.index(self.code)}]" if self.name == "items" else self.name
        return {
            "type": PROBLEM_TYPE + NAMES[self.flag],
            "title": TITLES[self.flag],
            "detail": f"“{self.code}”: recorded, and flagged “{self.flag.code}”.",
            "field": prefix + place,
        }


@dataclass(frozen=True)
class ScenarioTerms:
    """What is published about the rows behind some codes.

    If the scenario is not published, ``ground`` comes from the working copy and no item is undeclared.
    """

    ground: Ground
    is_scenario_declared: bool
    is_recipient_declared: bool
    undeclared_items: tuple[str, ...]


def only_recipients(scenario: Document) -> list[str]:
    """Return the codes of the only recipients of a published scenario: it names recipients and no kinds of recipients.

    Empty if any published recipient may receive the data.
    """
    return [] if scenario["recipient_kinds"] else list(scenario["recipients"])


class Published:
    """The newest publication, to compare reports and questions with. Each combination of codes is compared once.

    ``rows`` MUST come from one ``Codes``, because they are recognised by identity. While nothing is published, nothing
    is declared.
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
        # A publication leaves out retired items. They count as declared; ``departures`` checks the time of retirement.
        declared = {*scenario["items"], *rows.retired_declared} if scenario else {*rows.items}
        return ScenarioTerms(
            ground=Ground.from_code(scenario["ground"]) if scenario else rows.ground,
            is_scenario_declared=scenario is not None,
            is_recipient_declared=self.is_recipient_declared(rows, scenario),
            undeclared_items=tuple(code for code in rows.items if code not in declared),
        )

    def departures(self, rows: Resolved, ground: Ground, occurred_at: datetime) -> tuple[Departure, ...]:
        """Return the differences. Empty if the disclosure matches the publication."""
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
        # A scenario in which nobody can be identified has nothing to report about a person.
        if terms.is_scenario_declared and (ground is not terms.ground or ground is Ground.NONE):
            yield Departure(Flag.GROUND_DIFFERS, "ground", ground.code)

    def is_recipient_declared(self, rows: Resolved, scenario: Document | None) -> bool:
        if self.entry("recipients", rows.recipient) is None:
            return False
        named = only_recipients(scenario) if scenario else []
        return not named or rows.recipient.code in named or rows.recipient.retired_at is not None

    def entry(self, kind: str, row: CodedRow) -> Document | None:
        """Return the published entry. None if there is none, or if it is marked as retired while the row is in use."""
        entry: Document | None = self.document.get(kind, {}).get(row.code)
        is_listed = entry is not None and (not entry["retired"] or row.retired_at is not None)
        return entry if is_listed else None
