"""Pictures and documents from the form of an editor to the page of a visitor."""

from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.content.publications import newest_publication
from disclosures.content.working_copy import working_document
from disclosures.guard_rails.findings import findings
from disclosures.models import Country, KeptContent, Proposal, PublishedFile, Recipient, Revision, Section, SiteFile
from disclosures.publishing.actions import publish_content, republish
from disclosures.site_files import actions
from disclosures.site_files.actions import UNUSED_FOR, keep_content, remove_unused_contents
from disclosures.site_files.cleaning import clean_file
from disclosures.site_files.queries import content_of, name_in_store
from privacycenter.errors import NotPublishable
from privacycenter.models import StoredFile
from privacycenter.storage import files
from tests.support.content import a_new_recipient
from tests.support.desk import desk, form_on, save
from tests.support.html import read
from tests.support.people import client_of, make_user
from tests.support.site_files import (
    DRAWING,
    a_file,
    an_upload,
    pdf_bytes,
    photograph,
    picture_bytes,
    write_in_section,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/disclosures/sitefile/add/"


def address(row, ending="svg"):
    return f"/files/{row.sha256}.{ending}"


def add(client, content=DRAWING, **values):
    form = {"code": "flow", "title": "提供の流れ", "alt": "本人から提供先へ", "caption": "", "position": "", **values}
    return client.post(ADD, {**form, **({"upload": an_upload(content)} if content is not None else {})})


def errors_on(response):
    assert response.status_code == 200
    return read(response).all("ul", cls="errorlist")


# --- At the desk -----------------------------------------------------------------------------------------------------


def test_picture_that_is_added_is_kept_clean_and_written_down(as_editor):
    assert add(as_editor, photograph("secret-place")).status_code == 302
    row = SiteFile.objects.get(code="flow")
    assert (row.content_type, row.width, row.height) == ("image/jpeg", 40, 30)
    content = content_of(row.sha256)
    assert len(content) == row.size_bytes and b"secret-place" not in content
    assert clean_file(content).sha256 == row.sha256
    assert Revision.objects.first().after["sha256"] == row.sha256


def test_form_is_told_what_was_left_out(as_editor):
    harmful = DRAWING.replace(b"<rect", b"<script>x</script><rect")
    assert "script" in read(as_editor.get(add(as_editor, harmful)["Location"])).text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"hello", "PNG"),
        (b"", "空"),
        (pdf_bytes(password="x"), "PDF"),
        (picture_bytes()[:60], "読"),
    ],
)
def test_file_that_is_refused_is_refused_at_its_field(as_editor, content, told):
    (error,) = errors_on(add(as_editor, content))
    assert told in error.text and not SiteFile.objects.exists() and not KeptContent.objects.exists()


def test_form_without_a_file_is_refused(as_editor):
    assert errors_on(add(as_editor, None)) and not SiteFile.objects.exists()


def test_picture_needs_words_or_is_said_to_be_decorative(as_editor):
    assert errors_on(add(as_editor, alt="")) and not SiteFile.objects.exists()
    assert add(as_editor, alt="", is_decorative="on").status_code == 302


def test_document_needs_no_alternative_text(as_editor):
    assert add(as_editor, pdf_bytes(), alt="").status_code == 302


def test_file_need_not_be_chosen_again_when_the_form_comes_back(as_editor):
    page = read(add(as_editor, title=""))
    kept = page.one("input", name="kept_upload")["value"]
    assert add(as_editor, None, kept_upload=kept).status_code == 302
    assert content_of(SiteFile.objects.get().sha256) == clean_file(DRAWING).content


@pytest.mark.parametrize("kept", ["nonsense", "WyJhIl0:1:x", "\x00"])
def test_file_that_the_form_only_claims_to_have_brought_is_none(as_editor, kept):
    assert errors_on(add(as_editor, None, kept_upload=kept))


