"""Who changed what when; retiring; what cannot be deleted; what is not translated."""

import pytest

from disclosures.models import Country, DataItem, Link, Page, Recipient, Revision, Scenario, Section, Service
from disclosures.packs.actions import load_content
from disclosures.packs.schema import Pack
from tests.support.desk import desk, online_booking, save
from tests.support.html import read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def newest(db):
    """Revisions of the content that every test begins with are older than this."""
    return Revision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def written(newest) -> list[Revision]:
    return list(Revision.objects.filter(pk__gt=newest).order_by("pk"))


def test_save_writes_down_who_changed_what(as_editor, editor, newest):
    save(as_editor, online_booking(), title="オンライン予約")
    [revision] = written(newest)
    assert (revision.kind, revision.code, revision.changed_by) == ("scenarios", "online-booking", editor)
    assert (revision.before["title"]["ja"], revision.after["title"]["ja"]) == ("ネット予約", "オンライン予約")


@pytest.mark.parametrize(("prefix", "names"), [("", "日本アメリカ合衆国"), ("/en", "JapanUnited States of America")])
def test_history_names_what_an_entry_refers_to(as_editor, prefix, names):
    save(as_editor, desk(Recipient, "minato-inn"), country=Country.objects.get(code="US").pk)
    page = read(as_editor.get(f"{prefix}/admin/history/"))
    assert names in [value.text for value in page.all("dl", cls="differences")[0].all("dd")]


def test_save_without_a_change_writes_nothing_down(as_editor, newest):
    save(as_editor, online_booking())
    save(as_editor, online_booking(), body=Scenario.objects.get(code="online-booking").body.replace("\n", "\r\n"))
    assert written(newest) == []


def test_refused_form_writes_nothing_down(as_editor, newest):
    as_editor.post(online_booking(), {"title": ""})
    assert written(newest) == []


def test_definition_changed_under_its_section_is_written_down(as_editor, newest):
    save(as_editor, desk(Section, "personal-information"), **{"definitions-0-term": "新しい用語"})
    assert [(one.kind, one.after["term"]["ja"]) for one in written(newest)] == [("definitions", "新しい用語")]


def test_new_and_deleted_entries_are_written_down(as_editor, newest):
    save(as_editor, "/admin/disclosures/link/add/", code="new-link", title="新しいリンク", address="/faq/")
    as_editor.post(desk(Link, "new-link").replace("/change/", "/delete/"), {"post": "yes"})
    made, gone = written(newest)
    assert made.before is None and made.after["address"] == "/faq/"
    assert gone.after is None and gone.before == made.after


def test_entries_deleted_from_their_list_are_written_down(as_editor, newest):
    link = Link.objects.create(code="new-link", title="リンク", address="/faq/")
    chosen = {"action": "delete_selected", "_selected_action": [link.pk], "post": "yes"}
    as_editor.post("/admin/disclosures/link/", chosen)
    assert [(one.code, one.after) for one in written(newest)] == [("new-link", None)]


def test_loading_a_pack_writes_down_what_it_changes(editor, newest):
    pack = Pack(services=[{"code": "new-service", "title": {"ja": "新しい"}, "field": {"ja": "旅"}}])
    load_content(pack=pack, by=editor)
    load_content(pack=pack, by=editor)
    assert [(one.kind, one.code, one.changed_by) for one in written(newest)] == [("services", "new-service", editor)]


def test_history_of_an_entry_shows_what_changed_word_by_word(as_editor):
    save(as_editor, online_booking(), title="オンライン予約")
    page = read(as_editor.get(online_booking().replace("/change/", "/history/"))).one(id="content-main")
    newest = page.all(cls="revision")[0]
    assert "editor" in newest.text
    assert newest.one("ins").text == "オンライン" and newest.one("del").text == "ネット"


def test_history_of_the_desk_lists_all_changes_newest_first(as_editor):
    save(as_editor, online_booking(), title="オンライン予約")
    save(as_editor, desk(Link, "faq"), title="質問")
    page = read(as_editor.get("/admin/history/"))
    assert [one.all("a")[0].text for one in page.all(cls="revision")][:2] == ["質問", "オンライン予約"]


def test_history_has_pages_and_takes_any_number(as_editor):
    for number in ("", "2", "999", "x"):
        assert as_editor.get("/admin/history/", {"p": number}).status_code == 200


# --- Retiring --------------------------------------------------------------------------------------------------------


def test_deleting_what_the_ledger_may_name_explains_and_offers_to_retire(as_editor):
    page = read(as_editor.get(online_booking().replace("/change/", "/delete/")))
    form = page.one(id="content-main").one("form")
    assert form["action"].endswith("/retire/")
    as_editor.post(form["action"])
    assert Scenario.objects.get(code="online-booking").retired_at is not None


def test_retiring_is_written_down_with_all_that_it_changes(as_editor, newest):
    item = DataItem.objects.get(code="birth-date")
    as_editor.post(f"/admin/disclosures/dataitem/{item.pk}/retire/")
    assert ("data_items", "birth-date") in {(one.kind, one.code) for one in written(newest)}
    item.refresh_from_db()
    assert item.retired_at is not None


def test_retired_row_can_be_used_again(as_editor, newest):
    service = Service.objects.get(code="jalan")
    for verb in ("retire", "retire", "restore", "restore"):
        as_editor.post(f"/admin/disclosures/service/{service.pk}/{verb}/")
    service.refresh_from_db()
    assert service.retired_at is None
    assert len([one for one in written(newest) if one.kind == "services"]) == 2


