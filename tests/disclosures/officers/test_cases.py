"""A case is one cause with all of its events: how events are filed, and what officers do about the cause."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.models import NoticeKind
from consents.notices import followers
from disclosures.ledger.recording import record_disclosures
from disclosures.models import (
    Case,
    CaseEvent,
    CaseKind,
    CaseStep,
    CaseStepKind,
    Disclosure,
    Lookup,
    RecordAccess,
    RejectedReport,
    WithholdingGround,
)
from disclosures.officers import cases
from disclosures.officers.actions import Closed, close_cases, give_case, move_case, take_case_step
from disclosures.officers.withholding_actions import withhold_disclosure
from disclosures.public.titles import Names
from disclosures.reporters.actions import create_reporter
from privacycenter.errors import NoLongerOpen
from privacycenter.models import User
from privacycenter.outbox.working import work_off
from tests.support.cases import CASES, case_path, event_path
from tests.support.clock import clock_at
from tests.support.database import at_once
from tests.support.events import a_correction, a_survey_event, an_event, record
from tests.support.html import read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db

WORDS = {"ja": "設定の誤りでした。直しました。", "en": "A wrong setting. It is mended."}


def close(case, officer, **more):
    return take_case_step(case=case, is_closing=True, reason="設定を直した", by=officer, **more)


def surveys(count, prefix="survey", **more):
    return [a_survey_event(f"{prefix}-{number}", **more) for number in range(count)]


# --- Filing ----------------------------------------------------------------------------------------------------------


def test_thousand_events_of_one_cause_are_one_case(reporter, hanako, taro):
    record(reporter, *surveys(500), *surveys(500, "taro", subject=taro.subject))
    case = Case.objects.get()
    assert case.events.count() == 1000 and set(case.events.values_list("whose", flat=True)) == {hanako.pk, taro.pk}
    assert case.due_on == case.day + timedelta(days=14) and case.is_open


def test_other_cause_is_another_case(reporter, hanako):
    other, _secret = create_reporter(code="other", title="Other", services=["jalan"])
    noon = timezone.now().replace(hour=3, minute=0, second=0, microsecond=0)
    with clock_at(noon):
        record(reporter, a_survey_event(), a_survey_event("2", recipient="minato-inn"), an_event("3"))
        record(
            reporter, an_event("3", items=("name",)), an_event("4", recipient="nobody"), an_event("5", recipient="no")
        )
        record(
            reporter, a_survey_event("6", items=("name", "usage")), a_correction(hanako.disclosures.get(event_id="3"))
        )
        record(other, a_survey_event("7"))
    with clock_at(noon + timedelta(days=1)):
        record(reporter, a_survey_event("8"))
    assert sorted((case.kind, case.events.count()) for case in Case.objects.all()) == [
        (CaseKind.FLAGGED, 1), (CaseKind.FLAGGED, 1), (CaseKind.FLAGGED, 1), (CaseKind.FLAGGED, 2),
        (CaseKind.CONFLICT, 1), (CaseKind.REJECTED, 2),
    ]  # fmt: skip
    call_command("verify_ledger")


def test_unknown_codes_in_one_field_are_one_case(reporter):
    wrong = [an_event(f"r-{number}", recipient=f"unheard-of-{number}") for number in range(30)]
    items = [an_event(f"i-{number}", items=("name",) * (number % 3) + (f"nothing-{number}",)) for number in range(30)]
    record(reporter, *wrong, *items)
    assert sorted((case.events.count(), case.detail) for case in Case.objects.all()) == [
        (30, "There is no data item “nothing-0”."), (30, "There is no recipient “unheard-of-0”."),
    ]  # fmt: skip
    told = RejectedReport.objects.values_list("problem__detail", flat=True)
    assert len(set(told)) == 60
    call_command("verify_ledger")


def test_what_comes_after_a_case_was_closed_opens_another(reporter, officer, hanako):
    record(reporter, a_survey_event("before"))
    first = Case.objects.get()
    close(first, officer)
    record(reporter, a_survey_event("after"))
    assert [case.is_open for case in Case.objects.order_by("pk")] == [False, True]
    assert Case.objects.latest("pk").cause == first.cause
    call_command("verify_ledger")


def test_batch_asks_once_which_cases_are_open_opens_the_others_and_files_its_events(reporter, disclosure):
    def of_cases(*events):
        with CaptureQueriesContext(connection) as captured:
            record(reporter, *events)
        return len([one for one in captured if "disclosures_case" in one["sql"]])

    everything = [
        a_survey_event(), an_event(items=("name",)), an_event("r", recipient="nobody"), a_correction(disclosure),
    ]  # fmt: skip
    assert of_cases(*everything) == 3
    assert of_cases(*surveys(20, "more")) == 2
    assert of_cases(an_event("plain")) == 0


WRONG = ("recipient", "scenario")


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_batches_at_once_meet_in_one_case(world, reporter, hanako):
    batches = [
        [*surveys(5, f"batch-{number}"), *(an_event(f"r-{number}-{n}", **{WRONG[n % 2]: f"no-{n}"}) for n in range(5))]
        for number in range(4)
    ]
    for batch in batches[::2]:
        batch.reverse()
    outcomes = at_once(*((lambda batch=batch: record_disclosures(events=batch, by=reporter)) for batch in batches))
    assert [error for error in outcomes if isinstance(error, Exception)] == []
    assert sorted(Case.objects.annotate(n=Count("events")).values_list("kind", "n")) == [
        (CaseKind.FLAGGED, 20), (CaseKind.REJECTED, 8), (CaseKind.REJECTED, 12),
    ]  # fmt: skip


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_nothing_is_filed_in_a_case_that_is_closed_at_the_same_time(world, reporter, hanako, officer):
    record(reporter, a_survey_event("first"))
    case = Case.objects.get()

    def report():
        return [record_disclosures(events=surveys(3, f"n-{number}"), by=reporter) for number in range(4)]

    outcomes = at_once(report, lambda: close(case, officer), report)
    assert [error for error in outcomes if isinstance(error, Exception)] == []
    closing = CaseStep.objects.get()
    assert CaseEvent.objects.count() == 13 and Case.objects.open().count() <= 1
    assert not case.events.filter(recorded_at__gt=closing.taken_at).exists()


# --- Steps -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def case(reporter, hanako) -> Case:
    """Two events of hanako's."""
    record(reporter, *surveys(2))
    return Case.objects.get()


