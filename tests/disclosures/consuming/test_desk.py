"""Refused messages at the desk: listed, read safely, recorded again exactly once, or marked as dealt with."""

import json
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disclosures.consuming import actions
from disclosures.consuming.actions import queue_read_by, record_messages, retry_some, settle_refused
from disclosures.consuming.messages import Message, events_of
from disclosures.consuming.shown import LONGEST_SHOWN, shown_message, visible
from disclosures.models import Disclosure, Recipient, RecordAccess, RefusedMessage
from disclosures.reporters.actions import create_reporter
from disclosures.reporters.pause_actions import pause_reporter, resume_reporter
from privacycenter.errors import InvalidValue
from privacycenter.operation.metrics import exposition
from tests.support.api import cloud_event
from tests.support.commands import output_of
from tests.support.database import at_once
from tests.support.html import read

pytestmark = pytest.mark.django_db

LIST = "/admin/refused/"


def refuse(reporter, *bodies, headers=None):
    """Have a queue deliver these, which cannot be recorded; return what is kept of them."""
    queue = queue_read_by(name="nats Q/test", reporter=reporter)
    first = queue.message_count
    for number, body in enumerate(bodies, first):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        record_messages(read=events_of(Message(f"Q:{number}", headers or {}, content)), queue=queue)
    return list(RefusedMessage.objects.order_by("received_at", "id"))


@pytest.fixture
def kept(reporter) -> RefusedMessage:
    return refuse(reporter, cloud_event("a", recipient="new-inn"))[0]


def mend():
    minato = Recipient.objects.get(code="minato-inn")
    Recipient.objects.create(code="new-inn", title="新しい宿", country=minato.country, position=9)


def rows(response):
    return [row for body in read(response).all("tbody") for row in body.all("tr")]


# --- Seen ------------------------------------------------------------------------------------------------------------


def test_officer_is_told_on_the_front_page_once_a_queue_is_read(as_officer, reporter):
    assert "記録できなかった" not in read(as_officer.get("/admin/")).text
    refuse(reporter, b"{")
    assert "キューのメッセージで記録できなかったもの 1" in read(as_officer.get("/admin/")).text


def test_list_says_what_came_from_whom_and_why(as_officer, kept):
    row = rows(as_officer.get(LIST))[0].text
    assert "Q:0" in row and "nats Q/test" in row and "じゃらんnet予約システム" in row and "data.recipient" in row


def test_list_is_filtered_by_reporter_and_state(as_officer, officer, kept):
    other, _secret = create_reporter(code="rings", title="ゼクシィ報告システム", services=["zexy"])
    refuse(other, b"{")
    assert len(rows(as_officer.get(LIST))) == 2
    assert [row.text.count("ゼクシィ") for row in rows(as_officer.get(f"{LIST}?reporter=rings"))] == [1]
    settle_refused(ids=[kept.pk], reason="送り直してもらった。", by=officer)
    assert len(rows(as_officer.get(LIST))) == 1
    assert "送り直してもらった。" in rows(as_officer.get(f"{LIST}?state=settled"))[0].text
    assert len(rows(as_officer.get(f"{LIST}?state=all"))) == 2


def test_list_is_paged_and_costs_the_same_for_many(as_officer, reporter, django_assert_num_queries):
    refuse(reporter, b"{")
    as_officer.get(LIST)
    with CaptureQueriesContext(connection) as one:
        as_officer.get(LIST)
    refuse(reporter, *(b"[" * number for number in range(1, 60)))
    with django_assert_num_queries(len(one)):
        assert len(rows(as_officer.get(LIST))) == 50
    assert len(rows(as_officer.get(f"{LIST}?page=2"))) == 10


