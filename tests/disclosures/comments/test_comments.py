"""Colleagues talk about a field of a text: for the desk alone, and nothing that was said is lost."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosures.comments.actions import (
    add_comment,
    choose_comment_mails,
    edit_comment,
    reopen_thread,
    resolve_thread,
    withdraw_comment,
)
from disclosures.comments.fields import CHANGEABLE_FOR
from disclosures.comments.news import comment_news
from disclosures.comments.queries import PER_PAGE, field_threads, open_thread_count
from disclosures.content.working_copy import working_document
from disclosures.models import Comment, CommentMention, CommentStep, Question
from disclosures.staff_mails.actions import choose_staff_mails, write_to_staff
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.desk import online_booking
from tests.support.html import read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db

PAGE = "/admin/comments/scenarios/online-booking/body/"
PLACE = {"kind": "scenarios", "code": "online-booking", "field": "body"}
HERS = "この文は長すぎませんか。"


@pytest.fixture
def sato(db):
    return make_user("sato", is_staff=True, groups=("editors",), email="sato@example.jp")


@pytest.fixture
def as_sato(sato):
    return client_of(sato)


def post(client, do, text="", page=PAGE):
    return client.post(page, {"do": do, "text": text})


def texts(response) -> list[str]:
    return [one.text for one in read(response).one(cls="comment-thread").one(cls="comment-list").all(cls="other-words")]


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_comment_is_written_answered_resolved_and_opened_again(as_editor, as_sato):
    post(as_editor, "begin", HERS)
    thread = Comment.objects.get()
    post(as_sato, f"answer:{thread.pk}", "二つに分けます。")
    assert texts(as_editor.get(PAGE)) == [HERS, "二つに分けます。"]
    post(as_editor, f"resolve:{thread.pk}")
    shown = read(as_editor.get(PAGE)).one(cls="comment-thread")
    assert "解決済み" in shown.one("h2").text and shown.all("textarea", name="text") == shown.all("details")[0].all(
        "textarea"
    )
    post(as_sato, f"reopen:{thread.pk}")
    history = read(as_editor.get(PAGE)).one(cls="comment-history").all("li")
    assert ["解決済み" in line.text for line in history] == [True, False] and "sato" in history[1].text


def test_form_of_the_text_shows_what_is_said_below_its_field(as_editor, as_sato):
    assert read(as_editor.get(online_booking())).one("a", href=PAGE).text.startswith("コメント")
    post(as_sato, "begin", HERS)
    below = read(as_editor.get(online_booking())).one("details", cls="field-comments")
    assert "1件" in below.one("summary").text and HERS in below.text and below.one("a")["href"] == PAGE


def test_answer_to_a_resolved_thread_is_refused_with_the_words_still_there(as_editor):
    post(as_editor, "begin", HERS)
    thread = Comment.objects.get()
    post(as_editor, f"resolve:{thread.pk}")
    answer = post(as_editor, f"answer:{thread.pk}", "遅れた返信")
    assert answer.status_code == 422 and "もう一度開いて" in read(answer).one("main").text
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "x" * 4001, "@nobody 見てください"])
def test_words_that_cannot_stand_come_back_in_their_form(as_editor, text):
    answer = post(as_editor, "begin", text)
    assert answer.status_code == 422 and read(answer).one(cls="errornote").text
    assert read(answer).one("textarea", id="begin-0-text").text.strip() == text.strip()
    assert not Comment.objects.exists()


def test_comments_are_for_who_may_see_the_text(as_editor, publisher, hanako):
    post(as_editor, "begin", HERS)
    assert HERS in client_of(publisher).get(PAGE).content.decode()
    stranger = client_of(make_user("guest", is_staff=True))
    for page in (PAGE, "/admin/comments/"):
        assert stranger.get(page).status_code == 403
        assert client_of(hanako).get(page).status_code == 302
    assert post(stranger, "begin", "x").status_code == 403 and Comment.objects.count() == 1


@pytest.mark.parametrize(
    "page", ["scenarios/none/body", "scenarios/online-booking/none", "nothing/online-booking/body"]
)
def test_field_that_is_not_there_is_not_found(as_editor, page):
    assert as_editor.get(f"/admin/comments/{page}/").status_code == 404
    assert post(as_editor, "begin", HERS, f"/admin/comments/{page}/").status_code == 404


@pytest.mark.parametrize("do", ["", "x:1", "answer:0", "edit:99", "resolve:abc", "answer:" + "9" * 30])
def test_button_that_is_not_there_is_not_found(as_editor, do):
    post(as_editor, "begin", HERS)
    assert post(as_editor, do, "x").status_code == 404


def test_thread_of_another_field_is_not_answered_here(as_editor):
    post(as_editor, "begin", HERS)
    other = PAGE.replace("/body/", "/title/")
    assert post(as_editor, f"answer:{Comment.objects.get().pk}", "x", other).status_code == 404


def test_comments_stay_when_their_text_is_deleted(as_editor, editor):
    question = Question.objects.first()
    page = f"/admin/comments/questions/{question.code}/answer/"
    post(as_editor, "begin", HERS, page)
    question.delete()
    assert HERS in as_editor.get(page).content.decode() and "削除されました" in as_editor.get(page).content.decode()
    assert HERS in as_editor.get("/admin/comments/").content.decode()


def test_comments_are_neither_published_nor_in_packs(as_editor, editor):
    add_comment(**PLACE, text=HERS, by=editor)
    assert HERS not in str(working_document())
    pack = zipfile.ZipFile(io.BytesIO(b"".join(as_editor.get("/admin/packs/content.zip"))))
    assert not [name for name in pack.namelist() if HERS in pack.read(name).decode()]


# --- One's own -------------------------------------------------------------------------------------------------------


def test_own_comment_is_changed_and_its_first_words_stay_in_the_history(as_editor):
    post(as_editor, "begin", HERS)
    number = Comment.objects.get().pk
    post(as_editor, f"edit:{number}", "この文は、とても長いです。")
    shown = as_editor.get(PAGE)
    assert texts(shown) == ["この文は、とても長いです。"]
    assert HERS in read(shown).one(cls="comment-history").text


def test_withdrawn_comment_is_shown_no_more_and_alone_it_is_resolved(as_editor, editor):
    post(as_editor, "begin", HERS)
    post(as_editor, f"withdraw:{Comment.objects.get().pk}")
    shown = read(as_editor.get(PAGE)).one(cls="comment-thread")
    assert "取り下げ" in shown.one(cls="comment-list").text and HERS not in shown.one(cls="comment-list").text
    assert open_thread_count(editor) == 0


def test_withdrawn_comment_with_answers_leaves_its_thread_open(editor, sato):
    first = add_comment(**PLACE, text=HERS, by=editor)
    add_comment(**PLACE, text="はい", thread=first.pk, by=sato)
    withdraw_comment(comment=first.pk, by=editor)
    assert open_thread_count(editor) == 1


def test_change_is_offered_to_its_writer_for_a_quarter_of_an_hour(as_editor, as_sato):
    post(as_editor, "begin", HERS)
    assert "edit:" in as_editor.get(PAGE).content.decode() and "edit:" not in as_sato.get(PAGE).content.decode()
    with clock_at(timezone.now() + CHANGEABLE_FOR + timedelta(minutes=1)):
        assert "edit:" not in as_editor.get(PAGE).content.decode()
        answer = post(as_editor, f"edit:{Comment.objects.get().pk}", "x")
    assert answer.status_code == 422 and "15分" in read(answer).one("main").text


def test_resolving_twice_is_one_step(editor):
    thread = add_comment(**PLACE, text=HERS, by=editor).pk
    assert not reopen_thread(thread=thread, by=editor)
    assert resolve_thread(thread=thread, by=editor) and not resolve_thread(thread=thread, by=editor)
    assert CommentStep.objects.count() == 1


# --- The list --------------------------------------------------------------------------------------------------------


def test_list_has_open_threads_those_with_me_and_resolved_ones(as_editor, editor, sato):
    add_comment(**PLACE, text="一つめ", by=sato)
    add_comment(**PLACE, text="@editor 二つめ", by=sato)
    resolve_thread(thread=add_comment(**PLACE, text="三つめ", by=editor).pk, by=sato)

    def listed(show):
        rows = read(as_editor.get(f"/admin/comments/?show={show}")).one("main").all("tbody")
        return [row.all("td")[0].text for row in rows[0].all("tr")] if rows else []

    assert listed("open") == listed("") == listed("x") == ["@editor 二つめ", "一つめ"]
    assert listed("mine") == ["@editor 二つめ"]
    assert listed("resolved") == ["三つめ"]


def test_list_is_paged_and_costs_the_same_for_many(as_editor, editor, sato):
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            shown = read(as_editor.get("/admin/comments/"))
        assert len(shown.one("tbody").all("tr")) <= PER_PAGE
        return len(found)

    add_comment(**PLACE, text="一つめ", by=sato)
    cost()
    before = cost()
    for _number in range(PER_PAGE):
        first = add_comment(**PLACE, text="次", by=sato)
        add_comment(**PLACE, text="返信", thread=first.pk, by=editor)
    # One more reads the answers' steps, and it knows who wrote them.
    assert cost() <= before + 2
    assert "一つめ" in as_editor.get("/admin/comments/?page=2").content.decode()


def test_form_of_a_text_costs_the_same_for_many_comments(as_editor, editor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            as_editor.get(online_booking())
        return sum("disclosures_comment" in one["sql"] for one in found)

    assert cost() == 1
    for _number in range(4):
        add_comment(**PLACE, text=HERS, by=editor)
    assert cost() == 3


def test_front_page_counts_what_is_open(as_editor, editor):
    add_comment(**PLACE, text=HERS, by=editor)
    assert read(as_editor.get("/admin/")).one("a", href="/admin/comments/")


# --- Mails -----------------------------------------------------------------------------------------------------------


def news(staff) -> list[str]:
    now = timezone.now()
    return [text for text, _page in comment_news(staff, now - timedelta(hours=1), now + timedelta(seconds=1))]


def test_who_is_named_and_who_took_part_is_told_and_nobody_else(editor, sato, writer):
    thread = add_comment(**PLACE, text="@sato どう思いますか。", by=editor)
    assert (news(sato), news(editor), news(writer)) == (["あなたに関係するコメント1件"], [], [])
    add_comment(**PLACE, text="よいと思います。", thread=thread.pk, by=sato)
    assert (news(sato), news(editor), news(writer)) == (
        ["あなたに関係するコメント1件"],
        ["あなたに関係するコメント1件"],
        [],
    )


def test_naming_alone_is_told_to_who_chose_that_and_nothing_to_who_chose_nothing(editor, sato):
    thread = add_comment(**PLACE, text="一つめ", by=sato)
    add_comment(**PLACE, text="返信", thread=thread.pk, by=editor)
    choose_comment_mails(wanted="named", by=sato)
    assert news(sato) == []
    add_comment(**PLACE, text="@sato", by=editor)
    assert len(news(sato)) == 1
    choose_comment_mails(wanted="never", by=sato)
    assert news(sato) == []


def test_withdrawn_comment_is_told_to_nobody(editor, sato):
    withdraw_comment(comment=add_comment(**PLACE, text="@sato", by=editor).pk, by=editor)
    assert news(sato) == []


def test_changed_comment_names_somebody_once(editor, sato, writer):
    number = add_comment(**PLACE, text="@sato", by=editor).pk
    edit_comment(comment=number, text="@sato と @writer", by=editor)
    assert set(CommentMention.objects.values_list("staff__username", flat=True)) == {"sato", "writer"}


@pytest.mark.parametrize("text", ["sato@example.jp へ", "a.@sato", "@@sato"])
def test_address_names_nobody(editor, sato, text):
    add_comment(**PLACE, text=text, by=editor)
    assert not CommentMention.objects.exists()


def test_mail_leads_to_the_list_and_names_nobody(editor, sato):
    choose_staff_mails(frequency="at_once", language="ja", by=sato)
    add_comment(**PLACE, text="@sato どう思いますか。", by=editor)
    write_to_staff()
    work_off()
    sent = next(one for one in mail.outbox if one.to == ["sato@example.jp"])
    assert "コメント1件" in sent.body and "/admin/comments/" in sent.body
    assert "どう思いますか" not in sent.body and "editor" not in sent.body


def test_choice_about_mails_is_made_below_the_list(as_sato, sato):
    as_sato.post("/admin/comments/", {"wanted": "named"})
    assert read(as_sato.get("/admin/comments/")).one("input", value="named")["checked"] is not None
    assert as_sato.post("/admin/comments/", {"wanted": "x"}).status_code == 422


def test_threads_of_a_field_are_three_statements(editor, django_assert_num_queries):
    add_comment(**PLACE, text=HERS, by=editor)
    with django_assert_num_queries(3):
        field_threads("scenarios", "online-booking", "body", editor)
