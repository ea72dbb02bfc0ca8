"""A reporter compares its books with the record: by day, with a digest that it computes as docs/api.md says."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosures.models import Correction, Disclosure
from disclosures.receiving import days
from disclosures.reporters.actions import create_reporter
from tests.support.api import Api, cloud_correction, cloud_event
from tests.support.content import ROOT

pytestmark = pytest.mark.django_db
DAY = "2026-11-01"
NOTHING = {"count": 0, "digest": "0" * 64}


@pytest.fixture(scope="module")
def documented():
    """What the document says how it is computed."""
    text = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    names: dict = {}
    exec(re.search(r"```python\n(import hashlib.*?)```", text, re.DOTALL)[1], names)
    return names


def event_at(id, moment, **data):
    return cloud_event(id, time=moment, **data)


@pytest.fixture
def books(api):
    """What a service sent of two days, in its own order."""
    events = [
        event_at("b-2", "2026-11-01T23:59:59.999999Z", items=["phone", "name", "name"]),
        event_at("b-1", "2026-11-01T00:00:00Z", evidence={"kind": "act", "reference": "R-1"}),
        event_at("b-0", "2026-11-01T08:59:59+09:00"),  # the day before, in UTC
        event_at("b-3", "2026-11-02T00:00:00Z", subject="本人"),
        event_at("b-4", "2026-11-01T12:30:00Z", recipient="komorebi-toge", ground="contract", evidence={
            "kind": "contract", "reference": "C-1", "shown_publication": 1}),
        event_at("b-5", "2026-11-01T12:00:00Z", decision="5A0C1B7E-2D4F-8A61-B3C2-9D8E7F605142"),
    ]  # fmt: skip
    assert {one["status"] for one in api.report(*events).json()["results"]} == {"created"}
    return events


def digests(api, day=DAY):
    return api.get(f"/disclosures/digests?day={day}").json()


@pytest.mark.parametrize("day", ["2026-10-31", DAY, "2026-11-02", "2026-11-03"])
def test_digest_is_the_one_that_the_service_computes(api, reporter, books, documented, day):
    own = [event for event in books if documented["day_of"](event) == day]
    found = digests(api, day)["disclosures"]
    assert (found["count"], found["digest"]) == (len(own), documented["digest"](reporter.code, reversed(own)))


def test_digest_of_corrections_too(api, reporter, disclosure, documented):
    taken_back = cloud_correction(disclosure.id, "c-2", corrected=None, reason={"ja": "誤り ", "en": "Wrong"})
    sent = [cloud_correction(str(disclosure.id).upper(), "c-1"), taken_back]
    api.report(*sent)
    assert digests(api)["corrections"]["digest"] == documented["digest"](reporter.code, sent)
    assert digests(api)["corrections"]["count"] == Correction.objects.count() == 2


def test_hours_add_up_and_show_where_the_difference_is(api, books):
    before = digests(api)["disclosures"]
    api.report(event_at("late", "2026-11-01T12:59:59Z"))
    after = digests(api)["disclosures"]
    assert [n for n in range(24) if before["hours"][n] != after["hours"][n]] == [12]
    assert sum(hour["count"] for hour in after["hours"]) == after["count"] == before["count"] + 1


def test_what_was_not_recorded_and_what_came_twice_does_not_count(api, books):
    before = digests(api)
    api.report(books[0], {**books[1], "time": "2026-11-05T00:00:00Z"}, event_at("b-5", "2026-11-01T12:00:00Z"))
    assert digests(api) == before


def test_another_reporters_reports_are_never_among_it(api, books):
    other, other.secret = create_reporter(code="other", title="ほかの予約システム", services=["jalan"])
    hours = [NOTHING] * 24
    empty = {**NOTHING, "hours": hours}
    assert digests(Api(other)) == {"day": DAY, "disclosures": empty, "corrections": empty}
    assert Api(other).get(f"/disclosures?day={DAY}").json() == {"data": [], "next": None, "has_more": False}


def pages(api, limit, day=DAY):
    after, found = "", []
    while True:
        page = api.get(f"/disclosures?day={day}&limit={limit}{after}").json()
        found.append(page["data"])
        after = f"&after={page['next']}"
        if not page["has_more"]:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_day_is_listed_in_order_page_by_page(api, disclosure, books, limit):
    later = {**cloud_correction(disclosure.id, "c-2", corrected=None), "time": "2026-11-01T10:00:01+09:00"}
    api.report(cloud_correction(disclosure.id, "c-1"), later)
    found = pages(api, limit)
    assert [one["id"] for page in found for one in page] == ["b-1", "event-1", "b-5", "b-4", "b-2", "c-1", "c-2"]
    assert all(len(page) == limit for page in found[:-1])


def test_reports_of_the_same_moment_are_listed_once_each(api):
    api.report(*(event_at(f"same-{n}", "2026-11-01T10:00:00Z") for n in range(9)))
    found = [one["id"] for page in pages(api, 2) for one in page]
    assert sorted(found) == [f"same-{n}" for n in range(9)]


def test_listed_report_says_what_was_recorded(api, books, documented):
    [first] = api.get(f"/disclosures?day={DAY}&limit=1").json()["data"]
    row = Disclosure.objects.get(event_id="b-1")
    assert first == {
        "id": "b-1", "source": "https://booking.example/", "subject": "subject-hanako",
        "time": "2026-11-01T00:00:00+00:00", "disclosure": str(row.id), "recorded_at": row.recorded_at.isoformat(),
        "flagged": bool(row.flags), "flags": first["flags"], "fingerprint": documented["fingerprint"](books[1]).hex(),
    }  # fmt: skip


def test_page_and_digest_cost_the_same_for_many_reports(api, books):
    api.report(*(event_at(f"more-{n}", "2026-11-01T10:00:00Z", subject=f"p-{n}") for n in range(40)))
    with CaptureQueriesContext(connection) as of_page:
        api.get(f"/disclosures?day={DAY}")
    with CaptureQueriesContext(connection) as of_digest:
        api.get(f"/disclosures/digests?day={DAY}")
    # The token; disclosures, corrections and people; the limit, disclosures and corrections.
    assert (len(of_page), len(of_digest)) == (4, 4)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "subject"),
        ("?subject=x", "event_id"),
        ("?event_id=x", "subject"),
        ("?day=2026-11-01&subject=x", "day"),
        ("?day=yesterday", "day"),
        ("?day=2026-11-01T00:00:00", "day"),
        ("?day=2026-11-01T00:00:00Z", "day"),
        ("?day=2026-11-01%2000:00", "day"),
        ("?day=1793491200", "day"),
        ("?day=20261101", "day"),
        ("?day=%202026-11-01", "day"),
        ("?day=２０２６-11-01", "day"),
        ("?day=", "day"),
        ("/digests?day=2026-11-01T00:00:00", "day"),
        ("/digests?day=1793491200", "day"),
        ("?day=9999-12-31", "day"),
        ("?day=1999-12-31", "day"),
        ("?day=2026-11-01&after=x", "after"),
        ("?day=2026-11-01&limit=0", "limit"),
        ("/digests", "day"),
        ("/digests?day=2026-13-01", "day"),
        ("/digests?day=9999-12-31", "day"),
    ],
)
def test_question_that_makes_no_sense_is_refused_with_its_field(api, query, field):
    answer = api.get(f"/disclosures{query}")
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_digests_are_limited_and_need_the_scope(api, reporter):
    statuses = {api.get(f"/disclosures/digests?day={DAY}").status_code for _call in range(61)}
    assert statuses == {200, 429}
    writing = Api(reporter, scopes=["disclosures:write"])
    assert writing.get(f"/disclosures/digests?day={DAY}").status_code == 403
    assert writing.get(f"/disclosures?day={DAY}").status_code == 403


@pytest.mark.parametrize("kind", days.KINDS, ids=lambda kind: kind.letter)
def test_index_leads_to_the_rows_of_a_day(reporter, kind):
    rows = days.of_day(kind, reporter, date(2026, 11, 1), timezone.now()).values("id")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = rows.explain()
    assert f"{kind.model._meta.db_table}_by_reporter" in plan
    assert plan.count("<") == (1 if connection.vendor == "postgresql" else plan.count("<"))


def test_cursor_stands_for_a_moment_and_an_id(disclosure):
    cursor = days.cursor_of(days.KINDS[0], disclosure)
    assert re.match(days.CURSOR, cursor)
    assert days.moment_and_id(cursor) == (disclosure.occurred_at, disclosure.id)
    latest = days.moment_and_id("d" + "9" * 17 + "-" + "0" * 32)[0]
    assert latest > datetime.now(UTC) + timedelta(days=365 * 1000)