def test_message_is_shown_as_text_and_runs_nothing(as_officer, reporter):
    row = refuse(reporter, b'{"x": "<script>alert(1)</script>"}', headers={"x-kind": "<b>"})[0]
    answer = as_officer.get(f"{LIST}{row.pk}/")
    assert b"<script>alert" not in answer.content and b"&lt;script&gt;alert(1)" in answer.content
    assert b"<b>" not in answer.content and b"&lt;b&gt;" in answer.content


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u202eb", "a⟨U+202E⟩b"), ("a\u200bb", "a⟨U+200B⟩b"), ("\x00", "⟨U+0000⟩"), ("\x1b[1m", "⟨U+001B⟩[1m"),
        ("\ud800", "⟨U+D800⟩"), ("山田\u3000花子\n行", "山田\u3000花子\n行"), ("が", "が"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_shown_as_its_number(text, seen):
    assert visible(text) == seen


@pytest.mark.parametrize(
    "body",
    [
        b'{"subject": "\\ud800", "x": "\\u0000"}', b'{"subject": "a\\u0000b"}', b"\xff\xfe\x00", b"[" * 5000,
        b'{"n": ' + b"9" * 5000 + b"}", b"", b"[]]", b"null",
    ],
)  # fmt: skip
def test_no_message_breaks_its_page(as_officer, reporter, body):
    row = refuse(reporter, body)[0]
    assert as_officer.get(f"{LIST}{row.pk}/").status_code == 200


def test_long_message_is_cut_and_says_so(as_officer, reporter):
    row = refuse(reporter, b"x" * (LONGEST_SHOWN + 1))[0]
    page = read(as_officer.get(f"{LIST}{row.pk}/"))
    assert page.text.count("x" * LONGEST_SHOWN) == 1 and "--show" in page.text


def test_message_under_a_key_that_is_gone_says_so(as_officer, kept, settings):
    RefusedMessage.objects.update(sealed="not sealed")
    page = as_officer.get(f"{LIST}{kept.pk}/")
    assert page.status_code == 200 and "SECRET_KEY" in read(page).text


# --- Whom it names ---------------------------------------------------------------------------------------------------


def test_opening_a_message_is_a_look_at_whom_it_names(as_officer, officer, hanako, kept):
    as_officer.get(f"{LIST}{kept.pk}/")
    look = RecordAccess.objects.get()
    assert (look.person_id, look.staff_id, look.what, look.about_id) == (
        hanako.pk, officer.pk, "refused_message", kept.pk,
    )  # fmt: skip


def test_person_reads_that_a_message_about_them_was_opened(as_officer, as_hanako, kept):
    as_officer.get(f"{LIST}{kept.pk}/")
    assert "記録できなかった、あなたについての報告" in read(as_hanako.get("/my/accesses/")).text


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"subject": "subject-hanako", ', {}),
        (b'{"data": [{"subject": "subject-hanako"}]}', {}),
        (b"{", {"ce-specversion": "1.0", "ce-subject": "subject%2Dhanako"}),
        (b"{", {"ce_specversion": "1.0", "ce_subject": "subject-hanako"}),
        (b"{", {"x-told": "subject=subject-hanako; items=name"}),
        (b"{", {"subject-hanako": ""}),
    ],
)
def test_person_is_found_in_what_cannot_be_read_too(as_officer, reporter, hanako, body, headers):
    row = refuse(reporter, body, headers=headers)[0]
    as_officer.get(f"{LIST}{row.pk}/")
    assert RecordAccess.objects.get().person_id == hanako.pk


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(cloud_event("a", recipient="new-inn")).encode("utf-16"),
        json.dumps(cloud_event("a", recipient="new-inn")).encode("utf-32-le"),
        b'{"s\\u0075bject": "subject-hanako", ',
        b'{"subject": "subject-hanako", "x": 1, "subject": "nobody"}',
        b'{"subject": "subject-h\\u0061nako"',
        b'{"x": "{\\"subject\\": \\"subject-hanako\\"}"}',
        b"subject=subject-hanako; items=name",
        b"{" + b",".join(b'{"subject": "a%03d"}' % number for number in range(120)) + b', "subject": "subject-hanako',
    ],
)
def test_whoever_can_be_read_on_the_page_is_looked_at(as_officer, reporter, hanako, body):
    row = refuse(reporter, body)[0]
    assert "subject-hanako" in read(as_officer.get(f"{LIST}{row.pk}/")).text.replace("\\u0061", "a")
    assert RecordAccess.objects.get().person_id == hanako.pk


