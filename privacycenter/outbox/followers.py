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
    renewed; if the worker dies before the row is deleted, the work is done twice. TOGETHER: as INSIDE, many rows in one
    transaction, by a thread of its own.
    """

    INSIDE = "inside"
    OUTSIDE = "outside"
    TOGETHER = "together"


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
        self.lines: dict[Topic[Any], str] = {}
        self.works_together: dict[str, Callable[[Sequence[Any]], None]] = {}

    def __repr__(self) -> str:
        return f"Follower({self.name!r})"

    def follows(self, topic: Topic[P], *, in_order_of: str = "") -> Callable[[Work[P]], Work[P]]:
        """Register the decorated function for the topic, and return it unchanged.

        ``in_order_of``: a field of the payload, such as ``person``. The work of this follower for one person is then
        done in the order in which it was left, over all its topics declared so. It MUST be left under a lock of that
        person: the order of transactions side by side is nobody's.
        """
        if in_order_of and in_order_of not in topic.payload.model_fields:
            raise ValueError(f"The payload of {topic} has no {in_order_of}.")

        def declare(work: Work[P]) -> Work[P]:
            if topic in self.works:
                raise ValueError(f"The follower {self.name} does {topic} already.")
            self.works[topic] = work
            if in_order_of:
                self.lines[topic] = in_order_of
            return work

        return declare

    def follows_together(self, topic: Topic[P]) -> Callable[[Callable[[Sequence[P]], None]], Any]:
        """Register the decorated function, which takes many payloads of the topic at once."""

        def declare(work: Callable[[Sequence[P]], None]) -> Callable[[Sequence[P]], None]:
            self.follows(topic)(lambda payload: work([payload]))
            self.works_together[topic.name] = work
            return work

        return declare

    def do_together(self, topic_name: str, stored: Sequence[dict[str, Any]]) -> None:
        """Do the work of many rows of one topic. Raises what ``do`` raises."""
        topic = next((topic for topic in self.works if topic.name == topic_name), None)
        if topic is None or topic_name not in self.works_together:
            raise LookupError(f"The follower {self.name} does not follow {topic_name}.")
        self.works_together[topic_name]([topic.from_json(one) for one in stored])

    def line_of(self, topic: Topic[P], payload: P) -> str:
        """Return the line in which this work waits, empty if it waits for nothing."""
        name = self.lines.get(topic)
        return f"{name}:{getattr(payload, name)}" if name else ""

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


def names_in(*lanes: Lane) -> list[str]:
    """Return the names of the followers in these lanes."""
    return [follower.name for follower in all_followers() if follower.lane in lanes]
