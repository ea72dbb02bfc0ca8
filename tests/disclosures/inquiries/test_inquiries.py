"""Requests to the operator: filed once, confirmed by mail, looked up by their sender alone, answered at the desk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import close_old_connections, connection
from django.test import Client
from django.utils import timezone

from disclosures.inquiries.actions import file_inquiry, take_step
from disclosures.inquiries.forms import InquiryForm
from disclosures.inquiries.numbers import as_reference, new_token
from disclosures.inquiries.queries import waiting_counts
from disclosures.inquiries.views import FILING, LOOKING_UP
from disclosures.models import Inquiry, InquiryStatus, InquiryStep, Lookup
from privacycenter.errors import InvalidValue, NoLongerOpen, TextChanged
from privacycenter.models import CacheEntry, User
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.html import read
from tests.support.inquiries import confirm
from tests.support.people import client_of

NEW, LOOK_UP = "/contact/requests/new/", "/contact/requests/"
WRITTEN = {"kind": "correction", "name": "山田 花子", "email": "hanako@example.jp", "body": "電話番号が違います。"}


def written(**more) -> dict:
    return {**WRITTEN, "token": new_token(), "website": "", **more}


def sent(client, **more) -> Inquiry:
    response = client.post(NEW, written(**more))
    assert response.status_code == 302, read(response).text
    return Inquiry.objects.latest("pk")


# --- Writing one -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_contact_page_leads_to_the_form_of_each_kind(client):
    addresses = [link["href"] for link in read(client.get("/contact/")).one("main").all("a")]
    kinds = [address.partition("?kind=")[2] for address in addresses if address.startswith(NEW)]
    assert kinds == ["disclosure", "correction", "stop", "abroad", "question"]
    assert LOOK_UP in addresses


@pytest.mark.django_db
def test_nothing_is_chosen_beforehand_unless_the_address_names_a_kind(client):
    def chosen(address):
        return [
            one["value"] for one in read(client.get(address)).all("input", name="kind") if "checked" in one.attributes
        ]

    assert (chosen(NEW), chosen(f"{NEW}?kind=stop"), chosen(f"{NEW}?kind=nonsense")) == ([], ["stop"], [])


@pytest.mark.django_db
def test_stranger_files_a_request_and_sees_its_number_and_status(client):
    response = client.post(NEW, written(), follow=True)
    inquiry = Inquiry.objects.get()
    assert response.redirect_chain == [(f"/contact/requests/{inquiry.reference}/", 302)]
    main = read(response).one("main")
    assert inquiry.reference in main.text
    assert "電話番号が違います。" in main.text and "受付" in main.text
    assert (inquiry.asked_by, inquiry.language, inquiry.about) == (None, "ja", "")


@pytest.mark.django_db
def test_same_form_sent_twice_is_one_request(client):
    form = written()
    first, second = client.post(NEW, form), client.post(NEW, form)
    assert first["Location"] == second["Location"]
    assert Inquiry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_same_form_sent_at_the_same_moment_is_one_request(world):
    form = written()

    def send(_number):
        try:
            return Client().post(NEW, form)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(send, range(4)))) == 1
    close_old_connections()
    assert Inquiry.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": ""}, "kind"), ({"kind": "money"}, "kind"), ({"name": " "}, "name"), ({"name": "x" * 201}, "name"),
        ({"email": "nobody"}, "email"), ({"email": ""}, "email"), ({"body": ""}, "body"), ({"body": "あ" * 5001}, "body"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named_and_what_was_written_stays(client, wrong, field):
    response = client.post(NEW, written(**wrong))
    page = read(response)
    assert response.status_code == 422 and Inquiry.objects.count() == 0
    assert any(link["href"].startswith(f"#id_{field}") for link in page.one(cls="error-summary").all("a"))
    if field != "body":
        assert page.one("textarea").text == WRITTEN["body"]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"token": "made-up"}, {"token": ""}, {"website": "https://spam.example/"}])
def test_form_that_a_program_made_up_is_shown_again_and_works_then(client, wrong):
    response = client.post(NEW, written(**wrong))
    assert response.status_code == 422 and Inquiry.objects.count() == 0
    fields = {one["name"]: one["value"] or "" for one in read(response).one("form", cls="form").all("input")}
    again = {**WRITTEN, "token": fields["token"], "website": fields["website"]}
    assert client.post(NEW, again).status_code == 302


@pytest.mark.django_db
def test_form_is_good_for_one_request(client):
    form = written()
    assert [client.post(NEW, form).status_code for _time in range(2)] == [302, 302]
    response = client.post(NEW, {**form, "body": "もうひとつ"})
    assert response.status_code == 422 and Inquiry.objects.count() == 1
    fields = {one["name"]: one["value"] or "" for one in read(response).one("form", cls="form").all("input")}
    assert fields["token"] != form["token"]
    assert client.post(NEW, {**form, "body": "もうひとつ", "token": fields["token"]}).status_code == 302


@pytest.mark.django_db
def test_form_of_yesterday_is_shown_again_and_works_then(client):
    with clock_at(timezone.now() - timedelta(hours=25)):
        form = written()
    response = client.post(NEW, form)
    assert response.status_code == 422 and Inquiry.objects.count() == 0
    fields = {one["name"]: one["value"] or "" for one in read(response).one("form", cls="form").all("input")}
    assert client.post(NEW, {**form, "token": fields["token"]}).status_code == 302


@pytest.mark.django_db
def test_line_ends_of_browsers_count_once(client):
    inquiry = sent(client, body="一\r\n二" + "あ" * 4997)
    assert inquiry.body.startswith("一\n二")


@pytest.mark.django_db
def test_text_is_shown_as_text(client):
    inquiry = sent(client, body="<script>alert(1)</script>")
    assert "&lt;script&gt;" in client.get(f"/contact/requests/{inquiry.reference}/").content.decode()


@pytest.mark.django_db
def test_too_many_requests_are_refused_until_later(client):
    for number in range(FILING.amount):
        sent(client, body=f"質問 {number}", email=f"{number}@example.jp")
    response = client.post(NEW, written(body="もうひとつ"))
    assert response.status_code == 429
    assert Inquiry.objects.count() == FILING.amount
    assert read(response).one("textarea").text == "もうひとつ"


@pytest.mark.django_db
def test_many_to_one_address_are_refused_whoever_sends_them():
    for number in range(FILING.amount):
        sent(Client(), body=f"質問 {number}")
    assert Client().post(NEW, written(body="もうひとつ")).status_code == 429


@pytest.mark.django_db
def test_form_sent_again_counts_once(client):
    form = written()
    for _time in range(FILING.amount + 3):
        assert client.post(NEW, form).status_code == 302
    assert sent(client, body="もうひとつ")


@pytest.mark.django_db
def test_refusal_says_how_long_to_wait(client):
    for number in range(FILING.amount):
        sent(client, body=f"質問 {number}")
    response = client.post(NEW, written(body="もうひとつ"))
    assert "60分後にもう一度お試しください。" in read(response).one(cls="error-summary").text


@pytest.mark.django_db
def test_pages_count_nothing_and_begin_no_session(client):
    for path in (NEW, LOOK_UP):
        client.get(path)
    assert not CacheEntry.objects.exists() and not Session.objects.exists()


# --- About something -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_person_asks_about_a_disclosure_from_its_page(as_hanako, hanako, disclosure):
    links = read(as_hanako.get(f"/my/disclosures/{disclosure.id}/")).all("a", href=f"{NEW}?about={disclosure.id}")
    assert len(links) == 1
    form = read(as_hanako.get(links[0]["href"]))
    assert form.one("input", name="about")["value"] == str(disclosure.id)
    assert "湯宿 みなと" in form.one("main").text
    inquiry = sent(as_hanako, about=str(disclosure.id))
    assert (inquiry.asked_by, inquiry.about) == (hanako, str(disclosure.id))


@pytest.mark.django_db
def test_disclosure_of_another_person_is_not_told(as_taro, client, disclosure):
    for other in (as_taro, client):
        page = read(other.get(f"{NEW}?about={disclosure.id}"))
        assert page.all("input", name="about") == [] and "湯宿" not in page.text
        response = other.post(NEW, written(about=str(disclosure.id)))
        assert response.status_code == 422 and "湯宿" not in read(response).text
    assert Inquiry.objects.count() == 0


@pytest.mark.django_db
def test_anyone_asks_about_a_scenario(client):
    assert sent(client, about="online-booking").about == "online-booking"
    assert read(client.get(f"{NEW}?about=no-such-scene")).all("input", name="about") == []


# --- Mail ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_confirmation_is_sent_after_the_commit_and_repeats_nothing_that_was_written(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.defaults["HTTP_HOST"] = "evil.example"
    inquiry = sent(client)
    assert settings.SITE_ADDRESS.startswith("http://127.0.0.1")
    assert mail.outbox == []
    work_off()
    (confirmation,) = mail.outbox
    assert confirmation.to == [WRITTEN["email"]]
    assert inquiry.reference in confirmation.subject and inquiry.reference in confirmation.body
    assert f"{settings.SITE_ADDRESS}/contact/requests/{inquiry.reference}/" in confirmation.body
    assert WRITTEN["body"] not in confirmation.body and "花子" not in confirmation.subject + confirmation.body


@pytest.mark.django_db
def test_stranger_causes_one_mail_to_an_address_and_no_more(client):
    for number in range(3):
        sent(Client(), body=f"質問 {number}", email="Somebody@example.jp" if number else "somebody@example.jp")
    response = client.post(NEW, written(email="somebody@example.jp"), follow=True)
    assert "今回は確認のメールをお送りしません" in read(response).text
    work_off()
    assert len(mail.outbox) == 1 and Inquiry.objects.count() == 4


@pytest.mark.django_db
def test_person_gets_every_confirmation_at_her_own_address(as_hanako, hanako):
    User.objects.filter(pk=hanako.pk).update(email="hanako@example.jp")
    for number in range(2):
        sent(as_hanako, body=f"質問 {number}")
    work_off()
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_mail_is_in_the_language_of_the_request(client):
    client.post(f"/en{NEW}", written())
    work_off()
    assert "We received your request" in mail.outbox[0].subject
    assert "/en/contact/requests/" in mail.outbox[0].body


@pytest.mark.django_db
def test_mail_that_cannot_be_sent_is_tried_again(client, monkeypatch, settings):
    inquiry = sent(client)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse_to_send)
        assert work_off() == 0
    with clock_at(timezone.now() + timedelta(minutes=5)):
        assert work_off() == 1
    assert [one.to for one in mail.outbox] == [[inquiry.email]]


def refuse_to_send(self, fail_silently=False):
    raise ConnectionRefusedError("no mail server")


# --- Looking one up --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_status_is_looked_up_with_number_and_address(client):
    inquiry = sent(client)
    stranger = Client()
    page = f"/contact/requests/{inquiry.reference}/"
    assert stranger.get(page)["Location"] == f"{LOOK_UP}?reference={inquiry.reference}"
    typed = f" {inquiry.reference.lower().replace('-', ' ')} "
    assert stranger.post(LOOK_UP, {"reference": typed, "email": "HANAKO@example.jp"})["Location"] == page
    assert inquiry.reference in read(stranger.get(page)).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"email": "taro@example.jp"}, {"reference": "PC-2611-0000-0000"}, {"reference": "nonsense"}]
)
def test_wrong_number_and_wrong_address_are_told_alike(client, wrong):
    inquiry = sent(client)
    stranger = Client()
    right = {"reference": inquiry.reference, "email": WRITTEN["email"]}
    response = stranger.post(LOOK_UP, {**right, **wrong})
    assert response.status_code == 422
    assert (
        read(response).one(cls="error-summary").one("ul").text
        == "この番号とメールアドレスのお問い合わせは見つかりません。両方をお確かめください。"
    )
    assert stranger.get(f"/contact/requests/{inquiry.reference}/").status_code == 302


@pytest.mark.django_db
def test_guessing_is_stopped_also_from_many_browsers(client):
    inquiry = sent(client)
    for _number in range(LOOKING_UP.amount):
        Client().post(LOOK_UP, {"reference": inquiry.reference, "email": "x@example.jp"})
    right = Client().post(LOOK_UP, {"reference": inquiry.reference, "email": WRITTEN["email"]})
    assert right.status_code == 429


@pytest.mark.django_db
def test_number_that_does_not_exist_looks_like_one_that_does(client):
    assert client.get("/contact/requests/PC-2611-0000-0000/").status_code == 302


# --- A person's own --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_person_finds_their_requests_in_their_record(as_hanako, as_taro, hanako):
    response = as_hanako.post(NEW, written(), follow=True)
    inquiry = Inquiry.objects.get()
    assert response.redirect_chain[0][0] == f"/my/inquiries/{inquiry.reference}/"
    assert inquiry.reference in read(as_hanako.get("/my/inquiries/")).text
    assert inquiry.reference not in read(as_taro.get("/my/inquiries/")).text
    assert as_taro.get(f"/my/inquiries/{inquiry.reference}/").status_code == 404
    assert as_taro.get("/my/inquiries/PC-2611-0000-0000/").status_code == 404


@pytest.mark.django_db
def test_status_begins_with_a_capital_where_it_stands_alone(as_hanako):
    as_hanako.post(NEW, written())
    inquiry = Inquiry.objects.get()
    page = read(as_hanako.get(f"/en/my/inquiries/{inquiry.reference}/"))
    assert "Received" in [strong.text for strong in page.one("main").all("strong")]
    assert read(as_hanako.get("/en/my/inquiries/")).one("ul", cls="rows").one("p").text.endswith("Received")


@pytest.mark.django_db
def test_list_of_ones_own_costs_the_same_for_many(as_hanako, hanako, django_assert_max_num_queries):
    def write(count):
        for number in range(count):
            form = InquiryForm(written(body=f"質問 {number}"))
            assert form.is_valid()
            file_inquiry(filing=form.filing(), by=hanako)

    write(2)
    with django_assert_max_num_queries(6) as few:
        as_hanako.get("/my/inquiries/")
    write(60)
    with django_assert_max_num_queries(len(few)):
        page = read(as_hanako.get("/my/inquiries/"))
    assert len(page.one("main").one("ul", cls="rows").all("a")) == 50
    assert page.one("a", rel="next")["href"] == "?page=2"


# --- The desk --------------------------------------------------------------------------------------------------------


def step(page, **more) -> dict:
    """What the form on this page sends."""
    seen = read(page).one("input", name="seen")["value"]
    return {"status": "in_progress", "message": "", "note": "", "seen": seen, **more}


@pytest.mark.django_db
def test_officer_answers_and_the_sender_is_told(as_officer, client):
    inquiry = sent(client)
    work_off()
    address = f"/admin/inquiries/{inquiry.pk}/"
    assert inquiry.reference in read(as_officer.get("/admin/inquiries/")).text
    confirm(inquiry, User.objects.get(username="officer"))
    as_officer.post(address, step(as_officer.get(address), note="本人確認が必要"))
    answered = as_officer.post(address, step(as_officer.get(address), status="answered", message="直しました。"))
    assert answered.status_code == 302
    work_off()
    assert ["本人確認が必要" in one.body for one in mail.outbox] == [False, False, False]
    assert "直しました。" in mail.outbox[-1].body
    shown = read(client.get(f"/contact/requests/{inquiry.reference}/")).one("main").text
    assert "回答済み" in shown and "直しました。" in shown and "本人確認が必要" not in shown
    assert inquiry.reference not in read(as_officer.get("/admin/inquiries/")).one(id="content-main").text
    assert inquiry.reference in read(as_officer.get("/admin/inquiries/?show=answered")).text


@pytest.mark.django_db
def test_second_officer_is_told_of_the_first_ones_step(as_officer, client, officer):
    inquiry = sent(client)
    address = f"/admin/inquiries/{inquiry.pk}/"
    confirm(inquiry, officer)
    opened = as_officer.get(address)
    take_step(inquiry=inquiry, status=InquiryStatus.ANSWERED, message="先に回答しました。", by=officer)
    response = as_officer.post(address, step(opened, status="answered", message="私の回答"))
    page = read(response)
    assert response.status_code == 409 and InquiryStep.objects.count() == 1
    assert "先に回答しました。" in page.text
    assert page.one("textarea", name="message").text == "私の回答"
    assert page.one("input", name="seen")["value"] == "1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"status": ""}, {"status": "received"}, {"status": "answered", "message": " "}, {"message": "x" * 5001}, {"seen": "x"}],
)  # fmt: skip
def test_step_that_cannot_be_taken_is_told(as_officer, client, wrong):
    inquiry = sent(client)
    address = f"/admin/inquiries/{inquiry.pk}/"
    response = as_officer.post(address, step(as_officer.get(address), **wrong))
    assert response.status_code == 422 and InquiryStep.objects.count() == 0
    assert read(response).all(cls="errorlist")


@pytest.mark.django_db
def test_closed_request_can_only_be_taken_up_again(client, officer):
    inquiry = sent(client)
    take_step(inquiry=inquiry, status=InquiryStatus.CLOSED, by=officer)
    with pytest.raises(NoLongerOpen):
        take_step(inquiry=inquiry, status=InquiryStatus.ANSWERED, message="回答", by=officer)
    take_step(inquiry=inquiry, status=InquiryStatus.IN_PROGRESS, by=officer)
    assert waiting_counts()[0] == 1


@pytest.mark.django_db
def test_step_that_says_nothing_is_refused(client, officer):
    inquiry = sent(client)
    take_step(inquiry=inquiry, status=InquiryStatus.IN_PROGRESS, by=officer)
    with pytest.raises(InvalidValue):
        take_step(inquiry=inquiry, status=InquiryStatus.IN_PROGRESS, by=officer)
    with pytest.raises(TextChanged):
        take_step(inquiry=inquiry, status=InquiryStatus.ANSWERED, message="回答", seen=0, by=officer)


@pytest.mark.django_db
def test_desk_of_requests_is_the_officers_alone(as_editor, as_hanako, client):
    inquiry = sent(client)
    for path in ("/admin/inquiries/", f"/admin/inquiries/{inquiry.pk}/"):
        assert as_editor.get(path).status_code == 403
        assert as_hanako.get(path, follow=True).status_code == 403
        assert "/login/" in client.get(path)["Location"]
    assert as_editor.post(f"/admin/inquiries/{inquiry.pk}/", {"status": "closed", "seen": 0}).status_code == 403
    assert InquiryStep.objects.count() == 0


@pytest.mark.django_db
def test_requests_of_an_address_are_listed_once_the_reason_is_written_down(as_officer, hanako):
    filed = sent(client_of(hanako), email="a@example.jp")
    other = sent(Client(), kind="question", email="b@example.jp")
    assert "a@example.jp" not in as_officer.get("/admin/inquiries/?show=all").content.decode()
    refused = as_officer.post("/admin/inquiries/", {"sender": "A@example.jp", "reason": ""})
    assert refused.status_code == 422 and not Lookup.objects.exists()
    asked = {"sender": "A@example.jp", "reason": "番号を失くしたとの電話のため"}
    text = read(as_officer.post("/admin/inquiries/", asked)).text
    assert [row.reference in text for row in (filed, other)] == [True, False]
    as_officer.post("/admin/inquiries/", {**asked, "sender": "nobody@example.jp"})
    assert [(one.is_found, one.reason) for one in Lookup.objects.order_by("looked_up_at")] == [
        (True, asked["reason"]), (False, asked["reason"]),
    ]  # fmt: skip
    assert [(one.what, one.reason) for one in hanako.record_accesses.all()] == [("lookup", asked["reason"])]


def test_list_is_narrowed_by_kind_and_number(as_officer, client):
    one = sent(client, kind="correction", email="a@example.jp")
    other = sent(client, kind="question", email="b@example.jp")

    def shown(query):
        text = read(as_officer.get(f"/admin/inquiries/?{query}")).one(id="content-main").text
        return [row.reference in text for row in (one, other)]

    assert shown("kind=question") == [False, True]
    assert shown(f"q={one.reference.lower()}") == [True, False]
    assert shown("q=B@example.jp") == [False, False]
    assert shown("q=nothing") == [False, False]
    assert shown("kind=nonsense&show=nonsense&page=x") == [True, True]


@pytest.mark.django_db
def test_request_that_does_not_exist_is_not_found_at_the_desk(as_officer):
    assert as_officer.get("/admin/inquiries/999999/").status_code == 404


# --- Reference numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("PC-2611-ABCD-EFGH", "PC-2611-ABCD-EFGH"), ("pc2611abcdefgh", "PC-2611-ABCD-EFGH"),
        ("ＰＣ－２６１１－ABCD－EFGH", "PC-2611-ABCD-EFGH"), ("PC-2611-O1LI-0000", "PC-2611-0111-0000"),
        ("", ""), ("PC-2611", ""), ("x" * 1000, ""), ("PC-26AB-ABCD-EFGH", ""), ("PC-2611-ABCD-EFGU", ""),
    ],
)  # fmt: skip
def test_number_is_read_as_people_type_it(typed, meant):
    assert as_reference(typed) == meant
