"""manage.py purge_expired: what followed an answer, what people were told and chose, what services were told."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.asking.idempotency import KEPT
from consents.asking.request_actions import cancel_request
from consents.asking.rule_actions import set_rule
from consents.feed.followers import Told, append
from consents.management.commands import purge_expired
from consents.models import (
    ApprovalRequest,
    Decision,
    DeliveryState,
    Export,
    Feed,
    FeedEntry,
    FiledRequest,
    IdempotencyKey,
    Mailing,
    Notice,
    NoticeKind,
    NoticeReading,
    Preference,
    RequestCancellation,
    RuleKind,
    RuleSetting,
    StandingRule,
    StepKind,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WithdrawalCase,
    WithdrawalClosure,
    WithdrawalStep,
)
from consents.notices.actions import choose_preference, mark_read
from consents.webhooks.retention import FED_FOR, ended, purge_deliveries
from consents.withdrawals.actions import open_withdrawal_case, take_withdrawal_step
from disclosures.inquiries.actions import take_step
from disclosures.models import Inquiry, InquiryKind, InquiryStanding, InquiryStatus, InquiryStep
from privacycenter.database.purging import delete_rows, end_of_time, purge_door
from tests.support.asking import approve, ask
from tests.support.clock import clock_at
from tests.support.commands import old, purge
from tests.support.inquiries import filed

pytestmark = pytest.mark.django_db

ALL_OF_A_WITHDRAWAL = (Decision, ApprovalRequest, FiledRequest, WithdrawalStep, WithdrawalCase, WithdrawalClosure)


@pytest.fixture
def now(monkeypatch):
    """The moment of the purge, by the database's clock."""
    moment = timezone.now()
    monkeypatch.setattr(purge_expired, "database_now", lambda: moment)
    return moment


def left(*models):
    return [model._default_manager.count() for model in models]


# --- With a request --------------------------------------------------------------------------------------------------


def withdraw(reporter, hanako, kind=None, step_at=None):
    """hanako allowed and withdrew more than three years ago; perhaps a step followed."""
    given = approve(reporter, hanako, old(days=200))
    with clock_at(old(days=150)):
        withdrawal = withdraw_decision(decision_id=given.id, language="ja", by=hanako)
        open_withdrawal_case(withdrawal=withdrawal)
    if kind:
        with clock_at(step_at or old(days=100)):
            take_withdrawal_step(withdrawal=withdrawal, kind=kind, by=reporter)
    return withdrawal


