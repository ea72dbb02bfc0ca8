"""Finding one's way on the public pages: all scenarios at a glance, lists, addresses."""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders

from disclosures.content.working_copy import working_document
from disclosures.models import Country, Ground, Question, Recipient, Scenario, Site
from disclosures.public import pages
from disclosures.public.overview_figure import LABEL_UNITS, lines_of, overview, units
from disclosures.public.recipient_lists import PER_PAGE
from disclosures.public.scenario_index import scenarios_of
from disclosures.publishing.actions import publish_content
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WHERE = "/where-provided/"


# --- All scenes at a glance ------------------------------------------------------------------------------------------


def test_overview_links_every_scenario_and_each_of_its_items(client):
    page = read(client.get(WHERE))
    drawn = [link["href"] for link in page.one("svg", cls="matrix").all("a")]
    for code, entry in working_document()["scenarios"].items():
        assert drawn.count(f"#{code}") == 1 + len(entry["items"]), code
    assert {link.removeprefix("#") for link in drawn} == {
        scenario["id"] for scenario in page.all("article", cls="scene")
    }


@pytest.mark.parametrize(("prefix", "told"), [("", "リクナビを除く"), ("/en", "not by Rikunabi")])
def test_overview_marks_an_item_that_a_service_never_provides(client, prefix, told):
    page = read(client.get(f"{prefix}{WHERE}"))
    where = [
        (link["href"], told in link.one("title").text, [mark.text for mark in link.all("text")])
        for link in page.one("svg", cls="matrix").all("a")
    ]
    marked = [(href, marks) for href, is_told, marks in where if is_told]
    assert marked == [("#review-author", ["*"])]
    assert [told in row.text for row in page.one("figure", cls="overview").one("tbody").all("tr")].count(True) == 1


def test_overview_names_its_columns(client):
    drawn = read(client.get(WHERE)).one("svg", cls="matrix")
    for code, entry in working_document()["scenarios"].items():
        heads = [link for link in drawn.all("a", href=f"#{code}") if link.all("text", cls="head")]
        assert len(heads) == 1 and heads[0].one("title").text.endswith(entry["title"]["ja"])
        shown = "".join(text.text for text in heads[0].all("text", cls="head")).replace(" ", "")
        assert shown.lstrip("0123456789") == entry["title"]["ja"].replace(" ", "")


def test_table_behind_the_overview_names_the_scenarios_with_their_items(client):
    rows = read(client.get(WHERE)).one("figure", cls="overview").one("details").one("tbody").all("tr")
    for row in rows:
        entry = working_document()["scenarios"][row.one("th").one("a")["href"].removeprefix("#")]
        titles = [working_document()["data_items"][code]["title"]["ja"] for code in entry["items"]]
        assert all(title in row.text for title in titles)
    assert len(rows) == len(working_document()["scenarios"])


@pytest.mark.parametrize("mark", ["plain", "double", "broken"])
def test_scenario_is_drawn_as_what_it_is_with_a_legend(client, mark):
    page = read(client.get(WHERE)).one("figure", cls="overview")
    drawn = {circle.parent["href"] for circle in page.one("svg", cls="matrix").all("circle", cls=mark)}
    expected = {f"#{code}" for code, entry in working_document()["scenarios"].items() if mark == mark_of(code, entry)}
    assert expected and drawn == expected
    assert page.one("ul", cls="marks").all("li", cls=mark)


def mark_of(code, entry) -> str:
    if entry["ground"] == "none":
        return "broken"
    return "double" if code in ("job-scouting", "suumo-home-proposals") else "plain"


def test_legend_is_left_out_where_all_marks_are_alike(client):
    Scenario.objects.filter(ground=Ground.NONE).update(ground=Ground.POLICY)
    Scenario.objects.update(is_processed=False)
    publish_content(by=None)
    assert not read(client.get(WHERE)).one("figure", cls="overview").all("ul", cls="marks")


@pytest.mark.parametrize("query", ["?item=email", "?by=item", "?by=service"])
def test_overview_stands_on_the_usual_page_alone(client, query):
    assert read(client.get(f"{WHERE}{query}")).all("figure", cls="overview") == []


def test_overview_is_drawn_for_two_scenarios_up_to_what_can_be_told_apart():
    page = pages.page(working_document(), "where-provided")
    found = list(scenarios_of(page.sections))
    assert overview(found[:1]) is None and overview(found[:2]) is not None
    assert overview(found * 4) is None


@pytest.mark.parametrize("text", ["氏名", "属性(世帯年収など)、" * 9, "a b c " * 40, "x" * 200, ""])
def test_label_fits_into_two_lines(text):
    lines = lines_of(text)
    assert len(lines) <= 2 and all(units(line) <= LABEL_UNITS or " " not in line for line in lines)


