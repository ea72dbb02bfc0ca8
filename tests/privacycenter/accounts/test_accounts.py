"""Logging in and out: who gets in, and what those learn who do not."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail, signing
from django.core.cache import caches
from django.test import Client

from disclosures.ledger.recording import record_disclosures
from privacycenter.accounts.log_in_limits import COOKIE_NAME, SALT
from privacycenter.models import User
from tests.support.events import an_event
from tests.support.html import filled_in, read
from tests.support.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


def log_in(client, login="hanako", password=PASSWORD, path=LOGIN):
    return client.post(path, {"login": login, "password": password})


def is_logged_in(client) -> bool:
    return client.get("/my/").status_code == 200


def words_on(response) -> list[str]:
    return [text for text, _element in read(response).words]


# --- Logging in ------------------------------------------------------------------------------------------------------


def test_log_in_with_the_password_leads_to_the_record(client, hanako):
    response = log_in(client)
    assert (response.status_code, response["Location"]) == (302, "/my/")
    assert is_logged_in(client)


def test_log_in_leads_to_where_the_person_wanted_to_go(client, hanako, disclosure):
    wanted = f"/my/disclosures/{disclosure.id}/"
    page = client.get(wanted, follow=True)
    form = next(form for form in read(page).all("form") if form["action"] == LOGIN)
    response = client.post(LOGIN, {**filled_in(form), "login": "hanako", "password": PASSWORD})
    assert response["Location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_log_in_does_not_lead_to_another_site(client, hanako, elsewhere):
    response = client.post(LOGIN, {"login": "hanako", "password": PASSWORD, "next": elsewhere})
    assert response["Location"] == "/my/"


def test_log_in_with_the_e_mail_address_works_too(client, hanako):
    hanako.email = "hanako@example.com"
    hanako.save()
    EmailAddress.objects.create(user=hanako, email=hanako.email, verified=True, primary=True)
    log_in(client, "hanako@example.com")
    assert is_logged_in(client)


def test_log_in_under_the_english_address_stays_english(client, hanako):
    assert log_in(client, path=f"/en{LOGIN}")["Location"] == "/en/my/"


def test_wrong_password_and_unknown_user_look_the_same(client, hanako):
    wrong = log_in(client, "hanako", "not the password")
    unknown = log_in(client, "nobody", "not the password")
    assert wrong.status_code == unknown.status_code == 200
    assert words_on(wrong) == words_on(unknown)
    assert read(wrong).all(role="alert")


def test_wrong_password_lets_nobody_in(client, hanako):
    log_in(client, password="not the password")
    assert not is_logged_in(client)


def test_inactive_person_does_not_get_in(client, hanako):
    User.objects.filter(pk=hanako.pk).update(is_active=False)
    log_in(client)
    assert not is_logged_in(client)


def test_guessing_is_stopped_even_when_the_last_guess_is_right(client, hanako):
    for guess in range(10):
        log_in(client, password=f"guess {guess}")
    response = log_in(client)
    assert response.status_code in (200, 429)
    assert not is_logged_in(client)


def test_person_whose_password_is_guessed_elsewhere_is_told_why(client, hanako):
    first = words_on(log_in(client, password="guess"))
    for guess in range(10):
        last = log_in(client, password=f"guess {guess}")
    assert words_on(last) != first


def test_guesses_are_counted_by_all_processes_together(client, hanako):
    for guess in range(5):
        caches["default"] = caches.create_connection("default")  # as in a process that has just started
        log_in(Client(), password=f"guess {guess}")
    log_in(client)
    assert not is_logged_in(client)


def test_log_in_forgets_its_own_count_and_no_other(client, hanako):
    for guess in range(4):
        log_in(client, password=f"guess {guess}")
    log_in(client)
    assert is_logged_in(client)


def test_guesses_at_others_reset_nobodys_count(client, hanako, taro):
    for guess in range(5):
        log_in(client, password=f"guess {guess}")
    for address in range(30):
        Client(REMOTE_ADDR=f"203.0.113.{address}").post(LOGIN, {"login": "taro", "password": "guess"})
    fresh = Client(REMOTE_ADDR="198.51.100.7")
    log_in(fresh)
    assert not is_logged_in(fresh)


# --- Who is kept out by whom -----------------------------------------------------------------------------------------


def from_address(last: int) -> Client:
    return Client(REMOTE_ADDR=f"8.8.8.{last}")


def guess(name: str, times: int, first: int = 0) -> None:
    """A stranger guesses, each time from another address."""
    for number in range(first, first + times):
        log_in(from_address(number), name, f"guess {number}")


def test_stranger_does_not_keep_an_owner_from_a_device_on_which_she_logged_in_before(hanako):
    owner = from_address(200)
    log_in(owner)
    owner.post("/accounts/logout/")
    assert not is_logged_in(owner)
    guess("hanako", 20)
    log_in(owner)
    assert is_logged_in(owner)


def test_guesses_from_the_owners_own_address_do_not_keep_her_device_out(hanako):
    owner = from_address(200)
    log_in(owner)
    owner.post("/accounts/logout/")
    for number in range(40):
        log_in(from_address(200), "hanako", f"guess {number}")
    log_in(owner)
    assert is_logged_in(owner)


def test_owner_of_a_guessed_account_gets_in_by_mail_on_any_device(reachable, settings):
    guess("hanako", 20)
    fresh = from_address(201)
    log_in(fresh)
    assert not is_logged_in(fresh)
    fresh.post(RESET, {"email": "hanako@example.com"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    page = fresh.get(link.removeprefix(settings.SITE_ADDRESS), follow=True)
    new = "another long pass phrase"
    fresh.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert is_logged_in(fresh)


def test_device_of_one_person_is_not_known_to_another(hanako, taro):
    device = from_address(200)
    log_in(device, "taro")
    device.post("/accounts/logout/")
    guess("hanako", 20)
    log_in(device)
    assert not is_logged_in(device)


def test_known_device_guesses_for_a_while_only(hanako):
    device = from_address(200)
    log_in(device)
    device.post("/accounts/logout/")
    for number in range(10):
        log_in(device, password=f"guess {number}")
    log_in(device)
    assert not is_logged_in(device)


def test_known_device_guesses_so_often_a_day(hanako, time_machine):
    """Also where a page asks somebody who is logged in for the password again."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    device = from_address(200)
    time_machine.move_to(start, tick=False)
    log_in(device)
    for round in range(5):
        time_machine.move_to(start + timedelta(minutes=6 * (round + 1)), tick=False)
        for number in range(10):
            log_in(device, password=f"guess {number}", path="/accounts/reauthenticate/")
    time_machine.move_to(start + timedelta(hours=2), tick=False)
    assert log_in(device, path="/accounts/reauthenticate/").status_code == 200
    time_machine.move_to(start + timedelta(days=2), tick=False)
    assert log_in(device, path="/accounts/reauthenticate/").status_code == 302


