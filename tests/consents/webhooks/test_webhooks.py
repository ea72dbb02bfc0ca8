"""Webhooks: signed as the specification says, sent at least once, tried again for days, never lost."""

import base64
import json
import os
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from consents.asking.decision_actions import withdraw_decision
from consents.models import (
    DeliveryState,
    DisabledReason,
    FeedEntry,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from consents.webhooks.actions import create_webhook, disable_webhook, enable_webhook, rotate_secret
from consents.webhooks.delivery_actions import LONGEST_REST, LONGEST_WISH, PAUSES, redeliver, redeliver_since, send_ping
from consents.webhooks.messages import active_secrets, headers_of
from consents.webhooks.topics import WEBHOOK_DELIVERED, WebhookDelivered
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.models import OutboxRow
from privacycenter.outbox.followers import Follower
from privacycenter.outbox.working import work_off
from tests.support.content import ROOT

pytestmark = pytest.mark.django_db

VECTOR_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTOR_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
VECTOR_AT = datetime.fromtimestamp(1614265330, UTC)
VECTOR_BODY = b'{"test": 2432232314}'
VECTOR_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture
def endpoint(reporter, server, settings) -> WebhookEndpoint:
    """One that a server of the tests answers; ``endpoint.secret`` signs it."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    made, secret = create_webhook(reporter=reporter, url=server.url, by=None)
    made.secret = secret
    return made


def be_due():
    """As if the next try were due now."""
    OutboxRow.objects.update(due_at=timezone.now(), leased_until=None)
    WebhookEndpoint.objects.update(paused_until=None)


def state():
    return WebhookDelivery.objects.get().state


# --- The specification ------------------------------------------------------------------------------------------------


def test_signature_is_the_one_of_the_specification():
    headers = headers_of(VECTOR_ID, VECTOR_BODY, [VECTOR_SECRET], VECTOR_AT)
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (VECTOR_ID, "1614265330")
    assert headers["webhook-signature"] == VECTOR_SIGNATURE


OTHER_SECRET = "whsec_" + base64.b64encode(b"another secret of this length").decode()


@pytest.mark.parametrize(
    "changed",
    [
        {"body": b'{"test": 2432232315}'}, {"message_id": "msg_other"}, {"signing": [OTHER_SECRET]},
        {"at": VECTOR_AT + timedelta(seconds=1)},
    ],
    ids=["body", "id", "secret", "time"],
)  # fmt: skip
def test_signature_of_anything_else_is_another(changed):
    given = {"message_id": VECTOR_ID, "body": VECTOR_BODY, "signing": [VECTOR_SECRET], "at": VECTOR_AT}
    assert headers_of(**{**given, **changed})["webhook-signature"] != VECTOR_SIGNATURE


def test_every_secret_in_force_signs():
    signatures = headers_of(VECTOR_ID, VECTOR_BODY, [OTHER_SECRET, VECTOR_SECRET], VECTOR_AT)["webhook-signature"]
    assert len(signatures.split(" ")) == 2 and VECTOR_SIGNATURE in signatures.split(" ")


def test_receiver_can_verify_what_arrives(endpoint, server, decision):
    work_off()
    (request,) = server.requests
    message = Webhook(endpoint.secret).verify(request.body, request.headers)
    assert message["type"] == "decision.made" and message["data"]["decision"] == str(decision.id)


@pytest.mark.parametrize("changed", ["body", "webhook-id", "webhook-timestamp", "webhook-signature"])
def test_receiver_refuses_what_was_tampered_with(endpoint, server, decision, changed):
    work_off()
    (request,) = server.requests
    body, headers = request.body, {name.lower(): value for name, value in request.headers.items()}
    other = {"webhook-id": "msg_x", "webhook-timestamp": "1614265330", "webhook-signature": VECTOR_SIGNATURE}
    if changed == "body":
        body = body.replace(b"decision.made", b"decision.mad3")
    else:
        headers[changed] = other[changed]
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.secret).verify(body, headers)


# --- What is sent -----------------------------------------------------------------------------------------------------


def test_data_is_what_the_feed_says(endpoint, server, decision, api):
    work_off()
    message = json.loads(server.requests[0].body)
    told = api.get("/decisions").json()["data"][0]
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


HEARD = []
listener = Follower("told")
listener.follows(WEBHOOK_DELIVERED)(HEARD.append)


# --- Tried again ------------------------------------------------------------------------------------------------------


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
    assert (len(server.requests), WebhookEndpoint.objects.get().paused_until) == (2, None)


# --- Disabled, enabled, redelivered -----------------------------------------------------------------------------------


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


# --- Secrets ----------------------------------------------------------------------------------------------------------


def test_secret_is_stored_encrypted_and_differently_each_time(endpoint):
    stored = WebhookSecret.objects.get().sealed
    assert endpoint.secret not in stored and endpoint.secret.removeprefix("whsec_") not in stored
    assert active_secrets(endpoint) == [endpoint.secret]


def test_rotation_signs_with_both_until_the_overlap_is_over(endpoint, server, hanako, decision):
    new = rotate_secret(endpoint=endpoint, overlap=timedelta(hours=1), by=None)
    work_off()
    for secret in (endpoint.secret, new):
        Webhook(secret).verify(server.requests[0].body, server.requests[0].headers)
    WebhookSecret.objects.exclude(expires_at=None).update(expires_at=timezone.now())
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    Webhook(new).verify(server.requests[1].body, server.requests[1].headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.secret).verify(server.requests[1].body, server.requests[1].headers)


def test_rotation_without_overlap_ends_the_former_at_once(endpoint):
    new = rotate_secret(endpoint=endpoint, overlap=timedelta(), by=None)
    assert active_secrets(endpoint) == [new]


def test_rotation_does_not_lengthen_what_ends_sooner(endpoint):
    rotate_secret(endpoint=endpoint, overlap=timedelta(hours=1), by=None)
    rotate_secret(endpoint=endpoint, overlap=timedelta(days=7), by=None)
    assert WebhookSecret.objects.order_by("pk")[0].expires_at < timezone.now() + timedelta(hours=2)


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=31)])
def test_rotation_with_a_wrong_overlap_is_refused(endpoint, overlap):
    with pytest.raises(InvalidValue):
        rotate_secret(endpoint=endpoint, overlap=overlap, by=None)
    assert active_secrets(endpoint) == [endpoint.secret]


def test_rotations_without_end_are_refused(endpoint):
    for _number in range(4):
        rotate_secret(endpoint=endpoint, overlap=timedelta(days=1), by=None)
    with pytest.raises(InvalidValue):
        rotate_secret(endpoint=endpoint, overlap=timedelta(days=1), by=None)


def test_secret_under_a_key_that_is_gone_sends_nothing_and_says_so(endpoint, server, decision, settings):
    settings.SECRET_KEY = "another" * 10
    work_off()
    assert not server.requests and WebhookAttempt.objects.get().error == "secret-unreadable"


def test_secret_under_a_former_key_still_signs(endpoint, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
    assert active_secrets(endpoint) == [endpoint.secret]


# --- Made by a command ------------------------------------------------------------------------------------------------


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


# --- What the documentation says --------------------------------------------------------------------------------------


def test_shell_lines_of_the_documentation_verify_the_vector(tmp_path):
    lines = (ROOT / "docs" / "webhooks.md").read_text().partition("By hand")[2].split("```")[1].removeprefix("sh\n")
    (tmp_path / "body.json").write_bytes(VECTOR_BODY)
    given = {"SECRET": VECTOR_SECRET, "WEBHOOK_ID": VECTOR_ID, "WEBHOOK_TIMESTAMP": "1614265330"}
    said = subprocess.run(
        ["bash", "-c", lines], cwd=tmp_path, env={**os.environ, **given}, capture_output=True, check=True
    )
    assert f"v1,{said.stdout.decode().strip()}" == VECTOR_SIGNATURE


def test_table_of_the_documentation_has_the_pauses():
    row = next(
        line for line in (ROOT / "docs" / "webhooks.md").read_text().splitlines() if "the next one comes" in line
    )
    units = {"s": "seconds", "min": "minutes", "h": "hours"}
    told = [cell.split() for cell in row.split("|")[2:-2]]
    assert tuple(timedelta(**{units[unit]: int(number)}) for number, unit in told) == PAUSES
