"""How long recipients keep what they got, and what is said once that time is over."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from consents.asking.request_actions import Asked, file_request
from consents.exports.record.consent_parts import decision_entries
from consents.exports.record.record import record_of
from consents.models import RecallCase, RecallKind, RecallStepKind, StepKind
from consents.recalls.about import EVERYTHING, About, AboutKind
from consents.recalls.actions import file_recall, take_recall_step
from consents.recalls.kept import Deletion, Provided, kept, kept_of
from consents.withdrawals.actions import take_withdrawal_step
from tests.support.asking import answer, question
from tests.support.clock import clock_at
from tests.support.events import a_survey_event, record
from tests.support.html import read
from tests.support.people import make_user
from tests.support.representatives import appointed, seen_by, wanted

DAY = datetime(2026, 5, 1, tzinfo=UTC)
ANSWER = UUID(int=1)
FIRM = ("northwind-analytics", "jalan", "survey-results")


def provided(*items, at=DAY, answer=ANSWER):
    return Provided(*FIRM, answer, items, at)


def deleted(*items, asked_at=DAY, scenario="", recipient=FIRM[0]):
    return Deletion(recipient, "jalan", scenario, frozenset(items), asked_at, asked_at + timedelta(days=3))


@pytest.mark.once
def test_countdown_runs_from_the_last_disclosure_of_each_item():
    rows = [provided("name", "usage"), provided("name", at=DAY + timedelta(days=5)), provided("email")]
    found = kept_of(rows, {ANSWER: {"name": 10, "usage": 10}}, [])
    assert [(one.items, one.until) for one in found] == [
        (("usage",), DAY + timedelta(days=10)), (("name",), DAY + timedelta(days=15)),
    ]  # fmt: skip
    assert [one.days_left(DAY + timedelta(days=10)) for one in found] == [0, 5]
    assert [one.is_unconfirmed(DAY + timedelta(days=12)) for one in found] == [True, False]


@pytest.mark.once
@pytest.mark.parametrize(
    ("deletion", "is_deleted"),
    [
        (deleted("name"), True),
        (deleted("name", scenario=FIRM[2]), True),
        (deleted("name", scenario="online-booking"), False),
        (deleted("usage"), False),
        (deleted("name", recipient="minato-inn"), False),
        # Provided again after it was asked for.
        (deleted("name", asked_at=DAY - timedelta(seconds=1)), False),
    ],
)
def test_deletion_counts_for_what_it_was_about(deletion, is_deleted):
    (one,) = kept_of([provided("name")], {ANSWER: {"name": 10}}, [deletion])
    assert one.deleted_at == (deletion.at if is_deleted else None)
    assert one.is_unconfirmed(DAY + timedelta(days=11)) is not is_deleted


@pytest.fixture
def approved(hanako, reporter):
    """hanako allowed the name, which the firm keeps 30 days, and it was provided forty days ago."""
    item = Asked("name", {"ja": "集計"}, {"ja": "なし"}, retention_days=30)
    with clock_at(timezone.now() - timedelta(days=40)):
        request, _created = file_request(**{**question(subject=hanako.subject), "items": [item]}, by=reporter)
        made = answer(hanako, request, "name")
        record(reporter, a_survey_event(occurred_at=timezone.now() + timedelta(seconds=1)))
    return made


def state(person):
    (one,) = kept(person)
    return "deleted" if one.deleted_at else "unconfirmed" if one.is_unconfirmed(timezone.now()) else "kept"


@pytest.mark.django_db
def test_what_was_not_confirmed_is_said_on_each_page_with_a_way_to_recall_it(approved, as_hanako):
    for path in (f"/my/recipients/{FIRM[0]}/", f"/my/decisions/{approved.id}/"):
        kept_here = read(as_hanako.get(path)).one("section", id="kept")
        assert "削除は未確認" in kept_here.text
        assert kept_here.one("a")["href"] == f"/my/recalls/new/?about=recipient:{FIRM[0]}&kind=delete"
    assert "Deletion not confirmed" in read(as_hanako.get(f"/en/my/recipients/{FIRM[0]}/")).one("main").text
    assert "削除は未確認" in read(as_hanako.get(f"/my/recalls/new/?about=recipient:{FIRM[0]}")).one("main").text


@pytest.mark.django_db
def test_countdown_says_the_days_that_are_left(approved, as_hanako):
    with clock_at(timezone.now() - timedelta(days=22)):
        text = read(as_hanako.get(f"/my/recipients/{FIRM[0]}/")).one("section", id="kept").text
    assert "あと12日" in text and "未確認" not in text


@pytest.mark.django_db
def test_recall_that_was_done_confirms_the_deletion(approved, hanako, officer, as_hanako):
    assert state(hanako) == "unconfirmed"
    file_recall(kind=RecallKind.DELETE, about=About(AboutKind.RECIPIENT, FIRM[0]), by=hanako)
    assert state(hanako) == "unconfirmed"
    take_recall_step(case=RecallCase.objects.get(), kind=RecallStepKind.DELETED, by=officer)
    assert state(hanako) == "deleted"
    assert "未確認" not in read(as_hanako.get(f"/my/recipients/{FIRM[0]}/")).one("main").text


@pytest.mark.django_db
def test_representative_reads_that_it_was_deleted_after_a_recall(approved, hanako, taro, officer):
    seen = seen_by(taro, appointed(hanako, taro, officer))
    file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    assert state(seen) == "unconfirmed"
    take_recall_step(case=RecallCase.objects.get(), kind=RecallStepKind.DELETED, by=officer)
    assert state(seen) == "deleted"
    parent = make_user("parent")
    left = seen_by(parent, appointed(hanako, parent, officer, wanted(left_out=("jalan",))))
    assert hanako.recall_steps.exists() and not left.recall_steps.exists()


@pytest.mark.django_db
def test_recall_of_one_disclosure_confirms_nothing_of_the_rest(approved, hanako, officer):
    about = About(AboutKind.DISCLOSURE, str(hanako.disclosures.get().id))
    file_recall(kind=RecallKind.DELETE, about=about, by=hanako)
    take_recall_step(case=RecallCase.objects.get(), kind=RecallStepKind.DELETED, by=officer)
    assert state(hanako) == "unconfirmed"


@pytest.mark.django_db
def test_withdrawal_after_which_it_was_deleted_confirms_it(approved, hanako, officer):
    withdrawal = withdraw_decision(decision_id=approved.id, language="ja", by=hanako)
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.DELETED, by=officer)
    assert state(hanako) == "deleted"


@pytest.mark.django_db
def test_what_was_said_of_no_time_is_not_told(hanako, reporter, decision, as_hanako, django_assert_num_queries):
    record(reporter, a_survey_event(occurred_at=decision.decided_at))
    with django_assert_num_queries(2):
        assert kept(hanako) == []
    assert not read(as_hanako.get(f"/my/recipients/{FIRM[0]}/")).all("section", id="kept")


@pytest.mark.django_db
def test_statements_are_as_many_for_one_as_for_many(approved, hanako, officer, reporter, django_assert_num_queries):
    record(reporter, *(a_survey_event(f"more-{number}") for number in range(3)))
    file_recall(kind=RecallKind.DELETE, about=EVERYTHING, by=hanako)
    for case in RecallCase.objects.all():
        take_recall_step(case=case, kind=RecallStepKind.DELETED, by=officer)
    withdrawal = withdraw_decision(decision_id=approved.id, language="ja", by=hanako)
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.DELETED, by=officer)
    with django_assert_num_queries(6):
        assert kept(hanako)


@pytest.mark.django_db
def test_file_says_what_is_kept_as_it_was_known_then(approved, hanako):
    now = timezone.now()
    (entry,) = decision_entries(record_of(hanako, {}, now))
    (line,) = entry["kept"]
    assert line["items"] == ["name"] and line["is_deletion_unconfirmed"] and line["deleted_at"] is None
    (then,) = decision_entries(record_of(hanako, {}, now - timedelta(days=20)))
    assert then["kept"][0]["until"] == line["until"] and not then["kept"][0]["is_deletion_unconfirmed"]
