"""Recalls: filed by the person, told to the service, answered by service, recipient or officer, and followed."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from consents.exports.csv_file import recall_row
from consents.exports.record.consent_parts import recall_entries
from consents.exports.record.record import record_of
from consents.models import Notice, NoticeKind, Recall, RecallCase, RecallKind, RecallMail, RecallStep, RecallStepKind
from consents.recalls.about import EVERYTHING, About, AboutKind, about_in
from consents.recalls.actions import RECIPIENT, file_recall, take_back_recall, take_recall_step, tell_recipient_by_mail
from consents.recalls.links import GOOD_FOR, token_of
from consents.recalls.queries import case_state, public_case_id
from disclosures.content.publications import newest_document
from disclosures.models import RecordAccess, WithholdingGround
from disclosures.officers.withholding_actions import release_disclosure, withhold_disclosure
from disclosures.reporters.actions import create_reporter
from privacycenter.errors import InvalidValue
from privacycenter.outbox.working import work_off
from tests.support.api import Api
from tests.support.clock import clock_at
from tests.support.commands import fault, faults, verify
from tests.support.database import tamper
from tests.support.events import a_correction, a_survey_event, an_event, record
from tests.support.html import read
from tests.support.incidents import keep_back

pytestmark = pytest.mark.django_db

FROM_INN = About(AboutKind.RECIPIENT, "minato-inn")
LAW = {"ja": "法律で保存が決まっているため"}


@pytest.fixture
def two(hanako, reporter):
    """hanako's data went to an inn twice, and once to a firm abroad."""
    record(reporter, an_event(), an_event("event-2", items=("name", "email")), a_survey_event())
    work_off()


@pytest.fixture
def recall(hanako, two):
    return file_recall(kind=RecallKind.DELETE, about=FROM_INN, by=hanako)


@pytest.fixture
def case(recall):
    return RecallCase.objects.with_references().select_related("whose").get(recall_id=recall.id)


def steps(person):
    return [step.step.code for step in person.recall_steps.order_by("kind")]


# --- Filing ----------------------------------------------------------------------------------------------------------


def test_recall_asks_each_recipient_for_what_it_holds(hanako, two):
    recall = file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    asked = {(one["recipient"], one["service"], tuple(one["items"]), one["count"]) for one in recall.targets}
    assert asked == {
        ("minato-inn", "jalan", ("email", "name", "phone"), 2), ("northwind-analytics", "jalan", ("name",), 1),
    }  # fmt: skip
    cases = RecallCase.objects.filter(recall_id=recall.id)
    assert {case.due_at for case in cases} == {recall.asked_at + timedelta(days=14)} and len(cases) == 2


def test_recall_of_an_item_asks_for_that_alone(hanako, two):
    recall = file_recall(kind=RecallKind.STOP, about=About(AboutKind.ITEM, "phone"), by=hanako)
    assert [(one["recipient"], one["items"], one["count"]) for one in recall.targets] == [("minato-inn", ["phone"], 1)]


def test_recall_of_one_disclosure_asks_for_that_alone(hanako, two):
    one = hanako.disclosures.get(event_id="event-2")
    recall = file_recall(kind=RecallKind.CORRECT, about=about_in(f"disclosure:{one.id}"), by=hanako)
    assert [(target["items"], target["count"]) for target in recall.targets] == [(["email", "name"], 1)]


def test_recall_goes_to_who_got_it_by_the_correction(hanako, two, reporter):
    record(reporter, a_correction(hanako.disclosures.get(event_id="event-1")))
    recall = file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    assert {one["recipient"] for one in recall.targets} == {"minato-inn", "komorebi-toge", "northwind-analytics"}
    assert {one["recipient"]: one["count"] for one in recall.targets}["minato-inn"] == 1


def test_what_the_law_keeps_back_is_in_no_recall(hanako, two, officer):
    kept = hanako.disclosures.get(event_id="survey-1")
    withhold_disclosure(
        disclosure=kept,
        ground=WithholdingGround.CRIME,
        until=timezone.now() + timedelta(days=90),
        reason="x",
        by=officer,
    )
    recall = file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    assert [one["recipient"] for one in recall.targets] == ["minato-inn"]