def test_closed_case_is_reopened_by_a_step_unless_more_came_since(reporter, officer, case):
    close(case, officer)
    step = take_case_step(case=case, is_closing=False, reason="まだ続きがある", by=officer)
    assert step.kind == CaseStepKind.REOPENED and Case.objects.get().is_open
    close(case, officer)
    record(reporter, a_survey_event("since"))
    with pytest.raises(NoLongerOpen):
        take_case_step(case=case, is_closing=False, reason="x", by=officer)
    assert CaseStep.objects.count() == 3


def test_owner_and_day_are_what_the_last_step_says(officer, case):
    other = make_user("second", is_staff=True, groups=("officers",))
    later = timezone.localdate() + timedelta(days=30)
    give_case(case=case, owner=officer, by=officer)
    give_case(case=case, owner=other, by=officer)
    move_case(case=case, due_on=later, reason="確認に時間がかかる", by=other)
    case.refresh_from_db()
    assert (case.owner, case.due_on) == (other, later)
    assert list(case.steps.values_list("kind", "owner", "due_on", "taken_by")) == [
        (CaseStepKind.GIVEN, officer.pk, None, officer.pk),
        (CaseStepKind.GIVEN, other.pk, None, officer.pk),
        (CaseStepKind.DUE, None, later, other.pk),
    ]
    call_command("verify_ledger")


def test_cases_are_closed_together_and_one_that_moved_is_left(reporter, officer, case, hanako):
    record(reporter, an_event("r", recipient="nobody"), a_survey_event("m", recipient="minato-inn"))
    told, rejected, moved = Case.objects.order_by("kind", "pk")[0], Case.objects.get(kind=CaseKind.REJECTED), case
    told = Case.objects.exclude(pk__in=[rejected.pk, moved.pk]).get()
    take_case_step(case=moved, is_closing=False, reason="見ている", by=officer)
    done = close_cases(
        chosen={one.pk: 0 for one in (told, rejected, moved)} | {999: 0}, reason="x", words=WORDS, by=officer
    )
    assert done == Closed(sorted([told.pk, rejected.pk]), sorted([moved.pk, 999]))
    assert list(Case.objects.open()) == [moved]
    assert (told.steps.get().words, rejected.steps.get().words) == (WORDS, None)


# --- What people are told --------------------------------------------------------------------------------------------


