"""The ledger as a privacy officer would question it; the everyday cases are in test_recording.py."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from disclosures.models import Conflict, Disclosure, Flag, ReportCount
from disclosures.reporters.actions import create_reporter
from privacycenter.models import OutboxRow, User
from privacycenter.outbox.claiming import claim
from privacycenter.outbox.working import work_off, work_on
from tests.support.asking import answer, ask
from tests.support.clock import clock_at
from tests.support.events import a_survey_event, an_event, record

pytestmark = pytest.mark.django_db


def flags(reporter, event) -> Flag:
    return record(reporter, event)[0].flags


def days_ago(days):
    return timezone.now() - timedelta(days=days)


# --- The same event again ---------------------------------------------------------------------------------------------


def test_duplicate_with_a_new_time_keeps_the_first_time(reporter, disclosure):
    record(reporter, an_event(occurred_at=timezone.now()))
    assert Disclosure.objects.get().occurred_at == disclosure.occurred_at


def test_duplicate_names_the_first_disclosure(reporter, disclosure):
    assert record(reporter, an_event())[0].disclosure_id == disclosure.id


def test_duplicate_with_its_items_in_another_order_is_the_same_event(reporter, disclosure):
    assert record(reporter, an_event(items=("phone", "name", "phone")))[0].status == "duplicate"


def test_duplicate_after_a_withdrawal_keeps_the_first_judgement(reporter, hanako, decision):
    event = a_survey_event()
    record(reporter, event)
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    again = record(reporter, a_survey_event())[0]
    assert (again.status, again.flags) == ("duplicate", Flag(0))


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "komorebi-toge"},
        {"service": "hotpepper-gourmet"},
        {"scenario": "results-report"},
        {"items": ("name",)},
        {"items": ("name", "phone", "email")},
        {"ground": an_event().ground.CONTRACT},
        {"decision": "0190a6f1-0000-7000-8000-000000000000"},
    ],
)
def test_conflict_is_anything_but_another_time(reporter, disclosure, change):
    before = Disclosure.objects.values().get()
    assert record(reporter, an_event(**change))[0].status == "conflict"
    assert Disclosure.objects.values().get() == before


def test_conflicts_that_differ_are_each_kept(reporter, disclosure):
    record(reporter, an_event(items=("name",)), an_event(items=("email",)), an_event(items=("name",)))
    assert sorted(row.event["items"] for row in Conflict.objects.all()) == [["email"], ["name"]]
    assert {row.disclosure_id for row in Conflict.objects.all()} == {disclosure.id}


def test_conflict_does_not_hide_the_row_it_contradicts(reporter, disclosure):
    record(reporter, an_event(items=("name",)))
    assert record(reporter, an_event())[0].status == "duplicate"


def test_event_of_two_reporters_under_one_id_is_two_disclosures(reporter, disclosure):
    other, _secret = create_reporter(code="other", title="Other", services=["jalan"])
    assert record(other, an_event())[0].status == "created"


def test_event_of_two_sources_under_one_id_is_two_disclosures(reporter, disclosure):
    assert record(reporter, an_event(source="https://other.example/"))[0].status == "created"


def test_results_come_in_the_order_of_the_batch(reporter):
    events = [an_event(str(n), recipient="nobody" if n % 3 == 0 else "minato-inn") for n in range(10)]
    assert [(result.index, result.event_id) for result in record(reporter, *events)] == [(n, str(n)) for n in range(10)]


# --- What was allowed when it happened -------------------------------------------------------------------------------


def test_disclosure_before_the_decision_is_flagged_although_it_is_allowed_now(reporter, decision):
    before = decision.decided_at - timedelta(seconds=1)
    assert flags(reporter, a_survey_event(occurred_at=before)) == Flag.NO_DECISION


def test_disclosure_while_it_was_allowed_names_the_decision_although_it_expired_since(reporter, hanako):
    with clock_at(days_ago(30)):
        decision = answer(hanako, ask(hanako, reporter, items=("name",), valid_days=10), "name")
    assert flags(reporter, a_survey_event(occurred_at=days_ago(25))) == Flag(0)
    assert hanako.disclosures.get().decision_id == decision.id


@pytest.mark.parametrize(("moment", "expected"), [(-1, Flag(0)), (0, Flag.EXPIRED)])
def test_disclosure_at_the_very_end_of_an_approval(reporter, hanako, moment, expected):
    with clock_at(days_ago(30)):
        decision = answer(hanako, ask(hanako, reporter, items=("name",), valid_days=10), "name")
    at = decision.valid_until + timedelta(microseconds=moment)
    assert flags(reporter, a_survey_event(occurred_at=at)) == expected


def test_disclosure_after_a_newer_approval_names_the_newer_one(reporter, hanako):
    with clock_at(days_ago(30)):
        answer(hanako, ask(hanako, reporter, items=("name",), valid_days=10), "name")
    with clock_at(days_ago(5)):
        newer = answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    record(reporter, a_survey_event())
    assert hanako.disclosures.get().decision_id == newer.id


def test_disclosure_of_items_from_two_decisions_is_allowed(reporter, hanako):
    answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    answer(hanako, ask(hanako, reporter, items=("usage",)), "usage")
    assert flags(reporter, a_survey_event(items=("name", "usage"))) == Flag(0)


def test_disclosure_of_an_item_never_asked_about_is_not_called_refused(reporter, hanako):
    """The person withdrew another item and refused nothing: the record must not say so (docs/ledger.md, flag 2)."""
    allowed = answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    withdraw_decision(decision_id=allowed.id, language="ja", by=hanako)
    judged = flags(reporter, a_survey_event(items=("survey-answers",)))
    assert judged
    assert Flag.REFUSED not in judged


def test_disclosure_with_several_faults_carries_every_flag(reporter, withdrawal):
    event = a_survey_event(items=("name", "phone"), ground=an_event().ground.CONTRACT)
    assert flags(reporter, event) == Flag.WITHDRAWN | Flag.GROUND_DIFFERS | Flag.ITEMS_UNDECLARED


@pytest.mark.parametrize(
    "change",
    [{"recipient": "kotori-salon"}, {"service": "hotpepper-gourmet"}, {"subject": "subject-taro"}],
)
def test_disclosure_about_something_else_is_not_covered_by_a_decision(reporter, decision, change):
    assert flags(reporter, a_survey_event(**change)) == Flag.NO_DECISION


def test_disclosure_named_with_a_wrong_decision_is_judged_by_the_record(reporter, hanako, decision):
    record(reporter, a_survey_event(decision="0190a6f1-0000-7000-8000-000000000000"))
    assert hanako.disclosures.get().decision_id == decision.id


# --- The cost, and what follows --------------------------------------------------------------------------------------


# Savepoint, codes with the publication, the rows, work for followers, release. PostgreSQL also keeps the people from erasure.
STATEMENTS_OF_A_BATCH = 6 if connection.features.has_select_for_update else 5


def statements_of(reporter, prefix, size, people, **more):
    events = [an_event(f"{prefix}{n}", subject=people[n % len(people)], **more) for n in range(size)]
    with CaptureQueriesContext(connection) as queries:
        assert {result.status for result in record(reporter, *events)} == {"created"}
    return len(queries)


def test_number_of_statements_is_the_same_for_1_10_and_100_events(reporter, hanako, taro):
    people = [hanako.subject, taro.subject]
    record(reporter, an_event("known items"))
    assert len({statements_of(reporter, f"{size}-", size, people) for size in (1, 10, 100)}) == 1


def test_batch_of_which_everything_is_known_reads_and_writes_nothing_more(reporter, hanako):
    record(reporter, an_event("known items"))
    known = statements_of(reporter, "1-", 1, [hanako.subject])
    assert known < statements_of(reporter, "2-", 1, ["not seen before"])
    assert known < statements_of(reporter, "3-", 1, [hanako.subject], items=("email",))
    assert known < statements_of(reporter, "4-", 1, [hanako.subject], source="https://other.example/")
    assert known == STATEMENTS_OF_A_BATCH


def test_number_of_statements_for_approvals_is_the_same_for_1_10_and_100_events(reporter, decision):
    def statements(size):
        with CaptureQueriesContext(connection) as queries:
            record(reporter, *(a_survey_event(f"{size}-{n}") for n in range(size)))
        return len(queries)

    record(reporter, a_survey_event("known items"))
    assert len({statements(size) for size in (1, 10, 100)}) == 1


def test_batch_leaves_one_row_of_work_with_its_counts(reporter):
    record(reporter, an_event("1"), an_event("2"), an_event("3", service="hotpepper-gourmet"), an_event("1"))
    row = OutboxRow.objects.get(follower="coverage")
    assert sorted(count for _service, count in row.payload["counts"]) == [1, 2]


def test_batch_names_each_person_recipient_and_flags_once(hanako, reporter):
    record(reporter, an_event("1"), an_event("2"), a_survey_event("3"))
    rows = OutboxRow.objects.get(follower="notices").payload["rows"]
    assert sorted(map(tuple, rows)) == sorted(set(hanako.disclosures.values_list("person_id", "recipient_id", "flags")))
    assert len(rows) == 2


@pytest.mark.parametrize("events", [[], [an_event(recipient="nobody")]])
def test_batch_without_anything_new_leaves_no_work(reporter, events):
    record(reporter, *events)
    assert not OutboxRow.objects.exists()


def test_coverage_is_counted_once_although_a_lease_ran_out(reporter):
    record(reporter, an_event("1"), an_event("2"))
    slow = claim()
    OutboxRow.objects.update(leased_until=days_ago(1))
    fast = claim()
    work_on(fast)
    work_on(slow)
    assert ReportCount.objects.get().disclosure_count == 2


def test_coverage_adds_up_and_keeps_the_first_and_the_last_time(reporter):
    first, last = days_ago(9), days_ago(2)
    for moment, name in ((last, "b"), (first, "a"), (days_ago(5), "c")):
        with clock_at(moment):
            record(reporter, an_event(name, occurred_at=days_ago(400)))
    work_off()
    count = ReportCount.objects.get()
    assert (count.disclosure_count, count.last_reported_at) == (3, last)
    assert count.first_reported_at == first


def test_new_people_of_a_batch_are_made_once(reporter):
    record(reporter, *(an_event(str(n), subject=f"new-{n % 3}") for n in range(9)))
    assert User.objects.filter(subject__startswith="new-").count() == 3
