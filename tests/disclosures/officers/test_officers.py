"""The privacy officer's desk: cases that open themselves, records that are read with a reason, and who read them."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.models import NoticeKind, WithdrawalCase
from disclosures.models import (
    Case,
    CaseEvent,
    CaseKind,
    CaseStep,
    CitedEvidence,
    EvidenceKind,
    Ground,
    Lookup,
    RecordAccess,
    Scenario,
    WithholdingGround,
)
from disclosures.officers.actions import take_case_step
from disclosures.officers.cases import open_case_count
from disclosures.officers.roles import EDITED
from disclosures.officers.withholding_actions import withhold_disclosure
from disclosures.record.actions import log_access
from privacycenter.errors import InvalidValue, TextChanged
from privacycenter.outbox.working import work_off
from tests.support.cases import CASES, case_path, event_path, only_event
from tests.support.clock import clock_at
from tests.support.events import a_correction, a_survey_event, an_event, record
from tests.support.html import read
from tests.support.people import client_of
from tests.support.staging import publish_scenario

pytestmark = pytest.mark.django_db

RECORDS, ACCESSES = "/admin/records/", "/admin/accesses/"
REASON = "本人からの開示の請求に答えるため"


@pytest.fixture
def case(hanako, reporter) -> Case:
    """A disclosure that nobody had approved."""
    record(reporter, a_survey_event())
    return Case.objects.get()


# --- Cases open themselves -------------------------------------------------------------------------------------------


def test_disclosure_without_a_warning_opens_no_case(disclosure):
    assert not Case.objects.exists()


def test_flagged_disclosure_opens_a_case_once(reporter, case, hanako):
    record(reporter, a_survey_event())
    assert Case.objects.get() == case
    event, disclosure = case.events.get(), hanako.disclosures.get()
    assert (case.kind, event.whose, event.disclosure_id) == (CaseKind.FLAGGED, hanako, disclosure.id)
    assert case.flags == disclosure.flags > 0
    assert (case.reporter, case.recipient, case.day) == (reporter, disclosure.recipient, timezone.localdate())


def test_conflicting_report_opens_a_case_once(reporter, disclosure):
    for _number in range(2):
        record(reporter, an_event(items=("name",)))
    events = CaseEvent.objects.values_list("case__kind", "disclosure_id")
    assert list(events) == [(CaseKind.CONFLICT, disclosure.id)]


def test_officer_sees_that_two_reports_differ_in_the_decision_they_name(reporter, as_officer, disclosure):
    named = "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071"
    record(reporter, an_event(decision=named))
    assert named in read(as_officer.get(only_event())).text


def test_each_other_conflicting_report_is_an_event_of_its_own(reporter, disclosure):
    record(reporter, an_event(items=("name",)), an_event(items=("email",)), an_event(items=("name",)))
    assert Case.objects.get().events.count() == 2


def test_filing_many_events_costs_the_same_as_one(reporter, django_assert_num_queries):
    record(reporter, a_survey_event("first"))
    with CaptureQueriesContext(connection) as few:
        record(reporter, a_survey_event("second"))
    with django_assert_num_queries(len(few)):
        record(reporter, *(a_survey_event(f"more-{number}") for number in range(30)))
    assert Case.objects.get().events.count() == 32


# --- Looking into one ------------------------------------------------------------------------------------------------


def test_officer_sees_the_case_in_words_and_is_written_down(as_officer, officer, case, hanako):
    row = read(as_officer.get(CASES)).one("tbody").one("tr")
    assert "Northwind" in row.text and hanako.subject not in row.text
    assert hanako.subject not in read(as_officer.get(case_path(case))).text
    page = read(as_officer.get(only_event()))
    assert hanako.subject in page.text and "アンケート" in page.text
    access = RecordAccess.objects.get()
    assert (access.person, access.staff_id, access.role, access.what) == (hanako, officer.pk, "officers", "case")
    assert (access.reason, access.about_id) == ("", hanako.disclosures.get().id)


def test_two_reports_are_shown_side_by_side(as_officer, reporter, disclosure):
    record(reporter, an_event(items=("name",), ground=Ground.CONTRACT))
    rows = read(as_officer.get(only_event())).one("table", cls="desk-table").one("tbody").all("tr")
    differing = [row.one("th").text.split()[0] for row in rows if row.all("span", cls="missing-mark")]
    assert differing == ["情報", "提供の根拠"]
    assert rows[3].all("td")[0].text == "氏名, 電話番号" and rows[3].all("td")[1].text == "氏名"


def step(client, case, **more):
    seen = read(client.get(case_path(case))).all("input", name="seen")[0]["value"]
    return client.post(f"{CASES}{case.pk}/", {"reason": "確認した", "seen": seen, **more})


def test_officer_notes_closes_and_opens_again(as_officer, case):
    step(as_officer, case)
    assert open_case_count() == 1
    assert step(as_officer, case, is_closing="on")["Location"] == CASES
    assert open_case_count() == 0
    assert read(as_officer.get(CASES)).all("tbody") == []
    assert len(read(as_officer.get(f"{CASES}?state=closed")).one("tbody").all("tr")) == 1
    step(as_officer, case, reason="まだ続きがある")
    assert open_case_count() == 1


def test_step_needs_its_reason(as_officer, officer, case):
    assert step(as_officer, case, reason=" ").status_code == 422
    assert step(as_officer, case, seen="x").status_code == 422
    with pytest.raises(InvalidValue):
        take_case_step(case=case, is_closing=True, reason="", by=officer)
    assert not CaseStep.objects.exists()


def test_second_officer_is_told_and_keeps_what_was_written(as_officer, officer, case):
    take_case_step(case=case, is_closing=True, reason="先に閉じた", by=officer)
    response = as_officer.post(f"{CASES}{case.pk}/", {"reason": "私の結論", "seen": "0"})
    page = read(response)
    assert response.status_code == 409 and "先に閉じた" in page.text
    assert page.one("textarea", name="reason").text == "私の結論" and page.all("input", name="seen")[0]["value"] == "1"
    with pytest.raises(TextChanged):
        take_case_step(case=case, is_closing=False, reason="x", seen=0, by=officer)


def test_list_is_narrowed_by_what_it_is_about(as_officer, reporter, case):
    record(
        reporter, an_event("contract", ground=Ground.CONTRACT), an_event("twice"), an_event("twice", items=("name",))
    )

    def shown(query):
        found = read(as_officer.get(f"{CASES}?{query}")).all("tbody")
        return len(found[0].all("tr")) if found else 0

    assert (shown(""), shown("about=unapproved"), shown("about=differs"), shown("about=conflict")) == (3, 1, 1, 1)
    assert shown("about=nonsense&state=nonsense&page=x") == 3


def test_list_costs_the_same_for_many(as_officer, reporter, case, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as few:
        as_officer.get(CASES)
    now = timezone.now()
    for days in range(1, 61):
        with clock_at(now - timedelta(days=days)):
            record(reporter, a_survey_event(f"more-{days}", occurred_at=now - timedelta(days=days)))
    with django_assert_max_num_queries(len(few)):
        page = read(as_officer.get(CASES))
    assert len(page.one("tbody").all("tr")) == 50 and page.one("a", rel="next")


def test_case_of_a_retired_scenario_can_still_be_read(as_officer, case):
    Scenario.objects.filter(code="survey-results").update(retired_at=timezone.now())
    assert as_officer.get(case_path(case)).status_code == as_officer.get(only_event()).status_code == 200


def test_case_that_does_not_exist_is_not_found(as_officer):
    for path in ("999999/", "999999/events/1/"):
        assert as_officer.get(f"{CASES}{path}").status_code == 404


# --- One person's record ---------------------------------------------------------------------------------------------


def test_nothing_is_shown_before_the_reason_is_said(as_officer, hanako, disclosure):
    assert as_officer.get(f"{RECORDS}{hanako.pk}/")["Location"] == RECORDS
    for wrong in (
        {"who": hanako.subject, "scope": "whole", "reason": ""},
        {"who": hanako.subject, "scope": "whole", "reason": "短い"},
        {"who": "", "scope": "whole", "reason": REASON},
    ):
        assert as_officer.post(RECORDS, wrong).status_code == 422
    assert as_officer.get(f"{RECORDS}{hanako.pk}/")["Location"] == RECORDS
    assert not RecordAccess.objects.exists() and not Lookup.objects.exists()


def test_without_a_reason_the_desk_does_not_tell_whether_somebody_is_known(as_officer, hanako):
    known, unknown = (
        as_officer.post(RECORDS, {"who": who, "scope": "whole", "reason": "短い"}) for who in (hanako.subject, "x" * 14)
    )
    assert read(known).one("main").text == read(unknown).one("main").text


@pytest.mark.parametrize("name", ["subject-hanako", "hanako", " HANAKO@example.jp "])
def test_record_is_opened_with_a_reason_and_every_page_is_written_down(as_officer, hanako, disclosure, name):
    type(hanako).objects.filter(pk=hanako.pk).update(email="hanako@example.jp")
    page = read(as_officer.post(RECORDS, {"who": name, "scope": "whole", "reason": REASON}, follow=True))
    assert "湯宿 みなと" in page.text and REASON in page.text
    as_officer.get(f"{RECORDS}{hanako.pk}/")
    assert [(one.person, one.what, one.reason) for one in RecordAccess.objects.order_by("accessed_at")] == [
        (hanako, what, REASON) for what in ("lookup", "record", "record")
    ]


def test_reason_holds_for_one_person_and_half_an_hour(as_officer, hanako, taro, disclosure):
    as_officer.post(RECORDS, {"who": "hanako", "scope": "whole", "reason": REASON})
    assert as_officer.get(f"{RECORDS}{taro.pk}/")["Location"] == RECORDS
    now = timezone.now()
    with clock_at(now + timedelta(minutes=20)):  # or the session itself would have ended
        as_officer.get(RECORDS)
    with clock_at(now + timedelta(minutes=31)):
        assert as_officer.get(f"{RECORDS}{hanako.pk}/")["Location"] == RECORDS


def test_unknown_person_is_told_and_part_of_a_name_finds_nobody(as_officer, officer, hanako):
    for name in ("nobody", "hana", "subject-"):
        response = as_officer.post(RECORDS, {"who": name, "scope": "whole", "reason": REASON})
        assert response.status_code == 422
    kept = Lookup.objects.values_list("staff_id", "role", "reason", "is_found")
    assert list(kept) == [(officer.pk, "officers", REASON, False)] * 3
    assert REASON in read(as_officer.get(ACCESSES)).text
    assert as_officer.get(f"{RECORDS}999999/")["Location"] == RECORDS


def test_empty_record_says_so(as_officer, taro):
    assert (
        "報告されていません"
        in read(as_officer.post(RECORDS, {"who": "taro", "scope": "whole", "reason": REASON}, follow=True)).text
    )


def test_record_of_many_disclosures_is_paged(as_officer, hanako, reporter, django_assert_max_num_queries):
    record(reporter, *(an_event(f"event-{number}") for number in range(40)))
    page = read(as_officer.post(RECORDS, {"who": "hanako", "scope": "whole", "reason": REASON}, follow=True))
    older = page.one("nav", cls="desk-pager").one("a")["href"]
    with django_assert_max_num_queries(60):
        assert as_officer.get(f"{RECORDS}{hanako.pk}/{older}").status_code == 200


# --- Who looked ------------------------------------------------------------------------------------------------------


def test_person_sees_who_looked_and_why(as_officer, as_hanako, as_taro, case):
    before = read(as_hanako.get("/my/accesses/")).one("main")
    assert "表示する閲覧はありません" in before.text and "開いた人はいません" not in before.text
    as_officer.post(RECORDS, {"who": "hanako", "scope": "whole", "reason": REASON}, follow=True)
    main = read(as_hanako.get("/my/accesses/")).one("main")
    assert REASON in main.text and "プライバシー担当者" in main.text and "officer" not in main.text
    assert REASON not in read(as_taro.get("/my/accesses/")).text


def test_everybody_alike_reads_that_a_law_may_keep_entries_back(as_hanako, as_taro, as_officer, case):
    as_officer.post(RECORDS, {"who": "hanako", "scope": "whole", "reason": REASON}, follow=True)
    for client in (as_hanako, as_taro):
        text = read(client.get("/my/accesses/")).one("header", cls="page-head").text
        assert "示せるようになってから表示します。" in text


def test_page_for_looking_up_says_how_long_a_reason_is_and_that_one_look_is_shown_later(as_officer, hanako):
    text = read(as_officer.get(RECORDS)).one("main").text
    assert "10文字以上" in text and "法令により本人に示さない記録" in text
    answer = as_officer.post(RECORDS, {"who": "hanako", "scope": "whole", "reason": "用件"})
    assert answer.status_code == 422
    assert "理由が短すぎるため、検索していません。10文字以上で書いてください。" in read(answer).one("main").text


def test_officer_sees_who_looked_and_whose_record_it_was_with_a_reason(as_officer, officer, hanako, taro):
    log_access(person=hanako, what="record", reason="花子の件", by=officer)
    log_access(person=taro, what="record", reason="太郎の件", by=officer)

    def shown(query, path=ACCESSES):
        text = read(as_officer.get(f"{path}?{query}")).one(id="content-main").text
        assert hanako.subject not in text
        return ["花子の件" in text, "太郎の件" in text]

    today = timezone.localdate()
    assert shown("") == [True, True]
    hanakos = f"{RECORDS}{hanako.pk}/accesses/"
    assert as_officer.get(hanakos)["Location"] == RECORDS
    as_officer.post(RECORDS, {"who": "hanako", "scope": "whole", "reason": REASON})
    assert shown("", hanakos) == [True, False]
    assert [one.what for one in hanako.record_accesses.order_by("accessed_at", "id")] == [
        "record",
        "lookup",
        "accesses",
    ]
    assert shown("staff=officer") == [True, True] and shown("staff=nobody") == [False, False]
    assert shown(f"since={today}&until={today}") == [True, True]
    assert shown(f"until={today - timedelta(days=1)}") == [False, False]
    assert shown("since=nonsense") == [True, True]


def test_list_of_accesses_costs_the_same_for_many(
    as_officer, as_hanako, officer, hanako, django_assert_max_num_queries
):
    log_access(person=hanako, what="record", reason="x", by=officer)
    with django_assert_max_num_queries(60) as few:
        as_officer.get(ACCESSES)
    for number in range(60):
        log_access(person=hanako, what="record", reason=f"x{number}", by=officer)
    with django_assert_max_num_queries(len(few)):
        as_officer.get(ACCESSES)
    assert read(as_hanako.get("/my/accesses/")).one("a", rel="next")["href"] == "?page=2"


def test_persons_list_is_paged_by_what_it_shows(as_hanako, hanako, officer):
    for _number in range(60):
        log_access(person=hanako, what="record", reason="x", by=officer)
    assert len(looks(as_hanako)) == 1 and not read(as_hanako.get("/my/accesses/")).all(cls="pager")


# --- Who may ---------------------------------------------------------------------------------------------------------


def test_desk_of_officers_is_theirs_alone(as_editor, publisher, as_hanako, hanako, client, case):
    for path in (CASES, case_path(case), only_event(), RECORDS, f"{RECORDS}{hanako.pk}/", ACCESSES):
        for other in (as_editor, client_of(publisher)):
            assert (other.get(path).status_code, other.post(path, {"reason": REASON}).status_code) in (
                (403, 403),
                (403, 405),
            )
        assert as_hanako.get(path, follow=True).status_code == 403
        assert "/login/" in client.get(path)["Location"]
    assert not RecordAccess.objects.exists() and not CaseStep.objects.exists()


def test_officer_changes_no_content(as_officer):
    edited = [
        one for one in admin.site._registry if one._meta.label_lower in {f"disclosures.{name}" for name in EDITED}
    ]
    assert len(edited) > 10
    for model in edited:
        path = f"/admin/disclosures/{model._meta.model_name}/"
        assert as_officer.get(f"{path}add/").status_code == 403, path
        row = model._default_manager.first()
        if row:
            for change in ("change", "delete"):
                assert as_officer.post(f"{path}{row.pk}/{change}/", {"post": "yes"}).status_code == 403, path
    for path in ("/admin/pending/", "/admin/publications/1/", "/admin/arrange/1/"):
        assert as_officer.post(path, {"reason": "x"}).status_code in (403, 405), path


# --- As the person reads it ------------------------------------------------------------------------------------------


def looks(client, path="/my/accesses/"):
    return read(client.get(path)).one("main").one("ul", cls="rows").all("li")


def test_looks_of_one_person_for_one_reason_within_half_an_hour_are_one_line(as_hanako, hanako, officer, editor):
    now = timezone.now()
    for minutes in (90, 20, 10, 0):
        with clock_at(now - timedelta(minutes=minutes)):
            log_access(person=hanako, what="record", reason="問い合わせ", by=officer)
    log_access(person=hanako, what="record", reason="別の件", by=officer)
    log_access(person=hanako, what="record", reason="問い合わせ", by=editor)
    assert sorted("3回" in look.text for look in looks(as_hanako)) == [False, False, False, True]


def test_look_at_a_withdrawal_is_worded_for_the_reader_and_leads_to_it(as_hanako, hanako, as_officer, withdrawal):
    case = WithdrawalCase.objects.get()
    as_officer.get(f"/admin/withdrawals/{case.pk}/")
    (look,) = looks(as_hanako, "/en/my/accesses/")
    assert "What follows a withdrawal" in look.text and not any(letter >= "\u3040" for letter in look.text)
    assert look.one("a")["href"] == f"/en/my/decisions/{withdrawal.id}/"


def test_look_at_a_case_is_worded_for_the_reader_and_leads_to_its_disclosure(as_hanako, hanako, as_officer, case):
    as_officer.get(only_event())
    about = hanako.disclosures.get().id
    (look,) = looks(as_hanako, "/en/my/accesses/")
    assert "One disclosure that needed a look" in look.text and not any(letter >= "\u3040" for letter in look.text)
    assert look.one("a")["href"] == f"/en/my/disclosures/{about}/"
    assert str(about) in read(as_officer.get(ACCESSES)).text


@pytest.mark.parametrize(("prefix", "you"), [("", "あなた"), ("/en", "Your")])
def test_desk_speaks_of_the_person_and_never_of_the_officer(as_officer, reporter, hanako, prefix, you):
    act = CitedEvidence(EvidenceKind.ACT, "R-7")
    publish_scenario("online-booking", evidence="policy")
    [result] = record(reporter, an_event(evidence=act))
    disclosure = hanako.disclosures.get(id=result.disclosure_id)
    record(reporter, an_event(ground=Ground.POLICY), a_correction(disclosure, facts={"evidence": act}))
    record(reporter, a_survey_event())
    paths = [*map(case_path, Case.objects.all()), *map(event_path, CaseEvent.objects.all())]
    pages = [read(as_officer.get(f"{prefix}{path}")).one(id="content-main") for path in paths]
    assert len(pages) == 7
    told = " ".join(page.text for page in pages)
    assert {"": "サービスでの本人の操作", "/en": "The person’s own act in the service: R-7"}[prefix] in told
    assert {"": "本人の許可", "/en": "The person’s approval"}[prefix] in told
    assert you not in told


def test_reports_without_evidence_are_one_case_that_says_so(as_officer, reporter):
    publish_scenario("online-booking", evidence="act")
    record(reporter, an_event("first"), an_event("second"), a_survey_event())
    listed = read(as_officer.get(f"{CASES}?about=unevidenced"))
    case = Case.objects.get(kind=CaseKind.UNEVIDENCED)
    links = {link["href"] for link in listed.all("a")}
    others = Case.objects.exclude(pk=case.pk)
    assert f"{CASES}{case.pk}/" in links and not links & {f"{CASES}{other.pk}/" for other in others}
    assert case.events.count() == 2


def test_list_of_accesses_speaks_to_staff_and_the_persons_page_to_the_person(as_officer, as_hanako, officer, hanako):
    kinds = ("record", "case", "inquiry", "withdrawal", "lookup", "accesses", "account", "delivery")
    for what in kinds:
        log_access(person=hanako, what=what, reason="x", by=officer)
    staffs = read(as_officer.get(ACCESSES)).one(id="content-main").text
    hers = read(as_hanako.get("/my/accesses/")).one("main").text
    for for_staff in ("本人のログインの方法", "本人からの問い合わせ", "本人がこのサイトに登録されているかどうか"):
        assert for_staff in staffs and for_staff not in hers
    assert staffs.count("本人の回答に関するサービスへの通知") == 1


# --- What the person is told of a case -------------------------------------------------------------------------------


def test_person_is_told_what_was_found_and_nobody_else(as_officer, as_hanako, as_taro, case, hanako):
    told = {
        "words_ja": "設定の誤りでした。直しました。",
        "words_en": "A wrong setting. It is mended.",
        "is_closing": "on",
    }
    step(as_officer, case, **told)
    work_off()
    path = f"/my/disclosures/{hanako.disclosures.get().id}/"
    page = read(as_hanako.get(path)).one("main").text
    assert told["words_ja"] in page and "確認した" not in page
    assert told["words_en"] in read(as_hanako.get(f"/en{path}")).one("main").text
    assert as_taro.get(path).status_code == 404
    notices = read(as_hanako.get("/my/notices/")).one("main")
    assert path in [link["href"] for link in notices.all("a")]


def test_step_without_words_tells_the_person_nothing(as_officer, as_hanako, case, hanako):
    step(as_officer, case)
    work_off()
    assert not hanako.notices.filter(kind=NoticeKind.CASE_TOLD).exists()
    assert CaseStep.objects.get().words is None


def test_words_in_another_language_alone_are_refused_and_kept(as_officer, case):
    answer = step(as_officer, case, words_en="A wrong setting.")
    assert answer.status_code == 422 and "A wrong setting." in answer.content.decode()
    assert not CaseStep.objects.exists()


def test_what_was_found_about_a_withheld_entry_is_not_told(as_officer, as_hanako, case, hanako, officer):
    step(as_officer, case, words_ja="設定の誤りでした。")
    work_off()
    kept = hanako.disclosures.get()
    withhold_disclosure(
        disclosure=kept, ground=WithholdingGround.CRIME,
        until=timezone.now() + timedelta(days=30), reason="x", by=officer,
    )  # fmt: skip
    assert str(kept.id) not in as_hanako.get("/my/notices/").content.decode()


def test_nobody_can_be_told_of_a_conflicting_report(as_officer, reporter, disclosure):
    record(reporter, an_event(items=("name",)))
    form = read(as_officer.get(case_path(Case.objects.get()))).one("main").all("textarea")
    assert [one["name"] for one in form] == ["reason", "why"]
