"""The calendar of the desk: what has its day, for whom, and the secret address for one's own calendar program."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosures.calendar.actions import end_calendar_address, renew_calendar_address
from disclosures.calendar.events import Event
from disclosures.calendar.icalendar import icalendar
from disclosures.calendar.sources import a_year_after
from disclosures.models import CalendarAddress, Recipient, Service
from disclosures.proposals.actions import approve_proposal, propose_publication, withdraw_proposal
from privacycenter.models import User
from tests.support.clock import clock_at
from tests.support.content import retitle
from tests.support.html import read
from tests.support.people import client_of

pytestmark = pytest.mark.django_db

NOW = timezone.make_aware(datetime(2026, 12, 1, 9, 0))
NEXT_WEEK = NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def at_nine():
    with clock_at(NOW):
        yield


def propose(by, publish_at=NEXT_WEEK):
    retitle()
    return propose_publication(reason="秘密の理由", publish_at=publish_at, by=by)


def page_of(client, prefix="/en"):
    return read(client.get(f"{prefix}/admin/calendar/")).one("main").text


def file_of(secret) -> str:
    response = Client().get(f"/calendar/{secret}.ics")
    assert response.status_code == 200 and response["Content-Type"].startswith("text/calendar")
    assert "no-store" in response["Cache-Control"]
    return response.content.decode().replace("\r\n ", "")


def test_empty_calendar_says_so(as_editor):
    assert "Nothing has its day yet" in page_of(as_editor)


def test_set_time_is_shown_until_it_is_withdrawn(as_editor, writer, publisher):
    proposal = propose(writer)
    assert "To be published, if it is approved: Proposal" in page_of(as_editor) and "秘密の理由" in page_of(as_editor)
    approve_proposal(proposal=proposal, by=publisher)
    assert "To be published: Proposal" in page_of(as_editor)
    withdraw_proposal(proposal=proposal, by=writer)
    assert "Nothing has its day yet" in page_of(as_editor)


def test_dates_in_content_are_shown(as_editor):
    Recipient.objects.filter(code="minato-inn").update(on_hold_from=NOW - timedelta(days=1), on_hold_until=NEXT_WEEK)
    Service.objects.filter(code="jalan").update(retired_at=NEXT_WEEK)
    text = page_of(as_editor)
    assert "A recipient’s hold ends: " in text and "Something is retired: " in text
    assert "A recipient goes on hold" not in text


def test_check_that_is_a_year_old_is_overdue(as_editor):
    Recipient.objects.filter(code="minato-inn").update(
        basis_abroad="equivalent_system", basis_checked_on=date(2025, 11, 1)
    )
    text = page_of(as_editor)
    assert "Overdue" in text and "A recipient’s equivalent system is to be checked again: " in text


def test_hidden_from_who_may_not_see_the_content(as_hanako):
    assert as_hanako.get("/admin/calendar/").status_code == 302


def test_calendar_costs_the_same_for_many_days(as_editor, django_assert_num_queries):
    country = Recipient.objects.first().country
    Recipient.objects.create(code="r", title="宿", country=country, on_hold_from=NEXT_WEEK)
    with CaptureQueriesContext(connection) as few:
        as_editor.get("/admin/calendar/")
    for number in range(119):
        Recipient.objects.create(code=f"r-{number}", title="宿", country=country, on_hold_from=NEXT_WEEK)
    with django_assert_num_queries(len(few)):
        page = as_editor.get("/admin/calendar/").content.decode()
    assert page.count("<time") == 100 and "page=2" in page


def test_own_address_is_shown_once_and_needs_no_login(as_editor, writer):
    propose(writer)
    shown = as_editor.post("/en/admin/calendar/", {"do": "renew"}).content.decode()
    secret = shown.partition("/calendar/")[2].partition(".ics")[0]
    assert f"/calendar/{secret}.ics" in shown and secret not in as_editor.get("/en/admin/calendar/").content.decode()
    assert not CalendarAddress.objects.filter(digest__contains=secret).exists()
    text = file_of(secret)
    assert "DTSTART:20261208T000000Z" in text and "秘密の理由" not in text
    assert "/admin/proposals/" in text


def test_renewed_and_ended_addresses_lead_nowhere(editor, as_editor):
    first, second = renew_calendar_address(by=editor), renew_calendar_address(by=editor)
    assert Client().get(f"/calendar/{first}.ics").status_code == 404
    file_of(second)
    as_editor.post("/admin/calendar/", {"do": "end"})
    assert Client().get(f"/calendar/{second}.ics").status_code == 404
    assert end_calendar_address(by=editor) is False


def test_address_of_who_left_leads_nowhere(editor):
    secret = renew_calendar_address(by=editor)
    User.objects.filter(pk=editor.pk).update(is_staff=False)
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404


def test_address_tells_what_its_owner_may_see_alone(editor, writer):
    propose(writer)
    secret = renew_calendar_address(by=editor)
    assert file_of(secret).count("BEGIN:VEVENT") == 1
    editor.groups.clear()
    assert file_of(secret).count("BEGIN:VEVENT") == 0


def test_secret_that_nobody_has_is_not_found():
    assert Client().get("/calendar/x.ics").status_code == 404
    assert client_of(User.objects.create(username="x")).get("/calendar/.ics").status_code == 404


def test_lines_are_folded_and_signs_escaped():
    event = Event("key", date(2027, 2, 28), "長い" * 40 + "a;b,c\\d\n", "題", "/admin/x/", "")
    text = icalendar([event], name="n", site="https://privacy.example", now=NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "a\\;b\\,c\\\\d\\n" in text.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20270228\r\n" in text and "UID:key@privacy.example\r\n" in text


@pytest.mark.parametrize(("day", "due"), [(date(2024, 2, 29), date(2025, 2, 28)), (date(2025, 3, 1), date(2026, 3, 1))])
def test_check_is_due_on_the_same_day_of_the_next_year(day, due):
    assert a_year_after(day) == due
