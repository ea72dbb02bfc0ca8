"""The company's log-in, from our button to the company's server and back, over real HTTP."""

import base64
import socket
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.test import Client
from joserfc.jwk import OctKey, RSAKey

from disclosures.ledger.recording import record_disclosures
from privacycenter.models import User
from privacycenter.openid import protocol, views
from tests.support.clock import FAR_AHEAD, LONG_AGO
from tests.support.company import CLIENT_ID, CLIENT_SECRET, Company, at_the_company
from tests.support.events import an_event
from tests.support.html import read
from tests.support.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db

LOG_IN = "/accounts/oidc/company/login/"
SETTINGS = "/my/settings/log-in/"


@pytest.fixture(scope="module")
def provider():
    company = Company()
    yield company
    company.close()


@pytest.fixture
def company(provider, settings):
    app = {"provider_id": "company", "name": "SSO", "client_id": CLIENT_ID, "secret": CLIENT_SECRET}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    settings.LOG_INS_ELSEWHERE = {"company": provider.as_settings()}
    provider.behave()
    provider.authorizations.clear()
    return provider


def come(client, address=LOG_IN):
    """Press our button and come back. Returns our answer to that."""
    there = client.post(address)["Location"]
    return client.get(at_the_company(there))


@pytest.fixture
def reported(reporter):
    record_disclosures(events=[an_event(subject="subject-of-hanako")], by=reporter)
    return User.objects.get(subject="subject-of-hanako")


@pytest.fixture
def hers(client, company, reported):
    """A browser in which the person came through the company's log-in."""
    company.subject, company.claims = "subject-of-hanako", {"name": "花子"}
    come(client)
    return client


def test_company_log_in_opens_the_record_of_its_subject(hers, reported):
    assert hers.get("/my/").wsgi_request.user == reported
    assert reported.disclosures.count() == 1


def test_person_reported_before_they_came_has_the_name_that_the_company_tells(hers, reported):
    assert reported.display_name == ""
    reported.refresh_from_db()
    assert reported.display_name == "花子"


def test_company_log_in_leads_to_where_the_person_wanted_to_go(client, company, reported):
    company.subject = "subject-of-hanako"
    response = come(client, f"{LOG_IN}?next=/my/disclosures/")
    assert response["Location"] == "/my/disclosures/"


def test_company_log_in_stands_first_and_the_password_folds_beside_it(client, company):
    main = read(client.get("/accounts/login/")).one("main")
    fold = main.one("details", cls="fold")
    assert main.all("form")[0]["action"].startswith(LOG_IN)
    assert fold.all("input", name="password") and "open" not in fold.attributes
    wrong = read(client.post("/accounts/login/", {"login": "hanako", "password": "wrong"})).one("main")
    assert "open" in wrong.one("details", cls="fold").attributes


def test_company_log_in_begins_with_a_press_of_the_button(client, company):
    assert client.get(LOG_IN)["Location"] == "/accounts/login/"
    assert company.authorizations == []


def test_company_log_in_that_is_refused_there_lets_nobody_in(client, company):
    company.refuses = True
    assert come(client).status_code in (200, 302)
    assert client.get("/my/").status_code == 302


def test_company_log_in_with_a_state_of_another_browser_lets_nobody_in(client, company):
    there = Client().post(LOG_IN)["Location"]
    client.get(at_the_company(there))
    assert client.get("/my/").status_code == 302


def test_company_log_in_with_a_code_sent_twice_lets_in_once(client, company):
    back = at_the_company(client.post(LOG_IN)["Location"])
    client.get(back)
    other = Client()
    other.get(back)
    assert other.get("/my/").status_code == 302


def test_company_log_in_never_claims_by_address(client, company, hanako):
    EmailAddress.objects.create(user=hanako, email="hanako@example.com", verified=True, primary=True)
    company.subject = "subject-of-somebody-else"
    company.claims = {"email": "hanako@example.com", "email_verified": True}
    come(client)
    assert client.get("/my/").wsgi_request.user != hanako


# --- Once more -------------------------------------------------------------------------------------------------------


def test_page_about_safety_is_open_right_after_the_company_log_in(hers):
    assert hers.get("/accounts/email/").status_code == 200


