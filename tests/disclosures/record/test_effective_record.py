"""What counts of a record: a corrected disclosure counts as what is right, in every sum and under every filter."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from disclosures.models import Ground, Recipient
from disclosures.record.effective_record import combinations, corrected_record
from tests.support.database import statements
from tests.support.events import a_correction, an_event, record
from tests.support.html import read
from tests.support.pages import ids_on, recipients_on

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 11, 1, 1, tzinfo=UTC)
LIST = "/my/disclosures/"


@pytest.fixture
def two(hanako, reporter):
    """Two bookings at the inn, the second of which never came to pass there."""
    for result in record(reporter, an_event("1"), an_event("2", occurred_at=DAY + timedelta(hours=1))):
        assert result.status == "created"
    return list(hanako.disclosures.oldest_first())


def counts(person):
    """Code of the recipient → how many count."""
    codes = dict(Recipient.objects.values_list("pk", "code"))
    found: dict[str, int] = {}
    for one in combinations(corrected_record(person)):
        found[codes[one.recipient_id]] = found.get(codes[one.recipient_id], 0) + one.count
    return found


def test_corrected_disclosure_counts_for_the_right_recipient(hanako, reporter, two):
    record(reporter, a_correction(two[1]))
    assert counts(hanako) == {"minato-inn": 1, "komorebi-toge": 1}


def test_disclosure_that_never_happened_counts_nowhere(hanako, reporter, two):
    record(reporter, a_correction(two[1], facts=False))
    assert counts(hanako) == {"minato-inn": 1}


def test_the_latest_correction_counts_whichever_came_in_first(hanako, reporter, two):
    now = timezone.now()
    record(reporter, a_correction(two[1], "newer", facts={"recipient": "kotori-salon"}, occurred_at=now))
    record(reporter, a_correction(two[1], "held-up", occurred_at=now - timedelta(hours=1)))
    assert counts(hanako) == {"minato-inn": 1, "kotori-salon": 1}


def test_a_correction_after_a_retraction_counts_again(hanako, reporter, two):
    now = timezone.now()
    record(reporter, a_correction(two[1], "mistake", facts=False, occurred_at=now - timedelta(hours=1)))
    record(reporter, a_correction(two[1], "after all", occurred_at=now))
    assert counts(hanako) == {"minato-inn": 1, "komorebi-toge": 1}


def test_corrections_of_others_change_nothing(hanako, taro, reporter, two):
    [result] = record(reporter, an_event("taro", subject=taro.subject))
    record(reporter, a_correction(result.disclosure_id, subject=taro.subject))
    assert (counts(hanako), counts(taro)) == ({"minato-inn": 2}, {"komorebi-toge": 1})


# --- On the pages ----------------------------------------------------------------------------------------------------


def test_recipients_are_those_of_what_is_right(as_hanako, reporter, two):
    record(reporter, a_correction(two[0]), a_correction(two[1], "correction-2", facts={"recipient": "kotori-salon"}))
    page = read(as_hanako.get("/my/recipients/"))
    assert set(recipients_on(page)) == {"komorebi-toge", "kotori-salon"}


def test_day_of_the_past_shows_who_really_held_what(as_hanako, reporter, two):
    record(reporter, a_correction(two[1], facts={"occurred_at": DAY + timedelta(days=10)}))
    assert recipients_on(read(as_hanako.get("/my/recipients/?on=2026-11-05"))) == ["minato-inn"]
    assert set(recipients_on(read(as_hanako.get("/my/recipients/?on=2026-11-15")))) == {"minato-inn", "komorebi-toge"}


def test_chart_counts_in_the_month_that_is_right(as_hanako, hanako, reporter):
    now = timezone.now()
    results = record(reporter, *(an_event(str(n), occurred_at=now - timedelta(days=100)) for n in range(2)))
    record(reporter, a_correction(results[0].disclosure_id, facts={"occurred_at": now - timedelta(minutes=1)}))
    figure = read(as_hanako.get("/my/?by=time")).one("figure")
    assert [text.text for text in figure.all("text", cls="count")] == ["1", "1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("recipient=minato-inn", [0]),
        ("recipient=komorebi-toge", [1]),
        ("month=2026-11", [0]),
        ("month=2026-10", [1]),
        ("item=email", [1]),
        ("ground=contract", [1]),
        ("text=こもれび", [1]),
        ("recipient=komorebi-toge&item=phone", []),
        ("", [1, 0]),
    ],
)
def test_filters_find_a_corrected_disclosure_by_what_is_right(as_hanako, reporter, two, query, found):
    facts = {"items": ("email",), "ground": Ground.CONTRACT, "occurred_at": datetime(2026, 10, 3, tzinfo=UTC)}
    record(reporter, a_correction(two[1], facts=facts))
    page = read(as_hanako.get(f"{LIST}?{query}"))
    assert ids_on(page) == [str(two[place].id) for place in found]


def test_count_of_a_filter_is_what_it_finds(as_hanako, reporter, two):
    record(reporter, a_correction(two[1]))
    options = {
        option["value"]: option.text
        for option in read(as_hanako.get(LIST)).one("select", name="recipient").all("option")
    }
    assert options["minato-inn"].endswith("(1)") and options["komorebi-toge"].endswith("(1)")


def test_disclosure_that_never_happened_stays_in_the_list_and_is_not_counted(as_hanako, reporter, two):
    record(reporter, a_correction(two[1], facts=False))
    page = read(as_hanako.get(LIST))
    assert len(ids_on(page)) == 2
    assert page.one(cls="found").text.strip() == "1件の提供記録"
    assert ids_on(read(as_hanako.get(f"{LIST}?recipient=minato-inn"))) == [str(two[0].id)]


def test_recipient_who_never_received_anything_says_so_and_lists_what_was_reported(as_hanako, as_taro, reporter, two):
    record(reporter, *(a_correction(one, str(one.id)) for one in two))
    assert "That was a mistake" in read(as_hanako.get("/en/my/recipients/minato-inn/")).one(cls="lead").text
    assert len(ids_on(read(as_hanako.get("/my/recipients/minato-inn/")))) == 2
    assert as_taro.get("/my/recipients/minato-inn/").status_code == 404


def test_page_of_the_right_recipient_lists_the_corrected_disclosure(as_hanako, reporter, two):
    record(reporter, a_correction(two[1]))
    page = read(as_hanako.get("/my/recipients/komorebi-toge/"))
    assert ids_on(page) == [str(two[1].id)]
    assert page.all(cls="corrected")


def test_record_of_mistakes_alone_is_not_called_empty(as_hanako, reporter, two):
    record(reporter, *(a_correction(one, str(one.id), facts=False) for one in two))
    empty = read(as_hanako.get("/en/my/")).one("main").one(cls="empty")
    assert "What was reported has all been corrected as a mistake" in empty.text
    assert empty.one("a")["href"] == "/en/my/disclosures/"
    assert len(ids_on(read(as_hanako.get(LIST)))) == 2


def test_warning_counts_by_what_is_right(as_hanako, reporter, two):
    facts = {
        "recipient": "northwind-analytics",
        "scenario": "survey-results",
        "ground": Ground.APPROVAL,
        "items": ("name",),
    }
    record(reporter, a_correction(two[1], facts=facts))
    assert ids_on(read(as_hanako.get(f"{LIST}?flagged=on"))) == [str(two[1].id)]
    assert "Northwind" in read(as_hanako.get("/my/")).one("main").one(cls="warned").text


@pytest.mark.parametrize(
    "path",
    ["/my/", LIST, f"{LIST}?month=2026-11&recipient=komorebi-toge", "/my/recipients/", "/my/recipients/minato-inn/"],
)
def test_corrections_cost_no_statement_more(as_hanako, reporter, two, path):
    before = statements(as_hanako, path) if "komorebi" not in path else 9
    record(reporter, a_correction(two[1]))
    assert statements(as_hanako, path) <= min(before, 14)
