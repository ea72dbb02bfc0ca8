"""Interface to the decisions of people, implemented by ``settings.PERMISSION_SOURCE``.

``consents`` imports ``disclosures`` and not the reverse, so this module only defines the question and the answer.
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
    """State of a person's decision about one item. An item without any decision has no state."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True)
class StandingQuestion:
    """May this service provide this person's data to this recipient in this scenario? All fields are primary keys.

    ``at`` is the time to judge by; None means now, with every decision already committed.
    """

    person: int
    recipient: int
    service: int
    scenario: int
    at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """Item code → state, and item code → decision it comes from.

    ``by_rule`` holds the codes that a standing rule decided.
    """

    states: Mapping[str, ItemState] = field(default_factory=dict)
    decisions: Mapping[str, UUID] = field(default_factory=dict)
    by_rule: frozenset[str] = frozenset()

    def allows(self, code: str) -> bool:
        return self.states.get(code) is ItemState.ALLOWED

    def decision_for(self, codes: Sequence[str]) -> UUID | None:
        """Return the decision that allows all these items; of several, the newest (largest UUIDv7).

        None if an item is not allowed.
        """
        if not codes or not all(self.allows(code) for code in codes):
            return None
        return max(self.decisions[code] for code in codes)


PermissionSource = Callable[[Sequence[StandingQuestion]], list[Standing]]


@cache
def permission_source() -> PermissionSource:
    source: Callable[[Sequence[StandingQuestion]], list[Standing]] = import_string(settings.PERMISSION_SOURCE)
    return source


def standings(questions: Sequence[StandingQuestion]) -> list[Standing]:
    """Return one standing per question, in order. One SQL statement in total."""
    return permission_source()(questions) if questions else []
