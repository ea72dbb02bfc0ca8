"""What webhooks send: sent at least once, tried again for days, given up at last."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from consents.asking.decision_actions import withdraw_decision
from consents.models import (
    DeliveryState,
    DisabledReason,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from consents.webhooks.actions import create_webhook
from consents.webhooks.delivery_actions import (
    LONGEST_REST,
    LONGEST_WISH,
    PAUSES,
    redeliver,
)
from consents.webhooks.topics import WEBHOOK_DELIVERED, WebhookDelivered
from privacycenter.models import OutboxRow
from privacycenter.outbox.followers import Follower
from privacycenter.outbox.working import work_off
from tests.support.content import ROOT
from tests.support.webhooks import be_due, state

pytestmark = pytest.mark.django_db

HEARD = []
listener = Follower("told")
listener.follows(WEBHOOK_DELIVERED)(HEARD.append)


def test_data_is_what_the_feed_says(endpoint, server, decision, api):
    work_off()
    message = json.loads(server.requests[0].body)
    told = api.get("/decisions").json()["data"][0]
    assert told.pop("state")  # is of now, which a message cannot be
    assert (message["type"], message["timestamp"]) == (told.pop("type"), told.pop("happened_at"))
    assert message["data"] == told


def test_withdrawal_is_sent_after_the_decision(endpoint, server, hanako, decision):
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    assert [json.loads(one.body)["type"] for one in server.requests] == ["decision.made", "decision.withdrawn"]


def test_expiry_is_sent(endpoint, server, open_request):
    OutboxRow.objects.filter(topic="request.expiring").update(due_at=timezone.now())
    work_off()
    assert json.loads(server.requests[0].body)["type"] == "request.expired"


def test_event_that_was_not_chosen_is_not_sent(reporter, server, settings, decision):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    create_webhook(reporter=reporter, url=server.url, event_types=["decision.withdrawn"], by=None)
    work_off()
    assert not server.requests and not WebhookDelivery.objects.exists()


def test_reporter_of_another_service_is_told_nothing(server, settings, decision):
    from disclosures.reporters.actions import create_reporter

    settings.WEBHOOK_ALLOW_PRIVATE = True
    other, _secret = create_reporter(code="homes", title="Homes", services=["suumo"])
    create_webhook(reporter=other, url=server.url, by=None)
    work_off()
    assert not server.requests


def test_reporter_that_was_stopped_is_told_nothing(endpoint, server, decision):
    work_off()
    endpoint.reporter.stopped_at = timezone.now()
    endpoint.reporter.save()
    redeliver(delivery=WebhookDelivery.objects.get(), by=None)
    work_off()
    assert len(server.requests) == 1 and state() == DeliveryState.HELD


def test_delivery_is_told_to_those_who_follow_it(endpoint, hanako, reporter, decision, settings):
    HEARD.clear()
    settings.FOLLOWERS = [*settings.FOLLOWERS, f"{__name__}.listener"]
    work_off()
    assert [
        WebhookDelivered(person=hanako.pk, type="decision.made", decision=decision.id, reporter=reporter.pk)
    ] == HEARD


def test_retry_has_the_same_id_and_body_and_a_signature_of_its_own_time(endpoint, server, decision):
    server.answers = [500, 200]
    work_off()
    be_due()
    work_off()
    first, second = server.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] and first.body == second.body
    Webhook(endpoint.secret).verify(second.body, second.headers)
    assert state() == DeliveryState.DELIVERED


@pytest.mark.parametrize("status", [199, 301, 304, 400, 404, 429, 500, 503])
def test_only_2xx_is_a_success(endpoint, server, decision, status):
    server.answers = [status]
    work_off()
    assert state() == DeliveryState.WAITING


@pytest.mark.parametrize("status", [200, 202, 204])
def test_2xx_is_a_success_and_not_sent_again(endpoint, server, decision, status):
    server.answers = [status]
    work_off()
    assert state() == DeliveryState.DELIVERED and not OutboxRow.objects.filter(topic="webhook.due").exists()


@pytest.mark.parametrize(("tries", "pause"), list(enumerate(PAUSES)))
def test_next_try_comes_later_each_time(endpoint, server, decision, tries, pause):
    server.answers = [500]
    work_off()
    WebhookDelivery.objects.update(tries=tries)
    be_due()
    work_off()
    left = OutboxRow.objects.get(topic="webhook.due").due_at - timezone.now()
    assert pause - timedelta(seconds=5) < left <= pause * 1.1


def test_all_tries_together_take_three_days_and_then_it_is_given_up(endpoint, server, decision):
    assert timedelta(days=3) < sum(PAUSES, timedelta()) < timedelta(days=4)
    server.answers = [500]
    work_off()
    WebhookDelivery.objects.update(tries=len(PAUSES))
    be_due()
    work_off()
    assert state() == DeliveryState.GIVEN_UP and not OutboxRow.objects.filter(topic="webhook.due").exists()


def test_every_try_is_written_down(endpoint, server, decision):
    server.answers, server.content = [500, 200], b"sorry"
    work_off()
    be_due()
    work_off()
    assert list(WebhookAttempt.objects.values_list("status", "excerpt")) == [(500, "sorry"), (200, "sorry")]


def test_piece_of_work_done_twice_is_tried_once(endpoint, server, decision):
    work_off()
    OutboxRow.objects.create(
        follower="webhooks", topic="webhook.due", payload={"delivery": WebhookDelivery.objects.get().pk, "attempt": 0}
    )
    work_off()
    assert len(server.requests) == 1


def test_410_disables_the_endpoint_at_once(endpoint, server, decision):
    server.answers = [410]
    work_off()
    endpoint.refresh_from_db()
    assert (endpoint.disabled_reason, state()) == (DisabledReason.GONE, DeliveryState.GIVEN_UP)


def test_endpoint_that_failed_for_days_is_disabled(endpoint, server, decision):
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=6))
    server.answers = [500]
    work_off()
    endpoint.refresh_from_db()
    assert endpoint.disabled_reason == DisabledReason.FAILING


def test_success_ends_the_time_of_failing(endpoint, server, decision):
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=6))
    work_off()
    endpoint.refresh_from_db()
    assert endpoint.is_enabled and endpoint.failing_since is None


def test_endpoint_that_does_not_answer_rests_and_its_deliveries_wait(endpoint, server, hanako, decision):
    server.close()
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(hours=1))
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    assert WebhookAttempt.objects.get().error == "connection"
    assert WebhookDelivery.objects.waiting().count() == 2
    pause = WebhookEndpoint.objects.get().paused_until - timezone.now()
    assert timedelta(minutes=14) < pause < timedelta(minutes=16)


@pytest.mark.parametrize(
    ("asked_for", "least"),
    [
        ("3600", timedelta(hours=1)),
        ("1", PAUSES[0]),  # never sooner than the table says
        (str(30 * 86_400), LONGEST_WISH),
        ("soon", PAUSES[0]),
    ],
)
def test_busy_endpoint_is_tried_when_it_asks_for_it(endpoint, server, decision, asked_for, least):
    server.answers, server.headers = [503], {"Retry-After": asked_for}
    work_off()
    left = WebhookDelivery.objects.get().next_attempt_at - timezone.now()
    assert least - timedelta(seconds=3) < left <= least * 1.1


def test_busy_endpoint_rests_and_its_deliveries_wait(endpoint, server, hanako, decision):
    server.answers, server.headers = [429], {"Retry-After": "7200"}
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    assert (len(server.requests), WebhookDelivery.objects.waiting().count()) == (1, 2)
    pause = WebhookEndpoint.objects.get().paused_until - timezone.now()
    assert LONGEST_REST - timedelta(seconds=10) < pause <= LONGEST_REST


def test_endpoint_that_failed_without_asking_for_more_time_does_not_rest(endpoint, server, hanako, decision):
    server.answers = [503]
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    assert (len(server.requests), WebhookEndpoint.objects.get().paused_until) == (1, None)


def test_table_of_the_documentation_has_the_pauses():
    row = next(
        line for line in (ROOT / "docs" / "webhooks.md").read_text().splitlines() if "the next one comes" in line
    )
    units = {"s": "seconds", "min": "minutes", "h": "hours"}
    told = [cell.split() for cell in row.split("|")[2:-2]]
    assert tuple(timedelta(**{units[unit]: int(number)}) for number, unit in told) == PAUSES
