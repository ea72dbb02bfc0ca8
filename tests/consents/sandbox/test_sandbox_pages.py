"""Every page, file and mail of a sandbox says that nothing in it is real; no other installation says so."""

import re

import pytest
from django.core import mail
from django.test import Client

from privacycenter.models import SandboxMail
from privacycenter.sandbox.mailbox import rows_of
from tests.support.asking import answer, ask
from tests.support.content import ROOT
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db
LINE = 'class="sandbox-line"'


def test_public_pages_the_record_and_the_desk_say_it(sandbox):
    admin = make_user("root", is_staff=True, is_superuser=True)
    pages = [Client().get("/where-provided/"), Client().get("/no-such-page/"), client_of(make_user("hanako")).get("/my/"),
             client_of(admin).get("/admin/"), client_of(admin).get("/admin/privacycenter/sandboxmail/")]  # fmt: skip
    assert [page.content.decode().count(LINE) for page in pages] == [1] * 5


def test_no_other_installation_says_it(as_hanako):
    assert LINE not in Client().get("/where-provided/").content.decode() + as_hanako.get("/my/").content.decode()


def test_no_template_of_a_whole_page_leaves_it_out():
    whole = [path for path in (ROOT / "templates").rglob("*.html") if "<html" in path.read_text(encoding="utf-8")]
    assert len(whole) >= 5
    assert [path.name for path in whole if "_sandbox.html" not in path.read_text(encoding="utf-8")] == []


def test_receipt_and_record_say_it(sandbox, reporter):
    hanako = make_user("hanako")
    made = answer(hanako, ask(hanako, reporter), "name")
    receipt = client_of(hanako).get(f"/my/decisions/{made.id}/receipt.json")
    assert receipt.json()["receipt"]["sandbox"] is True


def test_receipt_of_another_installation_does_not(hanako, reporter, as_hanako):
    made = answer(hanako, ask(hanako, reporter), "name")
    assert "sandbox" not in as_hanako.get(f"/my/decisions/{made.id}/receipt.json").json()["receipt"]


def test_mail_is_kept_and_sent_to_nobody(sandbox, mailoutbox):
    from django.core.mail import EmailMessage, get_connection

    sent = get_connection().send_messages(
        [EmailMessage("件名", "本文", "a@example.com", ["kenji@sandbox.invalid"], bcc=["x@example.com"])]
    )
    assert sent == 1 and mail.outbox == []
    assert sorted(SandboxMail.objects.values_list("address", "subject", "text")) == [
        ("kenji@sandbox.invalid", "[sandbox] 件名", "本文"), ("x@example.com", "[sandbox] 件名", "本文"),
    ]  # fmt: skip


def test_files_of_a_mail_are_named():
    from django.core.mail import EmailMessage

    message = EmailMessage(
        "x", "本文", "a@example.com", ["b@example.com"], attachments=[("a.pdf", b"%PDF", "application/pdf")]
    )
    assert re.search(r"\[a\.pdf\]$", rows_of(message)[0].text)


def test_mailbox_at_the_desk_is_the_administrators(sandbox):
    SandboxMail.objects.bulk_create(rows_of(mail.EmailMessage("件名", "本文", "a@example.com", ["b@example.com"])))
    path = f"/admin/privacycenter/sandboxmail/{SandboxMail.objects.get().pk}/change/"
    officer = make_user("officer", is_staff=True, groups=("officers",))
    assert client_of(officer).get(path).status_code == 403
    page = client_of(make_user("root", is_staff=True, is_superuser=True)).get(path)
    assert "本文" in page.content.decode()
