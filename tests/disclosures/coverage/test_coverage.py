"""How complete the reports are: heartbeats beside what arrived, whatever comes twice, late or overlapping."""

from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.content.publications import newest_publication
from disclosures.coverage.actions import HeartbeatReport, record_heartbeat
from disclosures.coverage.followers import KEPT_APART
from disclosures.coverage.queries import coverage, coverage_metrics, reporter_coverage
from disclosures.ledger.recording import record_disclosures
from disclosures.models import ArrivalCount, DeclaredCount, Heartbeat
from disclosures.reporters.actions import create_reporter, stop_reporter
from privacycenter.errors import ForeignService, InvalidValue, TimeInFuture
from privacycenter.outbox.working import work_off
from tests.support.api import Api
from tests.support.clock import FAR_AHEAD, clock_at
from tests.support.events import an_event
from tests.support.html import read

pytestmark = pytest.mark.django_db

PAGE = "/admin/coverage/"


def ago(**duration):
    return timezone.now() - timedelta(**duration)


def report(reporter, count, *, at, prefix="e"):
    """So many new events, recorded at that time."""
    with clock_at(at):
        events = [an_event(f"{prefix}-{at.isoformat()}-{n}", occurred_at=at) for n in range(count)]
        record_disclosures(events=events, by=reporter)


def beat(reporter, count, until, since=None, service="jalan"):
    return record_heartbeat(report=HeartbeatReport(service, until, count, since), by=reporter)


def jalan(reporter):
    work_off()
    return next(row for row in reporter_coverage() if row.reporter == reporter and row.service_code == "jalan")


def gap(reporter) -> int:
    return jalan(reporter).gap


# --- Declared beside arrived -----------------------------------------------------------------------------------------


def test_first_heartbeat_shows_what_is_missing(reporter):
    report(reporter, 3, at=ago(hours=2))
    beat(reporter, 5, ago(hours=1))
    assert gap(reporter) == 2


def test_first_heartbeat_that_speaks_of_all_vouches_from_the_first_report_on(reporter):
    report(reporter, 3, at=ago(hours=2))
    beat(reporter, 3, ago(hours=1))
    row = jalan(reporter)
    assert (row.gap, row.balance.complete_since) == (0, row.first_reported_at)


def test_what_arrived_long_before_the_first_heartbeat_does_not_hide_a_gap(reporter):
    report(reporter, 50, at=ago(days=3))
    beat(reporter, 5, ago(hours=2))
    report(reporter, 4, at=ago(hours=1))
    until = ago(minutes=5)
    beat(reporter, 6, until)
    row = jalan(reporter)
    assert (row.gap, row.balance.complete_until) == (2, until)
    assert row.balance.complete_since < row.balance.complete_until


def test_first_heartbeat_may_say_where_its_count_begins(reporter):
    report(reporter, 50, at=ago(days=3))
    report(reporter, 4, at=ago(hours=3))
    since = ago(days=1)
    beat(reporter, 5, ago(hours=1), since)
    row = jalan(reporter)
    assert (row.gap, row.balance.complete_since) == (1, since)


@pytest.mark.parametrize(("declared", "missing"), [(6, 1), (5, 0), (2, 0)])
def test_first_heartbeat_may_reach_far_back(reporter, declared, missing):
    for days in (40, 25, 9, 8, 1):
        report(reporter, 1, at=ago(days=days))
    since = ago(days=60)
    beat(reporter, declared, ago(hours=1), since)
    row = jalan(reporter)
    assert (row.gap, row.balance.complete_since) == (missing, since)


def test_events_after_the_heartbeat_do_not_hide_what_is_missing_before(reporter):
    report(reporter, 3, at=ago(hours=2))
    beat(reporter, 5, ago(hours=1))
    report(reporter, 40, at=ago(minutes=1))
    assert gap(reporter) == 2


def test_what_comes_late_closes_the_gap_with_the_next_heartbeat(reporter):
    report(reporter, 3, at=ago(hours=3))
    beat(reporter, 5, ago(hours=2))
    report(reporter, 2, at=ago(hours=1), prefix="late")
    assert gap(reporter) == 2
    beat(reporter, 0, ago(minutes=10))
    assert gap(reporter) == 0


