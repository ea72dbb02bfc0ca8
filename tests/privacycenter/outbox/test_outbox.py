"""The outbox: every row is done, by one worker at a time, however workers end."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from privacycenter.models import OutboxRow
from privacycenter.outbox import work

pytestmark = pytest.mark.django_db

DONE = []


def follower(topic, payload):
    DONE.append((topic, payload))


def failing(topic, payload):
    raise ValueError("the other side is away")


@pytest.fixture(autouse=True)
def followers(settings):
    DONE.clear()
    settings.FOLLOWERS = {
        "good": (("made", "both"), f"{__name__}.follower"),
        "bad": (("broken", "both"), f"{__name__}.failing"),
    }


def run_out(row):
    """What happens to the lease of a worker that was killed, or that takes too long."""
    OutboxRow.objects.filter(pk=row.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_leave_makes_one_row_for_each_follower_of_the_topic():
    work.leave("both", {"n": 1})
    assert sorted(OutboxRow.objects.values_list("follower", "topic")) == [("bad", "both"), ("good", "both")]


def test_leave_without_a_follower_leaves_nothing():
    work.leave("nobody cares", {})
    assert not OutboxRow.objects.exists()


def test_leave_is_undone_with_its_transaction():
    with transaction.atomic():
        work.leave("made", {})
        transaction.set_rollback(True)
    assert not OutboxRow.objects.exists()


def test_work_off_does_each_row_once_in_order():
    for n in range(3):
        work.leave("made", {"n": n})
    assert (work.work_off(), work.work_off()) == (3, 0)
    assert [payload["n"] for _, payload in DONE] == [0, 1, 2]


def test_claim_gives_a_row_to_one_worker():
    work.leave("made", {})
    assert (work.claim() is not None, work.claim()) == (True, None)


def test_claim_leaves_what_is_not_due():
    work.leave("made", {}, due_at=timezone.now() + timedelta(hours=1))
    assert work.claim() is None


def test_claim_takes_the_row_of_a_killed_worker():
    work.leave("made", {})
    row = work.claim()
    run_out(row)
    assert work.claim() == row


def test_work_on_by_a_second_worker_after_the_first_is_done_does_nothing():
    work.leave("made", {})
    slow = work.claim()
    run_out(slow)
    fast = work.claim()
    work.work_on(fast)
    work.work_on(slow)
    assert len(DONE) == 1


@pytest.mark.parametrize(("tries", "seconds"), [(1, 2), (2, 4), (3, 8), (11, 2048), (12, 3600), (40, 3600)])
def test_work_on_that_fails_waits_longer_each_time(tries, seconds):
    work.leave("broken", {})
    OutboxRow.objects.update(attempt_count=tries - 1)
    work.work_off()
    pause = OutboxRow.objects.get().due_at - timezone.now()
    assert timedelta(seconds=seconds - 5) < pause <= timedelta(seconds=seconds)


@pytest.mark.parametrize("tries", [50, 100, 5000])
def test_work_on_that_failed_for_days_is_never_given_up(tries):
    work.leave("broken", {})
    OutboxRow.objects.update(attempt_count=tries)
    work.work_off()
    assert OutboxRow.objects.get().due_at - timezone.now() <= timedelta(hours=1)


def test_work_on_that_fails_keeps_the_reason_and_stops_nothing():
    work.leave("broken", {})
    work.leave("made", {})
    assert work.work_off() == 1
    assert "the other side is away" in OutboxRow.objects.get().last_error


def test_work_on_that_fails_undoes_what_the_follower_wrote(settings):
    settings.FOLLOWERS = {"half": (("made",), f"{__name__}.half_done")}
    work.leave("made", {})
    work.work_off()
    assert OutboxRow.objects.count() == 1


def half_done(topic, payload):
    OutboxRow.objects.create(follower="half", topic="trace", payload={})
    raise ValueError


def test_lag_is_zero_when_nothing_is_due():
    work.leave("made", {}, due_at=timezone.now() + timedelta(hours=1))
    assert work.lag() == timedelta()


def test_lag_is_the_age_of_the_oldest_due_row():
    work.leave("made", {}, due_at=timezone.now() - timedelta(minutes=1))
    work.leave("made", {}, due_at=timezone.now() - timedelta(minutes=7))
    assert timedelta(minutes=7) <= work.lag() < timedelta(minutes=8)


def test_work_once_does_what_is_due_and_says_how_much(capsys):
    work.leave("made", {})
    call_command("work", "--once")
    assert capsys.readouterr().out == "1 done\n"