def test_what_an_open_case_asks_is_not_asked_twice_and_more_of_it_is(hanako, recall, reporter):
    again = file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    assert [one["recipient"] for one in again.targets] == ["northwind-analytics"]
    record(reporter, an_event("event-3", items=("name", "birth-date")))
    more = file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    assert [one["items"] for one in more.targets] == [["birth-date", "email", "name", "phone"]]


def test_recall_of_one_disclosure_stands_in_the_way_of_no_other(hanako, two):
    one, other = (hanako.disclosures.get(event_id=id) for id in ("event-1", "event-2"))
    file_recall(kind=RecallKind.DELETE, about=about_in(f"disclosure:{one.id}"), by=hanako)
    file_recall(kind=RecallKind.DELETE, about=about_in(f"disclosure:{other.id}"), by=hanako)
    rest = file_recall(kind=RecallKind.DELETE, about=FROM_INN, by=hanako)
    assert [target["count"] for target in rest.targets] == [2]
    with pytest.raises(InvalidValue):
        file_recall(kind=RecallKind.DELETE, about=about_in(f"disclosure:{one.id}"), by=hanako)


def test_what_came_after_a_recall_can_be_recalled_while_it_is_open(hanako, recall, reporter):
    with pytest.raises(InvalidValue):
        file_recall(kind=RecallKind.DELETE, about=FROM_INN, by=hanako)
    record(reporter, an_event("event-3", items=("name",)))
    assert file_recall(kind=RecallKind.DELETE, about=FROM_INN, by=hanako).targets[0]["count"] == 3


def test_another_kind_can_be_asked_while_one_is_open(as_hanako, recall):
    form = read(as_hanako.get("/my/recalls/new/?about=recipient:minato-inn")).one("main").one("form")
    assert {one["value"] for one in form.all("input", type="radio")} == set(RecallKind.values)


def test_case_is_about_what_the_person_saw_when_they_asked(hanako, recall, case, reporter, officer):
    """Later the law keeps one entry back, and releases it; one that was kept back then is released later."""
    record(reporter, an_event("event-3"))
    keep_back(hanako, "event-3", officer)
    another = file_recall(kind=RecallKind.STOP, about=FROM_INN, by=hanako)
    release_disclosure(disclosure=hanako.disclosures.get(event_id="event-3"), reason="over", by=officer)
    keep_back(hanako, "event-2", officer)
    later = RecallCase.objects.with_references().select_related("whose").get(recall_id=another.id)
    assert case_state(case)["matter_count"] == case_state(later)["matter_count"] == 2


def test_recipient_is_asked_for_the_item_and_told_of_no_other(hanako, two):
    recall = file_recall(kind=RecallKind.STOP, about=About(AboutKind.ITEM, "phone"), by=hanako)
    case = RecallCase.objects.with_references().select_related("whose").get(recall_id=recall.id)
    assert [matter["items"] for matter in case_state(case)["matters"]] == [["phone"]]


@pytest.mark.parametrize("about", ["recipient:%00", "item:%00", "item:Name", "disclosure:%00", "recipient:", "nothing"])
def test_what_cannot_be_named_cannot_be_recalled(as_hanako, two, about):
    assert as_hanako.get(f"/my/recalls/new/?about={about}").status_code == 404


def test_recall_counts_recipients_that_answered(as_hanako, hanako, two):
    recall = file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    inn, firm = RecallCase.objects.filter(recall_id=recall.id).order_by("recipient__code")
    take_back_recall(recall=recall.id, case=firm.case_id, by=hanako)
    assert "2社のうち0社" in read(as_hanako.get(f"/my/recalls/{recall.id}/")).one("main").text
    take_recall_step(case=inn, kind=RecallStepKind.DELETED, by=RECIPIENT)
    assert "2社のうち1社" in read(as_hanako.get(f"/my/recalls/{recall.id}/")).one("main").text


def test_recall_that_was_closed_can_be_filed_again(hanako, recall):
    take_back_recall(recall=recall.id, by=hanako)
    assert file_recall(kind=RecallKind.DELETE, about=FROM_INN, by=hanako).id != recall.id


def test_officer_files_for_a_person_and_that_is_stored(hanako, two, officer):
    recall = file_recall(kind=RecallKind.DELETE, about=FROM_INN, for_person=hanako, by=officer)
    assert (recall.person_id, recall.staff_id) == (hanako.pk, officer.pk)