def test_time_in_whole_seconds_counts_what_was_sent_within_that_second(reporter):
    at = ago(hours=1).replace(minute=4, second=59, microsecond=900_000)
    report(reporter, 3, at=at + timedelta(milliseconds=300))
    beat(reporter, 3, at.replace(microsecond=0))
    assert gap(reporter) == 0


def test_more_than_declared_is_no_gap(reporter):
    report(reporter, 3, at=ago(hours=3))
    beat(reporter, 3, ago(hours=2))
    report(reporter, 4, at=ago(hours=1))
    beat(reporter, 1, ago(minutes=10))
    assert gap(reporter) == 0


# --- Twice, late, overlapping ----------------------------------------------------------------------------------------


def test_heartbeat_again_is_the_same_row(reporter):
    until = ago(hours=1)
    first, is_new = beat(reporter, 5, until)
    again, is_new_again = beat(reporter, 5, until)
    assert (first, is_new, is_new_again) == (again, True, False)
    assert gap(reporter) == 5


def test_another_number_for_the_same_time_replaces_the_first(reporter):
    until = ago(hours=1)
    for count in (5, 9, 7):
        beat(reporter, count, until)
    assert (gap(reporter), Heartbeat.objects.count()) == (7, 3)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_heartbeats_may_come_in_any_order(reporter, order):
    for count, hours in ((4, 9), (4, 7), (2, 5)):
        report(reporter, count, at=ago(hours=hours))
    said = [(4, ago(hours=8)), (5, ago(hours=6)), (3, ago(hours=4))]
    for place in order:
        beat(reporter, *said[place])
        work_off()
    assert gap(reporter) == 2


def test_overlapping_heartbeat_replaces_what_it_spans(reporter):
    start = ago(hours=10)
    report(reporter, 10, at=ago(hours=9))
    beat(reporter, 4, ago(hours=8), start)
    beat(reporter, 5, ago(hours=7))
    beat(reporter, 12, ago(hours=6), start)
    assert gap(reporter) == 2


def test_overlap_within_one_heartbeat_counts_once(reporter):
    start, middle = ago(hours=10), ago(hours=8)
    report(reporter, 10, at=ago(hours=9))
    beat(reporter, 4, middle, start)
    beat(reporter, 7, ago(hours=7), middle)
    assert gap(reporter) == 1


def test_each_service_and_reporter_has_its_own_balance(reporter):
    other, _secret = create_reporter(code="other", title="Other", services=["jalan"])
    beat(reporter, 5, ago(hours=1))
    beat(reporter, 2, ago(hours=1), service="hotpepper-gourmet")
    beat(other, 1, ago(hours=1))
    work_off()
    gaps = {(row.reporter.code, row.service_code): row.gap for row in reporter_coverage()}
    assert gaps == {("travel", "jalan"): 5, ("travel", "hotpepper-gourmet"): 2, ("other", "jalan"): 1}


def test_arrivals_are_kept_apart_for_some_days_only(reporter):
    report(reporter, 1, at=ago(days=20))
    report(reporter, 1, at=ago(hours=1))
    work_off()
    assert ArrivalCount.objects.get().begins_at > ago(days=KEPT_APART.days)


@pytest.mark.parametrize(
    ("report", "refusal"),
    [
        ({"service": "suumo"}, ForeignService),
        ({"service": "nothing"}, ForeignService),
        ({"until": FAR_AHEAD}, TimeInFuture),
        ({"since": FAR_AHEAD}, InvalidValue),
        ({"count": -1}, InvalidValue),
    ],
)
def test_impossible_heartbeat_is_refused(reporter, report, refusal):
    with pytest.raises(refusal):
        beat(reporter, **{"count": 1, "until": ago(hours=1), **report})
    assert not Heartbeat.objects.exists()


# --- Over HTTP -------------------------------------------------------------------------------------------------------


