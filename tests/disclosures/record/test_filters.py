"""The list of disclosures under its filters: what can be chosen, how often it occurs, and what can be loosened."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from disclosures.ledger.recording import record_disclosures
from disclosures.models import Ground
from tests.support.database import statements
from tests.support.events import a_survey_event, an_event, bookings, many_kinds
from tests.support.html import read
from tests.support.pages import ids_on, link_to

pytestmark = pytest.mark.django_db

LIST = "/my/disclosures/"
OCTOBER, NOVEMBER = datetime(2026, 10, 5, 3, tzinfo=UTC), datetime(2026, 11, 20, 3, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def mixed(hanako, reporter):
    """Name → id of five disclosures that differ."""
    events = {
        "booking": an_event("1", occurred_at=OCTOBER),
        "salon": an_event("2", recipient="kotori-salon", items=("name", "email"), occurred_at=NOVEMBER),
        "dinner": an_event("3", service="hotpepper-gourmet", occurred_at=NOVEMBER + timedelta(days=1)),
        "abroad": an_event("4", recipient="northwind-analytics", occurred_at=NOVEMBER + timedelta(days=2)),
        "survey": a_survey_event("5", occurred_at=NOVEMBER + timedelta(days=3)),
    }
    results = record_disclosures(events=list(events.values()), by=reporter)
    return {name: str(result.disclosure_id) for name, result in zip(events, results, strict=True)}


def listed(client, query="", **more):
    return read(client.get(f"{LIST}?{query}", **more)).one("main")


def options(page, name) -> dict[str, int]:
    """Value → count, as the select of this filter says."""
    found = page.one("select", name=name).all("option")
    return {one["value"]: int(one.text.rpartition("(")[2].rstrip(")")) for one in found if one["value"]}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("item=email", {"salon"}),
        ("item=name", {"booking", "salon", "dinner", "abroad", "survey"}),
        ("ground=approval", {"survey"}),
        ("country=US", {"abroad", "survey"}),
        ("country=JP&item=phone", {"booking", "dinner"}),
        ("month=2026-10", {"booking"}),
        ("since=2026-11-21&until=2026-11-22", {"dinner", "abroad"}),
        ("since=2026-11-21&month=2026-10", set()),
        ("until=2026-11-20", {"booking", "salon"}),
        ("text=ことり", {"salon"}),
        ("text=ｺﾄﾘ", {"salon"}),
        ("text=ＮＯＲＴＨＷＩＮＤ", {"abroad", "survey"}),
        ("text=kotori", {"salon"}),
        ("text=hot+pepper+telephone", {"dinner"}),
        ("text=ホットペッパー", {"dinner"}),
        ("text=メールアドレス", {"salon"}),
        ("text=アンケート+name", {"survey"}),
        ("text=みなと&month=2026-11", {"dinner"}),
        ("text=no+such+words", set()),
    ],
)
def test_filter_leaves_what_matches(as_hanako, mixed, query, names):
    assert set(ids_on(read(as_hanako.get(f"{LIST}?{query}")))) == {mixed[name] for name in names}


def test_day_begins_at_midnight_of_the_site(as_hanako, hanako, reporter):
    late = datetime(2026, 11, 1, 14, 59, 59, tzinfo=UTC)  # a second before midnight in Tokyo
    bookings(reporter, 2, occurred_at=late)
    record_disclosures(events=[an_event("next", occurred_at=late + timedelta(seconds=1))], by=reporter)
    assert len(ids_on(read(as_hanako.get(f"{LIST}?until=2026-11-01")))) == 2
    assert len(ids_on(read(as_hanako.get(f"{LIST}?since=2026-11-02")))) == 1


def test_each_filter_is_counted_under_the_others(as_hanako, mixed):
    page = listed(as_hanako, "country=JP&item=phone")
    assert options(page, "service") == {"jalan": 1, "hotpepper-gourmet": 1}
    assert options(page, "country") == {"JP": 2, "US": 1}
    assert options(page, "item") == {"name": 3, "phone": 2, "email": 1}
    assert options(page, "month") == {"2026-11": 1, "2026-10": 1}


def test_count_of_a_filter_is_what_the_list_then_shows(as_hanako, mixed):
    for name in ("recipient", "service", "scenario", "item", "ground", "country", "month"):
        counts = options(listed(as_hanako), name)
        assert any(counts.values()), name
        for value, count in counts.items():
            assert len(ids_on(read(as_hanako.get(f"{LIST}?{name}={value}")))) == count, (name, value)


def test_month_begins_at_midnight_where_the_site_is(as_hanako, hanako, reporter):
    moments = {
        "a year before": datetime(2025, 10, 31, 15, tzinfo=UTC),
        "last of October": datetime(2026, 10, 31, 14, 59, 59, 999_999, tzinfo=UTC),
        "first of November": datetime(2026, 10, 31, 15, tzinfo=UTC),
    }
    events = [an_event(name, occurred_at=moment) for name, moment in moments.items()]
    record_disclosures(events=events, by=reporter)
    counts = {month: count for month, count in options(listed(as_hanako), "month").items() if count}
    assert counts == {"2025-11": 1, "2026-10": 1, "2026-11": 1}


def test_period_counts_for_the_filters_beside_it(as_hanako, mixed):
    page = listed(as_hanako, "since=2026-11-01")
    assert options(page, "recipient") == {"northwind-analytics": 2, "kotori-salon": 1, "minato-inn": 1}
    assert "(1)" in page.one("label", cls="choice").text


def test_list_says_how_many_of_how_many(as_hanako, mixed):
    assert listed(as_hanako, "country=US").one(id="found").text == "5件のうち2件"


def test_chosen_filter_can_be_taken_away_alone(as_hanako, mixed):
    links = [link["href"] for link in listed(as_hanako, "country=US&ground=approval").one("ul", cls="chosen").all("a")]
    assert [f"{LIST}?ground=approval", f"{LIST}?country=US"] == sorted(links[:2], reverse=True)
    assert links[2] == LIST


def test_empty_list_says_which_filter_to_loosen(as_hanako, mixed):
    empty = listed(as_hanako, "recipient=kotori-salon&month=2026-10&item=name").one(cls="empty")
    found = {link["href"]: link.text for link in empty.all("a")}
    assert "1" in found[f"{LIST}?recipient=kotori-salon&item=name"]
    assert "1" in found[f"{LIST}?item=name&month=2026-10"]
    assert f"{LIST}?recipient=kotori-salon&month=2026-10" not in found
    for address, text in found.items():
        assert f"{len(ids_on(read(as_hanako.get(address))))}" in text


def test_nothing_to_loosen_leads_to_everything(as_hanako, mixed):
    links = [link["href"] for link in listed(as_hanako, "recipient=none&item=none").one(cls="empty").all("a")]
    assert links == [LIST]


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "since=2026-02-30", "until=99999-01-01", "since=0001-01-01", "month=2026-13", "month=2026-11%0a",
     "ground=x", "country=japan", "country=JP%0a", "text=%00", "text=" + "x" * 101],
)  # fmt: skip
def test_what_cannot_be_meant_is_left_out_and_said(as_hanako, mixed, query):
    page = listed(as_hanako, query)
    assert len(ids_on(read(as_hanako.get(f"{LIST}?{query}")))) == 5
    assert page.one("p", cls="message").text


def test_period_that_ends_before_it_begins_is_told_at_its_field(as_hanako, mixed):
    page = listed(as_hanako, "since=2026-11-20&until=2026-11-01")
    assert page.one("ul", cls="errorlist").text == "終わりの日が、始まりの日より前になっています。"
    assert page.one("input", id="id_until")["value"] == "2026-11-01"


def test_page_without_any_disclosure_has_no_filters(as_hanako):
    assert listed(as_hanako).all("select") == []


# --- htmx ------------------------------------------------------------------------------------------------------------


def test_htmx_gets_the_same_rows_as_a_part(as_hanako, mixed):
    whole = as_hanako.get(f"{LIST}?country=US")
    part = as_hanako.get(f"{LIST}?country=US", headers=HTMX)
    links = [link["href"] for link in read(part).one(id="record").all("a")]
    assert b"<html" in whole.content and b"<html" not in part.content
    assert [f"{LIST}{id}/" for id in ids_on(read(whole))] == [link for link in links if link.count("/") == 4]


def test_address_after_htmx_holds_what_was_chosen_and_no_empty_field(as_hanako, mixed):
    part = as_hanako.get(f"{LIST}?recipient=&country=US&since=&text=", headers=HTMX)
    assert part["HX-Push-Url"] == f"{LIST}?country=US"


def test_way_back_in_the_history_gets_the_whole_page(as_hanako, mixed):
    back = as_hanako.get(LIST, headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert b"<html" in back.content


def test_everything_htmx_does_is_also_a_link_or_a_form(as_hanako, mixed):
    asking = [e for e in listed(as_hanako, "country=US&item=name").descendants if e["data-hx-get"]]
    links = [element for element in asking if element.tag == "a"]
    others = [element for element in asking if element.tag != "a"]
    assert links and [link["href"] for link in links] == [link["data-hx-get"] for link in links]
    assert others and all("form" in [e.tag for e in (element, *element.is_in)] for element in others)


def test_htmx_is_held_to_the_strict_policy(as_hanako, mixed):
    (config,) = read(as_hanako.get(LIST)).all("meta", name="htmx-config")
    for rule in (
        '"allowEval":false',
        '"includeIndicatorStyles":false',
        '"allowScriptTags":false',
        '"selfRequestsOnly":true',
    ):
        assert rule in config["content"]


# --- Cost ------------------------------------------------------------------------------------------------------------


EVERY_FILTER = (
    "recipient=minato-inn&service=jalan&scenario=online-booking&item=name&ground=person_act&country=JP"
    "&since=2026-01-01&until=2026-12-31&text=みなと"
)


@pytest.mark.parametrize("query", ["", "item=name", "month=2026-10", "text=みなと", EVERY_FILTER])
def test_filtered_list_costs_eight_statements_however_many_rows(as_hanako, hanako, reporter, query):
    many_kinds(reporter, 3)
    few = statements(as_hanako, f"{LIST}?{query}")
    many_kinds(reporter, 60)
    assert statements(as_hanako, f"{LIST}?{query}") == few <= 8


def test_paging_keeps_every_filter(as_hanako, hanako, reporter):
    bookings(reporter, 30)
    older = link_to(read(as_hanako.get(f"{LIST}?item=name&text=みなと")), "next")
    kept = parse_qs(older.lstrip("?"))
    assert kept["item"] == ["name"] and kept["text"] == ["みなと"] and kept["cursor"]


def test_filters_of_a_stranger_count_nothing_of_hanakos(as_taro, taro, reporter, mixed):
    record_disclosures(events=[an_event("taros", subject=taro.subject, ground=Ground.CONTRACT)], by=reporter)
    page = listed(as_taro)
    assert page.one(id="found").text == "1件の提供記録"


# --- Nothing found ---------------------------------------------------------------------------------------------------


def empty(client, query):
    return listed(client, query).one(cls="empty")


def test_filters_that_match_nothing_on_their_own_are_named(as_hanako, mixed):
    said = empty(as_hanako, "text=ありません&country=US&item=email").text
    assert "「ありません」" in said and "0件" in said
    assert "アメリカ" not in said and "メールアドレス" not in said


def test_filters_that_only_together_leave_something_are_named_as_a_pair(as_hanako, mixed):
    found = empty(as_hanako, "item=email&country=US&month=2026-10")
    pair = found.one("ul", cls="plain").one("a")
    assert pair["href"] == f"{LIST}?country=US"
    assert "メールアドレス" in pair.text and "2026年10月" in pair.text and "2件" in pair.text
    assert len(ids_on(read(as_hanako.get(pair["href"])))) == 2


@pytest.mark.parametrize("query", ["text=ありません", "item=email&country=US&month=2026-10"])
def test_form_keeps_its_selects_where_nothing_is_found(as_hanako, mixed, query):
    names = {select["name"] for select in listed(as_hanako).all("select")}
    assert {select["name"] for select in listed(as_hanako, query).all("select")} == names
