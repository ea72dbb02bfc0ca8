"""Mails to staff about what is new at the desk: as often as each chose, for what each may see, naming nobody."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from consents.incidents.actions import open_incident, take_incident_step
from consents.incidents.news import incident_news
from consents.models import RecallKind
from consents.recalls.about import EVERYTHING
from consents.recalls.actions import file_recall
from disclosures.inquiries.actions import Filing, file_inquiry
from disclosures.inquiries.numbers import new_token
from disclosures.models import IncidentStepKind, InquiryKind, StaffMail, StaffMailChoice
from disclosures.staff_mails import actions
from disclosures.staff_mails.actions import choose_staff_mails, write_to_staff
from privacycenter.models import User
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.events import a_survey_event, an_event, record

pytestmark = pytest.mark.django_db

NINE = timezone.make_aware(datetime(2026, 12, 1, 9, 0))


@pytest.fixture
def reachable(officer, editor):
    """The officer and the editor have addresses."""
    for staff in (officer, editor):
        User.objects.filter(pk=staff.pk).update(email=f"{staff.username}@example.com")
    officer.refresh_from_db()
    return officer


def told(at) -> list[str]:
    """Whom the worker writes to at this moment, and what it says."""
    mail.outbox.clear()
    with clock_at(at):
        write_to_staff()
        work_off()
    return [f"{message.to[0]} {message.body}" for message in mail.outbox]


def test_officer_is_told_of_new_cases_and_editors_are_not(reachable, reporter, hanako):
    with clock_at(NINE - timedelta(hours=1, minutes=30)):
        record(reporter, a_survey_event())
    (message,) = told(NINE)
    assert message.startswith("officer@example.com") and "新しい案件:1件" in message and "/admin/cases/" in message
    assert "hanako" not in message and "northwind" not in message.lower()


def test_daily_mail_comes_once_a_day_from_the_morning_on(reachable, reporter, hanako):
    with clock_at(NINE - timedelta(hours=3)):
        record(reporter, a_survey_event())
    assert told(NINE - timedelta(hours=2)) == []
    assert len(told(NINE)) == 1
    with clock_at(NINE + timedelta(minutes=5)):
        record(reporter, a_survey_event("of the same case"))
        record(reporter, an_event("of another", items=("birth-date",)))
    assert told(NINE + timedelta(minutes=10)) == []
    (message,) = told(NINE + timedelta(days=1))
    assert "新しい案件:1件" in message
    assert told(NINE + timedelta(days=2)) == []


def test_who_wants_it_at_once_is_told_within_minutes_and_who_wants_none_never(reachable, reporter, hanako):
    choose_staff_mails(frequency="at_once", language="en", by=reachable)
    with clock_at(NINE - timedelta(hours=4)):
        record(reporter, a_survey_event())
    (message,) = told(NINE - timedelta(hours=3, minutes=50))
    assert "1 new case" in message and "/en/admin/cases/" in message
    choose_staff_mails(frequency="never", language="en", by=reachable)
    with clock_at(NINE):
        record(reporter, a_survey_event("survey-2"))
    assert told(NINE + timedelta(minutes=10)) == []


def test_what_became_overdue_is_told_once(reachable, hanako, reporter):
    with clock_at(NINE - timedelta(days=14, hours=2)):
        record(reporter, an_event())
        file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    told(NINE - timedelta(days=13))
    (message,) = told(NINE)
    assert "期限が過ぎた請求案件:1件" in message
    assert told(NINE + timedelta(days=1)) == []


def test_report_about_an_incident_is_told_of_a_day_before_and_when_it_is_overdue(reachable):
    choose_staff_mails(frequency="at_once", language="en", by=reachable)
    with clock_at(NINE):
        made = open_incident(title="x", noticed_at=NINE, by=reachable)
    told(NINE + timedelta(days=3))
    (message,) = told(NINE + timedelta(days=4, minutes=1))
    assert "Due within a day: First report" in message
    with clock_at(NINE + timedelta(days=4, hours=1)):
        take_incident_step(incident=made, kind=IncidentStepKind.REPORTED_FIRST, by=reachable)
    assert told(NINE + timedelta(days=5, minutes=1)) == []
    assert "Overdue: Final report" in "".join(told(NINE + timedelta(days=30, minutes=1)))


def test_request_is_told_of_when_it_comes_three_days_before_it_is_due_and_once_overdue(reachable):
    with clock_at(NINE - timedelta(hours=2)):
        filing = Filing(new_token(), InquiryKind.QUESTION, "花子", "h@example.com", "教えてください。", "", "ja")
        file_inquiry(filing=filing, is_mail_sent=False, by=None)
    (message,) = told(NINE)
    assert "花子" not in message and "/admin/inquiries/" in message
    assert [len(told(NINE + timedelta(days=days))) for days in (10, 11, 14)] == [0, 1, 0]
    (message,) = told(NINE + timedelta(days=15))
    assert "期限" in message and told(NINE + timedelta(days=16)) == []


def test_who_cannot_be_reached_is_not_planned(officer, reporter, hanako):
    record(reporter, a_survey_event())
    assert officer.email == "" or not User.objects.filter(pk=officer.pk).update(email="")
    assert told(NINE + timedelta(days=400)) == [] and not StaffMail.objects.exists()


def test_staff_choose_at_the_desk(as_officer, as_hanako, officer):
    assert as_officer.get("/admin/mails/").status_code == 200
    assert as_officer.post("/admin/mails/", {"frequency": "hourly", "language": "ja"}).status_code == 422
    assert as_officer.post("/admin/mails/", {"frequency": "at_once", "language": "en"}).status_code == 302
    chosen = StaffMailChoice.objects.get()
    assert (chosen.staff_id, chosen.frequency, chosen.language) == (officer.pk, "at_once", "en")
    assert as_hanako.post("/admin/mails/", {"frequency": "never", "language": "en"}).status_code == 302
    assert StaffMailChoice.objects.count() == 1


def test_incident_that_is_opened_late_is_news_with_what_is_due(officer):
    """It was noticed 60 hours ago: its report is due in 12."""
    before = timezone.now()
    open_incident(title="x", noticed_at=before - timedelta(hours=60), is_under_gdpr=True, by=officer)
    texts = [news.text for news in incident_news(before, timezone.now())]
    assert texts[0] == "事案 1 件が新たに登録されました" and len([text for text in texts if "GDPR" in text]) == 1
    assert not list(incident_news(timezone.now(), timezone.now() + timedelta(hours=11)))


def test_one_whose_news_cannot_be_found_keeps_nobody_from_theirs(reachable, editor, monkeypatch):
    written = []

    def fail_for_the_first(*, staff):
        written.append(staff.pk)
        if len(written) == 1:
            raise ValueError("broken")

    monkeypatch.setattr(actions, "plan_staff_mail", fail_for_the_first)
    write_to_staff()
    assert {reachable.pk, editor.pk} <= set(written)
