"""Verification in windows: each night what is new and a piece of what is older, and after so many nights all of it."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from consents.verifying.windows import verification_metrics
from disclosures.ledger.recording import record_disclosures
from privacycenter.database.verifying import FOUND_BY_TIME, Window
from privacycenter.models import Verification
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.commands import fault, verify
from tests.support.database import tamper
from tests.support.events import an_event

pytestmark = pytest.mark.django_db
NIGHTS = 3


@pytest.fixture
def month(reporter):
    """A site of thirty days, with a disclosure on each of them. Returns when its first night begins."""
    now = timezone.now()
    MigrationRecorder.Migration.objects.update(applied=now - timedelta(days=40))
    for days in range(30, 0, -1):
        with clock_at(now - timedelta(days=days, hours=1)):
            record_disclosures(events=[an_event(f"day-{days}", occurred_at=timezone.now())], by=reporter)
    work_off()
    return now


def verified(said, what="disclosures") -> int:
    return int(re.search(rf"([\d,]+)  {what}\n", said).group(1))


def at_night(first, number) -> str:
    with clock_at(first + timedelta(days=number)):
        return verify("--window", str(NIGHTS))


def metric(name) -> float | None:
    found = [family.samples[0].value for family in verification_metrics() if family.name == f"privacycenter_{name}"]
    return found[0] if found else None


def test_each_row_is_verified_once_in_so_many_nights(month):
    said = [at_night(month, number) for number in range(NIGHTS)]
    assert [verified(one) for one in said] == [4, 13, 13]
    assert [one.partition(",")[0] for one in said] == ["Night 1 of 3", "Night 2 of 3", "Night 3 of 3"]


def test_changed_row_is_found_in_the_night_of_its_piece_and_the_counters_in_the_last(month):
    tamper("UPDATE disclosures_disclosure SET ground = 3 WHERE event_id = 'day-20'")
    assert "counts of reports" not in at_night(month, 0)
    with clock_at(month + timedelta(days=1)):
        assert "fingerprint" in fault("--window", str(NIGHTS))
    assert "counts of reports" in at_night(month, 2)


def test_what_is_new_is_verified_each_night(month, reporter):
    at_night(month, 0)
    with clock_at(month + timedelta(hours=12)):
        record_disclosures(events=[an_event("new", occurred_at=timezone.now())], by=reporter)
    work_off()
    tamper("UPDATE disclosures_disclosure SET ground = 3 WHERE event_id = 'new'")
    with clock_at(month + timedelta(days=1)):
        assert "fingerprint" in fault("--window", str(NIGHTS))


def test_night_that_was_broken_off_is_verified_again(month, monkeypatch):
    at_night(month, 0)
    before = Verification.objects.values().get()
    with monkeypatch.context() as patched:
        patched.setattr("consents.management.commands.verify_ledger.verify_log", lambda progress, window: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            at_night(month, 1)
    assert Verification.objects.values().get() == before
    assert verified(at_night(month, 1)) == 13


def test_next_round_begins_anew_and_a_verification_of_all_ends_one(month):
    for number in range(NIGHTS):
        at_night(month, number)
    assert "Night 1 of 3" in at_night(month, 3) and Verification.objects.get().nights_done == 1
    with clock_at(month + timedelta(days=4)):
        assert verified(verify()) == 30
    got = Verification.objects.get()
    assert got.round_began_at is None and got.whole_began_at == month + timedelta(days=4)


def test_metrics_say_how_old_the_oldest_unverified_row_is(month):
    with clock_at(month):
        assert metric("ledger_unverified_seconds") == timedelta(days=40).total_seconds()
        assert metric("ledger_verified_seconds") is None
    for number in range(NIGHTS):
        at_night(month, number)
    with clock_at(month + timedelta(days=3)):
        assert metric("ledger_unverified_seconds") == timedelta(days=1).total_seconds()
        assert metric("ledger_verified_seconds") == timedelta(days=3).total_seconds()


def test_until_leaves_out_what_is_newer(month):
    since, until = ((month - timedelta(days=days)).isoformat() for days in (20, 10))
    assert verified(verify("--since", since, "--until", until)) == 10
    assert verified(verify("--until", until)) == 21


@pytest.mark.parametrize(
    "options",
    [("--until", "soon"), ("--since", "2026-11-02", "--until", "2026-11-01"), ("--window", "0"),
     ("--window", "3", "--since", "2026-11-01")],
)  # fmt: skip
def test_window_that_is_none_is_refused(options):
    with pytest.raises(CommandError, match="--"):
        verify(*options)


def test_hours_of_a_window_have_each_moment_once():
    began = datetime(2026, 11, 1, 0, 30, tzinfo=timezone.get_default_timezone())
    end = began + timedelta(hours=2, minutes=10)
    hours = list(Window(began, end).hours())
    assert [hour.since for hour in hours[1:]] == [hour.until for hour in hours[:-1]] and len(hours) == 3
    assert (hours[0].since, hours[-1].until) == (began, end)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such index")
def test_what_is_read_by_time_has_an_index_for_it():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING brin%'")
        found = {table: re.search(r"\((\w+)\)", definition).group(1) for table, definition in cursor.fetchall()}
    assert found == FOUND_BY_TIME
