"""Words on pages: a missing translation falls back, marked; what editors write cannot become markup."""

import pytest

from disclosures.models import (
    Country,
    DataItem,
    Definition,
    Page,
    Question,
    Recipient,
    Scenario,
    Section,
    Service,
    Site,
)
from disclosures.publishing.actions import publish_content
from privacycenter.text.words import JAPANESE
from tests.support.content import publish_as_it_is
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MARKUP = '<script>alert(1)</script><b onclick="x">太字</b>'


def untranslate(model, code, **more):
    model.objects.filter(code=code).update(i18n={}, **more)


def japanese_parts(page) -> list[str]:
    return [element.text for element in page.one("main").all(lang="ja")]


@pytest.mark.parametrize(
    ("model", "code", "path", "text"),
    [
        (Page, "where-provided", "/en/where-provided/", "パーソナルデータはどこに提供するのか?"),
        (Page, "contact", "/en/", "お問い合わせ"),
        (Section, "processed", "/en/where-provided/", "個人情報を加工して利用する場合"),
        (Scenario, "online-booking", "/en/where-provided/", "ネット予約"),
        (DataItem, "phone", "/en/where-provided/", "電話番号"),
        (Service, "jalan", "/en/where-provided/", "じゃらんnet"),
        (Service, "jalan", "/en/services/", "旅行"),
        (Service, "jalan", "/en/services/jalan/", "じゃらんnet"),
        (Recipient, "minato-inn", "/en/recipients/", "湯宿 みなと"),
        (Recipient, "minato-inn", "/en/recipients/minato-inn/", "静岡県熱海市"),
        (Country, "US", "/en/recipients/abroad/", "アメリカ合衆国"),
        (Definition, "personal-information-definition", "/en/where-provided/", "個人情報とは"),
        (Question, "automatic-to-every-client", "/en/faq/",
         "リクルートに提供した個人情報は、あらゆるクライアントに自動的に提供されますか?"),
    ],
)  # fmt: skip
def test_missing_translation_falls_back_to_japanese_and_is_marked(client, model, code, path, text):
    untranslate(model, code)
    publish_content(by=None)
    assert text in japanese_parts(read(client.get(path)))


def unmarked(page) -> list[str]:
    """Japanese on an English page that is marked as nothing else: in texts and in titles that show at a pointer."""
    told = [(text, element) for element in page.one("main").descendants for text in [element["title"] or ""]]
    return [
        text for text, element in (*page.one("main").words, *told) if JAPANESE.search(text) and element.language != "ja"
    ]


def test_every_place_of_a_text_without_translation_is_marked(client):
    for model, code in ((DataItem, "email"), (Service, "jalan"), (Scenario, "online-booking"), (Section, "processed")):
        untranslate(model, code)
    publish_content(by=None)
    for path in ("/en/where-provided/", "/en/where-provided/?item=email", "/en/services/jalan/"):
        page = read(client.get(path))
        assert japanese_parts(page) and unmarked(page) == [], path


def test_reason_of_a_publication_is_marked_with_its_language(client):
    Service.objects.filter(code="jalan").update(title="じゃらん")
    publish_content(by=None, reason="わかりやすく")
    Service.objects.filter(code="jalan").update(title="じゃらんnet")
    publish_content(by=None, reason="Plainer words")
    for path in ("/changes/", "/en/changes/"):
        told = {text.split(": ")[-1]: element.language for text, element in read(client.get(path)).one("main").words}
        assert (told["わかりやすく"], told["Plainer words"]) == ("ja", "en"), path
    lead = read(client.get("/en/changes/2/")).one("p", cls="lead")
    assert [(text, element.language) for text, element in lead.words] == [("わかりやすく", "ja")]


def test_missing_translation_of_the_disclaimer_falls_back_on_every_page(client):
    Site.objects.update(i18n={"title_en": "Privacy Center", "operator_en": "Recruit"})
    publish_content(by=None)
    footer = read(client.get("/en/services/")).one("footer")
    assert "免責事項" in [element.text for element in footer.all(lang="ja")]