def body(**more):
    return {
        "service": "jalan", "complete_until": ago(hours=1).isoformat(timespec="seconds"), "events_since_last": 2, **more
    }  # fmt: skip


def test_call_is_answered_created_then_duplicate(api):
    said = body()
    first, again = api.post("/heartbeats", said), api.post("/heartbeats", said)
    assert (first.status_code, first.json()["status"]) == (201, "created")
    assert (again.status_code, again.json()["status"]) == (200, "duplicate")
    assert first.json()["events_since_last"] == 2 and first.json()["service"] == "jalan"


@pytest.mark.parametrize(
    ("wrong", "status", "name", "field"),
    [
        ({"service": "suumo"}, 403, "service-not-yours", "service"),
        ({"complete_until": "2099-01-01T00:00:00Z"}, 422, "time-in-future", "complete_until"),
        ({"complete_until": "2026-11-01T00:00:00"}, 422, "invalid-value", "complete_until"),
        ({"complete_until": "1795680000"}, 422, "invalid-value", "complete_until"),
        ({"complete_until": None}, 422, "invalid-value", "complete_until"),
        ({"events_since_last": -1}, 422, "invalid-value", "events_since_last"),
        ({"events_since_last": 10**13}, 422, "invalid-value", "events_since_last"),
        ({"events_since_last": 1.5}, 422, "invalid-value", "events_since_last"),
        ({"since": "2099-01-01T00:00:00Z"}, 422, "invalid-value", "since"),
        ({"events": 1}, 422, "invalid-value", "events"),
    ],
)
def test_wrong_call_is_a_problem_that_names_the_field(api, wrong, status, name, field):
    answer = api.post("/heartbeats", body(**wrong))
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (answer.json()["type"], answer.json()["field"]) == (f"urn:privacycenter:problem:{name}", field)
    assert not Heartbeat.objects.exists()


def test_call_that_is_not_json_is_a_problem(api):
    answer = api.post("/heartbeats", "{")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_call_needs_the_scope(reporter):
    answer = Api(reporter, scopes=["permissions:read"]).post("/heartbeats", body())
    assert (answer.status_code, Heartbeat.objects.count()) == (403, 0)


def test_call_is_described_with_an_example(client):
    document = client.get("/api/v1/openapi.json").json()
    call = document["paths"]["/api/v1/heartbeats"]["post"]
    assert {"200", "201", "400", "401", "403", "413", "422", "503"} <= call["responses"].keys()
    assert document["components"]["schemas"]["HeartbeatBody"]["examples"][0]["events_since_last"] == 128


# --- Shown -----------------------------------------------------------------------------------------------------------


def side(client, prefix=""):
    rows = read(client.get(f"{prefix}/my/")).one("main").one("aside").all("li")
    return next(row.text for row in rows if "じゃらんnet" in row.text or "Jalan" in row.text)


def test_person_reads_that_reports_are_missing(as_hanako, reporter):
    report(reporter, 3, at=ago(hours=2))
    beat(reporter, 5, ago(hours=1))
    work_off()
    assert "Over all people, 2 reports have not arrived." in side(as_hanako, "/en")


def test_person_reads_from_when_to_when_a_service_is_complete(as_hanako, reporter):
    report(reporter, 3, at=ago(hours=2))
    beat(reporter, 3, ago(hours=1))
    work_off()
    assert "complete from" in side(as_hanako, "/en")


def test_service_is_complete_only_if_all_its_reporters_say_so(reporter):
    other, _secret = create_reporter(code="other", title="Other", services=["jalan"])
    for one in (reporter, other):
        report(one, 1, at=ago(hours=2), prefix=one.code)
    beat(reporter, 1, ago(hours=1))
    work_off()
    row = next(row for row in coverage(newest_publication().document) if row.last_at)
    assert (row.complete_since, row.gap) == (None, 0)
    beat(other, 1, ago(hours=1))
    work_off()
    assert next(row for row in coverage(newest_publication().document) if row.last_at).complete_since


def of_jalan():
    work_off()
    return next(row for row in coverage(newest_publication().document) if row.code == "jalan")