def test_links_by_mail_that_are_asked_for_too_often_are_refused_on_a_page_of_ours(as_hanako):
    for number in range(21):
        page = as_hanako.post("/accounts/password/reset/", {"email": f"no-{number}@example.jp"})
    assert page.status_code == 429 and read(page).one("h1").text == "試行回数が多すぎます"
    assert read(page).one(cls="exit-bar")


@pytest.mark.parametrize("value", ["", "made-up", "eyJhIjoxfQ:1abc:def"])
def test_cookie_that_is_not_ours_makes_no_device_known(hanako, value):
    guess("hanako", 20)
    device = from_address(200)
    device.cookies[COOKIE_NAME] = value
    log_in(device)
    assert not is_logged_in(device)


def test_cookie_of_a_known_device_tells_no_name(client, hanako):
    cookie = log_in(client).cookies[COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert "hanako" not in str(signing.loads(cookie.value, salt=SALT))


def test_many_look_ups_make_no_room_for_more_guesses(client, hanako):
    guess("hanako", 5)
    for number in range(50):
        form = {"reference": f"PC-2611-0000-{number:04}", "email": "a@example.com"}
        from_address(number).post("/contact/requests/", form)
    log_in(from_address(200))
    fresh = from_address(201)
    log_in(fresh)
    assert not is_logged_in(fresh)


def test_address_without_an_account_gets_one_mail_a_day(client):
    for number in range(3):
        from_address(number).post(RESET, {"email": "Nobody@example.com"})
        from_address(number).post(RESET, {"email": "nobody@example.com"})
        from_address(number).post(RESET, {"email": f"nobody+{number}@example.com"})
    assert len(mail.outbox) == 1


def test_log_in_page_shows_itself_to_nobody_who_is_in(as_hanako):
    assert as_hanako.get(LOGIN)["Location"] == "/my/"


def test_session_changes_its_key_on_log_in(client, hanako):
    client.get(LOGIN)
    before = client.session.session_key
    log_in(client)
    assert client.session.session_key != before


# --- Those who cannot ------------------------------------------------------------------------------------------------


@pytest.fixture
def reported(reporter):
    """A person known by a report alone."""
    record_disclosures(events=[an_event(subject="subject-not-seen-before")], by=reporter)
    return User.objects.get(subject="subject-not-seen-before")


@pytest.mark.parametrize("login", ["subject-not-seen-before", "", "None"])
@pytest.mark.parametrize("password", ["", "!", PASSWORD])
def test_person_made_by_a_report_cannot_log_in(client, reported, login, password):
    log_in(client, login, password)
    assert not is_logged_in(client)


def test_person_made_by_a_report_has_no_password(reported):
    assert not reported.has_usable_password()
    assert reported.username is None


def test_several_people_made_by_reports_do_not_get_in_each_others_way(reporter):
    record_disclosures(events=[an_event("1", subject="one"), an_event("2", subject="two")], by=reporter)
    assert User.objects.filter(username=None).count() == 2


def test_signup_is_closed(client):
    assert read(client.get("/accounts/signup/")).one("main").all("input", type="password") == []


def test_signup_form_sent_anyway_makes_no_account(client):
    form = {"username": "new", "email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", form)
    assert User.objects.count() == 0
    assert not is_logged_in(client)


# --- Forgotten password ----------------------------------------------------------------------------------------------


@pytest.fixture
def reachable(hanako):
    """hanako with an e-mail address."""
    hanako.email = "hanako@example.com"
    hanako.save()
    EmailAddress.objects.create(user=hanako, email=hanako.email, verified=True, primary=True)
    return hanako


def test_password_reset_does_not_tell_whether_there_is_an_account(client, reachable):
    answers = [client.post(RESET, {"email": address}) for address in ("hanako@example.com", "nobody@example.com")]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0]["Location"] == answers[1]["Location"]
    assert "example.com" not in client.get(answers[0]["Location"]).content.decode()


