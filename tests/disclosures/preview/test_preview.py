"""The preview of the working copy: as visitors would see it, for the desk only, with a link to each form."""

import pytest

from disclosures.models import Page, Scenario, Section, Site
from tests.support.html import read
from tests.support.pages import PUBLIC_PATHS

pytestmark = pytest.mark.django_db

WHERE = "/admin/preview/where-provided/"


@pytest.fixture
def edited(db):
    Scenario.objects.filter(code="online-booking").update(title="オンライン予約")


def test_preview_shows_the_working_copy_and_the_public_page_does_not(as_editor, client, edited):
    assert "オンライン予約" in read(as_editor.get(WHERE)).one(id="online-booking").text
    assert "オンライン予約" not in read(client.get("/where-provided/")).text


def test_preview_shows_the_sites_own_texts_of_the_working_copy(as_editor):
    Site.objects.update(disclaimer="新しい注意書きです。")
    assert "新しい注意書きです。" in read(as_editor.get("/admin/preview/index.html")).text


def test_every_published_page_has_its_preview_in_both_languages(as_editor):
    for path in PUBLIC_PATHS:
        for prefix, language in (("", "ja"), ("/en", "en")):
            response = as_editor.get(f"{prefix}/admin/preview/{path.lstrip('/') or 'index.html'}")
            if response.status_code == 404:
                # Not made from a publication alone.
                assert path == "/changes/", path
                continue
            assert read(response).one("html")["lang"] == language, path


def test_links_stay_in_the_preview(as_editor):
    page = read(as_editor.get("/admin/preview/index.html")).one("main")
    addresses = [link["href"] for link in page.all("a")]
    assert "/admin/preview/where-provided/" in addresses
    assert not [one for one in addresses if one.startswith("/where-provided/")]


def test_link_to_the_other_language_stays_in_the_preview(as_editor):
    addresses = {link["href"] for link in read(as_editor.get(WHERE)).all("a")}
    assert "/en/admin/preview/where-provided/" in addresses


def test_link_to_a_page_that_has_no_preview_leaves_the_frame(as_editor):
    page = read(as_editor.get(WHERE))
    leaving = [link for link in page.all("a") if link["href"] == "/my/"]
    assert leaving and all(link["target"] == "_top" for link in leaving)


@pytest.mark.parametrize(
    ("anchor", "kind"),
    [("scenarios", "sections"), ("online-booking", "scenarios"), ("personal-information-definition", "definitions")],
)
def test_each_text_has_the_link_to_its_form(as_editor, anchor, kind):
    links = [link["href"] for link in read(as_editor.get(WHERE)).one(id=anchor).all("a", cls="edit-this")]
    assert f"/admin/edit/{kind}/{anchor}/" in links


def test_heading_of_situations_has_the_link_to_its_form(as_editor):
    group = read(as_editor.get(WHERE)).one("section", id="by-act")
    first = group.all("a", cls="edit-this")[0]
    assert first["href"] == "/admin/edit/site/site/?field=act_title" and first.parent == group


def test_heading_and_disclaimer_have_the_link_to_their_forms(as_editor):
    links = {link["href"] for link in read(as_editor.get(WHERE)).all("a", cls="edit-this")}
    assert {"/admin/edit/pages/where-provided/", "/admin/edit/site/site/?field=disclaimer"} <= links


def marks(page) -> list[str]:
    return [link["href"] for link in page.one("main").all("a", cls="edit-this")]


def test_every_term_of_the_glossary_has_its_own_link_and_its_headings_none(as_editor):
    page = read(as_editor.get("/admin/preview/glossary/"))
    terms = [one["id"] for one in page.all("dl", cls="glossary")[0].all("div")]
    definitions = [one["id"] for one in page.all("dl", cls="glossary")[1].all("div")]
    assert terms and definitions
    assert marks(page) == [
        *(f"/admin/edit/terms/{code}/" for code in terms),
        *(f"/admin/edit/definitions/{code}/" for code in definitions),
    ]
    assert all(link.parent.tag == "dt" for link in page.one("main").all("a", cls="edit-this"))


