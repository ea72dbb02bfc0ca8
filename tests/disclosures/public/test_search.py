"""Search: readers find what is published, in Japanese and English, however they type it."""

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosures.content.publications import newest_publication
from disclosures.models import DataItem, Scenario, Service
from disclosures.public import page_cache, views
from disclosures.public.search.index import index_of
from disclosures.public.search.results import EXCERPT, MOST_PAGES, PER_PAGE, results_of
from disclosures.publishing.actions import publish_content
from tests.support.examples import examples
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def cave(client):
    """A made-up service and a scenario about it, published; found by no other word."""
    Service.objects.create(code="cave", title="ドウクツ探検ﾅﾋﾞ", field="洞窟", i18n={"title_en": "Cave-Finder"})
    Scenario.objects.filter(code="online-booking").update(
        title="洞窟の予約", body="お申し込みの内容を、**ドウクツ**探検の案内所に渡します。" + "あいうえお。" * 40,
        i18n={"title_en": "Booking a cave", "body_en": "We hand it to the cave & its guide."},
    )  # fmt: skip
    publish_content(by=None)


def found(client, path, **query):
    return read(client.get(path, query))


def titles(page):
    return [heading.text for heading in page.all("h3")]


@pytest.mark.parametrize(
    "words", ["どうくつ", "ドウクツ", "ﾄﾞｳｸﾂ", "どうくつ探検なび", "ナビ　どうくつ", "探検 ドウクツ"]
)
def test_japanese_is_found_however_it_is_typed(client, cave, words):
    assert "ドウクツ探検ﾅﾋﾞ" in titles(found(client, "/search/", q=words))


@pytest.mark.parametrize(
    ("path", "words", "title"),
    [
        ("/en/search/", "resume", "Résumé"), ("/en/search/", "phone", "Telephone number"),
        ("/search/", "phone", "電話番号"), ("/en/search/", "telephones", "Telephone number"),
        ("/en/search/", "consents", "consent"), ("/search/", "パーソナルデ－タ", "パーソナルデータとは何か?"),
    ],
)  # fmt: skip
def test_word_typed_in_another_way_is_found(client, path, words, title):
    assert title in titles(found(client, path, q=words))


def test_title_comes_before_text_and_each_result_leads_to_its_place(client, cave):
    links = [link["href"] for link in found(client, "/search/", q="どうくつ").one("ol", cls="results").all("a")]
    assert links == ["/services/cave/", "/where-provided/#online-booking"]


def test_result_says_what_it_is_and_marks_the_hit(client, cave):
    results = found(client, "/search/", q="どうくつ").one("ol", cls="results").all("li")
    assert results[0].one("p", cls="soft").text == "サービス" and results[0].one("h3").one("mark").text == "ドウクツ"
    assert results[1].one("mark").text == "ドウクツ" and len(results[1].all("p")[1].text) <= EXCERPT + 2


def test_english_reader_finds_english_texts_at_english_addresses(client, cave):
    page = found(client, "/en/search/", q="CAVE")
    assert titles(page) == ["Cave-Finder", "Booking a cave"]
    assert page.one("ol", cls="results").all("a")[0]["href"] == "/en/services/cave/"
    assert "cave & its guide" in page.text


def test_word_in_latin_letters_is_found_from_its_beginning(client, cave):
    assert titles(found(client, "/en/search/", q="cavefinder")) == ["Cave-Finder"]
    assert titles(found(client, "/en/search/", q="inder")) == []


@pytest.mark.parametrize("words", ["mail", "e-mail", "E mail", "メール", "ｅメール"])
def test_e_mail_address_is_found_by_each_of_its_names(client, words):
    assert "E-mail address" in titles(found(client, "/en/search/", q=words))
    assert "メールアドレス" in titles(found(client, "/search/", q=words))


def test_text_without_translation_is_found_in_japanese_and_marked(client, cave):
    Service.objects.filter(code="cave").update(i18n={})
    publish_content(by=None)
    result = found(client, "/en/search/", q="ナビ どうくつ").one("ol", cls="results").all("li")[0]
    assert result.one("h3").language == "ja" and result.one("p", cls="soft").language == "en"


def test_what_has_all_words_comes_first(client, cave):
    assert titles(found(client, "/search/", q="案内所 どうくつ"))[0] == "洞窟の予約"


def test_what_has_only_some_words_is_found_and_said_to(client, cave):
    page = found(client, "/search/", q="どうくつ 鍾乳石")
    assert titles(page)[:2] == ["ドウクツ探検ﾅﾋﾞ", "洞窟の予約"]
    assert "すべての言葉を含むものはありません。" in page.text
    assert "すべての言葉を含むものはありません。" not in found(client, "/search/", q="どうくつ").text


def test_scenario_is_found_by_the_item_that_it_gives(client):
    item = DataItem.objects.get(code="email")
    giving = Scenario.objects.in_use().filter(items=item)
    with override("ja"):
        index = index_of(newest_publication().document, "x")
        kinds = [result.entry.kind for result in results_of(index, item.title).results]
    assert kinds[0] == "data_items" and kinds.count("scenarios") == min(giving.count(), 20)


def test_retired_is_not_found(client, cave):
    from django.utils import timezone

    Service.objects.filter(code="cave").update(retired_at=timezone.now())
    publish_content(by=None)
    assert "ドウクツ探検ﾅﾋﾞ" not in titles(found(client, "/search/", q="探検ナビ"))


def test_new_publication_is_found_at_once(client, cave):
    Service.objects.filter(code="cave").update(title="氷室めぐり")
    publish_content(by=None)
    assert "ドウクツ探検ﾅﾋﾞ" not in titles(found(client, "/search/", q="探検ナビ"))
    assert titles(found(client, "/search/", q="氷室")) == ["氷室めぐり"]


