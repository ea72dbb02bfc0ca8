"""Menu and footer: the standard ones while there are none of one's own, and never a link to a page that is not there."""

import pytest
from django.test import Client

from disclosures.content.working_copy import working_document
from disclosures.models import Link, MenuEntry, Page, Publication, Section
from disclosures.publishing.actions import publish_content
from privacycenter.errors import NotPublishable
from tests.support.content import publish_as_it_is
from tests.support.html import read

pytestmark = pytest.mark.django_db

LANGUAGES = [("English", "/en/faq/")]


def menu_of(client, path="/faq/") -> list[tuple[str, str]]:
    found = read(client.get(path)).all("details", cls="menu")[0].all("a")
    return [(link.text, link["href"]) for link in found]


def footer_of(client, path="/faq/") -> list[tuple[str, str]]:
    return [(link.text, link["href"]) for link in read(client.get(path)).one("footer").one("ul", cls="links").all("a")]


def test_menu_is_the_standard_one_while_there_is_no_other(client):
    assert menu_of(client) == [
        ("どこに提供するのか", "/where-provided/"),
        ("提供先", "/recipients/"),
        ("サービス", "/services/"),
        ("よくあるご質問", "/faq/"),
        ("検索", "/search/"),
        ("自分の記録", "/my/"),
        *LANGUAGES,
    ]


def test_footer_is_the_standard_one_while_there_is_no_other(client):
    assert [address for _text, address in footer_of(client)] == [
        "/glossary/", "/changes/", "/contact/", "https://www.recruit.co.jp/privacy/", "/accessibility/", "/faq/",
        "/en/faq/",
    ]  # fmt: skip


def test_publication_from_before_menus_shows_the_standard_one(client):
    """As the database of an earlier version has it."""
    newest = Publication.objects.newest()
    document = {kind: entries for kind, entries in newest.document.items() if kind != "menu"}
    Publication.objects.create(
        number=newest.number + 1, document=document, sha256="0" * 64, published_at=newest.published_at
    )
    assert len(menu_of(client)) == 7


def test_own_links_stand_in_their_order_with_own_words_or_the_pages_name(client):
    MenuEntry.objects.create(code="b", address="/faq/", title="よくある質問", i18n={"title_en": "FAQ"}, position=2)
    MenuEntry.objects.create(code="a", address="/personal-data/", position=1)
    MenuEntry.objects.create(code="c", address="https://example.com/", title="会社", position=3)
    publish_as_it_is()
    own = [
        ("パーソナルデータとは何か?", "/personal-data/"),
        ("よくある質問", "/faq/"),
        ("会社", "https://example.com/"),
    ]
    assert menu_of(client) == [*own, *LANGUAGES]
    assert menu_of(client, "/en/faq/")[1] == ("FAQ", "/en/faq/")
    assert len(footer_of(client)) == 7


def test_page_in_the_menu_says_that_it_is_the_current_one(client):
    MenuEntry.objects.create(code="a", address="/personal-data/")
    MenuEntry.objects.create(code="b", address="/recipients/")
    publish_as_it_is()
    for path, current in (("/personal-data/", "/personal-data/"), ("/recipients/minato-inn/", "/recipients/")):
        found = read(client.get(path)).one("details", cls="menu").all("a")
        assert [link["href"] for link in found if link["aria-current"] == "page"] == [current]


def test_link_to_a_page_that_went_is_left_out(client):
    for code in ("accessibility", "where-provided"):
        Section.objects.filter(page__code=code).update(page=Page.objects.get(code="faq"))
        Page.objects.filter(code=code).delete()
    Link.objects.filter(code="privacy-policy").delete()
    newest = Publication.objects.newest()
    Publication.objects.create(
        number=newest.number + 1, document=working_document(), sha256="1" * 64, published_at=newest.published_at
    )
    assert [address for _text, address in menu_of(client)][:2] == ["/recipients/", "/services/"]
    assert [address for _text, address in footer_of(client)][:3] == ["/glossary/", "/changes/", "/contact/"]
    assert "/accessibility/" not in client.get("/faq/").content.decode()


def test_link_that_leads_nowhere_is_not_published():
    MenuEntry.objects.create(code="a", address="/no-such-page/")
    with pytest.raises(NotPublishable, match="menu a address"):
        publish_content(by=None)


def test_no_link_of_menu_and_footer_is_dead(client):
    for path in ("/", "/en/"):
        for _text, address in [*menu_of(client, path), *footer_of(client, path)]:
            if address.startswith("/") and not address.startswith(("/my/", "/en/my/")):
                assert client.get(address).status_code == 200, address


def test_page_of_a_person_has_the_same_menu(as_hanako):
    MenuEntry.objects.create(code="a", address="/faq/")
    publish_as_it_is()
    assert menu_of(as_hanako, "/my/")[0] == ("よくあるご質問", "/faq/")


def test_contact_is_there_without_an_editors_page(client):
    Section.objects.filter(page__code="contact").update(page=Page.objects.get(code="faq"))
    Page.objects.filter(code="contact").delete()
    newest = Publication.objects.newest()
    Publication.objects.create(
        number=newest.number + 1, document=working_document(), sha256="2" * 64, published_at=newest.published_at
    )
    page = read(client.get("/contact/"))
    assert page.one("h1").text == "お問い合わせ"
    assert page.one("section", cls="glance").all("a")[0]["href"].startswith("/contact/requests/new/?kind=")


def test_menu_costs_a_visit_no_statement(as_hanako, django_assert_num_queries):
    MenuEntry.objects.create(code="a", address="/faq/")
    publish_as_it_is()
    Client().get("/faq/")
    with django_assert_num_queries(1):
        Client().get("/glossary/")