def test_lists_have_a_link_for_each_of_their_entries(as_editor):
    services = read(as_editor.get("/admin/preview/services/"))
    assert services.one(id="jalan").one("a", cls="edit-this")["href"] == "/admin/edit/services/jalan/"
    recipients = read(as_editor.get("/admin/preview/recipients/"))
    assert recipients.one(id="minato-inn").one("a", cls="edit-this")["href"] == "/admin/edit/recipients/minato-inn/"
    assert "/admin/edit/scenarios/online-booking/?field=recipient_kinds" in marks(recipients)


def test_countries_and_their_recipients_have_their_links(as_editor):
    country = read(as_editor.get("/admin/preview/recipients/abroad/")).one(id="us")
    links = [link["href"] for link in country.all("a", cls="edit-this")]
    assert links[0] == "/admin/edit/countries/US/" and "/admin/edit/recipients/northwind-analytics/" in links


@pytest.mark.parametrize("path", ["faq", "contact"])
def test_pages_with_an_address_of_their_own_have_a_link_at_their_heading(as_editor, path):
    assert marks(read(as_editor.get(f"/admin/preview/{path}/")))[0] == f"/admin/edit/pages/{path}/"


def test_every_link_to_a_form_leads_to_one(as_editor):
    for path in ("glossary", "services", "recipients", "recipients/abroad", "faq", "contact"):
        addresses = marks(read(as_editor.get(f"/admin/preview/{path}/")))
        assert addresses, path
        for address in addresses[:3]:
            assert as_editor.get(address, follow=True).status_code == 200, address


def test_record_of_changes_leaves_the_frame(as_editor):
    [link] = [one for one in read(as_editor.get(WHERE)).all("a") if one["href"].endswith("/changes/")]
    assert (link["href"], link["target"]) == ("/changes/", "_top")
    assert as_editor.get("/admin/preview/changes/").status_code == 404


def test_notes_have_the_link_to_their_form(as_editor):
    links = {link["href"] for link in read(as_editor.get(WHERE)).one(id="review-author").all("a", cls="edit-this")}
    assert "/admin/edit/scenarios/review-author/?field=notes" in links


def test_public_page_has_nothing_of_the_desk(as_editor, client):
    as_editor.get(WHERE)
    assert b"edit-this" not in client.get("/where-provided/").content
    assert b"/admin/" not in client.get("/where-provided/").content


def test_page_that_is_not_published_yet_can_be_previewed(as_editor):
    page = Page.objects.create(code="new-page", title="新しいページ")
    Section.objects.create(code="new-section", page=page, title="<b>見出し</b>")
    found = read(as_editor.get("/admin/preview/new-page/"))
    assert found.one("h1").text == "新しいページ"
    assert "<b>見出し</b>" in found.one(id="new-section").text


@pytest.mark.parametrize(
    "path", ["nothing/", "my/", "accounts/login/", "admin/", "recipients/nobody/", "healthz", "en/"]
)
def test_what_is_not_a_public_page_has_no_preview(as_editor, path):
    assert as_editor.get(f"/admin/preview/{path}").status_code == 404


def test_preview_is_kept_by_nobody_and_framed_by_the_desk_alone(as_editor):
    response = as_editor.get(WHERE)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]


def test_other_pages_are_framed_by_nobody(as_editor, client):
    for response in (client.get("/where-provided/"), as_editor.get("/admin/"), as_editor.get("/admin/preview/")):
        assert response["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_preview_is_for_the_desk_alone(client, as_hanako):
    assert client.get(WHERE).status_code == 302
    assert as_hanako.get(WHERE, follow=True).status_code == 403


def test_preview_is_read_only(as_editor):
    assert as_editor.post(WHERE).status_code == 405


def test_bar_says_what_it_is_and_a_frame_goes_without(as_editor):
    assert read(as_editor.get(WHERE)).all(cls="preview-bar")
    assert not read(as_editor.get(WHERE, headers={"Sec-Fetch-Dest": "iframe"})).all(cls="preview-bar")


def test_frames_show_the_chosen_page_on_both_widths(as_editor):
    frames = read(as_editor.get("/en/admin/preview/", {"path": "/faq/"})).all("iframe")
    assert [frame["src"] for frame in frames] == ["/en/admin/preview/faq/"] * 2


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "/my/", "x", "/\x00/"])
def test_frames_show_nothing_but_public_pages(as_editor, path):
    frames = read(as_editor.get("/admin/preview/", {"path": path, "width": "phone"})).all("iframe")
    assert [frame["src"] for frame in frames] == ["/admin/preview/index.html"]
