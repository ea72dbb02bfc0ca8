"""A request to the operator that recipients have to follow, too: the recall names it, and it names the recall."""

import pytest
from django.core import mail

from consents.exports.record.consent_parts import recall_entries
from consents.exports.record.record import record_of
from consents.models import RecallCase, RecallKind
from consents.recalls.about import About, AboutKind
from consents.recalls.actions import file_recall
from disclosures.inquiries.actions import Filing, file_inquiry, take_step
from disclosures.inquiries.numbers import new_token
from disclosures.inquiry_handling.actions import link_inquiry
from disclosures.models import InquiryKind, InquiryStatus
from privacycenter.errors import InvalidValue
from privacycenter.outbox.working import work_off
from tests.support.commands import verify
from tests.support.events import an_event, record
from tests.support.html import read

pytestmark = pytest.mark.django_db

INN = About(AboutKind.RECIPIENT, "minato-inn")


def sent(by, kind=InquiryKind.CORRECTION):
    filing = Filing(new_token(), kind, "花子", "hanako@example.jp", "電話番号が違います。", "", "ja")
    return file_inquiry(filing=filing, by=by)[0]


@pytest.fixture
def booked(hanako, reporter):
    record(reporter, an_event())
    return hanako


def filed(inquiry, person, officer):
    return file_recall(kind=RecallKind.CORRECT, about=INN, inquiry=inquiry.reference, for_person=person, by=officer)


def test_recall_and_request_name_each_other_to_the_person(booked, officer, as_hanako):
    inquiry = sent(booked)
    recall = filed(inquiry, booked, officer)
    page = read(as_hanako.get(f"/my/recalls/{recall.id}/")).one("main")
    assert f"/my/inquiries/{inquiry.reference}/" in [link["href"] for link in page.all("a")]
    page = read(as_hanako.get(f"/my/inquiries/{inquiry.reference}/")).one("main")
    assert f"/my/recalls/{recall.id}/" in [link["href"] for link in page.all("a")]
    assert "請求します" in page.text


def test_sender_is_told_by_mail_and_the_request_is_in_progress(booked, officer):
    inquiry = sent(booked)
    mail.outbox.clear()
    filed(inquiry, booked, officer)
    work_off()
    (step,) = inquiry.steps.all()
    assert step.status == InquiryStatus.IN_PROGRESS
    assert [one.to for one in mail.outbox if "1社に請求します" in one.body] == [["hanako@example.jp"]]


def test_desk_leads_from_the_request_to_the_form_and_to_the_case(booked, officer, as_officer):
    inquiry = sent(booked)
    path = f"/admin/inquiries/{inquiry.pk}/"
    form = f"/admin/records/{booked.pk}/recall/?inquiry={inquiry.reference}"
    links = [link["href"] for link in read(as_officer.get(path)).one(id="content-main").all("a")]
    assert f"/admin/records/?scope=whole&who={booked.subject}" in links
    assert booked.subject in read(as_officer.get(path)).one("dl", cls="desk-facts").text
    as_officer.post(
        "/admin/records/", {"who": booked.subject, "scope": "whole", "reason": "本人からの請求に答えるため"}
    )
    assert read(as_officer.get(form)).one("input", name="inquiry")["value"] == inquiry.reference
    data = {"about": INN.value, "kind": "correct", "inquiry": "PC-0000-0000-0000"}
    assert as_officer.post(form, data).status_code == 422
    assert as_officer.post(form, {**data, "inquiry": inquiry.reference.lower()}).status_code == 302
    case = RecallCase.objects.get()
    assert f"/admin/recalls/{case.pk}/" in [link["href"] for link in read(as_officer.get(path)).all("a")]


def test_request_of_nobody_known_is_named_only_once_it_is_connected_and_a_closed_one_stays_closed(
    booked, officer, as_officer
):
    inquiry = sent(None, InquiryKind.STOP)
    take_step(inquiry=inquiry, status=InquiryStatus.CLOSED, by=officer)
    with pytest.raises(InvalidValue, match="Connect"):
        filed(inquiry, booked, officer)
    link_inquiry(inquiry=inquiry, whose=booked, reason="電話番号で確かめた", by=officer)
    assert filed(inquiry, booked, officer).inquiry == inquiry.reference
    assert inquiry.steps.count() == 1
    assert inquiry.reference in as_officer.get(f"/admin/inquiries/{inquiry.pk}/").content.decode()


def test_request_connected_with_another_is_not_named_and_its_sender_is_not_mailed(booked, taro, officer):
    inquiry = sent(None, InquiryKind.STOP)
    link_inquiry(inquiry=inquiry, whose=taro, reason="電話番号で確かめた", by=officer)
    work_off()
    mail.outbox.clear()
    with pytest.raises(InvalidValue, match="sent no such request"):
        filed(inquiry, booked, officer)
    work_off()
    assert not mail.outbox and not booked.recalls.exists() and not inquiry.steps.exists()


@pytest.mark.parametrize(("kind", "said"), [("STOP", "結び付け"), ("QUESTION", "求めていません")])
def test_desk_says_why_a_request_cannot_be_named(booked, as_officer, kind, said):
    inquiry = sent(booked if kind == "QUESTION" else None, InquiryKind[kind])
    as_officer.post(
        "/admin/records/", {"who": booked.subject, "scope": "whole", "reason": "本人からの請求に答えるため"}
    )
    data = {"about": INN.value, "kind": "correct", "inquiry": inquiry.reference}
    answer = as_officer.post(f"/admin/records/{booked.pk}/recall/", data)
    assert answer.status_code == 422 and said in answer.content.decode()


def test_what_the_sender_reads_is_in_their_language_and_names_a_page_they_have(booked, officer):
    theirs, connected = sent(booked), sent(None)
    link_inquiry(inquiry=connected, whose=booked, reason="電話番号で確かめた", by=officer)
    filed(theirs, booked, officer)
    file_recall(kind=RecallKind.DELETE, about=INN, inquiry=connected.reference, for_person=booked, by=officer)
    (one,), (other,) = theirs.steps.all(), connected.steps.all()
    assert "1社" in one.message and "提供先への請求" in one.message.splitlines()[1]
    assert "1社" in other.message and len(other.message.splitlines()) == 1
    # The note would be in the language of the officer; the page lists the recalls itself.
    assert (one.note, other.note) == ("", "")


def test_question_offers_no_recall(booked, as_officer):
    inquiry = sent(booked, InquiryKind.QUESTION)
    assert not read(as_officer.get(f"/admin/inquiries/{inquiry.pk}/")).all(id="recalls")


def test_request_is_in_the_files_and_what_is_sealed_fits(booked, officer):
    inquiry = sent(booked)
    recall = filed(inquiry, booked, officer)
    work_off()
    (entry,) = recall_entries(record_of(booked, {}, recall.asked_at))
    assert entry["inquiry"] == inquiry.reference
    assert "Everything is as it was written." in verify()
