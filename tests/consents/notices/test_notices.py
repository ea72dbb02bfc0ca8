"""Being told: once each, as often as one wants, and without giving anything away."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.asking.topics import APPROVAL_ENDING, AboutDecision
from consents.models import Frequency, Mailing, Notice, NoticeKind, NoticeReading, Preference, StepKind
from consents.notices.actions import NewNotice, choose_preference, digest_day, give_notices
from consents.notices.followers import mail_digest, notice_disclosures
from consents.notices.queries import unread_count
from consents.notices.topics import DIGEST_DUE
from consents.notices.unsubscribing import unsubscribe_token
from consents.withdrawals.actions import take_withdrawal_step
from consents.withdrawals.topics import WITHDRAWAL_MOVED, WithdrawalMoved
from disclosures.ledger.recording import record_disclosures
from disclosures.ledger.topics import DISCLOSURES_RECORDED
from privacycenter.models import OutboxRow
from privacycenter.outbox.leaving import leave
from privacycenter.outbox.working import work_off
from tests.support.asking import answer
from tests.support.events import a_survey_event, an_event
from tests.support.html import filled_in, read

pytestmark = pytest.mark.django_db

NORTHWIND = "Northwind Analytics, Inc."


def kinds(person) -> list[NoticeKind]:
    return [NoticeKind(kind) for kind in person.notices.order_by("kind").values_list("kind", flat=True)]


def some_notices(person, count, kind=NoticeKind.FLAGGED):
    give_notices(notices=[NewNotice(person.pk, uuid4(), kind) for _n in range(count)], at=timezone.now())


@pytest.fixture
def reachable(hanako):
    hanako.email = "hanako@example.com"
    hanako.save()
    return hanako


# --- What is told ----------------------------------------------------------------------------------------------------


def test_new_request_is_told(hanako, open_request):
    work_off()
    assert kinds(hanako) == [NoticeKind.REQUEST]
    assert hanako.notices.get().about_id == open_request.id


def test_request_that_was_answered_meanwhile_is_no_news(hanako, open_request):
    answer(hanako, open_request)
    work_off()
    assert kinds(hanako) == []


def test_new_recipient_is_told_the_first_time_only(hanako, reporter):
    for name in ("1", "2"):
        record_disclosures(events=[an_event(name)], by=reporter)
        work_off()
    assert kinds(hanako) == [NoticeKind.NEW_RECIPIENT]


def test_new_recipient_is_told_although_two_batches_came_before_the_worker(hanako, reporter):
    record_disclosures(events=[an_event("1")], by=reporter)
    record_disclosures(events=[an_event("2")], by=reporter)
    work_off()
    assert kinds(hanako) == [NoticeKind.NEW_RECIPIENT]


def test_recipient_known_before_there_were_notices_is_no_news(hanako, reporter):
    record_disclosures(events=[an_event("1")], by=reporter)
    OutboxRow.objects.all().delete()
    record_disclosures(events=[an_event("2")], by=reporter)
    work_off()
    assert kinds(hanako) == []


def test_recipient_that_is_new_to_one_person_is_no_news_to_another(hanako, taro, reporter):
    record_disclosures(events=[an_event("1")], by=reporter)
    work_off()
    record_disclosures(events=[an_event("2", subject=taro.subject)], by=reporter)
    work_off()
    assert (kinds(hanako), kinds(taro)) == ([NoticeKind.NEW_RECIPIENT], [NoticeKind.NEW_RECIPIENT])


def test_flagged_disclosure_is_told(hanako, reporter):
    record_disclosures(events=[a_survey_event()], by=reporter)
    work_off()
    assert kinds(hanako) == [NoticeKind.NEW_RECIPIENT, NoticeKind.FLAGGED]


def test_approval_that_is_about_to_end_is_told(hanako, decision):
    leave(APPROVAL_ENDING, AboutDecision(person=hanako.pk, decision=decision.id))
    work_off()
    assert NoticeKind.APPROVAL_ENDING in kinds(hanako)


def test_approval_that_was_withdrawn_does_not_end(hanako, decision):
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    leave(APPROVAL_ENDING, AboutDecision(person=hanako.pk, decision=decision.id))
    work_off()
    assert NoticeKind.APPROVAL_ENDING not in kinds(hanako)


def said(client) -> list[str]:
    rows = read(client.get("/en/my/notices/")).one("main").one("ul", cls="rows").all("a")
    return [row.text.removeprefix("New: ") for row in rows]


def test_notice_of_an_approval_that_no_longer_holds_says_so(as_hanako, hanako, decision):
    leave(APPROVAL_ENDING, AboutDecision(person=hanako.pk, decision=decision.id))
    work_off()
    assert f"{NORTHWIND}: your approval ends soon" in said(as_hanako)
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    assert f"{NORTHWIND}: an approval was to end soon, and no longer holds" in said(as_hanako)


def test_notice_of_a_request_that_was_answered_says_so(as_hanako, hanako, open_request):
    work_off()
    assert said(as_hanako) == [f"{NORTHWIND}: a request waits for your answer"]
    answer(hanako, open_request)
    assert said(as_hanako) == [f"{NORTHWIND}: a request came, which no longer waits for your answer"]


def test_each_step_of_a_withdrawal_is_told_once(hanako):
    withdrawal = uuid4()
    for step in ("told", "told", "deleted"):
        leave(WITHDRAWAL_MOVED, WithdrawalMoved(person=hanako.pk, withdrawal=withdrawal, step=step))
    work_off()
    assert kinds(hanako) == [NoticeKind.WITHDRAWAL_MOVED] * 2


def test_notice_of_a_withdrawal_names_the_recipient(hanako, decision):
    withdrawal = withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    leave(WITHDRAWAL_MOVED, WithdrawalMoved(person=hanako.pk, withdrawal=withdrawal.id, step="told"))
    work_off()
    assert hanako.notices.get(kind=NoticeKind.WITHDRAWAL_MOVED).recipient == decision.recipient


def test_notice_of_a_killed_worker_is_given_once(hanako, reporter):
    record_disclosures(events=[a_survey_event()], by=reporter)
    row = OutboxRow.objects.get(follower="notices")
    for _time in range(2):
        notice_disclosures(DISCLOSURES_RECORDED.from_json(row.payload))
    assert kinds(hanako) == [NoticeKind.NEW_RECIPIENT, NoticeKind.FLAGGED]


def test_cost_of_telling_does_not_grow_with_the_batch(hanako, reporter):
    def statements(size):
        record_disclosures(events=[an_event(f"{size}-{n}", subject=f"s-{size}-{n}") for n in range(size)], by=reporter)
        row = OutboxRow.objects.filter(follower="notices").latest("id")
        with CaptureQueriesContext(connection) as captured:
            notice_disclosures(DISCLOSURES_RECORDED.from_json(row.payload))
        return len(captured)

    assert statements(2) == statements(40)


# --- On the site -----------------------------------------------------------------------------------------------------


def test_list_leads_to_what_each_notice_is_about(as_hanako, open_request, decision, reporter):
    record_disclosures(events=[a_survey_event(items=("survey-answers",))], by=reporter)
    work_off()
    links = [row.all("a")[0]["href"] for row in read(as_hanako.get("/my/notices/")).one("ul", cls="rows").all("li")]
    assert {as_hanako.get(link).status_code for link in links} == {200}
    assert any("flagged=on" in link for link in links)


def test_notices_are_unread_until_they_are_marked(as_hanako, hanako):
    some_notices(hanako, 3)
    form = read(as_hanako.get("/my/notices/")).one("main").one("form")
    shown = [field["value"] for field in form.all("input", name="notice")]
    some_notices(hanako, 1)
    as_hanako.post("/my/notices/readings/", {"notice": shown})
    assert (len(shown), unread_count(hanako)) == (3, 1)


def test_marking_twice_writes_one_mark(as_hanako, hanako):
    some_notices(hanako, 1)
    for _time in range(2):
        as_hanako.post("/my/notices/readings/", {"notice": [str(hanako.notices.get().id)]})
    assert NoticeReading.objects.count() == 1


def test_notice_of_another_person_cannot_be_marked(as_taro, hanako):
    some_notices(hanako, 1)
    as_taro.post("/my/notices/readings/", {"notice": [str(hanako.notices.get().id)]})
    assert unread_count(hanako) == 1 and not NoticeReading.objects.exists()


@pytest.mark.parametrize("notice", [[], ["x"], ["\x00"], [str(UUID(int=7))]])
def test_marking_rubbish_changes_nothing(as_hanako, notice):
    assert as_hanako.post("/my/notices/readings/", {"notice": notice}).status_code == 302
    assert not NoticeReading.objects.exists()


def test_list_of_a_stranger_is_empty(as_taro, hanako):
    some_notices(hanako, 2)
    assert read(as_taro.get("/my/notices/")).one("main").all(cls="empty")


def test_list_is_paged_and_costs_the_same(as_hanako, hanako):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            page = read(as_hanako.get("/my/notices/"))
        return len(captured), page

    some_notices(hanako, 1)
    few, _page = statements()
    some_notices(hanako, 40)
    many, page = statements()
    older = page.one("a", rel="next")["href"]
    assert many == few <= 6
    assert len(page.one("ul", cls="rows").all("li")) == 30
    assert len(read(as_hanako.get(f"/my/notices/{older}")).one("ul", cls="rows").all("li")) == 11


# --- By mail ---------------------------------------------------------------------------------------------------------


def morning():
    """It is eight o'clock: every digest that waits is due."""
    OutboxRow.objects.filter(topic="digest.due").update(due_at=timezone.now())
    work_off()


