"""A passkey's challenge serves one purpose, one person, once and for minutes; a code is used up."""

import json
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client

from privacycenter.second_factors import ceremonies, views
from tests.support.database import at_once
from tests.support.html import read
from tests.support.passkeys import SoftKey
from tests.support.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db

ADD = "/accounts/2fa/webauthn/add/"
ALONE = "/accounts/2fa/webauthn/login/"
SECOND = "/accounts/2fa/authenticate/"
AGAIN = "/accounts/2fa/webauthn/reauthenticate/"
CODE_AGAIN = "/accounts/2fa/reauthenticate/"
SECRET = "JBSWY3DPEHPK3PXP"


def with_password(username="hanako") -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": username, "password": PASSWORD})
    return client


def is_in(client) -> bool:
    return client.get("/my/").status_code == 200


def options_on(response) -> dict:
    return json.loads(read(response).one("script", id="js_data").text)


def post(client, path, credential, **more):
    sent = credential if isinstance(credential, str) else json.dumps(credential)
    return client.post(path, {"credential": sent, **more})


def added(key, *, passwordless=True, resident=True) -> Authenticator:
    """hanako adds a key, the way her browser does."""
    client = with_password()
    options = options_on(client.get(ADD))["creation_options"]
    sent = {"name": "携帯"} | ({"passwordless": "on"} if passwordless else {})
    assert post(client, ADD, key.register(options, resident=resident), **sent).status_code == 302
    return Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)


def asked_to_log_in(client) -> dict:
    return client.get(ALONE, headers={"accept": "application/json"}).json()["request_options"]


def asked_after_password(client) -> dict:
    return options_on(client.get(SECOND))["request_options"]


@pytest.fixture
def key(hanako) -> SoftKey:
    key = SoftKey()
    added(key)
    return key


# --- Passkeys --------------------------------------------------------------------------------------------------------


def test_key_logs_in_alone(client, key):
    post(client, ALONE, key.answer(asked_to_log_in(client)))
    assert is_in(client)


def test_key_logs_in_after_the_password(key):
    client = with_password()
    assert not is_in(client)
    post(client, SECOND, key.answer(asked_after_password(client)))
    assert is_in(client)


@pytest.mark.parametrize("verifies", [True, False])
def test_challenge_begun_after_the_password_logs_nobody_in_alone(key, verifies):
    client = with_password()
    options = asked_after_password(client)
    key.verifies = verifies
    post(client, ALONE, key.answer(options))
    assert not is_in(client)


def test_challenge_begun_to_log_in_alone_is_no_second_factor(key):
    client = Client()
    options = asked_to_log_in(client)
    client.post("/accounts/login/", {"login": "hanako", "password": PASSWORD})
    client.get(SECOND)
    post(client, SECOND, key.answer(options))
    assert not is_in(client)


def test_challenge_begun_to_reauthenticate_logs_nobody_in(key):
    client = with_password()
    post(client, SECOND, key.answer(asked_after_password(client)))
    options = options_on(client.get(AGAIN))["request_options"]
    stranger = Client()
    stranger.cookies = client.cookies
    stranger.post("/accounts/logout/")
    post(stranger, ALONE, key.answer(options))
    assert not is_in(stranger)


def test_key_without_verification_does_not_log_in_alone(client, key):
    key.verifies = False
    post(client, ALONE, key.answer(asked_to_log_in(client)))
    assert not is_in(client)


def test_challenge_is_over_after_some_minutes(client, key, monkeypatch):
    options = asked_to_log_in(client)
    now = time.time()
    monkeypatch.setattr(ceremonies.time, "time", lambda: now + ceremonies.SECONDS + 1)
    post(client, ALONE, key.answer(options))
    assert not is_in(client)


def test_challenge_is_used_up_by_a_wrong_answer(client, key):
    options = asked_to_log_in(client)
    post(client, ALONE, key.answer(options, signature="AAAA"))
    post(client, ALONE, key.answer(options))
    assert not is_in(client)


def test_challenge_is_used_up_by_a_right_answer(client, key):
    answer = key.answer(asked_to_log_in(client))
    post(client, ALONE, answer)
    client.post("/accounts/logout/")
    post(client, ALONE, answer)
    assert not is_in(client)


def test_challenge_of_another_browser_logs_nobody_in(client, key):
    options = asked_to_log_in(Client())
    asked_to_log_in(client)
    post(client, ALONE, key.answer(options))
    assert not is_in(client)


