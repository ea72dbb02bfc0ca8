"""Two editors at once: the second is told, sees both texts, and overwrites only knowingly."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from disclosures.change_sets.actions import choose_set, make_set
from disclosures.models import DataItem, Definition, Page, Question, Revision, Scenario, Section
from tests.support.html import filled_in, read
from tests.support.people import client_of, make_user


def path_of(row) -> str:
    return f"/admin/disclosures/{row._meta.model_name}/{row.pk}/change/"


def opened(client, row) -> dict:
    page = read(client.get(path_of(row)))
    return filled_in(next(form for form in page.all("form") if (form["id"] or "").endswith("_form")))


@pytest.fixture
def scenario(db) -> Scenario:
    return Scenario.objects.get(code="online-booking")


@pytest.fixture
def as_writer(writer):
    return client_of(writer)


@pytest.fixture
def one_set(editor, writer):
    """Both work in one change set: rows inside a form belong to one at a time."""
    change_set = make_set(name="予約の見直し", by=editor)
    choose_set(change_set=change_set, by=writer)
    return change_set


@pytest.mark.django_db
def test_second_to_save_is_told_who_changed_it_and_sees_both_texts(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "body": "先に保存した文", "_save": "on"})
    page = read(as_editor.post(path_of(scenario), {**mine, "body": "あとから送った文", "_save": "on"}))
    assert "writer" in page.one(cls="errorlist").text
    assert page.one("textarea", name="body").text == "あとから送った文"
    assert "先に保存した文" in page.one(cls="other-text").text
    scenario.refresh_from_db()
    assert scenario.body == "先に保存した文"


@pytest.mark.django_db
def test_saving_again_overwrites_knowingly(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "body": "先に保存した文", "_save": "on"})
    shown = read(as_editor.post(path_of(scenario), {**mine, "body": "あとから送った文", "_save": "on"}))
    again = filled_in(shown.one("form", id="scenario_form"))
    assert as_editor.post(path_of(scenario), {**again, "_save": "on"}).status_code == 302
    scenario.refresh_from_db()
    assert scenario.body == "あとから送った文"


@pytest.mark.django_db
def test_field_that_only_the_other_changed_keeps_the_others_text(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "title_en": "Their title", "_save": "on"})
    shown = read(as_editor.post(path_of(scenario), {**mine, "body": "わたしの文", "_save": "on"}))
    again = filled_in(shown.one("form", id="scenario_form"))
    as_editor.post(path_of(scenario), {**again, "_save": "on"})
    scenario.refresh_from_db()
    assert (scenario.title_en, scenario.body) == ("Their title", "わたしの文")


@pytest.mark.django_db
def test_text_ticked_is_taken_over_from_the_other(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "body": "先に保存した文", "_save": "on"})
    shown = read(as_editor.post(path_of(scenario), {**mine, "body": "あとから送った文", "_save": "on"}))
    again = filled_in(shown.one("form", id="scenario_form"))
    as_editor.post(path_of(scenario), {**again, "take:body": "on", "_save": "on"})
    scenario.refresh_from_db()
    assert scenario.body == "先に保存した文"


@pytest.mark.django_db
def test_third_change_in_between_is_told_again(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "body": "一回目", "_save": "on"})
    shown = read(as_editor.post(path_of(scenario), {**mine, "body": "わたし", "_save": "on"}))
    again = filled_in(shown.one("form", id="scenario_form"))
    as_writer.post(path_of(scenario), {**opened(as_writer, scenario), "body": "二回目", "_save": "on"})
    assert as_editor.post(path_of(scenario), {**again, "_save": "on"}).status_code == 200
    scenario.refresh_from_db()
    assert scenario.body == "二回目"


@pytest.mark.django_db
def test_changed_definition_inside_a_section_is_noticed(as_editor, as_writer):
    section = Section.objects.get(code="personal-information")
    definition = section.definitions.first()
    mine = opened(as_editor, section)
    as_writer.post(path_of(definition), {**opened(as_writer, definition), "body": "先に保存した説明", "_save": "on"})
    page = read(as_editor.post(path_of(section), {**mine, "title": "別の題", "_save": "on"}))
    assert "先に保存した説明" in page.one(cls="other-text").text
    assert Definition.objects.get(pk=definition.pk).body == "先に保存した説明"


@pytest.mark.django_db
def test_form_sent_without_its_mark_is_not_saved(as_editor, scenario):
    form = opened(as_editor, scenario)
    for mark in ({"seen": ""}, {"seen": "x", "seen_revision": "9" * 40}, {"seen": "x", "seen_revision": "-1"}):
        sent = {**form, "title": "別の題", "_save": "on", **mark}
        assert as_editor.post(path_of(scenario), sent).status_code == 200
    scenario.refresh_from_db()
    assert scenario.title == "ネット予約"


# --- Rows inside a form ------------------------------------------------------------------------------------------------


def told_about_rows(page) -> str:
    return page.one(cls="rows-meanwhile").text


def resaved(client, row, page, **more):
    """Save again what the page of the collision holds."""
    form = next(form for form in page.all("form") if (form["id"] or "").endswith("_form"))
    return client.post(path_of(row), {**filled_in(form), **more, "_save": "on"})


def items_of(scenario) -> list[str]:
    return [row.item.code for row in scenario.scenario_items.select_related("item")]


@pytest.mark.django_db
def test_item_that_the_other_removed_is_told_and_stays_removed(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "scenario_items-2-DELETE": "on", "_save": "on"})
    page = read(as_editor.post(path_of(scenario), {**mine, "title": "わたしの題", "_save": "on"}))
    assert "氏名 / メールアドレス" in told_about_rows(page)
    assert resaved(as_editor, scenario, page).status_code == 302
    scenario.refresh_from_db()
    assert (scenario.title, items_of(scenario)) == ("わたしの題", ["name", "email"])


@pytest.mark.django_db
def test_item_that_the_other_added_is_shown_and_stays(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    added = DataItem.objects.get(code="birth-date")
    as_writer.post(path_of(scenario), {**theirs, "scenario_items-3-item": str(added.pk), "_save": "on"})
    page = read(as_editor.post(path_of(scenario), {**mine, "title": "わたしの題", "_save": "on"}))
    assert "氏名 / メールアドレス / 電話番号 / 生年月日" in told_about_rows(page)
    resaved(as_editor, scenario, page)
    assert items_of(scenario) == ["name", "email", "phone", "birth-date"]


@pytest.mark.django_db
def test_list_of_items_that_both_changed_keeps_what_each_did(as_editor, as_writer, scenario, one_set):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    birth, resume = (str(DataItem.objects.get(code=code).pk) for code in ("birth-date", "resume"))
    as_writer.post(
        path_of(scenario),
        {**theirs, "scenario_items-0-DELETE": "on", "scenario_items-3-item": birth, "_save": "on"},
    )
    page = read(as_editor.post(path_of(scenario), {**mine, "scenario_items-3-item": resume, "_save": "on"}))
    assert "メールアドレス / 電話番号 / 生年月日" in told_about_rows(page) and "氏名" in told_about_rows(page)
    assert resaved(as_editor, scenario, page).status_code == 302
    assert items_of(scenario) == ["email", "phone", "birth-date", "resume"]


@pytest.mark.django_db
def test_item_that_both_added_is_there_once(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    added = {"scenario_items-3-item": str(DataItem.objects.get(code="birth-date").pk)}
    as_writer.post(path_of(scenario), {**theirs, **added, "_save": "on"})
    page = read(as_editor.post(path_of(scenario), {**mine, **added, "title": "わたしの題", "_save": "on"}))
    assert page.all(cls="rows-meanwhile") == []
    assert resaved(as_editor, scenario, page).status_code == 302
    assert items_of(scenario)[-2:] == ["phone", "birth-date"]


@pytest.mark.django_db
def test_items_that_only_this_editor_changed_are_not_told(as_editor, as_writer, scenario):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "title": "ほかの題", "_save": "on"})
    page = read(as_editor.post(path_of(scenario), {**mine, "scenario_items-0-DELETE": "on", "_save": "on"}))
    assert page.all(cls="rows-meanwhile") == []
    resaved(as_editor, scenario, page)
    assert items_of(scenario) == ["email", "phone"]


@pytest.mark.django_db
def test_note_that_the_other_deleted_is_told_with_what_was_written(as_editor, as_writer, scenario):
    for code in ("first", "second"):
        scenario.notes.create(code=code, body=f"{code}の注")
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    as_writer.post(path_of(scenario), {**theirs, "notes-0-DELETE": "on", "_save": "on"})
    page = read(as_editor.post(path_of(scenario), {**mine, "notes-0-body": "長く書いた注", "_save": "on"}))
    assert "first" in told_about_rows(page) and "長く書いた注" in told_about_rows(page)
    assert resaved(as_editor, scenario, page).status_code == 302
    assert list(scenario.notes.values_list("code", "body")) == [("second", "secondの注")]


@pytest.mark.django_db
def test_note_that_the_other_added_comes_into_the_form(as_editor, as_writer, scenario, one_set):
    mine, theirs = opened(as_editor, scenario), opened(as_writer, scenario)
    added = {"notes-0-code": "theirs", "notes-0-body": "ほかの人の注"}
    as_writer.post(path_of(scenario), {**theirs, **added, "_save": "on"})
    page = read(as_editor.post(path_of(scenario), {**mine, "notes-0-code": "mine", "notes-0-body": "私の注"}))
    assert "theirs" in told_about_rows(page)
    assert page.one("textarea", name="notes-0-body").text == "ほかの人の注"
    assert resaved(as_editor, scenario, page).status_code == 302
    assert {note.code for note in scenario.notes.all()} == {"mine", "theirs"}


@pytest.mark.django_db
def test_question_that_the_other_deleted_does_not_keep_its_section_from_being_saved(as_editor, as_writer):
    section = Section.objects.filter(questions__isnull=False).first()
    question, number = section.questions.first(), section.questions.count()
    mine = opened(as_editor, section)
    as_writer.post(f"/admin/disclosures/question/{question.pk}/delete/", {"post": "yes"})
    page = read(as_editor.post(path_of(section), {**mine, "title": "別の題", "_save": "on"}))
    assert "writer" in page.one(cls="errorlist").text
    assert question.question in told_about_rows(page)
    assert resaved(as_editor, section, page).status_code == 302
    section.refresh_from_db()
    assert (section.title, section.questions.count()) == ("別の題", number - 1)


# --- Deleted meanwhile -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_written_in_a_question_that_is_gone_can_be_added_as_new(as_editor, as_writer):
    question = Question.objects.get(code="what-changed")
    mine = opened(as_editor, question)
    as_writer.post(f"/admin/disclosures/question/{question.pk}/delete/", {"post": "yes"})
    page = read(as_editor.post(path_of(question), {**mine, "answer": "長く書いた答え", "_save": "on"}))
    assert "writer" in page.one(cls="errorlist").text
    form = page.one("form", id="question_form")
    assert page.one("textarea", name="answer").text == "長く書いた答え"
    assert not Question.objects.filter(code="what-changed").exists()
    assert as_editor.post(form["action"], {**filled_in(form), "_save": "on"}).status_code == 302
    assert Question.objects.get(code="what-changed").answer == "長く書いた答え"


@pytest.mark.django_db
def test_section_that_is_gone_is_added_with_what_stood_in_its_form(as_editor, as_writer):
    section = Section.objects.create(code="short-lived", page=Page.objects.first(), title="短い命")
    section.definitions.create(code="inside", term="用語", body="説明")
    mine = opened(as_editor, section)
    as_writer.post(f"/admin/disclosures/section/{section.pk}/delete/", {"post": "yes"})
    page = read(as_editor.post(path_of(section), {**mine, "_save": "on"}))
    form = page.one("form", id="section_form")
    assert as_editor.post(form["action"], {**filled_in(form), "_save": "on"}).status_code == 302
    assert Section.objects.get(code="short-lived").definitions.get().code == "inside"


@pytest.mark.django_db
def test_who_may_not_edit_is_refused_also_where_the_row_is_gone(publisher):
    assert client_of(publisher).post("/admin/disclosures/question/99999/change/", {}).status_code == 403


@pytest.mark.concurrency
def test_of_two_who_save_at_the_same_moment_one_is_told(world):
    from django.contrib.auth.models import Group

    scenario = Scenario.objects.get(code="online-booking")
    clients = []
    for name in ("aoi", "ren"):
        user = make_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name="editors"))
        clients.append(client_of(user))
    forms = [opened(client, scenario) for client in clients]
    barrier = Barrier(2)

    def save(client, form, text):
        try:
            barrier.wait()
            return client.post(path_of(scenario), {**form, "body": text, "_save": "on"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(save, clients, forms, ("葵の文", "蓮の文")))
    assert sorted(found) == [200, 302]
    assert Revision.objects.filter(kind="scenarios", code="online-booking", before__isnull=False).count() == 1