def test_digest_is_one_mail_however_many_notices(reachable, reporter, open_request):
    record_disclosures(events=[a_survey_event(), an_event()], by=reporter)
    work_off()
    assert mail.outbox == []
    morning()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["hanako@example.com"], "あなたのデータについてのお知らせ(4件)")


def test_digest_counts_nothing_that_is_no_longer_so(reachable, open_request):
    work_off()
    answer(reachable, open_request, "name")
    morning()
    assert mail.outbox == []


def test_digest_waits_for_eight_in_the_morning(reachable):
    some_notices(reachable, 1)
    due = timezone.localtime(OutboxRow.objects.get(topic="digest.due").due_at)
    assert (due.hour, due.minute) == (8, 0)
    assert timedelta(0) < due - timezone.now() <= timedelta(days=1)


def test_digest_gives_no_names_away(reachable, reporter, open_request):
    record_disclosures(events=[a_survey_event(), an_event()], by=reporter)
    work_off()
    morning()
    text = mail.outbox[0].subject + mail.outbox[0].body
    assert "お知らせ" in text
    assert not [word for word in ("湯宿", "Northwind", "じゃらん", "hanako@", "subject-", "氏名") if word in text]


def test_digest_is_in_the_language_of_the_person(reachable):
    choose_preference(language="en", by=reachable)
    some_notices(reachable, 1)
    morning()
    assert mail.outbox[0].subject == "1 notice about your data"
    assert "/en/my/notices/" in mail.outbox[0].body


