"""What the law keeps from a person: nothing that they see tells that it is there, and afterwards it is there as it was."""

import json
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.exports import csv_file, file_store, json_file
from consents.exports.record import record_of
from consents.exports.record.consent_parts import withdrawal_step_entries
from consents.models import NoticeKind, StepKind, WithdrawalCase
from consents.withdrawals.actions import take_withdrawal_step
from consents.withdrawals.queries import case_state
from disclosures.models import Ground, WithholdingGround, WithholdingKind, WithholdingStep
from disclosures.officers.withholding_actions import (
    release_disclosure,
    review_withholding,
    withhold_disclosure,
)
from disclosures.record.actions import log_access
from disclosures.record.filters import Filters
from privacycenter.errors import InvalidValue, NoLongerOpen, SecondPersonNeeded
from privacycenter.outbox.working import work_off
from tests.support.clock import LONG_AGO, clock_at
from tests.support.events import a_correction, a_survey_event, an_event, record
from tests.support.html import read
from tests.support.people import PASSWORD, client_of, make_user

pytestmark = pytest.mark.django_db

PATHS = (
    "/my/", "/my/disclosures/", "/my/disclosures/?flagged=on", "/my/disclosures/?recipient=kotori-salon",
    "/my/disclosures/?q=ことり", "/my/recipients/", "/my/recipients/kotori-salon/", "/my/recipients/minato-inn/",
    "/my/notices/", "/my/accesses/", "/my/export/", "/my/where-provided/", "/my/services/jalan/",
    "/my/decisions/",
)  # fmt: skip
NO_CASE = "提供先への請求は始まっていません"
REASON = "捜査関係事項照会。照会元の求めによる。"


@pytest.fixture
def second_officer(db):
    return make_user("second-officer", is_staff=True, groups=("officers",))


def secret(**more):
    """To a recipient that has received nothing else, with a warning, on a ground of its own."""
    values = {"recipient": "kotori-salon", "ground": Ground.LEGAL}
    return an_event("secret", **{**values, **more})


def withheld(disclosure, by, days=30):
    until = timezone.now() + timedelta(days=days)
    return withhold_disclosure(disclosure=disclosure, ground=WithholdingGround.CRIME, until=until, reason=REASON, by=by)


def seen_by(person, *paths) -> dict[str, str]:
    """All that the person can see, without what differs from call to call."""
    client: Client = client_of(person)
    pages = {path: client.get(path) for path in (*PATHS, *paths)}
    found = {path: f"{one.status_code} {told(one.content.decode())}" for path, one in pages.items()}
    # At a second in which nothing else happened: it is taken out of the text below.
    made_at = timezone.now() + timedelta(hours=1)
    for made in (json_file, csv_file):
        text = b"".join(made.pieces(record_of(person, Filters(), made_at))).decode()
        found[made.__name__] = text.replace(timezone.localtime(made_at).isoformat(), "").replace(
            timezone.localtime(made_at).strftime("%Y-%m-%d %H:%M:%S"), ""
        )
    return found


def told(html: str) -> str:
    """Without the tokens of forms, and without as of which minute a page is."""
    return re.sub(r'<input type="hidden"[^>]*>|[^<>]*現在。サービスが', "", html)


@pytest.fixture
def world_of_hanako(hanako, taro, reporter, officer):
    """What hanako saw before the secret one was reported; a report of taro's gives the services their times."""
    record(reporter, an_event())
    work_off()
    now = timezone.now()
    with clock_at(now):
        record(reporter, an_event("taros", subject=taro.subject, recipient="kotori-salon"))
        work_off()
    return now


def reported(reporter, hanako, now):
    with clock_at(now):
        record(reporter, secret())
        work_off()
    return hanako.disclosures.get(event_id="secret")


def test_no_page_and_no_file_tells_that_there_is_one(world_of_hanako, hanako, reporter, officer):
    client_of(hanako)
    first = seen_by(hanako)
    disclosure = reported(reporter, hanako, world_of_hanako)
    itself = f"/my/disclosures/{disclosure.id}/"
    shown = seen_by(hanako, itself)
    assert {path for path in first if shown[path] != first[path]} >= {"/my/", "/my/notices/", "/my/recipients/"}
    log_access(person=hanako, what="case", about_id=disclosure.id, by=officer)
    record(reporter, a_correction(disclosure))
    withheld(disclosure, officer)
    hidden = seen_by(hanako, itself)
    assert hidden.pop(itself).startswith("404")
    assert {path for path in first if hidden[path] != first[path]} == set()


