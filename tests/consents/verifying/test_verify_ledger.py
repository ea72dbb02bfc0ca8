"""manage.py verify_ledger: it finds nothing where nothing is wrong, and names each thing that is broken."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from disclosures.coverage.actions import HeartbeatReport, record_heartbeat
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Case, DeclaredCount, Disclosure, Publication, ReportCount
from privacycenter.database.triggers import trigger_name
from privacycenter.outbox.working import work_off
from tests.support.commands import fault, verify
from tests.support.database import tamper
from tests.support.events import a_survey_event, an_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(reporter, hanako, withdrawal, disclosure):
    """Something of everything: allowed, withdrawn, undeclared, in conflict, with a decision that was named."""
    record_disclosures(
        events=[
            a_survey_event("allowed", occurred_at=withdrawal.decided_at - timedelta(microseconds=1)),
            a_survey_event("withdrawn", occurred_at=timezone.now()),
            an_event("undeclared", items=("name", "resume")),
            an_event("named", decision="0190a6f1-0000-7000-8000-000000000000"),
            an_event(items=("name",)),
        ],
        by=reporter,
    )
    record_heartbeat(report=HeartbeatReport("jalan", timezone.now(), 5), by=reporter)
    work_off()


def test_nothing_is_found_where_nothing_is_wrong(record):
    said = verify()
    assert "Everything is as it was written." in said
    assert "5  disclosures" in said and "2  decisions" in said and "1  conflicting reports" in said


def test_nothing_is_found_in_an_empty_ledger(db):
    assert "0  disclosures" in verify()


def test_work_that_waits_is_no_fault(reporter, hanako):
    record_disclosures(events=[an_event(str(n)) for n in range(3)], by=reporter)
    record_heartbeat(report=HeartbeatReport("jalan", timezone.now(), 5), by=reporter)
    assert "3  disclosures" in verify()


@pytest.mark.parametrize(
    "change",
    [
        "recipient_id = (SELECT id FROM disclosures_recipient WHERE code = 'kotori-salon')",
        "service_id = (SELECT id FROM disclosures_service WHERE code = 'suumo')",
        "scenario_id = (SELECT id FROM disclosures_scenario WHERE code = 'results-report')",
        "item_set_id = (SELECT item_set_id FROM disclosures_disclosure WHERE event_id = 'allowed')",
        "ground = 3",
        "named_decision_id = id",
    ],
)
def test_changed_column_is_found_by_the_fingerprint(record, change):
    tamper(f"UPDATE disclosures_disclosure SET {change} WHERE event_id = 'event-1'")
    found = fault()
    assert "fingerprint" in found and str(Disclosure.objects.get(event_id="event-1").id) in found


def test_row_moved_to_another_person_is_found(record, taro):
    tamper("UPDATE disclosures_disclosure SET person_id = %s WHERE event_id = 'event-1'", taro.pk)
    assert "fingerprint" in fault()


@pytest.mark.parametrize("column", ["recipient_id", "service_id", "scenario_id", "item_set_id", "reporter_id"])
def test_reference_that_leads_nowhere_is_found(record, column):
    tamper(f"UPDATE disclosures_disclosure SET {column} = 999999 WHERE event_id = 'event-1'")
    assert f"{column} points to nothing (999999)" in fault()


def test_person_that_is_not_there_is_found(record):
    tamper("UPDATE disclosures_disclosure SET person_id = 999999 WHERE event_id = 'event-1'")
    assert "person that is not there (999999)" in fault()


def test_time_that_was_moved_forward_is_found(record):
    row = Disclosure.objects.get(event_id="event-1")
    later = connection.ops.adapt_datetimefield_value(row.recorded_at + timedelta(hours=1))
    tamper("UPDATE disclosures_disclosure SET occurred_at = %s WHERE event_id = 'event-1'", later)
    assert "before it occurred" in fault()


def test_warning_that_was_removed_is_found(record):
    tamper("UPDATE disclosures_disclosure SET flags = 0 WHERE event_id = 'withdrawn'")
    assert "flags about the approval are none; by the decisions they are withdrawn" in fault()


def test_warning_that_was_added_is_found(record):
    tamper("UPDATE disclosures_disclosure SET flags = 2 WHERE event_id = 'event-1'")
    assert "flags about the approval are refused" in fault()


def test_decision_that_was_exchanged_is_found(record):
    tamper("UPDATE disclosures_disclosure SET decision_id = id WHERE event_id = 'allowed'")
    assert "another decision" in fault()


@pytest.mark.parametrize("text", [{"changed": True}, {}])
def test_text_of_a_decision_that_was_changed_is_found(record, text):
    tamper("UPDATE consents_decision SET text = %s WHERE withdraws_id IS NULL", json.dumps(text))
    found = fault()
    assert found.startswith("decisions: consents_decision") and "text that was shown" in found


def test_withdrawal_of_nothing_is_found(record):
    tamper("DELETE FROM consents_decision WHERE withdraws_id IS NULL")
    assert "withdraws a decision that is not there" in fault()


def test_publication_that_was_changed_is_found(record):
    tamper("UPDATE disclosures_publication SET document = %s WHERE number = 1", json.dumps({"services": {}}))
    assert "disclosures_publication" in fault()


def test_publication_that_is_missing_is_found(record):
    newest = Publication.objects.newest().number
    tamper("UPDATE disclosures_publication SET number = %s WHERE number = %s", newest + 1, newest)
    assert f"the number before it is missing ({newest})" in fault()


def test_item_set_that_was_changed_is_found(record):
    codes = json.dumps(["email", "name"])
    tamper("UPDATE disclosures_itemset SET codes = %s WHERE id = (SELECT min(id) FROM disclosures_itemset)", codes)
    assert "the digest is not that of its codes" in fault()


def test_conflict_that_was_changed_is_found(record):
    tamper("UPDATE disclosures_conflict SET event = %s", json.dumps({"subject": "somebody"}))
    assert "the event was changed" in fault()


def test_case_about_nothing_is_found(record):
    assert Case.objects.exists()
    tamper("UPDATE disclosures_case SET disclosure_id = conflict_id WHERE id = (SELECT min(id) FROM disclosures_case)")
    assert "is about a disclosure that is not there" in fault()


def test_disclosure_that_was_deleted_is_found_by_the_counts(record):
    tamper("DELETE FROM disclosures_disclosure WHERE event_id = 'allowed'")
    assert "says 5 disclosures, the ledger has 4" in fault()


def test_count_that_was_changed_is_found(record):
    ReportCount.objects.update(disclosure_count=7)
    assert "says 7 disclosures, the ledger has 5" in fault()


def test_count_that_was_changed_is_found_outside_of_any_transaction(world, reporter, hanako):
    record_disclosures(events=[an_event()], by=reporter)
    work_off()
    ReportCount.objects.update(disclosure_count=7)
    assert "disclosures_reportcount" in fault()


def test_declared_count_that_was_changed_is_found(record):
    DeclaredCount.objects.update(declared_count=99)
    assert "says 99 declared" in fault()


def test_trigger_that_is_missing_is_found(record):
    name = trigger_name("disclosures_disclosure", "UPDATE")
    on = ' ON "disclosures_disclosure"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
    assert name in fault()