def test_whom_the_page_does_not_show_is_not_looked_at(as_officer, reporter, hanako):
    row = refuse(reporter, b"{" + b" " * LONGEST_SHOWN + b'"subject-hanako"')[0]
    as_officer.get(f"{LIST}{row.pk}/")
    assert not RecordAccess.objects.exists()


def test_nothing_of_a_message_is_left_out_where_it_is_laid_out(as_officer, reporter):
    row = refuse(reporter, b'{"x": "first", "x": "second"}')[0]
    page = read(as_officer.get(f"{LIST}{row.pk}/")).text
    assert "first" in page and "second" in page


@pytest.mark.parametrize("name", ["hanako@example.com", "山田花子", "\u202e", "\x00", "0" * 200_000, "a" * 41, "a.b"])
def test_name_that_the_sender_made_up_is_kept_sealed_alone(as_officer, reporter, name):
    event = cloud_event("a")
    event["data"][name] = "x"
    row = refuse(reporter, event)[0]
    assert row.problem["field"] == "data.…"
    assert name not in json.dumps(row.problem) and name not in as_officer.get(LIST).content.decode()


def test_message_that_names_several_people_is_a_look_at_each(as_officer, reporter, hanako, taro):
    body = json.dumps({"x": [{"subject": hanako.subject}, {"subject": taro.subject}]}).encode()
    row = refuse(reporter, body)[0]
    as_officer.get(f"{LIST}{row.pk}/")
    assert {look.person_id for look in RecordAccess.objects.all()} == {hanako.pk, taro.pk}


def test_message_about_nobody_known_costs_one_statement(reporter, django_assert_num_queries):
    row = refuse(reporter, cloud_event("a", recipient="new-inn", subject="nobody-here"))[0]
    with django_assert_num_queries(1):
        assert shown_message(row, actions.opened(row)).people == []


# --- Tried again -----------------------------------------------------------------------------------------------------


def test_mended_message_is_recorded_once_and_leaves_the_list(as_officer, kept):
    mend()
    answer = as_officer.post(f"{LIST}{kept.pk}/", {"form": "retry"}, follow=True)
    assert "記録し" in read(answer).text and not rows(answer)
    assert Disclosure.objects.count() == 1
    assert as_officer.post(f"{LIST}{kept.pk}/", {"form": "retry"}).status_code == 404
    assert Disclosure.objects.count() == 1


def test_message_whose_cause_is_not_mended_stays_with_the_reason_of_now(as_officer, reporter, kept):
    RefusedMessage.objects.update(problem={"type": "x", "detail": "of then"})
    page = read(as_officer.post(f"{LIST}{kept.pk}/", {"form": "retry"}, follow=True))
    assert "of then" not in page.text and "data.recipient" in page.text
    assert not Disclosure.objects.exists() and RefusedMessage.objects.count() == 1


def test_chosen_messages_are_tried_each_by_itself(as_officer, reporter):
    found = refuse(reporter, cloud_event("a", recipient="new-inn"), cloud_event("b", recipient="never"), b"{")
    mend()
    gone = "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071"
    chosen = [*(str(row.pk) for row in found), gone]
    page = read(as_officer.post(LIST, {"form": "retry", "chosen": chosen}, follow=True))
    assert {row.position for row in RefusedMessage.objects.all()} == {"Q:1", "Q:2"}
    assert Disclosure.objects.get().event_id == "a"
    assert "1件のメッセージを記録" in page.text and "2件のメッセージは" in page.text


def test_message_at_which_recording_breaks_stops_none_of_the_others(reporter):
    found = refuse(reporter, cloud_event("a", recipient="new-inn"), cloud_event("b", recipient="new-inn"))
    mend()
    recorded, calls = actions.recorded, []

    def breaking(read, by):
        calls.append(read)
        if len(calls) == 1:
            raise ValueError("unforeseen")
        return recorded(read, by)

    with mock.patch.object(actions, "recorded", breaking):
        done = retry_some(ids=[row.pk for row in found])
    assert (done.recorded, done.refused) == (1, 1)
    assert Disclosure.objects.count() == 1 and RefusedMessage.objects.count() == 1