def test_number_of_a_withheld_one_is_as_unknown_as_any_other(world_of_hanako, hanako, reporter, officer, as_hanako):
    disclosure = reported(reporter, hanako, world_of_hanako)
    withheld(disclosure, officer)
    unknown = "00000000-0000-8000-8000-000000000000"
    for path in ("/my/disclosures/{}/", "/contact/requests/new/?about={}"):
        one, other = (as_hanako.get(path.format(id)) for id in (disclosure.id, unknown))
        assert one.status_code == other.status_code
        assert told(one.content.decode()).replace(str(disclosure.id), "") == told(other.content.decode()).replace(
            unknown, ""
        )


def notices_of(person, recipient) -> list[tuple[str, str]]:
    """What the JSON file says of notices about this recipient: kind and time. The page says it of as many."""
    made = json.loads(b"".join(json_file.pieces(record_of(person, Filters(), timezone.now()))))
    found = [(one["kind"], one["noticed_at"]) for one in made["notices"] if one["recipient"] == recipient.code]
    text = read(client_of(person).get("/my/notices/")).one("main").text
    assert text.count(str(recipient)) == len(found)
    assert ("注意" in text) is ("flagged" in dict(found))
    return found


@pytest.mark.parametrize("later", [{}, {"ground": Ground.LEGAL}])
def test_notice_of_the_time_of_a_withheld_one_goes_although_others_stay(
    world_of_hanako, hanako, reporter, officer, later
):
    disclosure = reported(reporter, hanako, world_of_hanako)
    with clock_at(world_of_hanako + timedelta(days=3)):
        record(reporter, an_event("open", recipient="kotori-salon", **later))
        work_off()
        before = notices_of(hanako, disclosure.recipient)
        withheld(disclosure, officer)
        left = notices_of(hanako, disclosure.recipient)
        assert {kind for kind, _at in before} == {"new_recipient", "flagged"}
        assert [kind for kind, _at in left] == (["flagged"] if later else [])
        assert left == [one for one in before if one[1] > min(at for _kind, at in before)]
        release_disclosure(disclosure=disclosure, reason="照会元の同意", by=officer)
        assert notices_of(hanako, disclosure.recipient) == before


@pytest.mark.parametrize("is_first_withheld", [True, False])
def test_notice_that_is_true_of_what_is_not_withheld_stays(
    world_of_hanako, hanako, reporter, officer, is_first_withheld
):
    """Two of one batch, of which the warned one is withheld; or the first one is open and a later one is withheld."""
    shown = an_event("open", recipient="kotori-salon")
    with clock_at(world_of_hanako):
        record(reporter, *([secret()] if is_first_withheld else []), shown)
        work_off()
    with clock_at(world_of_hanako + timedelta(days=3)):
        record(reporter, secret())
        work_off()
        disclosure = hanako.disclosures.get(event_id="secret")
        withheld(disclosure, officer)
        assert [kind for kind, _at in notices_of(hanako, disclosure.recipient)] == ["new_recipient"]


@pytest.mark.parametrize("how", ["released", "refused", "over", "never reviewed"])
def test_afterwards_it_is_there_as_it_was_reported(world_of_hanako, hanako, reporter, officer, second_officer, how):
    disclosure = reported(reporter, hanako, world_of_hanako)
    withheld(disclosure, officer, days=20)
    later = timezone.now() + timedelta(days=1)
    if how == "released":
        release_disclosure(disclosure=disclosure, reason="照会元の同意", by=officer)
    elif how == "refused":
        review_withholding(disclosure=disclosure, is_approved=False, reason="根拠がない", by=second_officer)
    elif how == "over":
        review_withholding(disclosure=disclosure, is_approved=True, reason="確認した", by=second_officer)
        later = timezone.now() + timedelta(days=21)
    else:
        later = timezone.now() + timedelta(days=8)
    with clock_at(later):
        assert hanako.disclosures.shown_to(hanako).filter(id=disclosure.id).exists()
        main = read(client_of(hanako).get(f"/my/disclosures/{disclosure.id}/")).one("main").text
        assert "法令により一時的に示していませんでした" in main and "第11条第4号" in main
        assert REASON not in main
        assert "secret" in json_record(hanako)


