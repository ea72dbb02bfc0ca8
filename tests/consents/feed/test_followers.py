"""What is told after the commit: once each, whatever happens to the worker."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import OperationalError, connection
from django.utils import timezone

from consents.asking.decision_actions import answer_request, undo_answer, withdraw_decision
from consents.models import ApprovalRequest, FeedEntry, WebhookDelivery
from consents.webhooks.actions import create_webhook
from disclosures.reporters.actions import create_reporter
from privacycenter.errors import AlreadyAnswered
from privacycenter.models import OutboxRow
from privacycenter.outbox.claiming import claim, claim_some
from privacycenter.outbox.followers import Lane
from privacycenter.outbox.working import work_off, work_on
from tests.support.asking import answer, ask
from tests.support.clock import clock_at
from tests.support.people import make_user

pytestmark = pytest.mark.django_db


def run_out():
    OutboxRow.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def claim_for_the_feed():
    """The first row of the feed's; rows of other followers stay with the worker that claimed them."""
    return next(row for row in iter(claim, None) if row.follower == "feed")


def test_decision_leaves_one_row_of_work_for_each_that_follows_it(decision):
    rows = OutboxRow.objects.filter(topic="decision.made").order_by("follower")
    assert list(rows.values_list("follower", flat=True)) == ["approval-counts", "feed"]


def test_request_leaves_work_that_is_due_when_its_time_is_over(open_request):
    assert OutboxRow.objects.get(topic="request.expiring").due_at == open_request.expires_at


def test_refused_action_leaves_no_work(hanako, decision):
    before = OutboxRow.objects.count()
    with pytest.raises(AlreadyAnswered):
        answer_request(request_id=decision.request_id, allowed=set(), text_sha256=decision.text_sha256, by=hanako)
    assert OutboxRow.objects.count() == before


def test_feed_is_written_once_by_two_workers_with_the_same_row(decision):
    slow = claim_for_the_feed()
    run_out()
    fast = claim_for_the_feed()
    assert slow == fast
    work_on(fast)
    work_on(slow)
    assert FeedEntry.objects.count() == 1


def test_feed_is_written_by_the_next_worker_when_one_is_killed(decision):
    claim_for_the_feed()  # and never finished
    work_off()
    assert not FeedEntry.objects.exists()
    run_out()
    work_off()
    assert FeedEntry.objects.count() == 1


def told():
    return list(FeedEntry.objects.order_by("number").values_list("event__type", flat=True))


def test_withdrawal_waits_for_the_decision_that_a_killed_worker_held(hanako, decision):
    claim_for_the_feed()  # and never finished
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    assert told() == []
    run_out()
    work_off()
    assert told() == ["decision.made", "decision.withdrawn"]


def test_killed_worker_holds_up_nobody_else(hanako, taro, reporter, decision):
    claim_for_the_feed()
    answer(taro, ask(taro, reporter), "name")
    work_off()
    assert list(FeedEntry.objects.values_list("event__subject", flat=True)) == [taro.subject]


def test_withdrawal_waits_for_the_decision_that_could_not_be_written(hanako, decision):
    def gone(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "feedentry" in sql:
            raise OperationalError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(gone):
        work_off()
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    assert told() == []
    OutboxRow.objects.update(due_at=timezone.now())
    work_off()
    assert told() == ["decision.made", "decision.withdrawn"]


def test_withdrawal_and_the_next_answer_after_an_undoing_come_in_the_order_of_the_person(hanako, reporter, decision):
    undo_answer(decision_id=decision.id, language="ja", by=hanako)
    answer(hanako, ApprovalRequest.objects.get(), "name")
    claimed = claim_for_the_feed()
    for _worker in range(3):
        work_off()
    assert told() == []
    work_on(claimed)
    work_off()
    assert told() == ["decision.made", "decision.withdrawn", "decision.made"]


def test_expiry_takes_its_place_when_it_happens(hanako, reporter, decision):
    later = ask(hanako, reporter, recipient="kotori-salon")
    claim_for_the_feed()
    with clock_at(later.expires_at + timedelta(seconds=1)):
        OutboxRow.objects.filter(topic="decision.made").update(leased_until=timezone.now() + timedelta(seconds=60))
        work_off()
        assert told() == []
        run_out()
        work_off()
    assert told() == ["decision.made", "request.expired"]


@pytest.mark.concurrency
def test_two_workers_at_once_never_tell_an_ending_first(world, reporter):
    """Twenty people answer and withdraw; four workers race, and some die holding a row."""
    people = [make_user(f"racer-{n}") for n in range(20)]
    for person in people:
        given = answer(person, ask(person, reporter), "name")
        withdraw_decision(decision_id=given.id, language="ja", by=person)

    def race():
        try:
            for row in claim_some(3):  # and is killed
                assert row
            work_off()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(race) for _n in range(4)]:
            done.result()
    run_out()
    work_off()
    entries = list(FeedEntry.objects.order_by("number").values_list("event__subject", "event__type"))
    assert len(entries) == 40
    for person in people:
        assert [type for subject, type in entries if subject == person.subject] == [
            "decision.made", "decision.withdrawn",
        ]  # fmt: skip


def test_feed_that_cannot_be_written_is_written_later(decision):
    def gone(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "feedentry" in sql:
            raise OperationalError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(gone):
        work_off()
    assert not FeedEntry.objects.exists()
    OutboxRow.objects.filter(topic="decision.made").update(due_at=timezone.now())
    work_off()
    assert list(FeedEntry.objects.values_list("number", flat=True)) == [1]


def test_feed_of_several_reporters_is_written_for_each(decision):
    create_reporter(code="second", title="Second", services=["jalan"])
    create_reporter(code="homes", title="Homes", services=["suumo"])
    work_off()
    assert sorted(FeedEntry.objects.values_list("reporter__code", "number")) == [("second", 1), ("travel", 1)]


def test_feed_entry_holds_codes_alone(hanako, decision):
    work_off()
    event = FeedEntry.objects.get().event
    assert "理由" not in str(event)
    assert set(event) == {
        "type", "subject", "recipient", "service", "scenario", "request", "decision", "withdraws", "allowed",
        "refused", "valid_until",
    }  # fmt: skip


def test_work_and_deliveries_of_before_take_their_places(reporter, hanako, decision):
    """As the migration finds them in a database of the version before."""
    create_webhook(reporter=reporter, url="https://hooks.example.com/", by=None)
    work_off(Lane.INSIDE)
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    OutboxRow.objects.update(line="")
    WebhookDelivery.objects.update(whose=None)
    import_module("consents.migrations.0003_order").line_up(apps, None)
    assert list(
        OutboxRow.objects.filter(topic="decision.withdrawn", follower="feed").values_list("line", flat=True)
    ) == [f"person:{hanako.pk}"]
    assert WebhookDelivery.objects.get().whose == hanako.pk