def test_file_is_replaced_and_its_texts_stay_as_they_are(as_editor):
    row = a_file()
    write_in_section("![](picture:flow)")
    before = working_document()
    save(as_editor, desk(SiteFile, "flow"), upload=an_upload(picture_bytes()))
    after = working_document()
    assert after["files"]["flow"]["sha256"] != row.sha256
    assert after["sections"] == before["sections"]


def test_store_that_does_not_answer_is_told_and_nothing_is_lost(as_editor, monkeypatch):
    def fails(*args):
        raise OSError("away")

    monkeypatch.setattr(files, "keep", fails)
    (error,) = errors_on(add(as_editor))
    assert error.text and not SiteFile.objects.exists()


def test_form_shows_the_file_its_markdown_and_where_it_is_used(as_editor):
    row = a_file()
    write_in_section("![](picture:flow)")
    page = read(as_editor.get(desk(SiteFile, "flow")))
    assert page.one("img", src=f"/admin{address(row)}") and "![](picture:flow)" in page.text
    assert page.one("a", href="/admin/edit/sections/personal-information/")


def test_only_editors_add_files(officer, publisher, hanako):
    for user in (officer, publisher):
        assert add(client_of(user)).status_code == 403
    assert add(client_of(hanako)).status_code in (302, 403)
    assert not KeptContent.objects.exists()


def test_desk_shows_what_is_not_published_to_staff_alone(as_editor, as_hanako, client):
    row = a_file()
    response = as_editor.get(f"/admin{address(row)}")
    assert response.content == content_of(row.sha256)
    assert "no-store" in response["Cache-Control"] and "sandbox" in response["Content-Security-Policy"]
    for other in (as_hanako, client):
        assert other.get(f"/admin{address(row)}").status_code in (302, 403)
    assert as_editor.get(f"/admin/files/{'0' * 64}.svg").status_code == 404
    assert as_editor.get(f"/admin{address(row, 'png')}").status_code == 404


def test_officer_without_the_permission_sees_no_draft(client):
    clerk = make_user("clerk", is_staff=True)
    assert client_of(clerk).get(f"/admin{address(a_file())}").status_code == 403


# --- In texts --------------------------------------------------------------------------------------------------------


@pytest.fixture
def published_page():
    row = a_file(caption="図1", i18n={"alt_en": "From the person", "title_en": "Flow", "caption_en": "Figure 1"})
    a_file("policy", pdf_bytes(), title="方針")
    write_in_section("![](picture:flow)\n\n[方針](document:policy)", "![](picture:flow) [policy](document:policy)")
    publish_content(by=None)
    return row


def test_page_shows_the_picture_with_its_words_and_size(client, published_page):
    page = read(client.get("/where-provided/"))
    image = page.one("img", src=address(published_page))
    assert (image["alt"], image["width"], image["height"], image["loading"]) == (
        "本人から提供先へ",
        "120",
        "40",
        "lazy",
    )
    assert page.one("figcaption").text == "図1"
    link = page.one("a", download="policy.pdf")
    assert "PDF" in link.text and link["href"].startswith("/files/")


def test_page_in_another_language_reads_out_its_own_words(client, published_page):
    assert read(client.get("/en/where-provided/")).one("img", src=address(published_page))["alt"] == "From the person"


def test_words_of_the_text_come_before_those_of_the_picture(client):
    row = a_file()
    write_in_section("![この文の説明](picture:flow)")
    publish_content(by=None)
    assert read(client.get("/where-provided/")).one("img", src=address(row))["alt"] == "この文の説明"


def test_words_that_are_not_translated_are_marked_as_japanese(client):
    row = a_file(i18n={})
    write_in_section("![](picture:flow)")
    found = [one for one in findings(working_document()) if "flow" in one.message]
    assert [(one.code, one.field, one.language, one.is_error) for one in found] == [
        ("personal-information", "body", "en", False)
    ]
    publish_content(by=None)
    image = read(client.get("/en/where-provided/")).one("img", src=address(row))
    assert (image["alt"], image["lang"]) == ("本人から提供先へ", "ja")


