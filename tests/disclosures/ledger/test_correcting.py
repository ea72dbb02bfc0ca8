"""Corrections: a wrong report stays, and beside it stands what is right."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosures.models import CaseEvent, CaseKind, Correction, Disclosure, Flag, Ground, RejectedReport
from disclosures.reporters.actions import create_reporter
from privacycenter.canonical import digest_of_texts
from tests.support.api import cloud_correction, cloud_event
from tests.support.cases import only_event
from tests.support.events import a_correction, an_event, record
from tests.support.html import read

pytestmark = pytest.mark.django_db


def test_correction_leaves_the_disclosure_as_it_is(reporter, disclosure):
    before = Disclosure.objects.values().get()
    [result] = record(reporter, a_correction(disclosure))
    assert (result.status, result.disclosure_id) == ("created", disclosure.id)
    assert Disclosure.objects.values().get() == before
    assert Correction.objects.get().recipient.code == "komorebi-toge"


def test_correction_again_is_a_duplicate_also_with_a_new_time(reporter, disclosure):
    record(reporter, a_correction(disclosure))
    later = a_correction(disclosure, occurred_at=timezone.now() + timedelta(minutes=1))
    assert [result.status for result in record(reporter, later, later)] == ["duplicate", "duplicate"]
    assert Correction.objects.count() == 1


def test_correction_twice_in_one_batch_is_created_once(reporter, disclosure):
    event = a_correction(disclosure)
    assert [result.status for result in record(reporter, event, event)] == ["created", "duplicate"]


def test_of_equal_ids_in_one_batch_the_first_correction_is_stored(reporter, disclosure):
    first, second = a_correction(disclosure), a_correction(disclosure, facts={"recipient": "kotori-salon"})
    assert [result.status for result in record(reporter, first, second)] == ["created", "conflict"]
    row = Correction.objects.get()
    assert (row.recipient.code, bytes(row.fingerprint)) == ("komorebi-toge", digest_of_texts(first.content))
    assert RejectedReport.objects.get().event["corrected"]["recipient"] == "kotori-salon"


def test_correction_with_other_content_is_a_conflict_and_kept_for_the_officer(reporter, disclosure):
    record(reporter, a_correction(disclosure))
    assert record(reporter, a_correction(disclosure, facts={"items": ("name",)}))[0].status == "conflict"
    assert Correction.objects.get().item_set.codes == ["name", "phone"]
    assert RejectedReport.objects.get().event["corrected"]["items"] == ["name"]


def test_correction_of_a_disclosure_of_the_same_batch_is_recorded(reporter, hanako):
    first = record(reporter, an_event("one"))[0]
    again = a_correction(first.disclosure_id)
    assert [result.status for result in record(reporter, again, an_event("one"))] == ["created", "duplicate"]


def test_correction_under_the_id_of_a_disclosure_is_its_own_event(reporter, disclosure):
    assert record(reporter, a_correction(disclosure, event_id="event-1"))[0].status == "created"


@pytest.mark.parametrize("change", [{"subject": "subject-taro"}, {"subject": "nobody"}, {"disclosure": UUID(int=7)}])
def test_correction_of_what_is_not_there_is_refused_and_kept(reporter, disclosure, taro, change):
    result = record(reporter, a_correction(disclosure, **change))[0]
    assert (result.status, result.problem["field"]) == ("invalid", "data.disclosure")
    assert result.problem["type"].endswith(":unknown-disclosure")
    assert (Correction.objects.count(), RejectedReport.objects.count()) == (0, 1)


def test_correction_of_anothers_service_looks_like_one_of_nothing(reporter, disclosure):
    other, _secret = create_reporter(code="other", title="Other", services=["suumo"])
    foreign = record(other, a_correction(disclosure, facts={"service": "suumo"}))[0]
    unknown = record(other, a_correction(uuid4(), facts={"service": "suumo"}))[0]
    assert foreign.problem == unknown.problem


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"recipient": "nobody"}, "data.corrected.recipient"),
        ({"service": "suumo"}, "data.corrected.service"),
        ({"scenario": "nothing"}, "data.corrected.scenario"),
        ({"items": ("name", "nothing")}, "data.corrected.items[1]"),
        ({"occurred_at": datetime(2100, 1, 1, tzinfo=UTC)}, "data.corrected.time"),
    ],
)
def test_correction_with_wrong_facts_names_the_field(reporter, disclosure, facts, field):
    assert record(reporter, a_correction(disclosure, facts=facts))[0].problem["field"] == field


def test_correction_to_what_needed_an_approval_is_flagged_and_opens_a_case(reporter, disclosure):
    facts = {"recipient": "northwind-analytics", "scenario": "survey-results", "ground": Ground.APPROVAL}
    result = record(reporter, a_correction(disclosure, facts={**facts, "items": ("name",)}))[0]
    assert result.flags == Flag.NO_DECISION
    event = CaseEvent.objects.get()
    assert (event.case.kind, event.disclosure_id, event.conflict_id) == (
        CaseKind.CORRECTION, disclosure.id, result.correction_id,
    )  # fmt: skip


def test_number_of_statements_for_corrections_is_the_same_for_1_and_50(reporter, hanako):
    ids = [result.disclosure_id for result in record(reporter, *(an_event(str(n)) for n in range(60)))]

    def statements(name, some):
        with CaptureQueriesContext(connection) as queries:
            found = record(reporter, *(a_correction(id, event_id=f"{name}-{id}") for id in some))
        assert {result.status for result in found} == {"created"}
        return len(queries)

    assert statements("one", ids[:1]) == statements("many", ids[:50])


# --- Over HTTP --------------------------------------------------------------------------------------------------------


def test_correction_over_http_names_what_it_corrects(api, disclosure):
    result = api.report(cloud_correction(disclosure.id), cloud_event("another")).json()["results"][0]
    assert (result["status"], result["disclosure"], result["flagged"]) == ("created", str(disclosure.id), False)
    assert UUID(result["correction"]) == Correction.objects.get().id


def test_correction_with_a_reason_in_one_language_is_japanese(api, disclosure):
    api.report(cloud_correction(disclosure.id, reason="取り違えました。"))
    assert Correction.objects.get().reason == {"ja": "取り違えました。"}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"disclosure": "x"}, "data.disclosure"),
        ({"reason": None}, "data.reason"),
        ({"reason": " "}, "data.reason.ja"),
        ({"reason": "あ" * 501}, "data.reason.ja"),
        ({"reason": {"en": "no Japanese"}}, "data.reason.ja"),
        ({"reason": "a\x00"}, "data.reason.ja"),
        ({"corrected": {"recipient": "minato-inn"}}, "data.corrected.service"),
        ({"recipient": "minato-inn"}, "data.recipient"),
    ],
)
def test_correction_in_a_wrong_shape_is_named_and_not_kept(api, disclosure, data, field):
    result = api.report(cloud_correction(disclosure.id, **data)).json()["results"][0]
    assert (result["status"], result["problem"]["field"]) == ("invalid", field)
    assert not RejectedReport.objects.exists()


# --- What people see -------------------------------------------------------------------------------------------------


def test_person_sees_what_was_reported_and_what_is_right(reporter, disclosure, as_hanako):
    record(reporter, a_correction(disclosure))
    page = read(as_hanako.get(f"/my/disclosures/{disclosure.id}/"))
    row = page.one(cls="correction").one("tbody").all("tr")[0]
    assert [cell.text for cell in row.all("td")] == ["湯宿 みなと", "山の宿 こもれび峠"]
    assert "提供先を取り違えました。" in page.text
    assert "山の宿 こもれび峠" in read(as_hanako.get("/my/disclosures/")).one(cls="right").text


def test_person_reads_the_reason_in_english(reporter, disclosure, as_hanako):
    record(reporter, a_correction(disclosure))
    assert "The recipients were mixed up." in read(as_hanako.get(f"/en/my/disclosures/{disclosure.id}/")).text


def test_person_sees_that_there_was_no_such_disclosure(reporter, disclosure, as_hanako):
    record(reporter, a_correction(disclosure, facts=False))
    page = read(as_hanako.get(f"/my/disclosures/{disclosure.id}/"))
    assert not page.one(cls="correction").all("table")
    assert read(as_hanako.get("/my/disclosures/")).all(cls="retracted")


def test_reason_is_shown_as_text(reporter, disclosure, as_hanako):
    record(reporter, a_correction(disclosure, reason={"ja": "<script>alert(1)</script>"}))
    page = as_hanako.get(f"/my/disclosures/{disclosure.id}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page


def test_list_of_corrected_disclosures_costs_the_same_for_many(reporter, hanako, as_hanako, django_assert_num_queries):
    def queries():
        with CaptureQueriesContext(connection) as found:
            as_hanako.get("/my/disclosures/")
        return len(found)

    results = record(reporter, *(an_event(str(n)) for n in range(20)))
    as_hanako.get("/my/disclosures/")
    before = queries()
    record(reporter, *(a_correction(one.disclosure_id, event_id=one.event_id) for one in results))
    assert queries() == before


def test_officer_sees_the_correction_in_the_record(reporter, disclosure, as_officer, hanako):
    record(reporter, a_correction(disclosure))
    as_officer.post(
        "/admin/records/", {"who": hanako.subject, "scope": "whole", "reason": "本人からの問い合わせのため"}
    )
    page = read(as_officer.get(f"/admin/records/{hanako.pk}/"))
    assert "提供先を取り違えました。" in page.text
    assert "山の宿 こもれび峠" in page.text


def test_officer_sees_the_correction_beside_the_conflict(reporter, disclosure, as_officer):
    record(reporter, an_event(recipient="komorebi-toge"))
    record(reporter, a_correction(disclosure))
    page = read(as_officer.get(only_event()))
    assert "提供先を取り違えました。" in page.text
