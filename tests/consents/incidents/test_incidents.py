"""Incidents: opened, listed, written about, told to everybody affected, reported and closed."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from consents.exports.record.other_parts import incident_entries
from consents.exports.record.record import record_of
from consents.incidents import actions
from consents.incidents.actions import (
    attach_list,
    open_incident,
    take_back_step,
    take_incident_step,
    tell_people,
    write_text,
)
from consents.incidents.clocks import clocks_of
from consents.incidents.queries import incident_page, unreachable
from consents.incidents.reports import report_lines
from consents.models import IncidentNotice, Mailing, Notice, NoticeKind, RecallKind
from consents.notices.actions import choose_preference, mark_read
from consents.recalls.about import EVERYTHING
from consents.recalls.actions import file_recall
from disclosures.affected.actions import ask_for_list
from disclosures.affected.filters import AffectedFilters
from disclosures.content.publications import newest_document
from disclosures.models import Incident, IncidentStep, IncidentStepKind, Lookup, WayTold
from disclosures.officers.withholding_actions import release_disclosure
from disclosures.public.titles import Names
from privacycenter.errors import InvalidValue
from privacycenter.models import OutboxRow, User
from privacycenter.outbox.working import work_off
from tests.support.clock import clock_at
from tests.support.events import an_event, record
from tests.support.html import read
from tests.support.incidents import EN, INN, JA, TEXT, WHY, keep_back
from tests.support.together import put_together, second_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(officer):
    return open_incident(title="みなと湯宿の漏えい", noticed_at=timezone.now() - timedelta(hours=2), by=officer)


@pytest.fixture
def listed(incident, hanako, taro, reporter, officer):
    """hanako has an address, taro has logged in before, and a third is known by nothing but a subject."""
    hanako.email = "hanako@example.com"
    hanako.save()
    taro.email, taro.last_login = "", timezone.now()
    taro.save()
    record(
        reporter,
        an_event(),
        an_event("event-2", subject="subject-taro"),
        an_event("event-3", subject="only-a-subject"),
        an_event("event-4", subject="somebody-else", recipient="komorebi-toge"),
    )
    work_off()
    affected = ask_for_list(filters=INN, reason=WHY, by=officer, is_made_now=True)
    attach_list(incident=incident, affected=affected, by=officer)
    return incident


@pytest.fixture
def told(listed, officer):
    write_text(incident=listed, words=TEXT, by=officer)
    tell_people(incident=listed, by=officer)
    work_off()
    return listed


def test_clocks_run_from_when_it_was_noticed(officer):
    noticed = timezone.now() - timedelta(days=4)
    made = open_incident(title="x", noticed_at=noticed, is_malicious=True, is_under_gdpr=True, by=officer)
    clocks = clocks_of(made, [(IncidentStepKind.REPORTED_FIRST, noticed + timedelta(days=2))])
    assert [(clock.kind, clock.due_at - noticed) for clock in clocks] == [
        (IncidentStepKind.REPORTED_GDPR, timedelta(hours=72)),
        (IncidentStepKind.REPORTED_FIRST, timedelta(days=5)),
        (IncidentStepKind.REPORTED_FINAL, timedelta(days=60)),
    ]
    assert [clock.is_overdue(timezone.now()) for clock in clocks] == [True, False, False]
    assert clocks_of(Incident(noticed_at=noticed), [])[-1].due_at - noticed == timedelta(days=30)


def test_everybody_listed_is_told_once_as_they_can_be(told, hanako, taro, officer):
    ways = {row.person.subject: row.way for row in IncidentNotice.objects.select_related("person")}
    assert ways == {
        "subject-hanako": WayTold.MAIL, "subject-taro": WayTold.SITE, "only-a-subject": WayTold.NONE,
    }  # fmt: skip
    assert [message.to for message in mail.outbox] == [["hanako@example.com"]]
    assert Notice.objects.filter(kind=NoticeKind.INCIDENT).count() == 3
    page = incident_page(told.pk).told
    assert (page.people, page.mailed, page.on_site, page.unreachable) == (3, 1, 1, 1)


def test_nobody_is_told_again_and_who_is_on_a_later_list_can_be(told, hanako, reporter, officer, as_officer):
    path, sent = f"/admin/incidents/{told.pk}/", {"what": "tell", "has_read": "on"}
    assert "has_read" not in as_officer.get(path).content.decode()
    assert as_officer.post(path, sent).status_code == 422
    assert told.steps.filter(kind=IncidentStepKind.NOTIFIED).count() == 1
    toge = AffectedFilters(**{**vars(INN), "recipient": "komorebi-toge"})
    attach_list(
        incident=told, affected=ask_for_list(filters=toge, reason=WHY, by=officer, is_made_now=True), by=officer
    )
    assert "has_read" in as_officer.get(path).content.decode()
    assert as_officer.post(path, sent).status_code == 302
    # While they are being told, nobody is left either.
    assert as_officer.post(path, sent).status_code == 422
    work_off()
    assert Notice.objects.filter(kind=NoticeKind.INCIDENT).count() == 4 and len(mail.outbox) == 1


def test_report_names_the_recipient_the_items_and_when_telling_began(told, as_officer):
    report = as_officer.get(f"/admin/incidents/{told.pk}/report.txt").content.decode()
    assert "湯宿 みなと (minato-inn)" in report
    assert [line for line in report.splitlines() if line.startswith("情報の項目: ") and "氏名" in line]
    assert [line for line in report.splitlines() if line.startswith("お知らせの開始: ")]


def test_mail_says_nothing_of_what_happened_and_goes_to_who_wants_no_mails(listed, hanako, officer):
    choose_preference(frequency="never", language="en", by=hanako)
    write_text(incident=listed, words=TEXT, by=officer)
    tell_people(incident=listed, by=officer)
    work_off()
    (message,) = mail.outbox
    assert message.subject == "An important message about your data"
    for word in ("leak", "湯宿", "みなと", "breach", "漏", "hanako"):
        assert word not in message.subject + message.body
    assert f"/en/my/incidents/{listed.pk}/" in message.body


def test_who_cannot_be_reached_is_listed_by_service(told):
    assert list(unreachable(told)) == [("only-a-subject", "jalan")]


def test_services_that_reported_nothing_of_it_are_not_named(listed, reporter, officer):
    record(
        reporter, an_event("event-9", subject="only-a-subject", service="hotpepper-gourmet", recipient="komorebi-toge")
    )
    write_text(incident=listed, words=TEXT, by=officer)
    tell_people(incident=listed, by=officer)
    work_off()
    assert list(unreachable(listed)) == [("only-a-subject", "jalan")]


def test_mails_of_two_lists_go_out_as_slowly_as_of_one(listed, officer, taro, reporter, monkeypatch):
    taro.email = "taro@example.com"
    taro.save()
    record(reporter, an_event("event-9", subject="subject-taro", recipient="komorebi-toge"))
    toge = AffectedFilters(**{**vars(INN), "recipient": "komorebi-toge"})
    affected = ask_for_list(filters=toge, reason=WHY, by=officer, is_made_now=True)
    attach_list(incident=listed, affected=affected, by=officer)
    write_text(incident=listed, words=TEXT, by=officer)
    monkeypatch.setattr(actions, "MAILS_A_MINUTE", 1)
    begun = timezone.now()
    tell_people(incident=listed, by=officer)
    for _part in range(9):
        work_off()
    assert IncidentNotice.objects.count() == 4 and len(mail.outbox) == 1
    with clock_at(begun + timedelta(minutes=9)):
        work_off()
    assert len(mail.outbox) == 2


def test_person_is_offered_to_recall_what_is_shown_to_them_alone(listed, hanako, as_hanako, reporter, officer):
    """Another list is about a recipient of which the law keeps this person's data back."""
    record(reporter, an_event("event-8", recipient="komorebi-toge"))
    keep_back(hanako, "event-8", officer)
    toge = AffectedFilters(**{**vars(INN), "recipient": "komorebi-toge"})
    attach_list(
        incident=listed, affected=ask_for_list(filters=toge, reason=WHY, by=officer, is_made_now=True), by=officer
    )
    write_text(incident=listed, words=TEXT, by=officer)
    tell_people(incident=listed, by=officer)
    work_off()
    page = as_hanako.get(f"/my/incidents/{listed.pk}/").content.decode()
    assert "about=recipient:minato-inn" in page and "komorebi" not in page


