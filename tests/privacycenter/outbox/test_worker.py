"""manage.py work: killed at any instant it loses nothing and does nothing twice; two share the work."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from disclosures.ledger.topics import DISCLOSURES_RECORDED, DisclosuresRecorded
from disclosures.models import ReportCount, Service
from privacycenter.management.commands.work import follow
from privacycenter.models import CacheEntry, OutboxRow
from privacycenter.outbox import claiming
from privacycenter.outbox.claiming import claim, claim_some
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.outbox.leaving import leave
from privacycenter.outbox.topics import Payload, Topic
from privacycenter.outbox.working import AT_ONCE, work_off, work_on
from tests.support.content import ROOT
from tests.support.database import address_of_test_database, at_once

PATIENCE_SECONDS = 40
ROWS = 150


class Nothing(Payload):
    pass


MADE, POISON = Topic("made", Nothing), Topic("poison", Nothing)


@pytest.fixture
def reporter(world, reporter, settings):
    """One follower alone, set once for all threads: settings set aside by two at once come back in the wrong order."""
    settings.FOLLOWERS = ["disclosures.coverage.followers.coverage"]
    return reporter


def leave_rows(reporter, number=ROWS):
    """So many batches of one disclosure each: what is counted in the end says how often each row was done."""
    service = Service.objects.get(code="jalan").pk
    with transaction.atomic():
        for _number in range(number):
            leave(
                DISCLOSURES_RECORDED,
                DisclosuresRecorded(reporter=reporter.pk, at=timezone.now(), counts=((service, 1),), rows=()),
            )


def counted():
    return ReportCount.objects.aggregate(total=Sum("disclosure_count"))["total"] or 0


def let_leases_run_out():
    OutboxRow.objects.exclude(leased_until=None).update(leased_until=timezone.now())


@contextmanager
def worker():
    """``manage.py work`` on the test's database, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", "work"], cwd=ROOT, env={**os.environ, "DATABASE_URL": address_of_test_database()},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)


@pytest.mark.concurrency
def test_worker_killed_under_load_loses_nothing_and_repeats_nothing(reporter):
    leave_rows(reporter)
    with worker() as process:
        wait_until(lambda: counted() > 5)
        process.kill()
        process.wait()
    done = counted()
    assert OutboxRow.objects.count() == ROWS - done
    let_leases_run_out()
    work_off()
    assert (counted(), OutboxRow.objects.count()) == (ROWS, 0)


