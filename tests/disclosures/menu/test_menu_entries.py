"""Menu and footer at the desk: begun from the standard links, changed like all other content."""

import pytest

from disclosures.menu.actions import write_out_standard_links
from disclosures.models import MenuEntry, MenuPlace, Revision
from disclosures.packs.queries import content_pack
from disclosures.publishing.actions import publish_content
from tests.support.html import read

pytestmark = pytest.mark.django_db

LIST = "/admin/disclosures/menuentry/"


def test_standard_links_become_rows_that_say_the_same(client, editor):
    before = client.get("/faq/").content
    assert write_out_standard_links(place=MenuPlace.HEAD, by=editor) == 6
    assert write_out_standard_links(place=MenuPlace.FOOT, by=editor) == 5
    publish_content(by=None)
    after = client.get("/faq/").content
    assert read_links(after) == read_links(before)


def read_links(content) -> list[str]:
    from lxml.html import document_fromstring

    found = document_fromstring(content.decode()).xpath("//details[contains(@class,'menu')]//a | //footer//ul//a")
    return [f"{one.text_content()} {one.get('href')}" for one in found]


def test_standard_links_are_written_once_and_recorded(editor):
    newest = Revision.objects.count()
    write_out_standard_links(place=MenuPlace.HEAD, by=editor)
    assert Revision.objects.count() == newest + 6
    assert write_out_standard_links(place=MenuPlace.HEAD, by=editor) == 0
    assert MenuEntry.objects.count() == 6


def test_list_is_named_after_what_it_holds(as_editor):
    assert [one.text for one in read(as_editor.get(LIST)).all("h1")] == ["メニューとフッターのリンク"]


def test_desk_offers_the_standard_links_while_there_are_none(as_editor):
    page = read(as_editor.get(LIST))
    assert [form["action"] for form in page.all("form") if "standard" in (form["action"] or "")] == [
        f"{LIST}standard/menu/", f"{LIST}standard/footer/",
    ]  # fmt: skip
    assert as_editor.post(f"{LIST}standard/menu/").status_code == 302
    assert f"{LIST}standard/menu/" not in as_editor.get(LIST).content.decode()


def test_publisher_who_does_not_edit_writes_no_links(client, publisher):
    client.force_login(publisher)
    assert client.post(f"{LIST}standard/menu/").status_code == 403
    assert not MenuEntry.objects.exists()


def test_unknown_place_is_refused(as_editor):
    assert as_editor.post(f"{LIST}standard/side/").status_code == 403


def test_link_to_another_site_needs_a_title(as_editor):
    page = as_editor.post(
        f"{LIST}add/", {"code": "a", "place": "menu", "address": "https://example.com/", "position": 1}
    )
    assert "ほかのサイトへのリンクには" in page.content.decode()
    assert not MenuEntry.objects.exists()


def test_pack_brings_the_menu_back():
    MenuEntry.objects.create(code="a", place="footer", address="/faq/", title="質問", i18n={"title_en": "Q"}, note="注")
    [entry] = content_pack().menu
    assert (entry.code, entry.place, entry.title, entry.note) == (
        "a",
        "footer",
        {"ja": "質問", "en": "Q"},
        {"ja": "注"},
    )
