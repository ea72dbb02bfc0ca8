"""A log-in from a new device is told to its person; known ones are not, and are forgotten in time."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from consents.models import Frequency, NoticeKind
from consents.notices.actions import choose_preference
from privacycenter.accounts.known_devices import note_device
from privacycenter.accounts.retention import TOLD_FOR
from privacycenter.models import KnownDevice
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.html import read
from tests.support.people import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
DAY = timedelta(days=1)


@pytest.fixture
def reachable(hanako):
    hanako.email = "hanako@example.com"
    hanako.save()
    return hanako


def log_in(client=None, username="hanako", **headers) -> Client:
    client = client or Client(headers=headers)
    client.post("/accounts/logout/")
    response = client.post(LOGIN, {"login": username, "password": PASSWORD})
    assert response.status_code == 302
    work_off()
    return client


def told(person) -> int:
    return person.notices.filter(kind=NoticeKind.NEW_DEVICE).count()


def test_first_log_in_of_all_is_no_news(reachable):
    log_in()
    assert (told(reachable), reachable.known_devices.count(), mail.outbox) == (0, 1, [])


def test_log_in_from_a_new_device_is_told_here_and_by_mail(reachable, settings):
    log_in()
    there = log_in(**{"user-agent": PHONE})
    assert told(reachable) == 1
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["hanako@example.com"], "新しい端末からログインがありました")
    assert "Safari, iPhone" in message.body and f"{settings.SITE_ADDRESS}/my/settings/log-in/" in message.body
    links = {link["href"] for link in read(there.get("/my/notices/")).one("main").all("a")}
    assert "/my/settings/log-in/" in links


def test_known_device_is_no_news(reachable):
    first, second = log_in(), log_in()
    log_in(first)
    log_in(second)
    assert (told(reachable), len(mail.outbox), reachable.known_devices.count()) == (1, 1, 2)


def test_device_of_one_person_is_new_to_another(reachable, taro):
    log_in(username="taro")
    log_in(log_in(), "taro")
    assert (told(taro), told(reachable)) == (1, 0)
    assert len({device.id for device in KnownDevice.objects.all()}) == 3


@pytest.mark.parametrize("frequency", [Frequency.NEVER, Frequency.WEEKLY])
def test_mail_about_safety_comes_whatever_the_person_chose(reachable, frequency):
    choose_preference(frequency=frequency, by=reachable)
    log_in()
    log_in()
    assert len(mail.outbox) == 1


def test_mail_is_in_the_language_of_the_person(reachable):
    choose_preference(language="en", by=reachable)
    log_in()
    log_in(**{"user-agent": "curl"})
    assert mail.outbox[0].subject == "A log-in from a new device" and "An unknown browser" in mail.outbox[0].body


def test_person_without_an_address_is_told_here_alone(hanako):
    log_in()
    log_in()
    assert (told(hanako), mail.outbox) == (1, [])


def test_cookie_that_is_made_up_makes_nothing_known(reachable):
    log_in()
    client = Client()
    client.cookies["known_device"] = "made-up"
    log_in(client)
    assert told(reachable) == 1


def test_wrong_password_makes_no_device_known(reachable):
    Client().post(LOGIN, {"login": "hanako", "password": "wrong"})
    assert not reachable.known_devices.exists()


@pytest.mark.parametrize("user_agent", ["", "x" * 5000, "\0\0"])
def test_odd_name_of_a_browser_keeps_nobody_out(reachable, user_agent):
    log_in(**{"user-agent": user_agent})
    assert reachable.known_devices.get().user_agent == user_agent.replace("\0", "")[:200]


def test_known_device_costs_one_statement(hanako, django_assert_num_queries):
    note_device(person=hanako, number="n", user_agent="x")
    with django_assert_num_queries(3):  # a savepoint around it
        note_device(person=hanako, number="n", user_agent="x")


# --- Retention -------------------------------------------------------------------------------------------------------


def purge(capsys, after=timedelta(), *more) -> str:
    with clock_at(timezone.now() + after):
        call_command("purge_expired", *more)
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def clock_of_the_database(monkeypatch):
    """On PostgreSQL the purge goes by the database's clock, which stands at now."""
    monkeypatch.setattr("consents.management.commands.purge_expired.database_now", timezone.now)


def test_session_that_is_open_stays(hanako, capsys):
    client = log_in()
    purge(capsys)
    assert client.get("/my/").status_code == 200 and UserSession.objects.count() == 1


def test_session_goes_with_its_address_and_browser_some_days_after_its_end(hanako, capsys):
    log_in()
    end = Session.objects.get().expire_date - timezone.now()
    purge(capsys, end + TOLD_FOR - DAY)
    assert Session.objects.count() == UserSession.objects.count() == 1
    said = purge(capsys, end + TOLD_FOR + DAY, "--dry-run")
    assert Session.objects.count() == 1 and "1 ended sessions would be removed" in said
    said = purge(capsys, end + TOLD_FOR + DAY)
    assert Session.objects.count() == UserSession.objects.count() == 0
    assert "1 ended sessions removed" in said and "1 addresses and browsers of ended sessions removed" in said


def test_address_of_a_session_that_was_ended_goes_at_once(hanako, capsys):
    log_in()
    Session.objects.all().delete()
    purge(capsys)
    assert not UserSession.objects.exists()


def test_device_is_forgotten_a_year_after_its_latest_log_in(hanako, capsys):
    log_in()
    purge(capsys, 364 * DAY)
    assert KnownDevice.objects.count() == 1
    assert "1 devices not used for a year removed" in purge(capsys, 366 * DAY)
    assert not KnownDevice.objects.exists()
