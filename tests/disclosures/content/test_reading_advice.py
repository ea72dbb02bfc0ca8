"""Reading advice at the desk: below a text, and folded on the page of what waits. It keeps nobody from anything."""

import pytest

from disclosures.models import Term
from tests.support.desk import online_booking, save
from tests.support.html import read

pytestmark = pytest.mark.django_db

HARD = "遅滞なく知らせます。匿名加工情報にします。"


def preview(client, text, **more):
    return client.post("/admin/markdown/", {"text": text, **more}).content.decode()


def test_preview_of_a_text_has_advice_in_the_language_of_the_text(as_editor):
    assert "わかりやすい言い方: すぐに" in preview(as_editor, HARD, language="ja")
    for more in ({}, {"language": "ko"}, {"language": "en"}, {"language": "x" * 50}):
        assert "reading-advice" not in preview(as_editor, HARD, **more)


def test_word_that_the_glossary_explains_is_not_named(as_editor):
    Term.objects.filter(term__contains="匿名加工情報").delete()
    Term.objects.create(
        code="anon", term="匿名加工情報", gloss="だれの情報かわからない情報", reading="とくめいかこうじょうほう"
    )
    assert "用語集に説明のない" not in preview(as_editor, HARD, language="ja")


def test_words_of_a_text_are_shown_as_text(as_editor):
    shown = preview(as_editor, f"<script>alert(1)</script>{'あ' * 80}。", language="ja")
    assert "<script>" not in shown and "reading-advice" in shown


def test_form_without_scripts_has_the_advice_too(as_editor):
    save(as_editor, online_booking(), body=HARD)
    page = as_editor.get(online_booking()).content.decode()
    assert "わかりやすい言い方: すぐに" in page[page.index("<noscript>") :]


def test_waiting_changes_have_advice_folded_and_can_be_published(as_editor):
    assert "読みやすさのヒント" not in as_editor.get("/admin/pending/").content.decode()
    save(as_editor, online_booking(), body=HARD)
    shown = read(as_editor.get("/admin/pending/"))
    advice = next(one for one in shown.all("details") if "読みやすさのヒント" in one.one("summary").text)
    assert advice["open"] is None
    assert advice.all("a")[0]["href"].endswith("/edit/scenarios/online-booking/?field=body")
    assert any("遅滞なく" in hint.text for hint in advice.all("li"))
    assert shown.one("input", cls="default")["disabled"] is None
