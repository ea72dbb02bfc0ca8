"""A form of the desk that comes after the log-in has ended is kept for its sender, and for nobody else."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from disclosures.models import Scenario
from privacycenter.errors import BodyTooLarge, TooManyCalls
from privacycenter.kept_forms.actions import (
    KEEPING,
    KEPT_FOR,
    LARGEST_BYTES,
    Typed,
    forget_form,
    keep_form,
    open_form,
    typed_in,
)
from privacycenter.models import KeptForm
from tests.support.clock import clock_at
from tests.support.desk import form_on, online_booking
from tests.support.html import read
from tests.support.people import PASSWORD, client_of, make_user

pytestmark = pytest.mark.django_db

MARK = "三十分かけて書いた文章 <&>"
NOT_SAVED = "まだ保存されていません"
TYPED = Typed("/admin/page/", "/admin/page/", (("body", MARK),))


@pytest.fixture
def page() -> str:
    return online_booking()


@pytest.fixture
def as_editor(editor) -> Client:
    """A browser in which the editor logged in as everybody does."""
    client = Client()
    log_in(client, "editor", "/admin/")
    return client


@pytest.fixture
def other_editor(db):
    return make_user("jiro", is_staff=True, groups=("editors",))


def stored() -> str:
    return Scenario.objects.get(code="online-booking").body


def let_it_end(client) -> None:
    """Leave the browser alone until its log-in has ended."""
    ended = timezone.now() - timedelta(minutes=1)
    Session.objects.filter(session_key=client.session.session_key).update(expire_date=ended)


def log_out(client) -> None:
    """The session is gone without a trace, as after a log-out in another tab."""
    del client.cookies["sessionid"]


def send_late(client, page, end=let_it_end, **changes) -> str:
    """Send the form of a page after the log-in has ended; return the address that the log-in leads back to."""
    sent = {**form_on(client, page), "body": MARK, **changes, "_save": "on"}
    end(client)
    return back_from(client.post(page, sent))


def back_from(response) -> str:
    assert response.status_code == 302
    return parse_qs(urlsplit(response["Location"]).query)["next"][0]


def log_in(client, username, wanted):
    return client.post("/accounts/login/", {"login": username, "password": PASSWORD, "next": wanted}, follow=True)


def body_on(response) -> str:
    return read(response).one("textarea", name="body").text


@pytest.mark.parametrize("end", [let_it_end, log_out])
def test_what_was_typed_is_in_the_form_after_the_log_in_and_not_saved(as_editor, page, end):
    wanted, before = send_late(as_editor, page, end), stored()
    assert "保存されていません" in read(as_editor.get("/accounts/login/")).one(cls="messages").text
    shown = log_in(as_editor, "editor", wanted)
    assert shown.redirect_chain[-1][0] == wanted and body_on(shown) == MARK
    assert NOT_SAVED in read(shown).one("form", id="scenario_form").text
    assert stored() == before and before != MARK


def test_form_stays_until_it_is_sent_and_is_then_saved_and_forgotten(as_editor, editor, page):
    wanted = send_late(as_editor, page)
    log_in(as_editor, "editor", wanted)
    sent = form_on(as_editor, wanted)
    assert sent["body"] == [MARK] and KeptForm.objects.count() == 1
    assert as_editor.post(wanted, {**sent, "_save": "on"}).status_code == 302
    assert (stored(), KeptForm.objects.count()) == (MARK, 0)
    assert body_on(as_editor.get(wanted)) == MARK and NOT_SAVED not in as_editor.get(wanted).content.decode()


def test_what_another_editor_saved_meanwhile_is_noticed(as_editor, other_editor, page):
    wanted = send_late(as_editor, page)
    theirs = client_of(other_editor)
    theirs.post(page, {**form_on(theirs, page), "body": "先に保存した文章", "_save": "on"})
    log_in(as_editor, "editor", wanted)
    answer = as_editor.post(wanted, {**form_on(as_editor, wanted), "_save": "on"})
    assert (answer.status_code, stored(), body_on(answer)) == (200, "先に保存した文章", MARK)
    assert "先に保存した文章" in answer.content.decode()


def test_rows_that_were_added_come_back(as_editor, page):
    added = {
        "notes-TOTAL_FORMS": "4", "notes-3-code": "later", "notes-3-body": "四つめの注意書き", "notes-3-body_en": "Fourth",
    }  # fmt: skip
    wanted = send_late(as_editor, page, **added)
    log_in(as_editor, "editor", wanted)
    sent = form_on(as_editor, wanted)
    assert {name: sent[name] for name in added} == {name: [value] for name, value in added.items()}


@pytest.mark.parametrize("end", [let_it_end, log_out])
def test_nothing_is_shown_to_another(as_editor, other_editor, hanako, page, end):
    wanted = send_late(as_editor, page, end)
    for other in (Client(), client_of(other_editor), client_of(hanako)):
        answer = other.get(wanted, follow=True).content.decode()
        assert "三十分" not in answer and NOT_SAVED not in answer
    assert KeptForm.objects.get().account != other_editor.pk


def test_in_the_same_browser_only_who_logged_in_there_is_shown_what_was_theirs(as_editor, other_editor, page):
    wanted = send_late(as_editor, page)
    assert "三十分" not in log_in(as_editor, "jiro", wanted).content.decode()


def test_form_of_an_unknown_sender_is_theirs_who_come_first(as_editor, editor, other_editor, hanako, page):
    wanted = send_late(as_editor, page, log_out)
    assert "三十分" not in log_in(as_editor, "hanako", wanted).content.decode()
    as_editor.post("/accounts/logout/")
    assert body_on(log_in(as_editor, "editor", wanted)) == MARK
    as_editor.post("/accounts/logout/")
    assert "三十分" not in log_in(as_editor, "jiro", wanted).content.decode()


def test_it_is_encrypted_and_has_neither_passwords_nor_tokens(as_editor, page):
    send_late(as_editor, page, password="pass-phrase", csrfmiddlewaretoken="x" * 64)
    row = KeptForm.objects.get()
    assert MARK not in row.sealed and "body" not in row.sealed
    names = {name for name, _value in typed_in(row).fields}
    assert "body" in names and not names & {"password", "csrfmiddlewaretoken"}


def test_files_are_not_kept_and_it_says_so(as_editor, page):
    sent = {**form_on(as_editor, page), "body": MARK, "picture": SimpleUploadedFile("a.txt", b"secret")}
    let_it_end(as_editor)
    wanted = back_from(as_editor.post(page, sent))
    assert "ファイルは保管していません" in log_in(as_editor, "editor", wanted).content.decode()


def test_text_without_a_page_is_shown_alone(as_editor, editor, page):
    wanted = send_late(as_editor, page)
    editor.groups.clear()
    shown = log_in(as_editor, "editor", wanted)
    assert read(shown).all("textarea") == [] and "三十分かけて書いた文章" in read(shown).one("main").text


def test_buttons_and_lists_keep_nothing(as_editor):
    for sent in ({"csrfmiddlewaretoken": "x"}, {"action": "retire", "_selected_action": "1"}):
        log_out(as_editor) if "sessionid" in as_editor.cookies else None
        assert back_from(as_editor.post("/admin/disclosures/scenario/", sent)) == "/admin/disclosures/scenario/"
    assert KeptForm.objects.count() == 0


def test_nothing_is_kept_of_strangers_and_of_scripts(as_editor, page):
    sent = form_on(as_editor, page)
    log_out(as_editor)
    for client, headers in ((Client(), {}), (as_editor, {"sec-fetch-mode": "cors"})):
        assert back_from(client.post(page, sent, headers=headers)) == page
    assert KeptForm.objects.count() == 0


def test_what_is_too_large_is_not_kept_and_it_says_so(as_editor, page):
    wanted = send_late(as_editor, page, body='"' * (LARGEST_BYTES // 2))
    assert wanted == page and KeptForm.objects.count() == 0
    assert "保存も回答もできませんでした" in read(as_editor.get("/accounts/login/")).one(cls="messages").text


# --- The actions -----------------------------------------------------------------------------------------------------


def test_form_is_kept_for_its_account(editor, other_editor):
    token = keep_form(typed=TYPED, account=editor.pk)
    assert open_form(token=token, browser="", by=other_editor) is None
    assert open_form(token=token, browser="", by=editor) == TYPED
    forget_form(token=token, by=other_editor)
    assert KeptForm.objects.count() == 1
    forget_form(token=token, by=editor)
    assert open_form(token=token, browser="", by=editor) is None


def test_form_without_an_account_is_for_its_browser(editor, other_editor):
    token = keep_form(typed=TYPED, account=None, browser="one")
    for browser in ("", "two"):
        assert open_form(token=token, browser=browser, by=editor) is None
    assert open_form(token=token, browser="one", by=editor) == TYPED
    assert open_form(token=token, browser="one", by=other_editor) is None


def test_tokens_of_others_and_old_ones_open_nothing(editor, settings):
    token = keep_form(typed=TYPED, account=editor.pk)
    for other in ("", "x", token[:-1], token.upper()):
        assert open_form(token=other, browser="", by=editor) is None
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-" * 5, []
    assert open_form(token=token, browser="", by=editor) is None


def test_form_is_removed_after_a_day(editor, capsys):
    token = keep_form(typed=TYPED, account=editor.pk)
    with clock_at(timezone.now() + KEPT_FOR + timedelta(minutes=1)):
        assert open_form(token=token, browser="", by=editor) is None
    KeptForm.objects.update(kept_at=timezone.now() - KEPT_FOR)
    call_command("purge_expired", "--dry-run")
    assert KeptForm.objects.count() == 1
    call_command("purge_expired")
    assert KeptForm.objects.count() == 0


def test_too_large_and_too_many_are_refused_and_not_stored(editor):
    with pytest.raises(BodyTooLarge):
        keep_form(typed=Typed("/", "/", (("body", "x" * LARGEST_BYTES),)), account=editor.pk)
    for _number in range(KEEPING.amount):
        keep_form(typed=TYPED, account=None, browser="one")
    with pytest.raises(TooManyCalls):
        keep_form(typed=TYPED, account=None, browser="one")
    assert KeptForm.objects.count() == KEEPING.amount


def test_statements_are_few(editor, django_assert_num_queries):
    with django_assert_num_queries(4):  # two of them begin and end the transaction
        token = keep_form(typed=TYPED, account=editor.pk)
    with django_assert_num_queries(1):
        open_form(token=token, browser="", by=editor)
