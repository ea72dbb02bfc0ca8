"""Claiming rows of the outbox: no two workers hold the same row, and a killed worker's rows come back."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import Error, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from privacycenter.models import OutboxRow
from privacycenter.outbox.followers import Lane, names_in
from privacycenter.sandbox import clock

LEASE = timedelta(seconds=60)
RENEWED_EVERY = LEASE / 3
LONGEST_ERROR = 2000

log = logging.getLogger(__name__)


def claim() -> OutboxRow | None:
    """Claim the oldest due row that is free, for ``LEASE``. Return None if there is none."""
    return next(iter(claim_some(1)), None)


def claim_some(limit: int, lane: Lane | None = None) -> list[OutboxRow]:
    """Claim up to ``limit`` due rows that are free, the oldest first, for ``LEASE``.

    The rows are locked while they are marked, and rows that another worker has locked are skipped: two workers neither
    claim the same row nor wait for each other. On SQLite the transaction itself is the lock. Of a line only the first
    row is free, so what a killed worker holds, or what fails, is overtaken by nothing in its line.
    """
    now = timezone.now()
    is_let_go = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    free = Q(due_at__lte=now) & is_let_go & is_first() & in_lane(lane)
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


def lock_some(limit: int, follower: str) -> list[OutboxRow]:
    """Return up to ``limit`` due and free rows of a follower, the oldest first, locked until the transaction ends.

    Rows that another worker has locked are skipped.
    """
    now = timezone.now()
    free = OutboxRow.objects.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now), follower=follower)
    can_skip = connection.features.has_select_for_update_skip_locked
    return list(free.filter(due_at__lte=now).order_by("id").select_for_update(skip_locked=can_skip)[:limit])


def is_first() -> Q:
    """Return the condition for rows that nothing in their line comes before."""
    before = OutboxRow.objects.filter(follower=OuterRef("follower"), line=OuterRef("line"), id__lt=OuterRef("id"))
    # The second condition on the line lets the database use the partial index.
    return Q(line="") | ~Q(Exists(before.exclude(line="")))


def in_lane(lane: Lane | None) -> Q:
    """Return the condition for rows of this lane. A row of an unknown follower is inside, where it fails visibly."""
    if lane is None:
        return Q()
    if lane is Lane.INSIDE:
        return ~Q(follower__in=names_in(Lane.OUTSIDE, Lane.TOGETHER))
    return Q(follower__in=names_in(lane))


def ours(row: OutboxRow) -> QuerySet[OutboxRow]:
    """Return the row, unless another worker has claimed it since: each claim counts up."""
    return OutboxRow.objects.filter(pk=row.pk, attempt_count=row.attempt_count)


def delete_if_still_ours(row: OutboxRow) -> bool:
    deleted, _rows = ours(row).delete()
    return bool(deleted)


def renew(row: OutboxRow) -> bool:
    """Hold the row for another ``LEASE``. Return False if another worker has it."""
    return bool(ours(row).update(leased_until=timezone.now() + LEASE))


@contextmanager
def kept_renewed(row: OutboxRow) -> Iterator[None]:
    """Renew the lease from another thread while the block runs. Only long work costs a renewal."""
    done = threading.Event()

    def keep() -> None:
        try:
            while not done.wait(RENEWED_EVERY.total_seconds()) and renew(row):
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


def put_back(row: OutboxRow, *, due_at: datetime, error: str) -> None:
    """Release a row that failed until ``due_at``, with the reason. Does nothing if another worker has it."""
    ours(row).update(leased_until=None, due_at=due_at, last_error=error[:LONGEST_ERROR])


def release(rows: list[OutboxRow]) -> None:
    """Release rows that were claimed and not begun, so that nobody waits for their leases."""
    for row in rows:
        ours(row).update(leased_until=None)


def lag(lane: Lane | None = None) -> timedelta:
    """Return how long the oldest due row has been waiting, zero if none waits."""
    now = timezone.now()
    due = OutboxRow.objects.filter(in_lane(lane), due_at__lte=now)
    oldest = due.order_by("due_at").values_list("due_at", flat=True).first()
    return clock.waited(oldest) if oldest else timedelta()
