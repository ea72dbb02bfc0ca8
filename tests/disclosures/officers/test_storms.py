"""A storm of warnings from one reporter raises one alarm, and the reporter can be paused: nothing of it is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consents.checking.checks import Reason
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Disclosure, ReporterStep, ReporterStepKind
from disclosures.officers import storm_actions
from disclosures.officers.metrics import case_metrics
from disclosures.officers.news import case_news
from disclosures.officers.storm_actions import raise_storm, raise_storms
from disclosures.reporters.pause_actions import pause_reporter, resume_reporter, settle_storm
from disclosures.reporters.pauses import storms
from privacycenter.errors import ReporterPaused
from tests.support.api import cloud_event
from tests.support.clock import clock_at
from tests.support.database import at_once
from tests.support.events import a_survey_event, an_event, record
from tests.support.html import read
from tests.support.staging import publish_scenario

pytestmark = pytest.mark.django_db

WHY = "設定を確かめるため"


@pytest.fixture
def storm(monkeypatch, reporter, hanako):
    """Three events of one reporter, of which more than two are a storm."""
    monkeypatch.setattr(storm_actions, "STORM_EVENTS", 2)
    record(reporter, *(a_survey_event(f"s-{number}") for number in range(3)))
    return reporter


def kinds() -> list[int]:
    return list(ReporterStep.objects.order_by("pk").values_list("kind", flat=True))


def paused(reporter, officer):
    pause_reporter(reporter=reporter, reason=WHY, by=officer)
    reporter.refresh_from_db()
    return reporter


# --- The alarm -------------------------------------------------------------------------------------------------------


def test_storm_raises_one_alarm_until_an_officer_settles_it(storm, officer):
    raise_storms()
    record(storm, a_survey_event("more"))
    raise_storms()
    (alarm,) = storms()
    assert (alarm.reporter, alarm.event_count, kinds()) == (storm, 3, [ReporterStepKind.STORM])
    settle_storm(reporter=storm, reason="一度だけの誤り", by=officer)
    raise_storms()
    assert storms() == [] and kinds() == [ReporterStepKind.STORM, ReporterStepKind.SETTLED]
    record(storm, *(a_survey_event(f"again-{number}") for number in range(3)))
    raise_storms()
    assert len(storms()) == 1


def test_few_events_old_ones_and_missing_evidence_raise_none(monkeypatch, reporter, hanako):
    monkeypatch.setattr(storm_actions, "STORM_EVENTS", 2)
    with clock_at(timezone.now() - timedelta(minutes=61)):
        record(reporter, *(a_survey_event(f"old-{number}") for number in range(3)))
    publish_scenario("online-booking", evidence="act")
    record(reporter, *(an_event(f"plain-{number}") for number in range(3)), a_survey_event("1"), a_survey_event("2"))
    raise_storms()
    assert kinds() == []


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_workers_raise_one_alarm(world, storm):
    at_once(lambda: raise_storm(reporter=storm), lambda: raise_storm(reporter=storm))
    assert kinds() == [ReporterStepKind.STORM]


def test_alarm_is_in_the_metrics_the_mails_and_above_the_desk(storm, officer, as_officer, as_editor):
    before = timezone.now()
    raise_storms()
    values = {metric.name: metric.samples[-1].value for metric in case_metrics()}
    assert (values["privacycenter_report_storms"], values["privacycenter_paused_reporters"]) == (1, 0)
    texts = [news.text for news in case_news(before, timezone.now())]
    assert any(storm.title in text for text in texts)
    way = f"/admin/disclosures/reporter/{storm.pk}/pause/"
    assert read(as_officer.get("/admin/")).one("p", cls="pending-banner").one("a")["href"] == way
    assert way not in as_editor.get("/admin/").content.decode()


# --- The pause -------------------------------------------------------------------------------------------------------


def test_paused_reporter_is_asked_to_send_again_and_nothing_is_lost(api, reporter, officer, hanako):
    paused(reporter, officer)
    answer = api.report(cloud_event("kept"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "600")
    assert answer.json()["type"] == "urn:privacycenter:problem:reporter-paused"
    assert api.ask().status_code == 503 and api.get("/decisions").status_code == 200
    with pytest.raises(ReporterPaused):
        record_disclosures(events=[an_event()], by=reporter)
    assert not Disclosure.objects.exists()
    resume_reporter(reporter=reporter, reason="直った", by=officer)
    assert api.report(cloud_event("kept")).json()["results"][0]["status"] == "created"
    assert kinds() == [ReporterStepKind.PAUSED, ReporterStepKind.RESUMED]


def test_checks_of_a_paused_reporter_are_answered_with_a_no(api, reporter, officer, hanako):
    question = {"recipient": "minato-inn", "scenario": "online-booking", "items": ["name"]}
    assert api.check(**question).json()["allowed"] is True
    paused(reporter, officer)
    answer = api.check(**question).json()
    assert (answer["allowed"], answer["items"], answer["reason"]) == (False, {"name": False}, Reason.REPORTER_PAUSED)
    batch = api.post("/permission-checks/batch", {"checks": [{"subject": "x", "service": "jalan", **question}]}).json()
    assert batch["results"][0]["allowed"] is False


def test_check_of_a_paused_reporter_that_cannot_be_answered_says_why(api, reporter, officer, hanako):
    paused(reporter, officer)
    answer = api.check(recipient="nobody")
    assert answer.status_code == 422 and answer.json()["field"] == "recipient"


def test_pausing_settles_the_alarm_and_raises_none_meanwhile(storm, officer):
    raise_storms()
    paused(storm, officer)
    raise_storms()
    assert storms() == [] and kinds() == [ReporterStepKind.STORM, ReporterStepKind.PAUSED]
    step = ReporterStep.objects.latest("pk")
    assert (step.reason, step.taken_by) == (WHY, officer)


def test_officer_pauses_resumes_and_lets_go_on_at_the_desk(as_officer, as_editor, storm):
    raise_storms()
    path = f"/admin/disclosures/reporter/{storm.pk}/pause/"
    assert as_editor.get(path).status_code == as_editor.post(path, {"step": "pause", "reason": WHY}).status_code == 403
    for wrong in ({"step": "pause"}, {"step": "nonsense", "reason": WHY}, {"step": "resume", "reason": WHY}):
        assert as_officer.post(path, wrong).status_code == 422
    for step in ("settle", "pause", "resume"):
        assert as_officer.post(path, {"step": step, "reason": WHY})["Location"] == path
    assert kinds() == [1, 2, 3, 4] and WHY in read(as_officer.get(path)).text
    storm.refresh_from_db()
    assert storm.paused_at is None
