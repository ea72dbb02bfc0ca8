"""The scenarios of a page as an index: by what control one has, by item, by service."""

import pytest

from disclosures.content.working_copy import working_document
from disclosures.models import Ground, Scenario, Site
from disclosures.public import pages
from disclosures.public.page_cache import kept_filtered
from disclosures.public.scenario_index import scenario_index, scenarios_of
from disclosures.publishing.actions import publish_content
from tests.support.content import publish_as_it_is
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WHERE = "/where-provided/"
GROUPS = {
    "by-act": {"person_act"},
    "by-asked": {"approval"},
    "by-bound": {"policy", "contract", "legal"},
    "by-unnamed": {"none"},
}


def scenarios() -> dict:
    return working_document()["scenarios"]


def codes_with(name, value) -> set[str]:
    """What the working copy says: codes of scenarios that have this item, this service."""
    return {code for code, entry in scenarios().items() if value in entry[name]}


def links_in(row) -> set[str]:
    return {link["href"].partition("#")[2] for link in row.one("ul", cls="leads").all("a")}


def told_of(group) -> list[str]:
    """What stands below the heading of a group, above its rows."""
    return [one.text for one in group.all("p") if one.parent == group]


# --- By control ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", GROUPS)
def test_every_scenario_stands_under_what_one_can_do_about_it(client, heading):
    group = read(client.get(WHERE)).one("section", id=heading)
    expected = {code for code, entry in scenarios().items() if entry["ground"] in GROUPS[heading]}
    assert expected and {scenario["id"] for scenario in group.all("article", cls="scene")} == expected


@pytest.mark.parametrize("path", [WHERE, "/en/where-provided/"])
def test_row_says_what_goes_to_whom_before_it_is_opened(client, path):
    page, language = read(client.get(path)), "en" if "/en/" in path else "ja"
    document = working_document()
    for code, entry in document["scenarios"].items():
        summary = page.one("article", id=code).parent.one("summary").text
        named = [document["recipients"][recipient] for recipient in entry["recipients"]]
        told = [entry, *(document["data_items"][item] for item in entry["items"]), *named]
        assert all(one["title"][language] in summary for one in told), code
        assert entry["recipient_kinds"].get(language, "") in summary


def test_all_rows_are_closed_and_one_opens_at_a_time(client):
    rows = read(client.get(WHERE)).all("details", cls="entry")
    assert [row for row in rows if "open" in row.attributes] == []
    assert {row["name"] for row in rows} == {"scene"}


def test_headings_and_what_one_can_do_are_content(client):
    Site.objects.update(asked_title="許可の場面", asked_control="断れます。")
    publish_content(by=None)
    group = read(client.get(WHERE)).one("section", id="by-asked")
    assert group.one("h2").text.startswith("許可の場面") and told_of(group) == ["断れます。"]


def test_site_that_says_nothing_of_control_has_usual_headings_and_promises_nothing(client):
    Site.objects.update(bound_title="", bound_control="", i18n={})
    publish_content(by=None)
    group = read(client.get(WHERE)).one("section", id="by-bound")
    assert group.one("h2").text.startswith("ポリシー・契約・法令にもとづいて")
    assert group.all("details") and told_of(group) == []


def test_opened_row_says_on_what_ground_and_what_a_report_cites(client):
    Scenario.objects.filter(code="online-booking").update(evidence="act")
    Scenario.objects.filter(code="card-fraud").update(evidence="")
    publish_as_it_is()
    page = read(client.get(WHERE))
    facts = page.one("article", id="online-booking").one("dl", cls="facts").text
    assert "あなた自身の行動" in facts and "サービスでのあなたの操作の番号" in facts
    assert "報告に添える根拠" not in page.one("article", id="card-fraud").text


def test_group_without_scenarios_is_left_out(client):
    Scenario.objects.filter(ground=Ground.NONE).update(ground=Ground.LEGAL)
    publish_content(by=None)
    assert read(client.get(WHERE)).all("section", id="by-unnamed") == []


def test_section_leads_to_its_scenarios_in_the_index(client):
    page = read(client.get(WHERE))
    for section in ("scenarios", "processed"):
        links = [link["href"] for link in page.one("section", id=section).one("ul", cls="leads").all("a")]
        expected = sorted(
            (entry["position"], f"#{code}") for code, entry in scenarios().items() if entry["section"] == section
        )
        assert links == [anchor for _position, anchor in expected] != []


# --- By item and by service ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by", "name"), [("item", "items"), ("service", "services")])
def test_every_item_and_every_service_leads_to_its_scenarios(client, by, name):
    page = read(client.get(f"{WHERE}?by={by}"))
    used = {code for entry in scenarios().values() for code in entry[name]}
    for code in used:
        assert links_in(page.one("div", id=f"{by}-{code}")) == codes_with(name, code), code
    shown = {row["id"] for row in page.all("div", cls="scene")} - {f"{by}-none"}
    assert shown == {f"{by}-{code}" for code in used}


def test_scenarios_that_name_no_service_are_not_lost(client):
    row = read(client.get(f"{WHERE}?by=service")).one("div", id="service-none")
    assert links_in(row) == {code for code, entry in scenarios().items() if not entry["services"]} != set()


