"""Which flags a disclosure gets, from what is published and what the person had decided. Pure: no SQL here."""

from dataclasses import dataclass
from uuid import UUID

from disclosures.ledger.conformance import Departure
from disclosures.ledger.events import NO_FLAG
from disclosures.ledger.permissions import ItemState, Standing
from disclosures.models import Flag


@dataclass(frozen=True, slots=True)
class Judgement:
    """The flags, the decision that allowed it, and what differs from the newest publication."""

    flags: Flag
    decision_id: UUID | None = None
    departures: tuple[Departure, ...] = ()


AS_PUBLISHED = Judgement(NO_FLAG)


def judgement(items: tuple[str, ...], departures: tuple[Departure, ...], standing: Standing | None) -> Judgement:
    """Judge one disclosure of these items. ``standing``: where the decisions stood; None where none is needed."""
    if not departures and standing is None:
        return AS_PUBLISHED
    flags = NO_FLAG
    for departure in departures:
        flags |= departure.flag
    if standing is None:
        return Judgement(flags, None, departures)
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
