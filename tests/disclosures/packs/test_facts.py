"""The starter content says all that the fact sheet says, in the sheet's own names."""

import re

import pytest
import yaml
from django.utils import timezone

from disclosures.models import Publication
from disclosures.packs.files import read_pack
from tests.support.content import ROOT, texts_in
from tests.support.html import read
from tests.support.pages import PUBLIC_PATHS

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FACTS = yaml.safe_load((ROOT / "tests" / "facts.yaml").read_text(encoding="utf-8"))
SECTIONS = FACTS["sections"]
SUBSECTIONS = [part for section in SECTIONS for part in section.get("subsections", [])]
SCENARIOS = [scenario for section in SECTIONS for scenario in section.get("scenarios", [])]
QUESTIONS = [question for section in SECTIONS for question in section.get("faq", [])]
LINK_TITLES = {link["code"]: link["title"] for section in SECTIONS for link in section.get("links", [])}
# The sheet gives this title in a note, without its code.
LINK_TITLES["processing-examples"] = "統計分析における加工処理例"
DEFINED = [section for section in SECTIONS if "definition" in section]
WITH_NOTES = [entry for entry in [*SCENARIOS, *SUBSECTIONS] if entry.get("notes") or entry.get("says")]
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠々]")
HEADINGS = ("h1", "h2", "h3", "h4")


def code_of(entry):
    return entry["code"]


def each(name, entries):
    return pytest.mark.parametrize(name, entries, ids=code_of)


def names_quoted_in(entry) -> list[str]:
    """What a note gives in Japanese quotation marks is a name: it has to stand on the page as it is."""
    notes = " ".join(as_list(entry.get("says")) + as_list(entry.get("notes")))
    quoted = re.findall(r"[「『]([^」』]+)[」』]", notes)
    words = [word.strip("「」『』'.") for word in re.split(r"[\s,;:\"()()]+", notes) if JAPANESE.search(word)]
    return [*quoted, *words]


def as_list(value) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


@pytest.fixture
def page(client):
    return read(client.get("/where-provided/"))


def heading_of(element):
    return next(found for found in element.descendants if found.tag in HEADINGS)


def test_page_has_its_title_and_the_sites(page):
    assert page.one("h1").text == FACTS["page"]["title"]
    assert FACTS["page"]["site_title"] in page.one("head").one("title").text


@each("section", [*SECTIONS, *SUBSECTIONS])
def test_section_stands_under_its_code_with_its_title(page, section):
    assert heading_of(page.one(id=section["code"])).text == section["title"]


@each("scenario", SCENARIOS)
def test_scenario_stands_under_its_code_with_its_title(page, scenario):
    assert heading_of(page.one(id=scenario["code"])).text.lstrip("0123456789 ") == scenario["title"]


@pytest.mark.parametrize("section", [s for s in SECTIONS if "scenarios" in s], ids=code_of)
def test_scenarios_come_in_the_order_of_the_sheet(page, section):
    codes = [code_of(scenario) for scenario in section["scenarios"]]
    links = page.one(id=section["code"]).one("ul", cls="leads").all("a")
    assert [link["href"] for link in links] == [f"#{code}" for code in codes]


@each("scenario", SCENARIOS)
def test_scenario_names_its_items_in_order(page, scenario):
    shown = [element.text for element in page.one(id=scenario["code"]).all("li")]
    assert shown[: len(scenario["items"])] == scenario["items"]


@each("scenario", SCENARIOS)
def test_scenario_shows_services_if_it_has_any(page, scenario):
    links = [link["href"] for link in page.one(id=scenario["code"]).all("a")]
    assert any(link.startswith("/services/") for link in links) is scenario["services"]


@each("scenario", [scenario for scenario in SCENARIOS if "recipients" in scenario])
def test_scenario_links_its_named_recipients(page, scenario):
    links = {link.text: link["href"] for link in page.one(id=scenario["code"]).all("a")}
    assert all(links[name].startswith("/recipients/") for name in scenario["recipients"])


@each("entry", [entry for entry in WITH_NOTES if names_quoted_in(entry)])
def test_notes_keep_the_names_they_quote(page, entry):
    shown = page.one(id=entry["code"]).text
    assert [name for name in names_quoted_in(entry) if name not in shown] == []


@each("section", [section for section in SECTIONS if names_quoted_in(section)])
def test_section_texts_keep_the_names_they_quote(page, section):
    shown = page.one(id=section["code"]).text
    assert [name for name in names_quoted_in(section) if name not in shown] == []