@pytest.mark.parametrize("day", ["0001-01-01T00:00", "9999-12-31T23:59", "1999-12-31T23:59"])
def test_times_far_away_are_refused(as_officer, incident, day):
    assert as_officer.post("/admin/incidents/", {"title": "x", "noticed_at": day}).status_code == 422
    path = f"/admin/incidents/{incident.pk}/"
    as_officer.post(path, {"what": "step", "kind": "reported_first", "note": "x", "words_ja": "x", "happened_at": day})
    assert Incident.objects.count() == 1 and not incident.steps.exists()


def test_people_are_told_part_by_part_and_a_killed_worker_goes_on(listed, officer, monkeypatch):
    monkeypatch.setattr(actions, "MAILS_A_MINUTE", 1)
    write_text(incident=listed, words=TEXT, by=officer)
    tell_people(incident=listed, by=officer)
    give, calls = actions.give_notices, []

    def fail_once(**values):
        calls.append(values)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return give(**values)

    monkeypatch.setattr(actions, "give_notices", fail_once)
    work_off()
    assert IncidentNotice.objects.count() == 1
    OutboxRow.objects.filter(topic="incident.notices_due").update(due_at=timezone.now(), leased_until=None)
    work_off()
    assert IncidentNotice.objects.count() == Notice.objects.filter(kind=NoticeKind.INCIDENT).count() == 3