def test_row_of_an_item_names_its_few_scenarios_which_tell_like_names_apart(client):
    page, document = read(client.get(f"{WHERE}?by=item")), working_document()
    said = {}
    for row in page.all("details", cls="entry"):
        code = row.one("div", cls="scene")["id"].removeprefix("item-")
        said[code] = row.one("summary").text
        titles = [document["scenarios"][one]["title"]["ja"] for one in codes_with("items", code)]
        assert all((title in said[code]) is (len(titles) <= 2) for title in titles), code
    assert len(set(said.values())) == len(said)
    assert said["usage-and-amount"] == "利用実績、金額 1件の提供シーン:クライアントへの実績報告"


@pytest.mark.parametrize("by", ["item", "service"])
def test_count_says_what_it_counts_and_where_lists_are_examples(client, by):
    def told():
        return read(client.get(f"{WHERE}?by={by}")).one("div", cls="index").all("p", cls="soft")[0].text

    Scenario.objects.update(item_list="complete", service_list="complete")
    publish_as_it_is()
    closed = told()
    assert f"{len(scenarios())}件の提供シーンのうち" in closed and "だけ" not in closed
    Scenario.objects.filter(code__in=["online-booking", "results-report"]).update(item_list="open", service_list="main")
    publish_as_it_is()
    assert told().startswith(closed) and "2件" in told().removeprefix(closed)


@pytest.mark.parametrize("query", ["?by=item", "?by=service", "?item=phone", "?service=suumo"])
def test_anchor_of_a_scenario_stands_once_in_every_way(client, query):
    page = read(client.get(f"{WHERE}{query}"))
    for code, entry in scenarios().items():
        assert page.one("li", id=code).one("a").text.endswith(entry["title"]["ja"])


def test_who_asks_for_an_item_has_the_answer_first_and_open(client):
    first, *others = read(client.get(f"{WHERE}?item=phone")).all("details", cls="entry")
    assert "open" in first.attributes and links_in(first) == codes_with("items", "phone")
    assert "電話番号" in first.one("summary").text and "1件" in first.one("summary").text
    assert "/my/items/phone/" in [link["href"] for link in first.all("a")]
    assert [row for row in others if "open" in row.attributes] == []


def test_who_asks_for_a_service_has_what_it_provides_and_not_what_it_never_does(client):
    first = read(client.get(f"{WHERE}?service=rikunabi")).all("details", cls="entry")[0]
    assert "open" in first.attributes and links_in(first) == codes_with("services", "rikunabi")
    review = next(row for row in first.all("li") if row.all("a", href=f"{WHERE}#review-author"))
    assert "口コミの投稿内容" in review.text and "氏名" not in review.one("span", cls="way").text


def test_service_that_never_provides_an_item_is_named_with_it(client):
    row = read(client.get(f"{WHERE}?by=item")).one("div", id="item-name")
    told = {link["href"]: "リクナビを除く" in link.parent.text for link in row.one("ul").all("a")}
    assert [address for address, is_told in told.items() if is_told] == [f"{WHERE}#review-author"]


@pytest.mark.parametrize("by", ["item", "service"])
def test_other_ways_are_one_link_away_and_marked(client, by):
    ways = read(client.get(f"{WHERE}?by={by}")).one("nav", cls="switch").all("a")
    assert [way["href"] for way in ways] == [WHERE, f"{WHERE}?by=item", f"{WHERE}?by=service"]
    assert [way["href"] for way in ways if way["aria-current"]] == [f"{WHERE}?by={by}"]


@pytest.mark.parametrize("query", ["?by=x", "?by=", "?by=%00", "?by=" + "x" * 5000, "?utm_source=x", "?by=item&by=x"])
def test_way_that_is_not_ours_is_the_usual_page_and_kept_once(client, query):
    usual, before = client.get(WHERE).content, len(kept_filtered.pages)
    assert client.get(f"{WHERE}{query}").content == usual
    assert len(kept_filtered.pages) == before


@pytest.mark.parametrize("query", ["?item=no-such-item", "?service=%00", "?item=" + "x" * 5000])
def test_value_that_is_not_ours_shows_everything_and_says_so(client, query):
    response = client.get(f"{WHERE}{query}")
    assert response.status_code == 200
    assert "お探しのものを提供するシーンはありません" in read(response).one("p", role="status").text
    rows = read(response).all("details", cls="entry")
    assert rows and [row for row in rows if "open" in row.attributes] == []


def test_value_of_the_address_is_never_printed(client):
    assert "<b>x" not in client.get(f"{WHERE}?item=<b>x&by=<b>x").content.decode()


def test_page_without_scenarios_has_no_index(client):
    assert read(client.get("/how-collected/?item=email&by=item")).all("div", cls="index") == []


def test_few_scenarios_need_one_way(client):
    Scenario.objects.exclude(code__in=["online-booking", "job-application"]).update(retired_at="2026-11-01T00:00Z")
    publish_as_it_is()
    page = read(client.get(WHERE))
    assert page.one("article", id="online-booking") and page.all("nav", cls="switch") == []


def test_both_values_show_the_item():
    document = working_document()
    page = pages.page(document, "where-provided")
    index = scenario_index(document, page, item="email", service="jalan")
    assert index.by == "item" and index.rows[0].code == "email" and index.rows[0].is_open
    assert index.count == len(list(scenarios_of(page.sections)))
