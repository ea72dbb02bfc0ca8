"""Questions as people type them lead to the right place first, by the words that mean the same in the starter content."""

from pathlib import Path

import pytest
import yaml
from django.utils.translation import override

from disclosures.content.publications import newest_publication
from disclosures.models import Synonyms
from disclosures.public.search.index import index_of
from disclosures.public.search.results import results_of
from disclosures.publishing.actions import publish_content
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]

QUESTIONS = yaml.safe_load((Path(__file__).parent / "questions_people_ask.yaml").read_text())


def first_place(language, question):
    """The first task, or else the address of the first result, without its language."""
    publication = newest_publication()
    with override(language):
        results = results_of(index_of(publication.document, publication.sha256), question)
    return next(iter((*results.tasks, *(one.entry.address.removeprefix("/en") for one in results.results))), "")


def test_there_are_as_many_questions_in_each_language():
    assert {language: len(questions) for language, questions in QUESTIONS.items()} == {"ja": 37, "en": 37}


@pytest.mark.parametrize("language", QUESTIONS)
def test_what_people_ask_leads_to_the_right_place_first(language):
    places = {one["ask"]: first_place(language, one["ask"]) for one in QUESTIONS[language]}
    assert {one["ask"] for one in QUESTIONS[language] if places[one["ask"]] not in one["first"]} == set()


def addresses_of_tasks(client, path, question):
    page = read(client.get(path, {"q": question}))
    return [link["href"] for section in page.all("section", cls="search-tasks") for link in section.all("a")]


@pytest.mark.parametrize(
    ("path", "question", "addresses"),
    [
        ("/search/", "同意を撤回したい", ["/my/decisions/"]), ("/search/", "さくじょ", ["/contact/"]),
        ("/en/search/", "who has my data", ["/en/my/recipients/"]),
        ("/en/search/", "withdraw and delete", ["/en/my/decisions/", "/en/contact/"]),
        ("/search/", "手数料", []), ("/en/search/", "how it is protected", []),
    ],
)  # fmt: skip
def test_task_is_offered_where_a_question_looks_like_one(client, path, question, addresses):
    assert addresses_of_tasks(client, path, question) == addresses


def titles(client, path, question):
    return [heading.text for heading in read(client.get(path, {"q": question})).all("h3")]


def test_editors_add_words_that_mean_the_same(client):
    assert "ネット予約" not in titles(client, "/search/", "リザーブ")
    Synonyms.objects.filter(code="search-booking").update(line="予約 = リザーブ")
    publish_content(by=None)
    assert titles(client, "/search/", "リザーブ")[0] == "ネット予約"


@pytest.mark.parametrize("question", ["取り消して", "取り消さない", "取消し", "やめたい", "やめます", "撤回したら"])
def test_word_is_found_in_all_its_forms(client, question):
    assert addresses_of_tasks(client, "/search/", question) == ["/my/decisions/"]


@pytest.mark.parametrize("question", ["withdrew nothing", "withdrawing", "withdrawals", "I want to opt-out", "revoked"])
def test_english_word_is_found_with_its_endings(client, question):
    offered = addresses_of_tasks(client, "/en/search/", question)
    assert offered == ([] if question == "withdrew nothing" else ["/en/my/decisions/"])


@pytest.mark.parametrize(
    ("path", "typed", "meant"),
    [
        ("/en/search/", "infromation abroad", "information abroad"), ("/search/", "アンケト", "アンケート"),
        ("/search/", "プライバーシ", "プライバシー"),
    ],
)  # fmt: skip
def test_misspelled_word_is_offered_as_it_is_written_here(client, path, typed, meant):
    [offer] = read(client.get(path, {"q": typed})).all("p", cls="did-you-mean")
    assert meant in offer.text
    assert titles(client, path, meant) == [
        heading.text
        for heading in read(client.get(path.rstrip("/") + "/" + offer.one("a")["href"].split("/")[-1])).all("h3")
    ]


@pytest.mark.parametrize("question", ["mother", "情報", "cookies", "zzzzzzzz", "じゃらん"])
def test_nothing_is_offered_for_a_word_that_is_known_or_like_none(client, question):
    assert read(client.get("/en/search/", {"q": question})).all("p", cls="did-you-mean") == []


def test_publication_from_before_has_no_words_that_mean_the_same(client):
    publication = newest_publication()
    document = {kind: entries for kind, entries in publication.document.items() if kind != "synonyms"}
    with override("ja"):
        assert results_of(index_of(document, "before"), "撤回").tasks == []