def test_mails_of_later_parts_wait_their_minute(listed, hanako, taro, officer, monkeypatch):
    monkeypatch.setattr(actions, "MAILS_A_MINUTE", 1)
    User.objects.filter(pk=taro.pk).update(email="taro@example.com")
    write_text(incident=listed, words=TEXT, by=officer)
    tell_people(incident=listed, by=officer)
    work_off()
    assert len(mail.outbox) == 1
    with clock_at(timezone.now() + timedelta(minutes=1, seconds=5)):
        work_off()
    assert len(mail.outbox) == 2 == Mailing.objects.count()


def test_nobody_is_told_by_an_incident_of_what_the_law_keeps_back(listed, taro, officer, as_taro):
    keep_back(taro, "event-2", officer)
    write_text(incident=listed, words=TEXT, by=officer)
    tell_people(incident=listed, by=officer)
    work_off()
    assert not IncidentNotice.objects.filter(person=taro).exists()
    assert as_taro.get(f"/my/incidents/{listed.pk}/").status_code == 404


def test_who_was_not_told_is_told_once_the_entry_is_shown(listed, taro, officer, as_taro):
    kept = keep_back(taro, "event-2", officer)
    write_text(incident=listed, words=TEXT, by=officer)
    tell_people(incident=listed, by=officer)
    work_off()
    release_disclosure(disclosure=kept, reason="over", by=officer)
    work_off()
    assert as_taro.get(f"/my/incidents/{listed.pk}/").status_code == 200
    assert taro.notices.filter(kind=NoticeKind.INCIDENT).count() == 1


def test_page_says_how_far_the_telling_is_while_it_lasts(listed, officer, monkeypatch):
    monkeypatch.setattr(actions, "MAILS_A_MINUTE", 2)
    write_text(incident=listed, words=TEXT, by=officer)
    tell_people(incident=listed, by=officer)
    assert incident_page(listed.pk).is_telling
    work_off()
    assert not incident_page(listed.pk).is_telling