@pytest.fixture
def long_ago(hers):
    session = hers.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    return hers


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/password/set/", "/accounts/2fa/webauthn/add/"])
def test_page_about_safety_asks_for_the_company_log_in_once_more(long_ago, path):
    response = long_ago.get(path)
    assert response["Location"] == f"/accounts/again/?next={path.replace('/', '%2F')}"


def test_form_about_safety_changes_nothing_before_the_company_log_in(long_ago, reported):
    long_ago.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    assert not EmailAddress.objects.filter(user=reported).exists()


def test_log_in_again_asks_the_company_to_ask_and_leads_back(long_ago, company):
    page = long_ago.get("/accounts/email/", follow=True)
    form = next(form for form in read(page).one("main").all("form"))
    response = come(long_ago, form["action"])
    assert company.authorizations[-1]["prompt"] == "login"
    assert response["Location"] == "/accounts/email/"
    assert long_ago.get("/accounts/email/").status_code == 200


def test_log_in_again_does_not_lead_to_another_site(long_ago):
    page = read(long_ago.get("/accounts/again/?next=https://evil.example/"))
    assert "evil" not in " ".join(form["action"] for form in page.one("main").all("form"))


# --- Added to a record that has a password ---------------------------------------------------------------------------


def test_company_log_in_of_the_same_subject_can_be_added(company, as_hanako, hanako):
    as_hanako.post("/accounts/reauthenticate/", {"password": PASSWORD})
    company.subject = hanako.subject
    come(as_hanako, f"{LOG_IN}?process=connect")
    assert [account.user for account in SocialAccount.objects.all()] == [hanako]


def test_company_log_in_of_another_subject_cannot_be_added(company, as_hanako, hanako):
    other = make_user("other")
    company.subject = other.subject
    response = come(as_hanako, f"{LOG_IN}?process=connect")
    assert response["Location"] == SETTINGS
    assert not SocialAccount.objects.exists()


# --- A provider that lies --------------------------------------------------------------------------------------------


