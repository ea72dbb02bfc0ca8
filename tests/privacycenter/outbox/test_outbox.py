"""The outbox: every row is done, by one worker at a time, however workers end."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from privacycenter.models import OutboxRow
from privacycenter.outbox.claiming import claim, lag
from privacycenter.outbox.followers import Follower
from privacycenter.outbox.leaving import leave, leave_each, still_left
from privacycenter.outbox.topics import Payload, Topic
from privacycenter.outbox.working import work_off, work_on

pytestmark = pytest.mark.django_db


class Numbered(Payload):
    n: int = 0


MADE, BROKEN, BOTH, UNHEARD = (Topic(name, Numbered) for name in ("made", "broken", "both", "unheard"))
DONE = []
good, bad, half = Follower("good"), Follower("bad"), Follower("half")


@good.follows(MADE)
@good.follows(BOTH)
def do(payload):
    DONE.append(payload.n)


@bad.follows(BROKEN)
@bad.follows(BOTH)
def fail(payload):
    raise ValueError("the other side is away")


@half.follows(MADE)
def do_half(payload):
    OutboxRow.objects.create(follower="half", topic="trace", payload={})
    raise ValueError


@pytest.fixture(autouse=True)
def followers(settings):
    DONE.clear()
    settings.FOLLOWERS = [f"{__name__}.good", f"{__name__}.bad"]


def run_out(row):
    """What happens to the lease of a worker that was killed, or that takes too long."""
    OutboxRow.objects.filter(pk=row.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_leave_makes_one_row_for_each_follower_of_the_topic():
    leave(BOTH, Numbered(n=1))
    assert sorted(OutboxRow.objects.values_list("follower", "topic")) == [("bad", "both"), ("good", "both")]


def test_leave_each_makes_a_row_for_each_payload_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        leave_each(MADE, [Numbered(n=n) for n in range(3)])
    assert [left.n for left in still_left(MADE, "good")] == [0, 1, 2]


def test_leave_without_a_follower_is_refused():
    with pytest.raises(LookupError, match="unheard"):
        leave(UNHEARD, Numbered())


def test_still_left_is_what_this_follower_has_not_done():
    leave(BOTH, Numbered(n=7))
    work_off()
    assert ([*still_left(BOTH, "good")], [*still_left(BOTH, "bad")]) == ([], [Numbered(n=7)])


def test_leave_is_undone_with_its_transaction():
    with transaction.atomic():
        leave(MADE, Numbered())
        transaction.set_rollback(True)
    assert not OutboxRow.objects.exists()


def test_work_off_does_each_row_once_in_order():
    for n in range(3):
        leave(MADE, Numbered(n=n))
    assert (work_off(), work_off()) == (3, 0)
    assert DONE == [0, 1, 2]


def test_claim_gives_a_row_to_one_worker():
    leave(MADE, Numbered())
    assert (claim() is not None, claim()) == (True, None)


def test_claim_leaves_what_is_not_due():
    leave(MADE, Numbered(), due_at=timezone.now() + timedelta(hours=1))
    assert claim() is None


def test_claim_takes_the_row_of_a_killed_worker():
    leave(MADE, Numbered())
    row = claim()
    run_out(row)
    assert claim() == row


def test_work_on_by_a_second_worker_after_the_first_is_done_does_nothing():
    leave(MADE, Numbered())
    slow = claim()
    run_out(slow)
    fast = claim()
    work_on(fast)
    work_on(slow)
    assert len(DONE) == 1


@pytest.mark.parametrize(("tries", "seconds"), [(1, 2), (2, 4), (3, 8), (11, 2048), (12, 3600), (40, 3600)])
def test_work_on_that_fails_waits_longer_each_time(tries, seconds):
    leave(BROKEN, Numbered())
    OutboxRow.objects.update(attempt_count=tries - 1)
    work_off()
    pause = OutboxRow.objects.get().due_at - timezone.now()
    assert timedelta(seconds=seconds - 5) < pause <= timedelta(seconds=seconds)


@pytest.mark.parametrize("tries", [50, 100, 5000])
def test_work_on_that_failed_for_days_is_never_given_up(tries):
    leave(BROKEN, Numbered())
    OutboxRow.objects.update(attempt_count=tries)
    work_off()
    assert OutboxRow.objects.get().due_at - timezone.now() <= timedelta(hours=1)


def test_work_on_that_fails_keeps_the_reason_and_stops_nothing():
    leave(BROKEN, Numbered())
    leave(MADE, Numbered())
    assert work_off() == 1
    assert "the other side is away" in OutboxRow.objects.get().last_error


def test_work_on_that_fails_undoes_what_the_follower_wrote(settings):
    settings.FOLLOWERS = [f"{__name__}.half"]
    leave(MADE, Numbered())
    work_off()
    assert OutboxRow.objects.count() == 1


def test_lag_is_zero_when_nothing_is_due():
    leave(MADE, Numbered(), due_at=timezone.now() + timedelta(hours=1))
    assert lag() == timedelta()


def test_lag_is_the_age_of_the_oldest_due_row():
    leave(MADE, Numbered(), due_at=timezone.now() - timedelta(minutes=1))
    leave(MADE, Numbered(), due_at=timezone.now() - timedelta(minutes=7))
    assert timedelta(minutes=7) <= lag() < timedelta(minutes=8)


def test_work_once_does_what_is_due_and_says_how_much(capsys):
    leave(MADE, Numbered())
    call_command("work", "--once")
    assert capsys.readouterr().out == "1 done\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"follower": "former", "topic": "made", "payload": {}}, "former"),
        ({"follower": "good", "topic": "unmade", "payload": {}}, "unmade"),
        ({"follower": "good", "topic": "made", "payload": {"n": "many"}}, "validation error for Numbered"),
        ({"follower": "good", "topic": "made", "payload": {"n": 1, "m": 2}}, "validation error for Numbered"),
        ({"follower": "good", "topic": "made", "payload": [1]}, "validation error for Numbered"),
    ],
    ids=["follower", "topic", "other kind", "unknown field", "no fields"],
)
def test_row_of_another_version_stays_with_the_reason_until_somebody_knows_it(row, reason):
    OutboxRow.objects.create(**row)
    assert (work_off(), DONE) == (0, [])
    kept = OutboxRow.objects.get()
    assert reason in kept.last_error and kept.due_at > timezone.now()