def test_challenge_of_another_persons_second_factor_is_no_answer(key):
    """The browser gave taro's password in between."""
    make_user("taro")
    client = with_password()
    options = asked_after_password(client)
    session = client.session
    session[ceremonies.SESSION_KEY]["second-factor"]["person"] = "0"
    session.save()
    post(client, SECOND, key.answer(options))
    assert not is_in(client)


@pytest.mark.usefixtures("world")
def test_answer_sent_twice_at_the_same_moment_lets_in_once(key):
    first = Client()
    answer = key.answer(asked_to_log_in(first))
    second = Client()
    second.cookies = first.cookies.copy()
    at_once(*(lambda browser=browser: post(browser, ALONE, answer) for browser in (first, second)))
    assert [is_in(first), is_in(second)].count(True) <= 1


@pytest.mark.parametrize(("passwordless", "resident"), [(False, True), (False, None), (True, False)])
def test_key_not_meant_to_log_in_alone_never_does(client, hanako, passwordless, resident):
    key = SoftKey()
    assert added(key, passwordless=passwordless, resident=resident).wrap().is_passwordless is False
    response = post(client, ALONE, key.answer(asked_to_log_in(client)))
    assert not is_in(client)
    assert "パスワードのあとの確認にだけ使えます" in client.get(response["Location"]).content.decode()


def test_key_of_a_browser_that_tells_nothing_is_what_its_owner_chose(client, hanako):
    key = SoftKey()
    added(key, resident=None)
    post(client, ALONE, key.answer(asked_to_log_in(client)))
    assert is_in(client)


def test_key_that_does_not_verify_is_not_added_to_log_in_alone(hanako):
    client = with_password()
    options = options_on(client.get(ADD))["creation_options"]
    post(client, ADD, SoftKey(verifies=False).register(options), passwordless="on")
    assert not Authenticator.objects.exists()


def test_key_is_added_with_a_challenge_of_its_own_alone(key):
    client = with_password()
    options = asked_after_password(client)
    post(client, SECOND, key.answer(options))
    client.get(ADD)
    challenge = {"publicKey": {**options["publicKey"], "rp": {"id": "testserver"}, "user": {"id": key.handle}}}
    post(client, ADD, SoftKey(key_id=b"key-2" * 4).register(challenge))
    assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).count() == 1


def test_key_keeps_nothing_that_its_browser_added(hanako):
    client = with_password()
    credential = SoftKey().register(options_on(client.get(ADD))["creation_options"])
    credential["more"] = credential["response"]["more"] = "\x00\ud800"
    post(client, ADD, credential, name="携帯")
    stored = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).data["credential"]
    assert set(stored) == {"id", "rawId", "type", "response", "clientExtensionResults"}
    assert set(stored["response"]) == {"clientDataJSON", "attestationObject"}


@pytest.mark.parametrize("path", [ADD, "/accounts/2fa/webauthn/keys/{pk}/edit/"])
def test_key_has_a_name_that_fits(hanako, path):
    key = SoftKey()
    pk = added(key).pk
    client = with_password()
    post(client, SECOND, key.answer(asked_after_password(client)))
    path = path.format(pk=pk)
    client.get(path)
    client.post(path, {"name": "鍵" * 101, "credential": ""})
    assert Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).wrap().name == "携帯"


NONSENSE = [
    "{",
    "null0",
    "[1]",
    '"text"',
    "5",
    "true",
    "[" * 100_000,
    '{"type": "public-key"}',
    {"type": "public-key", "id": 5, "rawId": "AA", "response": {}},
    {"type": "public-key", "id": "AA", "rawId": "AA", "response": None},
    {"type": "public-key", "id": "AA", "rawId": "AA", "response": []},
    {"type": "public-key", "id": "é", "rawId": "AA", "response": {}},
    {"type": "public-key", "id": "A" * 70_000, "rawId": "AA", "response": {}},
    {"type": "other", "id": "AA", "rawId": "AA", "response": {}},
]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=range(len(NONSENSE)))
@pytest.mark.parametrize("path", [ALONE, ADD, AGAIN, SECOND])
def test_credential_that_is_none_is_a_bad_request(key, path, nonsense):
    client = with_password()
    options = asked_after_password(client)
    if path in (ADD, AGAIN):
        post(client, SECOND, key.answer(options))
        client.get(path)
    if path == ALONE:
        client = Client()
        asked_to_log_in(client)
    assert post(client, path, nonsense).status_code == 400


