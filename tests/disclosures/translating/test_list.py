"""The desk's page of translations: what is missing or older in each language, and that one is still right."""

import pytest
from django.utils import timezone

from disclosures.content.held_copy import forget_held_copy, held_copy
from disclosures.content.texts import texts_in
from disclosures.models import ConfirmedTranslation, OlderTranslation, Question, Scenario
from privacycenter.canonical import sha256_of
from tests.support.desk import desk, online_booking, save
from tests.support.html import read

pytestmark = pytest.mark.django_db

LIST, CONFIRM = "/admin/translations/", "/admin/translations/confirm/"


def listed(client, **query) -> list[str]:
    """Entries of the list, with the field of each."""
    page = read(client.get(LIST, query))
    rows = [row for table in page.all("table", cls="translation-list") for row in table.one("tbody").all("tr")]
    return [f"{row.one('a').text}: {row.all('td')[1].text}" for row in rows]


@pytest.fixture
def older(as_editor):
    """The title of a situation was changed in Japanese alone, a question's English is gone."""
    save(as_editor, online_booking(), title="ネットでの予約")
    question = Question.objects.exclude(section__page__code="where-provided").first()
    save(as_editor, desk(Question, question.code), question_en="")
    return question


def test_complete_language_says_so(as_editor):
    assert listed(as_editor) == []
    assert "すべての翻訳がそろい" in read(as_editor.get(LIST)).one(id="content-main").text


def test_missing_and_older_are_listed_and_counted(as_editor, older):
    assert listed(as_editor) == ["ネットでの予約: 名称", f"{older.question}: 質問"]
    assert read(as_editor.get(LIST)).one(cls="language-counts").one("li").text == "英語 1件なし · 1件古い"


def test_retired_entry_is_neither_listed_nor_counted(as_editor, older):
    Scenario.objects.filter(code="online-booking").update(retired_at=timezone.now())
    forget_held_copy()
    assert listed(as_editor) == [f"{older.question}: 質問"]
    assert read(as_editor.get(LIST)).one(cls="language-counts").one("li").text == "英語 1件なし · 0件古い"


def test_list_is_narrowed_by_state_kind_and_page(as_editor, older):
    assert listed(as_editor, wanted="missing") == [f"{older.question}: 質問"]
    assert listed(as_editor, wanted="older") == ["ネットでの予約: 名称"]
    assert listed(as_editor, kind="questions") == [f"{older.question}: 質問"]
    assert listed(as_editor, on_page="where-provided") == ["ネットでの予約: 名称"]
    assert listed(as_editor, kind="services") == []
    assert listed(as_editor, wanted="x", kind="x", on_page="x", language="x", page="x") == listed(as_editor)


def test_long_list_is_paged_and_keeps_its_filter(as_editor):
    pages = [read(as_editor.get(LIST, {"wanted": "all", "kind": "questions", "page": page})) for page in ("1", "2")]
    after = pages[0].one("a", rel="next")["href"]
    assert "kind=questions" in after and "wanted=all" in after and "page=2" in after
    first, second = ([link["href"] for link in page.one("table", cls="translation-list").all("a")] for page in pages)
    assert len(first) == 50 and second and not set(first) & set(second)


def test_all_texts_in_use_are_listed_once(as_editor):
    count = read(as_editor.get(LIST, {"wanted": "all"})).one("h2", id="listed").one(cls="quiet").text
    assert int(count.replace(",", "")) == sum(1 for text in texts_in(held_copy().document) if text.source)


def test_older_text_shows_what_changed_and_is_confirmed_in_the_list(as_editor, editor, older):
    page = read(as_editor.get(LIST, {"wanted": "older"}))
    assert page.one("table", cls="translation-list").one("ins").text.endswith("での")
    form = next(form for form in page.all("form") if form["action"] == CONFIRM)
    sent = {one["name"]: one["value"] for one in form.all("input")}
    answer = as_editor.post(CONFIRM, sent)
    assert answer["Location"] == f"{LIST}?wanted=older"
    assert ConfirmedTranslation.objects.get().confirmed_by == editor and not OlderTranslation.objects.exists()
    assert "ネットでの予約" in read(as_editor.get(LIST)).one("section", **{"aria-labelledby": "confirmed"}).text


def test_confirmation_of_another_text_than_the_one_that_was_seen_is_not_taken(as_editor, older):
    sent = {"text": "scenarios/online-booking/title", "language": "en", "seen": sha256_of("ネット予約")}
    page = read(as_editor.post(CONFIRM, sent, follow=True))
    assert "その間に日本語が変わりました" in page.text
    assert not ConfirmedTranslation.objects.exists() and OlderTranslation.objects.exists()


@pytest.mark.parametrize("wrong", [{"text": "x/y/z"}, {"text": ""}, {"language": "fr"}, {"seen": ""}])
def test_confirmation_of_what_is_not_there_says_so(as_editor, older, wrong):
    sent = {"text": "scenarios/online-booking/title", "language": "en", "seen": sha256_of("ネットでの予約"), **wrong}
    assert "この文章はありません" in read(as_editor.post(CONFIRM, sent, follow=True)).text
    assert not ConfirmedTranslation.objects.exists()


def test_text_that_is_up_to_date_needs_no_confirmation(as_editor):
    sent = {"text": "scenarios/online-booking/title", "language": "en", "seen": sha256_of("ネット予約")}
    assert "すでに最新です" in read(as_editor.post(CONFIRM, sent, follow=True)).text
    assert not ConfirmedTranslation.objects.exists()


def test_confirming_leads_nowhere_else(as_editor, older):
    sent = {"text": "scenarios/online-booking/title", "language": "en", "seen": "x", "next": "https://evil.example/"}
    assert as_editor.post(CONFIRM, sent)["Location"] == LIST


@pytest.mark.parametrize("path", [CONFIRM, "/admin/translations/take/"])
def test_who_may_not_change_content_may_not_write_translations(as_officer, path):
    assert as_officer.get(LIST).status_code == 200
    assert as_officer.post(path, {}).status_code == 403


@pytest.mark.parametrize(
    "path", [LIST, CONFIRM, "/admin/translations/take/", "/admin/translations/file/", "/admin/translations/beside/"]
)
def test_person_without_a_role_gets_nothing(client, as_hanako, path):
    for one in (client, as_hanako):
        assert one.post(path).status_code in (302, 403) and one.get(path).status_code in (302, 403)