def test_digest_of_a_killed_worker_is_not_sent_again(reachable):
    some_notices(reachable, 1)
    payload = OutboxRow.objects.get(topic="digest.due").payload
    morning()
    mail_digest(DIGEST_DUE.from_json(payload))
    assert (len(mail.outbox), Mailing.objects.count()) == (1, 1)


def test_notices_of_one_day_are_one_digest_also_when_work_is_left_twice(reachable):
    some_notices(reachable, 1)
    some_notices(reachable, 1)
    assert OutboxRow.objects.filter(topic="digest.due").count() == 2
    morning()
    assert [sent.subject for sent in mail.outbox] == ["あなたのデータについてのお知らせ(2件)"]


def test_digest_that_cannot_be_sent_is_sent_later(reachable, monkeypatch):
    some_notices(reachable, 1)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: 1 / 0)
    morning()
    assert OutboxRow.objects.get(topic="digest.due").attempt_count == 1
    monkeypatch.undo()
    morning()
    assert len(mail.outbox) == 1


def test_nothing_is_sent_when_all_was_read(as_hanako, reachable):
    some_notices(reachable, 1)
    as_hanako.post("/my/notices/readings/", {"notice": [str(reachable.notices.get().id)]})
    morning()
    assert mail.outbox == []


def test_person_without_an_address_is_told_on_the_site_only(hanako):
    some_notices(hanako, 1)
    assert (unread_count(hanako), OutboxRow.objects.filter(topic="digest.due").count()) == (1, 0)


def test_who_wants_no_mail_gets_none_also_for_what_was_waiting(reachable):
    some_notices(reachable, 1)
    choose_preference(frequency=Frequency.NEVER, by=reachable)
    some_notices(reachable, 1)
    morning()
    assert mail.outbox == []


def test_who_wants_urgent_mail_only_gets_nothing_else(reachable):
    choose_preference(frequency=Frequency.URGENT, by=reachable)
    some_notices(reachable, 1, NoticeKind.NEW_RECIPIENT)
    morning()
    assert mail.outbox == []
    some_notices(reachable, 1, NoticeKind.FLAGGED)
    morning()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("frequency", "now", "day"),
    [
        (Frequency.DAILY, "2026-11-26T07:59", date(2026, 11, 26)),
        (Frequency.DAILY, "2026-11-26T08:00", date(2026, 11, 27)),
        (Frequency.WEEKLY, "2026-11-26T10:00", date(2026, 11, 30)),
        (Frequency.WEEKLY, "2026-11-30T07:00", date(2026, 11, 30)),
        (Frequency.WEEKLY, "2026-11-30T08:00", date(2026, 12, 7)),
        (Frequency.URGENT, "2026-11-26T10:00", date(2026, 11, 27)),
        (Frequency.NEVER, "2026-11-26T10:00", None),
    ],
)
def test_next_digest(frequency, now, day):
    assert digest_day(frequency, NoticeKind.REQUEST, datetime.fromisoformat(now)) == day