def test_paused_reporter_keeps_everything(as_officer, officer, reporter, kept):
    mend()
    pause_reporter(reporter=reporter, reason="確かめます。", by=officer)
    page = read(as_officer.post(LIST, {"form": "retry", "chosen": [str(kept.pk)]}, follow=True))
    assert "いまは報告できません" in page.text
    assert RefusedMessage.objects.count() == 1 and not Disclosure.objects.exists()
    resume_reporter(reporter=reporter, reason="だいじょうぶです。", by=officer)
    assert retry_some(ids=[kept.pk]).recorded == 1


def test_message_under_a_key_that_is_gone_is_said_and_stays(as_officer, reporter):
    found = refuse(reporter, cloud_event("a", recipient="new-inn"), cloud_event("b", recipient="new-inn"))
    mend()
    RefusedMessage.objects.filter(pk=found[0].pk).update(sealed="not sealed")
    chosen = [str(row.pk) for row in found]
    page = read(as_officer.post(LIST, {"form": "retry", "chosen": chosen}, follow=True))
    assert "1件のメッセージを開けません" in page.text and "SECRET_KEY" in page.text
    assert "1件のメッセージを記録" in page.text
    assert [row.pk for row in RefusedMessage.objects.all()] == [found[0].pk]
    assert Disclosure.objects.get().event_id == "b"


@pytest.mark.concurrency
def test_two_who_try_a_message_again_at_once_record_it_once(world, reporter):
    kept = refuse(reporter, cloud_event("a", recipient="new-inn"))[0]
    mend()
    results = at_once(*[lambda: retry_some(ids=[kept.pk])] * 2)
    assert sorted((done.recorded, done.gone) for done in results) == [(0, 1), (1, 0)]
    assert Disclosure.objects.get().event_id == "a" and not RefusedMessage.objects.exists()


def test_of_several_reporters_the_one_that_may_report_does(as_officer, officer, reporter):
    other, _secret = create_reporter(code="rings", title="ゼクシィ報告システム", services=["zexy", "jalan"])
    found = refuse(reporter, cloud_event("a", recipient="new-inn"))
    found += [row for row in refuse(other, cloud_event("b", recipient="new-inn")) if row not in found]
    mend()
    pause_reporter(reporter=reporter, reason="確かめます。", by=officer)
    chosen = [str(row.pk) for row in found]
    page = read(as_officer.post(LIST, {"form": "retry", "chosen": chosen}, follow=True))
    assert "1件のメッセージは試していません" in page.text and "1件のメッセージを記録" in page.text
    assert Disclosure.objects.get().event_id == "b"
    assert [row.pk for row in RefusedMessage.objects.all()] == [found[0].pk]


@pytest.mark.parametrize("path", ["", "{id}/"])
@pytest.mark.parametrize("form", ["", "bogus", "SETTLE"])
def test_form_that_is_none_of_these_does_nothing(as_officer, kept, path, form):
    mend()
    answer = as_officer.post(LIST + path.format(id=kept.pk), {"form": form, "chosen": [str(kept.pk)], "reason": "x"})
    assert answer.status_code == 400
    kept.refresh_from_db()
    assert kept.settled_at is None and not Disclosure.objects.exists()


@pytest.mark.parametrize("chosen", [[], ["x"], [str(number) for number in range(101)]])
def test_choice_that_is_none_is_said(as_officer, kept, chosen):
    answer = as_officer.post(LIST, {"form": "retry", "chosen": chosen})
    assert answer.status_code == 422 and "選んでください" in read(answer).text


# --- Dealt with ------------------------------------------------------------------------------------------------------