def test_person_with_two_accounts_is_told_once_and_both_services_are_named(incident, hanako, reporter, officer):
    old = second_account()
    User.objects.filter(pk__in=(old.pk, hanako.pk)).update(email="", last_login=None)
    record(reporter, an_event(), an_event("event-2", subject=old.subject, service="hotpepper-gourmet"))
    put_together(old, hanako)
    made = [ask_for_list(filters=INN, reason=WHY + more, by=officer, is_made_now=True) for more in ("", "2")]
    for one in made:
        attach_list(incident=incident, affected=one, by=officer)
    write_text(incident=incident, words=TEXT, by=officer)
    tell_people(incident=incident, by=officer)
    work_off()
    assert IncidentNotice.objects.count() == Notice.objects.filter(kind=NoticeKind.INCIDENT).count() == 1
    told = incident_page(incident.pk).told
    assert (told.people, told.total, made[0].person_count) == (1, 1, 1)
    assert list(unreachable(incident)) == [("subject-hanako", "jalan"), (old.subject, "hotpepper-gourmet")]


def test_person_told_by_one_account_is_not_told_by_another_of_a_later_part(
    listed, hanako, reporter, officer, monkeypatch
):
    old = second_account()
    record(reporter, an_event("event-9", subject=old.subject))
    put_together(old, hanako)
    affected = ask_for_list(filters=INN, reason=WHY + "2", by=officer, is_made_now=True)
    attach_list(incident=listed, affected=affected, by=officer)
    write_text(incident=listed, words=TEXT, by=officer)
    monkeypatch.setattr(actions, "MAILS_A_MINUTE", 1)
    tell_people(incident=listed, by=officer)
    for _part in range(9):
        work_off()
    assert IncidentNotice.objects.filter(person__in=[old, hanako]).count() == 1
    assert Notice.objects.filter(person__in=[old, hanako], kind=NoticeKind.INCIDENT).count() == 1


# --- Taking a wrong entry back ---------------------------------------------------------------------------------------


def entered(incident, kind, officer, **more):
    return take_incident_step(incident=incident, kind=kind, words={"ja": "誤った記載です。"}, by=officer, **more)


def test_clock_runs_on_once_its_wrong_entry_is_taken_back(incident, officer):
    step = entered(incident, IncidentStepKind.REPORTED_FIRST, officer)
    assert incident_page(incident.pk).row.clocks[0].done_at
    back = take_back_step(incident=incident, step=step.pk, reason="別の事故の報告でした。", by=officer)
    page = incident_page(incident.pk)
    assert page.row.clocks[0].done_at is None and page.row.next_clock.kind is IncidentStepKind.REPORTED_FIRST
    assert (back.takes_back_id, back.taken_by) == (step.pk, officer)
    assert [(view.kind, view.is_standing) for view in page.steps] == [(IncidentStepKind.REPORTED_FIRST, False)]
    entered(incident, IncidentStepKind.REPORTED_FIRST, officer)
    assert incident_page(incident.pk).row.clocks[0].done_at


def test_wrong_list_is_taken_back_before_anybody_is_told(listed, officer):
    step = listed.steps.get(kind=IncidentStepKind.LISTED)
    take_back_step(incident=listed, step=step.pk, reason="違う提供先", by=officer)
    page = incident_page(listed.pk)
    assert page.lists == [] and page.told.people == 0
    attach_list(incident=listed, affected=step.list, by=officer)
    assert len(incident_page(listed.pk).lists) == 1


def test_what_was_taken_back_is_struck_out_for_people_and_left_out_of_the_report(told, hanako, as_hanako, officer):
    step = entered(told, IncidentStepKind.MEASURE, officer)
    entered(told, IncidentStepKind.ANNOUNCED, officer)
    take_back_step(incident=told, step=step.pk, reason="秘密の理由", by=officer)
    main = read(as_hanako.get(f"/my/incidents/{told.pk}/")).one("main")
    assert "秘密" not in main.text and "誤った記載です。" in main.one("s").text
    entries = {one["kind"]: one for one in next(incident_entries(record_of(hanako, {}, timezone.now())))["steps"]}
    assert entries["measure"]["taken_back_at"] and entries["announced"]["taken_back_at"] is None
    report = "\n".join(report_lines(incident_page(told.pk), Names(newest_document()), {}))
    assert report.count("誤った記載です。") == 1


