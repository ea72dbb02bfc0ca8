"""Finding one's way on the public pages: scenes chosen by service and item, all at a glance, lists, addresses."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders

from disclosures.models import Country, Question, Recipient, Scenario
from disclosures.public import pages, scenario_filter
from disclosures.public.overview_figure import LABEL_UNITS, lines_of, overview, units
from disclosures.public.views import RECIPIENTS_PER_PAGE
from disclosures.publishing.actions import publish_content
from disclosures.publishing.working_copy import working_document
from tests.support.html import read

pytestmark = pytest.mark.django_db

WHERE = "/where-provided/"


def scenarios_shown(client, query="") -> list[str]:
    return [scenario["id"] for scenario in read(client.get(f"{WHERE}{query}")).all("article", cls="scene")]


def codes_with(**wanted) -> list[str]:
    """What the working copy says: codes of scenarios that have this item, this service."""
    found = []
    for code, entry in working_document()["scenarios"].items():
        if all(value in entry[name] for name, value in wanted.items()):
            found.append(code)
    return found


# --- Scenes by service and item --------------------------------------------------------------------------------------


def test_reader_finds_the_scenarios_in_which_their_address_is_provided(client):
    assert set(scenarios_shown(client, "?item=email")) == set(codes_with(items="email")) != set()


def test_scenarios_are_chosen_by_service(client):
    assert set(scenarios_shown(client, "?service=suumo")) == set(codes_with(services="suumo")) != set()


def test_service_and_item_are_combined(client):
    both = set(codes_with(services="jalan")) & set(codes_with(items="email"))
    assert set(scenarios_shown(client, "?service=jalan&item=email")) == both != set()


def test_scenarios_keep_their_numbers_and_their_order(client):
    def numbers(query=""):
        found = read(client.get(f"{WHERE}{query}")).all("article", cls="scene")
        return {
            scenario["id"]: scenario.one("span", cls="no").text for scenario in found if scenario.all("span", cls="no")
        }

    everything, some = numbers(), numbers("?item=usage")
    assert some and some.items() <= everything.items()
    assert list(some) == [code for code in everything if code in some]


def test_form_says_what_is_chosen_and_how_many_are_shown(client):
    form = read(client.get(f"{WHERE}?item=email")).one(id="scene-filter")
    chosen = [option["value"] for option in form.all("option") if "selected" in option.attributes]
    shown, total = len(scenarios_shown(client, "?item=email")), len(scenarios_shown(client))
    assert chosen == ["email"] and "open" in form.attributes
    assert f"{total}件の提供シーンのうち、{shown}件" in form.one(role="status").text


def test_choice_that_no_scenario_meets_says_what_to_do(client):
    service = next(iter(set(working_document()["services"]) & {"suumo"}))
    page = read(client.get(f"{WHERE}?service={service}&item=resume"))
    assert page.all("article", cls="scene") == []
    assert "どちらかを「すべて」にしてください" in page.one(id="scene-filter").text


@pytest.mark.parametrize("query", ["?item=no-such-item", "?service=%00", "?item=" + "x" * 5000, "?item=&service="])
def test_value_that_is_not_ours_shows_everything_and_says_so(client, query):
    response = client.get(f"{WHERE}{query}")
    assert response.status_code == 200
    assert [one["id"] for one in read(response).all("article", cls="scene")] == scenarios_shown(client)
    assert ("外しました" in read(response).one(id="scene-filter").text) is not query.endswith("service=")


def test_value_of_the_address_is_never_printed(client):
    assert "<b>x" not in client.get(f"{WHERE}?item=<b>x").content.decode()


def test_other_parameters_change_nothing(client):
    assert client.get(f"{WHERE}?utm_source=x").content == client.get(WHERE).content


def test_page_with_few_scenarios_has_no_filter(client):
    assert read(client.get("/how-collected/?item=email")).all(id="scene-filter") == []


# --- All scenes at a glance ------------------------------------------------------------------------------------------


def test_overview_links_every_scenario_and_each_of_its_items(client):
    page = read(client.get(WHERE))
    drawn = [link["href"] for link in page.one("svg", cls="matrix").all("a")]
    named = [link["href"] for link in page.one("dl", cls="item-scenes").all("a")]
    for code, entry in working_document()["scenarios"].items():
        assert drawn.count(f"#{code}") == 1 + len(entry["items"]), code
        assert named.count(f"#{code}") == len(entry["items"]), code
    assert {link.removeprefix("#") for link in drawn} == {
        scenario["id"] for scenario in page.all("article", cls="scene")
    }


def test_overview_says_by_name_where_an_item_goes_where_it_is_not_drawn(client):
    items = read(client.get("/en/where-provided/")).one("dl", cls="item-scenes").all("div")
    phone = next(item for item in items if item.one("dt").text == "Telephone number")
    assert [link.text for link in phone.all("a")] == ["1 Online booking"]


def test_table_behind_the_overview_names_the_scenarios_with_their_items(client):
    rows = read(client.get(WHERE)).one("figure", cls="overview").one("details").one("tbody").all("tr")
    for row in rows:
        entry = working_document()["scenarios"][row.one("th").one("a")["href"].removeprefix("#")]
        titles = [working_document()["data_items"][code]["title"]["ja"] for code in entry["items"]]
        assert all(title in row.text for title in titles)
    assert len(rows) == len(working_document()["scenarios"])


def test_scenario_in_which_nobody_can_be_identified_is_drawn_otherwise(client):
    page = read(client.get(WHERE))
    drawn = {circle.parent["href"] for circle in page.one("svg", cls="matrix").all("circle", cls="ring")}
    named = {link["href"] for link in page.one("dl", cls="item-scenes").all("a", cls="ring")}
    anonymous = [code for code, entry in working_document()["scenarios"].items() if entry["ground"] == "none"]
    assert anonymous and drawn == named == {f"#{code}" for code in anonymous}


def test_overview_leaves_with_the_scenarios_that_are_not_shown(client):
    assert read(client.get(f"{WHERE}?item=email")).all("figure", cls="overview") == []


def test_overview_is_drawn_for_two_scenarios_up_to_what_can_be_told_apart():
    page = pages.page(working_document(), "where-provided")
    found = list(scenario_filter.scenarios_of(page.sections))
    assert overview(found[:1]) is None and overview(found[:2]) is not None
    assert overview(found * 4) is None


@pytest.mark.parametrize("text", ["氏名", "属性(世帯年収など)、" * 9, "a b c " * 40, "x" * 200, ""])
def test_label_fits_into_two_lines(text):
    lines = lines_of(text)
    assert len(lines) <= 2 and all(units(line) <= LABEL_UNITS or " " not in line for line in lines)


# --- Lists -----------------------------------------------------------------------------------------------------------


def test_long_list_of_recipients_is_paged(client):
    japan = Country.objects.get(code="JP")
    for number in range(RECIPIENTS_PER_PAGE + 1):
        Recipient.objects.create(code=f"made-up-{number}", title=f"会社{number}", country=japan, position=number + 100)
    publish_content(by=None)
    first, second = read(client.get("/recipients/")), read(client.get("/recipients/?page=2"))
    shown = [link["href"] for page in (first, second) for link in page.one("main").all("a")]
    assert all(f"/recipients/made-up-{number}/" in shown for number in range(RECIPIENTS_PER_PAGE + 1))
    assert first.one("a", rel="next")["href"] == "?page=2"


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999", "1" * 5000])
def test_page_that_is_not_there_is_the_nearest(client, page):
    assert client.get(f"/recipients/?page={page}").status_code == 200


def test_what_is_not_known_of_a_recipient_abroad_is_said_with_the_reason(client):
    Recipient.objects.filter(code="northwind-analytics").update(
        measures="", measures_unknown="照会中です。", i18n={"measures_unknown_en": "We have asked."}
    )
    publish_content(by=None)
    assert "照会中です。" in read(client.get("/recipients/northwind-analytics/")).text
    assert "We have asked." in read(client.get("/en/recipients/northwind-analytics/")).text


def test_every_question_can_be_linked(client):
    page = read(client.get("/faq/"))
    codes = list(Question.objects.values_list("code", flat=True))
    assert len(codes) >= 12
    assert {details["id"] for details in page.all("details", cls="fold")} >= set(codes)
    assert {f"#{code}" for code in codes} <= {link["href"] for link in page.one("main").all("a")}


# --- Addresses for others --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/",
        WHERE,
        "/en/where-provided/",
        "/services/jalan/",
        "/faq/",
        "/contact/",
        "/glossary/",
        "/changes/",
        "/en/changes/1/",
    ],
)
def test_page_tells_others_its_title_and_its_one_address(client, path):
    head = read(client.get(f"{path}?item=email")).one("head")
    told = {
        meta["property"]: meta["content"] for meta in head.all("meta") if (meta["property"] or "").startswith("og:")
    }
    assert told["og:url"] == head.one("link", rel="canonical")["href"] == f"http://testserver{path}"
    assert told["og:title"] and told["og:site_name"] and 0 < len(told["og:description"]) <= 200
    assert told["og:locale"] == ("en_US" if path.startswith("/en/") else "ja_JP")
    others = {urlsplit(link["href"]).path for link in head.all("link", rel="alternate")}
    assert others == {path.removeprefix("/en"), f"/en{path.removeprefix('/en')}"}


@pytest.mark.parametrize(("path", "title"), [("/", "プライバシーセンター"), ("/en/", "Privacy Center")])
def test_link_to_the_home_page_shows_the_name_of_the_site(client, path, title):
    assert read(client.get(path)).one("meta", property="og:title")["content"] == title


def test_link_to_a_page_shows_a_picture_that_is_there(client, settings):
    settings.SITE_ADDRESS = "https://privacy.example"
    address = read(client.get("/glossary/")).one("meta", property="og:image")["content"]
    assert address == "https://privacy.example/static/icons/share.png"
    assert Path(finders.find("icons/share.png")).stat().st_size < 10_000


def test_scenario_that_is_not_translated_is_marked_as_japanese(client):
    Scenario.objects.filter(code="online-booking").update(i18n={})
    publish_content(by=None)
    scenario = read(client.get("/en/where-provided/")).one(id="online-booking")
    assert {element.language for text, element in scenario.words if text == "ネット予約"} == {"ja"}
