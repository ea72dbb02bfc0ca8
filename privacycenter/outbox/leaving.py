"""Leaving work for followers, in the transaction of the change that they follow."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from privacycenter.database.bulk_insert import append
from privacycenter.models import OutboxRow
from privacycenter.outbox.followers import followers_of
from privacycenter.outbox.topics import P, Topic


def leave(topic: Topic[P], payload: P, *, due_at: datetime | None = None) -> None:
    """Leave one row for each follower of the topic. MUST be called in the transaction of the change it tells of.

    One SQL statement for each thousand rows. ``due_at``: not before this; None: at once. Raises LookupError for a topic
    that nobody follows.
    """
    leave_each(topic, [payload], due_at=due_at)


def leave_each(topic: Topic[P], payloads: Sequence[P], *, due_at: datetime | None = None) -> None:
    """Leave several pieces of work of one topic, as ``leave`` does."""
    leave_all([(topic, payload) for payload in payloads], due_at=due_at)


def leave_all(left: Sequence[tuple[Topic[Any], Any]], *, due_at: datetime | None = None) -> None:
    """Leave work of several topics, each with its payload, as ``leave`` does, all together."""
    due_at = due_at or timezone.now()
    append(
        [
            OutboxRow(
                follower=follower.name,
                topic=topic.name,
                line=follower.line_of(topic, payload),
                payload=stored,
                due_at=due_at,
            )
            for topic, payload in left
            for stored in [topic.as_json(payload)]
            for follower in followers_of(topic)
        ]
    )


def still_left(topic: Topic[P], follower: str) -> Iterator[P]:
    """Yield the topic's payloads that the follower of this name has not done yet, due or not, in no order.

    Raises LookupError if there is no such follower of the topic.
    """
    if follower not in [one.name for one in followers_of(topic)]:
        raise LookupError(f"The follower {follower} does not follow {topic}.")
    rows = OutboxRow.objects.filter(follower=follower, topic=topic.name)
    for stored in rows.values_list("payload", flat=True).iterator(chunk_size=1000):
        yield topic.from_json(stored)
