"""Public pages: the same bytes for everyone, cheap, cacheable, and whole."""

from datetime import timedelta
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from disclosures.content.working_copy import working_document
from disclosures.models import Page, Recipient, Scenario, Section, Site
from disclosures.public import pages
from disclosures.publishing.actions import publish_content
from privacycenter.http.middleware import PersonalBytesError
from tests.support.content import publish_as_it_is
from tests.support.html import read
from tests.support.pages import PUBLIC_PATHS

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EVERY_PATH = [*PUBLIC_PATHS, *(f"/en{path}" for path in PUBLIC_PATHS)]
UNKNOWN_PATHS = ["/no-such-page/", "/recipients/nobody/", "/services/nothing/", "/en/no-such-page/", "/en/services/x/"]
each_path = pytest.mark.parametrize("path", EVERY_PATH)


def language_of(path) -> str:
    return "en" if path.startswith("/en/") else "ja"


@each_path
def test_page_has_a_title_one_heading_and_its_language(client, path):
    response = client.get(path)
    page = read(response)
    assert response.status_code == 200
    assert page.one("html")["lang"] == language_of(path)
    assert page.one("head").one("title").text.strip(" |")
    assert page.one("h1").text and page.one("main") in page.one("h1").is_in


@each_path
def test_page_costs_one_statement_cold_and_warm(client, path, django_assert_max_num_queries):
    # The record of changes reads the list of publications when it is rendered; kept pages cost one statement.
    with django_assert_max_num_queries(2 if path.endswith("/changes/") else 1):
        client.get(path)
    with django_assert_max_num_queries(1):
        client.get(path)


@each_path
def test_page_sets_no_cookie_and_varies_by_none(client, path):
    response = client.get(path)
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()
    assert "public" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/en/where-provided/", "/search/?q=name"])
def test_page_about_to_carry_a_cookie_is_stopped_and_kept_for_nobody(settings, path):
    usual = settings.MIDDLEWARE
    settings.MIDDLEWARE = [*usual, "tests.support.pages.sets_a_cookie"]
    with pytest.raises(PersonalBytesError):
        Client().get(path)
    settings.MIDDLEWARE = usual
    response = Client().get(path)
    assert (response.status_code, list(response.cookies)) == (200, [])


@each_path
def test_page_is_the_same_for_a_person_who_is_logged_in(client, as_hanako, path, django_assert_max_num_queries):
    # hanako comes first: what is rendered for her is what everybody gets.
    for_hanako = as_hanako.get(path, headers={"Accept-Language": "en", "User-Agent": "x"})
    with django_assert_max_num_queries(1):
        again = as_hanako.get(path)
    assert for_hanako.content == again.content == client.get(path, headers={"Accept-Language": "ja"}).content
    assert "hanako" not in again.content.decode() and not again.cookies


