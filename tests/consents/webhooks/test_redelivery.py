"""Endpoints disabled and enabled, and what is sent once more."""

from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from consents.models import (
    DeliveryState,
    DisabledReason,
    WebhookDelivery,
)
from consents.webhooks.actions import disable_webhook, enable_webhook
from consents.webhooks.delivery_actions import (
    PAUSES,
    redeliver,
    redeliver_since,
    send_ping,
)
from privacycenter.errors import NoLongerOpen
from privacycenter.models import OutboxRow
from privacycenter.outbox.working import work_off
from tests.support.webhooks import be_due, state

pytestmark = pytest.mark.django_db


def test_event_for_a_disabled_endpoint_is_held_and_can_be_redelivered(endpoint, server, decision):
    disable_webhook(endpoint=endpoint, reason=DisabledReason.BY_HAND, by=None)
    work_off()
    assert not server.requests and state() == DeliveryState.HELD
    enable_webhook(endpoint=endpoint, by=None)
    assert redeliver_since(endpoint=endpoint, since=timezone.now() - timedelta(days=1), by=None) == 1
    work_off()
    assert len(server.requests) == 1 and state() == DeliveryState.DELIVERED


def test_redelivery_begins_the_schedule_anew_under_the_same_id(endpoint, server, decision):
    server.answers = [500]
    work_off()
    WebhookDelivery.objects.update(tries=len(PAUSES))
    be_due()
    work_off()
    redeliver(delivery=WebhookDelivery.objects.get(), by=None)
    work_off()
    assert (state(), WebhookDelivery.objects.get().tries, len(server.requests)) == (DeliveryState.WAITING, 1, 3)
    assert len({one.headers["webhook-id"] for one in server.requests}) == 1


def test_redelivery_of_one_that_waits_does_not_double_its_tries(endpoint, server, decision):
    server.answers = [500]
    work_off()
    redeliver(delivery=WebhookDelivery.objects.get(), by=None)
    work_off()
    be_due()
    work_off()
    assert len(server.requests) == 3 and OutboxRow.objects.filter(topic="webhook.due").count() == 1


def test_redeliver_since_leaves_what_arrived_and_what_is_older(endpoint, server, decision):
    work_off()
    assert redeliver_since(endpoint=endpoint, since=timezone.now() - timedelta(days=1), by=None) == 0
    WebhookDelivery.objects.update(state=DeliveryState.GIVEN_UP)
    assert redeliver_since(endpoint=endpoint, since=timezone.now() + timedelta(days=1), by=None) == 0


def test_ping_is_sent_once_also_when_disabled_and_its_failure_changes_nothing(endpoint, server):
    disable_webhook(endpoint=endpoint, reason=DisabledReason.BY_HAND, by=None)
    server.answers = [500]
    send_ping(endpoint=endpoint, by=None)
    work_off()
    message = Webhook(endpoint.secret).verify(server.requests[0].body, server.requests[0].headers)
    endpoint.refresh_from_db()
    assert (message["type"], state(), endpoint.failing_since) == ("ping", DeliveryState.GIVEN_UP, None)


@pytest.mark.parametrize("change", ["enable", "disable twice"])
def test_what_is_so_already_is_refused(endpoint, change):
    with pytest.raises(NoLongerOpen):
        if change == "enable":
            enable_webhook(endpoint=endpoint, by=None)
        for _number in range(2):
            disable_webhook(endpoint=endpoint, reason=DisabledReason.BY_HAND, by=None)
