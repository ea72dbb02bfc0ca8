"""Answers that the mail does not carry: on the status page, or on a page that opens once with a code."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from disclosures.inquiries.actions import take_step
from disclosures.inquiries.retention import purge_inquiries
from disclosures.models import AnswerWay, Inquiry, InquiryStatus, OneTimeEvent, OneTimePage, OneTimeStep
from disclosures.one_time.actions import close_page, open_page
from disclosures.one_time.codes import as_code, new_code
from disclosures.one_time.queries import PageState, use_of
from privacycenter.errors import NoLongerOpen
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.html import read
from tests.support.one_time import CODE, a_page, address_of, wrong
from tests.support.uploads import PDF, a_file, an_inquiry, body_of

pytestmark = pytest.mark.django_db
ANSWERED = InquiryStatus.ANSWERED


@pytest.fixture
def page(officer):
    return a_page(None, officer, a_file())


def opened(page, client=None) -> Client:
    client = client or Client()
    assert client.post(address_of(page), {"code": CODE}).status_code == 302
    return client


def state(page) -> PageState:
    return use_of(OneTimePage.objects.get(pk=page.pk)).state


def test_a_second_reader_is_noticed_and_the_door_says_when_it_closes(page, as_officer):
    at = timezone.now()
    with clock_at(at):
        first = opened(page)
        assert "2回以上" not in read(first.get(address_of(page))).one("main").text
    with clock_at(at + timedelta(minutes=20)):
        door = read(Client().get(address_of(page))).one("main").text
        closes = timezone.localtime(at + timedelta(hours=1))
        assert f"{closes.hour}:{closes:%M}" in door and "開いておける" not in door
        opened(page)
        assert "2回以上" in read(first.get(address_of(page))).one("main").text
    use = use_of(page)
    assert [moment - at for moment in use.openings] == [timedelta(0), timedelta(minutes=20)]
    assert use.open_until == at + timedelta(hours=1)


# --- What the mail says -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "code", "is_in_mail"),
    [(AnswerWay.IN_MAIL, "", True), (AnswerWay.ON_STATUS_PAGE, "", False), (AnswerWay.ONE_TIME, CODE, False)],
)
def test_mail_carries_the_message_only_where_that_was_chosen(officer, way, code, is_in_mail):
    inquiry = an_inquiry()
    take_step(inquiry=inquiry, status=ANSWERED, message="秘密の答え", way=way, code=code, by=officer)
    work_off()
    sent = mail.outbox[-1].body
    assert ("秘密の答え" in sent) is is_in_mail and CODE not in sent
    assert ("/answers/" in sent) is (way is AnswerWay.ONE_TIME)


def test_message_on_the_status_page_is_read_there(officer, as_hanako, hanako):
    inquiry = an_inquiry(hanako)
    take_step(inquiry=inquiry, status=ANSWERED, message="秘密の答え", way=AnswerWay.ON_STATUS_PAGE, by=officer)
    assert "秘密の答え" in read(as_hanako.get(f"/my/inquiries/{inquiry.reference}/")).one("main").text


def test_reference_and_address_alone_do_not_open_what_needs_a_code(page, client):
    inquiry = Inquiry.objects.get()
    client.post("/contact/requests/", {"reference": inquiry.reference, "email": inquiry.email})
    status_page = f"/contact/requests/{inquiry.reference}/"
    shown = read(client.get(status_page)).one("main").text
    assert "秘密の答え" not in shown and "手紙.pdf" not in shown and "一度だけ開けるページ" in shown
    assert client.get(f"{status_page}files/{inquiry.attachments.get().id}/").status_code == 404


def test_person_reads_it_in_their_record_too(officer, as_hanako, hanako):
    page = a_page(hanako, officer)
    shown = read(as_hanako.get(f"/my/inquiries/{page.step.inquiry.reference}/")).one("main").text
    assert "秘密の答え" in shown


# --- The desk ---------------------------------------------------------------------------------------------------------


def test_desk_shows_the_code_once_and_keeps_it_hashed(as_officer):
    inquiry = an_inquiry()
    sent = {"status": "answered", "message": "秘密の答え", "seen": 0, "way": AnswerWay.ONE_TIME.value}
    response = as_officer.post(f"/admin/inquiries/{inquiry.pk}/", sent)
    code = read(response).one(cls="one-time-code").text
    assert as_code(code) == code and "no-store" in response["Cache-Control"]
    page = OneTimePage.objects.get()
    assert code not in page.code and open_page(page=page, code=code)
    assert code not in as_officer.get(f"/admin/inquiries/{inquiry.pk}/").content.decode()


def test_desk_offers_the_mail_for_a_question_and_less_for_a_right(as_officer):
    form = read(as_officer.get(f"/admin/inquiries/{an_inquiry().pk}/"))
    (chosen,) = [one["value"] for one in form.all("input", name="way") if "checked" in one.attributes]
    assert chosen == str(AnswerWay.ON_STATUS_PAGE.value)


def test_desk_says_whether_and_when_it_was_opened(page, as_officer):
    address = f"/admin/inquiries/{page.step.inquiry_id}/"
    assert "まだ開かれていません" in read(as_officer.get(address)).one(id="content-main").text
    opened(page)
    assert "開かれた日時" in read(as_officer.get(address)).one(id="content-main").text


# --- The page ---------------------------------------------------------------------------------------------------------


def test_page_opens_with_its_code_and_shows_the_answer_and_its_files(page):
    client = Client()
    before = client.get(address_of(page))
    assert before.status_code == 200 and "秘密の答え" not in before.content.decode()
    opened(page, client)
    main = read(client.get(address_of(page))).one("main")
    assert "秘密の答え" in main.text
    assert body_of(client.get(main.one("ul", cls="rows").one("a")["href"])) == PDF


@pytest.mark.parametrize("typed", ["abcd2345", "ＡＢＣＤ－２３４５", " ab cd-23 45 "])
def test_code_is_read_as_people_type_it(page, typed):
    assert open_page(page=page, code=typed)


def test_codes_are_not_the_same_twice_and_have_no_letters_that_are_mistaken():
    codes = {new_code() for _time in range(50)}
    assert len(codes) == 50 and not set("".join(codes)) & set("ILOU") and all(as_code(one) == one for one in codes)


@pytest.mark.parametrize(("typed", "said"), [("", "コードを入力"), ("12", "8文字"), (wrong(), "あと4回")])
def test_what_is_not_the_code_opens_nothing(page, typed, said):
    response = Client().post(address_of(page), {"code": typed})
    assert response.status_code == 422 and said in read(response).one(cls="error-summary").text
    assert state(page) is PageState.WAITS


def test_five_wrong_codes_lock_the_page_for_the_right_one_too(page):
    for _time in range(5):
        assert not open_page(page=page, code=wrong())
    with pytest.raises(NoLongerOpen):
        open_page(page=page, code=CODE)
    response = Client().post(address_of(page), {"code": CODE})
    assert (response.status_code, state(page)) == (409, PageState.LOCKED)
    assert Client().get(address_of(page)).status_code == 410


def test_wrong_codes_of_others_do_not_shut_out_who_opened_it(page):
    client = opened(page)
    for _time in range(5):
        open_page(page=page, code=wrong())
    assert "秘密の答え" in client.get(address_of(page)).content.decode()
    assert Client().post(address_of(page), {"code": CODE}).status_code == 409


def test_page_is_closed_an_hour_after_it_was_opened(page):
    client = opened(page)
    with clock_at(timezone.now() + timedelta(minutes=59)):
        assert "秘密の答え" in client.get(address_of(page)).content.decode()
    with clock_at(timezone.now() + timedelta(minutes=61)):
        response = client.get(address_of(page))
        assert response.status_code == 410 and "秘密の答え" not in response.content.decode()
        file = page.step.attachments.get()
        assert client.get(f"{address_of(page)}files/{file.id}/").status_code == 302
        assert client.post(address_of(page), {"code": CODE}).status_code == 409


def test_reader_closes_the_page_for_good(page):
    client = opened(page)
    client.post(f"{address_of(page)}closings/")
    assert (state(page), client.get(address_of(page)).status_code) == (PageState.CLOSED, 410)
    client.post(f"{address_of(page)}closings/")
    assert [step.event for step in OneTimeStep.objects.all()] == [OneTimeEvent.OPENED, OneTimeEvent.CLOSED]


def test_stranger_with_the_link_closes_nothing_and_gets_no_file(page):
    opened(page)
    stranger = Client()
    stranger.post(f"{address_of(page)}closings/")
    assert state(page) is PageState.OPEN
    assert stranger.get(f"{address_of(page)}files/{page.step.attachments.get().id}/").status_code == 302
    assert "秘密の答え" not in stranger.get(address_of(page)).content.decode()


def test_page_that_was_never_opened_is_over_after_two_weeks(page):
    close_page(page=page)
    assert state(page) is PageState.WAITS
    with clock_at(timezone.now() + timedelta(days=14, minutes=1)):
        assert Client().get(address_of(page)).status_code == 410
        with pytest.raises(NoLongerOpen):
            open_page(page=page, code=CODE)


def test_link_that_is_not_ours_leads_nowhere(page):
    assert Client().get(address_of(page)[:-2] + "x/").status_code == 404


def test_too_many_tries_have_to_wait(page, officer):
    client = Client()
    for number in range(10):
        client.post(address_of(a_page(None, officer) if number % 4 == 0 else page), {"code": f"ZZZZ-999{number}"})
    assert client.post(address_of(a_page(None, officer)), {"code": CODE}).status_code == 429


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_many_wrong_codes_at_once_are_five(world, officer):
    page = a_page(None, officer)

    def guess(number):
        try:
            return open_page(page=page, code=wrong())
        except NoLongerOpen:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(guess, range(8)))
    assert (found.count(False), found.count(None)) == (5, 3)


def test_page_goes_with_its_request_at_the_end_of_its_time(officer):
    with clock_at(timezone.now() - timedelta(days=3 * 366)):
        page = a_page(None, officer)
        open_page(page=page, code=CODE)
    ids = [page.step.inquiry_id]
    assert purge_inquiries(ids=ids, cutoff=timezone.now() - timedelta(days=3 * 365)).others == {"inquiry": 1}
    assert not OneTimePage.objects.exists() and not OneTimeStep.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("", "コード"), ("/en", "Code")])
def test_door_speaks_the_language_of_its_address(page, language, words):
    assert words in read(Client().get(f"{language}{address_of(page)}")).one("label").text
