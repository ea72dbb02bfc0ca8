"""Leave work for followers inside a transaction; claim, do and finish it after the commit."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from privacycenter.models import OutboxRow

LEASE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(hours=1)

log = logging.getLogger(__name__)
Follower = Callable[[str, dict[str, Any]], None]


def outside_a_transaction(follower: Follower) -> Follower:
    """For a follower that talks to the outside world and may have to wait for it: no transaction is held meanwhile, and
    its work may be done twice if the worker dies before the row is deleted. It MUST end well within ``LEASE``."""
    follower.is_outside_a_transaction = True  # type: ignore[attr-defined]
    return follower


def leave(topic: str, payload: dict[str, Any], *, due_at: datetime | None = None) -> None:
    """Leave one row for each follower of the topic. MUST be called in the transaction of the change it tells of."""
    due_at = due_at or timezone.now()
    OutboxRow.objects.bulk_create(
        OutboxRow(follower=name, topic=topic, payload=payload, due_at=due_at)
        for name, (topics, _work) in settings.FOLLOWERS.items()
        if topic in topics
    )


def leave_each(topic: str, payloads: Sequence[dict[str, Any]], *, due_at: datetime | None = None) -> None:
    """As ``leave``, for many pieces of work of one topic, in one SQL statement."""
    due_at = due_at or timezone.now()
    OutboxRow.objects.bulk_create(
        OutboxRow(follower=name, topic=topic, payload=payload, due_at=due_at)
        for name, (topics, _work) in settings.FOLLOWERS.items()
        if topic in topics
        for payload in payloads
    )


def claim() -> OutboxRow | None:
    """Take the oldest due row that nobody holds, for ``LEASE``. None when there is none.

    One conditional UPDATE decides between two workers: the one that changed the row has it.
    """
    now = timezone.now()
    free = Q(due_at__lte=now) & (Q(leased_until__isnull=True) | Q(leased_until__lte=now))
    while row := OutboxRow.objects.filter(free).order_by("due_at", "id").first():
        won = OutboxRow.objects.filter(free, pk=row.pk).update(
            leased_until=now + LEASE, attempt_count=F("attempt_count") + 1
        )
        if won:
            row.refresh_from_db()
            return row
    return None


def work_on(row: OutboxRow) -> bool:
    """Do a claimed row and delete it, in one transaction; a follower that is ``outside_a_transaction`` works before it.

    False if it failed, or if the lease ran out and another worker has taken the row meanwhile (its attempt is a later
    one). After a failure the next try comes after 2, 4, 8, … seconds, at most an hour apart; a row is never given up.
    """
    try:
        follower = follower_of(row)
        if getattr(follower, "is_outside_a_transaction", False):
            follower(row.topic, row.payload)
            return delete_if_still_ours(row)
        with transaction.atomic():
            if not delete_if_still_ours(row):
                return False
            follower(row.topic, row.payload)
    except Exception as error:
        log.exception("follower %s failed on row %s", row.follower, row.pk)
        pause = min(timedelta(seconds=2 ** min(row.attempt_count, 20)), LONGEST_PAUSE)
        OutboxRow.objects.filter(pk=row.pk).update(
            leased_until=None, due_at=timezone.now() + pause, last_error=repr(error)[:2000]
        )
        return False
    return True


def delete_if_still_ours(row: OutboxRow) -> bool:
    deleted, _rows = OutboxRow.objects.filter(pk=row.pk, attempt_count=row.attempt_count).delete()
    return bool(deleted)


def follower_of(row: OutboxRow) -> Follower:
    """The function named in ``settings.FOLLOWERS``."""
    _topics, dotted_name = settings.FOLLOWERS[row.follower]
    return import_string(dotted_name)


def work_off() -> int:
    """Do everything that is due now. Returns how many rows were done."""
    done = 0
    while row := claim():
        done += work_on(row)
    return done


def lag() -> timedelta:
    """How long the oldest due row has been waiting. Zero when nothing waits."""
    now = timezone.now()
    oldest = OutboxRow.objects.filter(due_at__lte=now).order_by("due_at").values_list("due_at", flat=True).first()
    return now - oldest if oldest else timedelta()