def json_record(person) -> set[str]:
    record_file = json.loads(b"".join(json_file.pieces(record_of(person, Filters(), timezone.now()))))
    return {row["event_id"] for row in record_file["disclosures"]}


def test_it_is_kept_back_until_its_day_once_a_second_officer_approved(
    world_of_hanako, hanako, reporter, officer, second_officer
):
    disclosure = reported(reporter, hanako, world_of_hanako)
    withheld(disclosure, officer, days=20)
    review_withholding(disclosure=disclosure, is_approved=True, reason="確認した", by=second_officer)
    with clock_at(timezone.now() + timedelta(days=19)):
        assert not hanako.disclosures.shown_to(hanako).filter(id=disclosure.id).exists()


@pytest.mark.parametrize("is_withheld", [True, False])
def test_withdrawal_opens_no_case_about_what_is_withheld(hanako, reporter, officer, decision, is_withheld):
    record(reporter, a_survey_event("before", occurred_at=decision.decided_at))
    if is_withheld:
        withheld(hanako.disclosures.get(event_id="before"), officer)
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    assert WithdrawalCase.objects.exists() is not is_withheld


def followed_up(hanako, withdrawal) -> str:
    """All that the person reads of what followed the withdrawal."""
    client, filed = client_of(hanako), record_of(hanako, Filters(), timezone.now())
    pages = [client.get(f"/my/decisions/{withdrawal.id}/"), client.get("/my/recipients/")]
    main = "".join(read(page).one("main").text for page in pages)
    return main + json.dumps([str(one["step"]) for one in withdrawal_step_entries(filed)])


@pytest.mark.parametrize("is_known_to_service", [True, False])
def test_case_about_what_is_withheld_is_not_shown(hanako, reporter, officer, decision, is_known_to_service):
    record(reporter, a_survey_event("before", occurred_at=decision.decided_at))
    withdrawal = withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    if is_known_to_service:
        take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.TOLD, by=reporter)
    before = followed_up(hanako, withdrawal)
    withheld(hanako.disclosures.get(event_id="before"), officer)
    after = followed_up(hanako, withdrawal)
    assert NO_CASE not in before
    assert NO_CASE in after
    assert after.endswith("[]")
    assert case_state(withdrawal)["state"] == ("told" if is_known_to_service else "opened")


@pytest.mark.parametrize("how", ["released", "over"])
def test_what_is_shown_again_opens_the_case_of_its_withdrawal(hanako, reporter, officer, decision, how):
    record(reporter, a_survey_event("before", occurred_at=decision.decided_at))
    disclosure = hanako.disclosures.get(event_id="before")
    withheld(disclosure, officer)
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    work_off()
    assert not WithdrawalCase.objects.exists()
    if how == "released":
        release_disclosure(disclosure=disclosure, reason="照会が終わった", by=officer)
    with clock_at(timezone.now() + (timedelta(days=8) if how == "over" else timedelta())):
        work_off()
    assert WithdrawalCase.objects.get().whose_id == hanako.pk


# --- Notices and files of before -------------------------------------------------------------------------------------


def shown_again_notices(person) -> list[str]:
    rows = person.notices.shown_to(person).filter(kind=NoticeKind.SHOWN_AGAIN)
    return [str(row.about_id) for row in rows]


@pytest.mark.parametrize("how", ["released", "over"])
def test_person_is_told_once_it_is_shown_again_and_not_before(hanako, reporter, officer, disclosure, how):
    withheld(disclosure, officer)
    work_off()
    assert shown_again_notices(hanako) == []
    if how == "released":
        release_disclosure(disclosure=disclosure, reason="照会が終わった", by=officer)
    with clock_at(timezone.now() + (timedelta(days=8) if how == "over" else timedelta())):
        work_off()
        work_off()
        assert shown_again_notices(hanako) == [str(disclosure.id)]
        main = read(client_of(hanako).get("/my/notices/")).one("main")
        assert f"/my/disclosures/{disclosure.id}/" in [link["href"] for link in main.all("a")]
        withheld(disclosure, officer)
        assert shown_again_notices(hanako) == []


def test_person_is_not_told_while_a_second_officer_approved_it(hanako, officer, second_officer, disclosure):
    withheld(disclosure, officer, days=30)
    review_withholding(disclosure=disclosure, is_approved=True, reason="確認した", by=second_officer)
    with clock_at(timezone.now() + timedelta(days=8)):
        work_off()
        assert not hanako.notices.filter(kind=NoticeKind.SHOWN_AGAIN).exists()