def test_list_that_people_were_told_from_is_not_offered_to_be_taken_back(told, officer):
    listed = told.steps.get(kind=IncidentStepKind.LISTED)
    measure = entered(told, IncidentStepKind.MEASURE, officer)
    offered = [pk for pk, _name in incident_page(told.pk).steps_to_take_back]
    assert listed.pk not in offered and measure.pk in offered


def test_officer_takes_a_wrong_entry_back_at_the_desk(as_officer, incident, officer):
    path = f"/admin/incidents/{incident.pk}/"
    step = entered(incident, IncidentStepKind.REPORTED_FINAL, officer)
    sent = {"what": "take_back", "back-step": str(step.pk), "back-reason": "提出前でした"}
    assert as_officer.post(path, {**sent, "back-reason": " "}).status_code == 422
    assert as_officer.post(path, {**sent, "back-step": "0"}).status_code == 422
    assert as_officer.post(path, sent).status_code == 302
    assert as_officer.post(path, sent).status_code == 422
    page = as_officer.get(path).content.decode()
    assert "提出前でした" in page and "<s>" in page


# --- What a person reads ---------------------------------------------------------------------------------------------


def test_person_reads_the_newest_text_what_was_theirs_and_what_was_done(told, as_hanako, officer):
    write_text(incident=told, words={"ja": {**JA, "harm": "詐欺の電話が来ることがあります。"}, "en": EN}, by=officer)
    take_incident_step(
        incident=told, kind=IncidentStepKind.MEASURE, words={"ja": "鍵を取り替えました。"}, note="秘密", by=officer
    )
    page = read(as_hanako.get(f"/my/incidents/{told.pk}/")).one("main").text
    assert "詐欺の電話" in page and "迷惑電話" not in page and "鍵を取り替えました。" in page and "秘密" not in page
    assert "湯宿 みなと" in page
    assert "A recipient leaked data" in read(as_hanako.get(f"/en/my/incidents/{told.pk}/")).one("h1").text


def test_notice_leads_to_the_incident(told, as_hanako):
    links = [link["href"] for link in read(as_hanako.get("/my/notices/")).one("main").all("a")]
    assert f"/my/incidents/{told.pk}/" in links


def test_incident_waits_first_on_the_overview_until_its_notice_is_read(told, as_hanako, hanako):
    path = f"/my/incidents/{told.pk}/"
    first = read(as_hanako.get("/my/")).one("section", **{"aria-labelledby": "to-do"}).all("li")[0]
    assert path in [link["href"] for link in first.all("a")]
    mark_read(ids=list(hanako.notices.values_list("id", flat=True)), by=hanako)
    assert path not in as_hanako.get("/my/").content.decode()


def test_who_was_not_told_finds_no_incident(listed, as_hanako, client):
    assert as_hanako.get(f"/my/incidents/{listed.pk}/").status_code == 404
    assert client.get(f"/my/incidents/{listed.pk}/").status_code == 302


def test_recall_after_an_incident_names_it(told, hanako, as_hanako):
    recall = file_recall(kind=RecallKind.DELETE, about=EVERYTHING, incident=told.pk, by=hanako)
    assert recall.incident_id == told.pk
    incident = read(as_hanako.get(f"/my/incidents/{told.pk}/")).one("main")
    assert f"/my/recalls/{recall.id}/" in [link["href"] for link in incident.all("a")]
    page = read(as_hanako.get(f"/my/recalls/{recall.id}/")).one("main")
    assert f"/my/incidents/{told.pk}/" in [link["href"] for link in page.all("a")]


def test_recall_after_an_incident_that_the_person_was_not_told_of_is_refused(listed, hanako):
    with pytest.raises(InvalidValue):
        file_recall(kind=RecallKind.DELETE, about=EVERYTHING, incident=listed.pk, by=hanako)
    assert not hanako.recalls.exists()


