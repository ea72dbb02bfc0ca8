"""manage.py purge_expired: what has been kept three years goes, what is younger or still needed stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from consents.management.commands import purge_expired
from consents.models import ApprovalRequest, Decision
from disclosures.ledger.recording import record_disclosures
from disclosures.ledger.retention import purge_disclosures
from disclosures.models import Case, Conflict, Correction, Disclosure, RecordAccess, RejectedReport, ReportCount
from disclosures.officers.actions import take_case_step
from disclosures.record.actions import log_access
from privacycenter.database.purging import delete_keys, end_of_time, purge_door
from privacycenter.models import AppendOnlyError
from tests.support.asking import approve
from tests.support.clock import clock_at
from tests.support.commands import old, purge
from tests.support.events import a_correction, a_survey_event, an_event
from tests.support.log import seal_and_sign

pytestmark = pytest.mark.django_db


def record(reporter, at, name="old", make=an_event, **more):
    """One disclosure that occurred and was recorded at that time."""
    with clock_at(at):
        record_disclosures(events=[make(name, occurred_at=at, **more)], by=reporter)


def names():
    return sorted(Disclosure.objects.values_list("event_id", flat=True))


# --- The rule --------------------------------------------------------------------------------------------------------


def test_old_disclosure_goes_and_a_young_one_stays(reporter, hanako):
    record(reporter, old())
    record(reporter, timezone.now() - timedelta(days=1090), "young", recipient="kotori-salon")
    assert "1 disclosures removed" in purge()
    assert names() == ["young"]


@pytest.mark.parametrize(("second", "left"), [(0, []), (1, ["edge"])])
def test_limit_is_kept_to_the_second(reporter, hanako, second, left, monkeypatch):
    now = timezone.now()
    record(reporter, end_of_time(now) + timedelta(seconds=second), "edge")
    monkeypatch.setattr(purge_expired, "database_now", lambda: now)
    purge()
    assert names() == left


def test_leap_day_never_shortens_the_time():
    assert end_of_time(datetime(2028, 2, 29, 12, tzinfo=UTC)) == datetime(2025, 2, 28, 12, tzinfo=UTC)
    assert end_of_time(datetime(2027, 2, 28, 12, tzinfo=UTC)) < datetime(2024, 2, 29, tzinfo=UTC)


def test_later_provision_to_the_same_recipient_keeps_all(reporter, hanako):
    record(reporter, old(), "first")
    record(reporter, timezone.now() - timedelta(days=1000), "last")
    assert "1 as old are still needed" in purge()
    assert names() == ["first", "last"]


def corrected(reporter, at, name, recipient, *, found_at=None):
    """What was reported as provided to ``kotori-salon`` at that time was provided to another."""
    record(reporter, at, name, recipient="kotori-salon")
    about = Disclosure.objects.get(event_id=name)
    facts = {"recipient": recipient, "occurred_at": at}
    with clock_at(found_at or at):
        record_disclosures(events=[a_correction(about, f"c-{name}", facts, occurred_at=found_at or at)], by=reporter)


def test_later_provision_that_a_correction_tells_of_keeps_all(reporter, hanako):
    record(reporter, old(), "first", recipient="minato-inn")
    corrected(reporter, timezone.now() - timedelta(days=10), "last", "minato-inn")
    purge()
    assert names() == ["first", "last"]


def test_disclosure_that_really_was_to_another_is_kept_as_long_as_that_ones_are(reporter, hanako):
    corrected(reporter, old(), "first", "minato-inn")
    corrected(reporter, old(), "second", "komorebi-toge")
    record(reporter, timezone.now() - timedelta(days=10), "last", recipient="minato-inn")
    purge()
    assert names() == ["first", "last"]


@pytest.mark.parametrize("other", [{"recipient": "kotori-salon"}, {"subject": "subject-taro"}])
def test_later_provision_to_somebody_else_keeps_nothing(reporter, hanako, other):
    record(reporter, old(), "first")
    record(reporter, timezone.now() - timedelta(days=1), "last", **other)
    purge()
    assert names() == ["last"]


def test_disclosure_recorded_late_is_kept_from_its_recording(reporter, hanako):
    record_disclosures(events=[an_event("late", occurred_at=old(days=400))], by=reporter)
    purge()
    assert names() == ["late"]


def test_same_event_of_another_person_is_not_taken_along(reporter, hanako, taro):
    record(reporter, old(), "same")
    record(reporter, old(), "same", subject=taro.subject)
    record(reporter, timezone.now(), "newer", subject=taro.subject)
    purge()
    assert set(Disclosure.objects.values_list("event_id", "person_id")) == {("same", taro.pk), ("newer", taro.pk)}


# --- What belongs to it ----------------------------------------------------------------------------------------------


def test_conflict_goes_with_its_disclosure_and_a_younger_one_holds_it(reporter, hanako, officer):
    at, salon = old(), {"recipient": "kotori-salon"}
    with clock_at(at):
        twice = [an_event("a", occurred_at=at), an_event("a", items=("name",), occurred_at=at)]
        record_disclosures(events=[*twice, an_event("b", occurred_at=at, **salon)], by=reporter)
        for case in Case.objects.all():
            take_case_step(case=case, is_closing=True, reason="seen", by=officer)
    record_disclosures(events=[an_event("b", items=("name",), occurred_at=at, **salon)], by=reporter)
    assert "1 conflicting reports removed" in purge()
    assert (names(), Conflict.objects.count(), Case.objects.count()) == (["b"], 1, 1)


def test_open_case_holds_its_disclosure_until_three_years_after_its_last_step(reporter, hanako, officer):
    record(reporter, old(), make=a_survey_event)
    purge()
    assert names() == ["old"]
    with clock_at(old(days=1)):
        take_case_step(case=Case.objects.get(), is_closing=True, reason="seen", by=officer)
    purge()
    assert (names(), Case.objects.count()) == ([], 0)


def test_decision_stays_while_a_disclosure_names_it(reporter, hanako):
    decision = approve(reporter, hanako, old(days=100))
    record(reporter, old(days=50), "first", make=a_survey_event)
    assert hanako.disclosures.get().decision_id == decision.id
    record(reporter, timezone.now(), "last", make=a_survey_event, items=("name",))
    purge()
    assert Decision.objects.count() == 1


def test_decision_that_nothing_names_goes_with_its_request(reporter, hanako):
    approve(reporter, hanako, old(days=100))
    assert "1 decisions removed" in purge()
    assert not Decision.objects.exists() and not ApprovalRequest.objects.exists()


def test_decision_stays_three_years_after_it_ended(reporter, hanako):
    approve(reporter, hanako, old(days=100), valid_days=365)
    purge()
    assert Decision.objects.count() == ApprovalRequest.objects.count() == 1


def test_note_of_who_looked_goes_after_three_years(hanako, officer):
    with clock_at(old()):
        log_access(person=hanako, what="record", reason="x" * 10, by=officer)
    log_access(person=hanako, what="record", reason="y" * 10, by=officer)
    purge()
    assert RecordAccess.objects.get().reason.startswith("y")


# --- Reporting, repeating, interrupting ------------------------------------------------------------------------------


def test_report_counts_by_month_and_service(reporter, hanako):
    at = datetime(2022, 5, 10, 3, tzinfo=UTC)
    for number in range(3):
        record(reporter, at, f"m{number}")
    record(reporter, datetime(2022, 6, 10, 3, tzinfo=UTC), "g", service="hotpepper-gourmet")
    lines = [line.split() for line in purge().splitlines()]
    assert ["2022-05", "jalan", "3"] in lines and ["2022-06", "hotpepper-gourmet", "1"] in lines


def test_dry_run_says_the_same_and_removes_nothing(reporter, hanako):
    record(reporter, old())
    approve(reporter, hanako, old(days=100))
    said = purge("--dry-run")
    assert "1 disclosures would be removed" in said and "1 decisions would be removed" in said
    assert Disclosure.objects.count() == Decision.objects.count() == 1


def test_again_removes_nothing_more(reporter, hanako):
    record(reporter, old())
    purge()
    assert "0 disclosures removed" in purge()


def test_counts_of_reports_remember_what_was_removed(reporter, hanako):
    record(reporter, old())
    with clock_at(old()):
        seal_and_sign()
    purge()
    count = ReportCount.objects.get()
    assert (count.disclosure_count, count.removed_count) == (1, 1)


def test_interruption_keeps_what_was_done_and_says_it(reporter, hanako, monkeypatch):
    for number in range(4):
        record(reporter, old(), f"n{number}", recipient=["minato-inn", "kotori-salon"][number % 2])
    done = []

    def purge_one(*, keys, **more):
        if done:
            raise KeyboardInterrupt
        done.append(keys)
        return purge_disclosures(keys=keys[:1], **more)

    monkeypatch.setattr(purge_expired, "purge_disclosures", purge_one)
    monkeypatch.setattr(purge_expired, "old_disclosures", lambda cutoff: ([row.pk] for row in Disclosure.objects.all()))
    with pytest.raises(CommandError, match="run it again"):
        purge()
    assert Disclosure.objects.count() == 3
    monkeypatch.undo()
    purge()
    assert not Disclosure.objects.exists()


def test_second_purge_of_the_same_rows_removes_nothing(reporter, hanako):
    record(reporter, old())
    keys, cutoff = [Disclosure.objects.get().pk], end_of_time(timezone.now())
    first, second = (purge_disclosures(keys=keys, cutoff=cutoff) for _ in range(2))
    assert (first.disclosures.total(), second.disclosures.total()) == (1, 0)


# --- The door --------------------------------------------------------------------------------------------------------


def test_young_row_is_refused_by_the_database_although_the_door_is_open(reporter, hanako, disclosure):
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic(), purge_door():
        delete_keys(Disclosure, [disclosure.pk])
    assert Disclosure.objects.count() == 1


@pytest.mark.parametrize("way", ["closed again", "never opened"])
def test_old_row_is_refused_while_the_door_is_closed(reporter, hanako, way):
    record(reporter, old())
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        if way == "closed again":
            with purge_door():
                pass
        delete_keys(Disclosure, [Disclosure.objects.get().pk])


def test_door_closes_with_a_rollback(reporter, hanako):
    record(reporter, old())
    with pytest.raises(ZeroDivisionError), transaction.atomic(), purge_door():
        raise ZeroDivisionError
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        delete_keys(Disclosure, [Disclosure.objects.get().pk])


def test_old_row_is_refused_in_python_as_ever(reporter, hanako):
    record(reporter, old())
    with pytest.raises(AppendOnlyError):
        Disclosure.objects.all().delete()


def test_old_row_cannot_be_changed_through_the_door(reporter, hanako):
    record(reporter, old())
    with pytest.raises(DatabaseError), transaction.atomic(), purge_door(), connection.cursor() as cursor:
        cursor.execute("UPDATE disclosures_disclosure SET flags = 0")


# --- Corrections, and what could not be recorded ----------------------------------------------------------------------


def test_correction_goes_with_its_disclosure_and_keeps_it_while_it_is_young(reporter, hanako):
    record(reporter, old())
    record(reporter, old(), "kept", recipient="kotori-salon")
    corrected, kept = hanako.disclosures.order_by("event_id").reverse()
    with clock_at(old(5)):
        record_disclosures(events=[a_correction(corrected, "long ago", occurred_at=old(5))], by=reporter)
    record_disclosures(events=[a_correction(kept, "today")], by=reporter)
    purge()
    assert (names(), [row.event_id for row in Correction.objects.all()]) == (["kept"], ["today"])


def test_rejected_report_goes_when_no_officer_needs_it(reporter, officer, hanako):
    with clock_at(old()):
        record_disclosures(events=[an_event("closed", recipient="not-there", occurred_at=old(20))], by=reporter)
        record_disclosures(events=[an_event("open", scenario="not-there", occurred_at=old(20))], by=reporter)
    with clock_at(old(5)):
        take_case_step(case=Case.objects.earliest("pk"), is_closing=True, reason="再送を確認した", by=officer)
    assert "1 rejected reports would be removed" in purge("--dry-run")
    assert "1 rejected reports removed" in purge()
    assert [row.event["id"] for row in RejectedReport.objects.all()] == ["open"]
    assert Case.objects.count() == 1