def test_page_that_retires_says_so_and_not_that_something_cannot_be_deleted(as_editor):
    path = online_booking().replace("/change/", "/delete/")
    assert read(as_editor.get(path)).one("h1").text == "「ネット予約」を廃止する"
    as_editor.post(path.replace("/delete/", "/retire/"))
    assert read(as_editor.get(f"/en{path}")).one("h1").text == "Use “Online booking” again"


@pytest.mark.parametrize("language", ["", "/en"])
def test_deleting_several_names_only_what_has_a_name(as_editor, language):
    links = list(Link.objects.filter(pages__isnull=False).distinct()[:2])
    sent = {"action": "delete_selected", "_selected_action": [link.pk for link in links]}
    shown = read(as_editor.post(f"{language}/admin/disclosures/link/", sent)).one(id="content").text
    assert str(links[0].words("title").text) in shown or links[0].title_en in shown
    assert "object (" not in shown and "Page-link" not in shown and "の関連" not in shown
    as_editor.post("/admin/disclosures/link/", {**sent, "post": "yes"})
    assert not Link.objects.filter(pk__in=[link.pk for link in links]).exists()


def test_opening_the_address_alone_retires_nothing(as_editor):
    service = Service.objects.get(code="jalan")
    as_editor.get(f"/admin/disclosures/service/{service.pk}/retire/")
    service.refresh_from_db()
    assert service.retired_at is None


def test_officer_retires_nothing(as_officer):
    service = Service.objects.get(code="jalan")
    for verb in ("retire", "restore", "delete"):
        assert as_officer.post(f"/admin/disclosures/service/{service.pk}/{verb}/").status_code == 403
    assert Service.objects.get(code="jalan").retired_at is None


def test_section_with_scenarios_is_not_deleted_and_says_why(as_editor):
    section = Scenario.objects.get(code="online-booking").section
    path = f"/admin/disclosures/section/{section.pk}/delete/"
    assert "ネット予約" in read(as_editor.get(path)).one("main").text
    as_editor.post(path, {"post": "yes"})
    assert Section.objects.filter(pk=section.pk).exists()


# --- Missing translations --------------------------------------------------------------------------------------------


def test_missing_translation_is_listed_and_leads_to_its_field(as_editor):
    save(as_editor, online_booking(), body_en="")
    page = read(as_editor.get("/admin/translations/")).one(id="content-main")
    link = next(link for link in page.all("a") if link.text == "ネット予約")
    answer = as_editor.get(link["href"])
    assert answer["Location"] == online_booking() + "#id_body_en"


def test_missing_translation_is_marked_in_the_form_in_the_list_and_on_the_front_page(as_editor):
    assert read(as_editor.get(online_booking())).all(cls="missing-mark") == []
    save(as_editor, online_booking(), body_en="")
    form = read(as_editor.get(online_booking()))
    assert len(form.all(cls="missing-mark")) == 1
    assert read(as_editor.get("/admin/disclosures/scenario/")).one(cls="missing-mark").text == "1"
    assert read(as_editor.get("/admin/")).all(cls="missing-mark")


def test_note_without_translation_leads_to_the_notes(as_editor):
    scenario = Scenario.objects.get(code="online-booking")
    scenario.notes.create(code="new-note", body="注記")
    page = read(as_editor.get("/admin/translations/")).one(id="content-main")
    link = next(link for link in page.all("a") if link.text == "ネット予約")
    assert as_editor.get(link["href"])["Location"].endswith("#notes-group")


@pytest.mark.parametrize("path", ["x/y", "scenarios/nothing", "site/site"])
def test_entry_that_is_not_there_is_not_found(as_editor, path):
    expected = 302 if path.startswith("site") else 404
    assert as_editor.get(f"/admin/edit/{path}/", {"field": "a b<c"}).status_code == expected


# --- Front page, terms -----------------------------------------------------------------------------------------------


def test_front_page_shows_pages_with_their_sections(as_editor):
    tree = read(as_editor.get("/admin/")).one(cls="desk-tree")
    assert Page.objects.count() == len(tree.all("summary"))
    assert Section.objects.filter(parent=None).first().title in tree.text


def test_front_page_of_an_administrator_without_roles_still_opens(db):
    assert client_of(make_user("empty", is_staff=True)).get("/admin/").status_code == 200


def test_legal_term_is_made_at_the_desk(as_editor):
    save(as_editor, "/admin/disclosures/term/add/", code="new-term", term="仮名", reading="かめい", gloss="別の名前。")
    assert "仮名" in read(as_editor.get("/admin/disclosures/term/")).text


# --- Markdown --------------------------------------------------------------------------------------------------------


def test_markdown_comes_out_as_it_is_published(as_editor):
    assert as_editor.post("/admin/markdown/", {"text": "**太字**"}).content.decode() == "<p><strong>太字</strong></p>"


def test_markdown_lets_no_html_through(as_editor):
    assert b"<script" not in as_editor.post("/admin/markdown/", {"text": "<script>x</script>"}).content


def test_markdown_fields_have_their_help(as_editor):
    page = read(as_editor.get(online_booking()))
    assert page.one("textarea", name="body_en")["lang"] == "en"
    assert page.all("details", cls="markdown-help")