def test_password_reset_sends_a_link_to_the_account_alone(client, reachable):
    for address in ("hanako@example.com", "nobody@example.com"):
        client.post(RESET, {"email": address})
    assert [message.to for message in mail.outbox if "/accounts/password/reset/key/" in message.body] == [
        ["hanako@example.com"]
    ]


def test_password_can_be_chosen_anew_through_the_link(client, reachable, settings):
    client.post(RESET, {"email": "hanako@example.com"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    page = client.get(link.removeprefix(settings.SITE_ADDRESS), follow=True)
    new = "another long pass phrase"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    log_in(client, password=new)
    assert is_logged_in(client)


@pytest.fixture
def other_host(settings):
    """A second name under which the site answers, and which no mail names."""
    settings.ALLOWED_HOSTS, settings.SITE_ADDRESS = ["*"], "https://privacy.example"
    return {"HTTP_HOST": "evil.example", "REMOTE_ADDR": "198.51.100.7"}


def links(message) -> set[str]:
    return {word for word in message.body.split() if "://" in word}


def test_link_of_a_password_reset_leads_to_our_address_whatever_the_host(client, reachable, other_host):
    client.post(RESET, {"email": "hanako@example.com"}, **other_host)
    client.post(RESET, {"email": "nobody@example.com"}, **other_host)
    assert len(mail.outbox) == 2
    assert all(link.startswith("https://privacy.example/accounts/") for link in links(mail.outbox[0]))
    assert links(mail.outbox[0]) and "evil" not in "".join(one.subject + one.body for one in mail.outbox)
    assert all("privacy.example" in one.body for one in mail.outbox)


def test_link_that_proves_an_address_leads_to_our_address_whatever_the_host(client, hanako, other_host):
    log_in(client)
    client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/en/accounts/email/", {"email": "new@example.com", "action_add": ""}, **other_host)
    (asking,) = [one for one in mail.outbox if one.to == ["new@example.com"]]
    assert all(link.startswith("https://privacy.example/en/accounts/confirm-email/") for link in links(asking))
    assert links(asking) and "evil" not in asking.body


# --- Logging out -----------------------------------------------------------------------------------------------------


def test_reading_the_log_out_page_logs_nobody_out(as_hanako):
    assert as_hanako.get("/accounts/logout/").status_code == 200
    assert is_logged_in(as_hanako)


def test_log_out_ends_the_session_and_leads_home(as_hanako):
    response = as_hanako.post("/accounts/logout/")
    assert response["Location"] == "/"
    assert not is_logged_in(as_hanako)


def test_every_page_of_the_record_offers_to_log_out(as_hanako):
    for path in ("/my/", "/my/disclosures/", "/my/recipients/", "/my/requests/", "/my/decisions/"):
        actions = [form["action"] for form in read(as_hanako.get(path)).all("form") if form["method"] == "post"]
        assert "/accounts/logout/" in actions


# --- The company's log-in --------------------------------------------------------------------------------------------


@pytest.fixture
def company(settings):
    """The company's log-in, configured."""
    app = {"provider_id": "company", "name": "SSO", "client_id": "id", "secret": "secret"}
    app["settings"] = {"server_url": "https://login.example/"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    settings.LOG_INS_ELSEWHERE = {
        "company": {"issuer": "https://login.example/", "client_id": "id", "client_secret": "secret"}
    }


def sso_request(rf):
    request = rf.get("/accounts/oidc/company/login/callback/")
    request.user, request.session = AnonymousUser(), SessionStore()
    request._messages = FallbackStorage(request)
    return request


def vouched(request, subject, **data) -> SocialLogin:
    """What the company's log-in says about who came."""
    provider = get_adapter(request).get_provider(request, "company")
    login = provider.sociallogin_from_response(request, {"userinfo": {"sub": subject, **data}})
    login.state = {}
    return login


def arrive(rf, subject, **data):
    """Come through the company's log-in. Returns the person that is then logged in."""
    request = sso_request(rf)
    with request_context(request):
        complete_social_login(request, vouched(request, subject, **data))
    return request.user


def test_company_log_in_claims_the_record_kept_under_its_subject(rf, company, reported):
    person = arrive(rf, "subject-not-seen-before", name="花子", email="h@example.com")
    assert person == reported
    assert person.disclosures.count() == 1


def test_company_log_in_finds_the_same_person_again(rf, company, reported):
    arrive(rf, "subject-not-seen-before")
    assert arrive(rf, "subject-not-seen-before") == reported
    assert SocialAccount.objects.filter(user=reported).count() == 1


def test_company_log_in_of_someone_new_makes_a_person_without_a_user_name(rf, company):
    person = arrive(
        rf, "subject-new", name="新しい人", email="new@example.com", username="new", preferred_username="new"
    )
    assert (person.subject, person.username, person.display_name) == ("subject-new", None, "新しい人")
    assert not person.has_usable_password()


def test_company_log_in_of_two_new_people_makes_two(rf, company):
    assert arrive(rf, "subject-1") != arrive(rf, "subject-2")


def test_company_log_in_does_not_claim_by_e_mail_address(rf, company, reachable):
    person = arrive(rf, "subject-somebody-else", email="hanako@example.com")
    assert person != reachable
    assert not SocialAccount.objects.filter(user=reachable).exists()


def test_company_log_in_does_not_claim_by_user_name(rf, company, hanako):
    assert arrive(rf, "subject-somebody-else", preferred_username="hanako", name="hanako") != hanako


def test_company_log_in_of_an_inactive_person_lets_nobody_in(rf, company):
    make_user("gone", is_active=False)
    assert not arrive(rf, "subject-gone").is_authenticated


def test_company_log_in_works_for_someone_whose_e_mail_address_is_known_here(rf, company, reachable):
    person = arrive(rf, "subject-somebody-else", email="hanako@example.com", email_verified=True)
    assert person.is_authenticated and person.subject == "subject-somebody-else"


def test_log_in_page_offers_the_company_log_in_when_there_is_one(client, company):
    page = read(client.get(LOGIN)).one("main")
    addresses = [element["href"] or element["action"] or "" for element in page.descendants]
    assert any("/accounts/oidc/company/login/" in address for address in addresses)