def test_officer_files_at_the_desk_for_who_asked_otherwise(as_officer, as_hanako, hanako, two, officer):
    path = f"/admin/records/{hanako.pk}/recall/"
    assert as_officer.get(path)["Location"] == "/admin/records/"
    as_officer.post("/admin/records/", {"who": hanako.subject, "scope": "whole", "reason": "電話での本人からの依頼"})
    form = read(as_officer.get(path)).one("form", action="")
    assert not [option for option in form.all("option") if option["selected"] is not None and option["value"]]
    assert as_officer.post(path, {"about": "recipient:kotori-salon", "kind": "delete"}).status_code == 422
    assert as_officer.post(path, {"about": "recipient:minato-inn"}).status_code == 422
    assert not hanako.recalls.exists()
    assert as_officer.post(path, {"about": "recipient:minato-inn", "kind": "delete"}).status_code == 302
    assert as_officer.post(path, {"about": "recipient:minato-inn", "kind": "delete"}).status_code == 422
    recall = hanako.recalls.get()
    assert recall.staff_id == officer.pk
    assert "代わって送りました" in read(as_hanako.get(f"/my/recalls/{recall.id}/")).one("main").text
    assert hanako.record_accesses.filter(what="filing", reason="電話での本人からの依頼").exists()


def test_record_of_which_nothing_was_provided_can_recall_nothing(as_officer, taro):
    as_officer.post("/admin/records/", {"who": taro.subject, "scope": "whole", "reason": "電話での本人からの依頼"})
    assert read(as_officer.get(f"/admin/records/{taro.pk}/recall/")).one(id="content-main").all("form") == []


# --- What follows ----------------------------------------------------------------------------------------------------


def test_service_is_told_by_its_feed_and_moves_the_case(hanako, recall, case, api):
    work_off()
    page = api.get("/recalls").json()
    (entry,) = page["data"]
    assert (entry["type"], entry["recall"], entry["state"]) == ("recall.filed", public_case_id(case), "opened")
    assert entry["items"] == ["email", "name", "phone"] and entry["subject"] == "subject-hanako"
    answer = api.post(f"/recalls/{entry['recall']}/steps", {"step": "acknowledged"})
    assert answer.status_code == 201 and answer.json()["state"] == "acknowledged"
    assert api.post(f"/recalls/{entry['recall']}/steps", {"step": "acknowledged"}).status_code == 200
    assert api.post(f"/recalls/{entry['recall']}/steps", {"step": "deleted"}).status_code == 201
    work_off()
    moved = api.get(f"/recalls?after={page['next']}").json()["data"]
    assert [(one["type"], one["step"], one["state"]) for one in moved] == [
        ("recall.moved", "acknowledged", "deleted"), ("recall.moved", "deleted", "deleted"),
    ]  # fmt: skip
    assert steps(hanako) == ["acknowledged", "deleted"] and not RecallCase.objects.open().exists()
    told = [(one.kind, one.state) for one in Notice.objects.filter(kind=NoticeKind.RECALL_MOVED).order_by("noticed_at")]
    assert told == [(NoticeKind.RECALL_MOVED, "acknowledged"), (NoticeKind.RECALL_MOVED, "deleted")]


def test_decisions_and_recalls_are_read_apart(recall, api, decision):
    work_off()
    assert {one["type"] for one in api.get("/decisions").json()["data"]} == {"decision.made"}
    assert {one["type"] for one in api.get("/recalls").json()["data"]} == {"recall.filed"}


def test_case_names_what_the_recipient_can_find_it_by(case, api):
    found = api.get(f"/recalls/{public_case_id(case)}").json()
    assert found["matter_count"] == 2 and sorted(one["items"] for one in found["matters"]) == [
        ["email", "name"],
        ["name", "phone"],
    ]


def test_service_of_another_reporter_finds_no_case(case):
    other, other.secret = create_reporter(code="jobs", title="求人", services=["suumo"])
    stranger = Api(other)
    assert stranger.get(f"/recalls/{public_case_id(case)}").status_code == 404
    assert stranger.post(f"/recalls/{public_case_id(case)}/steps", {"step": "deleted"}).status_code == 404
    assert not RecallStep.objects.exists()


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"step": "corrected"}, "invalid-value"),
        ({"step": "kept"}, "invalid-value"),
        ({"step": "deleted", "reason": LAW}, "invalid-value"),
        ({"step": "taken_back"}, "invalid-value"),
    ],
)
def test_step_that_does_not_fit_is_refused(case, api, body, name):
    answer = api.post(f"/recalls/{public_case_id(case)}/steps", body)
    assert answer.status_code == 422 and answer.json()["type"].endswith(name)
    assert not RecallStep.objects.exists()


