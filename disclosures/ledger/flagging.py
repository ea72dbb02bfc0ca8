"""How it stood when a disclosure happened: with the person's decisions, and with what is published. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from disclosures.ledger.code_lookup import Resolved
from disclosures.ledger.conformance import Departure, Published
from disclosures.ledger.events import NO_FLAG
from disclosures.ledger.permissions import ItemState, Standing, StandingQuestion, standings
from disclosures.models import Flag, Ground
from disclosures.publishing.publications import newest_document


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be judged: whose data, the rows behind the codes, the ground as reported, and when it happened."""

    person: int
    rows: Resolved
    ground: Ground
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """The flags, the decision that allowed it, and what differs from the newest publication."""

    flags: Flag
    decision_id: UUID | None = None
    departures: tuple[Departure, ...] = ()


AS_PUBLISHED = Judgement(NO_FLAG)


def judge(matters: Sequence[Matter]) -> list[Judgement]:
    """One judgement for each matter, in their order. At most two SQL statements, none for no matters.

    Decisions count as they stood when it happened, the publication as it stands now.
    """
    if not matters:
        return []
    published = Published(newest_document())
    in_need = [place for place, matter in enumerate(matters) if published.terms(matter.rows).ground is Ground.APPROVAL]
    answers = standings([question_of(matters[place]) for place in in_need])
    standing_at = dict(zip(in_need, answers, strict=True))
    return [
        judgement(matter, published.departures(matter.rows, matter.ground, matter.occurred_at), standing_at.get(place))
        for place, matter in enumerate(matters)
    ]


def question_of(matter: Matter) -> StandingQuestion:
    return StandingQuestion(
        person=matter.person,
        recipient=matter.rows.recipient.pk,
        service=matter.rows.service.pk,
        scenario=matter.rows.scenario.pk,
        at=matter.occurred_at,
    )


def judgement(matter: Matter, departures: tuple[Departure, ...], standing: Standing | None) -> Judgement:
    if not departures and standing is None:
        return AS_PUBLISHED
    flags = NO_FLAG
    for departure in departures:
        flags |= departure.flag
    if standing is None:
        return Judgement(flags, None, departures)
    items = matter.rows.items
    return Judgement(flags | approval_flags(standing, items), standing.decision_for(items), departures)


def approval_flags(standing: Standing, items: tuple[str, ...]) -> Flag:
    """What was missing when an approval was needed. No flag means that every item was allowed."""
    missing = [code for code in items if not standing.allows(code)]
    flags = NO_FLAG
    for code in missing:
        flags |= flag_of(standing, code)
    if missing and not flags:
        return Flag.ITEMS_NOT_ALLOWED if standing.states else Flag.NO_DECISION
    return flags


def flag_of(standing: Standing, code: str) -> Flag:
    """What the person's decision says about one item that is not allowed; no flag if there is no decision about it."""
    state = standing.states.get(code)
    if state is ItemState.WITHDRAWN:
        return Flag.WITHDRAWN
    if state is ItemState.EXPIRED:
        return Flag.EXPIRED
    if state is ItemState.REFUSED:
        return Flag.ITEMS_NOT_ALLOWED if ItemState.ALLOWED in standing.states.values() else Flag.REFUSED
    return NO_FLAG
