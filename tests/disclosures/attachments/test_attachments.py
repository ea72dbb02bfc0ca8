"""Files with requests: sent with the form or later, given out to their sender and to the desk alone, gone in time."""

import hashlib
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from disclosures.attachments.actions import MOST_OF_A_PERSON, attach_more
from disclosures.inquiries.actions import take_step
from disclosures.inquiries.numbers import new_token
from disclosures.inquiries.retention import purge_inquiries
from disclosures.inquiry_handling.actions import link_inquiry
from disclosures.models import Attachment, Inquiry, InquiryStatus, RecordAccess
from privacycenter.errors import IdentityUnknown
from privacycenter.http import uploads
from privacycenter.models import OutboxRow, StoredFile
from privacycenter.outbox.working import work_off
from privacycenter.storage import files
from tests.support.clock import clock_at
from tests.support.html import read
from tests.support.inquiries import confirm
from tests.support.people import client_of
from tests.support.uploads import JPEG, PDF, PNG, a_file, an_inquiry, body_of, kept

pytestmark = pytest.mark.django_db
NEW = "/contact/requests/new/"
ANSWERED, IN_PROGRESS = InquiryStatus.ANSWERED, InquiryStatus.IN_PROGRESS


def written(*sent, **more) -> dict:
    return {
        "kind": "disclosure", "name": "山田 花子", "email": "hanako@example.jp", "body": "教えてください。",
        "token": new_token(), "website": "", "attached": list(sent), **more,
    }  # fmt: skip


def later():
    OutboxRow.objects.update(due_at=timezone.now())
    work_off()


# --- Sending ----------------------------------------------------------------------------------------------------------


def test_stranger_sends_files_with_a_request_and_finds_them_on_its_page(client):
    response = client.post(NEW, written(a_file(), a_file("写真.jpeg", JPEG)), follow=True)
    main = read(response).one(id="files")
    assert [link.text for link in main.one("ul").all("a")] == ["写真.jpg", "手紙.pdf"] or "手紙.pdf" in main.text
    row = Attachment.objects.get(name="手紙.pdf")
    assert (row.step, row.content_type, row.size_bytes) == (None, "application/pdf", len(PDF))
    assert row.sha256 == hashlib.sha256(PDF).hexdigest() and "手紙" not in row.file_name


def test_form_offers_several_files_and_is_sent_as_such(client):
    form = read(client.get(NEW)).one("form", cls="form")
    field = form.one("input", name="attached")
    assert (form["enctype"], "multiple" in field.attributes, "required" in field.attributes) == (
        "multipart/form-data", True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([a_file("a.exe", b"MZ")], "a.exe"), ([a_file("leer.pdf", b"")], "leer.pdf"),
        ([a_file(f"{n}.pdf") for n in range(6)], "5"),
    ],
)  # fmt: skip
def test_file_that_is_not_taken_is_named_and_what_was_written_stays(client, sent, said):
    for one in sent:
        one.seek(0)
    response = client.post(NEW, written(*sent))
    page = read(response)
    assert response.status_code == 422 and said in page.one(cls="error-summary").text
    assert page.one("textarea").text == "教えてください。"
    assert not Inquiry.objects.exists() and not StoredFile.objects.exists()


def test_form_refused_for_another_reason_says_that_files_have_to_be_chosen_again(client):
    response = client.post(NEW, written(a_file(), email="nobody"))
    fields = [link["href"] for link in read(response).one(cls="error-summary").all("a")]
    assert fields == ["#id_email", "#id_attached"] and not StoredFile.objects.exists()


