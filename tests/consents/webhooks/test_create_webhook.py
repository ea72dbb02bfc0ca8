"""manage.py create_webhook: shows the secret once, and refuses what cannot be used."""

import pytest
from django.core.management import CommandError, call_command

from consents.models import (
    FeedEntry,
    WebhookDelivery,
    WebhookEndpoint,
)
from consents.webhooks.actions import create_webhook
from consents.webhooks.messages import active_secrets
from privacycenter.errors import InvalidValue
from privacycenter.outbox.working import work_off

pytestmark = pytest.mark.django_db


def test_command_shows_the_secret(reporter, capsys):
    call_command("create_webhook", "travel", "https://hooks.example/privacy", "--events", "decision.withdrawn")
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.event_types == ["decision.withdrawn"]
    assert active_secrets(endpoint)[0] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("reporter_code", "url", "events"),
    [
        ("nobody", "https://hooks.example/", ["decision.made"]), ("travel", "ftp://hooks.example/", ["decision.made"]),
        ("travel", "https://hooks.example/", ["decision.unmade"]), ("travel", "https://", ["decision.made"]),
        ("travel", "https://user:pw@hooks.example/", ["decision.made"]), ("travel", "https://ho oks/", ["decision.made"]),
        ("travel", "https://hooks.example:99999/", ["decision.made"]), ("travel", "https://例え.jp/", ["decision.made"]),
    ],
)  # fmt: skip
def test_command_refuses_what_is_wrong(reporter, reporter_code, url, events):
    with pytest.raises(CommandError):
        call_command("create_webhook", reporter_code, url, "--events", *events)
    assert not WebhookEndpoint.objects.exists()


def test_address_without_tls_is_refused_in_production(reporter, settings):
    settings.WEBHOOK_ALLOW_HTTP = False
    with pytest.raises(InvalidValue, match="https"):
        create_webhook(reporter=reporter, url="http://hooks.example/", by=None)


def test_same_address_twice_is_refused(endpoint, reporter):
    with pytest.raises(InvalidValue):
        create_webhook(reporter=reporter, url=endpoint.url, by=None)


def test_feed_stays_as_it_was_without_a_webhook(decision):
    work_off()
    assert FeedEntry.objects.count() == 1 and not WebhookDelivery.objects.exists()
