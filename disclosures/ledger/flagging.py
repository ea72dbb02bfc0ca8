"""The flags of a disclosure, from what is published and what the person had decided. Pure: no SQL."""

from dataclasses import dataclass
from uuid import UUID

from disclosures.ledger.conformance import Departure
from disclosures.ledger.events import NO_FLAG
from disclosures.ledger.permissions import ItemState, Standing
from disclosures.models import Flag


@dataclass(frozen=True, slots=True)
class Judgement:
    """Flags of a disclosure, the decision that allowed it, and its differences from the newest publication.

    ``basis_id`` is the newest decision that was looked at, where it is not ``decision_id``: of the two, what is there
    says by which decisions it was judged.
    """

    flags: Flag
    decision_id: UUID | None = None
    departures: tuple[Departure, ...] = ()
    basis_id: UUID | None = None


AS_PUBLISHED = Judgement(NO_FLAG)


def judgement(items: tuple[str, ...], departures: tuple[Departure, ...], standing: Standing | None) -> Judgement:
    """Judge one disclosure of these items.

    ``standing`` is the state of the decisions, None where no approval is needed.
    """
    if not departures and standing is None:
        return AS_PUBLISHED
    flags = NO_FLAG
    for departure in departures:
        flags |= departure.flag
    if standing is None:
        return Judgement(flags, None, departures)
    decision = standing.decision_for(items)
    basis = standing.newest if standing.newest != decision else None
    return Judgement(flags | approval_flags(standing, items), decision, departures, basis)


def approval_flags(standing: Standing, items: tuple[str, ...]) -> Flag:
    """Return which approval was missing, where one was needed. No flag if every item was allowed."""
    missing = [code for code in items if not standing.allows(code)]
    flags = NO_FLAG
    for code in missing:
        flags |= flag_of(standing, code)
    if missing and not flags:
        return Flag.ITEMS_NOT_ALLOWED if standing.states else Flag.NO_DECISION
    return flags


def flag_of(standing: Standing, code: str) -> Flag:
    """Return the flag for one item that is not allowed. No flag if no decision covers it."""
    state = standing.states.get(code)
    if state is ItemState.WITHDRAWN:
        return Flag.WITHDRAWN
    if state is ItemState.EXPIRED:
        return Flag.EXPIRED
    if state is ItemState.REFUSED:
        return Flag.ITEMS_NOT_ALLOWED if ItemState.ALLOWED in standing.states.values() else Flag.REFUSED
    return NO_FLAG
