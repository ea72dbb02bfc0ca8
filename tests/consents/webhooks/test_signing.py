"""Webhooks are signed as the specification says, with secrets that are kept encrypted and rotated."""

import base64
import os
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from consents.asking.decision_actions import withdraw_decision
from consents.models import (
    WebhookAttempt,
    WebhookSecret,
)
from consents.webhooks.actions import rotate_secret
from consents.webhooks.messages import active_secrets, headers_of
from privacycenter.errors import InvalidValue
from privacycenter.outbox.working import work_off
from tests.support.content import ROOT

pytestmark = pytest.mark.django_db
VECTOR_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTOR_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
VECTOR_AT = datetime.fromtimestamp(1614265330, UTC)
VECTOR_BODY = b'{"test": 2432232314}'
VECTOR_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER_SECRET = "whsec_" + base64.b64encode(b"another secret of this length").decode()


def test_signature_is_the_one_of_the_specification():
    headers = headers_of(VECTOR_ID, VECTOR_BODY, [VECTOR_SECRET], VECTOR_AT)
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (VECTOR_ID, "1614265330")
    assert headers["webhook-signature"] == VECTOR_SIGNATURE


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


def test_shell_lines_of_the_documentation_verify_the_vector(tmp_path):
    lines = (ROOT / "docs" / "webhooks.md").read_text().partition("By hand")[2].split("```")[1].removeprefix("sh\n")
    (tmp_path / "body.json").write_bytes(VECTOR_BODY)
    given = {"SECRET": VECTOR_SECRET, "WEBHOOK_ID": VECTOR_ID, "WEBHOOK_TIMESTAMP": "1614265330"}
    said = subprocess.run(
        ["bash", "-c", lines], cwd=tmp_path, env={**os.environ, **given}, capture_output=True, check=True
    )
    assert f"v1,{said.stdout.decode().strip()}" == VECTOR_SIGNATURE