def test_closed_withdrawal_goes_whole(reporter, hanako):
    withdraw(reporter, hanako, StepKind.DELETED)
    said = purge()
    assert "1 steps after withdrawals removed" in said and "1 withdrawal cases removed" in said
    assert left(*ALL_OF_A_WITHDRAWAL) == [0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("kind", [None, StepKind.TOLD])
def test_withdrawal_stays_while_its_case_is_open(reporter, hanako, kind):
    withdraw(reporter, hanako, kind)
    purge()
    assert left(Decision, ApprovalRequest, WithdrawalCase) == [2, 1, 1]


@pytest.mark.parametrize(("second", "count"), [(0, 0), (1, 2)])
def test_withdrawal_stays_three_years_after_its_last_step(reporter, hanako, now, second, count):
    withdraw(reporter, hanako, StepKind.DELETED, end_of_time(now) + timedelta(seconds=second))
    purge()
    assert left(Decision, WithdrawalStep) == [count, count // 2]


def test_withdrawal_of_another_person_is_not_taken_along(reporter, hanako, taro):
    withdraw(reporter, hanako, StepKind.DELETED)
    withdraw(reporter, taro)
    purge()
    assert set(WithdrawalCase.objects.values_list("whose_id", flat=True)) == {taro.pk}
    assert set(FiledRequest.objects.values_list("whose", flat=True)) == {taro.pk}


@pytest.mark.parametrize(("second", "count"), [(0, 0), (1, 1)])
def test_cancelled_request_stays_three_years_after_that(reporter, hanako, now, second, count):
    at = end_of_time(now)
    with clock_at(at - timedelta(days=15)):
        request = ask(hanako, reporter, days=15)
    with clock_at(at - timedelta(seconds=1)):
        cancel_request(request=request, by=reporter)
    row = RequestCancellation.objects.values().get()
    with purge_door():
        delete_rows(RequestCancellation.objects.all())
    RequestCancellation.objects.create(**{**row, "cancelled_at": at + timedelta(seconds=second)})
    purge()
    assert left(RequestCancellation, ApprovalRequest, FiledRequest) == [count, count, count]


def test_dry_run_counts_what_followed_and_removes_nothing(reporter, hanako):
    withdraw(reporter, hanako, StepKind.DELETED)
    assert "1 steps after withdrawals would be removed" in purge("--dry-run")
    assert left(*ALL_OF_A_WITHDRAWAL) == [2, 1, 1, 1, 1, 1]


# --- What people wrote -----------------------------------------------------------------------------------------------


def inquiry(status, at, officer):
    with clock_at(old(500)):
        made = filed(InquiryKind.QUESTION, email=f"{status}@example.jp")
    with clock_at(at):
        take_step(inquiry=made, status=status, message="お答えします。", by=officer)
    return made


@pytest.mark.parametrize(("second", "count"), [(0, 0), (1, 1)])
def test_request_to_the_operator_stays_three_years_after_its_last_step(officer, now, second, count):
    inquiry(InquiryStatus.ANSWERED, end_of_time(now) + timedelta(seconds=second), officer)
    purge()
    assert left(Inquiry, InquiryStep, InquiryStanding) == [count, count, count]


def test_request_to_the_operator_that_waits_never_goes(officer):
    with clock_at(old(500)):
        waiting = [filed(InquiryKind.STOP), inquiry(InquiryStatus.IN_PROGRESS, old(400), officer)]
    inquiry(InquiryStatus.DECLINED, old(400), officer)
    assert "1 requests to the operator removed" in purge()
    assert list(Inquiry.objects.order_by("pk")) == waiting


# --- What people were told and chose ---------------------------------------------------------------------------------


def notice(hanako, at, number=1):
    return Notice.objects.create(person=hanako, id=UUID(int=number), kind=NoticeKind.FLAGGED, noticed_at=at)


@pytest.mark.parametrize(("second", "count"), [(0, 0), (1, 1)])
def test_notice_and_mailing_stay_for_three_years(hanako, now, second, count):
    at = end_of_time(now) + timedelta(seconds=second)
    notice(hanako, at)
    Mailing.objects.create(person=hanako, id=UUID(int=1), notice_count=1, sent_at=at)
    Export.objects.create(person=hanako, id=UUID(int=1), format="csv", language="ja", requested_at=at)
    purge()
    assert left(Notice, Mailing, Export) == [count, count, count]


def test_notice_goes_with_its_read_mark_and_one_that_was_read_lately_stays(hanako, taro):
    read_then, read_now = notice(hanako, old(20), 1), notice(taro, old(20), 1)
    with clock_at(old(10)):
        mark_read(ids=[read_then.id], by=hanako)
    mark_read(ids=[read_now.id], by=taro)
    assert "1 notices removed" in purge()
    assert [row.person_id for row in Notice.objects.all()] == [taro.pk]
    assert [row.person_id for row in NoticeReading.objects.all()] == [taro.pk]


@pytest.mark.parametrize(("second", "count"), [(0, 1), (1, 2)])
def test_former_choice_of_mails_stays_three_years_after_the_next_one(hanako, now, second, count):
    for at, frequency in ((old(300), "weekly"), (end_of_time(now) + timedelta(seconds=second), "never")):
        with clock_at(at):
            choose_preference(frequency=frequency, by=hanako)
    purge()
    assert Preference.objects.count() == count
    assert hanako.preferences.newest_first().first().frequency == "never"


def rules(hanako, *settings_at):
    for at, setting in settings_at:
        with clock_at(at):
            set_rule(kind=RuleKind.ABROAD, code="", setting=setting, by=hanako)


@pytest.mark.parametrize(("second", "versions"), [(0, [2]), (1, [1, 2])])
def test_former_version_of_a_rule_stays_three_years_after_the_next_one(hanako, now, second, versions):
    ended_at = end_of_time(now) + timedelta(seconds=second)
    rules(hanako, (old(300), RuleSetting.REFUSE), (ended_at, RuleSetting.OFF))
    purge()
    assert sorted(StandingRule.objects.values_list("version", flat=True)) == versions


def test_version_that_an_answer_names_stays_with_the_answer(hanako, reporter):
    rules(hanako, (old(300), RuleSetting.REFUSE))
    ask(hanako, reporter)
    rules(hanako, (old(200), RuleSetting.OFF))
    purge()
    assert StandingRule.objects.filter(id=hanako.decisions.get().rule_id).exists()


def test_rule_in_force_never_goes(hanako):
    rules(hanako, (old(300), RuleSetting.REFUSE))
    purge()
    assert StandingRule.objects.count() == 1


# --- What services were told -----------------------------------------------------------------------------------------


@pytest.fixture
def endpoint(reporter):
    return WebhookEndpoint.objects.create(
        reporter=reporter, url="https://hooks.example/", event_types=["decision.made"]
    )


def append_one(reporter, name, at):
    about = Decision(person_id=1, service=reporter.services.get(code="jalan"))
    append(Told(Feed.DECISIONS, about.person_id, about.service_id, name, at), {"type": "decision.made"})


def deliver(endpoint, name, at, state=DeliveryState.DELIVERED):
    """One event that happened, was tried and ended then."""
    append_one(endpoint.reporter, name, at)
    delivery = WebhookDelivery.objects.get(entry__source=name)
    is_over = state != DeliveryState.WAITING
    WebhookDelivery.objects.filter(pk=delivery.pk).update(state=state, ended_at=at if is_over else None)
    WebhookAttempt.objects.create(delivery=delivery, attempted_at=at, status=200, duration_ms=1)
    return delivery


def fed():
    return list(FeedEntry.objects.order_by("number").values_list("source", flat=True))


@pytest.mark.parametrize(("second", "count"), [(0, 1), (1, 2)])
def test_feed_and_deliveries_reach_back_ninety_days(endpoint, now, second, count):
    deliver(endpoint, "edge", now - FED_FOR + timedelta(seconds=second))
    deliver(endpoint, "newest", now)
    purge()
    assert left(FeedEntry, WebhookDelivery, WebhookAttempt) == [count, count, count]


def test_numbers_of_a_feed_go_on_after_everything_was_removed(endpoint, reporter):
    for name in ("a", "b"):
        deliver(endpoint, name, timezone.now() - timedelta(days=200))
    assert "1 entries of feeds removed" in purge()
    append_one(reporter, "c", timezone.now())
    assert list(FeedEntry.objects.order_by("number").values_list("number", "source")) == [(2, "b"), (3, "c")]


def test_delivery_that_waits_stays_with_its_entry(endpoint):
    long_ago = timezone.now() - timedelta(days=200)
    for name, state in (("held", "held"), ("waiting", "waiting"), ("newest", "given_up")):
        deliver(endpoint, name, long_ago, DeliveryState(state))
    purge()
    assert fed() == ["waiting", "newest"]
    assert [one.state for one in WebhookDelivery.objects.all()] == ["waiting"]


def test_delivery_that_was_tried_again_lately_stays(endpoint):
    delivery = deliver(endpoint, "a", timezone.now() - timedelta(days=200))
    WebhookAttempt.objects.create(delivery=delivery, attempted_at=timezone.now(), status=200, duration_ms=1)
    purge()
    assert left(WebhookDelivery, WebhookAttempt) == [1, 2]


def test_delivery_that_was_begun_again_meanwhile_stays(endpoint):
    now = timezone.now()
    delivery = deliver(endpoint, "a", now - timedelta(days=200))
    ids = list(ended(now - FED_FOR).values_list("pk", flat=True))
    WebhookDelivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.WAITING, ended_at=None)
    assert (ids, purge_deliveries(ids=ids, now=now).others.total()) == ([delivery.pk], 0)


def test_dry_run_counts_deliveries_and_removes_nothing(endpoint):
    deliver(endpoint, "a", timezone.now() - timedelta(days=200))
    said = purge("--dry-run")
    assert "1 webhook deliveries would be removed" in said and "1 tries of webhooks would be removed" in said
    assert left(FeedEntry, WebhookDelivery, WebhookAttempt) == [1, 1, 1]


def test_young_try_is_refused_by_the_database_although_the_door_is_open(endpoint):
    deliver(endpoint, "a", timezone.now() - timedelta(days=89))
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic(), purge_door():
        delete_rows(WebhookAttempt.objects.order_by())


@pytest.mark.parametrize(("second", "count"), [(0, 1), (-1, 0)])
def test_key_of_a_repeated_call_stays_for_thirty_days(reporter, now, second, count):
    IdempotencyKey.objects.create(
        reporter=reporter, key="k", body_sha256="", called_at=now - KEPT + timedelta(seconds=second)
    )
    purge()
    assert IdempotencyKey.objects.count() == count
