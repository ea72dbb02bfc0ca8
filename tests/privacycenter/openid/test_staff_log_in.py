"""Staff: their own log-in with its roles, and what the desk demands where there is none."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client

from disclosures.officers.roles import ROLES as GROUPS
from privacycenter.models import User
from privacycenter.openid.role_map import ROLES, read_roles, roles_in
from tests.support.company import Company, at_the_company
from tests.support.html import read
from tests.support.people import PASSWORD

pytestmark = pytest.mark.django_db

LOG_IN = "/accounts/oidc/staff/login/"
MAP = {
    "groups": {"desk-officers": ["officers"], "desk-editors": ["editors", "publishers"], "desk-all": ["administrators"]}
}


@pytest.fixture(scope="module")
def provider():
    company = Company()
    yield company
    company.close()


@pytest.fixture
def staff(provider, settings):
    provider.behave()
    settings.LOG_INS_ELSEWHERE = {"staff": provider.as_settings()}
    settings.STAFF_ROLES = MAP
    settings.DESK_NEEDS_SECOND_FACTOR = True
    provider.subject, provider.claims = "e-123", {"name": "山田", "groups": ["everybody", "desk-officers"]}
    return provider


def come(client, address=LOG_IN):
    return client.get(at_the_company(client.post(address)["Location"]))


def roles_of(user) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def account() -> User:
    return User.objects.get(subject="staff:e-123")


# --- Roles -----------------------------------------------------------------------------------------------------------


def test_staff_log_in_opens_the_desk_with_the_roles_of_the_claims(client, staff):
    assert come(client)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == client.get("/admin/cases/").status_code == 200
    assert (roles_of(account()), account().is_superuser, account().display_name) == ({"officers"}, False, "山田")
    assert not account().has_usable_password() and account().email == ""


def test_roles_are_taken_anew_at_each_log_in(client, staff):
    come(client)
    staff.claims["groups"] = "desk-editors"
    come(Client())
    assert roles_of(account()) == {"editors", "publishers"}
    assert client.get("/admin/cases/").status_code == 403


@pytest.mark.parametrize(
    "groups", [[], None, ["everybody"], 7, {"desk-officers": 1}, [["desk-officers"]], "desk-officers "]
)
def test_role_is_gone_when_the_claim_is(client, staff, groups):
    staff.claims["groups"] = ["desk-all", "desk-officers"]
    come(client)
    assert account().is_superuser
    staff.claims["groups"] = groups
    other = Client()
    response = come(other)
    assert response.status_code == 403 and read(response).one("h1").text == "担当の役割がありません"
    assert (account().is_staff, account().is_superuser, roles_of(account())) == (False, False, set())
    assert other.get("/admin/").status_code == 302 and client.get("/admin/", follow=True).status_code == 403


def test_administrators_may_do_everything(client, staff):
    staff.claims["groups"] = ["desk-all"]
    come(client)
    assert {client.get(path).status_code for path in ("/admin/", "/admin/accesses/", "/admin/pending/")} == {200}


def test_account_that_was_switched_off_stays_so(client, staff):
    come(client)
    User.objects.update(is_active=False)
    other = Client()
    come(other)
    assert other.get("/admin/").status_code == 302 and not account().is_active


def test_lie_of_the_staff_log_in_makes_no_account(client, staff):
    staff.lies = {"nonce": "another"}
    assert come(client).status_code == 502
    assert not User.objects.exists()


def test_staff_account_is_opened_by_no_other_log_in(client, staff):
    come(client)
    user = account()
    user.username = "yamada"
    user.set_password(PASSWORD)
    user.save()
    other = Client()
    page = other.post("/accounts/login/", {"login": "yamada", "password": PASSWORD}, follow=True)
    assert "担当者のログインからだけ" in read(page).one("main").text
    assert other.get("/my/").status_code == 302


def test_log_in_page_shows_the_staff_log_in_on_the_way_to_the_desk_alone(client, staff):
    assert LOG_IN not in client.get("/accounts/login/?next=/my/").content.decode()
    page = read(client.get("/admin/", follow=True))
    assert f"{LOG_IN}?next=%2Fadmin%2F" in [form["action"] for form in page.all("form")]


def test_staff_confirm_themselves_by_the_staff_log_in(client, staff):
    come(client)
    staff.proved_ago = 3600
    come(client)
    page = client.get("/accounts/password/set/", follow=True)
    address = next(form["action"] for form in read(page).one("main").all("form"))
    assert address == f"{LOG_IN}?next=%2Faccounts%2Fpassword%2Fset%2F&fresh=1"


# --- The map ---------------------------------------------------------------------------------------------------------


def test_roles_are_the_groups_of_the_desk_and_administrators():
    assert set(ROLES) == {*GROUPS, "administrators"}


@pytest.mark.parametrize(
    "text",
    ["", "x", "[]", "{}", '{"g": {}}', '{"g": {"a": "chief"}}', '{"g": {"a": []}}', '{"g": {"a": {}}}', '{"g": 1}'],
)
def test_map_that_is_wrong_is_said(text):
    with pytest.raises(ValueError, match="it is not JSON|it must look like|the roles are"):
        read_roles(text)


def test_several_claims_and_values_add_up():
    mapped = read_roles('{"groups": {"a": "editors"}, "https://x/roles": {"b": ["officers", "publishers"]}}')
    assert roles_in({"groups": ["a", "z"], "https://x/roles": "b"}, mapped) == {"editors", "officers", "publishers"}


# --- Without it ------------------------------------------------------------------------------------------------------


@pytest.fixture
def production(settings):
    settings.DESK_NEEDS_SECOND_FACTOR = True


def logged_in() -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "officer", "password": PASSWORD})
    return client


def code_of(secret) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.mark.parametrize("path", ["/admin/", "/admin/cases/", "/admin/records/", "/admin/packs/content.zip"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_password_alone_opens_no_desk_in_production(production, officer, path, method):
    client = logged_in()
    response = getattr(client, method)(path, follow=True)
    assert response.status_code == 403
    page = read(response).one("main")
    assert page.one("h1").text == "管理画面にはパスワード以外の確認も必要です"
    assert {"/accounts/2fa/webauthn/add/", "/accounts/2fa/totp/activate/"} <= {link["href"] for link in page.all("a")}


def test_code_after_the_password_opens_the_desk(production, officer):
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    client = Client()
    client.post("/accounts/login/", {"login": "officer", "password": PASSWORD, "next": "/admin/"})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/admin/cases/").status_code == 200


def test_factor_set_up_in_this_session_is_asked_for_before_the_desk_opens(production, officer):
    client, secret = logged_in(), generate_totp_secret()
    TOTP.activate(officer, secret)
    page = client.get("/admin/cases/", follow=True)
    assert page.status_code == 403
    (way,) = [link["href"] for link in read(page).one("main").all("a", cls="button")]
    assert way == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Fcases%2F"
    assert client.post(way, {"code": code_of(secret)})["Location"] == "/admin/cases/"
    assert client.get("/admin/cases/").status_code == 200


def test_recovery_code_opens_the_desk_too(production, officer):
    TOTP.activate(officer, generate_totp_secret())
    codes = RecoveryCodes.activate(officer).get_unused_codes()
    client = Client()
    client.post("/accounts/login/", {"login": "officer", "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert client.get("/admin/").status_code == 200


def test_trial_run_opens_the_desk_by_password_and_says_so(officer):
    page = read(logged_in().get("/admin/"))
    assert page.one("p", cls="trial-line").text.startswith("お試し用です")


def test_production_says_nothing_of_a_trial(client, staff):
    come(client)
    assert "trial-line" not in client.get("/admin/").content.decode()
    assert mail.outbox == []
