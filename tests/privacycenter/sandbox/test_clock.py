"""The clock of a sandbox: put forward, never back, the same for all, and impossible anywhere else."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone

from privacycenter.errors import InvalidValue, NotFound
from privacycenter.identifiers import uuid7
from privacycenter.models import ClockMove, User
from privacycenter.outbox.claiming import lag
from privacycenter.outbox.leaving import leave
from privacycenter.sandbox import clock
from privacycenter.sandbox.actions import WrongDatabase, begin_or_refuse, put_clock_forward
from privacycenter.sandbox.reading import read_clock
from tests.support.clock import clock_at
from tests.support.database import at_once
from tests.support.people import make_user
from tests.support.sandbox import a_sandbox, forward

pytestmark = pytest.mark.django_db


def real():
    return datetime.now(UTC)


def test_clock_goes_forward_for_times_and_ids(sandbox):
    with clock_at(real()):
        before = uuid7()
        forward(days=14)
        assert timezone.now() - real() == timedelta(days=14) and clock.real_now() == real()
        assert (uuid7().int >> 80) - (before.int >> 80) == 14 * 24 * 3600 * 1000


def test_moves_add_up_and_are_kept_by_whom(sandbox):
    put_clock_forward(forward=timedelta(hours=1), by="travel")
    made = put_clock_forward(forward=timedelta(minutes=1, milliseconds=1), by="jobs")
    assert (made.number, made.seconds, made.ahead_seconds, made.by) == (3, 61, 3661, "jobs")


def test_clock_is_put_to_a_time_once(sandbox):
    to = real() + timedelta(days=3)
    assert put_clock_forward(to=to, by="x").forward >= timedelta(days=2, hours=23)
    assert put_clock_forward(to=to, by="x") is None, "sent again, it changes nothing"
    assert ClockMove.objects.count() == 2


@pytest.mark.parametrize(
    "move",
    [
        {}, {"forward": timedelta()}, {"forward": timedelta(days=-1)}, {"forward": timedelta(days=1_101)},
        {"to": datetime(9999, 1, 1, tzinfo=UTC)}, {"forward": timedelta(1), "to": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
    ids=str,
)  # fmt: skip
def test_move_that_makes_no_sense_is_refused(sandbox, move):
    with pytest.raises(InvalidValue):
        put_clock_forward(**move, by="x")
    assert ClockMove.objects.count() == 1


def test_clock_has_an_end(sandbox):
    for _time in range(5):
        put_clock_forward(forward=timedelta(days=1_100), by="x")
    with pytest.raises(InvalidValue, match="begin a new one"):
        put_clock_forward(forward=timedelta(seconds=1), by="x")


def test_another_process_reads_it_before_each_request(sandbox):
    put_clock_forward(forward=timedelta(days=2), by="another process")
    assert clock.ahead() == timedelta()
    assert Client().get("/healthz").headers["Privacy-Center-Sandbox"] == "1"
    assert clock.ahead() == timedelta(days=2)


def test_older_reading_sets_nothing_back(sandbox):
    forward(days=2)
    clock.set_to(clock.Reading(timedelta(days=1), real()))
    assert clock.ahead() == timedelta(days=2)


def test_work_is_not_late_right_after_a_move(sandbox):
    from consents.notices.topics import DIGEST_DUE, DigestDue

    with clock_at(real()):
        leave(DIGEST_DUE, DigestDue(person=1, day=timezone.localdate()), due_at=timezone.now())
        forward(days=14)
        assert lag() == timedelta() and not clock.is_due_by_now(timedelta(minutes=10))


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_follow_one_another(world):
    with a_sandbox():
        at_once(*[partial(put_clock_forward, forward=timedelta(days=1), by="x")] * 4)
        read_clock()
        assert clock.ahead() == timedelta(days=4)


# --- Anywhere else ----------------------------------------------------------------------------------------------------


def test_no_other_installation_has_such_a_clock(db):
    with pytest.raises(NotFound):
        put_clock_forward(forward=timedelta(days=1), by="x")
    with pytest.raises(CommandError, match="no sandbox"):
        call_command("sandbox_clock", forward="P1D")
    assert not ClockMove.objects.exists() and "Privacy-Center-Sandbox" not in Client().get("/healthz").headers


def test_database_with_people_does_not_become_a_sandbox(hanako):
    with override_settings(SANDBOX=True), pytest.raises(WrongDatabase, match="not begun as a sandbox"):
        begin_or_refuse()
    assert not ClockMove.objects.exists()


def test_request_to_a_sandbox_with_another_database_is_refused(hanako):
    with override_settings(
        SANDBOX=True,
        MIDDLEWARE=["privacycenter.sandbox.middleware.sandbox", "django.middleware.common.CommonMiddleware"],
    ):
        found = Client().get("/where-provided/")
    assert found.status_code == 503 and "not begun as a sandbox" in found.json()["detail"]


def test_database_of_a_sandbox_serves_nothing_else(sandbox):
    make_user("somebody")
    begin_or_refuse()
    with override_settings(SANDBOX=False):
        with pytest.raises(WrongDatabase, match="begun as a sandbox"):
            begin_or_refuse()
        with pytest.raises(CommandError, match="begun as a sandbox"):
            call_command("work", "--once")


def test_worker_of_a_sandbox_refuses_another_database(hanako):
    with override_settings(SANDBOX=True), pytest.raises(CommandError, match="not begun as a sandbox"):
        call_command("work", "--once")
    assert User.objects.count() == 1