def test_service_of_which_nothing_that_was_declared_is_here_is_not_complete(as_hanako, reporter):
    beat(reporter, 5, ago(hours=1))
    assert (of_jalan().gap, of_jalan().last_at) == (5, None)
    assert "Over all people, 5 reports have not arrived." in side(as_hanako, "/en")
    assert "Complete" not in side(as_hanako, "/en")


def test_silent_reporter_beside_one_that_reports_shows_as_missing(reporter):
    other, _secret = create_reporter(code="other", title="Other", services=["jalan"])
    report(reporter, 3, at=ago(hours=2))
    beat(reporter, 3, ago(hours=1))
    beat(other, 5, ago(hours=1))
    assert of_jalan().gap == 5


def test_service_that_vouches_for_having_provided_nothing_says_so(as_hanako, reporter):
    beat(reporter, 0, ago(hours=1))
    assert of_jalan().complete_since
    assert "nothing was provided" in side(as_hanako, "/en")


def test_reporter_that_was_stopped_keeps_its_service_from_being_complete_only_until_then(reporter):
    former, _secret = create_reporter(code="former", title="Former", services=["jalan"])
    for one in (reporter, former):
        report(one, 1, at=ago(hours=9), prefix=one.code)
    beat(reporter, 1, ago(hours=1))
    assert of_jalan().complete_since is None
    with clock_at(ago(hours=5)):
        stop_reporter(reporter=former)
    former.refresh_from_db()
    assert (of_jalan().complete_since, of_jalan().gap) == (former.stopped_at, 0)
    stop_reporter(reporter=reporter)
    assert of_jalan().complete_since is None


def test_coverage_costs_one_statement(reporter, django_assert_num_queries):
    document = newest_publication().document
    report(reporter, 3, at=ago(hours=2))
    beat(reporter, 5, ago(hours=1))
    work_off()
    with django_assert_num_queries(1):
        coverage(document)


def test_desk_shows_gaps_and_silence_first(as_officer, reporter, settings):
    create_reporter(code="a-quiet", title="Quiet one", services=["zexy"])
    report(reporter, 3, at=ago(hours=2))
    beat(reporter, 5, ago(hours=1))
    work_off()
    page = read(as_officer.get(PAGE))
    first = page.one("tbody").all("tr")[0]
    assert first.one("th").text == reporter.title and "3 / 5" in first.text
    assert read(as_officer.get("/admin/")).one("a", href=PAGE)


def test_reporter_is_silent_after_the_hours_of_the_setting(reporter, settings):
    settings.SILENT_AFTER_HOURS = 24
    report(reporter, 1, at=ago(hours=25))
    assert jalan(reporter).is_silent
    beat(reporter, 0, ago(hours=1))
    assert not jalan(reporter).is_silent


def test_reporter_that_never_reported_is_silent_in_time_and_not_at_once(reporter):
    assert not jalan(reporter).is_silent
    with clock_at(timezone.now() + timedelta(days=3)):
        assert jalan(reporter).is_silent


def test_stopped_reporter_raises_no_alarm(reporter):
    reporter.stopped_at = ago(hours=1)
    reporter.save()
    assert reporter_coverage() == []


def test_desk_without_any_reporter_says_what_to_do(as_officer):
    assert "create_reporter" in read(as_officer.get(PAGE)).text


def test_desk_page_is_the_officers(as_editor):
    assert as_editor.get(PAGE).status_code == 403


def test_metrics_carry_the_alarm(reporter):
    report(reporter, 3, at=ago(days=9))
    beat(reporter, 5, ago(days=8))
    DeclaredCount.objects.update(heard_at=ago(days=8))
    work_off()
    DeclaredCount.objects.update(heard_at=ago(days=8))
    samples = {
        (sample.name, sample.labels["service"]): sample.value
        for metric in coverage_metrics()
        for sample in metric.samples
    }
    assert samples["privacycenter_coverage_gap", "jalan"] == 2
    assert samples["privacycenter_coverage_silent", "jalan"] == 1
    assert samples["privacycenter_coverage_complete_until_timestamp_seconds", "jalan"] > 0
    assert ("privacycenter_coverage_last_report_timestamp_seconds", "hotpepper-gourmet") not in samples