STRANGER = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig"})
LIES = {
    "issuer of the token": {"lies": {"iss": "https://evil.example"}},
    "no issuer": {"lies": {"iss": None}},
    "issuer of the configuration": {"configured": {"issuer": "https://evil.example"}},
    "audience": {"lies": {"aud": "somebody-else"}},
    "no audience": {"lies": {"aud": None}},
    "several audiences, made for another": {"lies": {"aud": [CLIENT_ID, "other"], "azp": "other"}},
    "several audiences, made for nobody": {"lies": {"aud": [CLIENT_ID, "other"]}},
    "expired": {"lies": {"exp": int(LONG_AGO.timestamp())}},
    "no end": {"lies": {"exp": None}},
    "end that is no number": {"lies": {"exp": "tomorrow"}},
    "made in the future": {"lies": {"iat": int(FAR_AHEAD.timestamp())}},
    "nonce of another": {"lies": {"nonce": "another"}},
    "no nonce": {"lies": {"nonce": None}},
    "nonce that is no text": {"lies": {"nonce": 1}},
    "no subject": {"lies": {"sub": None}},
    "empty subject": {"lies": {"sub": ""}},
    "subject that is no text": {"lies": {"sub": 1}},
    "subject too long": {"lies": {"sub": "s" * 256}, "about": {"sub": "s" * 256}},
    "subject with NUL": {"lies": {"sub": "a\0b"}, "about": {"sub": "a\0b"}},
    "subject of who was erased": {"lies": {"sub": "erased:1"}, "about": {"sub": "erased:1"}},
    "subject that we give": {"lies": {"sub": "local:1"}, "about": {"sub": "local:1"}},
    "subject of staff": {"lies": {"sub": "staff:1"}, "about": {"sub": "staff:1"}},
    "user info of somebody else": {"about": {"sub": "subject-of-taro"}},
    "user info of nobody": {"about": {"sub": None}},
    "signed by a stranger": {"signed_by": STRANGER},
    "signed with the secret": {
        "signed_by": OctKey.import_key(CLIENT_SECRET), "header": {"alg": "HS256", "kid": "1"},
    },
    "log-in of last year": {"proved_ago": 365 * 24 * 3600},
    "log-in in the future": {"proved_ago": -3600},
    "log-in at no time": {"lies": {"auth_time": "now"}},
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_lie_of_the_company_lets_nobody_in_and_is_said(client, company, reported, lie):
    company.subject = "subject-of-hanako"
    for name, value in lie.items():
        setattr(company, name, value)
    there = client.post(LOG_IN)
    response = client.get(at_the_company(there["Location"])) if there.status_code == 302 else there
    assert response.status_code == 502
    assert read(response).one("h1").text == "ログインは完了していません"
    assert client.get("/my/").status_code == 302
    assert not SocialAccount.objects.exists() and User.objects.count() == 1


def test_token_without_a_signature_lets_nobody_in(client, company, monkeypatch):
    def unsigned(form, authorization):
        status, tokens = type(company).token(company, form, authorization)
        _header, claims, _signature = tokens["id_token"].split(".")
        none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
        return status, {**tokens, "id_token": f"{none}.{claims}."}

    monkeypatch.setattr(company, "token", unsigned)
    assert come(client).status_code == 502
    assert client.get("/my/").status_code == 302


def test_answer_that_names_another_issuer_lets_nobody_in(client, company):
    back = at_the_company(client.post(LOG_IN)["Location"])
    assert client.get(f"{back}&iss=https://evil.example").status_code == 502
    assert client.get("/my/").status_code == 302


def test_answer_of_the_staff_log_in_is_not_taken_for_the_companys(client, company, settings):
    settings.LOG_INS_ELSEWHERE["staff"] = company.as_settings()
    back = at_the_company(client.post(LOG_IN)["Location"])
    assert client.get(back.replace("/company/", "/staff/")).status_code == 400
    assert client.get("/my/").status_code == 302


def test_answer_that_was_taken_is_not_taken_again(client, company):
    back = at_the_company(client.post(LOG_IN)["Location"])
    client.get(back)
    assert client.get(back).status_code == 400


def test_answer_that_comes_too_late_is_not_taken(client, company, monkeypatch):
    back = at_the_company(client.post(LOG_IN)["Location"])
    later = time.time() + views.PENDING_SECONDS + 1
    monkeypatch.setattr(views.time, "time", lambda: later)
    response = client.get(back)
    assert response.status_code == 400 and client.get("/my/").status_code == 302


@pytest.mark.parametrize(
    "more",
    ["auth_params=prompt%3Dnone%26redirect_uri%3Dhttps://evil.example", "scope=admin", "prompt=none&max_age=9",
     "redirect_uri=https://evil.example", "client_id=other", "nonce=known&state=known", "action=reauthenticate"],
)  # fmt: skip
def test_nothing_of_what_is_asked_comes_from_the_browser(client, company, settings, more):
    settings.ALLOWED_HOSTS = ["*"]
    come_with = {name: "known" for name in ("nonce", "state", "scope", "redirect_uri")}
    at_the_company(client.post(f"{LOG_IN}?{more}", come_with, HTTP_HOST="evil.example")["Location"])
    (asked,) = company.authorizations
    assert asked["redirect_uri"] == f"{settings.SITE_ADDRESS}/accounts/oidc/company/login/callback/"
    assert (asked["client_id"], asked["scope"], asked["response_type"]) == (CLIENT_ID, "openid profile email", "code")
    assert asked["max_age"] == str(30 * 24 * 3600) and "prompt" not in asked
    assert len(asked["nonce"]) == len(asked["state"]) == 32


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
def test_company_log_in_does_not_lead_to_another_site(client, company, wanted):
    assert come(client, f"{LOG_IN}?next={wanted}")["Location"] == "/my/"


@pytest.mark.parametrize("process", ["redirect", "connect", "signup"])
def test_other_processes_of_a_stranger_are_log_ins(client, company, process):
    come(client, f"{LOG_IN}?process={process}&next=/my/decisions/")
    assert client.get("/my/").status_code == 200


@pytest.mark.parametrize("language", ["ja", "en"])
def test_company_log_in_answers_in_the_language_it_began_in(client, company, language):
    prefix = {"ja": "", "en": "/en"}[language]
    company.lies = {"nonce": "another"}
    response = come(client, prefix + LOG_IN)
    assert read(response).one("html")["lang"] == response["Content-Language"] == language
    company.lies = {}
    assert come(client, prefix + LOG_IN)["Location"] == f"{prefix}/my/"


@pytest.mark.parametrize(
    ("name", "kept"), [("n" * 500, "n" * 150), ("a\0b\nc", "abc"), (7, ""), (None, ""), (["x"], "")]
)
def test_name_that_does_not_fit_keeps_nobody_out(client, company, name, kept):
    company.about = {"name": name, "email": "x" * 5000, "picture": "\0"}
    come(client)
    (account,) = SocialAccount.objects.all()
    assert account.user.display_name == kept and client.get("/my/").status_code == 200
    assert account.extra_data == {"userinfo": {"sub": "subject-of-nobody", "name": kept}}


# --- A provider that is not there ------------------------------------------------------------------------------------


JSON_BOMB = b"[" * 100_000
AT_FIRST = ["/.well-known/openid-configuration"]
# What it says of itself is kept by then.
LATER = ["/token", "/jwks", "/userinfo"]
FAILURES = {
    "an error": (500, b"", 503), "busy": (429, b"", 503), "nonsense": (200, b"<html>", 502),
    "no object": (200, b"[]", 502), "a bomb": (200, JSON_BOMB, 502), "too much": (200, b" " * 300_000, 502),
    "another status": (404, b"{}", 502), "elsewhere": (302, b"", 502), "nothing": (200, b"", 502),
    "empty": (200, b"{}", 502),
}  # fmt: skip


@pytest.mark.parametrize(("status", "content", "ours"), FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("path", AT_FIRST)
def test_company_that_fails_before_the_log_in_is_said(client, company, path, status, content, ours):
    company.instead = {path: (status, content, 0)}
    response = client.post(LOG_IN)
    assert response.status_code == ours
    assert read(response).one("main").one("h1")


@pytest.mark.parametrize(("status", "content", "ours"), FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("path", LATER)
def test_company_that_fails_after_the_log_in_is_said(client, company, path, status, content, ours):
    back = at_the_company(client.post(LOG_IN)["Location"])
    company.instead = {path: (status, content, 0)}
    assert client.get(back).status_code == ours
    company.instead = {}
    assert client.get("/my/").status_code == 302 and User.objects.count() == 0


def test_company_that_is_too_slow_is_said(client, company, monkeypatch):
    monkeypatch.setattr(protocol, "READ_SECONDS", 0.05)
    company.instead = {AT_FIRST[0]: (200, b"{}", 0.3)}
    assert client.post(LOG_IN).status_code == 503


@pytest.mark.parametrize("language", ["ja", "en"])
def test_company_that_is_down_is_said_in_both_languages(client, company, settings, language):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.LOG_INS_ELSEWHERE["company"]["issuer"] = f"http://127.0.0.1:{taken.getsockname()[1]}"
        response = client.post({"ja": "", "en": "/en"}[language] + LOG_IN)
    assert response.status_code == 503
    words = {"ja": "ログインは完了していません", "en": "Nobody was logged in"}
    assert read(response).one("h1").text == words[language]


def test_log_in_that_is_not_set_up_is_not_there(client, company):
    assert client.post("/accounts/oidc/other/login/").status_code == 404
    assert client.get("/accounts/oidc/staff/login/callback/?state=x").status_code == 404


# --- Fresh, and not --------------------------------------------------------------------------------------------------


def test_fresh_log_in_wants_proof_that_is_fresh(long_ago, company):
    company.proved_ago = 3 * 24 * 3600
    response = come(long_ago, f"{LOG_IN}?fresh=1&next=/accounts/email/")
    assert response.status_code == 502
    assert long_ago.get("/accounts/email/")["Location"].startswith("/accounts/again/")


def test_fresh_log_in_does_not_believe_a_company_that_is_silent(long_ago, company):
    company.lies = {"auth_time": None}
    assert come(long_ago, f"{LOG_IN}?fresh=1").status_code == 502


@pytest.mark.parametrize("silent", [{}, {"auth_time": None}])
def test_log_in_kept_open_at_the_company_is_not_fresh_here(long_ago, company, silent):
    """Without ``fresh`` the company need not ask, so what it says counts from when it last did."""
    company.proved_ago, company.lies = 3 * 24 * 3600, silent
    come(long_ago)
    assert long_ago.get("/my/").status_code == 200
    assert long_ago.get("/accounts/email/")["Location"].startswith("/accounts/again/")


# --- Never as staff --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}])
def test_company_log_in_never_opens_an_account_of_the_desk(client, company, rights):
    officer = make_user("officer", **rights)
    company.subject = officer.subject
    come(client)
    assert client.get("/my/").status_code == 302 and not SocialAccount.objects.exists()


def test_account_that_was_given_a_role_is_not_opened_any_more(hers, company, reported):
    User.objects.filter(pk=reported.pk).update(is_staff=True)
    fresh = Client()
    come(fresh)
    assert fresh.get("/my/").status_code == 302 and fresh.get("/admin/").status_code == 302


def test_company_log_in_cannot_be_added_to_an_account_of_the_desk(client, company, officer):
    client.post("/accounts/login/", {"login": "officer", "password": PASSWORD})
    company.subject = officer.subject
    assert come(client, f"{LOG_IN}?process=connect")["Location"] == SETTINGS
    assert not SocialAccount.objects.exists()


def test_company_of_a_row_in_the_database_is_none(client, db, settings):
    SocialApp.objects.create(provider="openid_connect", provider_id="evil", name="evil", client_id="x", secret="x")
    assert client.post("/accounts/oidc/evil/login/").status_code == 404
    assert "evil" not in client.get("/accounts/login/").content.decode()


# --- What it costs the provider --------------------------------------------------------------------------------------


DISCOVERY, KEYS = "/.well-known/openid-configuration", "/jwks"


def test_second_log_in_costs_the_provider_two_calls(company, reported):
    company.subject = "subject-of-hanako"
    company.calls.clear()
    come(Client())
    assert company.calls == [DISCOVERY, "/token", KEYS, "/userinfo"]
    company.calls.clear()
    come(Client())
    assert company.calls == ["/token", "/userinfo"]
    later = time.monotonic() + protocol.KEPT_SECONDS + 1
    for what, (until, answer) in protocol.kept_answers.items():
        assert time.monotonic() < until <= later
        protocol.kept_answers[what] = (time.monotonic(), answer)
    company.calls.clear()
    come(Client())
    assert company.calls == [DISCOVERY, "/token", KEYS, "/userinfo"]


def test_key_that_is_not_known_yet_is_fetched(client, company, reported):
    company.subject = "subject-of-hanako"
    come(Client())
    before = company.key
    company.key, company.header = RSAKey.generate_key(2048, parameters={"kid": "2", "use": "sig"}), {
        "alg": "RS256", "kid": "2",
    }  # fmt: skip
    company.calls.clear()
    try:
        come(client)
    finally:
        company.key = before
    assert company.calls == ["/token", KEYS, "/userinfo"] and client.get("/my/").wsgi_request.user == reported


def test_wrong_or_missing_configuration_is_not_kept(client, company, reported):
    company.subject, company.configured = "subject-of-hanako", {"issuer": "https://evil.example"}
    assert client.post(LOG_IN).status_code == 502
    company.configured, company.instead = {}, {DISCOVERY: (503, b"", 0)}
    assert client.post(LOG_IN).status_code == 503
    company.instead = {}
    come(client)
    assert client.get("/my/").wsgi_request.user == reported


def test_stranger_begins_no_log_in_without_end(client, company):
    stranger = {"REMOTE_ADDR": "93.184.216.34"}
    answers = [client.post(LOG_IN, **stranger) for _number in range(views.GOING_THERE.amount + 1)]
    assert {one.status_code for one in answers[:-1]} == {302} and answers[-1].status_code == 429
    assert "短い間に何度も" in read(answers[-1]).text
    assert int(answers[-1]["Retry-After"]) > 0
    assert client.post(LOG_IN, REMOTE_ADDR="93.184.216.35").status_code == 302