@each("scenario", [scenario for scenario in SCENARIOS if scenario.get("notes")])
def test_scenario_shows_a_remark_for_each_note(page, scenario):
    notes = page.one(id=scenario["code"]).one("ul", cls="notes").all("li")
    assert len(notes) >= len(scenario["notes"])


@each("scenario", [scenario for scenario in SCENARIOS if scenario.get("links")])
def test_scenario_leads_to_its_links(client, page, scenario):
    shown = {link.text: link["href"] for link in page.one(id=scenario["code"]).all("a")}
    for code in scenario["links"]:
        assert client.get(shown[LINK_TITLES[code]]).status_code == 200


@each("link", [link for section in SECTIONS for link in section.get("links", [])])
def test_closing_links_come_after_the_scenarios(page, link):
    section = page.one(id="processed")
    shown = next(found for found in section.all("a") if found.text == link["title"])
    last = next(element for element in section.all("a", href="#suumo-home-proposals"))
    order = list(section.descendants)
    assert order.index(shown) > order.index(last) and last not in shown.is_in


@each("section", DEFINED)
def test_definition_opens_and_closes_and_names_its_examples(page, section):
    definition = next(found for found in page.one(id=section["code"]).all("details"))
    assert definition.one("summary").text == section["definition"]["term"]
    assert [example for example in section["definition"]["examples"] if example not in definition.text] == []


@each("question", QUESTIONS)
def test_question_stands_on_the_page_and_among_the_questions(client, page, question):
    assert question["question"] in page.one(id=question["code"]).text
    assert question["question"] in read(client.get("/faq/")).one(id=question["code"]).text


@each("link", FACTS["related"])
def test_related_pages_are_linked(page, link):
    assert link["title"] in [found.text for found in page.one("main").all("a")]


def test_disclaimer_has_its_title_and_its_date(page):
    main = page.one("main")
    assert FACTS["disclaimer"]["title"] in [heading.text for heading in main.all("h2")]
    assert main.all("time", datetime=FACTS["as_of"].isoformat())


@pytest.mark.parametrize("path", ["/", "/leaving/", "/contact/", "/recipients/", "/recipients/northwind-analytics/"])
def test_what_does_not_come_from_the_sheet_has_the_day_of_its_publication(client, path):
    shown = [found["datetime"] for found in read(client.get(path)).all("time")]
    assert FACTS["as_of"].isoformat() not in shown
    assert timezone.localdate(Publication.objects.newest().published_at).isoformat() in shown


@each("service", FACTS["services"])
def test_service_is_named_on_the_page_and_in_the_list(client, page, service):
    assert service["title"] in [link.text for link in page.one("main").all("a")]
    assert service["title"] in [link.text for link in read(client.get("/services/")).one("main").all("a")]


# --- English ---------------------------------------------------------------------------------------------------------


def japanese_unmarked(page) -> list[str]:
    """Text in Japanese letters that a screen reader would read out as English."""
    spoken = [(text, element) for text, element in page.words]
    for element in page.descendants:
        spoken += [(element[name] or "", element) for name in ("aria-label", "title", "alt", "placeholder", "content")]
    return [text for text, element in spoken if JAPANESE.search(text) and element.language != "ja"]


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_english_page_has_no_japanese_that_is_not_marked(client, path):
    page = read(client.get(f"/en{path}"))
    assert japanese_unmarked(page) == []


def test_english_check_would_find_unmarked_japanese(client):
    page = read(client.get("/where-provided/"))
    page.one("html").attributes["lang"] = "en"
    assert FACTS["page"]["title"] in japanese_unmarked(page)


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_english_page_needs_no_fallback(client, path):
    marked = read(client.get(f"/en{path}")).all(lang="ja")
    assert {element["hreflang"] for element in marked} == {"ja"}, "only the language switch is in Japanese"


@each("section", [*SECTIONS, *SUBSECTIONS, *SCENARIOS])
def test_english_page_has_the_same_anchors(client, section):
    assert heading_of(read(client.get("/en/where-provided/")).one(id=section["code"])).text


@pytest.mark.parametrize("pack", ["starter", "demo"])
def test_pack_is_complete_in_both_languages(pack):
    loaded = read_pack(ROOT / "disclosures" / pack).model_dump(mode="json")
    texts = list(texts_in(loaded))
    assert len(texts) > 30
    assert [text for text in texts if set(text) != {"ja", "en"}] == []