@pytest.mark.concurrency
def test_worker_told_to_stop_finishes_its_row_and_gives_back_the_rest(reporter):
    leave_rows(reporter)
    with worker() as process:
        wait_until(lambda: counted() > 5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0
    assert counted() + OutboxRow.objects.count() == ROWS
    assert not OutboxRow.objects.exclude(leased_until=None).exists()


@pytest.mark.concurrency
def test_workers_share_the_rows_and_do_each_once(reporter):
    leave_rows(reporter)
    done = at_once(*[work_off] * 4)
    # On SQLite one of them may have it all; nobody's row is done by another as well.
    assert sum(done) == ROWS == counted()


@pytest.mark.concurrency
def test_row_that_is_committed_late_is_not_skipped(reporter):
    early, late = threading.Event(), threading.Event()

    def commit_late():
        if connection.vendor == "sqlite":
            early.set()
            return leave_rows(reporter, 1)
        with transaction.atomic():
            leave_rows(reporter, 1)
            early.set()
            late.wait(PATIENCE_SECONDS)

    def work_now():
        early.wait(PATIENCE_SECONDS)
        leave_rows(reporter, 1)  # begun later, committed sooner
        work_off()
        late.set()

    at_once(commit_late, work_now)
    work_off()
    assert (counted(), OutboxRow.objects.count()) == (2, 0)


slow = Follower("slow", lane=Lane.OUTSIDE)


@slow.follows(MADE)
def wait_until_renewed(payload):
    before = OutboxRow.objects.get().leased_until
    connection.close()
    wait_until(lambda: OutboxRow.objects.get().leased_until > before)


@pytest.mark.concurrency
def test_lease_of_work_that_takes_long_is_renewed(world, settings, monkeypatch):
    settings.FOLLOWERS = [f"{__name__}.slow"]
    monkeypatch.setattr(claiming, "RENEWED_EVERY", timedelta(seconds=0.1))
    leave(MADE, Nothing())
    assert work_off() == 1


# --- One worker, step by step -----------------------------------------------------------------------------------------

DONE = []


inside, outside, bad = Follower("in"), Follower("out", lane=Lane.OUTSIDE), Follower("bad")


@inside.follows(MADE)
def do_inside(payload):
    DONE.append("inside")


@outside.follows(MADE)
def do_outside(payload):
    DONE.append("outside")


@bad.follows(POISON)
def fail(payload):
    raise ValueError("cannot be done")


@pytest.fixture
def lanes(db, settings):
    DONE.clear()
    settings.FOLLOWERS = [f"{__name__}.inside", f"{__name__}.outside", f"{__name__}.bad"]


def test_lane_does_its_own_rows_alone(lanes):
    leave(MADE, Nothing())
    assert (work_off(Lane.INSIDE), DONE) == (1, ["inside"])
    assert (work_off(Lane.OUTSIDE), DONE) == (1, ["inside", "outside"])


def test_poison_row_blocks_nobody(lanes):
    for _number in range(AT_ONCE + 1):
        leave(POISON, Nothing())
    leave(MADE, Nothing())
    assert work_off() == 2


def test_row_of_a_follower_that_is_gone_stays_and_says_why(lanes):
    OutboxRow.objects.create(follower="former", topic="made", payload={})
    assert work_off(Lane.INSIDE) == 0
    assert "former" in OutboxRow.objects.get().last_error


@pytest.mark.parametrize(("lane", "held"), [(Lane.INSIDE, AT_ONCE), (Lane.OUTSIDE, 1), (None, AT_ONCE)])
def test_worker_holds_one_row_in_the_lane_outside_and_some_elsewhere(lanes, settings, lane, held):
    settings.FOLLOWERS = [f"{__name__}.{'outside' if lane is Lane.OUTSIDE else 'inside'}"]
    for _number in range(AT_ONCE + 1):
        leave(MADE, Nothing())
    claimed = []

    def is_stopping():
        claimed.append(OutboxRow.objects.exclude(leased_until=None).count())
        return len(claimed) > 1

    assert (work_off(lane, is_stopping=is_stopping), claimed) == (0, [0, held, 0])


def test_work_that_fails_after_another_worker_took_it_leaves_that_one_its_lease(lanes):
    leave(POISON, Nothing())
    slow = claim()
    let_leases_run_out()
    fast = claim()
    work_on(slow)
    assert OutboxRow.objects.get().leased_until == fast.leased_until


def test_work_outside_that_another_worker_took_is_not_begun(lanes):
    leave(MADE, Nothing())
    slow = claim_some(1, Lane.OUTSIDE)[0]
    let_leases_run_out()
    assert claim_some(1, Lane.OUTSIDE)
    assert (work_on(slow), DONE) == (False, [])


def test_rows_that_were_claimed_and_not_begun_are_given_back(lanes):
    for _number in range(3):
        leave(MADE, Nothing())
    assert work_off(Lane.INSIDE, is_stopping=lambda: bool(DONE)) == 1
    assert not OutboxRow.objects.exclude(leased_until=None).exists()


def test_claiming_many_rows_costs_the_same_as_one(lanes, django_assert_num_queries):
    for _number in range(20):
        leave(MADE, Nothing())
    with django_assert_num_queries(5):  # is there one, savepoint, take, mark, release
        assert len(claim_some(20, Lane.INSIDE)) == 20


@pytest.mark.django_db
def test_worker_removes_counts_that_are_over(monkeypatch):
    CacheEntry.objects.create(key="old", until=1)
    CacheEntry.objects.create(key="new", until=2**40)
    stopping = threading.Event()
    monkeypatch.setattr(stopping, "wait", lambda seconds: stopping.set())
    monkeypatch.setattr("privacycenter.management.commands.work.connection.close", lambda: None)
    monkeypatch.setattr("privacycenter.management.commands.work.close_old_connections", lambda: None)
    follow(Lane.INSIDE, stopping)
    assert list(CacheEntry.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed"), MemoryError("odd")])
def test_worker_goes_on_after_what_it_did_not_expect(monkeypatch, error):
    stopping, rounds = threading.Event(), []

    def work_off(*arguments, **more):
        rounds.append(1)
        if len(rounds) == 1:
            raise error
        stopping.set()

    monkeypatch.setattr("privacycenter.management.commands.work.work_off", work_off)
    monkeypatch.setattr("privacycenter.management.commands.work.PAUSE_SECONDS", 0)
    monkeypatch.setattr("privacycenter.management.commands.work.connection.close", lambda: None)
    monkeypatch.setattr("privacycenter.management.commands.work.close_old_connections", lambda: None)
    follow(Lane.INSIDE, stopping)
    assert len(rounds) == 2
