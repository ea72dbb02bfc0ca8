"""Comparison of a disclosure with the newest publication. Pure: no SQL."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from disclosures.content.holds import Hold, hold_of
from disclosures.content.publications import Document
from disclosures.ledger.code_lookup import CodedRow, Resolved
from disclosures.ledger.evidence import NOTHING, Informed, Required, required
from disclosures.models import CitedEvidence, Flag, Ground, ItemList, ServiceList
from privacycenter.errors import PROBLEM_TYPE


class DepartureKind(NamedTuple):
    """A way in which practice can differ from what is published.

    ``flag`` is zero for what an open list does not name: that is allowed, told to the reporter and counted for editors.
    ``problem`` is the last part of the warning's type.
    """

    flag: Flag
    problem: str
    title: str


GROUND_DIFFERS = DepartureKind(
    Flag.GROUND_DIFFERS, "ground-differs", "The ground is not the one that is published for this scenario."
)
ITEM_UNDECLARED = DepartureKind(
    Flag.ITEMS_UNDECLARED, "item-undeclared", "The item is not published for this scenario."
)
ITEM_EXCLUDED = DepartureKind(
    Flag.ITEM_EXCLUDED, "item-excluded", "It is published that this service does not provide the item in this scenario."
)
ITEM_NOT_NAMED = DepartureKind(Flag(0), "item-not-named", "The item is not named on the page.")
RECIPIENT_UNDECLARED = DepartureKind(
    Flag.RECIPIENT_UNDECLARED, "recipient-undeclared", "The recipient is not published, or not for this scenario."
)
RECIPIENT_ON_HOLD = DepartureKind(
    Flag.RECIPIENT_ON_HOLD, "recipient-on-hold", "It is published that nothing is provided to this recipient now."
)
SCENARIO_UNDECLARED = DepartureKind(Flag.SCENARIO_UNDECLARED, "scenario-undeclared", "The scenario is not published.")
SERVICE_UNDECLARED = DepartureKind(
    Flag.SERVICE_UNDECLARED,
    "service-undeclared",
    "The published list of this scenario’s services is complete without it.",
)
SERVICE_NOT_NAMED = DepartureKind(Flag(0), "service-not-named", "The service is not named on the page.")
RETIRED_CODE = DepartureKind(Flag.RETIRED, "retired-code", "A code was no longer in use when it happened.")
# What a report did not cite.
UNEVIDENCED = {
    Flag.NO_EVIDENCE: DepartureKind(
        Flag.NO_EVIDENCE, "no-evidence", "The evidence that is published as needed in this scenario is not cited."
    ),
    Flag.ABROAD_NOT_INFORMED: DepartureKind(
        Flag.ABROAD_NOT_INFORMED,
        "abroad-not-informed",
        "No publication is cited that told the person of the recipient abroad and its country.",
    ),
}


@dataclass(frozen=True)
class Departure:
    """One way in which a disclosure differs from the newest publication. ``name`` is the fact, ``code`` its value."""

    kind: DepartureKind
    name: str
    code: str

    @property
    def flag(self) -> Flag:
        return self.kind.flag

    def as_warning(self, prefix: str, items: Sequence[str]) -> dict[str, Any]:
        """Return the warning for the reporter.

        ``items`` are in the order they were sent, so that the field has the right index.
        """
        place = f"items[{items.index(self.code)}]" if self.name == "items" else self.name
        detail = f"recorded, and flagged “{self.flag.code}”." if self.flag else "the published list gives examples."
        return {
            "type": PROBLEM_TYPE + self.kind.problem,
            "title": self.kind.title,
            "detail": f"“{self.code}”: {detail}",
            "field": prefix + place,
        }


@dataclass(frozen=True)
class ScenarioTerms:
    """What is published about the rows behind some codes.

    If the scenario is not published, ``ground`` comes from the working copy, and no service or item is undeclared.
    ``not_named`` holds what an open list does not name. ``is_recipient_proposed``: a service named it, and no editor
    has published it yet.
    """

    ground: Ground
    is_scenario_declared: bool
    is_recipient_declared: bool
    requires: Required = NOTHING
    hold: Hold | None = None
    is_recipient_proposed: bool = False
    is_service_declared: bool = True
    excluded_items: tuple[str, ...] = ()
    undeclared_items: tuple[str, ...] = ()
    not_named: tuple[Departure, ...] = ()

    @cached_property
    def barred_items(self) -> frozenset[str]:
        """The items that may not be provided, whatever the person decides."""
        return frozenset((*self.excluded_items, *self.undeclared_items))

    def is_on_hold(self, moment: datetime) -> bool:
        return self.hold is not None and self.hold.covers(moment)


def only_recipients(scenario: Document) -> list[str]:
    """Return the codes of the only recipients of a published scenario: it names recipients and no kinds of recipients.

    Empty if any published recipient may receive the data.
    """
    return [] if scenario["recipient_kinds"] else list(scenario["recipients"])


def is_recipient_declared(rows: Resolved, recipient: Document | None, scenario: Document | None) -> bool:
    if recipient is None:
        return False
    named = only_recipients(scenario) if scenario else []
    return not named or rows.recipient.code in named or rows.recipient.retired_at is not None


class Published:
    """The newest publication, to compare reports and questions with. Each combination of codes is compared once.

    ``rows`` MUST come from one ``Codes``, because they are recognised by identity. While nothing is published, nothing
    is declared. ``informed`` holds, by number, of whom the publications that reports cite tell; it has none newer than
    this one, because that cannot have been shown.
    """

    def __init__(self, document: Document | None) -> None:
        self.document = document or {}
        self.informed: Mapping[int, Informed] = {}
        self.found_terms: dict[int, ScenarioTerms] = {}
        self.found: dict[tuple[int, Ground], tuple[Departure, ...]] = {}

    def terms(self, rows: Resolved) -> ScenarioTerms:
        if id(rows) not in self.found_terms:
            self.found_terms[id(rows)] = self.terms_of(rows)
        return self.found_terms[id(rows)]

    def terms_of(self, rows: Resolved) -> ScenarioTerms:
        scenario, recipient = self.entry("scenarios", rows.scenario), self.entry("recipients", rows.recipient)
        found = ScenarioTerms(
            ground=Ground.from_code(scenario["ground"]) if scenario else rows.ground,
            is_scenario_declared=scenario is not None,
            is_recipient_declared=is_recipient_declared(rows, recipient, scenario),
            hold=hold_of(recipient) if recipient else None,
            is_recipient_proposed=rows.is_recipient_proposed and recipient is None,
            requires=required(rows.recipient.code, scenario, recipient),
        )
        return self.with_lists(found, rows, scenario) if scenario else found

    def with_lists(self, terms: ScenarioTerms, rows: Resolved, scenario: Document) -> ScenarioTerms:
        """Add what the scenario's lists say. A publication leaves out what is retired; it counts as named, and
        ``departures`` checks the time of retirement."""
        service, named = rows.service, {*scenario["items"], *rows.retired_declared}
        is_other = service.code not in scenario["services"] and service.retired_at is None
        is_complete = scenario.get("service_list") == ServiceList.COMPLETE
        is_open = scenario.get("item_list") == ItemList.OPEN and terms.ground is not Ground.APPROVAL
        others = [code for code in rows.items if code not in named]
        opened = [code for code in others if is_open and self.may_be_opened(code)]
        excluded = {one["item"] for one in scenario.get("exclusions", ()) if one["service"] == service.code}
        return replace(
            terms,
            is_service_declared=not (is_other and is_complete),
            excluded_items=tuple(code for code in rows.items if code in excluded),
            undeclared_items=tuple(code for code in others if code not in opened),
            not_named=(
                *([Departure(SERVICE_NOT_NAMED, "service", service.code)] if is_other and not is_complete else []),
                *(Departure(ITEM_NOT_NAMED, "items", code) for code in opened),
            ),
        )

    def may_be_opened(self, code: str) -> bool:
        """Return whether an open list lets this item through: never what is not published or needs special care."""
        entry = self.document["data_items"].get(code)
        return entry is not None and not entry["retired"] and not entry.get("is_special_care")

    def departures(
        self, rows: Resolved, ground: Ground, occurred_at: datetime, evidence: CitedEvidence | None
    ) -> tuple[Departure, ...]:
        """Return the differences. Empty if the disclosure matches the publication."""
        key = (id(rows), ground)
        if key not in self.found:
            self.found[key] = tuple(self.differences(rows, ground))
        late = [Departure(RETIRED_CODE, name, code) for name, code, since in rows.retired if occurred_at >= since]
        if self.terms(rows).is_on_hold(occurred_at):
            late.append(Departure(RECIPIENT_ON_HOLD, "recipient", rows.recipient.code))
        for flag, name, code in self.terms(rows).requires.missing(evidence, self.informed, occurred_at):
            late.append(Departure(UNEVIDENCED[flag], name, code))
        return (*self.found[key], *late) if late else self.found[key]

    def differences(self, rows: Resolved, ground: Ground) -> Iterator[Departure]:
        terms = self.terms(rows)
        if not terms.is_scenario_declared:
            yield Departure(SCENARIO_UNDECLARED, "scenario", rows.scenario.code)
        if not terms.is_recipient_declared:
            yield Departure(RECIPIENT_UNDECLARED, "recipient", rows.recipient.code)
        if not terms.is_service_declared:
            yield Departure(SERVICE_UNDECLARED, "service", rows.service.code)
        for kind, codes in ((ITEM_EXCLUDED, terms.excluded_items), (ITEM_UNDECLARED, terms.undeclared_items)):
            for code in codes:
                yield Departure(kind, "items", code)
        # A scenario in which nobody can be identified has nothing to report about a person.
        if terms.is_scenario_declared and (ground is not terms.ground or ground is Ground.NONE):
            yield Departure(GROUND_DIFFERS, "ground", ground.code)
        yield from terms.not_named

    def entry(self, kind: str, row: CodedRow) -> Document | None:
        """Return the published entry. None if there is none, or if it is marked as retired while the row is in use."""
        entry: Document | None = self.document.get(kind, {}).get(row.code)
        is_listed = entry is not None and (not entry["retired"] or row.retired_at is not None)
        return entry if is_listed else None
