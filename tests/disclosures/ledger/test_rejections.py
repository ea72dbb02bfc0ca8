"""Reports that cannot be recorded: refused with their problem, and kept for the privacy officer."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosures.models import Case, CaseKind, RecordAccess, RejectedReport
from privacycenter.models import User
from tests.support.api import cloud_correction, cloud_event
from tests.support.cases import event_path, only_event
from tests.support.clock import FAR_AHEAD
from tests.support.content import a_new_recipient
from tests.support.events import an_event, record
from tests.support.html import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(reporter) -> Case:
    """One report to a recipient that the catalogue does not know, about somebody not seen before."""
    record(reporter, an_event(recipient="new-inn", subject="not-seen-before"))
    return Case.objects.get()


def test_report_of_an_unknown_code_is_kept_with_its_problem(reporter, case):
    kept = RejectedReport.objects.get()
    assert (kept.event["recipient"], kept.event["id"], kept.event["subject"]) == (
        "new-inn", "event-1", "not-seen-before",
    )  # fmt: skip
    assert kept.problem["field"] == "data.recipient"
    event = case.events.get()
    assert (case.kind, event.whose, event.conflict_id) == (CaseKind.REJECTED, None, kept.id)
    assert not User.objects.filter(subject="not-seen-before").exists()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"recipient": "nobody"}, "unknown-code"),
        ({"items": ("name", "nothing")}, "unknown-code"),
        ({"service": "suumo"}, "service-not-yours"),
        ({"occurred_at": FAR_AHEAD}, "time-in-future"),
    ],
)
def test_every_report_in_the_right_shape_is_kept(reporter, change, name):
    assert record(reporter, an_event(**change))[0].problem["type"].endswith(name)
    assert RejectedReport.objects.get().problem["type"].endswith(name)


def test_report_sent_again_is_kept_once(reporter, case):
    again = an_event(recipient="new-inn", subject="not-seen-before", occurred_at=timezone.now())
    record(reporter, again, again)
    assert (RejectedReport.objects.count(), Case.objects.count()) == (1, 1)


def test_report_in_a_wrong_shape_is_not_kept(api):
    """It may hold anything, personal data too."""
    api.report({**cloud_event(), "data": {"name": "田中花子"}})
    assert not RejectedReport.objects.exists()


def test_rejecting_many_costs_the_same_as_rejecting_one(reporter):
    def statements(*events):
        with CaptureQueriesContext(connection) as queries:
            record(reporter, *events)
        return len(queries)

    record(reporter, an_event("first", recipient="nobody"))
    one = statements(an_event("one", recipient="nobody"))
    assert statements(*(an_event(str(n), recipient="nobody", subject=str(n)) for n in range(50))) == one


def test_officer_reads_the_report_in_the_reporters_codes(as_officer, case):
    page = read(as_officer.get(only_event()))
    assert "not-seen-before" in page.text
    assert "data.recipient" in page.text
    assert "new-inn" in page.text
    assert not RecordAccess.objects.exists()


def test_officer_reads_the_time_of_the_report_as_everywhere(as_officer, reporter):
    record(reporter, an_event(recipient="nobody", occurred_at=datetime(2026, 11, 1, 1, 0, tzinfo=UTC)))
    page = read(as_officer.get(only_event()))
    assert "2026年11月1日10:00" in page.text and "2026-11-01T" not in page.text


def test_correction_without_right_facts_leaves_no_cell_empty(as_officer, api):
    api.report(
        {
            **cloud_event("wrong"),
            "type": "privacycenter.correction.v1",
            "data": {"disclosure": "00000000-0000-8000-8000-000000000000", "reason": "誤り"},
        }
    )
    (row,) = read(as_officer.get("/admin/cases/")).one("tbody").all("tr")
    assert row.all("td") and all(cell.text for cell in row.all("td"))


def test_officer_sees_a_contradicting_correction_beside_the_one_that_is_recorded(as_officer, api, reporter, disclosure):
    api.report(cloud_correction(disclosure.id, reason="最初の理由"))
    told = api.report(cloud_correction(disclosure.id, reason="別の理由")).json()["results"][0]
    assert told["status"] == "conflict"
    page = read(as_officer.get(only_event())).text
    assert "別の理由" in page and "最初の理由" in page and str(disclosure.id) in page


def test_officer_finds_it_under_its_own_filter(as_officer, case, disclosure):
    assert "new-inn" in read(as_officer.get("/admin/cases/?about=rejected")).text
    assert "new-inn" not in read(as_officer.get("/admin/cases/?about=conflict")).text


def test_officer_sees_that_it_was_recorded_since(reporter, as_officer, case):
    a_new_recipient()
    [result] = record(reporter, an_event(recipient="new-inn", subject="not-seen-before"))
    assert (result.status, result.disclosure_id) == ("created", case.events.get().disclosure_id)
    assert "新しい宿" in read(as_officer.get(event_path(case.events.get()))).text


def test_officer_closes_it_with_a_reason(as_officer, case):
    as_officer.post(f"/admin/cases/{case.pk}/", {"reason": "再送を確認した", "is_closing": "on", "seen": "0"})
    assert not Case.objects.open().exists()


def test_record_that_is_looked_at_through_a_case_is_written_down(reporter, hanako, as_officer):
    record(reporter, an_event(recipient="nobody"))
    as_officer.get(only_event())
    assert RecordAccess.objects.get().person == hanako