@each_path
def test_page_that_a_visitor_holds_is_not_sent_again(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert not first["ETag"].startswith("W/")


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_head_gives_the_headers_alone(client, path):
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_page_can_only_be_read(client, path):
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(path).status_code == 405


@each_path
def test_page_keeps_to_this_site_and_to_its_own_files(client, path):
    page = read(client.get(path))
    assert page.all("style") == []
    for element in page.descendants:
        assert not [name for name in element.attributes if name == "style" or name.startswith("on")], element.tag
        for name in ("src", "srcset", "action", "formaction", "data", "poster"):
            assert (element[name] or "/").startswith(("/", "#")), f"{element.tag} {name}"
        # Where the page is to be found is an address in full; nothing is loaded from it.
        if element.tag in ("link", "use", "image") and element["rel"] not in ("canonical", "alternate"):
            assert (element["href"] or "/")[:2] not in ("ht", "//"), element.tag


@each_path
def test_page_has_no_script_of_its_own_and_names_files_that_are_there(client, path):
    page = read(client.get(path))
    assert [script.text for script in page.all("script") if script.text or not script["src"]] == []
    addresses = [element["src"] or element["href"] for element in page.descendants if element.tag in ("script", "link")]
    files = [address.removeprefix("/static/") for address in addresses if address.startswith("/static/")]
    assert files and [name for name in files if not finders.find(name)] == []


@each_path
def test_ids_of_a_page_are_unique(client, path):
    ids = [element["id"] for element in read(client.get(path)).descendants if element["id"]]
    assert sorted(ids) == sorted(set(ids))


@each_path
def test_page_leads_to_itself_in_the_other_language(client, path):
    other = "ja" if language_of(path) == "en" else "en"
    expected = path.removeprefix("/en") if other == "ja" else f"/en{path}"
    links = read(client.get(path)).all("a", hreflang=other)
    assert {link["href"] for link in links} == {expected}


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_unknown_address_is_not_found_and_says_so(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert read(response).one("html")["lang"] == language_of(path)
    assert read(response).one("h1").text


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_page_that_was_not_found_is_not_kept(client, path):
    assert "public" not in client.get(path).get("Cache-Control", "")


def test_page_that_editors_make_is_there_and_found_from_home(client):
    page = Page.objects.create(code="children", title="お子さまの情報", position=9)
    Section.objects.create(page=page, code="children-consent", title="保護者の同意", body="**保護者**について")
    publish_content(by=None)
    assert "/children/" in [link["href"] for link in read(client.get("/")).all("a")]
    assert read(client.get("/children/")).one(id="children-consent").one("strong").text == "保護者"


def test_home_asks_with_the_page_that_has_scenarios_where_there_is_no_page_of_that_name():
    Page.objects.create(code="first-of-all", title="はじめに", position=0)
    Page.objects.filter(code="where-provided").update(code="who-gets-what")
    document = working_document()
    assert pages.home(document).question.code == "who-gets-what"
    assert pages.home({**document, "scenarios": {}}).question.code == "first-of-all"
    assert pages.home({**document, "scenarios": {}, "pages": {}}).question is None


def test_new_publication_gives_a_new_etag(client):
    before = client.get("/where-provided/")["ETag"]
    Scenario.objects.filter(code="online-booking").update(title="オンライン予約")
    publish_content(by=None)
    after = client.get("/where-provided/", headers={"If-None-Match": before})
    assert after.status_code == 200 and after["ETag"] != before


def test_address_without_its_slash_leads_to_the_page(client):
    response = client.get("/where-provided")
    assert (response.status_code, response["Location"]) == (301, "/where-provided/")


# --- Nothing published -----------------------------------------------------------------------------------------------


@pytest.fixture
def unpublished(monkeypatch):
    monkeypatch.setattr("disclosures.content.publications.newest_publication", lambda: None)


@pytest.mark.parametrize("path", ["/", "/en/", "/where-provided/", "/no-such-page/"])
def test_site_without_a_publication_says_so(client, unpublished, path):
    response = client.get(path)
    assert response.status_code == 503
    assert read(response).one("h1").text


def test_record_is_readable_without_a_publication(as_hanako, disclosure, unpublished):
    for path in ("/my/", "/my/disclosures/", f"/my/disclosures/{disclosure.id}/", "/my/recipients/"):
        assert "湯宿 みなと" in as_hanako.get(path).content.decode()


# --- Links -----------------------------------------------------------------------------------------------------------


def addresses_on(path, page) -> set[str]:
    links = [element["href"] for element in page.all("a") if element["href"]]
    inner = {urljoin(path, link) for link in links if not urlsplit(link).netloc}
    return {link for link in inner if not urlsplit(link).scheme}


@pytest.mark.parametrize("start", ["/", "/en/"])
def test_every_link_from_home_leads_to_a_page_and_an_anchor(client, start):
    waiting, anchors, wanted = [start], {}, set()
    while waiting:
        path = waiting.pop()
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        page = read(response)
        anchors[path] = {element["id"] for element in page.descendants if element["id"]}
        if response.redirect_chain:
            assert "/accounts/login/" in response.redirect_chain[-1][0]
            continue
        for found in addresses_on(path, page):
            address, fragment = urldefrag(found)
            wanted |= {(address, unquote(fragment))} if fragment else set()
            if address not in anchors and address not in waiting and language_of(address) == language_of(start):
                waiting.append(address)
    assert len(anchors) > len(PUBLIC_PATHS) and len(wanted) > 20
    assert {(path, anchor) for path, anchor in wanted if path in anchors and anchor not in anchors[path]} == set()


@pytest.mark.parametrize(
    ("path", "title"), [("/faq/", "見やすさ"), ("/en/changes/", "Accessibility"), ("/no-page/", "見やすさ")]
)
def test_every_page_leads_to_what_is_said_of_accessibility(client, path, title):
    Page.objects.filter(code="accessibility").update(title="見やすさ")
    publish_content(by=None)
    links = {link["href"]: link.text for link in read(client.get(path)).one("footer").all("a")}
    assert links["/en/accessibility/" if path.startswith("/en/") else "/accessibility/"] == title


def test_footer_leads_to_no_page_that_is_not_there(client):
    Section.objects.filter(page__code="accessibility").delete()
    Page.objects.get(code="accessibility").delete()
    publish_as_it_is()
    assert "/accessibility/" not in {link["href"] for link in read(client.get("/faq/")).one("footer").all("a")}


def test_questions_stand_under_the_heading_and_opening_words_of_their_page(client):
    Page.objects.filter(code="faq").update(title="ご質問", lead="**お答え**します。")
    publish_content(by=None)
    page = read(client.get("/faq/"))
    assert page.one("h1").text == "ご質問" and page.one(cls="lead").one("strong").text == "お答え"
    assert page.one("title").text.startswith("ご質問 |")
    head = {meta["name"]: meta["content"] for meta in page.one("head").all("meta")}
    assert head["description"] == "お答えします。"


def test_questions_need_no_page_of_their_own(client):
    Section.objects.filter(page__code="faq").update(page=Page.objects.get(code="contact"))
    Page.objects.get(code="faq").delete()
    publish_as_it_is()
    page = read(client.get("/faq/"))
    assert page.one("h1").text == "よくあるご質問" and page.all("details", cls="fold")


# --- What is published binds -----------------------------------------------------------------------------------------


def test_services_page_leaves_out_what_the_service_never_provides_and_says_why(client):
    page = read(client.get("/services/rikunabi/"))
    card = page.one("article", id="review-author")
    assert "氏名" not in [item.text for item in card.one("ul", cls="tags").all("li")]
    assert "リクナビは次の項目を提供しません: 氏名。" in card.text
    [cells] = [row for row in page.one("table").all("tr") if row.all("a", href="#review-author")]
    assert "氏名" not in cells.text and "口コミの投稿内容" in cells.text
    jalan = read(client.get("/services/jalan/")).one("article", id="review-author")
    assert "氏名" in [item.text for item in jalan.one("ul", cls="tags").all("li")]
    assert "リクナビは" not in jalan.one("ul", cls="notes").text.replace("リクナビでは", "")


@pytest.mark.parametrize(
    ("lists", "items", "services"),
    [
        ({}, "活用する情報例", "主なサービス(例)"),
        ({"service_list": "main", "item_list": "open"}, "活用する情報例", "主なサービス"),
        ({"service_list": "complete", "item_list": "complete"}, "あなたの情報", "サービス"),
    ],
)
def test_lists_say_whether_they_are_examples(client, lists, items, services):
    Scenario.objects.filter(code="online-booking").update(**lists)
    publish_as_it_is()
    path = read(client.get("/where-provided/")).one("article", id="online-booking").one("dl", cls="path")
    assert [found.text for found in path.all("dt")][:2] == [items, services]


@pytest.mark.parametrize("path", ["/recipients/norannabi-salon/", "/recipients/driftwood-research/"])
def test_recipient_on_hold_says_so_on_its_page_and_in_the_list(client, path):
    assert "提供を見合わせ" in read(client.get(path)).one("div", cls="message").text
    row = read(client.get("/recipients/abroad/")).one(id=path.split("/")[2])
    assert "提供を見合わせ中" in row.text
    assert "データを受け取ることがあります" not in read(client.get(path)).one("main").text


def test_recipient_whose_country_is_undecided_is_on_hold_whatever_dates_are_given(client):
    path = "/recipients/driftwood-research/"
    before = read(client.get(path)).one("div", cls="message").one("strong").text
    began = timezone.now() - timedelta(days=9)
    given = {"on_hold_from": began, "on_hold_until": began + timedelta(days=2), "on_hold_reason": "調査のため"}
    Recipient.objects.filter(code="driftwood-research").update(**given)
    publish_as_it_is()
    after = read(client.get(path)).one("div", cls="message")
    assert after.one("strong").text == before
    assert "調査のため" in after.text


def test_notice_of_the_site_stands_on_every_page(client, as_hanako):
    Site.objects.update(notice="**見本**です。")
    publish_as_it_is()
    for found in (client.get("/"), client.get("/faq/"), as_hanako.get("/my/")):
        assert read(found).one("aside", cls="site-notice").text == "見本です。"