def test_everybody_with_an_event_is_told_once_part_by_part(monkeypatch, reporter, officer, hanako, taro):
    monkeypatch.setattr(followers, "PART", 2)
    record(
        reporter, *surveys(3), *surveys(2, "taro", subject=taro.subject), a_survey_event("x", subject="not-seen-before")
    )
    close(Case.objects.get(), officer, words=WORDS)
    work_off()
    for person in (hanako, taro, User.objects.get(subject="not-seen-before")):
        notice = person.notices.get(kind=NoticeKind.CASE_TOLD)
        assert person.disclosures.filter(id=notice.about_id).exists()


def test_words_stand_on_each_disclosure_of_the_case_and_on_none_that_came_later(
    as_hanako, reporter, officer, case, hanako
):
    take_case_step(case=case, is_closing=False, reason="x", words=WORDS, by=officer)
    record(reporter, a_survey_event("later"))
    assert CaseEvent.objects.filter(case=case).count() == 3
    for row in hanako.disclosures.all():
        page = read(as_hanako.get(f"/my/disclosures/{row.id}/")).one("main").text
        assert (WORDS["ja"] in page) == (row.event_id != "later")


def test_withheld_disclosure_never_tells(as_hanako, officer, case, hanako):
    kept, shown = hanako.disclosures.order_by("pk")
    until = timezone.now() + timedelta(days=30)
    withhold_disclosure(disclosure=kept, ground=WithholdingGround.CRIME, until=until, reason="x", by=officer)
    close(case, officer, words=WORDS)
    work_off()
    assert hanako.notices.get(kind=NoticeKind.CASE_TOLD).about_id == shown.id
    assert list(CaseEvent.objects.told_to(hanako).values_list("disclosure_id", flat=True)) == [shown.id]


# --- At the desk -----------------------------------------------------------------------------------------------------


def listed(client, query="") -> list[str]:
    found = read(client.get(f"{CASES}?{query}")).all("tbody")
    return [row.one("th").one("a").text for row in found[0].all("tr")] if found else []


@pytest.fixture
def some(reporter, officer, hanako):
    """By name: cases of another day, recipient, reporter and kind."""
    other, _secret = create_reporter(code="other", title="別のシステム", services=["jalan"])
    with clock_at(timezone.now() - timedelta(days=20)):
        record(reporter, a_survey_event("old"))
    record(reporter, a_survey_event("inn", recipient="minato-inn"), an_event("bad", recipient="unheard-of"))
    record(other, a_survey_event("another"))
    names = {"old": "old", "inn": "inn", "another": "another"}
    found = {
        name: CaseEvent.objects.get(disclosure_id=Disclosure.objects.get(event_id=id).id).case
        for name, id in names.items()
    }
    return found | {"bad": Case.objects.get(kind=CaseKind.REJECTED)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["old", "bad", "inn", "another"]),
        ("state=overdue", ["old"]),
        ("state=closed", []),
        ("reporter=other", ["another"]),
        ("recipient=minato-inn", ["inn"]),
        ("scenario=survey-results&service=jalan", ["old", "inn", "another"]),
        ("about=flagged", ["old", "inn", "another"]),
        ("about=rejected", ["bad"]),
        ("owner=mine", ["inn"]),
        ("owner=none", ["old", "bad", "another"]),
        ("q=unheard-of", ["bad"]),
        ("q=別のシステム", ["another"]),
        ("q=みなと", ["inn"]),
        ("q=inn", ["inn"]),
        ("q=nothing-like-it", []),
        ("q=99999999999999999999", []),
        ("reporter=nonsense&owner=nonsense&state=nonsense&service=nonsense", ["old", "bad", "inn", "another"]),
    ],
)  # fmt: skip
def test_list_is_narrowed_and_searched(as_officer, officer, some, query, names):
    give_case(case=some["inn"], owner=officer, by=officer)
    assert sorted(listed(as_officer, query)) == sorted(str(some[name].pk) for name in names)


def test_list_shows_what_is_due_first_and_finds_a_case_by_number_event_and_disclosure(as_officer, some):
    page = read(as_officer.get(CASES))
    assert listed(as_officer)[:2] == [str(some["old"].pk), str(some["bad"].pk)]
    assert [mark.text for mark in page.one("tbody").all("span", cls="missing-mark")] == ["期限切れ"]
    inn = some["inn"]
    for text in (inn.pk, "inn", inn.events.get().disclosure_id):
        assert listed(as_officer, f"q={text}") == [str(inn.pk)]


TOO_LARGE = 99999999999999999999


