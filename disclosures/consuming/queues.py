"""What a queue is to its consumer, whichever it is."""

from collections.abc import Sequence
from typing import Protocol

from disclosures.consuming.messages import Message


class QueueAway(Exception):
    """The queue does not answer (now). What was not acknowledged comes again."""


class QueueUnusable(Exception):
    """The queue cannot be read as it is set up. The text says what to do."""


class Queue(Protocol):
    """A queue that is read. Each method raises QueueAway."""

    def fetch(self, most: int, wait_seconds: float) -> list[Message]:
        """Return up to so many messages, in their order; none if none comes within the time."""

    def is_drained(self) -> bool:
        """Return whether there is nothing to read now, after a fetch that brought nothing."""

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Say that these are done with. MUST be called after the commit. They are acknowledged in their order."""

    def put_back(self, messages: Sequence[Message]) -> None:
        """Have these delivered again, to this consumer or another."""

    def rest(self, seconds: float) -> None:
        """Wait, and keep the place among those who read the queue."""

    def waiting_count(self) -> int | None:
        """Return how many messages wait, with those that are not acknowledged. None if nobody knows."""

    def close(self) -> None:
        """Leave. Raises nothing."""
