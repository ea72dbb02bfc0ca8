"""The follower that sends webhooks: one attempt for each due delivery."""

from django.conf import settings

from consents.models import DeliveryState, WebhookDelivery
from consents.webhooks.delivery_actions import hold_delivery, postpone_delivery, record_attempt
from consents.webhooks.messages import body_of, signed_headers
from consents.webhooks.topics import WEBHOOK_DUE, WebhookDue
from privacycenter.encryption import CannotOpenError
from privacycenter.http.safe_http import Answer, post
from privacycenter.outbox.followers import Follower, Lane

webhooks = Follower("webhooks", lane=Lane.OUTSIDE)


@webhooks.follows(WEBHOOK_DUE)
def send_webhook(due: WebhookDue) -> None:
    """Send a due delivery, at least once. Does nothing if this attempt was recorded before.

    A worker that dies between the response and its recording sends again, under the same ``webhook-id``. While an
    earlier event about the same person waits, this one does too: the end of that delivery lets it go.
    """
    delivery = WebhookDelivery.objects.with_references().filter(pk=due.delivery).first()
    if delivery is None or delivery.state != DeliveryState.WAITING or delivery.attempt_count != due.attempt:
        return
    endpoint, is_test = delivery.endpoint, delivery.entry is None
    if not endpoint.is_sent_to and not is_test:
        hold_delivery(delivery=delivery)
    elif WebhookDelivery.objects.waiting().before(delivery).exists():
        WebhookDelivery.objects.waiting().filter(pk=delivery.pk).update(next_attempt_at=None)
    elif (until := endpoint.resting_until) and not is_test:
        postpone_delivery(delivery=delivery, until=until)
    else:
        record_attempt(delivery=delivery, answer=attempt(delivery))


def attempt(delivery: WebhookDelivery) -> Answer:
    body = body_of(delivery)
    try:
        headers = signed_headers(delivery, body)
    except CannotOpenError:
        return Answer(None, "secret-unreadable", "", 0)
    if not headers["webhook-signature"]:
        return Answer(None, "no-secret", "", 0)
    return post(
        delivery.endpoint.url,
        body,
        headers,
        allow_private=settings.WEBHOOK_ALLOW_PRIVATE,
        allow_http=settings.WEBHOOK_ALLOW_HTTP,
    )
