"""Deliveries about one person arrive in the order in which it happened."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.models import (
    DeliveryState,
    DisabledReason,
    WebhookDelivery,
)
from consents.webhooks.actions import create_webhook, disable_webhook
from consents.webhooks.delivery_actions import (
    PAUSES,
    record_attempt,
    redeliver_since,
)
from privacycenter.http.safe_http import Answer
from privacycenter.models import OutboxRow
from privacycenter.outbox.followers import Lane
from privacycenter.outbox.working import work_off
from tests.support.asking import answer, ask
from tests.support.database import at_once
from tests.support.people import make_user
from tests.support.webhooks import be_due

pytestmark = pytest.mark.django_db


def sent(server):
    return [json.loads(one.body)["type"] for one in server.requests]


def test_withdrawal_waits_until_its_decision_was_delivered(endpoint, server, hanako, decision):
    server.answers = [503, 200]
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    assert sent(server) == ["decision.made"]
    be_due()
    work_off()
    assert sent(server) == ["decision.made", "decision.made", "decision.withdrawn"]
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}


def test_withdrawal_has_what_it_waits_for_tried_at_once(endpoint, server, hanako, decision):
    server.answers = [503, 200]
    work_off()
    WebhookDelivery.objects.update(tries=8)  # the next try would come in twenty hours
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    assert sent(server) == ["decision.made", "decision.made", "decision.withdrawn"]


def test_withdrawal_is_sent_once_its_decision_was_given_up(endpoint, server, hanako, decision):
    server.answers = [503, 503, 200]
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    WebhookDelivery.objects.filter(event_type="decision.made").update(tries=len(PAUSES))
    be_due()
    work_off()
    assert sent(server) == ["decision.made", "decision.made", "decision.withdrawn"]


def test_decision_that_is_sent_again_is_followed_by_its_withdrawal_under_a_new_id(endpoint, server, hanako, decision):
    server.answers = [503, 503, 200]
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    WebhookDelivery.objects.filter(event_type="decision.made").update(tries=len(PAUSES))
    be_due()
    work_off()
    redeliver_since(endpoint=endpoint, since=timezone.now() - timedelta(days=1), by=None)
    work_off()
    assert sent(server)[-3:] == ["decision.withdrawn", "decision.made", "decision.withdrawn"]
    assert server.requests[-1].headers["webhook-id"] != server.requests[-3].headers["webhook-id"]


def test_what_waits_in_line_is_held_with_the_endpoint(endpoint, server, hanako, decision):
    server.answers = [503]
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    disable_webhook(endpoint=endpoint, reason=DisabledReason.BY_HAND, by=None)
    be_due()
    work_off()
    assert list(WebhookDelivery.objects.values_list("state", flat=True)) == [DeliveryState.HELD] * 2


@pytest.mark.concurrency
def test_delivery_queued_while_the_one_before_ends_is_never_forgotten(world, reporter):
    """Whichever of the two commits first lets the later one go."""
    create_webhook(reporter=reporter, url="https://hooks.example.com/", by=None)
    for number in range(6):
        person = make_user(f"racer-{number}")
        given = answer(person, ask(person, reporter), "name")
        work_off(Lane.INSIDE)
        first = WebhookDelivery.objects.get(whose=person.pk)
        withdraw_decision(decision_id=given.id, language="ja", by=person)
        arrived = Answer(200, "", "", 1)
        done = at_once(lambda: record_attempt(delivery=first, answer=arrived), lambda: work_off(Lane.INSIDE))  # noqa: B023
        assert not [one for one in done if isinstance(one, Exception)]
        work_off(Lane.INSIDE)
        second = WebhookDelivery.objects.get(whose=person.pk, event_type="decision.withdrawn")
        due = OutboxRow.objects.filter(topic="webhook.due", payload__delivery=second.pk, due_at__lte=timezone.now())
        assert due.exists() and second.next_attempt_at


def test_event_about_another_person_waits_for_nobody(endpoint, server, reporter, taro, decision):
    server.answers = [503, 200]
    work_off()
    answer(taro, ask(taro, reporter), "name")
    work_off()
    assert json.loads(server.requests[-1].body)["data"]["subject"] == taro.subject
    assert WebhookDelivery.objects.get(state=DeliveryState.DELIVERED).whose == taro.pk
