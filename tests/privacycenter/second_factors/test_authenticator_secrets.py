"""Secrets of apps and recovery codes are not in the database as they are."""

import importlib
import io

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core.management import CommandError, call_command

from consents.models import WebhookEndpoint, WebhookSecret
from consents.webhooks import messages
from disclosures.models import ErasedEvent
from privacycenter.encryption import seal, unseal
from tests.support.exports import confirmed
from tests.support.html import read
from tests.support.people import PASSWORD

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"
migration = importlib.import_module("privacycenter.migrations.0003_authenticator_secrets_are_encrypted")


def stored(kind) -> dict:
    return Authenticator.objects.get(type=kind).data


@pytest.fixture
def in_the_clear(hanako, taro):
    """Rows as they were written before."""
    Authenticator.objects.create(user=hanako, type="totp", data={"secret": SECRET})
    Authenticator.objects.create(user=hanako, type="recovery_codes", data={"seed": "ab" * 40, "used_mask": 5})
    Authenticator.objects.create(user=taro, type="recovery_codes", data={"migrated_codes": ["12345678", "87654321"]})
    Authenticator.objects.create(user=taro, type="webauthn", data={"name": "携帯", "credential": {}})


def test_secrets_are_stored_encrypted(hanako):
    TOTP.activate(hanako, SECRET)
    codes = RecoveryCodes.activate(hanako).get_unused_codes()
    assert SECRET not in str(stored("totp"))
    assert stored("recovery_codes")["seed"].startswith("gAAAAA")
    assert len(codes) == 10


def test_secrets_stored_in_the_clear_are_encrypted_and_go_on_working(in_the_clear, hanako):
    migration.encrypt(apps, None)
    assert SECRET not in str(stored("totp")) and "12345678" not in str(Authenticator.objects.values_list("data"))
    codes = Authenticator.objects.get(user=hanako, type="recovery_codes").wrap()
    assert len(codes.get_unused_codes()) == 8 and codes.validate_code(codes.get_unused_codes()[0])
    assert Authenticator.objects.get(type="webauthn").data == {"name": "携帯", "credential": {}}
    before = list(Authenticator.objects.filter(type="totp").values_list("data", flat=True))
    migration.decrypt(apps, None)
    assert stored("totp") == {"secret": SECRET} != before[0]


def test_secrets_are_read_under_a_former_key(hanako, settings):
    TOTP.activate(hanako, SECRET)
    codes = RecoveryCodes.activate(hanako).get_unused_codes()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key" * 8
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() == codes


def test_code_that_cannot_be_checked_is_refused_and_fails_nowhere(client, hanako, settings):
    TOTP.activate(hanako, SECRET)
    RecoveryCodes.activate(hanako)
    settings.SECRET_KEY = "another key" * 8
    client.post("/accounts/login/", {"login": "hanako", "password": PASSWORD})
    page = client.post("/accounts/2fa/authenticate/", {"code": "123456"})
    assert page.status_code == 200 and "今はここでコードを確認できません" in page.content.decode()
    assert client.get("/my/").status_code == 302


# --- A key that is lost, and one that may go --------------------------------------------------------------------------


@pytest.fixture
def lost(hanako, settings):
    """Codes under a key that is not there any more, and an app under the one of now: hanako is logged in."""
    RecoveryCodes.activate(hanako)
    settings.SECRET_KEY = "another key" * 8
    TOTP.activate(hanako, SECRET)
    return confirmed(hanako)


@pytest.mark.parametrize("path", ["", "download/", "generate/"])
def test_page_of_codes_that_cannot_be_read_says_so_and_offers_new_ones(lost, hanako, path):
    page = lost.get(f"/accounts/2fa/recovery-codes/{path}")
    assert page.status_code == 503 and "リカバリーコード" in page.content.decode()
    form = read(page).one("form", action="/accounts/2fa/recovery-codes/generate/")
    assert form["method"] == "post" and read(page).one(cls="exit-bar")


def test_new_codes_take_the_place_of_those_that_cannot_be_read(lost, hanako):
    lost.post("/accounts/2fa/recovery-codes/generate/")
    assert len(Authenticator.objects.get(user=hanako, type="recovery_codes").wrap().get_unused_codes()) == 10


def reseal_secrets() -> str:
    out = io.StringIO()
    call_command("reseal_secrets", stdout=out)
    return out.getvalue()


def test_former_key_may_go_once_secrets_are_resealed(in_the_clear, hanako, taro, reporter, settings):
    migration.encrypt(apps, None)
    codes = Authenticator.objects.get(user=hanako, type="recovery_codes").wrap().get_unused_codes()
    secret = "whsec_abc"
    endpoint = WebhookEndpoint.objects.create(reporter=reporter, url="https://hooks.example/")
    WebhookSecret.objects.create(endpoint=endpoint, sealed=seal(secret, purpose=messages.PURPOSE))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key" * 8
    assert "4 secrets" in reseal_secrets()
    settings.SECRET_KEY_FALLBACKS = []
    rows = Authenticator.objects
    assert rows.get(user=hanako, type="recovery_codes").wrap().get_unused_codes() == codes
    assert unseal(stored("totp")["secret"], purpose="authenticators") == SECRET
    assert rows.get(user=taro, type="recovery_codes").wrap().get_unused_codes() == ["12345678", "87654321"]
    assert unseal(WebhookSecret.objects.get().sealed, purpose=messages.PURPOSE) == secret
    before = dict(rows.values_list("pk", "data"))
    assert "0 secrets" in reseal_secrets() and dict(rows.values_list("pk", "data")) == before


def test_secret_under_no_key_that_is_there_stays_and_is_counted(lost):
    before = stored("recovery_codes")
    with pytest.raises(CommandError, match="1 secrets"):
        reseal_secrets()
    assert stored("recovery_codes") == before


def test_keys_of_erased_people_are_not_let_go_unsaid(db, settings):
    settings.SECRET_KEY_FALLBACKS = ["a former key" * 8]
    assert "erased" not in reseal_secrets()
    ErasedEvent.objects.create(digest="0" * 64)
    assert "People were erased" in reseal_secrets()
