"""Followers: what they do for which topics, and in which lane. ``settings.FOLLOWERS`` lists them."""

from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from privacycenter.outbox.topics import P, Topic

Work = Callable[[P], None]


class Lane(Enum):
    """Whether a follower waits for the outside world, where a slow server must not hold up what the site needs.

    INSIDE: works in the transaction that deletes its row. OUTSIDE: works outside a transaction while its lease is
    renewed; if the worker dies before the row is deleted, the work is done twice.
    """

    INSIDE = "inside"
    OUTSIDE = "outside"


class Follower:
    """A follower and its functions, one for each topic. ``name``: as in its rows, at most 40 characters.

    Declared in a module named ``followers``::

        coverage = Follower("coverage")

        @coverage.follows(DISCLOSURES_RECORDED)
        def count_reports(recorded: DisclosuresRecorded) -> None: …

    A function may get the same payload twice, and MUST be safe to repeat.
    """

    def __init__(self, name: str, *, lane: Lane = Lane.INSIDE) -> None:
        self.name, self.lane = name, lane
        self.works: dict[Topic[Any], Work[Any]] = {}

    def __repr__(self) -> str:
        return f"Follower({self.name!r})"

    def follows(self, topic: Topic[P]) -> Callable[[Work[P]], Work[P]]:
        """Register the decorated function for the topic, and return it unchanged."""

        def declare(work: Work[P]) -> Work[P]:
            if topic in self.works:
                raise ValueError(f"The follower {self.name} does {topic} already.")
            self.works[topic] = work
            return work

        return declare

    def do(self, topic_name: str, stored: dict[str, Any]) -> None:
        """Do one piece of work as its row has it.

        Raises LookupError for a topic that it does not follow, ValidationError for a payload that is not the topic's,
        and whatever its function raises.
        """
        for topic, work in self.works.items():
            if topic.name == topic_name:
                return work(topic.from_json(stored))
        raise LookupError(f"The follower {self.name} does not follow {topic_name}.")


def all_followers() -> tuple[Follower, ...]:
    """Return the followers that ``settings.FOLLOWERS`` lists, in its order."""
    return imported(tuple(settings.FOLLOWERS))


@cache
def imported(dotted_names: Sequence[str]) -> tuple[Follower, ...]:
    return tuple(import_string(name) for name in dotted_names)


def followers_of(topic: Topic[Any]) -> list[Follower]:
    """Return the topic's followers. Raises LookupError if there is none: its work would be lost in silence."""
    found = [follower for follower in all_followers() if topic in follower.works]
    if not found:
        raise LookupError(f"Nobody follows {topic}.")
    return found


def follower_called(name: str) -> Follower:
    """Return the follower of this name. Raises LookupError if there is none any more."""
    for follower in all_followers():
        if follower.name == name:
            return follower
    raise LookupError(f"There is no follower {name}.")


def outside_names() -> list[str]:
    """Return the names of the followers in the outside lane."""
    return [follower.name for follower in all_followers() if follower.lane is Lane.OUTSIDE]
