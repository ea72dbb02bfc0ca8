"""The company's log-in, from our button to the company's server and back, over real HTTP."""

import urllib.request
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from disclosures.ledger.recording import record_disclosures
from privacycenter.models import User
from tests.support.company import CLIENT_ID, CLIENT_SECRET, Company
from tests.support.events import an_event
from tests.support.html import read
from tests.support.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db

LOG_IN = "/accounts/oidc/company/login/"
SETTINGS = "/my/settings/log-in/"


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


@pytest.fixture(scope="module")
def provider():
    company = Company()
    yield company
    company.close()


@pytest.fixture
def company(provider, settings):
    app = {"provider_id": "company", "name": "SSO", "client_id": CLIENT_ID, "secret": CLIENT_SECRET}
    app["settings"] = {"server_url": provider.issuer}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    provider.subject, provider.claims, provider.refuses = "subject-of-nobody", {}, False
    provider.authorizations.clear()
    return provider


def at_the_company(address) -> str:
    """Do what the browser does there. Returns where it is sent back to, as a path of ours."""
    opener = urllib.request.build_opener(NoRedirects())
    try:
        opener.open(address, timeout=5)
    except urllib.error.HTTPError as redirect:
        back = urlsplit(redirect.headers["Location"])
    return f"{back.path}?{back.query}"


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


def test_company_log_in_leads_to_where_the_person_wanted_to_go(client, company, reported):
    company.subject = "subject-of-hanako"
    response = come(client, f"{LOG_IN}?next=/my/disclosures/")
    assert response["Location"] == "/my/disclosures/"


def test_company_log_in_begins_with_a_press_of_the_button(client, company):
    assert client.get(LOG_IN).status_code == 200
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