def test_what_was_kept_may_be_deleted_later_and_not_the_other_way_round(hanako, case, api):
    path = f"/recalls/{public_case_id(case)}/steps"
    assert api.post(path, {"step": "kept", "reason": LAW}).status_code == 201
    assert api.post(path, {"step": "kept", "reason": {"ja": "別の理由"}}).status_code == 409
    assert api.post(path, {"step": "deleted"}).status_code == 201
    assert api.post(path, {"step": "acknowledged"}).status_code == 409
    assert steps(hanako) == ["kept", "deleted"]


def test_person_takes_back_what_is_open_and_what_was_done_is_told_all_the_same(hanako, recall, case, reporter):
    take_back_recall(recall=recall.id, by=hanako)
    assert not RecallCase.objects.open().exists()
    take_recall_step(case=case, kind=RecallStepKind.DELETED, by=reporter)
    work_off()
    assert steps(hanako) == ["taken_back", "deleted"]
    assert [one.state for one in Notice.objects.filter(kind=NoticeKind.RECALL_MOVED)] == ["deleted"]


def test_verification_finds_a_changed_step_and_a_closure_without_one(case, reporter):
    take_recall_step(case=case, kind=RecallStepKind.KEPT, reason=LAW, by=reporter)
    work_off()
    verify()
    tamper("UPDATE consents_recallstep SET is_by_recipient = %s", True)
    assert "fingerprint" in fault()
    tamper("DELETE FROM consents_recallstep")
    assert any("no step says how it ended" in one for one in faults())


# --- Told by mail, answered by link ----------------------------------------------------------------------------------


@pytest.fixture
def told(case, officer):
    """The inn was told by mail. Returns the path of its link."""
    tell_recipient_by_mail(case=case, address="privacy@inn.example", by=officer)
    work_off()
    (message,) = mail.outbox
    return re.search(r"/recalls/\S+/", message.body).group()


def test_mail_names_nobody_and_its_sending_is_a_step(hanako, told):
    (message,) = mail.outbox
    assert message.to == ["privacy@inn.example"]
    assert not re.search("hanako|花子|じゃらん", message.subject + message.body)
    (step,) = hanako.recall_steps.all()
    assert (step.step.code, step.is_delivery) == ("told", True)


def test_recipient_answers_by_the_link_without_an_account(hanako, told):
    page = read(Client().get(told)).one("main")
    assert "湯宿 みなと" in page.text and "subject-hanako" not in page.text and "hanako" not in page.text
    assert Client().post(told, {"step": "deleted"}).status_code == 200
    last = hanako.recall_steps.order_by("kind").last()
    assert (last.step.code, last.is_by_recipient, last.staff_id, last.reporter_id) == ("deleted", True, None, None)
    assert not read(Client().get(told)).one("main").all("form")


def test_recipient_that_keeps_data_says_why(hanako, told):
    refused = Client().post(told, {"step": "kept", "reason": " "})
    assert refused.status_code == 422 and steps(hanako) == ["told"]
    assert Client().post(told, {"step": "kept", "reason": "旅館業法により3年間保存します。"}).status_code == 200
    assert hanako.recall_steps.get(kind=RecallStepKind.KEPT).reason["ja"].startswith("旅館業法")


@pytest.mark.parametrize("step", ["told", "taken_back", "corrected", "opened", ""])
def test_recipient_cannot_say_what_is_not_its_to_say(hanako, told, step):
    assert Client().post(told, {"step": step}).status_code == 422
    assert steps(hanako) == ["told"]


def test_link_that_is_not_ours_or_too_old_is_not_valid(told):
    assert Client().get(told[:-2] + "x/").status_code == 404
    assert Client().post("/recalls/1/", {"step": "deleted"}).status_code == 404
    with clock_at(timezone.now() + timedelta(seconds=GOOD_FOR + 60)):
        assert Client().get(told).status_code == 404


def test_link_of_a_recall_that_is_gone_is_not_valid(told, case):
    assert Client().get(f"/recalls/{token_of(RecallMail.objects.get().pk + 1)}/").status_code == 404


