"""How long a log-in lasts, on the server, and what is said afterwards."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacycenter.models import User
from tests.support.clock import clock_at
from tests.support.html import read
from tests.support.people import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def logged_in(username) -> Client:
    client = Client()
    client.post(LOGIN, {"login": username, "password": PASSWORD})
    return client


def is_in(client, after: timedelta, path="/my/") -> bool:
    with clock_at(timezone.now() + after):
        return client.get(path).status_code == 200


def visits(client, *, every: timedelta, until: timedelta, path="/my/") -> timedelta:
    """Read the page again and again. Returns how long that worked."""
    worked, now = timedelta(), timezone.now()
    while worked < until:
        with clock_at(now + worked + every):
            if client.get(path).status_code != 200:
                break
        worked += every
    return worked


def said(client, path, after: timedelta) -> str:
    with clock_at(timezone.now() + after):
        page = client.get(path, follow=True)
        assert unquote(page.redirect_chain[-1][0]) == f"{LOGIN}?next={path}"
        return read(page).one("main").text


# --- People ----------------------------------------------------------------------------------------------------------


def test_log_in_of_a_person_ends_after_30_days_however_much_it_is_used(hanako):
    worked = visits(logged_in("hanako"), every=2 * DAYS, until=40 * DAYS)
    assert 26 * DAYS < worked < 30 * DAYS


def test_log_in_of_a_person_ends_when_it_is_not_used_for_14_days(hanako):
    client = logged_in("hanako")
    assert not is_in(client, 14 * DAYS + MINUTES)


def test_log_in_of_a_person_that_is_used_goes_on(hanako):
    client = logged_in("hanako")
    assert is_in(client, 10 * DAYS) and is_in(client, 20 * DAYS)


# --- Staff -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/my/", "/admin/"])
def test_log_in_of_staff_ends_when_it_is_not_used_for_30_minutes(officer, path):
    client = logged_in("officer")
    assert is_in(client, 29 * MINUTES, path)
    assert not is_in(client, 60 * MINUTES, path)


def test_log_in_of_staff_ends_after_12_hours_however_much_it_is_used(officer):
    worked = visits(logged_in("officer"), every=20 * MINUTES, until=14 * HOURS, path="/admin/")
    assert 11 * HOURS < worked < 12 * HOURS


def test_role_given_while_somebody_is_logged_in_opens_no_desk(hanako):
    client = logged_in("hanako")
    User.objects.filter(pk=hanako.pk).update(is_staff=True)
    page = client.get("/admin/", follow=True)
    assert unquote(page.redirect_chain[-1][0]) == f"{LOGIN}?next=/admin/"
    assert "次のログインから有効" in read(page).one("main").text
    client.post(LOGIN, {"login": "hanako", "password": PASSWORD})
    assert client.get("/admin/").status_code == 200


def test_role_taken_away_closes_the_desk_at_once(officer):
    client = logged_in("officer")
    User.objects.filter(pk=officer.pk).update(is_staff=False)
    assert client.get("/admin/", follow=True).status_code == 403


# --- The end ---------------------------------------------------------------------------------------------------------


def test_end_is_kept_on_the_server_whatever_the_cookie_says(hanako):
    client = logged_in("hanako")
    client.cookies["sessionid"]["max-age"] = 10**9
    assert not is_in(client, 31 * DAYS)


def test_session_of_before_the_ends_is_over(hanako):
    client = logged_in("hanako")
    session = client.session
    session.pop("began_at")
    session.save()
    assert not is_in(client, timedelta())


def test_person_is_told_why_the_log_in_ended_and_is_led_back(hanako, officer):
    assert "14日使われなかった" in said(logged_in("hanako"), "/my/decisions/", 15 * DAYS)
    assert "30分使われなかった" in said(logged_in("officer"), "/admin/", HOURS)


def test_person_is_told_that_it_was_too_long(officer):
    client = logged_in("officer")
    visits(client, every=20 * MINUTES, until=11 * HOURS + 50 * MINUTES, path="/admin/")
    assert "12時間まで" in said(client, "/admin/", 12 * HOURS)


def test_person_logged_out_elsewhere_is_told_so(hanako):
    here, there = logged_in("hanako"), logged_in("hanako")
    here.post("/my/settings/other-sessions/ends/")
    assert "ログインは終了しています" in said(there, "/my/", timedelta())


def test_stranger_is_told_of_no_end(client, hanako):
    page = client.get("/my/", follow=True)
    assert "終了" not in read(page).one("main").text


def test_page_for_anyone_says_nothing_of_an_end_and_sets_no_cookie(hanako):
    client = logged_in("hanako")
    with clock_at(timezone.now() + 15 * DAYS):
        response = client.get("/")
    assert response.status_code == 200 and not response.cookies


def test_new_log_in_begins_anew(hanako):
    client = logged_in("hanako")
    with clock_at(timezone.now() + 29 * DAYS):
        client.post("/accounts/logout/")
        client.post(LOGIN, {"login": "hanako", "password": PASSWORD})
    assert is_in(client, 32 * DAYS)


# --- What reading writes ---------------------------------------------------------------------------------------------


def written(client, path) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(path).status_code == 200
    return [
        one["sql"] for one in found if not one["sql"].lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]


@pytest.mark.parametrize(("username", "path", "soon", "later"), [
    ("hanako", "/my/decisions/", 23 * HOURS, 25 * HOURS), ("officer", "/admin/", MINUTES, 3 * MINUTES),
])  # fmt: skip
def test_use_is_written_now_and_then(hanako, officer, username, path, soon, later):
    client, now = logged_in(username), timezone.now()
    client.get(path)
    with clock_at(now + soon):
        assert written(client, path) == []
    with clock_at(now + later):
        (renewal,) = written(client, path)
        assert renewal.startswith('UPDATE "django_session" SET "expire_date"')
        assert written(client, path) == []


def test_renewal_brings_back_no_session_that_has_just_ended(hanako):
    client = logged_in("hanako")
    store = client.session
    store.load()
    Session.objects.all().delete()
    with clock_at(timezone.now() + 2 * DAYS):
        store.renew()
    assert not Session.objects.exists()


@pytest.mark.parametrize("wanted", ["//[", "https://[", "//\u2100/", "https://a:x/", "x", "//evil.example/", "?"])
def test_log_in_leads_to_no_address_that_is_none_of_ours(client, as_editor, wanted):
    assert client.get(LOGIN, {"next": wanted}).status_code == 200
    assert as_editor.get("/admin/login/", {"next": wanted})["Location"] == "/admin/"
