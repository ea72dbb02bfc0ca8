"""What is typed in a form of the desk is kept as a draft: for its writer alone, with nothing of it saved or lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosures.models import Question, Scenario, Term
from privacycenter.encryption import Resealed
from privacycenter.kept_forms.actions import LARGEST_BYTES, Typed
from privacycenter.kept_forms.draft_actions import DRAFT_FOR, MOST_DRAFTS, UNDO_FOR, keep_draft
from privacycenter.kept_forms.drafts import typed_in_draft
from privacycenter.kept_forms.resealing import reseal_drafts
from privacycenter.models import Draft
from tests.support.clock import clock_at
from tests.support.desk import desk, form_on, online_booking
from tests.support.html import filled_in, read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db

MARK = "途中まで書いた文章 <&>"
JSON = {"accept": "application/json"}
NEW_TERM = "/admin/disclosures/term/add/"


@pytest.fixture
def page() -> str:
    return online_booking()


@pytest.fixture
def other_editor(db):
    return make_user("jiro", is_staff=True, groups=("editors",))


def keep(client, page, **changes):
    """Keep a form as the script of a page does that was opened just now."""
    sent = {**form_on(client, page), "body": MARK, **changes, "_draft": "on"}
    return client.post(page, sent, headers=JSON)


def button(client, page, **changes):
    return client.post(page, {**form_on(client, page), "body": MARK, **changes, "_draft": "on"})


def body_on(response) -> str:
    return read(response).one("textarea", name="body").text


def stored() -> str:
    return Scenario.objects.get(code="online-booking").body


def draft_page(page, draft) -> str:
    return f"{page}?draft={draft.pk}"


# --- Keeping ---------------------------------------------------------------------------------------------------------


def test_script_is_told_when_the_draft_was_kept_and_nothing_is_saved(as_editor, page):
    before = stored()
    with clock_at(timezone.now().replace(hour=5, minute=3) - timedelta(days=1)):
        answer = keep(as_editor, page).json()
    draft = Draft.objects.get()
    assert answer == {"number": str(draft.pk), "version": 1, "said": "14:03に下書きを残しました。"}
    assert stored() == before != MARK


def test_draft_is_encrypted_and_has_no_token_password_or_button(as_editor, page):
    keep(
        as_editor,
        page,
        password="pass-phrase",
        csrfmiddlewaretoken="x" * 64,
        _save="on",
        **{"notes-__prefix__-body": "x"},
    )
    draft = Draft.objects.get()
    assert MARK not in draft.sealed
    typed = dict(typed_in_draft(draft).fields)
    assert typed["body"] == MARK and typed["seen"] and "notes-TOTAL_FORMS" in typed
    assert not typed.keys() & {"password", "csrfmiddlewaretoken", "_save", "_draft", "draft", "draft_version"}
    assert not [name for name in typed if "__prefix__" in name]


def test_form_keeps_one_draft_however_often(as_editor, page):
    sent = {**form_on(as_editor, page), "_draft": "on"}
    first = as_editor.post(page, {**sent, "body": "一"}, headers=JSON).json()
    more = {"draft": first["number"], "draft_version": first["version"]}
    second = as_editor.post(page, {**sent, **more, "body": "二"}, headers=JSON).json()
    assert (second["number"], second["version"]) == (first["number"], 2)
    assert typed_in_draft(Draft.objects.get()).values("body") == ["二"]


def test_two_windows_that_go_on_with_one_draft_overwrite_nothing(as_editor, page):
    keep(as_editor, page)
    address = draft_page(page, Draft.objects.get())
    one, two = form_on(as_editor, address), form_on(as_editor, address)
    as_editor.post(page, {**one, "body": "一", "_draft": "on"}, headers=JSON)
    answer = as_editor.post(page, {**two, "body": "二", "_draft": "on"}, headers=JSON).json()
    assert "別のウィンドウ" in answer["said"]
    kept = {draft.pk: typed_in_draft(draft).values("body") for draft in Draft.objects.all()}
    assert sorted(kept.values()) == [["一"], ["二"]]


def test_button_without_scripts_leads_to_the_form_with_the_draft(as_editor, page):
    answer = button(as_editor, page)
    assert answer["Location"] == draft_page(page, Draft.objects.get())
    shown = as_editor.get(answer["Location"])
    assert body_on(shown) == MARK and "下書きを残しました" in read(shown).one(cls="messagelist").text
    assert "まだ保存されていません" in read(shown).one("form", id="scenario_form").text


def test_draft_too_long_is_refused_with_the_texts_to_copy(as_editor, page):
    long = '"' * (LARGEST_BYTES // 2)
    assert keep(as_editor, page, body=long).status_code == 413
    answer = button(as_editor, page, body=long)
    assert answer.status_code == 413 and long[:50] in read(answer).one("main").text
    assert not Draft.objects.exists()


def test_more_drafts_than_anybody_needs_are_refused(as_editor, editor, page):
    now = timezone.now()
    Draft.objects.bulk_create(
        Draft(account=editor.pk, form="terms/", sealed="x", kept_at=now) for _n in range(MOST_DRAFTS)
    )
    answer = keep(as_editor, page)
    assert answer.status_code == 429 and "50" in answer.json()["said"]
    assert Draft.objects.count() == MOST_DRAFTS


def test_who_may_not_change_a_text_keeps_no_draft_of_it(as_editor, publisher, hanako, page):
    sent = {**form_on(as_editor, page), "_draft": "on"}
    assert client_of(publisher).post(page, sent, headers=JSON).status_code == 403
    assert client_of(hanako).post(page, sent, headers=JSON).status_code == 302
    assert not Draft.objects.exists()


# --- Coming back -----------------------------------------------------------------------------------------------------


def test_form_offers_its_draft_and_shows_what_is_saved(as_editor, page):
    keep(as_editor, page)
    shown = as_editor.get(page)
    assert body_on(shown) == stored()
    note = read(shown).one(cls="draft-note")
    assert "オンライン予約" in note.text or "ネット予約" in note.text
    assert note.one("a", href=draft_page(page, Draft.objects.get())).text == "続きを書く"


def test_draft_of_another_language_of_the_desk_is_offered_too(as_editor, page):
    keep(as_editor, page)
    assert body_on(as_editor.get(draft_page(f"/en{page}", Draft.objects.get()))) == MARK
    assert "You were writing here" in read(as_editor.get(f"/en{page}")).one(cls="draft-note").text


def test_nobody_else_sees_a_draft(as_editor, other_editor, page):
    keep(as_editor, page)
    draft, theirs = Draft.objects.get(), client_of(other_editor)
    for address in (page, draft_page(page, draft), "/admin/drafts/"):
        assert "途中まで" not in theirs.get(address).content.decode()
    assert theirs.post(f"/admin/drafts/{draft.pk}/discards/").status_code == 404
    sent = {**form_on(theirs, page), "draft": draft.pk, "draft_version": 1, "body": "別", "_draft": "on"}
    assert theirs.post(page, sent, headers=JSON).json()["number"] != str(draft.pk)
    assert typed_in_draft(Draft.objects.get(pk=draft.pk)).values("body") == [MARK]


def test_saving_ends_the_draft_and_what_comes_late_is_not_kept(as_editor, page):
    keep(as_editor, page)
    sent = form_on(as_editor, draft_page(page, Draft.objects.get()))
    assert as_editor.post(page, {**sent, "_save": "on"}).status_code == 302
    assert stored() == MARK
    assert read(as_editor.get(page)).all(cls="draft-note") == []
    assert as_editor.post(page, {**sent, "_draft": "on"}, headers=JSON).status_code == 409
    assert Draft.objects.get().sealed == ""


def test_first_draft_that_comes_after_the_save_is_not_kept_either(as_editor, page):
    sent = {**form_on(as_editor, page), "body": MARK}
    as_editor.post(page, {**sent, "_save": "on"})
    assert as_editor.post(page, {**sent, "_draft": "on"}, headers=JSON).status_code == 409


def test_who_goes_back_to_a_saved_form_and_presses_the_button_has_a_draft_again(as_editor, page):
    sent = {**form_on(as_editor, page), "body": MARK}
    as_editor.post(page, {**sent, "_save": "on"})
    assert as_editor.post(page, {**sent, "body": "もう一度", "_draft": "on"}).status_code == 302
    assert typed_in_draft(Draft.objects.exclude(sealed="").get()).values("body") == ["もう一度"]


def test_save_with_errors_keeps_the_draft(as_editor, page):
    keep(as_editor, page)
    sent = form_on(as_editor, draft_page(page, Draft.objects.get()))
    answer = as_editor.post(page, {**sent, "title": "", "_save": "on"})
    again = read(answer).one("input", name="draft")["value"]
    assert answer.status_code == 200 and again == str(Draft.objects.get().pk) and Draft.objects.get().sealed


def test_what_another_editor_saved_meanwhile_is_noticed(as_editor, other_editor, page):
    keep(as_editor, page)
    theirs = client_of(other_editor)
    theirs.post(page, {**form_on(theirs, page), "body": "先に保存した文章", "_save": "on"})
    sent = form_on(as_editor, draft_page(page, Draft.objects.exclude(sealed="").get()))
    answer = as_editor.post(page, {**sent, "_save": "on"})
    assert (answer.status_code, stored(), body_on(answer)) == (200, "先に保存した文章", MARK)
    assert "先に保存した文章" in answer.content.decode()


def test_draft_of_an_entry_that_was_deleted_is_added_as_new(as_editor, other_editor):
    question = Question.objects.first()
    page, code = desk(Question, question.code), question.code
    keep(as_editor, page, answer=MARK)
    question.delete()
    address = read(as_editor.get("/admin/drafts/")).one("main").one("th", scope="row").one("a")["href"]
    sent = form_on(as_editor, address)
    assert sent["answer"] == [MARK]
    told = as_editor.post(page, {**sent, "_save": "on"})
    assert told.status_code == 200 and not Question.objects.filter(code=code).exists()
    form = next(one for one in read(told).all("form") if one["id"] == "question_form")
    assert as_editor.post(form["action"], {**filled_in(form), "_save": "on"}).status_code == 302
    assert Question.objects.get(code=code).answer == MARK


def test_rows_that_were_added_come_back(as_editor, page):
    added = {
        "notes-TOTAL_FORMS": "4",
        "notes-3-code": "later",
        "notes-3-body": "四つめの注",
        "notes-3-body_en": "Fourth",
    }
    keep(as_editor, page, **added)
    sent = form_on(as_editor, draft_page(page, Draft.objects.get()))
    assert {name: sent[name] for name in added} == {name: [value] for name, value in added.items()}


def test_several_new_entries_have_a_draft_each_and_the_form_for_a_new_one_offers_them(as_editor):
    for term in ("第三者", "委託"):
        keep(as_editor, NEW_TERM, term=term, code="", gloss="")
    notes = [note.text for note in read(as_editor.get(NEW_TERM)).all(cls="draft-note")]
    assert len(notes) == 2 and "委託" in notes[0] and "第三者" in notes[1]
    first = Draft.objects.earliest("kept_at")
    sent = {
        **form_on(as_editor, draft_page(NEW_TERM, first)),
        "code": "third-party",
        "gloss": "ほかの人",
        "reading": "だいさんしゃ",
    }
    assert as_editor.post(NEW_TERM, {**sent, "_save": "on"}).status_code == 302
    assert Term.objects.get(code="third-party").term == "第三者"
    assert len(read(as_editor.get(NEW_TERM)).all(cls="draft-note")) == 1


def test_draft_is_shown_in_its_own_form_alone(as_editor, page):
    keep(as_editor, page)
    draft = Draft.objects.get()
    other = desk(Scenario, Scenario.objects.exclude(code="online-booking").first().code)
    assert as_editor.get(draft_page(other, draft))["Location"] == draft_page(page, draft)


@pytest.mark.parametrize("number", ["", "x", "01890000-0000-7000-8000-000000000000"])
def test_number_of_no_draft_shows_the_form_as_ever(as_editor, page, number):
    shown = as_editor.get(f"{page}?draft={number}")
    assert shown.status_code == 200 and body_on(shown) == stored()


def test_window_to_choose_a_row_has_no_drafts(as_editor):
    shown = read(as_editor.get(f"{NEW_TERM}?_popup=1"))
    assert shown.all("input", name="draft") == [] and shown.all("input", name="_draft") == []


# --- Throwing away ---------------------------------------------------------------------------------------------------


def test_thrown_away_draft_is_brought_back_from_the_form(as_editor, page):
    keep(as_editor, page)
    draft = Draft.objects.get()
    answer = as_editor.post(f"/admin/drafts/{draft.pk}/discards/", {"back": page})
    assert answer["Location"] == page
    shown = read(as_editor.get(page))
    assert shown.all("a", href=draft_page(page, draft)) == []
    form = shown.one(cls="draft-note").one("form")
    as_editor.post(form["action"], {"back": page})
    assert body_on(as_editor.get(draft_page(page, draft))) == MARK


def test_list_has_drafts_and_what_was_thrown_away(as_editor, page):
    keep(as_editor, page)
    keep(as_editor, NEW_TERM, term="委託")
    Draft.objects.filter(form="terms/").update(ended_at=timezone.now())
    shown = read(as_editor.get("/admin/drafts/")).one("main")
    assert [head.text for head in shown.all("th", scope="row")] == ["ネット予約提供シーン", "委託法律用語 · 新規"]
    assert [one.text for one in shown.all("button")] == ["下書きを捨てる", "元に戻す"]
    assert "/admin/drafts/" in as_editor.get("/admin/").content.decode()


def test_list_without_drafts_says_what_they_are(as_editor):
    assert "下書きはありません" in read(as_editor.get("/admin/drafts/")).one("main").text


def test_way_back_is_never_to_another_site(as_editor, page):
    keep(as_editor, page)
    answer = as_editor.post(f"/admin/drafts/{Draft.objects.get().pk}/discards/", {"back": "//evil.example/"})
    assert answer["Location"] == "/admin/drafts/"


def test_list_costs_the_same_for_many_drafts(as_editor, editor, page):
    def cost(expected: int) -> int:
        with CaptureQueriesContext(connection) as found:
            assert len(read(as_editor.get("/admin/drafts/")).one("main").all("th", scope="row")) == expected
        return len(found)

    typed = Typed(page, page, (("title", "題"),))
    keep_draft(id=uuid4(), version=0, form="scenarios/online-booking", typed=typed, by=editor)
    cost(1)
    before = cost(1)
    for _number in range(9):
        keep_draft(id=uuid4(), version=0, form="scenarios/online-booking", typed=typed, by=editor)
    assert cost(10) == before


# --- The end ---------------------------------------------------------------------------------------------------------


def test_drafts_go_after_a_month_and_thrown_away_ones_after_a_week(as_editor, page):
    keep(as_editor, page)
    keep(as_editor, NEW_TERM, term="委託")
    Draft.objects.filter(form="terms/").update(ended_at=timezone.now() - UNDO_FOR)
    with clock_at(timezone.now() + timedelta(minutes=1)):
        assert "委託" not in as_editor.get("/admin/drafts/").content.decode()
    call_command("purge_expired")
    assert [draft.form for draft in Draft.objects.all()] == ["scenarios/online-booking"]
    Draft.objects.update(kept_at=timezone.now() - DRAFT_FOR)
    assert read(as_editor.get(page)).all(cls="draft-note") == []
    call_command("purge_expired", "--dry-run")
    assert Draft.objects.count() == 1
    call_command("purge_expired")
    assert Draft.objects.count() == 0


def test_draft_that_no_key_opens_is_not_shown_and_no_error(as_editor, page):
    keep(as_editor, page)
    Draft.objects.update(sealed="damaged")
    assert body_on(as_editor.get(draft_page(page, Draft.objects.get()))) == stored()
    assert as_editor.get("/admin/drafts/").status_code == 200


def test_draft_is_read_after_the_secret_key_has_changed_and_put_under_the_new_one(as_editor, page, settings):
    keep(as_editor, page)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key-" * 5
    assert reseal_drafts() == Resealed(done=1)
    settings.SECRET_KEY_FALLBACKS = []
    assert typed_in_draft(Draft.objects.get()).values("body") == [MARK]
    assert reseal_drafts() == Resealed()
    settings.SECRET_KEY = "a-third-key-" * 5
    assert reseal_drafts() == Resealed(unreadable=1)
