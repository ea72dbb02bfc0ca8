"""What officers do about a request beside its steps: by when it is due, who the sender is, who is in charge, notes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import close_old_connections, connection
from django.utils import timezone

from disclosures.inquiries.actions import take_step
from disclosures.inquiries.metrics import inquiry_metrics
from disclosures.inquiries.queries import waiting_counts
from disclosures.inquiries.retention import purge_inquiries
from disclosures.inquiry_handling.actions import (
    check_identity,
    choose_law,
    extend_inquiry,
    give_inquiry,
    link_inquiry,
    note_inquiry,
)
from disclosures.models import (
    IdentityState,
    IdentityWay,
    Inquiry,
    InquiryEvent,
    InquiryKind,
    InquiryLaw,
    InquiryStanding,
    InquiryStatus,
    Lookup,
)
from privacycenter.database.purging import end_of_time
from privacycenter.errors import IdentityUnknown, TextChanged
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.html import read
from tests.support.inquiries import confirm, filed
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
REASON = "お電話で本人と確かめたため"


@pytest.fixture
def colleague(db):
    return make_user("colleague", is_staff=True, groups=("officers",))


def standing(inquiry) -> InquiryStanding:
    return InquiryStanding.objects.get(pk=inquiry.pk)


def address_of(inquiry) -> str:
    return f"/admin/inquiries/{inquiry.pk}/"


# --- By when ---------------------------------------------------------------------------------------------------------


def test_request_is_due_by_the_law_of_the_site_and_its_sender_reads_the_day(as_hanako, hanako, settings):
    settings.INQUIRY_LAW = "gdpr"
    with clock_at(timezone.make_aware(datetime(2026, 1, 31, 12))):
        inquiry = filed(by=hanako)
        page = read(as_hanako.get(f"/en/my/inquiries/{inquiry.reference}/")).one("main").text
    assert "We answer by Feb. 28, 2026" in page
    assert (standing(inquiry).law, str(standing(inquiry).due_on)) == ("gdpr", "2026-02-28")


def test_extension_is_told_with_its_reason_by_mail_and_on_the_status_page(as_officer, as_hanako, hanako):
    inquiry = filed(by=hanako, language="en")
    until = timezone.localdate() + 30 * DAY
    response = as_officer.post(
        address_of(inquiry), {"what": "extend", "until": until.isoformat(), "reason": "We ask two services."}
    )
    assert response.status_code == 302
    work_off()
    (told,) = mail.outbox
    assert told.to == ["hanako@example.jp"] and "later than we said" in told.subject
    assert "We ask two services." in told.body and "電話番号" not in told.body
    page = read(as_hanako.get(f"/en/my/inquiries/{inquiry.reference}/")).one("main").text
    assert "later than we said at first" in page and "We ask two services." in page
    assert standing(inquiry).is_extended and standing(inquiry).due_on == until
    assert not read(as_officer.get(address_of(inquiry))).all(id="law")  # it could only refuse from now on


def test_another_law_counts_anew_from_the_day_of_the_request_and_tells_the_new_day(as_officer, officer):
    inquiry = filed(InquiryKind.DISCLOSURE)
    assert as_officer.post(address_of(inquiry), {"what": "law", "law": "ccpa"}).status_code == 302
    assert standing(inquiry).due_on == timezone.localdate() + 45 * DAY
    work_off()
    assert len(mail.outbox) == 1
    question = filed(InquiryKind.QUESTION)
    choose_law(inquiry=question, law=InquiryLaw.GDPR, by=officer)
    work_off()
    assert len(mail.outbox) == 1


def test_what_is_overdue_is_counted_marked_and_first(as_officer, officer):
    with clock_at(timezone.now() - 20 * DAY):
        late = filed()
    in_time = filed()
    assert waiting_counts() == (2, 1)
    assert [one.samples[0].value for one in inquiry_metrics()] == [2, 1]
    assert "期限切れ1件" in read(as_officer.get("/admin/")).text
    rows = [row.one("a").text for row in read(as_officer.get("/admin/inquiries/")).one("tbody").all("tr")]
    assert rows == [late.reference, in_time.reference]
    text = read(as_officer.get("/admin/inquiries/?show=overdue")).one(id="content-main").text
    assert late.reference in text and in_time.reference not in text
    for query, count in (("identity=needed&law=appi", 2), ("identity=confirmed", 0), ("law=gdpr", 0), ("law=x", 2)):
        assert len(as_officer.get(f"/admin/inquiries/?{query}").context["page"].object_list) == count
    take_step(inquiry=late, status=InquiryStatus.DECLINED, message="できません。", by=officer)
    assert waiting_counts() == (1, 0)


# --- Who it is -------------------------------------------------------------------------------------------------------


def test_who_was_logged_in_is_known_and_others_are_not(hanako):
    kinds = (InquiryKind.STOP, InquiryKind.QUESTION)
    states = [standing(filed(kind, by=by)).identity for by in (hanako, None) for kind in kinds]
    known, needed, free = IdentityState.CONFIRMED, IdentityState.NEEDED, IdentityState.NOT_NEEDED
    assert states == [known, known, needed, free]
    assert set(InquiryEvent.objects.values_list("way", "taken_by")) == {("log_in", hanako.pk)}


@pytest.mark.parametrize("allowed_by", [IdentityState.CONFIRMED, IdentityState.NOT_NEEDED])
def test_request_of_the_law_is_answered_once_it_is_known_who_sent_it(officer, allowed_by):
    inquiry = filed()
    answer = {"inquiry": inquiry, "status": InquiryStatus.ANSWERED, "message": "直しました。", "by": officer}
    with pytest.raises(IdentityUnknown):
        take_step(**answer)
    is_confirmed = allowed_by == IdentityState.CONFIRMED
    more = {"way": IdentityWay.DOCUMENT} if is_confirmed else {"note": "個人の情報は答えに含まれないため"}
    check_identity(inquiry=inquiry, identity=allowed_by, by=officer, **more)
    take_step(**answer)
    assert standing(inquiry).answered_at is not None


def test_question_and_a_refusal_need_no_identity(officer):
    question, declined = filed(InquiryKind.QUESTION), filed()
    take_step(inquiry=question, status=InquiryStatus.ANSWERED, message="こちらです。", by=officer)
    take_step(inquiry=declined, status=InquiryStatus.DECLINED, message="できません。", by=officer)
    assert [standing(one).status for one in (question, declined)] == [InquiryStatus.ANSWERED, InquiryStatus.DECLINED]


def test_sender_who_is_asked_reads_what_to_do(client, as_officer):
    inquiry = filed()
    client.post("/contact/requests/", {"reference": inquiry.reference, "email": "hanako@example.jp"})
    page = f"/contact/requests/{inquiry.reference}/"
    assert "いま、操作は必要ありません" in read(client.get(page)).text
    asked = {"what": "identity", "identity": "3", "words": "お電話をください。", "note": "番号は控えない"}
    assert as_officer.post(address_of(inquiry), asked).status_code == 302
    work_off()
    assert "お電話をください。" in mail.outbox[-1].body and "控えない" not in mail.outbox[-1].body
    shown = read(client.get(page)).one("main").text
    assert "お電話をください。" in shown and "控えない" not in shown
    as_officer.post(address_of(inquiry), {"what": "identity", "identity": "5", "words": "確認できませんでした。"})
    assert "確認できませんでした。" in read(client.get(page)).text
    assert InquiryEvent.objects.filter(inquiry=inquiry).count() == 2


def test_desk_says_why_an_answer_is_refused_and_keeps_it(as_officer):
    inquiry = filed()
    sent = {"status": "answered", "message": "直しました。", "note": "", "seen": "0"}
    response = as_officer.post(address_of(inquiry), sent)
    page = read(response)
    assert response.status_code == 422 and "本人" in page.one(cls="errorlist").text
    assert page.one("textarea", name="message").text == "直しました。"


# --- Who does it -----------------------------------------------------------------------------------------------------


def test_officer_takes_gives_and_releases_a_request(as_officer, officer, colleague):
    inquiry = filed()
    for owner, before in ((officer.pk, ""), (colleague.pk, officer.pk), ("", colleague.pk)):
        sent = {"what": "owner", "owner": owner, "instead_of": before}
        assert as_officer.post(address_of(inquiry), sent).status_code == 302
        assert standing(inquiry).owner_id == (owner or None)
    taken = filed(email="b@example.jp")
    give_inquiry(inquiry=taken, owner=officer, instead_of=None, by=officer)

    def listed(query):
        text = read(as_officer.get(f"/admin/inquiries/?{query}")).one("tbody").text
        return [one.reference in text for one in (inquiry, taken)]

    assert listed("owner=mine") == listed(f"owner={officer.pk}") == [False, True]
    assert listed("owner=nobody") == [True, False]


def test_second_who_takes_the_same_request_is_told(as_officer, officer, colleague):
    inquiry = filed()
    give_inquiry(inquiry=inquiry, owner=colleague, instead_of=None, by=colleague)
    response = as_officer.post(address_of(inquiry), {"what": "owner", "owner": officer.pk, "instead_of": ""})
    assert response.status_code == 409 and standing(inquiry).owner == colleague


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_request_at_once_one_has_it(world, officer):
    colleague = make_user("colleague", is_staff=True, groups=("officers",))
    inquiry = filed()

    def take(owner):
        try:
            give_inquiry(inquiry=inquiry, owner=owner, instead_of=None, by=owner)
        except TextChanged:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(take, (officer, colleague))) == [False, True]
    close_old_connections()
    assert InquiryEvent.objects.count() == 1


def test_note_is_written_at_any_time_and_only_for_the_desk(as_officer, as_hanako, hanako, officer):
    inquiry = filed(by=hanako)
    take_step(inquiry=inquiry, status=InquiryStatus.CLOSED, by=officer)
    assert as_officer.post(address_of(inquiry), {"what": "note", "note": "折り返し電話"}).status_code == 302
    assert "折り返し電話" in read(as_officer.get(address_of(inquiry))).text
    assert "折り返し電話" not in read(as_hanako.get(f"/my/inquiries/{inquiry.reference}/")).text
    assert standing(inquiry).status == InquiryStatus.CLOSED


# --- Whose it is -----------------------------------------------------------------------------------------------------


def test_request_is_connected_with_a_record_and_its_person_can_read_that(as_officer, as_hanako, hanako):
    inquiry = filed()
    sent = {"what": "link", "who": hanako.subject, "reason": REASON}
    assert as_officer.post(address_of(inquiry), sent).status_code == 302
    assert standing(inquiry).whose == hanako and standing(inquiry).identity == IdentityState.NEEDED
    as_officer.get(address_of(inquiry))
    looks = [(one.what, one.reason) for one in hanako.record_accesses.order_by("accessed_at")]
    assert looks == [("inquiry_link", REASON), ("inquiry", inquiry.reference)]
    assert REASON in read(as_hanako.get("/my/accesses/")).text
    assert inquiry.reference not in read(as_hanako.get("/my/inquiries/")).text
    as_officer.post(address_of(inquiry), {"what": "unlink", "reason": "同姓同名の別の人だったため"})
    assert standing(inquiry).whose is None


def test_looking_for_nobody_is_written_down_too(as_officer):
    inquiry = filed()
    response = as_officer.post(address_of(inquiry), {"what": "link", "who": "nobody", "reason": REASON})
    assert response.status_code == 422 and not InquiryEvent.objects.exists()
    assert [one.is_found for one in Lookup.objects.all()] == [False]


def test_record_is_opened_from_the_request_with_a_reason(as_officer, hanako):
    inquiry = filed(by=hanako)
    form = read(as_officer.get(address_of(inquiry))).one(id="record")
    sent = {one["name"]: one["value"] for one in form.all("input") if one["name"] != "csrfmiddlewaretoken"}
    response = as_officer.post(form.one("form")["action"], sent)
    assert response["Location"] == f"/admin/records/{hanako.pk}/"


def test_requests_are_found_by_a_name_once_the_reason_is_written_down(as_officer, hanako):
    inquiry, other = filed(name="渡辺 花子"), filed(name="佐藤 太郎", email="b@example.jp")
    link_inquiry(inquiry=inquiry, whose=hanako, reason=REASON, by=hanako)
    text = read(as_officer.post("/admin/inquiries/", {"sender": "渡辺", "reason": REASON})).text
    assert [one.reference in text for one in (inquiry, other)] == [True, False]
    assert hanako.record_accesses.filter(what="lookup").count() == 1


# --- All together ----------------------------------------------------------------------------------------------------


def test_history_is_one_line_of_time_for_the_desk_and_names_nobody_to_the_sender(client, as_officer, officer):
    inquiry = filed(language="en")
    confirm(inquiry, officer)
    note_inquiry(inquiry=inquiry, note="secret note", by=officer)
    take_step(inquiry=inquiry, status=InquiryStatus.IN_PROGRESS, message="We are at it.", by=officer)
    page = read(as_officer.get(f"/en{address_of(inquiry)}"))
    heads = [one.text for one in page.one(id="content-main").all("h3")]
    begin = ("Identity: confirmed, by phone", "A note", "In progress")
    assert [head.startswith(words) for head, words in zip(heads, begin, strict=True)] == [True] * 3
    client.post("/contact/requests/", {"reference": inquiry.reference, "email": inquiry.email})
    shown = read(client.get(f"/en/contact/requests/{inquiry.reference}/")).one("main").text
    assert "Identity: confirmed, by phone" in shown and "We are at it." in shown
    assert "secret" not in shown and "officer" not in shown


def test_desk_page_and_list_cost_the_same_for_long_histories(as_officer, officer, django_assert_max_num_queries):
    inquiry = filed()
    note_inquiry(inquiry=inquiry, note="1", by=officer)
    as_officer.get(address_of(inquiry))  # counts what is not published yet, for the banner of the desk
    with django_assert_max_num_queries(14) as few:
        as_officer.get(address_of(inquiry))
    for number in range(10):
        note_inquiry(inquiry=inquiry, note=str(number), by=officer)
        filed(email=f"{number}@example.jp")
    with django_assert_max_num_queries(len(few)):
        as_officer.get(address_of(inquiry))
    with django_assert_max_num_queries(12):
        as_officer.get("/admin/inquiries/")


@pytest.mark.parametrize("what", ["step", "insert", "extend", "law", "identity", "owner", "note", "link", "unlink"])
def test_only_officers_do_anything_about_a_request(as_editor, as_hanako, client, as_officer, what):
    inquiry = filed()
    for other in (as_editor, as_hanako, client):
        assert other.post(address_of(inquiry), {"what": what, "note": "x"}).status_code in (302, 403)
    assert not InquiryEvent.objects.exists()
    assert as_officer.post(address_of(inquiry), {"what": "nonsense"}).status_code == 404
    assert as_officer.post(address_of(inquiry), {"what": what}).status_code in (200, 302, 422)


def test_standing_is_what_the_history_says(officer, colleague, hanako):
    """Whatever was done, the last entry of each kind is how the request stands."""
    inquiry = filed(InquiryKind.DISCLOSURE)
    choose_law(inquiry=inquiry, law=InquiryLaw.GDPR, by=officer)
    extend_inquiry(inquiry=inquiry, until=standing(inquiry).due_on + 10 * DAY, reason="多くの照会", by=officer)
    confirm(inquiry, officer)
    give_inquiry(inquiry=inquiry, owner=colleague, instead_of=None, by=officer)
    link_inquiry(inquiry=inquiry, whose=hanako, reason=REASON, by=officer)
    step = take_step(inquiry=inquiry, status=InquiryStatus.ANSWERED, message="お答えします。", by=officer)
    now, events = standing(inquiry), InquiryEvent.objects.filter(inquiry=inquiry).order_by("-pk")

    def last(name):
        return next(getattr(one, name) for one in events if getattr(one, name) not in (None, ""))

    assert [getattr(now, name) for name in ("law", "due_on", "identity", "owner", "whose")] == [
        last(name) for name in ("law", "due_on", "identity", "owner", "whose")
    ]
    assert (now.status, now.answered_at) == (step.status, step.taken_at)


def test_everything_about_a_request_goes_at_the_end_of_its_time(officer):
    now = timezone.now()
    with clock_at(end_of_time(now) - DAY):
        old, noted = filed(), filed(email="b@example.jp")
        for one in (old, noted):
            confirm(one, officer)
            take_step(inquiry=one, status=InquiryStatus.CLOSED, by=officer)
    note_inquiry(inquiry=noted, note="まだ要る", by=officer)
    removed = purge_inquiries(ids=[old.pk, noted.pk], cutoff=end_of_time(now))
    assert removed.others["inquiry"] == 1
    assert list(Inquiry.objects.all()) == [noted]
    assert set(InquiryEvent.objects.values_list("inquiry", flat=True)) == {noted.pk}
    assert list(InquiryStanding.objects.values_list("pk", flat=True)) == [noted.pk]
