"""manage.py verify_ledger: it finds nothing where nothing is wrong, and names each thing that is broken."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from consents.asking.request_actions import cancel_request
from consents.asking.rule_actions import set_rule
from consents.models import RuleKind, RuleSetting, StepKind
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.coverage.actions import HeartbeatReport, record_heartbeat
from disclosures.ledger.recording import record_disclosures
from disclosures.models import (
    Case,
    DeclaredCount,
    Disclosure,
    LedgerFault,
    Publication,
    ReportCount,
    Reporter,
)
from disclosures.officers.fault_actions import acknowledge_fault
from disclosures.reporters.actions import create_reporter
from privacycenter.database.triggers import trigger_name
from privacycenter.outbox.working import work_off
from tests.support.asking import ask
from tests.support.clock import clock_at
from tests.support.commands import fault, faults, verify
from tests.support.database import tamper
from tests.support.events import a_correction, a_survey_event, an_event

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
    assert "6  disclosures" in said and "2  decisions" in said and "1  conflicting reports" in said


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
    assert "was judged by a decision that is not there" in fault()


def test_decision_that_allowed_it_is_found_where_it_was_taken_out(record):
    row = Disclosure.objects.get(event_id="allowed")
    tamper("UPDATE disclosures_disclosure SET basis_id = decision_id, decision_id = NULL WHERE event_id = 'allowed'")
    assert f"{row.id}: names another decision than the one that was in force" in fault()


# --- Every fault is listed --------------------------------------------------------------------------------------------


def test_every_fault_is_listed_and_counted(record):
    tamper("UPDATE disclosures_disclosure SET ground = 3 WHERE event_id IN ('event-1', 'named')")
    tamper("UPDATE disclosures_conflict SET event = %s", json.dumps({"subject": "somebody"}))
    found = faults()
    assert sum("fingerprint" in one for one in found) == 2
    assert [one.split(":")[0] for one in found].count("conflicting reports") == 1
    assert LedgerFault.objects.count() == len(found)


def test_fault_found_again_is_kept_once(record):
    tamper("UPDATE disclosures_conflict SET event = %s", json.dumps({"subject": "somebody"}))
    assert faults() == faults()
    assert LedgerFault.objects.count() == 1


def test_acknowledged_fault_is_listed_and_alarms_no_more(record, officer):
    tamper("UPDATE disclosures_conflict SET event = %s", json.dumps({"subject": "somebody"}))
    assert len(faults()) == 1
    acknowledge_fault(fault=LedgerFault.objects.get(), reason="A restore by hand, see ticket 7", by=officer)
    said = verify()
    assert "the event was changed" in said and "A restore by hand, see ticket 7" in said
    assert "1 faults, 1 of them acknowledged." in said and "Everything" not in said


def test_acknowledged_fault_of_a_row_that_changes_again_alarms(record, officer):
    tamper("UPDATE disclosures_conflict SET event = %s", json.dumps({"subject": "somebody"}))
    faults()
    acknowledge_fault(fault=LedgerFault.objects.get(), reason="Known", by=officer)
    tamper("UPDATE disclosures_conflict SET event = %s", json.dumps({"subject": "somebody else"}))
    assert len(faults()) == 1 and LedgerFault.objects.count() == 2


def test_window_leaves_out_what_is_older(record):
    with clock_at(timezone.now() - timedelta(days=9)):
        record_disclosures(events=[an_event("old", occurred_at=timezone.now())], by=Reporter.objects.get())
    work_off()
    tamper("UPDATE disclosures_disclosure SET ground = 3 WHERE event_id = 'old'")
    assert "fingerprint" in fault()
    since = (timezone.now() - timedelta(days=7)).date().isoformat()
    said = verify("--since", since)
    assert "6  disclosures" in said and "Everything is as it was written." in said and "counts of reports" not in said
    tamper("UPDATE disclosures_disclosure SET ground = 3 WHERE event_id = 'event-1'")
    assert "fingerprint" in fault("--since", since)


@pytest.mark.parametrize("since", ["2026-11-26", "2026-11-26T09:00", "2026-11-26T09:00+09:00"])
def test_window_begins_at_a_day_or_a_moment(record, since):
    assert "Everything is as it was written." in verify("--since", since)


@pytest.mark.parametrize(
    "since", ["yesterday", "2026-13-01", "2026-11-26T99:00", "0001-01-01", "1999-12-31T23:00+09:00"]
)
def test_window_that_is_no_time_is_refused(record, since):
    with pytest.raises(CommandError, match="--since"):
        verify("--since", since)


# --- Each thing that is broken ----------------------------------------------------------------------------------------


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
    first = "(SELECT min(id) FROM disclosures_caseevent)"
    tamper(f"UPDATE disclosures_caseevent SET disclosure_id = conflict_id WHERE id = {first}")
    assert "is about a disclosure that is not there" in fault()


def test_case_that_is_not_as_its_steps_say_is_found(record):
    tamper("UPDATE disclosures_case SET is_open = %s WHERE id = (SELECT min(id) FROM disclosures_case)", False)
    assert "its steps say otherwise" in fault()


def test_disclosure_that_was_deleted_is_found_by_the_counts(record):
    tamper("DELETE FROM disclosures_disclosure WHERE event_id = 'allowed'")
    assert "says 6 disclosures, the ledger has 5" in fault()


def test_count_that_was_changed_is_found(record):
    ReportCount.objects.update(disclosure_count=7)
    assert "says 7 disclosures, the ledger has 6" in fault()


def test_count_that_was_changed_is_found_outside_of_any_transaction(world, reporter, hanako):
    record_disclosures(events=[an_event()], by=reporter)
    work_off()
    ReportCount.objects.update(disclosure_count=7)
    assert "disclosures_reportcount" in fault()


def test_declared_count_that_was_changed_is_found(record):
    DeclaredCount.objects.update(declared_count=99)
    assert "says 99 declared" in fault()


def by_hand(*statements) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


DISCLOSURES = "disclosures_disclosure"
NO_CHANGE = trigger_name(DISCLOSURES, "UPDATE")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own")


def test_trigger_that_is_missing_is_found(record):
    by_hand(f"DROP TRIGGER {NO_CHANGE}" + (f' ON "{DISCLOSURES}"' if connection.vendor == "postgresql" else ""))
    assert f"the trigger {NO_CHANGE} is missing" in fault()


@on_sqlite
@pytest.mark.parametrize(
    "instead",
    [
        f"CREATE TRIGGER {NO_CHANGE} BEFORE UPDATE ON {DISCLOSURES} BEGIN SELECT 1; END",
        f"CREATE TRIGGER {NO_CHANGE} BEFORE UPDATE ON {DISCLOSURES} WHEN OLD.flags = 0 BEGIN SELECT RAISE(ABORT, 'no'); END",
        f"CREATE TRIGGER {NO_CHANGE} BEFORE UPDATE ON disclosures_conflict BEGIN SELECT RAISE(ABORT, 'no'); END",
    ],
)
def test_trigger_that_is_only_called_so_is_found_on_sqlite(record, instead):
    by_hand(f"DROP TRIGGER {NO_CHANGE}", instead)
    assert f"the trigger {NO_CHANGE} does not do what it is there for" in fault()


@on_sqlite
def test_door_that_stands_open_is_found(record):
    by_hand("INSERT INTO privacycenter_purge_door VALUES (1)")
    assert "the door of the purge stands open" in fault()


@on_postgresql
def test_function_that_refuses_nothing_any_more_is_found(record):
    by_hand(
        "CREATE OR REPLACE FUNCTION privacycenter_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RETURN NEW; END $$"
    )
    assert f"the trigger {NO_CHANGE} does not do what it is there for" in fault()


@on_postgresql
@pytest.mark.parametrize(
    "instead",
    [
        f"CREATE TRIGGER {NO_CHANGE} AFTER UPDATE ON {DISCLOSURES} FOR EACH ROW EXECUTE FUNCTION privacycenter_refuse('x')",
        f"CREATE TRIGGER {NO_CHANGE} BEFORE UPDATE OF flags ON {DISCLOSURES} FOR EACH ROW EXECUTE FUNCTION "
        "privacycenter_refuse('append-only: rows are never changed')",
        f"CREATE TRIGGER {NO_CHANGE} BEFORE UPDATE ON {DISCLOSURES} FOR EACH ROW WHEN (OLD.flags = 0) EXECUTE FUNCTION "
        "privacycenter_refuse('append-only: rows are never changed')",
        f"CREATE TRIGGER {NO_CHANGE} BEFORE UPDATE ON {DISCLOSURES} FOR EACH ROW EXECUTE FUNCTION "
        "suppress_redundant_updates_trigger()",
    ],
)
def test_trigger_that_is_only_called_so_is_found_on_postgresql(record, instead):
    by_hand(f"DROP TRIGGER {NO_CHANGE} ON {DISCLOSURES}", instead)
    assert f"the trigger {NO_CHANGE} does not do what it is there for" in fault()


@on_postgresql
def test_time_of_retention_that_was_shortened_is_found(record):
    name = trigger_name(DISCLOSURES, "DELETE")
    by_hand(
        f"DROP TRIGGER {name} ON {DISCLOSURES}",
        f"CREATE TRIGGER {name} BEFORE DELETE ON {DISCLOSURES} FOR EACH ROW EXECUTE FUNCTION "
        "privacycenter_refuse_early('recorded_at', 'kept: rows are never deleted before their time', '1 day')",
    )
    assert f"the trigger {name} does not do what it is there for" in fault()


@on_postgresql
def test_trigger_that_is_disabled_is_found(record):
    by_hand(f"ALTER TABLE {DISCLOSURES} DISABLE TRIGGER {NO_CHANGE}")
    assert f"the trigger {NO_CHANGE} is missing" in fault()


# --- Whole rows, and sources ------------------------------------------------------------------------------------------

ONE = "fingerprint is not that of the row: one of its columns was changed"


@pytest.fixture
def everything(record, reporter, hanako, withdrawal):
    """Beside the record: a rule, a step, a cancellation and a correction."""
    set_rule(kind=RuleKind.RECIPIENT, code="minato-inn", setting=RuleSetting.REFUSE, by=hanako)
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.ACKNOWLEDGED, by=reporter)
    cancel_request(request=ask(hanako, reporter, recipient="kotori-salon"), by=reporter)
    record_disclosures(events=[a_correction(Disclosure.objects.get(event_id="event-1"))], by=reporter)
    work_off()
    assert "Everything is as it was written." in verify()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("consents_approvalrequest", "valid_days = 1"),
        ("consents_approvalrequest", "expires_at = requested_at"),
        ("consents_decision", "valid_until = decided_at"),
        ("consents_decision", "allowed_set_id = refused_set_id"),
        ("consents_decision", "language = 'en'"),
        ("consents_requestcancellation", "reporter_id = 999999"),
        ("consents_standingrule", "setting = 'off'"),
        ("consents_withdrawalstep", "kind = 4"),
        ("consents_withdrawalstep", "staff_id = 7"),
        ("disclosures_correction", "flags = 512"),
    ],
)
def test_column_that_was_changed_is_found_by_the_fingerprint_of_the_row(everything, table, change):
    tamper(f"UPDATE {table} SET {change}")
    assert any(table in one and ONE in one for one in faults())


def made_long_ago() -> None:
    """As if the migrations had been applied two days ago."""
    applied = connection.ops.adapt_datetimefield_value(timezone.now() - timedelta(days=2))
    by_hand_with("UPDATE django_migrations SET applied = %s", applied)


def by_hand_with(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "table",
    ["consents_approvalrequest", "consents_decision", "consents_requestcancellation", "consents_standingrule",
     "consents_withdrawalstep", "disclosures_correction"],
)  # fmt: skip
def test_fingerprint_that_was_taken_out_is_found_but_of_rows_of_before(everything, table):
    tamper(f"UPDATE {table} SET seal = NULL")
    assert "Everything is as it was written." in verify()
    made_long_ago()
    assert any(table in one and "has no fingerprint" in one for one in faults())


@pytest.mark.parametrize("column", ["publication", "source_id"])
def test_what_every_row_of_then_says_is_missed_where_it_was_taken_out(everything, column):
    tamper(f"UPDATE disclosures_disclosure SET {column} = NULL WHERE event_id = 'event-1'")
    # Then it may be a row of before; what the log seals it knows all the same.
    assert [one for one in faults() if "sealed" not in one] == []
    made_long_ago()
    assert any("although every row" in one for one in faults())


@pytest.mark.parametrize(
    "change", ["event_id = 'another'", "source_id = 0", "reporter_id = (SELECT max(id) FROM disclosures_reporter)"]
)
def test_row_under_another_source_reporter_or_event_is_found(everything, change):
    create_reporter(code="second", title="Second", services=["jalan"])
    for table in ("disclosures_disclosure", "disclosures_correction"):
        tamper(f"UPDATE {table} SET {change}")
    found = fault()
    assert "the id is not that of its reporter, source and event" in found or "source_id points to nothing" in found
    assert "corrections: disclosures_correction" in found


def test_text_of_a_source_that_was_changed_is_found(everything):
    tamper("UPDATE disclosures_eventsource SET text = 'https://elsewhere.example/'")
    assert "the id is not that of its reporter, source and event" in fault()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("disclosures_disclosure", "ground = 99"),
        ("disclosures_conflict", "event = '[]'"),
        ("disclosures_correction", "ground = 99"),
        ("disclosures_correction", "item_set_id = NULL"),
        ("consents_decision", "text_sha256 = ''"),
    ],
)
def test_row_with_what_is_never_written_is_a_fault_and_stops_nothing(everything, table, change):
    tamper(f"UPDATE {table} SET {change}")
    tamper("UPDATE consents_withdrawalstep SET staff_id = 7")
    found = faults()
    assert any(table in one for one in found) and any("withdrawalstep" in one for one in found)
