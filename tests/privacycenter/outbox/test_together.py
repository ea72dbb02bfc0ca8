"""The lane in which many rows are worked on in one transaction: which rows, in how many calls, and what a fault does."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone

from privacycenter.models import OutboxRow
from privacycenter.outbox import working
from privacycenter.outbox.claiming import LEASE, claim
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.outbox.leaving import leave_each
from privacycenter.outbox.topics import Payload, Topic
from privacycenter.outbox.working import work_off
from tests.support.clock import INSTANT, clock_at

pytestmark = pytest.mark.django_db


class Numbered(Payload):
    n: int = 0


MADE, SENT = Topic("made", Numbered), Topic("sent", Numbered)
NOON = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
CALLS: list[list[int]] = []
BROKEN: set[int] = set()
many, other = Follower("many", lane=Lane.TOGETHER), Follower("other")


@many.follows_together(MADE)
@many.follows_together(SENT)
def do(payloads):
    numbers = [payload.n for payload in payloads]
    CALLS.append(numbers)
    if BROKEN.intersection(numbers):
        raise ValueError("one of them is at fault")


@other.follows(MADE)
def do_one(payload):
    CALLS.append([payload.n])


@pytest.fixture(autouse=True)
def followers(settings):
    CALLS.clear()
    BROKEN.clear()
    settings.FOLLOWERS = [f"{__name__}.many"]


def left(topic, *numbers, **more):
    leave_each(topic, [Numbered(n=n) for n in numbers], **more)


def waiting() -> list[int]:
    return [row.payload["n"] for row in OutboxRow.objects.order_by("id")]


def test_rows_are_handed_over_at_once_the_oldest_first():
    left(MADE, 3, 1, 2)
    assert (work_off(Lane.TOGETHER), CALLS, waiting()) == (3, [[3, 1, 2]], [])


def test_rows_of_each_topic_are_handed_over_by_themselves():
    left(MADE, 1)
    left(SENT, 2)
    left(MADE, 3)
    assert (work_off(Lane.TOGETHER), CALLS, waiting()) == (3, [[1, 3], [2]], [])


def test_many_rows_take_as_many_transactions_as_they_need():
    left(MADE, 1, 2, 3)
    with mock.patch.object(working, "TOGETHER", 2):
        assert (work_off(Lane.TOGETHER), CALLS) == (3, [[1, 2], [3]])


@pytest.mark.parametrize(("moment", "done"), [(-INSTANT, [[1]]), (0 * INSTANT, [[1, 2]])])
def test_row_is_taken_from_the_instant_on_at_which_it_is_due(moment, done):
    left(MADE, 1, due_at=NOON - timedelta(seconds=1))
    left(MADE, 2, due_at=NOON)
    with clock_at(NOON + moment):
        work_off(Lane.TOGETHER)
    assert done == CALLS


@pytest.mark.parametrize(("moment", "taken"), [(-INSTANT, [[2]]), (0 * INSTANT, [[1, 2]])])
def test_row_that_another_worker_took_is_taken_when_its_lease_ends(moment, taken):
    with clock_at(NOON):
        left(MADE, 1)
        assert claim().payload == {"n": 1}
        left(MADE, 2)
    with clock_at(NOON + LEASE + moment):
        work_off(Lane.TOGETHER)
    assert taken == CALLS


def test_rows_of_another_follower_are_left(settings):
    settings.FOLLOWERS = [f"{__name__}.many", f"{__name__}.other"]
    left(MADE, 1)
    with mock.patch.object(working, "claim_some", return_value=[]):
        assert work_off(Lane.TOGETHER) == 1
    assert [row.follower for row in OutboxRow.objects.all()] == ["other"]


def test_of_rows_with_one_at_fault_that_one_waits_and_says_why():
    left(MADE, 1, 2, 3)
    BROKEN.add(2)
    assert (work_off(Lane.TOGETHER), CALLS) == (2, [[1, 2, 3], [1], [2], [3]])
    row = OutboxRow.objects.get()
    assert (row.payload, row.attempt_count) == ({"n": 2}, 1) and "one of them is at fault" in row.last_error
    assert row.due_at > timezone.now()


def test_rows_and_what_was_done_with_them_end_together():
    left(MADE, 1)
    with pytest.raises(RuntimeError), transaction.atomic():
        work_off(Lane.TOGETHER)
        raise RuntimeError
    assert waiting() == [1]


def test_told_to_stop_nothing_is_begun():
    left(MADE, 1)
    assert (work_off(Lane.TOGETHER, is_stopping=lambda: True), CALLS, waiting()) == (0, [], [1])
