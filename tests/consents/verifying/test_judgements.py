"""Flags are judged once, and proved by what they were judged by: what happens later makes no fault of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consents.asking.decision_actions import undo_answer, withdraw_decision
from disclosures.ledger.events import CLOCK_TOLERANCE
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Correction, Disclosure, Flag, Ground, Publication, Recipient, Scenario
from disclosures.publishing.actions import publish_content
from privacycenter.outbox.working import work_off
from tests.support.asking import answer, approve, ask
from tests.support.clock import clock_at
from tests.support.commands import fault, faults, verify
from tests.support.database import at_once, tamper
from tests.support.events import a_correction, a_survey_event, an_event, record
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

SURVEY = {
    "recipient": "northwind-analytics", "scenario": "survey-results", "items": ("name",), "ground": Ground.APPROVAL,
}  # fmt: skip
LONG_AGO = timedelta(days=1)


def survey(reporter, event_id="survey-1", **more) -> Disclosure:
    record(reporter, a_survey_event(event_id, **more))
    work_off()
    return Disclosure.objects.get(event_id=event_id)


def nothing_is_found() -> bool:
    return "Everything is as it was written." in verify()


# --- What is stored ---------------------------------------------------------------------------------------------------


def test_row_names_the_publication_and_the_decision_that_allowed_it(reporter, decision):
    row = survey(reporter)
    newest = Publication.objects.newest().number
    assert (row.flags, row.publication, row.decision_id, row.basis_id) == (0, newest, decision.id, None)


def test_flagged_row_names_the_decision_that_it_was_flagged_by(reporter, withdrawal):
    row = survey(reporter)
    assert (row.flags, row.decision_id, row.basis_id) == (Flag.WITHDRAWN, None, withdrawal.id)


def test_row_names_the_newest_decision_beside_the_one_that_allowed_it(reporter, hanako, decision):
    other = answer(hanako, ask(hanako, reporter, items=("usage",)))
    row = survey(reporter)
    assert (row.flags, row.decision_id, row.basis_id) == (0, decision.id, other.id)
    assert nothing_is_found()


def test_row_without_any_decision_names_none(reporter):
    row = survey(reporter)
    assert (row.flags, row.decision_id, row.basis_id) == (Flag.NO_DECISION, None, None)
    assert nothing_is_found()


def test_row_that_needs_no_approval_names_the_publication_alone(disclosure):
    assert (disclosure.publication, disclosure.basis_id) == (Publication.objects.newest().number, None)


def test_correction_names_what_its_facts_were_judged_by(reporter, disclosure, withdrawal):
    record(reporter, a_correction(disclosure, facts={**SURVEY, "occurred_at": timezone.now()}))
    kept = Correction.objects.get()
    assert (kept.flags, kept.basis_id) == (Flag.WITHDRAWN, withdrawal.id)
    assert kept.publication == Publication.objects.newest().number
    record(reporter, a_correction(disclosure, "retraction", facts=False))
    assert Correction.objects.get(event_id="retraction").publication is None


# --- What comes later is no fault -------------------------------------------------------------------------------------


def test_withdrawal_before_the_time_of_a_report_whose_clock_is_ahead_is_no_fault(reporter, hanako, decision):
    row = survey(reporter, occurred_at=timezone.now() + timedelta(minutes=1))
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    assert (row.flags, row.decision_id) == (0, decision.id)
    assert nothing_is_found()


def test_the_same_in_a_row_of_the_version_before_is_no_fault(reporter, hanako, decision):
    survey(reporter, occurred_at=timezone.now() + timedelta(minutes=1))
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    survey(reporter, "survey-2", occurred_at=timezone.now())
    tamper("UPDATE disclosures_disclosure SET publication = NULL, basis_id = NULL")
    assert [one for one in faults() if "sealed" not in one] == []
    tamper("UPDATE disclosures_disclosure SET flags = 0 WHERE event_id = 'survey-2'")
    assert any("flags about the approval are none; by the decisions they are withdrawn" in one for one in faults())


@pytest.mark.concurrency
@pytest.mark.parametrize("first", ["report", "withdrawal"])
def test_report_and_withdrawal_at_the_same_moment_are_no_fault(world, reporter, first):
    """One after the other, whichever comes first, and the row says which it was."""
    people = [make_user(f"twin-{n}") for n in range(6)]
    given = {person: answer(person, ask(person, reporter), "name", "usage") for person in people}
    ahead = timezone.now() + timedelta(seconds=30)
    events = [a_survey_event(p.subject, subject=p.subject, occurred_at=ahead) for p in people]

    def report():
        return record_disclosures(events=events, by=reporter)

    def withdraw():
        return [withdraw_decision(decision_id=one.id, language="ja", by=person) for person, one in given.items()]

    done = at_once(*((report, withdraw) if first == "report" else (withdraw, report)))
    assert [type(one) for one in done] == [list, list]
    for row in Disclosure.objects.all():
        last = row.person.decisions.newest_first().first()
        assert (row.flags, row.basis_id or row.decision_id) in [
            (0, given[row.person].id), (Flag.WITHDRAWN, last.id),
        ]  # fmt: skip
    work_off()
    assert nothing_is_found()


def test_undoing_and_new_answers_later_are_no_fault(reporter, hanako, open_request):
    first = answer(hanako, open_request, "name")
    survey(reporter, occurred_at=timezone.now() + timedelta(minutes=2))
    undo_answer(decision_id=first.id, language="ja", by=hanako)
    survey(reporter, "survey-2", occurred_at=timezone.now() + timedelta(minutes=2))
    answer(hanako, open_request)
    survey(reporter, "survey-3", occurred_at=timezone.now() + timedelta(minutes=2))
    rows = Disclosure.objects.order_by("event_id")
    assert [row.flags for row in rows] == [0, Flag.NO_DECISION, Flag.REFUSED]
    assert nothing_is_found()


def test_publication_later_is_no_fault(reporter, editor, decision):
    survey(reporter)
    record(reporter, an_event("undeclared", items=("name", "resume")))
    Scenario.objects.get(code="survey-results").scenario_items.filter(item__code="name").delete()
    Scenario.objects.filter(code="survey-results").update(ground=Ground.LEGAL)
    publish_content(by=editor, reason={"ja": "目的を改めたため", "en": "The purpose changed"})
    survey(reporter, "survey-2")
    assert Disclosure.objects.get(event_id="survey-2").flags == Flag.GROUND_DIFFERS | Flag.ITEMS_UNDECLARED
    assert nothing_is_found()


def test_retiring_later_is_no_fault(reporter, decision):
    survey(reporter)
    Recipient.objects.filter(code="northwind-analytics").update(retired_at=timezone.now())
    survey(reporter, "survey-2")
    assert nothing_is_found()


# --- What does not follow is found ------------------------------------------------------------------------------------


@pytest.fixture
def long_ago(reporter, hanako):
    """Approved, then withdrawn a day ago; the withdrawal."""
    given = approve(reporter, hanako, timezone.now() - 2 * LONG_AGO)
    with clock_at(timezone.now() - LONG_AGO):
        return withdraw_decision(decision_id=given.id, language="ja", by=hanako)


def test_row_changed_to_have_been_judged_before_a_withdrawal_is_found(reporter, long_ago):
    row = survey(reporter)
    assert row.flags == Flag.WITHDRAWN
    tamper("UPDATE disclosures_disclosure SET flags = 0, basis_id = NULL, decision_id = %s", key(long_ago.withdraws_id))
    assert f"judged without a decision that had been made long before ({long_ago.id})" in fault()


def test_row_changed_to_know_of_no_decision_is_found(reporter, long_ago):
    survey(reporter)
    tamper("UPDATE disclosures_disclosure SET flags = 1, basis_id = NULL")
    assert "judged without a decision" in fault()


def test_decision_of_somebody_else_as_a_basis_is_found(reporter, taro, long_ago):
    other = answer(taro, ask(taro, reporter), "name")
    survey(reporter)
    tamper("UPDATE disclosures_disclosure SET basis_id = %s", key(other.id))
    assert "judged by a decision that is not there" in fault()


def test_decision_made_after_the_disclosure_as_a_basis_is_found(reporter, hanako, long_ago):
    survey(reporter, occurred_at=timezone.now() - timedelta(hours=1))
    later = answer(hanako, ask(hanako, reporter, items=("survey-answers",)))
    tamper("UPDATE disclosures_disclosure SET basis_id = %s", key(later.id))
    assert "not about this, or later" in fault()


def test_warning_about_the_publication_that_was_removed_is_found(reporter):
    record(reporter, an_event("undeclared", items=("name", "resume")))
    work_off()
    tamper("UPDATE disclosures_disclosure SET flags = 0")
    assert "flags about the publication are none; by publication 1 they are items_undeclared" in fault()


def test_warning_about_the_publication_that_was_added_is_found(disclosure):
    tamper("UPDATE disclosures_disclosure SET flags = 128")
    assert "recipient_undeclared; by publication 1 they are none" in fault()


def test_need_of_an_approval_that_was_removed_is_found(reporter):
    survey(reporter)
    tamper("UPDATE disclosures_disclosure SET flags = 0")
    assert "was not judged by the person's decisions, against publication 1" in fault()


def test_publication_that_is_not_there_is_found(disclosure):
    tamper("UPDATE disclosures_disclosure SET publication = 99")
    assert "by a publication that is not there (99)" in fault()


def test_flags_of_a_correction_that_were_changed_are_found(reporter, disclosure, long_ago):
    record(reporter, a_correction(disclosure, facts={**SURVEY, "occurred_at": timezone.now()}))
    work_off()
    assert nothing_is_found()
    tamper("UPDATE disclosures_correction SET flags = 0, decision_id = NULL, basis_id = NULL")
    assert faults()[0].startswith("corrections: disclosures_correction")


def test_clocks_may_differ_by_no_more_than_the_tolerance(reporter, hanako):
    given = approve(reporter, hanako, timezone.now() - LONG_AGO)
    row = survey(reporter, occurred_at=timezone.now() + timedelta(minutes=1))
    with clock_at(row.recorded_at - CLOCK_TOLERANCE + timedelta(seconds=1)):  # another machine's
        withdraw_decision(decision_id=given.id, language="ja", by=hanako)
    work_off()
    assert nothing_is_found()


def key(id) -> str:
    from django.db import connection, models

    return models.UUIDField().get_db_prep_value(id, connection)
