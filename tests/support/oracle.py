"""What docs/ledger.md (flags) and docs/api.md (checks) say must come out. Uses no code of the product: a history is told
forwards, one step after the other, and the words of the two documents are looked up in it.

Everything is about one person, recipient, service and scenario (``survey-results``, which needs an approval).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

DECLARED = ("name", "survey-answers", "usage")
FLAGS = {
    "no_decision": 1, "refused": 2, "withdrawn": 4, "expired": 8, "items_not_allowed": 16, "ground_differs": 32,
    "items_undeclared": 64, "recipient_undeclared": 128, "scenario_undeclared": 256, "retired": 512,
    "recipient_on_hold": 1024, "service_undeclared": 2048, "item_excluded": 4096,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """What the person did ``at`` a time. ``kind``: ``answer``; ``rule``, an answer by a standing rule; ``withdraw`` or
    ``undo``, which end the answer at place ``ends``. ``until``: when what is allowed ends."""

    at: datetime
    kind: str
    allowed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    until: datetime | None = None
    ends: int = -1


@dataclass(frozen=True)
class Practice:
    """What is published, and what is no longer in use.

    ``scenario``, ``recipient``: ``listed``, ``missing``, or ``as retired``. ``items``: those published for the scenario.
    ``is_for_others``: the scenario names its recipients, and this is none of them. ``ground``: as published;
    ``draft_ground``: as the editors have it. ``retired``: recipient, service, scenario or an item → since when.
    ``service``: ``named``; ``not named`` by an open list; ``left out`` of a complete one. ``is_open``: checks let other
    items through, too. ``excluded``: what the service does not provide. ``hold``: from when, until when.
    """

    scenario: str = "listed"
    recipient: str = "listed"
    items: frozenset[str] = frozenset(DECLARED)
    is_for_others: bool = False
    ground: str = "approval"
    draft_ground: str = "approval"
    retired: Mapping[str, datetime] = field(default_factory=dict)
    service: str = "named"
    is_open: bool = False
    excluded: frozenset[str] = frozenset()
    hold: tuple[datetime, datetime | None] | None = None

    @property
    def has_scenario(self) -> bool:
        return self.scenario == "listed" or (self.scenario == "as retired" and "scenario" in self.retired)

    @property
    def knows_recipient(self) -> bool:
        return self.recipient == "listed" or (self.recipient == "as retired" and "recipient" in self.retired)

    @property
    def has_recipient(self) -> bool:
        if not self.knows_recipient:
            return False
        return not (self.has_scenario and self.is_for_others) or "recipient" in self.retired

    @property
    def has_service(self) -> bool:
        return not (self.has_scenario and self.service == "left out") or "service" in self.retired

    def is_on_hold(self, at: datetime) -> bool:
        if self.hold is None or not self.knows_recipient:
            return False
        since, until = self.hold
        return since <= at and (until is None or at < until)

    def left_out(self, items) -> set[str]:
        return {item for item in items if self.has_scenario and item in self.excluded}

    def undeclared(self, items) -> set[str]:
        """What is retired is no longer listed, and was declared all the same."""
        if self.is_open and self.ground != "approval":
            return set()
        return {item for item in items if item not in self.items and not (item in DECLARED and item in self.retired)}

    @property
    def ground_in_force(self) -> str:
        return self.ground if self.has_scenario else self.draft_ground


@dataclass(frozen=True)
class Word:
    """The last word about an item: allowed, expired, refused, withdrawn; at which step."""

    said: str
    step: int
    is_rule: bool = False


def last_words(steps: Sequence[Step], at: datetime) -> dict[str, Word]:
    heard = [(place, step) for place, step in enumerate(steps) if step.at <= at]
    undone = {step.ends for _place, step in heard if step.kind == "undo"}
    words: dict[str, Word] = {}
    for place, step in heard:
        if step.kind == "withdraw":
            words |= {item: Word("withdrawn", place) for item in steps[step.ends].allowed}
        elif step.kind != "undo" and place not in undone:
            words |= {item: Word("allowed" if at < step.until else "expired", place) for item in step.allowed}
            words |= {item: Word("refused", place, step.kind == "rule") for item in step.refused}
    return words


@dataclass(frozen=True)
class Stored:
    """``decision``: the step whose decision the row names."""

    flags: int
    decision: int | None


def stored_of(practice: Practice, steps: Sequence[Step], items, ground: str, at: datetime) -> Stored:
    """Of a report of these items that says they went ``at`` that time on this ground."""
    words = last_words(steps, at if at.microsecond else at.replace(microsecond=999_999))
    missing = [item for item in items if item not in words or words[item].said != "allowed"]
    found = set(differences(practice, items, ground, at))
    if practice.ground_in_force != "approval":
        return Stored(sum(FLAGS[name] for name in found), None)
    found |= set(what_was_missing(words, missing))
    return Stored(sum(FLAGS[name] for name in found), None if missing else max(words[item].step for item in items))


def differences(practice: Practice, items, ground: str, at: datetime):
    if not practice.has_scenario:
        yield "scenario_undeclared"
    if not practice.has_recipient:
        yield "recipient_undeclared"
    if practice.is_on_hold(at):
        yield "recipient_on_hold"
    if not practice.has_service:
        yield "service_undeclared"
    if practice.left_out(items):
        yield "item_excluded"
    if practice.has_scenario and practice.undeclared(items):
        yield "items_undeclared"
    if practice.has_scenario and ("none" in (ground, practice.ground) or ground != practice.ground):
        yield "ground_differs"
    named = {"recipient", "service", "scenario", *items}
    if any(name in named and at >= since for name, since in practice.retired.items()):
        yield "retired"


def what_was_missing(words: Mapping[str, Word], missing: Sequence[str]):
    said = {words[item].said for item in missing if item in words}
    yield from said & {"withdrawn", "expired"}
    if "refused" in said:
        yield "items_not_allowed" if any(word.said == "allowed" for word in words.values()) else "refused"
    if missing and not said:
        yield "items_not_allowed" if words else "no_decision"


@dataclass(frozen=True)
class Answer:
    """``decision``: the step whose decision is named, if any."""

    items: dict[str, bool]
    reason: str
    ground: str
    decision: int | None = None

    @property
    def allowed(self) -> bool:
        return all(self.items.values())


def answer_of(practice: Practice, steps: Sequence[Step], items, now: datetime, *, is_waiting: bool = False) -> Answer:
    """To the question whether these items may go ``now``. ``is_waiting``: there is an open request."""
    ground = practice.ground_in_force
    nothing = dict.fromkeys(items, False)
    if practice.retired.keys() & {"recipient", "service", "scenario"}:
        return Answer(nothing, "retired", ground)
    if not practice.has_scenario:
        return Answer(nothing, "scenario_undeclared", ground)
    if not practice.has_recipient:
        return Answer(nothing, "recipient_undeclared", ground)
    if practice.is_on_hold(now):
        return Answer(nothing, "recipient_on_hold", ground)
    if not practice.has_service:
        return Answer(nothing, "service_undeclared", ground)
    if ground == "none":
        return Answer(nothing, "nothing_per_person", ground)
    excluded, undeclared = practice.left_out(items), practice.undeclared(items)
    barred = excluded | undeclared
    why_barred = "item_excluded" if excluded else "items_undeclared"
    if ground != "approval":
        reason = why_barred if barred else "no_approval_needed"
        return Answer({item: item not in barred for item in items}, reason, ground)
    words = last_words(steps, now)
    given = [item for item in items if item in words and words[item].said == "allowed" and item not in barred]
    reason = why_barred if barred else reason_of(words, items, given, is_waiting)
    decision = max((words[item].step for item in given), default=None)
    return Answer({item: item in given for item in items}, reason, ground, decision)


def reason_of(words: Mapping[str, Word], items, given: Sequence[str], is_waiting: bool) -> str:
    said = {words[item].said for item in items if item in words}
    if len(given) == len(set(items)):
        return "allowed"
    if given:
        return "partly_allowed"
    for clearest in ("withdrawn", "expired"):
        if clearest in said:
            return clearest
    if "refused" in said:
        return "rule" if any(item in words and words[item].is_rule for item in items) else "refused"
    return "request_open" if is_waiting else "no_decision"