def test_message_is_dealt_with_once_and_kept(as_officer, officer, kept):
    answer = as_officer.post(f"{LIST}{kept.pk}/", {"form": "settle", "reason": "二重に送られたもの。"}, follow=True)
    assert not rows(answer)
    kept.refresh_from_db()
    assert (kept.settled_by, kept.reason) == (officer, "二重に送られたもの。")
    again = as_officer.post(f"{LIST}{kept.pk}/", {"form": "settle", "reason": "別の理由"}, follow=True)
    assert "ほかの人が対応済み" in read(again).text
    kept.refresh_from_db()
    assert kept.reason == "二重に送られたもの。"
    page = read(as_officer.get(f"{LIST}{kept.pk}/"))
    assert "二重に送られたもの。" in page.text and not page.all("textarea")


def test_of_chosen_messages_those_that_others_dealt_with_are_told(as_officer, officer, reporter):
    first, second = refuse(reporter, b"{", b"[")
    settle_refused(ids=[first.pk], reason="前に対応した。", by=officer)
    chosen = [str(first.pk), str(second.pk)]
    page = read(as_officer.post(LIST, {"form": "settle", "chosen": chosen, "reason": "後の理由"}, follow=True))
    assert "1件のメッセージを対応済み" in page.text and "1件は、すでにほかの人が対応済み" in page.text
    first.refresh_from_db()
    assert first.reason == "前に対応した。"


def test_message_that_was_dealt_with_can_still_be_recorded(as_officer, officer, kept):
    settle_refused(ids=[kept.pk], reason="x", by=officer)
    mend()
    as_officer.post(f"{LIST}{kept.pk}/", {"form": "retry"})
    assert Disclosure.objects.count() == 1 and not RefusedMessage.objects.exists()


def test_message_delivered_again_stays_dealt_with(officer, reporter, kept):
    settle_refused(ids=[kept.pk], reason="x", by=officer)
    read_again = events_of(actions.opened(kept))
    record_messages(read=read_again, queue=kept.queue)
    assert RefusedMessage.objects.get().settled_at


@pytest.mark.parametrize("reason", ["", "  ", "\u202e"])
def test_dealt_with_without_a_reason_is_refused(as_officer, kept, reason):
    for path, more in ((LIST, {"chosen": [str(kept.pk)]}), (f"{LIST}{kept.pk}/", {})):
        answer = as_officer.post(path, {"form": "settle", "reason": reason, **more})
        assert answer.status_code == 422
    kept.refresh_from_db()
    assert kept.settled_at is None


def test_action_demands_a_reason(officer, kept):
    for reason in (" ", "x" * 5001):
        with pytest.raises(InvalidValue):
            settle_refused(ids=[kept.pk], reason=reason, by=officer)


def test_metrics_and_commands_count_what_waits_alone(officer, reporter, kept):
    line = 'privacycenter_refused_messages{queue="nats Q/test",reporter="travel"}'
    assert f"{line} 1.0" in exposition().decode()
    settle_refused(ids=[kept.pk], reason="x", by=officer)
    assert f"{line} 0.0" in exposition().decode()
    assert output_of("refused_messages") == "No message is refused.\n"
    assert "(dealt with)" in output_of("refused_messages", "--all")
    mend()
    call_command("refused_messages", "--retry")
    assert RefusedMessage.objects.count() == 1


# --- Who may ---------------------------------------------------------------------------------------------------------


def test_editors_and_strangers_see_and_do_nothing(client, as_editor, as_hanako, kept):
    for path in (LIST, f"{LIST}{kept.pk}/"):
        assert as_editor.get(path).status_code == 403
        assert as_editor.post(path, {"form": "retry"}).status_code == 403
        assert client.get(path).status_code == 302 and as_hanako.get(path).status_code in (302, 403)


def test_who_may_only_see_can_do_nothing(as_officer, officer, kept):
    officer.groups.first().permissions.filter(codename="change_refusedmessage").delete()
    page = read(as_officer.get(f"{LIST}{kept.pk}/"))
    assert not page.all("textarea")
    for path in (LIST, f"{LIST}{kept.pk}/"):
        assert as_officer.post(path, {"form": "settle", "reason": "x", "chosen": [str(kept.pk)]}).status_code == 403


def test_message_that_is_not_there_is_not_found(as_officer):
    assert as_officer.get(f"{LIST}01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071/").status_code == 404
