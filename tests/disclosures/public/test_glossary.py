"""The glossary, and terms in texts that lead to it."""

import pytest

from disclosures.content.publications import newest_publication
from disclosures.models import Definition, Question, Scenario, Section, Term
from disclosures.public import pages
from disclosures.publishing.actions import publish_content
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def term():
    """A made-up word, met in a section's text and in two scenarios of it."""
    i18n = {"term_en": "grand transfer", "gloss_en": "Giving it away."}
    made = Term.objects.create(
        code="handing-over", term="渡渉提供", reading="わたりていきょう", gloss="渡すこと。", i18n=i18n
    )
    section = Scenario.objects.get(code="online-booking").section
    Section.objects.filter(pk=section.pk).update(body="渡渉提供です。", i18n={"body_en": "A Grand transfer."})
    Scenario.objects.filter(section=section).update(body="渡渉提供をします。")
    publish_content(by=None)
    return made


def links(page):
    return [link["href"] for link in page.all("a", cls="term") if link["href"].endswith("#handing-over")]


def test_glossary_explains_a_term_with_its_reading(client, term):
    entry = read(client.get("/glossary/")).one(id="handing-over")
    assert entry.one("rt").text == "わたりていきょう" and entry.one("dd").text == "渡すこと。"


def test_glossary_in_english_has_no_reading(client, term):
    entry = read(client.get("/en/glossary/")).one(id="handing-over")
    assert entry.one("dt").text == "grand transfer" and not entry.all("rt")


def test_term_without_translation_is_marked_as_japanese(client, term):
    Term.objects.update(i18n={})
    publish_content(by=None)
    entry = read(client.get("/en/glossary/")).one(id="handing-over")
    assert entry.one("ruby").language == "ja" and entry.one("dd").all(lang="ja")


def test_glossary_has_every_definition_with_the_way_to_it(client):
    page = read(client.get("/glossary/"))
    definitions = Definition.objects.select_related("section__page")
    assert definitions
    for definition in definitions:
        entry = page.one(id=definition.code)
        assert f"/{definition.section.page.code}/#{definition.code}" in [link["href"] for link in entry.all("a")]


def test_definition_with_the_code_of_a_term_has_its_own_anchor(client):
    code = Definition.objects.first().code
    Term.objects.get_or_create(code=code, defaults={"term": "語", "gloss": "意味。"})
    publish_content(by=None)
    page = read(client.get("/glossary/"))
    assert page.one(id=code) and page.one(id=f"definition-{code}")


def test_term_is_explained_once_in_a_section_and_in_its_language(client, term):
    assert links(read(client.get("/where-provided/"))) == ["/glossary/#handing-over"]
    assert links(read(client.get("/en/where-provided/")))[0] == "/en/glossary/#handing-over"


def test_answer_explains_its_terms(client, term):
    Question.objects.update(answer="渡渉提供とは何か。")
    publish_content(by=None)
    assert links(read(client.get("/faq/")))


def test_text_of_an_approval_request_stays_as_it_was_written(term):
    view = pages.scenario(newest_publication().document, "online-booking")
    assert "渡渉提供" in view.body.text and "<a" not in view.body.text


def test_publication_from_before_there_were_terms_is_shown(client):
    document = newest_publication().document
    del document["terms"]
    for path in ("/glossary/", "/where-provided/", "/search/?q=名前"):
        assert client.get(path).status_code == 200
