"""What one set changes and another names, holds back or says again: nothing of it slips out, nothing breaks a page."""

from urllib.parse import urlencode

import pytest

from disclosures.change_sets.actions import make_set, put_under_embargo
from disclosures.change_sets.queries import chosen_set, waiting_in_sets
from disclosures.content.merging import changed_cells
from disclosures.content.open_sets import patch_of
from disclosures.editing.preview_urls import HOME
from disclosures.history.putting import said_by
from disclosures.models import Country, Page, Publication, Recipient, Revision, Section, SiteFile
from disclosures.publishing.actions import republish
from disclosures.publishing.set_actions import publish_set
from privacycenter.errors import NotPublishable
from tests.support.desk import online_booking, save
from tests.support.html import filled_in, read
from tests.support.sets import add, change, public, saved
from tests.support.site_files import a_file, an_upload

pytestmark = pytest.mark.django_db

PREVIEWED = (HOME, "where-provided/", "faq/", "glossary/", "recipients/", "services/")


def refusal(change_set, by) -> str:
    with pytest.raises(NotPublishable) as refused:
        publish_set(change_set=change_set, by=by)
    return refused.value.detail


def opens(client, change_set) -> str:
    """Open the page of a set and its preview. Return the text of the page."""
    for path in PREVIEWED:
        assert client.get(f"/admin/preview/{path}?set={change_set.pk}").status_code == 200
    return read(client.get(f"/admin/sets/{change_set.pk}/")).one("main").text


def press(client, path):
    return client.post(path, {"seen": read(client.get(path)).one("input", name="seen")["value"]})


def replace_words(find, value) -> str:
    query = {"code": "online-booking", "field": "title", "show": "1", "way": "replace", "find": find, "value": value}
    return f"/admin/bulk/scenarios/?{urlencode({**query, 'language': 'ja'})}"


# --- What only another set has ---------------------------------------------------------------------------------------


def test_section_that_only_another_set_has_is_named_and_its_page_opens(as_editor, editor, writer):
    section = Section(code="new-part", page=Page.objects.get(code="where-provided"), title="新しい節", position=99)
    theirs = add(writer, section)
    mine = change(editor, section=section)
    assert f"「new-part」は、変更のまとまり「{theirs}」" in refusal(mine, editor)
    assert "new-part" in opens(as_editor, mine)


def test_country_that_only_another_set_has_is_named_and_its_page_opens(as_editor, editor, writer):
    country = Country(code="AQ", title="南極")
    theirs = add(writer, country)
    mine = change(editor, Recipient.objects.first().code, "recipients", country=country)
    assert f"「AQ」は、変更のまとまり「{theirs}」" in refusal(mine, editor)
    assert "AQ" in opens(as_editor, mine)


def test_picture_that_only_another_set_has_is_named_with_that_set(as_editor, editor, writer):
    row = a_file("flow")
    SiteFile.objects.all().delete()
    row.pk = None
    theirs = add(writer, row)
    mine = change(editor, body="図です。\n\n![](picture:flow)")
    assert f"「flow」は、変更のまとまり「{theirs}」" in refusal(mine, editor)
    assert str(theirs) in opens(as_editor, mine)


def test_picture_says_which_texts_of_other_sets_show_it(as_editor, editor, writer):
    row = a_file("flow")
    theirs = change(writer, body="図です。\n\n![](picture:flow)")
    put_under_embargo(change_set=theirs, by=writer)
    change(editor, body="図のない本文")
    page = read(as_editor.get(f"/admin/disclosures/sitefile/{row.pk}/change/"))
    assert [link.text for link in page.one("div", cls="file-content").one("ul").all("a")] == ["ネット予約"]


# --- What another set holds back -------------------------------------------------------------------------------------


@pytest.fixture
def held_back(writer):
    theirs = change(writer, title="ひみつの予約")
    put_under_embargo(change_set=theirs, by=writer)
    return theirs


def test_replacing_words_takes_nothing_out_of_a_set_under_embargo(as_editor, editor, held_back):
    mine = make_set(name="私の", by=editor)
    assert press(as_editor, replace_words("ネット", "オンライン")).status_code == 302
    assert saved() == "オンライン予約"
    publish_set(change_set=mine, by=editor)
    assert public() == "オンライン予約" and patch_of(held_back)[0].entry["title"]["ja"] == "ひみつの予約"