# --- How one wants to be told ----------------------------------------------------------------------------------------


def test_choice_is_kept_and_shown_again(as_hanako, hanako):
    response = as_hanako.post("/my/settings/", {"frequency": "weekly", "language": "en"}, follow=True)
    chosen = [field["value"] for field in read(response).one("main").all("input") if "checked" in field.attributes]
    assert chosen == ["weekly", "en"]


def test_same_choice_twice_is_one_row(as_hanako):
    for _time in range(2):
        as_hanako.post("/my/settings/", {"frequency": "weekly", "language": "en"})
    assert Preference.objects.count() == 1


@pytest.mark.parametrize(
    "sent", [{}, {"frequency": "hourly", "language": "ja"}, {"frequency": "daily", "language": "xx"}]
)
def test_choice_that_does_not_exist_is_an_error_on_the_form(as_hanako, sent):
    response = as_hanako.post("/my/settings/", sent)
    assert (response.status_code, Preference.objects.count()) == (422, 0)
    assert read(response).one(cls="error-summary").all("a")


# --- Ending mails without logging in ---------------------------------------------------------------------------------


@pytest.fixture
def link(reachable):
    some_notices(reachable, 1)
    morning()
    leaving = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    assert leaving in mail.outbox[0].body
    return leaving.partition("127.0.0.1:8000")[2] or "/" + leaving.split("/", 3)[3]


def test_opening_the_link_ends_nothing(link, reachable):
    page = read(Client().get(link)).one("main")
    assert page.one("form").one("button").text == "メールを止める"
    assert not Preference.objects.exists()


def test_button_behind_the_link_ends_all_mails(link, reachable):
    page = read(Client().post(link)).one("main")
    some_notices(reachable, 1)
    morning()
    assert (len(mail.outbox), page.all("form")) == (1, [])
    assert Preference.objects.get().is_by_link


def test_mail_program_ends_mails_in_one_click(link):
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    response = Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"})
    assert (response.status_code, Preference.objects.get().frequency) == (200, "never")


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: "x", lambda t: "Mg:1x:a"]
)
def test_link_that_is_not_ours_leads_nowhere(hanako, spoil):
    path = f"/notices/unsubscribe/{spoil(unsubscribe_token(hanako))}/"
    assert [Client().get(path).status_code, Client().post(path).status_code] == [404, 404]
    assert not Preference.objects.exists()


def test_link_names_nobody_on_its_page(link):
    assert "hanako" not in Client().get(link).content.decode()


def test_notices_are_in_the_order_of_time(hanako):
    some_notices(hanako, 3)
    moments = list(Notice.objects.newest_first().values_list("noticed_at", flat=True))
    assert moments == sorted(moments, reverse=True)


# --- Titles ----------------------------------------------------------------------------------------------------------


def titles_on(client, prefix="") -> list[str]:
    return [" ".join(row.one("a").text.split()) for row in read(client.get(f"{prefix}/my/notices/")).all(cls="unread")]


def test_title_of_a_notice_names_the_company(as_hanako, hanako, open_request):
    work_off()
    assert titles_on(as_hanako) == ["未読: Northwind Analytics, Inc.: 提供の確認が回答を待っています"]


def test_title_of_a_withdrawal_names_the_step(as_hanako, hanako, withdrawal, reporter):
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.TOLD, by=reporter)
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.DELETED, by=reporter)
    work_off()
    found = titles_on(as_hanako)
    assert any("Northwind Analytics, Inc.: 取り消しのあと、削除したと報告がありました" in title for title in found)


def test_same_of_the_same_minute_is_one_line_and_is_read_at_once(as_hanako, hanako, reporter):
    events = [an_event("one"), an_event("two", recipient="kotori-salon")]
    record_disclosures(events=events, by=reporter)
    work_off()
    assert hanako.notices.count() == 2
    assert titles_on(as_hanako) == ["未読: はじめてデータを受け取ったと報告された会社:2社"]
    form = next(form for form in read(as_hanako.get("/my/notices/")).all("form") if "readings" in form["action"])
    as_hanako.post("/my/notices/readings/", filled_in(form))
    assert unread_count(hanako) == 0