# --- Lists -----------------------------------------------------------------------------------------------------------


def test_long_list_of_recipients_is_paged(client):
    japan = Country.objects.get(code="JP")
    for number in range(PER_PAGE + 1):
        Recipient.objects.create(code=f"made-up-{number}", title=f"会社{number}", country=japan, position=number + 100)
    publish_content(by=None)
    first, second = read(client.get("/recipients/")), read(client.get("/recipients/?page=2"))
    shown = [link["href"] for page in (first, second) for link in page.one("main").all("a")]
    assert all(f"/recipients/made-up-{number}/" in shown for number in range(PER_PAGE + 1))
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
def test_page_tells_others_its_title_and_its_one_address(client, settings, path):
    head = read(client.get(f"{path}?item=email")).one("head")
    told = {
        meta["property"]: meta["content"] for meta in head.all("meta") if (meta["property"] or "").startswith("og:")
    }
    assert told["og:url"] == head.one("link", rel="canonical")["href"] == settings.SITE_ADDRESS + path
    assert told["og:title"] and told["og:site_name"] and 0 < len(told["og:description"]) <= 200
    assert told["og:locale"] == ("en_US" if path.startswith("/en/") else "ja_JP")
    others = {urlsplit(link["href"]).path for link in head.all("link", rel="alternate")}
    assert others == {path.removeprefix("/en"), f"/en{path.removeprefix('/en')}"}


@pytest.mark.parametrize(("path", "title"), [("/", "プライバシーセンター"), ("/en/", "Privacy Center")])
def test_link_to_the_home_page_shows_the_name_of_the_site(client, path, title):
    assert read(client.get(path)).one("meta", property="og:title")["content"] == title


@pytest.mark.parametrize(("path", "picture"), [("/glossary/", "share-ja.png"), ("/en/glossary/", "share-en.png")])
def test_link_to_a_page_shows_a_picture_that_is_there(client, settings, path, picture):
    settings.SITE_ADDRESS = "https://privacy.example"
    address = read(client.get(path)).one("meta", property="og:image")["content"]
    assert address == f"https://privacy.example/static/icons/{picture}"
    assert Path(finders.find(f"icons/{picture}")).stat().st_size < 10_000


def test_scenario_that_is_not_translated_is_marked_as_japanese(client):
    Scenario.objects.filter(code="online-booking").update(i18n={})
    publish_content(by=None)
    scenario = read(client.get("/en/where-provided/")).one(id="online-booking")
    assert {element.language for text, element in scenario.words if text == "ネット予約"} == {"ja"}


# --- What the law wants said of operator and recipients --------------------------------------------------------------


def test_contact_page_says_who_runs_the_site_and_what_is_not_stated(client):
    facts = read(client.get("/contact/")).one("h2", id="operator").parent.one("dl")
    assert "リクルート" in facts.text
    assert facts.text.count("記載がありません") == 6
    Site.objects.update(operator_address="東京都千代田区", purposes="**予約**のため", fees="無料")
    publish_content(by=None)
    facts = read(client.get("/contact/")).one("h2", id="operator").parent.one("dl")
    assert "東京都千代田区" in facts.text and facts.one("strong").text == "予約"
    assert facts.text.count("記載がありません") == 3


def test_page_of_a_recipient_says_who_represents_it_or_that_it_is_not_known(client):
    assert "代表 湊 ゆう" in read(client.get("/recipients/minato-inn/")).one("main").text
    Recipient.objects.filter(code="minato-inn").update(representative="", i18n={})
    publish_content(by=None)
    main = read(client.get("/recipients/minato-inn/")).one("main").text
    assert "代表者" in main and "湊 ゆう" not in main


def test_page_of_a_recipient_abroad_says_on_which_basis(client):
    abroad = Recipient.objects.filter(code="northwind-analytics")
    abroad.update(basis_abroad="equivalent_system", basis_checked_on=date(2026, 4, 1))
    publish_content(by=None)
    main = read(client.get("/recipients/northwind-analytics/")).one("main")
    assert "基準に適合する体制を整えた提供先" in main.text
    assert "2026年4月1日" in main.text
    assert "/contact/" in [link["href"] for link in main.all("a")]


def test_scenario_says_what_the_law_wants_said_of_its_route(client):
    Scenario.objects.filter(code="online-booking").update(route="joint_use", route_parties="グループ各社")
    publish_content(by=None)
    facts = read(client.get(WHERE)).one("article", id="online-booking").all("dl", cls="facts")[0].text
    assert "共同して利用する者グループ各社" in facts
    assert "共同利用の目的記載がありません。" in facts
    assert "提供を止める方法" not in facts
