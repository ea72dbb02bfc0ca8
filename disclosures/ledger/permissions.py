"""What the ledger asks about decisions. The answer comes from ``settings.PERMISSION_SOURCE``.

The imports point from consents to disclosures, so this module states the question and the shape of the answer only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cache
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


class ItemState(Enum):
    """Where a person's decision about one item stands. An item without any decision has no state."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True)
class StandingQuestion:
    """May this service give this person's data to this recipient in this scenario? Primary keys throughout.

    ``at``: as things stood at that time; None: as they stand now, with every decision already committed.
    """

    person: int
    recipient: int
    service: int
    scenario: int
    at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """Item code → state and the decision it comes from. ``by_rule``: the codes that a standing rule decided."""

    states: Mapping[str, ItemState] = field(default_factory=dict)
    decisions: Mapping[str, UUID] = field(default_factory=dict)
    by_rule: frozenset[str] = frozenset()

    def allows(self, code: str) -> bool:
        return self.states.get(code) is ItemState.ALLOWED

    def decision_for(self, codes: Sequence[str]) -> UUID | None:
        """The decision that allows all of these; of several the one with the latest id (UUIDv7: the newest)."""
        if not codes or not all(self.allows(code) for code in codes):
            return None
        return max(self.decisions[code] for code in codes)


PermissionSource = Callable[[Sequence[StandingQuestion]], list[Standing]]


@cache
def permission_source() -> PermissionSource:
    source: Callable[[Sequence[StandingQuestion]], list[Standing]] = import_string(settings.PERMISSION_SOURCE)
    return source


def standings(questions: Sequence[StandingQuestion]) -> list[Standing]:
    """One standing for each question, in their order. One SQL statement for all of them."""
    return permission_source()(questions) if questions else []