def test_step_of_a_case_that_is_not_shown_gives_no_notice_to_see(hanako, reporter, officer, decision):
    record(reporter, a_survey_event("before", occurred_at=decision.decided_at))
    withdrawal = withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.TOLD, by=reporter)
    work_off()
    moved = hanako.notices.shown_to(hanako).filter(kind=NoticeKind.WITHDRAWAL_MOVED)
    assert moved.count() == 1
    disclosure = hanako.disclosures.get(event_id="before")
    withheld(disclosure, officer)
    assert moved.count() == 0
    release_disclosure(disclosure=disclosure, reason="照会が終わった", by=officer)
    assert moved.count() == 1


@pytest.fixture
def waiting_file(hanako, reporter, monkeypatch):
    """A file that is ready to be fetched, and tells of the secret one; and her browser, logged in just now."""
    monkeypatch.setattr(file_store, "MOST_ROWS_AT_ONCE", dict.fromkeys(file_store.MOST_ROWS_AT_ONCE, -1))
    record(reporter, an_event(), secret())
    home = confirmed(hanako)
    page = home.post("/my/export/", {"format": "json"})["Location"]
    work_off()
    return home, page


def confirmed(person) -> Client:
    client = client_of(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_file_of_before_is_made_anew_without_a_word(hanako, officer, waiting_file):
    home, page = waiting_file
    fetch = f"{page}file/"
    assert b"kotori-salon" in b"".join(home.post(fetch).streaming_content)
    withheld(hanako.disclosures.get(event_id="secret"), officer)
    again = home.post(fetch)
    assert again.status_code == 302 and again["Location"] == page
    assert "作成しています" in read(home.get(page)).one("main").text
    work_off()
    made = b"".join(home.post(fetch).streaming_content)
    assert b"minato-inn" in made and b"kotori-salon" not in made


def test_file_that_was_being_made_is_not_given_out(hanako, officer, waiting_file, monkeypatch):
    home, _page = waiting_file
    written, disclosure = file_store.write, hanako.disclosures.get(event_id="secret")

    def write_while_it_is_withheld(export, on_rows):
        found = written(export, on_rows)
        if not WithholdingStep.objects.exists():
            withheld(disclosure, officer)
        return found

    monkeypatch.setattr(file_store, "write", write_while_it_is_withheld)
    page = home.post("/my/export/", {"format": "json"})["Location"]
    work_off()
    with clock_at(timezone.now() + timedelta(minutes=10)):
        work_off()
    (export,) = hanako.exports.filter(id=page.rstrip("/").rpartition("/")[2])
    assert export.ready_at is not None
    assert b"kotori-salon" not in b"".join(file_store.sent(export.file_name))


def test_no_ground_is_chosen_beforehand(as_officer, hanako, disclosure):
    path = f"/admin/withheld/{hanako.pk}/{disclosure.id}/"
    assert read(as_officer.get(path)).one("select", name="ground").all("option", selected="") == []
    until = timezone.localtime() + timedelta(days=30)
    sent = {"until_0": until.strftime("%Y-%m-%d"), "until_1": "10:00", "reason": REASON, "ground": ""}
    assert as_officer.post(path, sent).status_code == 422
    assert not WithholdingStep.objects.exists()


def test_page_of_somebody_who_cannot_be_is_not_found(as_officer, disclosure):
    assert as_officer.get(f"/admin/withheld/99999999999999999999999/{disclosure.id}/").status_code == 404


def test_everybody_reads_the_same_sentence(hanako, taro, reporter, officer, disclosure):
    withheld(disclosure, officer)
    files = [
        json.loads(b"".join(json_file.pieces(record_of(person, Filters(), timezone.now()))))
        for person in (hanako, taro)
    ]
    assert files[0]["withheld"] == files[1]["withheld"]
    assert "お答えしていません" in files[0]["withheld"]["reason"]["ja"]


# --- Who may ---------------------------------------------------------------------------------------------------------


def test_who_entered_it_cannot_review_it(disclosure, officer, second_officer):
    withheld(disclosure, officer)
    with pytest.raises(SecondPersonNeeded):
        review_withholding(disclosure=disclosure, is_approved=True, reason="自分で", by=officer)
    review_withholding(disclosure=disclosure, is_approved=True, reason="確認した", by=second_officer)
    with pytest.raises(NoLongerOpen):
        review_withholding(disclosure=disclosure, is_approved=True, reason="もう一度", by=second_officer)
    assert [step.kind for step in WithholdingStep.objects.order_by("number")] == [
        WithholdingKind.ENTERED, WithholdingKind.APPROVED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field"),
    [({"reason": " "}, "reason"), ({"reason": "あ" * 5001}, "reason"), ({"until": LONG_AGO}, "until")],
)
def test_it_needs_a_reason_and_an_end(disclosure, officer, given, field):
    values = {"ground": WithholdingGround.HARM, "until": timezone.now() + timedelta(days=1), "reason": REASON}
    with pytest.raises(InvalidValue) as refused:
        withhold_disclosure(disclosure=disclosure, by=officer, **{**values, **given})
    assert refused.value.field == field
    assert not WithholdingStep.objects.exists()


def test_it_is_not_withheld_twice_nor_released_twice(disclosure, officer):
    withheld(disclosure, officer)
    with pytest.raises(NoLongerOpen):
        withheld(disclosure, officer)
    release_disclosure(disclosure=disclosure, reason="終わった", by=officer)
    with pytest.raises(NoLongerOpen):
        release_disclosure(disclosure=disclosure, reason="終わった", by=officer)
    withheld(disclosure, officer)
    assert WithholdingStep.objects.count() == 3


def test_steps_are_numbered_once(disclosure, officer):
    step = withheld(disclosure, officer)
    values = {field.attname: getattr(step, field.attname) for field in WithholdingStep._meta.concrete_fields}
    with pytest.raises(IntegrityError):
        WithholdingStep.objects.create(**{**values, "id": "00000000-0000-7000-8000-000000000001"})


# --- At the desk -----------------------------------------------------------------------------------------------------


def test_officers_enter_review_and_release_at_the_desk(disclosure, hanako, as_officer, second_officer):
    lookup = {"subject": hanako.subject, "number": str(disclosure.id), "reason": "照会を受けたため確認する"}
    page = as_officer.post("/admin/withheld/", lookup)["Location"]
    day = timezone.localdate() + timedelta(days=30)
    given = {"ground": "crime", "until_0": day.isoformat(), "until_1": "12:00", "reason": REASON}
    assert "保存しました" in read(as_officer.post(page, given, follow=True)).text
    assert client_of(hanako).get(f"/my/disclosures/{disclosure.id}/").status_code == 404
    assert "本人に示さない記録 1" in read(as_officer.get("/admin/")).text
    own = as_officer.post(page, {"step": "approve", "reason": "確認した"})
    assert own.status_code == 422
    other = client_of(second_officer)
    assert other.post(page, {"step": "approve", "reason": "確認した"}).status_code == 302
    assert REASON in read(other.get(page)).text
    released = other.post(page, {"step": "release", "reason": "終わった"}, follow=True)
    assert "本人にお知らせが届きます" in read(released).text
    assert client_of(hanako).get(f"/my/disclosures/{disclosure.id}/").status_code == 200
    # The desk knows who looked; the person is told when it can no longer give the entry away.
    assert {one.what for one in hanako.record_accesses.all()} == {"withheld"}
    assert not hanako.record_accesses.shown_to(hanako).exists()
    with clock_at(timezone.now() + timedelta(days=8)):
        assert hanako.record_accesses.shown_to(hanako).count() == hanako.record_accesses.count()


@pytest.mark.parametrize("lookup", [{}, {"subject": "nobody"}, {"subject": "nobody", "number": "x"}])
def test_lookup_of_what_is_not_there_is_an_error_on_the_form(as_officer, lookup):
    assert as_officer.post("/admin/withheld/", lookup).status_code == 422


def test_editor_and_person_find_no_such_page(as_editor, as_hanako, disclosure, hanako):
    for path in ("/admin/withheld/", f"/admin/withheld/{hanako.pk}/{disclosure.id}/"):
        assert as_editor.get(path).status_code == 403
        assert as_hanako.get(path).status_code in (302, 403)


def test_page_of_another_persons_disclosure_is_not_found(as_officer, disclosure, taro):
    assert as_officer.get(f"/admin/withheld/{taro.pk}/{disclosure.id}/").status_code == 404
