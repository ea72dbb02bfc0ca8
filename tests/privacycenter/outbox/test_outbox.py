"""The outbox: every row is done, by one worker at a time, however workers end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from privacycenter.models import OutboxRow
from privacycenter.outbox.claiming import LEASE, LONGEST_ERROR, claim, claim_some, lag, put_back, release, renew
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.outbox.leaving import leave, leave_each, still_left
from privacycenter.outbox.topics import Payload, Topic
from privacycenter.outbox.working import work_off, work_on
from tests.support.clock import INSTANT, clock_at

pytestmark = pytest.mark.django_db


class Numbered(Payload):
    n: int = 0


MADE, BROKEN, BOTH, SENT, UNHEARD = (Topic(name, Numbered) for name in ("made", "broken", "both", "sent", "unheard"))
DONE = []
NOON = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
good, bad, half, lined = Follower("good"), Follower("bad"), Follower("half"), Follower("lined")
abroad = Follower("abroad", lane=Lane.OUTSIDE)


@good.follows(MADE)
@good.follows(BOTH)
def do(payload):
    DONE.append(payload.n)


@bad.follows(BROKEN)
@bad.follows(BOTH)
def fail(payload):
    raise ValueError("the other side is away")


@abroad.follows(SENT)
def send(payload):
    DONE.append(payload.n)


@lined.follows(MADE, in_order_of="n")
def note(payload):
    DONE.append(payload.n)


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


def test_leave_keeps_the_topic_the_line_the_payload_and_the_time(settings):
    settings.FOLLOWERS = [f"{__name__}.lined"]
    due_at = timezone.now() + timedelta(hours=1)
    leave(MADE, Numbered(n=7), due_at=due_at)
    [row] = OutboxRow.objects.values_list("follower", "topic", "line", "payload", "due_at", "attempt_count")
    assert row == ("lined", "made", "n:7", {"n": 7}, due_at, 0)


def test_leave_without_a_time_is_due_at_once():
    with clock_at(NOON):
        leave(MADE, Numbered())
    assert OutboxRow.objects.get().due_at == NOON


def test_leave_each_at_a_time_is_due_then():
    leave_each(MADE, [Numbered(n=1), Numbered(n=2)], due_at=NOON)
    assert [row.due_at for row in OutboxRow.objects.all()] == [NOON, NOON]


def test_leave_each_makes_a_row_for_each_payload_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        leave_each(MADE, [Numbered(n=n) for n in range(3)])
    assert sorted(left.n for left in still_left(MADE, "good")) == [0, 1, 2]


def test_leave_without_a_follower_is_refused():
    with pytest.raises(LookupError, match="unheard"):
        leave(UNHEARD, Numbered())


def test_still_left_is_of_one_topic():
    leave(BOTH, Numbered(n=1))
    leave(MADE, Numbered(n=2))
    assert [payload.n for payload in still_left(MADE, "good")] == [2]


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


def test_claim_takes_one_row_and_leaves_the_next_to_others():
    leave_each(MADE, [Numbered(n=1), Numbered(n=2)])
    first = claim()
    assert first.payload == {"n": 1}
    assert list(OutboxRow.objects.exclude(leased_until=None)) == [first]
    assert claim().payload == {"n": 2}


def test_claim_marks_the_rows_for_a_lease_and_counts_the_try():
    leave_each(MADE, [Numbered(n=1), Numbered(n=2)], due_at=NOON)
    with clock_at(NOON):
        rows = claim_some(2)
    kept = [(row.leased_until, row.attempt_count) for row in OutboxRow.objects.order_by("id")]
    assert kept == [(row.leased_until, row.attempt_count) for row in rows] == [(NOON + LEASE, 1)] * 2
    with clock_at(NOON + LEASE):
        [again] = claim_some(1)
    assert (again.leased_until, again.attempt_count) == (NOON + 2 * LEASE, 2)


@pytest.mark.parametrize(("moment", "is_free"), [(NOON - INSTANT, False), (NOON, True)])
def test_row_is_free_from_the_instant_on_at_which_it_is_due_or_its_lease_ends(moment, is_free):
    leave(MADE, Numbered(), due_at=NOON)
    with clock_at(moment):
        assert (lag(), bool(claim())) == (timedelta(), is_free)
    OutboxRow.objects.update(due_at=NOON - LEASE, leased_until=NOON)
    with clock_at(moment):
        assert bool(claim()) is is_free


def test_claim_takes_what_was_due_first():
    for n, minutes in enumerate((2, 0, 1, 0)):
        leave(MADE, Numbered(n=n), due_at=NOON + timedelta(minutes=minutes))
    assert [row.payload["n"] for row in claim_some(3)] == [1, 3, 2]


def test_release_gives_back_what_was_claimed_and_not_what_another_has():
    leave_each(MADE, [Numbered(n=1), Numbered(n=2)])
    mine, taken = claim_some(2)
    run_out(taken)
    claim()
    release([mine, taken])
    left = {row.payload["n"]: (row.leased_until is None, row.attempt_count) for row in OutboxRow.objects.all()}
    assert left == {1: (True, 1), 2: (False, 2)}


def test_put_back_keeps_the_reason_as_far_as_it_goes():
    leave(MADE, Numbered())
    row = claim()
    put_back(row, due_at=NOON, error="x" * LONGEST_ERROR + "y")
    kept = OutboxRow.objects.get()
    assert (kept.leased_until, kept.due_at, kept.last_error) == (None, NOON, "x" * LONGEST_ERROR)


def test_renew_holds_the_row_for_another_lease():
    leave(MADE, Numbered())
    row = claim()
    run_out(row)
    assert renew(row)
    left = OutboxRow.objects.get().leased_until - timezone.now()
    assert LEASE - timedelta(seconds=5) < left <= LEASE
    assert claim() is None


def test_claim_leaves_what_is_not_due():
    leave(MADE, Numbered(), due_at=timezone.now() + timedelta(hours=1))
    assert claim() is None


def lines(*names):
    """Leave a row in each of these lines; return them."""
    return [OutboxRow.objects.create(follower="good", topic="made", line=name, payload={"n": 0}) for name in names]


def test_claim_gives_the_first_row_of_a_line_alone():
    first, other, second, free = lines("a", "b", "a", "")
    assert claim_some(10) == [first, other, free]
    assert claim() is None
    run_out(first)
    assert claim() == first
    work_on(claim_again(first))
    assert claim() == second


def claim_again(row):
    row.refresh_from_db()
    return row


def test_rows_of_one_line_of_two_followers_do_not_wait_for_each_other():
    rows = [OutboxRow.objects.create(follower=name, topic="made", line="a", payload={}) for name in ("good", "bad")]
    assert claim_some(10) == rows


def test_row_that_fails_holds_up_its_line():
    first = OutboxRow.objects.create(follower="good", topic="unknown", line="a", payload={})
    lines("a")
    work_off()
    assert DONE == []
    first.delete()
    work_off()
    assert DONE == [0]


def test_line_comes_from_the_field_that_the_follower_names():
    assert (lined.line_of(MADE, Numbered(n=7)), good.line_of(MADE, Numbered(n=7))) == ("n:7", "")
    with pytest.raises(ValueError, match="has no person"):
        lined.follows(BOTH, in_order_of="person")


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
    assert (work_on(fast), work_on(slow)) == (True, False)
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


def test_row_that_failed_is_free_for_any_worker_as_soon_as_it_is_due():
    leave(BROKEN, Numbered())
    row = claim()
    work_on(row)
    assert OutboxRow.objects.get().leased_until is None
    OutboxRow.objects.update(due_at=timezone.now())
    assert claim().pk == row.pk


def test_lag_of_a_lane_is_that_of_its_own_rows(settings):
    settings.FOLLOWERS = [f"{__name__}.good", f"{__name__}.abroad"]
    leave(MADE, Numbered(), due_at=timezone.now() - timedelta(hours=1))
    assert lag(Lane.OUTSIDE) == timedelta()
    assert lag(Lane.INSIDE) > timedelta(minutes=59)
    assert lag() == pytest.approx(lag(Lane.INSIDE), abs=timedelta(seconds=5))
    leave(SENT, Numbered(), due_at=timezone.now() - timedelta(hours=2))
    assert timedelta(minutes=119) < lag(Lane.OUTSIDE)
    assert lag(Lane.INSIDE) < timedelta(minutes=61)


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
