"""How a person gets in, where they are in, and what must be proved before that changes."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from privacycenter.accounts.adapters import AccountAdapter
from privacycenter.accounts.devices import device_of
from privacycenter.accounts.reauthentication import SAFETY_PAGES
from tests.support.html import read
from tests.support.people import PASSWORD

pytestmark = pytest.mark.django_db

PAGE = "/my/settings/log-in/"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


def logged_in(username="hanako", **headers) -> Client:
    client = Client(headers=headers)
    client.post("/accounts/login/", {"login": username, "password": PASSWORD})
    return client


@pytest.fixture
def here(hanako):
    return logged_in()


@pytest.fixture
def phone(hanako):
    return logged_in(**{"user-agent": PHONE})


def is_in(client) -> bool:
    return client.get("/my/").status_code == 200


def ends(client, session) -> str:
    return f"/my/settings/sessions/{session.pk}/ends/"


def session_of(client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


# --- The page --------------------------------------------------------------------------------------------------------


def test_page_asks_a_stranger_to_log_in(client):
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", ["2fa/", "sessions/", "3rdparty/"])
def test_lists_that_others_would_show_lead_here(here, prefix, path):
    response = here.get(f"{prefix}/accounts/{path}")
    assert (response.status_code, response["Location"]) == (302, f"{prefix}/my/settings/log-in/")
    assert here.post(f"{prefix}/accounts/{path}").status_code == 405


def test_page_says_what_there_is_and_what_is_not(here):
    page = read(here.get(PAGE)).one("main")
    addresses = [link["href"] for link in page.all("a")]
    assert "/accounts/password/change/" in addresses
    assert "/accounts/2fa/webauthn/add/" in addresses
    assert "/accounts/2fa/totp/activate/" in addresses


def test_page_offers_recovery_codes_once_there_is_something_to_recover(here, hanako):
    assert "recovery-codes" not in here.get(PAGE).content.decode()
    RecoveryCodes.activate(hanako)
    assert "recovery-codes" not in here.get(PAGE).content.decode()


def test_page_shows_an_address_that_waits_for_its_proof(here, hanako):
    EmailAddress.objects.create(user=hanako, email="new@example.com")
    assert "new@example.com" in read(here.get(PAGE)).one("main").text


def test_page_does_not_ask_the_database_more_for_more_addresses(here, hanako, django_assert_max_num_queries):
    for number in range(5):
        EmailAddress.objects.create(user=hanako, email=f"{number}@example.com")
    with django_assert_max_num_queries(12):
        here.get(PAGE)


# --- Sessions --------------------------------------------------------------------------------------------------------


def test_page_lists_where_the_person_is_logged_in(here, phone):
    text = read(here.get(PAGE)).one("main").text
    assert "Chrome, Android" in text


def test_session_that_is_ended_is_out(here, phone):
    here.post(ends(here, session_of(phone)))
    assert not is_in(phone)
    assert is_in(here)


def test_session_ended_twice_is_not_found(here, phone):
    path = ends(here, session_of(phone))
    here.post(path)
    assert here.post(path).status_code == 404


def test_session_of_a_stranger_is_not_found(here, taro):
    theirs = logged_in("taro")
    assert here.post(ends(here, session_of(theirs))).status_code == 404
    assert is_in(theirs)


def test_own_session_ends_like_logging_out(here):
    assert here.post(ends(here, session_of(here)))["Location"] == "/"
    assert not is_in(here)


def test_other_sessions_end_all_at_once(here, phone):
    third = logged_in()
    here.post("/my/settings/other-sessions/ends/")
    assert [is_in(client) for client in (here, phone, third)] == [True, False, False]


def test_sessions_end_by_post_alone(here, phone):
    assert here.get(ends(here, session_of(phone)))["Location"] == PAGE
    assert is_in(phone)


def test_new_password_ends_the_sessions_elsewhere(here, phone):
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})
    new = "another long pass phrase"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert is_in(here)
    assert not is_in(phone)


# --- A fresh log-in --------------------------------------------------------------------------------------------------


@pytest.fixture
def stale(here):
    """Logged in an hour ago."""
    session = here.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    return here


ABOUT_SAFETY = ["/accounts/2fa/webauthn/add/", "/accounts/2fa/totp/activate/"]


@pytest.mark.parametrize("path", ABOUT_SAFETY)
def test_page_about_safety_asks_who_it_is(stale, path):
    assert stale.get(path)["Location"].startswith("/accounts/reauthenticate/?next=")


@pytest.mark.parametrize("path", ABOUT_SAFETY)
def test_page_about_safety_does_not_ask_again_right_after_logging_in(here, path):
    assert here.get(path).status_code == 200


def test_wrong_password_does_not_open_a_page_about_safety(stale):
    stale.post("/accounts/reauthenticate/", {"password": "not the password"})
    assert stale.get("/accounts/2fa/webauthn/add/").status_code == 302


def test_address_does_not_change_before_the_person_proved_who_it_is(stale, hanako):
    response = stale.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.filter(user=hanako).exists()


def test_pages_about_safety_exist():
    assert [reverse(name) for name in SAFETY_PAGES]


def test_record_is_taken_home_right_after_logging_in_without_being_asked_again(here):
    assert here.get("/my/export/").status_code == 200


def test_record_is_taken_home_later_only_after_proving_who_it_is(stale):
    assert stale.get("/my/export/")["Location"].startswith("/accounts/reauthenticate/?next=")


# --- The address -----------------------------------------------------------------------------------------------------


@pytest.fixture
def proved(here, hanako):
    EmailAddress.objects.create(user=hanako, email="old@example.com", verified=True, primary=True)
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return here


def test_new_address_is_used_only_after_its_link(proved, hanako):
    proved.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    assert EmailAddress.objects.get_primary(hanako).email == "old@example.com"
    message = next(message for message in mail.outbox if message.to == ["new@example.com"])
    link = next(word for word in message.body.split() if "/confirm-email/" in word)
    proved.post(link.removeprefix("http://testserver"))
    assert EmailAddress.objects.get_primary(hanako).email == "new@example.com"


def test_new_address_is_told_to_the_old_one(proved):
    proved.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    link = next(word for message in mail.outbox for word in message.body.split() if "/confirm-email/" in word)
    proved.post(link.removeprefix("http://testserver"))
    assert ["old@example.com"] in [message.to for message in mail.outbox]


@pytest.fixture
def unproved(here, hanako):
    """The address in use has never been proved: the desk, or the command, typed it."""
    type(hanako).objects.filter(pk=hanako.pk).update(email="old@example.com")
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})
    hanako.refresh_from_db()
    return here


def add_address(client, address="new@example.com"):
    return client.post("/accounts/email/", {"email": address, "action_add": ""})


def test_address_that_was_never_proved_stays_until_another_is_and_is_told(unproved, hanako):
    add_address(unproved)
    add_address(unproved, "other@example.com")
    hanako.refresh_from_db()
    rows = sorted(EmailAddress.objects.filter(user=hanako).values_list("email", flat=True))
    assert hanako.email == "old@example.com" and rows == ["old@example.com", "other@example.com"]
    message = next(message for message in mail.outbox if message.to == ["other@example.com"])
    link = next(word for word in message.body.split() if "/confirm-email/" in word)
    unproved.post(link.removeprefix("http://testserver"))
    hanako.refresh_from_db()
    assert hanako.email == "other@example.com"
    assert ["old@example.com"] in [message.to for message in mail.outbox]


def test_address_in_use_is_not_given_up_without_another(unproved, hanako):
    assert "action_remove" not in unproved.get("/accounts/email/").content.decode()
    unproved.post("/accounts/email/", {"email": "old@example.com", "action_remove": ""})
    hanako.refresh_from_db()
    assert hanako.email == "old@example.com" and EmailAddress.objects.filter(user=hanako).exists()


def test_links_go_to_five_new_addresses_a_day(proved, hanako):
    answers = [add_address(proved, f"stranger-{number}@example.com") for number in range(7)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [200] * 2
    assert len([one for one in mail.outbox if one.to[0].startswith("stranger")]) == 5
    assert EmailAddress.objects.get(user=hanako, verified=False).email == "stranger-4@example.com"


def test_link_is_sent_again_some_times_a_day(proved, monkeypatch):
    real, later = time.time, [0]
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: real() + later[0])
    add_address(proved)
    for _number in range(8):
        later[0] += 4 * 60
        proved.post("/accounts/email/", {"email": "new@example.com", "action_send": ""})
    assert len([one for one in mail.outbox if one.to == ["new@example.com"]]) == 5


def test_address_page_carries_no_style_of_its_own(proved):
    proved.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    assert "style=" not in proved.get("/accounts/email/").content.decode()


# --- Devices ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (PHONE, "Chrome, Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Mac"),
    ],
)
def test_device_is_named_as_its_owner_would(user_agent, device):
    assert device_of(user_agent) == device


@pytest.mark.parametrize("user_agent", ["", "curl/8.0", "<script>"])
def test_device_that_is_not_known_is_called_so(user_agent):
    assert device_of(user_agent) == "不明なブラウザー"


def test_first_address_that_waits_for_its_proof_can_be_given_up(here, hanako):
    here.post("/accounts/email/", {"email": "mistyped@example.com", "action_add": ""})
    button = read(here.get("/accounts/email/")).one("button", name="action_remove")
    assert button.text == "このアドレスを使わない"
    here.post("/accounts/email/", {"email": "mistyped@example.com", "action_remove": ""})
    assert not EmailAddress.objects.filter(user=hanako).exists()


def test_address_that_waits_can_be_given_up_for_the_old_one(proved, hanako):
    proved.post("/accounts/email/", {"email": "mistyped@example.com", "action_add": ""})
    proved.post("/accounts/email/", {"email": "mistyped@example.com", "action_remove": ""})
    assert [one.email for one in EmailAddress.objects.filter(user=hanako)] == ["old@example.com"]


def test_mail_to_an_unknown_address_invites_to_no_registration(client, db):
    client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    (message,) = mail.outbox
    assert "/signup/" not in message.body and "nobody@example.com" in message.body


# --- One word for one thing ------------------------------------------------------------------------------------------

OTHER_WORDS = ("セキュリティキー", "セキュリティーキー", "security key")


@pytest.fixture
def with_passkey(here, hanako):
    Authenticator.objects.create(user=hanako, type=Authenticator.Type.WEBAUTHN, data={"name": "携帯", "credential": {}})
    return Authenticator.objects.get(user=hanako)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_about_passkeys_call_them_so(here, with_passkey, prefix):
    for path in ("", f"keys/{with_passkey.pk}/edit/", f"keys/{with_passkey.pk}/remove/"):
        text = read(here.get(f"{prefix}/accounts/2fa/webauthn/{path}", follow=True)).one("main").text.lower()
        assert ("passkey" if prefix else "パスキー") in text, path
        assert not [word for word in OTHER_WORDS if word in text], path


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "name",
    ["messages/webauthn_added.txt", "messages/webauthn_removed.txt", "email/webauthn_added_subject.txt",
     "email/webauthn_removed_subject.txt", "email/webauthn_added_message.txt", "email/webauthn_removed_message.txt"],
)  # fmt: skip
def test_messages_about_passkeys_call_them_so(name, language):
    with override(language):
        text = render_to_string(
            f"mfa/{name}", {"current_site": {"domain": "x"}, "ip": "", "user_agent": "", "timestamp": ""}
        )
    assert ("パスキー" if language == "ja" else "passkey") in text
    assert not [word for word in OTHER_WORDS if word in text.lower()]


def test_other_ways_to_prove_who_it_is_name_the_passkey(here, hanako, with_passkey, rf):
    request = rf.get("/")
    request.user = hanako
    described = [str(one["description"]) for one in AccountAdapter(request).get_reauthentication_methods(hanako)]
    assert "パスキーを使う" in described