# --- On the person's pages -------------------------------------------------------------------------------------------


@pytest.fixture
def two_missing(hanako, reporter):
    """Of jalan two reports are missing; hanako has a dinner through another service."""
    with clock_at(ago(hours=2)):
        record_disclosures(events=[an_event("d", service="hotpepper-gourmet", occurred_at=ago(hours=3))], by=reporter)
    beat(reporter, 2, ago(hours=1), since=ago(days=1))
    work_off()


@pytest.mark.parametrize(
    "path",
    ["/my/", "/my/services/jalan/", "/my/where-provided/", "/my/disclosures/?service=jalan",
     "/my/disclosures/?scenario=online-booking&text=ありません"],
)  # fmt: skip
def test_page_that_could_look_empty_says_what_is_missing(as_hanako, two_missing, path):
    text = read(as_hanako.get(path)).one("main").text
    assert "じゃらんnet" in text and "全体で2件の報告が届いていません。" in text
    assert "あなたについてのものかどうかはわかりません。" in text


@pytest.mark.parametrize(
    "path", ["/my/", "/my/where-provided/", "/my/services/jalan/", "/my/disclosures/?service=jalan"]
)
def test_gap_of_a_service_with_which_the_person_has_nothing_to_do_is_no_warning(as_hanako, two_missing, path):
    main = read(as_hanako.get(path)).one("main")
    assert "全体で2件の報告が届いていません。" in main.text
    assert main.all(cls="flagged") == []


@pytest.mark.parametrize(
    "path", ["/my/", "/my/where-provided/", "/my/services/jalan/", "/my/disclosures/?service=jalan"]
)
def test_gap_of_a_service_of_which_the_person_has_a_record_is_a_warning(as_hanako, two_missing, reporter, path):
    record_disclosures(events=[an_event("own", occurred_at=timezone.now())], by=reporter)
    assert "2件の報告が届いていません。" in read(as_hanako.get(path)).one("main").all(cls="flagged")[0].text


def test_gap_of_a_service_to_which_the_person_allows_something_is_a_warning(hanako, as_hanako, two_missing, decision):
    assert not hanako.disclosures.filter(service__code="jalan").exists()
    assert "2件の報告が届いていません。" in read(as_hanako.get("/my/")).one("main").one(cls="gap").text
    for path in ("/my/where-provided/", "/my/services/jalan/"):
        assert "2件の報告が届いていません。" in read(as_hanako.get(path)).one("main").all(cls="flagged")[0].text, path


def test_line_on_the_overview_leads_to_how_complete_the_record_is(as_hanako, two_missing, reporter):
    record_disclosures(events=[an_event("own", occurred_at=timezone.now())], by=reporter)
    page = read(as_hanako.get("/my/"))
    assert page.one("main").one(cls="gap").one("a")["href"] == "#coverage"
    assert [one for one in page.all("details") if one.all(id="coverage")]  # a browser opens what a link leads into
    english = read(as_hanako.get("/en/my/")).one(cls="gap").one("p")
    assert english.text.startswith("Over all people, 2 reports of ")
    assert english.text.endswith("Whether any of them is about you is not known.")


def test_scenario_that_did_not_happen_names_the_services_with_a_gap(as_hanako, two_missing):
    scenario = read(as_hanako.get("/my/where-provided/")).one("article", id="survey-results").one(cls="own-case")
    assert "2件の報告が届いていません。" in scenario.text


def test_without_a_gap_no_page_speaks_of_one(as_hanako, disclosure):
    for path in ("/my/", "/my/services/jalan/", "/my/where-provided/", "/my/disclosures/?service=jalan"):
        page = read(as_hanako.get(path))
        assert page.all(cls="gaps") + page.all(cls="gap") == []


def test_service_page_says_how_complete_its_reports_are(as_hanako, disclosure):
    work_off()
    assert "最後の報告" in read(as_hanako.get("/my/services/jalan/")).one("main").text