def test_words_that_only_another_set_has_are_not_found(as_editor, editor, held_back):
    page = read(as_editor.get(replace_words("ひみつ", "公然")))
    assert not page.all("article") and saved() == "ひみつの予約"


def test_undo_gives_a_text_back_to_the_set_under_embargo(as_editor, editor, held_back):
    mine = make_set(name="私の", by=editor)
    change(editor, title="私の予約", body="私の本文")
    step = Revision.objects.first().pk
    press(as_editor, f"/admin/history/{step}/put-back/?scope=step")
    assert saved() == "ひみつの予約" and patch_of(mine) == []
    assert patch_of(held_back)[0].entry["title"]["ja"] == "ひみつの予約"


def test_put_back_that_says_what_no_other_set_says_is_ones_own(as_editor, editor, held_back):
    mine = change(editor, title="一つ目")
    change(editor, title="二つ目")
    press(as_editor, f"/admin/history/{Revision.objects.first().pk}/put-back/?scope=step")
    assert saved() == "一つ目" and said_by(patch_of(mine)[0].entry)["title"]["ja"] == "一つ目"


def test_text_put_together_may_be_as_long_as_its_field(as_editor, editor, writer):
    mine = change(editor, title="一つ目")
    publish_set(change_set=change(writer, title="二つ目"), by=writer)
    path = f"/admin/sets/{mine.pk}/merge/"
    form = filled_in(read(as_editor.get(path)).one("form", cls="desk-form"))
    response = as_editor.post(path, {**form, "scenarios:online-booking:title:ja": "長" * 201})
    assert response.status_code == 422 and "200" in read(response).one("ul", cls="errorlist").text
    assert saved() == "二つ目"


def test_what_another_set_says_already_goes_into_ones_own_set_too(as_editor, editor, held_back):
    mine = make_set(name="私の", by=editor)
    save(as_editor, online_booking(), title="ひみつの予約", body="私の本文")
    assert {name for name, _language in written_in(mine)} == {"title", "body"}
    publish_set(change_set=mine, by=editor)
    assert public() == "ひみつの予約" and public(field="body") == "私の本文"


def test_what_is_not_touched_stays_another_sets_alone(as_editor, editor, writer, held_back):
    theirs = make_set(name="別の", by=writer)
    change(writer, body="一行目\n二行目")
    publish_set(change_set=theirs, by=writer)
    make_set(name="ほかの", by=writer)
    change(writer, body="一行目\n三行目")
    mine = make_set(name="私の", by=editor)
    # As browsers send it.
    save(as_editor, online_booking(), body="一行目\r\n二行目")
    assert written_in(mine) == set() and saved(field="body") == "一行目\n三行目"
    save(as_editor, online_booking(), body="私の本文")
    assert {name for name, _language in written_in(mine)} == {"body"} and saved() == "ひみつの予約"


def written_in(change_set):
    return {cell for one in patch_of(change_set) for cell in changed_cells(one.base, one.entry)}


# --- What the pages say of sets --------------------------------------------------------------------------------------


def test_pages_that_change_many_entries_name_the_set(as_editor, editor):
    make_set(name="年末の案内", by=editor)
    change(editor, title="一つ目")
    step = Revision.objects.first().pk
    sent = as_editor.post("/admin/recipients/", {"file": an_upload("code,title_ja,country\nx-1,宿,JP\n".encode())})
    for path in (sent["Location"], replace_words("一つ", "二つ"), f"/admin/history/{step}/put-back/"):
        assert "年末の案内" in read(as_editor.get(path)).one("p", cls="set-line").text


def test_banner_leads_to_the_list_that_has_the_other_sets(as_editor, editor, writer):
    change(editor, title="一つ目")
    make_set(name="年末の案内", by=editor)
    assert [link["href"] for link in banner(as_editor)] == ["/admin/sets/?show=mine", "/admin/pending/"]
    change(writer, body="別の本文")
    assert banner(as_editor)[0]["href"] == "/admin/sets/?show=others"


def test_banner_does_not_count_what_was_taken_back(as_editor, editor):
    publish_set(change_set=change(editor, title="一つ目"), by=editor)
    republish(publication=Publication.objects.get(number=Publication.objects.newest().number - 1), by=editor)
    change(editor, body="私の本文")
    assert waiting_in_sets(editor, chosen_set(editor)).others == 0


def banner(client):
    return read(client.get("/admin/sets/")).one("p", cls="pending-banner").all("a")