def test_decorative_picture_says_nothing(client):
    row = a_file(alt="", is_decorative=True, i18n={})
    write_in_section("![](picture:flow)")
    publish_content(by=None)
    assert read(client.get("/where-provided/")).one("img", src=address(row))["alt"] == ""


def test_page_costs_no_more_statements_with_pictures(client, published_page, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/where-provided/")


def test_older_publication_shows_its_own_picture_again(client, published_page, as_editor):
    first = newest_publication()
    save(as_editor, desk(SiteFile, "flow"), upload=an_upload(picture_bytes()))
    publish_content(by=None)
    assert not read(client.get("/where-provided/")).all("img", src=address(published_page))
    republish(publication=first, by=None)
    assert read(client.get("/where-provided/")).one("img", src=address(published_page))


def test_changed_picture_is_a_change_of_its_own(client, published_page, as_editor):
    save(as_editor, desk(SiteFile, "flow"), upload=an_upload(picture_bytes()))
    publication = publish_content(by=None)
    page = read(client.get(f"/changes/{publication.number}/"))
    assert "提供の流れ" in page.text and published_page.sha256 in page.text


def test_preview_shows_drafts_by_the_desks_address(as_editor):
    row = a_file()
    write_in_section("![](picture:flow)")
    assert read(as_editor.get("/admin/preview/where-provided/")).one("img", src=f"/admin{address(row)}")
    assert f"/admin{address(row)}" in as_editor.post("/admin/markdown/", {"text": "![](picture:flow)"}).content.decode()


@pytest.mark.parametrize(
    ("text", "is_error"),
    [
        ("![](picture:nothing)", True),
        ("[x](document:nothing)", True),
        ("![](picture:policy)", True),
        ("![](picture:flow)", False),
        ("[x](document:policy)", False),
    ],
)
def test_text_that_names_what_is_not_there_is_not_published(text, is_error):
    a_file(), a_file("policy", pdf_bytes(), title="方針")
    write_in_section(text)
    found = [one for one in findings(working_document()) if one.code == "personal-information" and one.is_error]
    assert [one.language for one in found] == (["ja", "en"] if is_error else [])


def test_texts_that_people_decide_by_show_no_pictures():
    a_file()
    Country.objects.filter(code="US").update(system="![](picture:flow)")
    a_new_recipient("new-inn")
    Recipient.objects.filter(code="new-inn").update(measures="[x](document:flow)")
    assert {(one.kind, one.field) for one in findings(working_document()) if one.is_error} == {
        ("countries", "system"),
        ("recipients", "measures"),
    }


def test_picture_without_words_is_not_published():
    a_file(alt="", i18n={})
    assert [(one.kind, one.field) for one in findings(working_document()) if one.is_error] == [("files", "alt")]
    with pytest.raises(NotPublishable, match="flow"):
        publish_content(by=None)


def test_file_whose_content_is_gone_is_not_published():
    row = a_file()
    KeptContent.objects.filter(sha256=row.sha256).delete()
    with pytest.raises(NotPublishable, match="flow"):
        publish_content(by=None)
    assert not PublishedFile.objects.exists()


def test_file_that_no_text_shows_is_named():
    a_file()
    assert [one.code for one in findings(working_document()) if one.kind == "files" and not one.is_error] == ["flow"]


# --- In public -------------------------------------------------------------------------------------------------------


def test_draft_is_there_for_nobody_until_it_is_published(client, as_editor):
    row = a_file()
    assert client.get(address(row)).status_code == as_editor.get(address(row)).status_code == 404
    publish_content(by=None)
    assert client.get(address(row)).content == content_of(row.sha256)


def test_published_file_comes_for_ever_in_a_place_of_its_own(client, published_page, django_assert_num_queries):
    with django_assert_num_queries(2):
        response = client.get(address(published_page))
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff" and "Vary" not in response.headers
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script" not in policy
    assert not response.cookies and "Content-Disposition" not in response.headers


def test_document_is_saved_and_not_opened(client, published_page):
    link = read(client.get("/where-provided/")).one("a", download="policy.pdf")
    response = client.get(link["href"])
    assert (response["Content-Type"], response["Content-Disposition"]) == ("application/pdf", "attachment")


def test_browser_that_has_it_is_not_sent_it_again(client, published_page, django_assert_num_queries):
    etag = client.get(address(published_page))["ETag"]
    with django_assert_num_queries(1):
        response = client.get(address(published_page), headers={"If-None-Match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == etag and "immutable" in response["Cache-Control"]


@pytest.mark.parametrize("ending", ["png", "pdf", "html", "svg.html", ""])
def test_file_is_not_there_as_another_type(client, published_page, ending):
    assert client.get(f"/files/{published_page.sha256}.{ending}").status_code == 404


def test_what_was_public_stays_public_when_no_text_shows_it_any_more(client, published_page):
    write_in_section("文だけ。")
    SiteFile.objects.all().delete()
    publish_content(by=None)
    assert client.get(address(published_page)).status_code == 200


def test_content_that_the_store_lost_is_not_there(client, published_page):
    files.remove(name_in_store(published_page.sha256))
    assert client.get(address(published_page)).status_code == 404


def test_page_of_an_editor_cannot_hide_the_files(as_editor):
    form = form_on(as_editor, "/admin/disclosures/page/add/")
    assert errors_on(as_editor.post("/admin/disclosures/page/add/", {**form, "code": "files", "title": "x"}))


# --- What stays, and what goes ---------------------------------------------------------------------------------------


def later(monkeypatch, days=31):
    then = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(actions.timezone, "now", lambda: then)


def test_what_nothing_names_goes_after_its_time(monkeypatch):
    clean = clean_file(DRAWING)
    keep_content(clean=clean)
    assert remove_unused_contents() == 0
    later(monkeypatch)
    assert remove_unused_contents() == 1
    assert not StoredFile.objects.exists() and not KeptContent.objects.exists()


def test_what_came_again_has_its_time_anew(monkeypatch):
    clean = clean_file(DRAWING)
    keep_content(clean=clean)
    KeptContent.objects.update(kept_at=timezone.now() - UNUSED_FOR)
    keep_content(clean=clean)
    assert remove_unused_contents() == 0 and StoredFile.objects.count() == 1


def test_what_the_working_copy_names_stays(monkeypatch):
    row = a_file()
    later(monkeypatch)
    assert remove_unused_contents() == 0 and content_of(row.sha256)


def test_what_was_ever_published_stays(published_page, monkeypatch):
    SiteFile.objects.all().delete()
    later(monkeypatch, 4000)
    assert remove_unused_contents() == 0 and content_of(published_page.sha256)


def test_what_a_proposal_waits_to_publish_stays(editor, monkeypatch):
    row = a_file()
    document = working_document()
    Proposal.objects.create(
        document=document, sha256="", base_number=1, proposed_at=timezone.now(), proposed_by=editor
    )  # fmt: skip
    SiteFile.objects.all().delete()
    later(monkeypatch)
    assert remove_unused_contents() == 0 and content_of(row.sha256)


def test_what_was_named_meanwhile_stays(monkeypatch):
    clean = clean_file(DRAWING)
    keep_content(clean=clean)
    later(monkeypatch)
    named = actions.named_of
    monkeypatch.setattr(
        actions, "named_of", lambda hashes: (monkeypatch.setattr(actions, "named_of", named), a_file(), set())[2]
    )
    assert remove_unused_contents() == 0 and content_of(clean.sha256)


def test_section_is_not_made_anew_by_its_picture(as_editor):
    a_file()
    write_in_section("![](picture:flow)")
    newest = Revision.objects.first().pk
    save(as_editor, desk(SiteFile, "flow"), alt="別の説明")
    assert [one.kind for one in Revision.objects.filter(pk__gt=newest)] == ["files"]
    assert Section.objects.get(code="personal-information").body == "![](picture:flow)"
