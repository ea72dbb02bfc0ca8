"""Leave work for followers inside a transaction; claim, do and finish it after the commit."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from privacycenter.models import OutboxRow

LEASE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(hours=1)
# Rows claimed with one statement. A killed worker's rows wait for its lease to run out, so not too many.
AT_ONCE = 20

log = logging.getLogger(__name__)
Follower = Callable[[str, dict[str, Any]], None]


class Lane(Enum):
    """Followers that wait for nobody, and those that wait for the outside world: a slow server there must not hold up
    what the site itself needs."""

    INSIDE = "inside"
    OUTSIDE = "outside"


def outside_a_transaction(follower: Follower) -> Follower:
    """For a follower that talks to the outside world and may have to wait for it: no transaction is held meanwhile, and
    its work may be done twice if the worker dies before the row is deleted. Its lease is renewed while it works."""
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
    """Take the oldest due row that nobody holds, for ``LEASE``. None when there is none."""
    return next(iter(claim_some(1)), None)


def claim_some(limit: int, lane: Lane | None = None) -> list[OutboxRow]:
    """Take up to so many due rows that nobody holds, the oldest first, for ``LEASE``.

    The rows are locked while they are marked, and what another worker has locked is passed over: two workers never
    take the same row, nor wait for each other. On SQLite the transaction itself is the lock.
    """
    now = timezone.now()
    free = Q(due_at__lte=now) & (Q(leased_until__isnull=True) | Q(leased_until__lte=now)) & in_lane(lane)
    if not OutboxRow.objects.filter(free).exists():
        return []
    can_skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        found = OutboxRow.objects.filter(free).order_by("due_at", "id").select_for_update(skip_locked=can_skip)
        rows = list(found[:limit])
        OutboxRow.objects.filter(pk__in=[row.pk for row in rows]).update(
            leased_until=now + LEASE, attempt_count=F("attempt_count") + 1
        )
    for row in rows:
        row.leased_until, row.attempt_count = now + LEASE, row.attempt_count + 1
    return rows


def in_lane(lane: Lane | None) -> Q:
    """A row whose follower is no longer there is inside: it fails, and so is seen."""
    if lane is None:
        return Q()
    outside = Q(follower__in=[name for name in settings.FOLLOWERS if is_outside(name)])
    return outside if lane is Lane.OUTSIDE else ~outside


def is_outside(name: str) -> bool:
    return getattr(follower_called(name), "is_outside_a_transaction", False)


def work_on(row: OutboxRow) -> bool:
    """Do a claimed row and delete it, in one transaction; a follower that is ``outside_a_transaction`` works before it.

    False if it failed, or if the lease ran out and another worker has taken the row meanwhile (its attempt is a later
    one). After a failure the next try comes after 2, 4, 8, … seconds, at most an hour apart; a row is never given up.
    """
    try:
        follower = follower_called(row.follower)
        if getattr(follower, "is_outside_a_transaction", False):
            if not renew(row):
                return False
            with kept_renewed(row):
                follower(row.topic, row.payload)
            return delete_if_still_ours(row)
        # The deletion locks the row until the commit, however long that takes: here no lease has to be renewed.
        with transaction.atomic():
            if not delete_if_still_ours(row):
                return False
            follower(row.topic, row.payload)
    except Exception as error:
        log.exception("follower %s failed on row %s", row.follower, row.pk)
        pause = min(timedelta(seconds=2 ** min(row.attempt_count, 20)), LONGEST_PAUSE)
        ours(row).update(leased_until=None, due_at=timezone.now() + pause, last_error=repr(error)[:2000])
        return False
    return True


def ours(row: OutboxRow) -> Any:
    """The row as long as no other worker has taken it since: each taking counts up."""
    return OutboxRow.objects.filter(pk=row.pk, attempt_count=row.attempt_count)


def delete_if_still_ours(row: OutboxRow) -> bool:
    deleted, _rows = ours(row).delete()
    return bool(deleted)


def renew(row: OutboxRow) -> bool:
    """Hold the row for another ``LEASE``. False if another worker has it."""
    return bool(ours(row).update(leased_until=timezone.now() + LEASE))


@contextmanager
def kept_renewed(row: OutboxRow) -> Iterator[None]:
    """Renew the lease from another thread while the block runs. It is asked for only by work that takes long."""
    done = threading.Event()

    def keep() -> None:
        try:
            while not done.wait(LEASE.total_seconds() / 3) and renew(row):
                connection.close()
        except Error:
            log.warning("the lease of row %s could not be renewed", row.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def release(rows: list[OutboxRow]) -> None:
    """Give back what was claimed and not begun, so that nobody waits for the lease."""
    for row in rows:
        ours(row).update(leased_until=None)


def follower_called(name: str) -> Follower:
    """The function named in ``settings.FOLLOWERS``. KeyError for a follower that is no longer there."""
    _topics, dotted_name = settings.FOLLOWERS[name]
    follower: Follower = import_string(dotted_name)
    return follower


def work_off(lane: Lane | None = None, *, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Do everything that is due now. Returns how many rows were done. Told to stop, it finishes the row it is at."""
    done = 0
    while not is_stopping() and (rows := claim_some(1 if lane is Lane.OUTSIDE else AT_ONCE, lane)):
        while rows and not is_stopping():
            done += work_on(rows.pop(0))
        release(rows)
    return done


def lag(lane: Lane | None = None) -> timedelta:
    """How long the oldest due row has been waiting. Zero when nothing waits."""
    now = timezone.now()
    due = OutboxRow.objects.filter(in_lane(lane), due_at__lte=now)
    oldest = due.order_by("due_at").values_list("due_at", flat=True).first()
    return now - oldest if oldest else timedelta()
