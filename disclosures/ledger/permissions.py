"""Interface to the decisions of people, implemented by ``settings.PERMISSION_SOURCE``.

``consents`` imports ``disclosures`` and not the reverse, so this module only defines the question and the answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cache, cached_property
from typing import NamedTuple
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

    ``at`` is the time to judge by; None means now, with every decision already committed. ``newest``: the newest
    decision that counts, to judge again by what was known; None: all of them. ``shared_by``: which accounts are one
    person counts as it was known by then; None: all that is known.
    """

    person: int
    recipient: int
    service: int
    scenario: int
    at: datetime | None = None
    newest: UUID | None = None
    shared_by: datetime | None = None


class ItemStanding(NamedTuple):
    """What a person's decisions say about one item, and since when.

    ``decision`` is the one that counts. ``until``: when its approval ends or ended; None unless it allowed the item. An
    approval that is over has ``since`` the moment it ended.
    """

    state: ItemState
    decision: UUID
    since: datetime
    until: datetime | None
    is_by_rule: bool


@dataclass(frozen=True)
class Standing:
    """Item code → what the person's decisions say about it. Items without any decision are missing.

    ``newest`` is the newest decision that was looked at. A person's decisions follow one another, so it says which all
    of them were.
    """

    items: Mapping[str, ItemStanding] = field(default_factory=dict)
    newest: UUID | None = None

    @cached_property
    def states(self) -> Mapping[str, ItemState]:
        return {code: item.state for code, item in self.items.items()}

    @cached_property
    def by_rule(self) -> frozenset[str]:
        """The codes that a standing rule decided."""
        return frozenset(code for code, item in self.items.items() if item.is_by_rule)

    def allows(self, code: str) -> bool:
        item = self.items.get(code)
        return item is not None and item.state is ItemState.ALLOWED

    def decision_for(self, codes: Sequence[str]) -> UUID | None:
        """Return the decision that allows all these items; of several, the newest (largest UUIDv7).

        None if an item is not allowed.
        """
        if not codes or not all(self.allows(code) for code in codes):
            return None
        return max(self.items[code].decision for code in codes)


PermissionSource = Callable[[Sequence[StandingQuestion]], list[Standing]]


@cache
def permission_source() -> PermissionSource:
    source: Callable[[Sequence[StandingQuestion]], list[Standing]] = import_string(settings.PERMISSION_SOURCE)
    return source


def standings(questions: Sequence[StandingQuestion]) -> list[Standing]:
    """Return one standing per question, in order. One SQL statement in total."""
    return permission_source()(questions) if questions else []
