"""Verification that flags follow from what the row says they were judged by. Nothing is judged anew.

A row names the publication that it was compared with, and the newest of the person's decisions that was known. What was
decided or published later changes nothing. Rows of version 0.1 name neither; they are compared with the decisions at
the time of the disclosure, as far as these tell. Until ``0013_cited_text`` any number of a publication that was there
counted as one about the recipient abroad; until ``0015_same_second`` it also counted if it was published only after the
disclosure, and a decision of the second of the disclosure counted as a later one. Until ``0017_unknown_basis`` no
publication had to be cited where the basis abroad was not stated.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from itertools import islice, product
from operator import or_

from disclosures.ledger.code_lookup import CodedRow, Resolved
from disclosures.ledger.conformance import Published
from disclosures.ledger.events import CLOCK_TOLERANCE, NO_FLAG, last_moment
from disclosures.ledger.evidence import Informed, basis_abroad, informed_by
from disclosures.ledger.flagging import approval_flags
from disclosures.ledger.permissions import Standing, StandingQuestion, standings
from disclosures.models import (
    Correction,
    DataItem,
    Disclosure,
    Flag,
    Ground,
    ItemSet,
    Publication,
    Recipient,
    Scenario,
    Service,
)
from disclosures.models.ledger.events import DIFFERS, UNAPPROVED, UNEVIDENCED
from privacycenter.database.verifying import Fault, faults_of, kept_since

Judged = Disclosure | Correction
# Whether a code was in use when the row was written is not kept, so this flag cannot be proved.
PROVABLE = (DIFFERS | UNEVIDENCED) & ~Flag.RETIRED
EARLIEST = datetime.min.replace(tzinfo=UTC)
NOTHING_PUBLISHED = (None, EARLIEST)
# Publications held in memory at once: each has all content.
MOST_HELD = 64


class Catalogue:
    """The rows behind codes as they are now, by key: they are few, and never deleted."""

    def __init__(self) -> None:
        self.load()

    def load(self) -> None:
        self.recipients = {row.pk: coded(row) for row in Recipient.objects.all()}
        self.services = {row.pk: coded(row) for row in Service.objects.all()}
        self.scenarios = {row.pk: coded(row, row.ground) for row in Scenario.objects.all()}
        self.retired_items = {
            code: at for code, at in DataItem.objects.values_list("code", "retired_at") if at is not None
        }
        self.item_sets = dict(ItemSet.objects.values_list("pk", "codes"))

    def resolved(self, recipient: int, service: int, scenario: int, item_set: int) -> Resolved:
        if recipient not in self.recipients or scenario not in self.scenarios or item_set not in self.item_sets:
            self.load()
        items = tuple(self.item_sets[item_set])
        return Resolved(
            recipient=self.recipients[recipient],
            service=self.services[service],
            scenario=self.scenarios[scenario],
            items=items,
            retired_items=tuple((code, self.retired_items[code]) for code in items if code in self.retired_items),
            retired_declared=frozenset(code for code in items if code in self.retired_items),
        )


def coded(row: Recipient | Service | Scenario, ground: int = 0) -> CodedRow:
    return CodedRow(row.pk, row.code, row.retired_at, ground)


class Comparison:
    """One publication, to compare rows with that were recorded while it was the newest. ``since``: when it was
    published."""

    def __init__(self, published: Published, since: datetime, catalogue: Catalogue) -> None:
        self.published, self.since, self.catalogue = published, since, catalogue
        self.known: dict[tuple[int, int, int, int], list[Resolved]] = {}

    def readings(self, row: Judged) -> list[Resolved]:
        """Return the codes of a row as they may have been: what is retired now may have been in use."""
        key = (row.recipient_id or 0, row.service_id or 0, row.scenario_id or 0, row.item_set_id or 0)
        if key not in self.known:
            self.known[key] = list(readings_of(self.catalogue.resolved(*key)))
        return self.known[key]

    def flags(self, row: Judged, ground: Ground, occurred_at: datetime) -> set[Flag]:
        """Return which flags about the publication the row may have, one for each reading."""
        return {
            reduce(or_, (departure.flag for departure in found), NO_FLAG) & PROVABLE
            for reading in self.readings(row)
            for found in [self.published.departures(reading, ground, occurred_at, row.evidence)]
        }

    def is_basis_unstated(self, row: Judged) -> bool:
        """Return whether the publication states no basis for a provision to this recipient, if it is abroad."""
        resolved, published = self.readings(row)[0], self.published
        entries = published.entry("scenarios", resolved.scenario), published.entry("recipients", resolved.recipient)
        return basis_abroad(*entries) is None

    def asks(self, row: Judged) -> set[bool]:
        """Return whether an approval was needed. Both, where the publication says nothing of the scenario."""
        found = [self.published.terms(reading) for reading in self.readings(row)]
        if not all(terms.is_scenario_declared for terms in found):
            return {True, False}
        return {terms.ground is Ground.APPROVAL for terms in found}


def readings_of(resolved: Resolved) -> Iterator[Resolved]:
    for recipient, service, scenario, retired in product(
        states_of(resolved.recipient),
        states_of(resolved.service),
        states_of(resolved.scenario),
        {resolved.retired_declared, frozenset[str]()},
    ):
        yield replace(resolved, recipient=recipient, service=service, scenario=scenario, retired_declared=retired)


def states_of(row: CodedRow) -> list[CodedRow]:
    return [row, row._replace(retired_at=None)] if row.retired_at else [row]


class JudgementVerifier:
    """Verifies the judgements of pages of rows. A constant number of SQL statements a page, and one a publication."""

    def __init__(self) -> None:
        self.catalogue = Catalogue()
        self.named_since = kept_since("disclosures", "0003_judged_by")
        self.cited_text_since = kept_since("disclosures", "0013_cited_text")
        self.same_second_since = kept_since("disclosures", "0015_same_second")
        self.unknown_basis_since = kept_since("disclosures", "0017_unknown_basis")
        self.held: OrderedDict[int, Comparison | None] = OrderedDict()
        self.informed: dict[int, Informed] = {}

    def faults(self, page: Sequence[Judged]) -> Iterator[Fault]:
        """Yield the faults of rows whose references are known to exist."""
        facts = [row for row in page if row.recipient_id is not None]
        for row in facts:
            yield from faults_of(row, partial(self.fault_of_comparison, row))
        yield from self.faults_by_decisions([row for row in facts if was_asked(row)])

    def fault_of_comparison(self, row: Judged) -> str:
        if row.publication is None:
            is_late = row.recorded_at > self.named_since
            return "does not say what it was judged by, although every row of then does" if is_late else ""
        comparison = self.comparison(row.publication)
        if comparison is None or row.occurred_at is None or row.ground is None:
            return f"was judged by a publication that is not there ({row.publication})"
        possible = set[Flag]()
        for whenever in {False, self.may_be_of_before(row)}:
            comparison.published.informed = self.informed_for(row, whenever=whenever)
            possible |= comparison.flags(row, Ground(row.ground), row.occurred_at)
        if self.was_judged_mildly(row, comparison):
            possible |= {flags & ~Flag.ABROAD_NOT_INFORMED for flags in possible}
        if Flag(row.flags) & PROVABLE not in possible:
            right = " or ".join(sorted(in_words(flags) for flags in possible))
            said = in_words(row.flags & PROVABLE)
            return f"flags about the publication are {said}; by publication {row.publication} they are {right}"
        if was_asked(row) not in comparison.asks(row):
            verb = "was" if was_asked(row) else "was not"
            return f"{verb} judged by the person's decisions, against publication {row.publication}"
        return ""

    def was_judged_mildly(self, row: Judged, comparison: Comparison) -> bool:
        """Return whether less was asked about a recipient abroad when the row was judged."""
        is_any_cited = 0 < (row.shown_publication or 0) <= (row.publication or 0)
        if row.recorded_at <= self.cited_text_since and is_any_cited:
            return True
        return row.recorded_at <= self.unknown_basis_since and comparison.is_basis_unstated(row)

    def faults_by_decisions(self, rows: Sequence[Judged]) -> Iterator[Fault]:
        """Yield the faults of rows that were judged by decisions. One SQL statement."""
        moments = [self.moments_of(row) for row in rows]
        asked = [questions_of(row, at) for row, times in zip(rows, moments, strict=True) for at in times]
        flat = standings([question for questions in asked for question in questions])
        answers = zip(flat[0::3], flat[1::3], flat[2::3], strict=True)
        for row, times in zip(rows, moments, strict=True):
            yield from faults_of(row, partial(self.fault_at, row, times, list(islice(answers, len(times)))))

    def fault_at(self, row: Judged, moments: Sequence[datetime], found: Sequence[Sequence[Standing]]) -> str:
        """Return the fault of a row by what was decided by these moments. One SQL statement more if it has one.

        It has none if it was judged right by the accounts that were one person about when it was recorded: which they
        are is of the moment at which the row was judged, and may since be said of an earlier or later one.
        """
        fault = self.fault_by_decisions(row, found)
        if not fault:
            return ""
        asked = [
            [replace(question, shared_by=row.recorded_at + apart) for question in questions_of(row, at)]
            for apart in (-CLOCK_TOLERANCE, timedelta(), CLOCK_TOLERANCE)
            for at in moments
        ]
        flat = standings([question for questions in asked for question in questions])
        again = zip(flat[0::3], flat[1::3], flat[2::3], strict=True)
        return fault if all(self.fault_by_decisions(row, [standings]) for standings in again) else ""

    def fault_by_decisions(self, row: Judged, found: Sequence[Sequence[Standing]]) -> str:
        """``found``: the answers to ``questions_of`` the row, for each moment by which it may have been judged."""
        items = tuple(self.catalogue.item_sets[row.item_set_id or 0])
        is_old = row.publication is None
        faults = [
            fault_of_old(row, items, *standings[:2]) if is_old else fault_by_decisions(row, items, *standings)
            for standings in found
        ]
        return faults[0] if all(faults) else ""

    def may_be_of_before(self, row: Judged) -> bool:
        """Return whether the row may have been judged by the beginning of its second and by any cited publication."""
        return row.recorded_at <= self.same_second_since

    def moments_of(self, row: Judged) -> list[datetime]:
        """Return the moments by which the row may have been judged, without those that are the same."""
        occurred_at = row.occurred_at or row.recorded_at
        moments = [last_moment(occurred_at), *([occurred_at] if self.may_be_of_before(row) else [])]
        return list(dict.fromkeys(moments))

    def informed_for(self, row: Judged, *, whenever: bool) -> dict[int, Informed]:
        """Return of whom the publication that the row cites tells. Empty if none that was there when it was recorded.

        ``whenever``: as if it had been there from the beginning.
        """
        shown = row.shown_publication
        if not shown or shown > (row.publication or 0):
            return {}
        if shown not in self.informed:
            cited = self.comparison(shown)
            if cited is None:
                return {}
            self.informed[shown] = Informed(cited.since, informed_by(cited.published.document))
        told = self.informed[shown]
        return {shown: told._replace(since=EARLIEST) if whenever else told}

    def comparison(self, number: int) -> Comparison | None:
        """Return the publication of this number; 0: the time before the first. None if it does not exist."""
        if number not in self.held:
            rows = Publication.objects.filter(number=number).values_list("document", "published_at")
            found = rows.first() or (NOTHING_PUBLISHED if number == 0 else None)
            self.held[number] = Comparison(Published(found[0]), found[1], self.catalogue) if found else None
            if len(self.held) > MOST_HELD:
                self.held.popitem(last=False)
        self.held.move_to_end(number)
        return self.held[number]


def was_asked(row: Judged) -> bool:
    """Return whether the row was judged by the person's decisions: it then has a decision or a flag that says so.

    Rows of version 0.1 say it less clearly: a ground of approval that was not flagged means it, too.
    """
    if row.flags & UNAPPROVED or row.decision_id or row.basis_id:
        return True
    of_before = row.publication is None and row.ground == Ground.APPROVAL
    return of_before and not row.flags & (Flag.GROUND_DIFFERS | Flag.SCENARIO_UNDECLARED)


def questions_of(row: Judged, moment: datetime) -> list[StandingQuestion]:
    """Return three questions about a row that was judged by this moment.

    For a row that names what it was judged by: how it stood by that; which decision was the newest then, some time
    before the row was written; and which was the newest at that time of all that are there. For a row of before: how it
    stood at the time of the disclosure, and at the time of recording, twice.
    """
    asked = StandingQuestion(row.person_id, row.recipient_id or 0, row.service_id or 0, row.scenario_id or 0, moment)
    if row.publication is None:
        recorded = replace(asked, at=min(moment, row.recorded_at))
        return [asked, recorded, recorded]
    surely_known = replace(asked, at=min(moment, row.recorded_at - CLOCK_TOLERANCE))
    basis = row.basis_id or row.decision_id
    return [replace(asked, newest=basis), replace(surely_known, newest=basis), surely_known]


def fault_by_decisions(
    row: Judged, items: tuple[str, ...], by_basis: Standing, known: Standing, all_known: Standing
) -> str:
    basis = row.basis_id or row.decision_id
    if basis is None:
        # Judged when there was no decision: the answers to the first two questions are those without any.
        by_basis = known = Standing()
    elif by_basis.newest != basis:
        return f"was judged by a decision that is not there, or not about this, or later ({basis})"
    if what := fault_of_flags(row, items, by_basis):
        return what
    if known.newest != all_known.newest:
        return f"was judged without a decision that had been made long before ({all_known.newest})"
    return ""


def fault_of_old(row: Judged, items: tuple[str, ...], as_occurred: Standing, as_recorded: Standing) -> str:
    """Return the fault of a row of version 0.1, if it fits neither the decisions at its own time nor those known then.

    Its time may lie ahead of the server's by the tolerance of clocks, and a withdrawal between the two.
    """
    what = fault_of_flags(row, items, as_occurred)
    return what if what and fault_of_flags(row, items, as_recorded) else ""


def fault_of_flags(row: Judged, items: tuple[str, ...], standing: Standing) -> str:
    flags = approval_flags(standing, items)
    if row.flags & UNAPPROVED != flags:
        said, right = in_words(row.flags & UNAPPROVED), in_words(flags)
        return f"flags about the approval are {said}; by the decisions they are {right}"
    if row.decision_id != standing.decision_for(items):
        return "names another decision than the one that was in force"
    return ""


def in_words(flags: int) -> str:
    return ", ".join(flag.code for flag in Flag(flags)) or "none"