def test_results_are_paged(client):
    for number in range(45):
        Service.objects.create(code=f"cave-{number}", title=f"洞窟{number}", field="洞窟", position=number)
    publish_content(by=None)
    first = found(client, "/search/", q="洞窟")
    assert len(titles(first)) == 20 and first.one("a", rel="next")["href"].endswith("&page=2")
    last = read(client.get("/search/" + found(client, "/search/", q="洞窟", page=2).one("a", rel="next")["href"]))
    assert len(titles(last)) == 5 and not last.all("a", rel="next") and last.one("a", rel="prev")


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "9" * 30, "１", "1.5", ""])
def test_page_that_is_none_is_the_nearest(client, cave, page):
    assert len(titles(found(client, "/search/", q="どうくつ", page=page))) == 2


@pytest.mark.parametrize("path", ["/search/", "/search/?q=", "/en/search/?q=%E3%80%80", "/search/?q=---"])
def test_without_words_there_are_examples_that_lead_to_results(client, path):
    page = read(client.get(path))
    links = [link["href"] for link in page.one("ul", cls="tags").all("a")]
    assert links and all(titles(read(client.get(link))) for link in links)


def test_nothing_found_says_what_to_try(client):
    page = found(client, "/search/", q="zzzzqqqq")
    assert "zzzzqqqq" in page.all("h2")[0].text
    assert page.one("ul", cls="tags") and page.one("input", name="q")["value"] == "zzzzqqqq"


@pytest.mark.parametrize("q", ["%00", "a%00b", "%ff%fe", "%ed%a0%80", "%F0%9F%8F%AF", "<script>", '"><b>', "%0d%0a", "\\", "(", "%25"])  # fmt: skip
def test_strange_questions_are_answered(client, q):
    assert client.get(f"/search/?q={q}").status_code == 200


def test_markup_in_a_question_stays_text(client):
    response = client.get("/search/", {"q": '<script>x</script>"'})
    assert b"<script>x" not in response.content


def test_no_question_leads_further_than_the_last_page(client):
    for number in range(PER_PAGE * MOST_PAGES + 5):
        Service.objects.create(code=f"cave-{number}", title=f"洞窟{number}", field="洞窟", position=number)
    publish_content(by=None)
    first = client.get("/search/", {"q": "洞窟", "page": MOST_PAGES})
    assert client.get("/search/", {"q": "洞窟", "page": 999_999}).content == first.content
    assert len(titles(read(first))) == PER_PAGE and not read(first).all("a", rel="next")


def test_very_long_question_is_cut(client):
    assert len(found(client, "/search/", q="あ" * 5000).one("input", name="q")["value"]) == 100


@settings(max_examples=examples(50), deadline=None)
@given(st.text(max_size=30))
def test_any_question_has_an_answer(query):
    with override("ja"):
        index = index_of(newest_publication().document, "y")
        for result in results_of(index, query).results:
            assert "".join(piece.text for piece in result.title) == result.entry.title.original


def test_search_is_public_and_not_indexed(client, as_hanako, cave, django_assert_num_queries):
    response = client.get("/search/", {"q": "どうくつ"})
    assert "public" in response["Cache-Control"] and not response.cookies
    assert response["Vary"] == "Accept-Encoding"
    assert read(response).one("meta", name="robots")["content"] == "noindex"
    with django_assert_num_queries(1):
        assert as_hanako.get("/search/", {"q": "どうくつ"}).content == response.content
    again = client.get("/search/", {"q": "どうくつ"}, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_other_language_keeps_the_question_and_nothing_that_the_page_does_not_know(client):
    links = read(client.get("/search/", {"q": "氏名", "page": "1", "x": "y"})).all("a", hreflang="en")
    assert links and {link["href"] for link in links} == {"/en/search/?q=%E6%B0%8F%E5%90%8D"}


def test_search_can_only_be_read(client):
    assert client.post("/search/").status_code == 405


@pytest.mark.parametrize("path", ["/search/", "/en/search/", "/no-such-page/", "/en/services/none/"])
def test_search_box_works_as_a_plain_form(client, path):
    form = read(client.get(path)).one("form", role="search")
    assert form["action"] == ("/en/search/" if path.startswith("/en") else "/search/")
    assert form.one("label")["for"] == form.one("input", name="q")["id"]


def test_same_question_is_answered_from_what_is_kept_and_others_push_out_no_page(client, cave, monkeypatch):
    client.get("/")
    pages, filtered = len(page_cache.kept.pages), len(page_cache.kept_filtered.pages)
    first = client.get("/search/", {"q": "どうくつ", "x": "1"})
    monkeypatch.setattr(views, "results_of", None)
    for same in ({"q": " どうくつ "}, {"q": "どうくつ", "page": "1"}, {"page": "nonsense", "q": "どうくつ\x00"}):
        assert client.get("/search/", same).content == first.content
    monkeypatch.undo()
    assert client.get("/search/", {"q": "洞窟"}).content != first.content
    assert client.get("/en/search/", {"q": "どうくつ"}).content != first.content
    assert (len(page_cache.kept.pages), len(page_cache.kept_filtered.pages)) == (pages, filtered)
    assert len(page_cache.kept_searches.pages) == 3


def test_answers_that_are_kept_stay_within_their_size(client, cave, monkeypatch):
    monkeypatch.setattr(page_cache.kept_searches, "largest_bytes", 200_000)
    for number in range(40):
        client.get("/search/", {"q": f"stranger {number}"})
    assert 0 < page_cache.kept_searches.kept_bytes <= 200_000 and len(page_cache.kept_searches.pages) < 40
