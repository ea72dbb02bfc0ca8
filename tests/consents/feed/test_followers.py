"""What is told after the commit: once each, whatever happens to the worker."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from consents.asking.decision_actions import answer_request
from consents.models import FeedEntry
from disclosures.reporters.actions import create_reporter
from privacycenter.errors import AlreadyAnswered
from privacycenter.models import OutboxRow
from privacycenter.outbox.claiming import claim
from privacycenter.outbox.working import work_off, work_on

pytestmark = pytest.mark.django_db


def run_out():
    OutboxRow.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def claim_for_the_feed():
    """The first row of the feed's; rows of other followers stay with the worker that claimed them."""
    return next(row for row in iter(claim, None) if row.follower == "feed")


def test_decision_leaves_one_row_of_work(decision):
    assert OutboxRow.objects.filter(topic="decision.made").count() == 1


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
