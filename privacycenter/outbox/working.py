"""Doing the work that was left, one row at a time, each until it succeeds."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import Error, transaction
from django.utils import timezone

from privacycenter.models import OutboxRow
from privacycenter.outbox.claiming import (
    claim_some,
    delete_if_still_ours,
    kept_renewed,
    lock_some,
    put_back,
    release,
    renew,
)
from privacycenter.outbox.followers import Follower, Lane, all_followers, follower_called

# Rows claimed with one statement. Few, because a killed worker's rows wait for its lease to expire.
AT_ONCE = 20
# Rows that are worked on in one transaction, in the lane for that.
TOGETHER = 500
LONGEST_PAUSE = timedelta(hours=1)
# The pause doubles so often at most: more would be too large a number for a time.
MOST_DOUBLINGS = 20

log = logging.getLogger(__name__)


def work_off(lane: Lane | None = None, *, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Do everything that is due, and return how many rows were done. Told to stop, it finishes the current row."""
    done = 0
    if lane in (None, Lane.TOGETHER):
        done += sum(work_off_together(one, is_stopping) for one in all_followers() if one.lane is Lane.TOGETHER)
    while not is_stopping() and (rows := claim_some(1 if lane is Lane.OUTSIDE else AT_ONCE, lane)):
        while rows and not is_stopping():
            done += work_on(rows.pop(0))
        release(rows)
    return done


def work_on(row: OutboxRow) -> bool:
    """Do the work of a claimed row and delete the row.

    Return False if it failed, or if the lease expired and another worker has claimed the row since. A failed row is
    tried again after 2, 4, 8, … seconds, at most an hour apart, and never given up.
    """
    try:
        follower = follower_called(row.follower)
        work = work_outside if follower.lane is Lane.OUTSIDE else work_inside
        return work(follower, row)
    except Exception as error:
        log.exception("follower %s failed on row %s", row.follower, row.pk)
        pause = min(timedelta(seconds=2 ** min(row.attempt_count, MOST_DOUBLINGS)), LONGEST_PAUSE)
        put_back(row, due_at=timezone.now() + pause, error=repr(error))
        return False


def work_off_together(follower: Follower, is_stopping: Callable[[], bool]) -> int:
    """Do what is due of one follower, many rows in each transaction, and return how many rows were done.

    If that fails, the rows are left: one at a time, those that can be done are done, and the one at fault waits.
    """
    done = 0
    while not is_stopping():
        try:
            with transaction.atomic():
                count = work_on_some(follower)
        except Error:
            raise
        except Exception:
            log.exception("follower %s failed on many rows at once", follower.name)
            break
        if not count:
            break
        done += count
    return done


def work_on_some(follower: Follower) -> int:
    rows = lock_some(TOGETHER, follower.name)
    for topic in dict.fromkeys(row.topic for row in rows):
        follower.do_together(topic, [row.payload for row in rows if row.topic == topic])
    if rows:
        OutboxRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def work_inside(follower: Follower, row: OutboxRow) -> bool:
    """Do the work and delete the row in one transaction."""
    # The deletion locks the row until the commit, so the lease need not be renewed.
    with transaction.atomic():
        if not delete_if_still_ours(row):
            return False
        follower.do(row.topic, row.payload)
    return True


def work_outside(follower: Follower, row: OutboxRow) -> bool:
    """Do the work outside a transaction, then delete the row."""
    if not renew(row):
        return False
    with kept_renewed(row):
        follower.do(row.topic, row.payload)
    return delete_if_still_ours(row)