BROKEN = [
    {"clientDataJSON": "AAAA"},
    {"clientDataJSON": "W10"},  # []
    {"authenticatorData": "AAAA"},
    {"authenticatorData": "A"},
    {"userHandle": "AAAA"},
    {"userHandle": "_w"},
    {"userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk"},  # a number beyond every column
    {"signature": "A"},
    {"signature": ""},
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_credential_with_broken_parts_lets_nobody_in_and_fails_nowhere(client, key, broken):
    client.raise_request_exception = False
    response = post(client, ALONE, key.answer(asked_to_log_in(client), **broken))
    assert response.status_code in (302, 400)
    assert not is_in(client)


def test_new_key_with_broken_parts_is_not_added(hanako):
    for broken in ("AAAA", "oA", "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUCg", "n39_f38"):
        client = with_password()
        client.raise_request_exception = False
        credential = SoftKey().register(options_on(client.get(ADD))["creation_options"])
        credential["response"]["attestationObject"] = broken
        assert post(client, ADD, credential).status_code in (200, 400), broken
    assert not Authenticator.objects.exists()


def test_passkey_log_ins_of_one_address_are_limited(client, key, monkeypatch):
    monkeypatch.setattr(views, "LOG_INS", views.RateLimit("passkey-log-in", 2))
    far = Client(REMOTE_ADDR="8.8.8.8")
    assert [far.get(ALONE, headers={"accept": "application/json"}).status_code for _ in range(3)] == [200, 200, 429]
    assert far.post(ALONE, {"credential": "{}"})["Location"] == "/accounts/login/"
    post(client, ALONE, key.answer(asked_to_log_in(client)))
    assert is_in(client)


def test_passkey_log_ins_of_many_behind_one_proxy_are_not_refused(key):
    for _visitor in range(30):
        client = Client(REMOTE_ADDR="127.0.0.1")
        post(client, ALONE, key.answer(asked_to_log_in(client)))
        assert is_in(client)


# --- One-time codes --------------------------------------------------------------------------------------------------


def code_of(secret=SECRET) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def still(monkeypatch):
    """The clock of the codes stands, so that a test does not end in the next half minute."""
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.yield_hotp_counters_from_time", lambda: iter([55_555_555]))
    return format_hotp_value(hotp_value(SECRET, 55_555_555))


@pytest.fixture
def app(hanako) -> Authenticator:
    return TOTP.activate(hanako, SECRET).instance


@pytest.mark.parametrize("wide", [False, True])
def test_code_logs_in_after_the_password(app, still, wide):
    client = with_password()
    client.post(SECOND, {"code": still.translate({ord("0") + n: ord("０") + n for n in range(10)}) if wide else still})
    assert is_in(client)


def test_code_works_once(app, still):
    first, second = with_password(), with_password()
    first.post(SECOND, {"code": still})
    second.post(SECOND, {"code": f"{still[:3]} {still[3:]}"})
    assert is_in(first) and not is_in(second)


@pytest.mark.usefixtures("world")
def test_code_works_once_at_the_same_moment(app, still):
    browsers = [with_password() for _ in range(3)]
    at_once(*(lambda browser=browser: browser.post(SECOND, {"code": still}) for browser in browsers))
    assert [is_in(browser) for browser in browsers].count(True) == 1


@pytest.mark.usefixtures("world")
def test_recovery_code_works_once_at_the_same_moment(app, hanako):
    code = RecoveryCodes.activate(hanako).get_unused_codes()[0]
    browsers = [with_password() for _ in range(3)]
    at_once(*(lambda browser=browser: browser.post(SECOND, {"code": code}) for browser in browsers))
    assert [is_in(browser) for browser in browsers].count(True) == 1


def test_code_that_proved_the_app_does_not_log_in(hanako, monkeypatch):
    client = with_password()
    client.get("/accounts/2fa/totp/activate/")
    code = code_of(client.session["mfa.totp.secret"])
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    later = with_password()
    later.post(SECOND, {"code": code})
    assert not is_in(later)


def test_code_that_is_no_code_is_a_form_error(app):
    client = with_password()
    for code in ("", "\x00", "あ" * 10_000, "９" * 6, "-" * 6):
        assert client.post(SECOND, {"code": code}).status_code == 200
        assert not is_in(client)


# --- Guessed codes ---------------------------------------------------------------------------------------------------


def guess_codes(client, times, path=SECOND) -> None:
    for number in range(times):
        client.post(path, {"code": f"{number:06}"})


@pytest.fixture
def clock(monkeypatch):
    """Move the windows of the limits."""
    real, moved = time.time, []
    monkeypatch.setattr("privacycenter.rate_limits.limits.time.time", lambda: real() + sum(moved))
    return moved.append


def test_guessed_codes_are_stopped_even_when_the_last_is_right(app, still):
    client = with_password()
    guess_codes(client, 5)
    answer = client.post(SECOND, {"code": still})
    assert not is_in(client)
    assert "正しくないコードが続いた" in answer.content.decode()


def test_recovery_codes_are_counted_with_the_others(app, hanako):
    code = RecoveryCodes.activate(hanako).get_unused_codes()[0]
    client = with_password()
    guess_codes(client, 5)
    client.post(SECOND, {"code": code})
    assert not is_in(client)


def test_new_session_or_address_resets_no_count_of_codes(app, still):
    for number in range(5):
        client = Client(REMOTE_ADDR=f"8.8.8.{number}")
        client.post("/accounts/login/", {"login": "hanako", "password": PASSWORD})
        guess_codes(client, 1)
    fresh = with_password()
    fresh.post(SECOND, {"code": still})
    assert not is_in(fresh)


def test_codes_are_counted_after_a_link_by_mail_too(app, hanako, still, settings):
    hanako.email = "hanako@example.com"
    hanako.save()
    EmailAddress.objects.create(user=hanako, email=hanako.email, verified=True, primary=True)
    client = with_password()
    guess_codes(client, 5)
    by_mail = Client()
    by_mail.post("/accounts/password/reset/", {"email": hanako.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    page = by_mail.get(link.removeprefix(settings.SITE_ADDRESS), follow=True)
    new = "another long pass phrase"
    by_mail.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    by_mail.post(SECOND, {"code": still})
    assert not is_in(by_mail)


def test_codes_are_guessed_for_a_day_only(app, still, clock):
    for _pause in range(4):
        guess_codes(with_password(), 5)
        clock(6 * 60)
    client = with_password()
    client.post(SECOND, {"code": still})
    assert not is_in(client)
    clock(24 * 60 * 60)
    client = with_password()
    client.post(SECOND, {"code": still})
    assert is_in(client)


def test_owner_gets_in_with_a_code_on_a_known_device_while_others_guess(app, still):
    owner = with_password()
    owner.post(SECOND, {"code": still})
    owner.post("/accounts/logout/")
    cache.clear()  # the code of another half minute
    guess_codes(with_password(), 5)
    owner.post("/accounts/login/", {"login": "hanako", "password": PASSWORD})
    owner.post(SECOND, {"code": still})
    assert is_in(owner)


def test_device_of_another_person_has_no_budget_of_its_own(app, taro, still):
    device = with_password("taro")
    device.post("/accounts/logout/")
    guess_codes(with_password(), 5)
    device.post("/accounts/login/", {"login": "hanako", "password": PASSWORD})
    device.post(SECOND, {"code": still})
    assert not is_in(device)


def test_right_code_costs_nothing_and_forgets_no_wrong_one(app, still):
    guess_codes(with_password(), 4)
    client = with_password()
    client.post(SECOND, {"code": still})
    assert is_in(client)
    guess_codes(with_password(), 1)
    cache.clear()
    fresh = with_password()
    fresh.post(SECOND, {"code": still})
    assert not is_in(fresh)


def test_guesses_at_one_account_make_no_other_wait(app, taro, still):
    TOTP.activate(taro, SECRET)
    guess_codes(with_password(), 6)
    client = with_password("taro")
    client.post(SECOND, {"code": still})
    assert is_in(client)


def test_codes_that_confirm_who_it_is_are_counted_for_the_day_too(app, still, clock):
    client = with_password()
    client.post(SECOND, {"code": still})
    assert is_in(client)
    for _pause in range(4):
        guess_codes(client, 5, CODE_AGAIN)
        clock(6 * 60)
    cache.clear()
    assert client.post(CODE_AGAIN, {"code": still}).status_code == 200
    clock(24 * 60 * 60)
    assert client.post(CODE_AGAIN, {"code": still}).status_code == 302
