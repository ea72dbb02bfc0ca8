"""The starter content is complete, says the same in both languages as far as a machine can see, and leads nowhere
that is not there."""

import re
from urllib.parse import unquote, urldefrag

import pytest
from django.urls import resolve
from django.utils.translation import override

from disclosures.packs.files import read_pack
from privacycenter.text.richtext import render
from tests.support.content import ROOT, texts_in
from tests.support.html import read

PACKS = {name: read_pack(ROOT / "disclosures" / name) for name in ("starter", "demo")}
STARTER, DEMO = PACKS["starter"], PACKS["demo"]
PAGES = [page.code for page in STARTER.pages]
LANGUAGES = ("ja", "en")
PREFIX = {"ja": "", "en": "/en"}
# Proper names may be the same everywhere.
NAMED = ("services", "recipients")
each_page = pytest.mark.parametrize("code", PAGES)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def texts(pack):
    return list(texts_in(pack.model_dump(mode="json")))


def groups_of_questions(code):
    page = next(page for page in STARTER.pages if page.code == code)
    return [section.questions for section in page.sections if section.questions]


def test_starter_has_its_pages_in_an_order_that_ends_with_questions_contact_and_accessibility():
    assert PAGES[0] == "where-provided"
    assert PAGES[-4:] == ["faq", "contact", "leaving", "accessibility"]
    assert {"personal-data", "how-collected", "how-used", "how-protected", "your-control"} <= set(PAGES)


@each_page
def test_page_has_a_teaser_and_a_few_sections(code):
    page = next(page for page in STARTER.pages if page.code == code)
    assert page.lead and 3 <= len(page.sections) <= 6


@pytest.mark.parametrize("pack", PACKS)
def test_every_text_is_there_in_both_languages_and_differs(pack):
    dump = PACKS[pack].model_dump(mode="json")
    titles = [entry["title"]["ja"] for kind in NAMED for entry in dump[kind]]
    found = texts(PACKS[pack])
    assert len(found) > 30
    assert [text for text in found if set(text) != set(LANGUAGES)] == []
    assert [text["ja"] for text in found if text["ja"] == text["en"] and text["ja"] not in titles] == []


@pytest.mark.parametrize("pack", PACKS)
def test_both_languages_have_the_same_shape(pack):
    """The same links, and as many paragraphs, rows and points: nothing is said in one language only."""

    def shape(text):
        return re.findall(r"\]\(([^)]+)\)", text), len(re.findall(r"^(?:\||- |\d+\. )", text, re.M)), text.count("\n\n")

    found = texts(PACKS[pack])
    assert len(found) > 30
    assert [text["ja"] for text in found if shape(text["ja"]) != shape(text["en"])] == []


def test_there_are_enough_questions_in_groups():
    groups = groups_of_questions("faq")
    assert len(groups) >= 4 and sum(map(len, groups)) >= 12


@pytest.mark.django_db
@each_language
def test_questions_are_all_on_the_page_of_questions(client, language):
    page = read(client.get(f"{PREFIX[language]}/faq/"))
    questions = [question for group in groups_of_questions("faq") for question in group]
    assert [q.code for q in questions if q.question[language] not in page.one(id=q.code).text] == []


# --- Links -----------------------------------------------------------------------------------------------------------


def inner_links(language):
    """Every address of this site that a text or a link names, as the page leads there."""
    written = [
        address
        for pack in PACKS.values()
        for text in texts(pack)
        for address in re.findall(r'href="(/[^"]*)"', render(text[language], language))
    ]
    return sorted({*written, *(PREFIX[language] + e.address for e in STARTER.links if e.address.startswith("/"))})


@pytest.mark.django_db
@each_language
def test_every_link_to_this_site_leads_to_a_page_and_an_anchor_in_its_language(client, as_hanako, language):
    links = inner_links(language)
    assert len(links) > 20
    for link in links:
        path, anchor = urldefrag(link)
        assert path.startswith("/en/") is (language == "en"), link
        with override(language):
            assert resolve(path), link
        response = (as_hanako if "/my/" in path else client).get(path)
        assert response.status_code == 200, link
        assert not anchor or read(response).all(id=unquote(anchor)), link


# --- Terms -----------------------------------------------------------------------------------------------------------


def all_words(language):
    return "\n".join(text[language] for text in texts(STARTER.model_copy(update={"terms": []})))


@pytest.mark.parametrize("term", STARTER.terms, ids=lambda term: term.code)
def test_term_is_used_in_the_texts(term):
    assert term.term["ja"] in all_words("ja")
    assert term.term["en"].lower() in all_words("en").lower()


@pytest.mark.parametrize("term", STARTER.terms, ids=lambda term: term.code)
def test_term_has_one_plain_sentence_or_two_and_a_reading_only_for_kanji(term):
    assert re.fullmatch(r"[ぁ-んー]*", term.reading)
    assert not term.reading or re.search(r"[一-龠]", term.term["ja"])
    assert 1 <= term.gloss["ja"].count("。") <= 2 and term.gloss["ja"].endswith("。")


def test_there_are_enough_terms_and_none_is_there_twice():
    for language in LANGUAGES:
        words = [term.term[language] for term in STARTER.terms]
        assert len(words) == len(set(words)) >= 15


# --- Recipients and countries ----------------------------------------------------------------------------------------


def test_made_up_recipients_are_recognisable_and_stay_out_of_the_starter():
    assert STARTER.recipients and [r.code for r in STARTER.recipients if r.is_example] == []
    made_up = [r.is_example and r.contact.endswith(".example") for r in DEMO.recipients]
    assert made_up and all(made_up)


def test_system_of_every_country_is_described_or_said_to_be_unknown():
    countries = [*STARTER.countries, *DEMO.countries]
    for country in countries:
        assert bool(country.system) is not bool(country.system_unknown), country.code
    assert any(country.system for country in countries)


def test_measures_of_every_recipient_abroad_are_described_or_said_to_be_unknown():
    abroad = [recipient for recipient in [*STARTER.recipients, *DEMO.recipients] if recipient.country != "JP"]
    for recipient in abroad:
        assert bool(recipient.measures) is not bool(recipient.measures_unknown), recipient.code
    assert any(recipient.measures_unknown for recipient in abroad)