def test_file_that_is_too_large_is_dropped_as_it_comes_and_what_was_written_stays(client, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_FILE_BYTES", 100_000)
    monkeypatch.setattr("disclosures.attachments.uploads.MOST_FILE_BYTES", 100_000)
    response = client.post(NEW, written(a_file("big.pdf", PDF + b"x" * 200_000), a_file()))
    page = read(response)
    assert response.status_code == 422 and page.one("textarea").text == "教えてください。"
    summary = page.one(cls="error-summary").text
    assert "big.pdf" in summary and "手紙.pdf" not in summary


def test_same_form_sent_twice_attaches_once_and_keeps_nothing_else(client):
    form = written(a_file())
    for _time in range(2):
        form["attached"] = [a_file()]
        assert client.post(NEW, form).status_code == 302
    assert (Inquiry.objects.count(), Attachment.objects.count(), StoredFile.objects.count()) == (1, 1, 1)
    later()
    assert [one.name for one in StoredFile.objects.all()] == [Attachment.objects.get().file_name]


def test_same_form_sent_again_and_again_is_stopped_and_stores_nothing(client):
    form = written()
    found = [client.post(NEW, {**form, "attached": [a_file()]}).status_code for _time in range(12)]
    assert found == [302] * 10 + [429] * 2
    assert (Inquiry.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_same_form_without_files_costs_once(client):
    form = written()
    assert {client.post(NEW, form).status_code for _time in range(12)} == {302} and Inquiry.objects.count() == 1


def test_same_form_that_another_process_files_meanwhile_leaves_no_file(client, monkeypatch):
    form = written()
    client.post(NEW, {**form, "attached": [a_file()]})
    monkeypatch.setattr("disclosures.inquiries.views.filed_before", lambda filing: None)
    assert client.post(NEW, {**form, "attached": [a_file()]}).status_code == 302
    assert [one.name for one in StoredFile.objects.all()] == [Attachment.objects.get().file_name]


def test_same_form_with_another_file_is_shown_again(client):
    form = written(a_file())
    assert client.post(NEW, form).status_code == 302
    response = client.post(NEW, {**form, "attached": [a_file("b.png", PNG)]})
    assert response.status_code == 422 and Attachment.objects.count() == 1


def test_store_that_does_not_answer_leaves_the_form_as_it_was(client, monkeypatch):
    monkeypatch.setattr(files, "keep", lambda name, content: (_ for _ in ()).throw(OSError("away")))
    response = client.post(NEW, written(a_file()))
    assert response.status_code == 503 and not Inquiry.objects.exists()
    assert read(response).one("textarea").text == "教えてください。"


def test_sender_adds_files_while_the_request_waits(client):
    client.post(NEW, written())
    page = f"/contact/requests/{Inquiry.objects.get().reference}/"
    response = client.post(f"{page}files/", {"attached": [a_file()]}, follow=True)
    assert response.redirect_chain == [(page, 302)] and "手紙.pdf" in read(response).one(id="files").text
    client.post(f"{page}files/", {"attached": [a_file()]})
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(("sent", "status"), [([], 422), ([a_file("a.exe", b"MZ")], 422)])
def test_files_that_are_not_taken_are_named_on_the_page(client, sent, status):
    client.post(NEW, written())
    response = client.post(f"/contact/requests/{Inquiry.objects.get().reference}/files/", {"attached": sent})
    assert response.status_code == status and "open" in read(response).one(id="files").one("details").attributes


def test_answered_request_takes_no_more_files(client, officer):
    client.post(NEW, written())
    inquiry = Inquiry.objects.get()
    confirm(inquiry, officer)
    take_step(inquiry=inquiry, status=ANSWERED, message="はい。", by=officer)
    page = f"/contact/requests/{inquiry.reference}/"
    assert not read(client.get(page)).all("input", name="attached")
    found = [client.post(f"{page}files/", {"attached": [a_file()]}).status_code for _time in range(11)]
    assert found == [409] * 10 + [429]
    assert not Attachment.objects.exists() and not StoredFile.objects.exists()


def test_request_answered_while_files_were_stored_leaves_none_of_them(as_hanako, hanako, officer, monkeypatch):
    inquiry = an_inquiry(hanako)
    take_step(inquiry=inquiry, status=ANSWERED, message="はい。", by=officer)
    monkeypatch.setattr("disclosures.inquiries.file_views.new_uploads", lambda _inquiry, uploads: uploads)
    response = as_hanako.post(f"/my/inquiries/{inquiry.reference}/files/", {"attached": [a_file()]})
    assert response.status_code == 409 and not StoredFile.objects.exists()


def test_one_request_has_so_many_files_of_its_sender(hanako):
    inquiry = an_inquiry(hanako)
    sent = kept(*(a_file(f"{number}.pdf", PDF + bytes([number])) for number in range(MOST_OF_A_PERSON)))
    attach_more(inquiry=inquiry, kept=sent)
    client = client_of(hanako)
    response = client.post(f"/my/inquiries/{inquiry.reference}/files/", {"attached": [a_file()]})
    assert response.status_code == 422 and Attachment.objects.count() == MOST_OF_A_PERSON
    assert StoredFile.objects.count() == MOST_OF_A_PERSON


def test_too_many_files_are_refused_until_later(as_hanako, hanako):
    inquiry = an_inquiry(hanako)
    address = f"/my/inquiries/{inquiry.reference}/files/"
    found = [
        as_hanako.post(address, {"attached": [a_file(f"{n}.pdf", PDF + b"%d" % n)]}).status_code for n in range(11)
    ]
    assert found == [302] * 10 + [429]


# --- Taking ----------------------------------------------------------------------------------------------------------


def test_file_is_given_to_be_saved_and_never_to_be_shown(as_hanako, hanako):
    inquiry = an_inquiry(hanako, a_file())
    response = as_hanako.get(f"/my/inquiries/{inquiry.reference}/files/{inquiry.attachments.get().id}/")
    assert body_of(response) == PDF
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('手紙.pdf')}"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (response["X-Content-Type-Options"], response["Content-Length"]) == ("nosniff", str(len(PDF)))
    assert "no-store" in response["Cache-Control"] and "public" not in response["Cache-Control"]


def test_file_is_the_senders_alone(client, as_taro, hanako):
    inquiry = an_inquiry(hanako, a_file())
    id = inquiry.attachments.get().id
    assert as_taro.get(f"/my/inquiries/{inquiry.reference}/files/{id}/").status_code == 404
    assert as_taro.post(f"/my/inquiries/{inquiry.reference}/files/", {"attached": [a_file()]}).status_code == 404
    sender = f"/contact/requests/{inquiry.reference}/files/"
    for response in (client.get(f"{sender}{id}/"), client.post(sender, {"attached": [a_file()]})):
        assert response["Location"] == f"/contact/requests/?reference={inquiry.reference}"
    assert Attachment.objects.count() == 1


def test_file_of_another_request_is_not_found_under_this_one(client):
    client.post(NEW, written(a_file()))
    mine, other = Inquiry.objects.get(), an_inquiry(None, a_file(), body="別の質問")
    found = [
        client.get(f"/contact/requests/{mine.reference}/files/{one.attachments.get().id}/") for one in (mine, other)
    ]
    assert [response.status_code for response in found] == [200, 404]


def test_file_that_the_store_lost_is_not_found(as_hanako, hanako):
    inquiry = an_inquiry(hanako, a_file())
    attachment = inquiry.attachments.get()
    files.remove(attachment.file_name)
    assert as_hanako.get(f"/my/inquiries/{inquiry.reference}/files/{attachment.id}/").status_code == 404


# --- The desk ---------------------------------------------------------------------------------------------------------


def test_officers_download_is_written_down_and_read_by_the_person(as_officer, as_hanako, hanako):
    inquiry = an_inquiry(hanako, a_file())
    address = f"/admin/inquiries/{inquiry.pk}/files/{inquiry.attachments.get().id}/"
    assert address in as_officer.get(f"/admin/inquiries/{inquiry.pk}/").content.decode()
    assert body_of(as_officer.get(address)) == PDF
    look = RecordAccess.objects.get(what="attachment")
    assert (look.person_id, look.reason) == (hanako.pk, f"{inquiry.reference}: 手紙.pdf")
    assert "手紙.pdf" in read(as_hanako.get("/my/accesses/")).one("main").text


def test_download_from_a_connected_request_is_a_look_at_whose_it_is(as_officer, officer, hanako):
    inquiry = an_inquiry(None, a_file())
    address = f"/admin/inquiries/{inquiry.pk}/files/{inquiry.attachments.get().id}/"
    assert as_officer.get(address).status_code == 200 and not RecordAccess.objects.exists()
    link_inquiry(inquiry=inquiry, whose=hanako, reason="電話で確かめた", by=officer)
    assert body_of(as_officer.get(address)) == PDF
    assert RecordAccess.objects.get(what="attachment").person == hanako


def test_editor_and_stranger_get_no_file_from_the_desk(as_editor, as_hanako, client, hanako):
    inquiry = an_inquiry(hanako, a_file())
    address = f"/admin/inquiries/{inquiry.pk}/files/{inquiry.attachments.get().id}/"
    assert as_editor.get(address).status_code == 403
    assert as_hanako.get(address, follow=True).status_code == 403
    assert client.get(address)["Location"].startswith("/admin/login/")
    assert not RecordAccess.objects.exists()


def test_officer_sends_a_file_with_an_answer(as_officer, as_hanako, hanako):
    inquiry = an_inquiry(hanako)
    step = {"status": "answered", "message": "お送りします。", "seen": 0, "way": 1, "attached": [a_file("回答.pdf")]}
    assert as_officer.post(f"/admin/inquiries/{inquiry.pk}/", step).status_code == 302
    work_off()
    assert "ファイルは、お問い合わせのページにあります" in mail.outbox[-1].body and not mail.outbox[-1].attachments
    shown = read(as_hanako.get(f"/my/inquiries/{inquiry.reference}/")).one(id="files")
    assert shown.one("a").text == "回答.pdf" and "当社から" in shown.text
    assert body_of(as_hanako.get(shown.one("a")["href"])) == PDF


@pytest.mark.parametrize(
    ("more", "status"),
    [({"attached": [a_file("a.exe", b"MZ")]}, 422), ({"message": "", "note": "メモ", "status": "in_progress"}, 422)],
)
def test_file_that_cannot_go_out_keeps_what_the_officer_wrote(as_officer, hanako, more, status):
    inquiry = an_inquiry(hanako)
    step = {"status": "answered", "message": "お送りします。", "note": "", "seen": 0, "attached": [a_file()], **more}
    response = as_officer.post(f"/admin/inquiries/{inquiry.pk}/", step)
    assert response.status_code == status and (more.get("note") or "お送りします。") in response.content.decode()
    assert not inquiry.steps.exists() and not Attachment.objects.exists() and not StoredFile.objects.exists()


def test_answer_refused_after_its_files_were_stored_leaves_none_of_them(as_officer, officer, hanako, monkeypatch):
    inquiry = an_inquiry(hanako)
    step = {"status": "answered", "message": "お送りします。", "seen": 0, "way": 1, "attached": [a_file()]}
    monkeypatch.setattr("disclosures.inquiries.actions.refuse_unknown_sender", refuse_unknown)
    assert as_officer.post(f"/admin/inquiries/{inquiry.pk}/", step).status_code == 422
    assert not inquiry.steps.exists() and not StoredFile.objects.exists()


def refuse_unknown(standing, status):
    raise IdentityUnknown("Confirm first who the sender is.", "status")


# --- Their end --------------------------------------------------------------------------------------------------------


def test_file_of_a_form_that_came_to_nothing_goes_within_the_hour():
    kept()
    work_off()
    assert StoredFile.objects.count() == 1
    later()
    assert not StoredFile.objects.exists()


def test_files_go_with_their_request_at_the_end_of_its_time(officer):
    long_ago = timezone.now() - timedelta(days=3 * 366)
    with clock_at(long_ago):
        inquiry = an_inquiry(None, a_file())
        take_step(inquiry=inquiry, status=ANSWERED, message="はい。", kept=kept(a_file("b.pdf")), by=officer)
    work_off()
    cutoff = timezone.now() - timedelta(days=3 * 365)
    assert purge_inquiries(ids=[inquiry.pk], cutoff=cutoff).others == {"inquiry": 1}
    assert not Attachment.objects.exists() and StoredFile.objects.count() == 2
    work_off()
    assert not StoredFile.objects.exists()


def test_pages_with_files_cost_the_same_for_any_number(as_hanako, hanako, django_assert_max_num_queries):
    inquiry = an_inquiry(hanako, *(a_file(f"{n}.pdf", PDF + b"%d" % n) for n in range(5)))
    with django_assert_max_num_queries(12):
        as_hanako.get(f"/my/inquiries/{inquiry.reference}/")


@pytest.mark.parametrize(("language", "words"), [("", "ファイル"), ("/en", "Files")])
def test_page_speaks_of_files_in_its_language(as_hanako, hanako, language, words):
    inquiry = an_inquiry(hanako, a_file())
    assert read(as_hanako.get(f"{language}/my/inquiries/{inquiry.reference}/")).one(id="files").one("h2").text == words


def test_cookie_of_another_browser_opens_nothing():
    sender = Client()
    sender.post(NEW, written(a_file()))
    inquiry = Inquiry.objects.get()
    address = f"/contact/requests/{inquiry.reference}/files/{inquiry.attachments.get().id}/"
    assert (sender.get(address).status_code, Client().get(address).status_code) == (200, 302)