@pytest.mark.parametrize("named", ["00000000-0000-0000-0000-000000000000", "x"])
def test_form_that_names_another_incident_is_not_found(told, as_hanako, hanako, named):
    sent = {"about": "everything:", "kind": "delete", "incident": named}
    assert as_hanako.post("/my/recalls/filings/", sent).status_code == 404
    assert not hanako.recalls.exists()


def test_incident_is_in_the_files(told, hanako, officer):
    take_incident_step(
        incident=told, kind=IncidentStepKind.CLOSED, words={"ja": "終わりました。"}, note="報告の対象外", by=officer
    )
    (entry,) = incident_entries(record_of(hanako, {}, timezone.now()))
    assert entry["text"]["ja"]["title"] == JA["title"]
    assert [step["kind"] for step in entry["steps"]] == ["closed"]


# --- The desk --------------------------------------------------------------------------------------------------------


def test_officer_goes_through_an_incident_at_the_desk(as_officer, hanako, reporter, officer):
    record(reporter, an_event())
    affected = ask_for_list(filters=INN, reason=WHY, by=officer, is_made_now=True)
    opened = as_officer.post("/admin/incidents/", {"title": "みなと", "noticed_at": "2026-11-01T09:00"})
    path = opened["Location"]
    assert as_officer.post(path, {"what": "tell", "has_read": "on"}).status_code == 422
    assert as_officer.post(path, {"what": "list", "list": str(affected.pk)}).status_code == 302
    assert as_officer.post(path, {"what": "list", "list": str(affected.pk)}).status_code == 422
    parts = {f"{part}_ja": text for part, text in JA.items()}
    assert as_officer.post(path, {"what": "text", **parts, "harm_ja": ""}).status_code == 422
    assert as_officer.post(path, {"what": "text", **parts}).status_code == 302
    assert as_officer.post(path, {"what": "tell"}).status_code == 422
    assert as_officer.post(path, {"what": "tell", "has_read": "on"}).status_code == 302
    work_off()
    assert hanako.incident_notices.count() == 1
    report = as_officer.get(f"{path}report.txt").content.decode()
    assert JA["what"] in report and "hanako" not in report
    assert as_officer.post(path, {"what": "step", "kind": "closed"}).status_code == 422
    closing = {"what": "step", "kind": "closed", "words_ja": "終わり。"}
    assert as_officer.post(path, closing).status_code == 422
    assert as_officer.post(path, {**closing, "note": "報告の対象外"}).status_code == 302
    assert as_officer.post(path, {"what": "text", **parts}).status_code == 409
    assert as_officer.post(path, {"what": "nothing"}).status_code == 404
    kinds = [step.step for step in IncidentStep.objects.order_by("pk")]
    assert kinds == [
        IncidentStepKind.LISTED, IncidentStepKind.TEXT, IncidentStepKind.NOTIFIED, IncidentStepKind.CLOSED,
    ]  # fmt: skip


def test_unreachable_people_are_downloaded_and_that_is_logged(told, as_officer):
    before = Lookup.objects.count()
    file = as_officer.post(f"/admin/incidents/{told.pk}/unreachable.csv")
    assert "only-a-subject,jalan" in b"".join(file.streaming_content).decode()
    assert Lookup.objects.count() == before + 1


def test_incidents_are_for_officers(as_editor, incident):
    for path in ("/admin/incidents/", f"/admin/incidents/{incident.pk}/", f"/admin/incidents/{incident.pk}/report.txt"):
        assert as_editor.get(path).status_code == 403
    assert as_editor.post(f"/admin/incidents/{incident.pk}/unreachable.csv").status_code == 403


def test_open_incidents_stand_on_the_front_page_and_in_metrics(as_officer, incident, client):
    assert "/admin/incidents/" in as_officer.get("/admin/").content.decode()
    metrics = client.get("/metrics").content.decode()
    assert "privacycenter_open_incidents 1.0" in metrics
    assert "privacycenter_incident_report_hours_left" in metrics
