"""What follows a withdrawal: told, acknowledged, deleted or kept, by webhook, by the API and by hand."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.asking.topics import AboutDecision
from consents.feed.followers import append_withdrawn, note_delivery
from consents.models import StepKind, WithdrawalCase
from consents.models.public_ids import public_id
from consents.webhooks.topics import WebhookDelivered
from consents.withdrawals.actions import take_withdrawal_step
from consents.withdrawals.queries import withdrawal_list
from disclosures.models import RecordAccess, WithholdingGround
from disclosures.officers.withholding_actions import withhold_disclosure
from disclosures.reporters.actions import create_reporter
from privacycenter.errors import StepTooLate
from privacycenter.outbox.working import work_off
from tests.support.api import Api
from tests.support.asking import answer, ask
from tests.support.clock import clock_at
from tests.support.events import a_survey_event, an_event, record
from tests.support.html import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_ago(hanako, reporter):
    """hanako withdrew 15 days ago, and nothing followed. Name it before newer decisions: later means later."""
    with clock_at(timezone.now() - timedelta(days=15)):
        given = answer(hanako, ask(hanako, reporter, recipient="minato-inn"), "name")
        record(reporter, a_survey_event("long-ago", recipient="minato-inn"))
        return withdraw_decision(decision_id=given.id, language="ja", by=hanako)


def case_of(withdrawal):
    return WithdrawalCase.objects.get(whose=withdrawal.person_id, withdrawal_id=withdrawal.id)


def report(api, withdrawal, **body):
    return api.post(f"/withdrawal-cases/{public_id(withdrawal)}/steps", body)


def delivered(withdrawal, reporter, type="decision.withdrawn"):
    note_delivery(
        WebhookDelivered(person=withdrawal.person_id, decision=withdrawal.id, reporter=reporter.pk, type=type)
    )


def kinds(person):
    return [step.step.code for step in person.withdrawal_steps.order_by("kind")]


def test_withdrawal_opens_a_case_that_the_person_follows(as_hanako, decision, withdrawal):
    assert case_of(withdrawal).due_at == withdrawal.decided_at + timedelta(days=14)
    for one in (decision, withdrawal):
        assert read(as_hanako.get(f"/my/decisions/{one.id}/")).one("main").one(id="case")


def test_delivered_webhook_is_the_step_told_once(hanako, withdrawal, reporter):
    delivered(withdrawal, reporter)
    delivered(withdrawal, reporter)
    assert kinds(hanako) == ["told"]


def test_other_deliveries_are_no_step(hanako, decision, withdrawal, reporter):
    delivered(withdrawal, reporter, "decision.made")
    delivered(decision, reporter)
    assert kinds(hanako) == []


def test_delivery_after_a_later_step_changes_nothing(hanako, withdrawal, reporter):
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.DELETED, by=reporter)
    delivered(withdrawal, reporter)
    assert kinds(hanako) == ["deleted"]


def test_service_reports_what_the_recipient_did(api, hanako, as_hanako, withdrawal):
    assert report(api, withdrawal, step="acknowledged").status_code == 201
    kept = report(api, withdrawal, step="kept", reason={"ja": "税法の定めです。", "en": "Tax law."})
    assert (kept.status_code, kept.json()["state"]) == (201, "kept")
    assert "税法の定めです。" in as_hanako.get(f"/my/decisions/{withdrawal.id}/").content.decode()
    assert "Tax law." in as_hanako.get(f"/en/my/decisions/{withdrawal.id}/").content.decode()
    assert not WithdrawalCase.objects.open().exists()


def test_what_is_kept_can_be_deleted_later(api, hanako, withdrawal):
    report(api, withdrawal, step="kept", reason="期限まで")
    assert report(api, withdrawal, step="deleted").json()["state"] == "deleted"
    assert kinds(hanako) == ["kept", "deleted"]


def test_same_step_again_is_answered_and_kept_once(api, hanako, withdrawal):
    assert [report(api, withdrawal, step="deleted").status_code for _ in range(2)] == [201, 200]
    assert kinds(hanako) == ["deleted"]


def test_same_step_with_another_reason_is_a_conflict_and_the_first_stays(api, hanako, as_hanako, withdrawal):
    report(api, withdrawal, step="kept", reason="税法の定めです。")
    answer = report(api, withdrawal, step="kept", reason="別の理由です。")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:privacycenter:problem:step-differs")
    page = as_hanako.get(f"/my/decisions/{withdrawal.id}/").content.decode()
    assert "税法の定めです。" in page and "別の理由です。" not in page


def test_step_back_is_a_conflict(api, hanako, withdrawal):
    report(api, withdrawal, step="deleted")
    answer = report(api, withdrawal, step="acknowledged")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:privacycenter:problem:step-too-late")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "step"), ({"step": "told"}, "step"), ({"step": "kept"}, "reason"),
        ({"step": "deleted", "reason": "x"}, "reason"), ({"step": "kept", "reason": "x" * 501}, "reason.ja"),
        ({"step": "kept", "reason": {"en": "x"}}, "reason.ja"), ({"step": "kept", "reason": "\u2800"}, "reason.ja"), ({"step": "deleted", "steps": 1}, "steps"),
    ],
)  # fmt: skip
def test_wrong_report_is_refused(api, hanako, withdrawal, body, field):
    refused = report(api, withdrawal, **body)
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert kinds(hanako) == []


def test_case_of_another_service_or_none_is_not_found(api, decision, withdrawal):
    other, other.secret = create_reporter(code="homes", title="Homes", services=["suumo"])
    assert report(Api(other), withdrawal, step="deleted").status_code == 404
    assert report(api, decision, step="deleted").status_code == 404
    assert api.get(f"/withdrawal-cases/{public_id(withdrawal)}").json()["state"] == "opened"
    assert api.get("/withdrawal-cases/nonsense").status_code == 404


def test_feed_names_the_case(hanako, withdrawal, api):
    append_withdrawn(AboutDecision(person=hanako.pk, decision=withdrawal.id))
    event = api.get("/decisions").json()["data"][-1]
    assert event["case"] == public_id(withdrawal)


def test_page_says_who_asks_whom_and_until_when_an_answer_is_expected(as_hanako, withdrawal):
    text = read(as_hanako.get(f"/en/my/decisions/{withdrawal.id}/")).one("main").all("ol", cls="steps")[0].text
    assert " asks " in text and "We expect its answer by " in text and "No such answer has been reported yet." in text
    assert "should" not in text


def test_withdrawn_answer_leads_to_what_came_later_with_a_warning(hanako, as_hanako, decision, withdrawal, reporter):
    record(reporter, a_survey_event("after-the-withdrawal", occurred_at=timezone.now()))
    late = hanako.disclosures.get(event_id="after-the-withdrawal")
    for one in (decision, withdrawal):
        links = [link["href"] for link in read(as_hanako.get(f"/my/decisions/{one.id}/")).one("main").all("a")]
        (address,) = [link for link in links if "flagged=on" in link]
        listed = [link["href"] for link in read(as_hanako.get(address)).one("main").all("a")]
        assert f"/my/disclosures/{late.id}/" in listed


def test_overdue_case_says_so_to_the_person(as_hanako, long_ago, withdrawal):
    for one, alerts in ((withdrawal, 0), (long_ago, 1)):
        assert len(read(as_hanako.get(f"/my/decisions/{one.id}/")).one("main").all(cls="alert")) == alerts


# --- At the desk -----------------------------------------------------------------------------------------------------


def test_officer_takes_steps_by_hand(as_officer, officer, hanako, withdrawal):
    path = f"/admin/withdrawals/{case_of(withdrawal).pk}/"
    assert as_officer.post(path, {"step": "kept", "reason_ja": "契約の記録のため"}).status_code == 302
    step = hanako.withdrawal_steps.get()
    assert (step.step.code, step.staff_id, step.reason) == ("kept", officer.pk, {"ja": "契約の記録のため"})


@pytest.mark.parametrize("body", [{}, {"step": "x"}, {"step": "kept"}, {"step": "deleted", "reason_ja": "x"}])
def test_wrong_step_by_hand_is_an_error_on_the_page(as_officer, hanako, withdrawal, body):
    assert as_officer.post(f"/admin/withdrawals/{case_of(withdrawal).pk}/", body).status_code == 422
    assert kinds(hanako) == []


def test_opening_a_case_is_written_down(as_officer, hanako, withdrawal):
    as_officer.get(f"/admin/withdrawals/{case_of(withdrawal).pk}/")
    assert RecordAccess.objects.get(person=hanako).what == "withdrawal"


def test_column_of_the_time_is_not_headed_like_a_state(as_officer, withdrawal):
    text = read(as_officer.get("/admin/withdrawals/")).one("main").text
    assert "取り消した日時" in text and "取り消しました" not in text


def test_list_shows_the_longest_overdue_first(as_officer, long_ago, withdrawal):
    page = as_officer.get("/admin/withdrawals/").content.decode()
    old, new = (page.index(f"/admin/withdrawals/{case_of(one).pk}/") for one in (long_ago, withdrawal))
    assert old < new
    assert page.count("期限切れ") == 1


def test_list_shows_the_open_ones_and_names_no_person(as_officer, hanako, withdrawal):
    page = as_officer.get("/admin/withdrawals/").content.decode()
    assert f"/admin/withdrawals/{case_of(withdrawal).pk}/" in page and hanako.subject not in page
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.DELETED, by=hanako)
    link = f"/admin/withdrawals/{case_of(withdrawal).pk}/"
    assert link not in as_officer.get("/admin/withdrawals/").content.decode()
    assert link in as_officer.get("/admin/withdrawals/?state=closed").content.decode()


def test_cost_of_the_list_is_constant(hanako, long_ago, withdrawal):
    costs = []
    for is_open in (True, True):
        with CaptureQueriesContext(connection) as captured:
            assert len(withdrawal_list(is_open).object_list) == 2
        costs.append(len(captured))
    assert costs == [3, 3]


def test_steps_are_refused_backwards(withdrawal, reporter):
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.ACKNOWLEDGED, by=reporter)
    with pytest.raises(StepTooLate):
        take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.TOLD, by=reporter)


# --- Where nothing was reported --------------------------------------------------------------------------------------


@pytest.fixture
def unreported(hanako, decision):
    """A withdrawal of an approval under which nothing was reported."""
    return withdraw_decision(decision_id=decision.id, language="ja", by=hanako)


def late(reporter, withdrawal, apart):
    record(reporter, a_survey_event("late", occurred_at=withdrawal.decided_at + apart))
    work_off()


def test_withdrawal_under_which_nothing_was_reported_opens_no_case_and_says_so(api, as_hanako, decision, unreported):
    assert not WithdrawalCase.objects.exists()
    for one in (decision, unreported):
        page = read(as_hanako.get(f"/my/decisions/{one.id}/"))
        assert "提供したという記録が" in page.text and not page.all(id="case")
    state = api.get(f"/withdrawal-cases/{public_id(unreported)}").json()
    assert (state["state"], state["due_at"], state["steps"]) == ("nothing_reported", None, [])


@pytest.mark.parametrize("step", ["acknowledged", "deleted"])
def test_step_of_it_is_refused_until_a_report_of_before_arrives(api, hanako, unreported, reporter, step):
    refused = report(api, unreported, step=step)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:privacycenter:problem:nothing-reported")
    assert not WithdrawalCase.objects.exists() and not kinds(hanako)
    record(reporter, a_survey_event("late", occurred_at=unreported.decided_at))
    # The follower has not been there yet.
    assert (report(api, unreported, step=step).status_code, kinds(hanako)) == (201, [step])
    assert case_of(unreported).due_at > unreported.decided_at + timedelta(days=14)


def test_step_about_what_the_law_keeps_from_the_person_is_refused_like_it(api, hanako, unreported, reporter, officer):
    record(reporter, a_survey_event("early", occurred_at=unreported.decided_at))
    withhold_disclosure(
        disclosure=hanako.disclosures.get(),
        ground=WithholdingGround.CRIME,
        until=timezone.now() + timedelta(days=1),
        reason="照会があったため",
        by=officer,
    )
    assert report(api, unreported, step="deleted").json()["type"].endswith(":nothing-reported")
    assert not WithdrawalCase.objects.exists() and not kinds(hanako)


def test_delivery_about_it_opens_no_case(unreported, reporter):
    delivered(unreported, reporter)
    assert not WithdrawalCase.objects.exists()


def test_late_report_of_before_the_withdrawal_opens_the_case(as_hanako, unreported, reporter):
    late(reporter, unreported, timedelta())
    assert case_of(unreported).due_at > unreported.decided_at + timedelta(days=14)
    assert read(as_hanako.get(f"/my/decisions/{unreported.id}/")).all(id="case")


def test_report_of_after_the_withdrawal_opens_no_case(unreported, reporter):
    late(reporter, unreported, timedelta(microseconds=1))
    assert not WithdrawalCase.objects.exists()


def test_late_report_in_another_scenario_opens_no_case(unreported, reporter):
    record(reporter, an_event("late", recipient="northwind-analytics", occurred_at=unreported.decided_at))
    work_off()
    assert not WithdrawalCase.objects.exists()