def test_rich_text_that_falls_back_is_marked_as_a_block(client):
    untranslate(Scenario, "online-booking")
    publish_content(by=None)
    scenario = read(client.get("/en/where-provided/")).one(id="online-booking")
    assert any("宿泊施設" in block.text for block in scenario.all("div", lang="ja"))


def test_translation_of_one_field_is_used_beside_the_fallback_of_another(client):
    Service.objects.filter(code="jalan").update(i18n={"title_en": "Jalan net"})
    publish_content(by=None)
    page = read(client.get("/en/services/jalan/"))
    assert "Jalan net" in page.one("h1").text
    assert japanese_parts(page) == ["旅行"]


def test_japanese_page_marks_nothing_as_a_fallback(client):
    untranslate(Scenario, "online-booking")
    publish_content(by=None)
    assert japanese_parts(read(client.get("/where-provided/"))) == []


def test_heading_in_another_language_gives_a_title_without_markup(client):
    untranslate(Service, "jalan")
    publish_content(by=None)
    title = read(client.get("/en/services/jalan/")).one("title")
    assert "<" not in title.text and "lang" not in title.text


@pytest.mark.parametrize(
    ("model", "code", "field", "path"),
    [
        (Page, "where-provided", "title", "/where-provided/"),
        (Page, "where-provided", "lead", "/where-provided/"),
        (Section, "processed", "title", "/where-provided/"),
        (Section, "processed", "body", "/where-provided/"),
        (Scenario, "online-booking", "title", "/where-provided/"),
        (Scenario, "online-booking", "body", "/where-provided/"),
        (Scenario, "online-booking", "recipient_kinds", "/where-provided/"),
        (DataItem, "phone", "title", "/where-provided/"),
        (Service, "jalan", "title", "/services/jalan/"),
        (Recipient, "minato-inn", "title", "/recipients/minato-inn/"),
        (Recipient, "minato-inn", "address", "/recipients/minato-inn/"),
        (Recipient, "minato-inn", "contact", "/recipients/minato-inn/"),
        (Country, "US", "system", "/recipients/abroad/"),
        (Question, "automatic-to-every-client", "answer", "/faq/"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_markup_that_an_editor_writes_is_shown_as_text(client, model, code, field, path, prefix):
    untranslate(model, code, **{field: MARKUP})
    publish_as_it_is()
    page = read(client.get(prefix + path))
    assert "<script>alert(1)</script>" in page.text
    assert [script for script in page.all("script") if not script["src"]] == []
    assert not [element for element in page.descendants if element["onclick"]]


def test_address_that_is_a_script_does_not_become_a_link(client):
    Scenario.objects.filter(code="online-booking").update(body="[ここ](javascript:alert(1)) と https://example.com/")
    publish_content(by=None)
    links = [link["href"] for link in read(client.get("/where-provided/")).one(id="online-booking").all("a")]
    assert "https://example.com/" in links
    assert not [link for link in links if link.startswith("javascript")]


def test_no_heading_summary_or_link_is_empty(client):
    for path in ("/where-provided/", "/en/where-provided/", "/recipients/abroad/", "/services/jalan/", "/faq/"):
        found = [
            e for tag in ("h1", "h2", "h3", "summary", "a", "dt", "dd", "li") for e in read(client.get(path)).all(tag)
        ]
        assert len(found) > 10 and [element.tag for element in found if not element.text] == []


def test_numbered_list_stays_a_list(client):
    section = read(client.get("/where-provided/")).one(id="investigations")
    assert len(section.one("ol").all("li")) == 2


@pytest.mark.parametrize("path", ["/recipients/northwind-analytics/", "/en/recipients/northwind-analytics/"])
def test_measures_of_a_recipient_show_no_raw_markdown(client, path):
    assert "- " not in [text[:2] for text, _element in read(client.get(path)).one("main").words]