def test_recipient_that_was_told_late_is_reminded_as_late(case, officer):
    with clock_at(case.opened_at + timedelta(days=12)):
        tell_recipient_by_mail(case=case, address="privacy@inn.example", by=officer)
        work_off()
    for days, count in ((21, 1), (23, 2), (40, 2)):
        with clock_at(case.opened_at + timedelta(days=days)):
            work_off()
        assert len(mail.outbox) == count


def test_address_that_was_corrected_is_written_to_no_more_and_its_link_is_void(case, officer):
    wrong = tell_recipient_by_mail(case=case, address="stranger@example.com", by=officer)
    right = tell_recipient_by_mail(case=case, address="privacy@inn.example", by=officer)
    work_off()
    assert Client().post(f"/recalls/{token_of(wrong.pk)}/", {"step": "deleted"}).status_code == 404
    assert Client().get(f"/recalls/{token_of(right.pk)}/").status_code == 200
    mail.outbox.clear()
    with clock_at(timezone.now() + timedelta(days=11)):
        work_off()
    assert [message.to for message in mail.outbox] == [["privacy@inn.example"]]


def test_reason_is_stored_in_the_language_in_which_the_recipient_wrote_it(told, case):
    assert Client().post("/en" + told, {"step": "kept", "reason": "Tax law"}).status_code == 200
    assert RecallStep.objects.get(kind=RecallStepKind.KEPT).reason == {"en": "Tax law"}


def test_reason_in_a_language_that_is_not_the_readers_is_read_all_the_same(told, hanako, case, as_hanako, as_officer):
    Client().post("/en" + told, {"step": "kept", "reason": "Tax law"})
    for client, path in ((as_hanako, f"/my/recalls/{case.recall_id}/"), (as_officer, f"/admin/recalls/{case.pk}/")):
        assert read(client.get(path)).one("span", lang="en").text == "Tax law"
    record = record_of(hanako, {}, timezone.now())
    (row,) = (recall_row(record, entry) for entry in recall_entries(record))
    assert row["text"].endswith("Tax law")


def test_mail_and_reminder_say_for_whom_they_write_in_each_language(hanako, two, officer):
    file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    for case in RecallCase.objects.all():
        tell_recipient_by_mail(case=case, address=f"case-{case.pk}@example.com", by=officer)
    work_off()
    with clock_at(timezone.now() + timedelta(days=10, minutes=1)):
        work_off()
    operator = newest_document()["site"]["site"]["operator"]
    bodies = [message.body for message in mail.outbox]
    assert [sum(f"{operator['ja']}から" in body for body in bodies), len(bodies)] == [2, 4]
    assert sum(f"from {operator['en']} asks" in body for body in bodies) == 2


def test_recipient_that_has_not_answered_is_reminded_once(told):
    with clock_at(timezone.now() + timedelta(days=10, minutes=1)):
        work_off()
        work_off()
    assert [message.to for message in mail.outbox] == [["privacy@inn.example"]] * 2
    assert mail.outbox[1].subject != mail.outbox[0].subject


@pytest.mark.parametrize("step", [RecallStepKind.ACKNOWLEDGED, RecallStepKind.DELETED])
def test_recipient_that_has_answered_is_not_reminded(told, case, step):
    take_recall_step(case=case, kind=step, by=RECIPIENT)
    with clock_at(timezone.now() + timedelta(days=10, minutes=1)):
        work_off()
    assert len(mail.outbox) == 1


# --- The person's pages ----------------------------------------------------------------------------------------------


def test_person_files_a_recall_from_a_recipients_page(as_hanako, hanako, two):
    links = [link["href"] for link in read(as_hanako.get("/my/recipients/minato-inn/")).one("main").all("a")]
    (address,) = [link for link in links if "/my/recalls/new/" in link]
    form = read(as_hanako.get(address)).one("main").one("form")
    assert not [one for one in form.all("input", type="radio") if one["checked"] is not None]
    sent = as_hanako.post("/my/recalls/filings/", {"about": "recipient:minato-inn", "kind": "delete"})
    recall = hanako.recalls.get()
    assert sent["Location"] == f"/my/recalls/{recall.id}/"
    assert "湯宿 みなと" in read(as_hanako.get(sent["Location"])).one("main").text


