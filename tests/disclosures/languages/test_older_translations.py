"""Translations whose Japanese text was changed after them: noted with every change, shown, said to be still right."""

import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disclosures.content.parts import own
from disclosures.models import ConfirmedTranslation, Note, OlderTranslation, Question, Scenario, Section
from disclosures.packs.actions import load_content
from disclosures.packs.queries import content_pack
from disclosures.writing.actions import written_down
from privacycenter.canonical import sha256_of
from tests.support.desk import desk, form_on, online_booking, save
from tests.support.html import read

pytestmark = pytest.mark.django_db

NEW = "あなたが予約すると、宿に渡します。"


def older() -> dict[str, str]:
    """Name of each translation that is older → the Japanese that it translates."""
    return {str(row): row.source_then for row in OlderTranslation.objects.all()}


def was(model=Scenario, code="online-booking", field="body") -> str:
    return getattr(model.objects.get(code=code), field)


def test_translation_is_older_once_the_japanese_alone_is_changed(as_editor):
    then = was()
    save(as_editor, online_booking(), body=NEW)
    assert older() == {"scenarios/online-booking/body/en": then}


def test_further_change_keeps_the_japanese_that_was_translated(as_editor):
    then = was()
    save(as_editor, online_booking(), body=NEW)
    save(as_editor, online_booking(), body=NEW + "ほかにも。")
    assert older() == {"scenarios/online-booking/body/en": then}


def test_both_changed_together_are_up_to_date(as_editor):
    save(as_editor, online_booking(), body=NEW, body_en="When you book, it goes to the inn.")
    assert older() == {}


@pytest.mark.parametrize("english", ["When you book, it goes to the inn.", ""])
def test_changed_or_removed_translation_is_not_older_any_more(as_editor, english):
    save(as_editor, online_booking(), body=NEW)
    save(as_editor, online_booking(), body_en=english)
    assert older() == {}


def test_japanese_as_it_was_makes_the_translation_right_again(as_editor):
    then = was()
    save(as_editor, online_booking(), body=NEW)
    save(as_editor, online_booking(), body=then)
    assert older() == {}


def test_untranslated_text_is_not_older(as_editor):
    save(as_editor, online_booking(), body_en="")
    save(as_editor, online_booking(), body=NEW)
    assert older() == {}


def test_texts_inside_a_situation_and_of_other_entries_are_noted(as_editor):
    note = Note.objects.select_related("scenario").first()
    question = Question.objects.select_related("section").first()
    forms = {desk(Scenario, note.scenario.code): note.body, desk(Section, question.section.code): question.question}
    for path, text in forms.items():
        form = form_on(as_editor, path)
        changed = {name: [NEW] for name, value in form.items() if value == [text] and not name.endswith("_en")}
        assert len(changed) == 1
        as_editor.post(path, {**form, **changed, "_save": "on"})
    assert older() == {
        f"scenarios/{note.scenario.code}/notes/{note.code}/en": note.body,
        f"questions/{question.code}/question/en": question.question,
    }


def test_deleted_entry_takes_its_marks_along(as_editor):
    question = Question.objects.first()
    save(as_editor, desk(Question, question.code), answer=NEW)
    assert older()
    as_editor.post(f"/admin/disclosures/question/{question.pk}/delete/", {"post": "yes"})
    assert older() == {}


def test_pack_and_command_note_it_like_the_desk(editor):
    pack = content_pack()
    then = pack.services[0].title["ja"]
    pack.services[0].title["ja"] = "新しい名前"
    load_content(pack=pack)
    assert older() == {f"services/{pack.services[0].code}/title/en": then}


def test_change_of_what_is_no_text_costs_no_statement_more(editor):
    scenario = Scenario.objects.get(code="online-booking")

    def statements(**changed) -> int:
        with CaptureQueriesContext(connection) as found, written_down(own([scenario]), by=editor):
            Scenario.objects.filter(pk=scenario.pk).update(**changed)
        return len(found)

    statements(position=76)  # the change set of this editor is made
    fewest = statements(position=77)
    assert statements(body=NEW) == fewest + 2
    assert statements(body=NEW + "。") == fewest + 1
    assert statements(body=scenario.body) == fewest + 2


def test_migration_finds_in_the_revisions_what_is_older(as_editor):
    save(as_editor, online_booking(), title="オンライン予約")
    save(as_editor, online_booking(), body=NEW)
    save(as_editor, online_booking(), title_en="Booking")
    live = [(row.key, row.source_then, row.changed_at) for row in OlderTranslation.objects.all()]
    OlderTranslation.objects.all().delete()
    (file,) = Path("disclosures/migrations").glob("*_translations.py")
    importlib.import_module(f"disclosures.migrations.{file.stem}").note_what_is_older(apps, None)
    assert [(row.key, row.source_then, row.changed_at) for row in OlderTranslation.objects.all()] == live != []


# --- In the form -----------------------------------------------------------------------------------------------------


def test_form_says_what_changed_in_the_japanese(as_editor):
    save(as_editor, online_booking(), title="ネットでの予約")
    page = read(as_editor.get(online_booking()))
    told = page.one(cls="older-text")
    assert told.one("ins").text.endswith("での") and page.one(cls="missing-mark").text == "日本語より古い"
    assert read(as_editor.get("/admin/")).one(id="content").text.count("1件古い") == 1


def test_ticked_translation_is_written_down_as_still_right(as_editor, editor):
    save(as_editor, online_booking(), body=NEW)
    save(as_editor, online_booking(), **{"right:body_en": "on"})
    row = ConfirmedTranslation.objects.get()
    assert (row.key, row.source_sha256, row.confirmed_by) == (
        ("scenarios", "online-booking", "body", "", "en"), sha256_of(NEW), editor,
    )  # fmt: skip
    assert older() == {}
    assert read(as_editor.get(online_booking())).all(cls="older-text") == []


def test_tick_counts_for_the_japanese_that_is_saved_with_it(as_editor):
    save(as_editor, online_booking(), body="別の文。")
    save(as_editor, online_booking(), body=NEW, **{"right:body_en": "on"})
    assert ConfirmedTranslation.objects.get().source_sha256 == sha256_of(NEW)


def test_refused_form_keeps_the_tick_and_writes_nothing_down(as_editor):
    save(as_editor, online_booking(), body=NEW)
    form = form_on(as_editor, online_booking())
    page = read(as_editor.post(online_booking(), {**form, "title": "", "right:body_en": "on", "_save": "on"}))
    assert page.one(name="right:body_en")["checked"] is not None
    assert not ConfirmedTranslation.objects.exists() and older()


def test_translation_that_was_not_sent_stays(as_editor):
    english = Scenario.objects.get(code="online-booking").body_en
    form = {name: value for name, value in form_on(as_editor, online_booking()).items() if name != "body_en"}
    assert as_editor.post(online_booking(), {**form, "title": "新しい名前", "_save": "on"}).status_code == 302
    assert Scenario.objects.get(code="online-booking").body_en == english