def test_number_that_no_case_has_is_not_there(as_officer, case):
    event = case.events.first().pk
    for path in (f"{TOO_LARGE}/", f"{TOO_LARGE}/events/{event}/", f"{case.pk}/events/{TOO_LARGE}/", f"{2**63}/"):
        assert as_officer.get(f"{CASES}{path}").status_code == 404
    for chosen in (f"{TOO_LARGE}:0", f"{case.pk}:{TOO_LARGE}", "²:0", f"{2**63}:0"):
        assert as_officer.post(CASES, {"close-reason": "x", "chosen": [chosen]}).status_code == 422


def test_officer_closes_chosen_cases_in_the_list(as_officer, officer, some):
    chosen = [f"{some[name].pk}:0" for name in ("inn", "another", "old")]
    take_case_step(case=some["old"], is_closing=False, reason="見ている", by=officer)
    assert as_officer.post(CASES, {"chosen": chosen}).status_code == 422
    assert as_officer.post(CASES, {"close-reason": "x", "chosen": ["nonsense"]}).status_code == 422
    assert not Case.objects.filter(is_open=False).exists()
    page = read(as_officer.post(CASES, {"chosen": chosen, "close-reason": "設定の誤り"}, follow=True))
    assert "2件の案件を終えました" in page.text and f"{some['old'].pk}" in page.text
    assert {case.pk for case in Case.objects.filter(is_open=False)} == {some["inn"].pk, some["another"].pk}


def test_officer_gives_and_moves_a_case(as_officer, officer, case):
    path, later = case_path(case), timezone.localdate() + timedelta(days=3)
    owner = {"form": "owner", "owner": officer.pk, "seen": 0}
    assert as_officer.post(path, owner)["Location"] == path
    assert as_officer.post(path, owner).status_code == 409
    assert as_officer.post(path, {**owner, "seen": 1}).status_code == 422
    due = {"form": "due", "due_on": later.isoformat(), "why": "確認に時間がかかる", "seen": 1}
    assert as_officer.post(path, {**due, "due_on": "2020-01-01"}).status_code == 422
    assert as_officer.post(path, {**due, "why": ""}).status_code == 422
    assert as_officer.post(path, due)["Location"] == path
    case.refresh_from_db()
    assert (case.owner, case.due_on) == (officer, later)
    text = read(as_officer.get(path)).one("main").text
    assert "officer" in text and "確認に時間がかかる" in text


def test_only_who_may_step_changes_a_case(as_editor, case):
    reader = make_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_case"))
    client = client_of(reader)
    assert client.get(case_path(case)).status_code == 200 and not read(client.get(CASES)).all("input", name="chosen")
    for path, data in (
        (case_path(case), {"reason": "x", "seen": 0}), (case_path(case), {"form": "owner", "seen": 0}),
        (CASES, {"close-reason": "x", "chosen": f"{case.pk}:0"}),
    ):  # fmt: skip
        assert client.post(path, data).status_code == as_editor.post(path, data).status_code == 403
    assert not CaseStep.objects.exists()


def test_record_of_an_events_person_is_opened_with_a_reason(as_officer, officer, case, hanako):
    path, reason = event_path(case.events.first()), "案件の原因を確かめるため"
    assert as_officer.post(path, {"reason": "短い"}).status_code == 422
    assert not Lookup.objects.exists()
    assert as_officer.post(path, {"reason": reason})["Location"] == f"/admin/records/{hanako.pk}/"
    assert as_officer.get(f"/admin/records/{hanako.pk}/").status_code == 200
    assert RecordAccess.objects.filter(
        person=hanako, what="entries", reason=reason, scope="recipient", scope_of=case.recipient.code
    ).exists()


def test_page_of_a_case_names_nobody_and_costs_the_same_for_many_events(
    as_officer, reporter, hanako, case, django_assert_max_num_queries
):
    with django_assert_max_num_queries(60) as few:
        as_officer.get(case_path(case))
    record(reporter, *surveys(70, "more"))
    with django_assert_max_num_queries(len(few)):
        page = read(as_officer.get(case_path(case)))
    assert hanako.subject not in page.text and "72件" in page.text and page.one("a", rel="next")
    assert not RecordAccess.objects.exists()


def test_events_are_counted_up_to_a_limit(monkeypatch, reporter, case):
    monkeypatch.setattr(cases, "MOST_COUNTED", 2)
    (row,) = cases.rows_of([case.pk], Names(None))
    assert (row.event_count, row.person_count, row.is_more) == (2, 1, True)