def test_recipients_page_says_what_was_asked_and_how_far_it_is(as_hanako, recall, case, reporter):
    take_recall_step(case=case, kind=RecallStepKind.KEPT, reason=LAW, by=reporter)
    page = read(as_hanako.get("/my/recipients/minato-inn/"))
    (link,) = [one for one in page.all("a") if one["href"] == f"/my/recalls/{recall.id}/"]
    assert "に求めました" in link.text and "保持" in link.text


def test_recall_without_a_kind_is_not_sent(as_hanako, hanako, two):
    answer = as_hanako.post("/my/recalls/filings/", {"about": "recipient:minato-inn"})
    assert answer.status_code == 422 and not hanako.recalls.exists()


@pytest.mark.parametrize(
    "about", ["", "recipient:", "recipient:komorebi-toge", "disclosure:1", "nothing:x", "item:gender"]
)
def test_what_is_not_in_the_record_cannot_be_recalled(as_hanako, two, about):
    assert as_hanako.get(f"/my/recalls/new/?about={about}").status_code == 404
    assert as_hanako.post("/my/recalls/filings/", {"about": about, "kind": "delete"}).status_code == 404
    assert not Recall.objects.exists()


def test_stranger_finds_no_recall_and_takes_none_back(as_taro, recall):
    assert as_taro.get(f"/my/recalls/{recall.id}/").status_code == 404
    assert as_taro.post(f"/my/recalls/{recall.id}/takings-back/").status_code == 404
    assert RecallCase.objects.open().count() == 1


def test_recalls_are_for_who_is_logged_in(client, recall):
    for path in ("/my/recalls/", "/my/recalls/new/", f"/my/recalls/{recall.id}/"):
        assert client.get(path)["Location"].startswith("/accounts/login/")


def test_person_takes_one_case_back_by_the_button(as_hanako, hanako, two):
    recall = file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    case = recall.targets[0]["case"]
    as_hanako.post(f"/my/recalls/{recall.id}/takings-back/", {"case": case})
    assert [str(step.case_id) for step in hanako.recall_steps.all()] == [case]
    assert as_hanako.post(f"/my/recalls/{recall.id}/takings-back/", {"case": "x"}).status_code == 404


def test_number_of_statements_does_not_grow_with_recalls(as_hanako, hanako, recall, django_assert_max_num_queries):
    for kind in (RecallKind.STOP, RecallKind.CORRECT):
        file_recall(kind=kind, about=EVERYTHING, by=hanako)
    as_hanako.get("/my/")
    with django_assert_max_num_queries(9):
        as_hanako.get("/my/recalls/")


def test_recall_is_in_every_file(hanako, recall, case, reporter):
    take_recall_step(case=case, kind=RecallStepKind.KEPT, reason=LAW, by=reporter)
    (entry,) = recall_entries(record_of(hanako, {}, timezone.now()))
    assert entry["about"] == {"recipient": "minato-inn"}
    assert [(one["step"], one["by"]) for one in entry["cases"][0]["steps"]] == [("kept", "service")]


# --- The desk --------------------------------------------------------------------------------------------------------


def test_officer_works_on_a_case_and_the_look_is_written(as_officer, hanako, case):
    assert "湯宿 みなと" in as_officer.get("/admin/recalls/").content.decode()
    assert "subject-hanako" not in as_officer.get("/admin/recalls/").content.decode()
    assert as_officer.get(f"/admin/recalls/{case.pk}/").status_code == 200
    look = RecordAccess.objects.get(person=hanako)
    assert (look.what, look.about_id) == ("recall", case.recall_id)
    as_officer.post(f"/admin/recalls/{case.pk}/", {"step": "refused", "reason_ja": "本人を確かめられないため"})
    assert hanako.recall_steps.get().reason == {"ja": "本人を確かめられないため"}
    assert as_officer.post(f"/admin/recalls/{case.pk}/", {"address": "no address"}).status_code == 422
    assert not RecallMail.objects.exists()


def test_desk_of_recalls_is_closed_to_others(as_editor, as_hanako, case):
    assert as_editor.get("/admin/recalls/").status_code == 403
    assert as_editor.get(f"/admin/recalls/{case.pk}/").status_code == 403
    assert as_hanako.get("/admin/recalls/").status_code == 302
    assert not RecordAccess.objects.exists()
