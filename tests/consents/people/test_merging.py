"""Accounts of one person, together and apart again: what is stored, and what the command says."""

import io
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from consents.asking.decision_actions import withdraw_decision
from consents.asking.rule_actions import set_rule
from consents.asking.rules import rules_in_force
from consents.checking.checks import Reason
from consents.exports.actions import Wanted, request_export
from consents.models import ApprovalCount, Decision, Export, RuleKind, RuleSetting, StandingRule
from consents.people.actions import erase_person
from consents.people.merging_actions import merge_people
from disclosures.models import AccountChange, AccountStage, AccountStep, Disclosure, Flag, SharedRecord
from disclosures.models.ledger.shared_records import accounts_in
from privacycenter.errors import InvalidValue
from privacycenter.models import OutboxRow, User
from privacycenter.models.people import MOST_ACCOUNTS
from privacycenter.outbox.working import work_off
from tests.support.asking import answer, approve, ask
from tests.support.clock import clock_at
from tests.support.commands import fault, old, purge, verify
from tests.support.events import a_survey_event, an_event, record
from tests.support.people import client_of, make_user
from tests.support.together import WHY, as_now, check, put_together, second_account, take_apart

pytestmark = pytest.mark.django_db


@pytest.fixture
def before(db):
    return second_account()


def merge(*options) -> str:
    out = io.StringIO()
    call_command("merge_people", *options, stdout=out)
    return out.getvalue()


def rows() -> tuple:
    return (
        list(User.objects.order_by("pk").values_list("pk", "merged_into", "record_keys")),
        SharedRecord.objects.count(),
        AccountStep.objects.count(),
    )


# --- What is stored --------------------------------------------------------------------------------------------------


def test_accounts_are_linked_and_no_row_moves(hanako, before, reporter):
    record(reporter, an_event(), an_event("event-2", subject=before.subject))
    owners = dict(Disclosure.objects.values_list("event_id", "person_id"))
    account, into = put_together(before, hanako)
    assert dict(Disclosure.objects.values_list("event_id", "person_id")) == owners
    assert (account.merged_into, account.record_keys) == (hanako, [before.pk, hanako.pk])
    assert (into.merged_into, into.record_keys) == (None, [hanako.pk, before.pk])
    for one in (hanako, before):
        row = SharedRecord.objects.get(person=one)
        assert accounts_in(row.accounts) == [(hanako.pk, None), (before.pk, row.made_at)]
    assert {one.event_id for one in account.disclosures.all()} == {"event-1", "event-2"}
    assert {one.event_id for one in into.disclosures.all()} == {"event-1", "event-2"}
    verify()


def test_taken_apart_each_has_its_own_again(hanako, before, reporter):
    record(reporter, an_event(), an_event("event-2", subject=before.subject))
    put_together(before, hanako)
    account, into = take_apart(before, hanako)
    assert [(one.merged_into, one.record_keys) for one in (account, into)] == [(None, None)] * 2
    assert [one.event_id for one in account.disclosures.all()] == ["event-2"]
    assert [one.event_id for one in into.disclosures.all()] == ["event-1"]
    assert SharedRecord.objects.filter(person=before).newest_first()[0].accounts == []
    assert SharedRecord.objects.count() == 4
    verify()


def test_new_rows_stay_under_the_account_that_they_are_about(hanako, before, reporter):
    account, into = put_together(before, hanako)
    record(reporter, an_event("event-3", subject=before.subject))
    request = ask(account, reporter)
    decision = answer(into, request, "name")
    withdrawal = withdraw_decision(decision_id=decision.id, language="ja", by=into)
    assert Disclosure.objects.get(event_id="event-3").person_id == before.pk
    assert [one.person_id for one in (request, decision, withdrawal)] == [before.pk] * 3
    verify()


def test_steps_are_written_under_both_and_both_are_told(hanako, before, officer):
    User.objects.filter(pk=hanako.pk).update(email="hanako@example.jp")
    put_together(as_now(before), as_now(hanako), by=officer)
    steps = AccountStep.objects.filter(kind=AccountChange.MERGED, stage=AccountStage.DONE)
    assert {(one.person_id, one.staff_id, one.reason) for one in steps} == {
        (before.pk, officer.pk, WHY), (hanako.pk, officer.pk, WHY),
    }  # fmt: skip
    work_off()
    assert sorted(one.to[0] for one in mail.outbox) == ["hanako@example.jp", "old@example.jp"]


def test_whoever_is_logged_in_to_the_account_is_logged_out(hanako, before):
    client = client_of(before)
    client.get("/my/")
    UserSession.objects.get_or_create(user=before, session_key=client.session.session_key, defaults={"ip": "::1"})
    put_together(before, hanako)
    assert client.get("/my/").status_code == 302 and not UserSession.objects.filter(user=before).exists()


def test_log_in_to_the_account_is_refused_with_a_sentence(client, hanako, before):
    put_together(before, hanako)
    typed = {"login": "hanako-old", "password": "correct horse battery staple"}
    answered = client.post("/accounts/login/", typed, follow=True)
    assert "このアカウントは" in answered.content.decode()
    assert client.get("/my/").status_code == 302


# --- One truth -------------------------------------------------------------------------------------------------------


def test_check_for_either_answers_by_what_the_person_decided_under_either(hanako, before, reporter):
    decision = answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    assert check(before, reporter).reason is Reason.NO_DECISION
    put_together(before, hanako)
    for person in (hanako, before):
        found = check(person, reporter)
        assert (found.allowed, found.decision_id) == (True, decision.id)
    withdraw_decision(decision_id=decision.id, language="ja", by=as_now(hanako))
    assert [check(one, reporter).reason for one in (hanako, before)] == [Reason.WITHDRAWN] * 2


@pytest.mark.parametrize("is_refused_first", [True, False])
def test_refusal_under_either_is_obeyed_whichever_came_first(hanako, before, reporter, is_refused_first):
    refusing, allowing = (before, hanako)
    for person in (refusing, allowing) if is_refused_first else (allowing, refusing):
        answer(person, ask(person, reporter, items=("name",)), *(("name",) if person == allowing else ()))
    account, into = put_together(before, hanako)
    assert [check(one, reporter).reason for one in (hanako, before)] == [Reason.REFUSED] * 2
    take_apart(account, into)
    assert [check(one, reporter).allowed for one in (hanako, before)] == [True, False]


def test_what_the_person_decides_afterwards_counts_whichever_account_was_asked(hanako, before, reporter):
    answer(before, ask(before, reporter, items=("name",)))
    with clock_at(timezone.now() + timedelta(days=100)):
        _account, into = put_together(before, hanako)
        answer(into, ask(into, reporter, items=("name",)), "name")
        assert [check(one, reporter).allowed for one in (hanako, before)] == [True] * 2


def test_open_request_to_either_is_named_and_not_asked_twice(hanako, before, reporter):
    request = ask(before, reporter)
    _account, into = put_together(before, hanako)
    found = check(hanako, reporter)
    assert (found.reason, found.request.id) == (Reason.REQUEST_OPEN, request.id)
    assert ask(into, reporter).id == request.id


def test_rule_of_one_account_answers_for_the_other(hanako, before, reporter):
    rule = set_rule(kind=RuleKind.ALL, code="", setting=RuleSetting.REFUSE, by=hanako)
    account, _into = put_together(before, hanako)
    request = ask(account, reporter)
    decision = Decision.objects.get(request_id=request.id)
    assert (decision.person_id, decision.rule_id) == (before.pk, rule.id)
    verify()
    take_apart(before, hanako)
    verify()


def test_rule_that_one_had_ended_stays_with_the_other_until_the_person_ends_it(hanako, before):
    set_rule(kind=RuleKind.ALL, code="", setting=RuleSetting.REFUSE, by=before)
    for setting in (RuleSetting.REFUSE, RuleSetting.OFF):
        set_rule(kind=RuleKind.ALL, code="", setting=setting, by=hanako)
    _account, into = put_together(before, hanako)
    assert [rule.person_id for rule in rules_in_force(into)] == [before.pk]
    ended = set_rule(kind=RuleKind.ALL, code="", setting=RuleSetting.OFF, by=into)
    assert (ended.person_id, ended.version) == (hanako.pk, 3)
    assert rules_in_force(into) == rules_in_force(as_now(before)) == []
    assert StandingRule.objects.count() == 4


# --- Judged once -----------------------------------------------------------------------------------------------------


def test_disclosure_is_judged_by_what_was_decided_under_either_and_stays_so(hanako, before, reporter):
    decision = answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    record(reporter, a_survey_event("early", subject=before.subject))
    put_together(before, hanako)
    record(reporter, a_survey_event("together", subject=before.subject))
    verify()
    take_apart(before, hanako)
    record(reporter, a_survey_event("apart", subject=before.subject))
    found = {one.event_id: (one.flags, one.decision_id) for one in Disclosure.objects.filter(person=before)}
    assert found == {
        "early": (Flag.NO_DECISION, None), "together": (0, decision.id), "apart": (Flag.NO_DECISION, None),
    }  # fmt: skip
    verify()


def test_late_report_is_judged_by_the_accounts_of_its_own_time(hanako, before, reporter):
    answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    happened = timezone.now() - timedelta(seconds=1)
    with clock_at(timezone.now() + timedelta(hours=1)):
        put_together(before, hanako)
        record(reporter, a_survey_event("late", subject=before.subject, occurred_at=happened))
        verify()
    assert Disclosure.objects.get(event_id="late").flags == Flag.NO_DECISION


def test_decision_is_kept_as_long_as_a_disclosure_of_the_other_account_needs_it(hanako, before, reporter):
    decision = approve(reporter, hanako, old(days=120))
    with clock_at(old(days=119)):
        put_together(before, hanako)
    with clock_at(timezone.now() - timedelta(days=30)):
        record(reporter, a_survey_event("young", subject=before.subject))
    purge()
    assert Decision.objects.filter(id=decision.id).exists()
    verify()


# --- Refusals --------------------------------------------------------------------------------------------------------


def test_what_cannot_be_put_together_is_refused_and_nothing_is_written(hanako, before, taro, officer):
    put_together(before, hanako)
    erased = make_user("gone")
    erase_person(person=erased, reason="x")
    there = rows()
    cases = [
        (taro, taro, "one and the same"),
        (officer, hanako, "staff"),
        (taro, officer, "staff"),
        (as_now(erased), hanako, "erased"),
        (before, taro, "put into another before"),
        (before, hanako, "put into another before"),
        (hanako, taro, "Other accounts were put into this one"),
        (hanako, before, "Other accounts were put into this one"),
        (taro, before, "itself put into another"),
    ]
    for account, into, why in cases:
        with pytest.raises(InvalidValue) as refused, translation.override("en"):
            merge_people(account=account, into=into, reason="x")
        assert why in refused.value.detail, (account, into)
    with pytest.raises(InvalidValue):
        merge_people(account=taro, into=hanako, reason=" ")
    assert rows() == there


def test_so_many_accounts_are_one_person_and_no_more(hanako):
    others = [make_user(f"other-{n}") for n in range(MOST_ACCOUNTS)]
    for one in others[:-1]:
        put_together(one, as_now(hanako))
    assert len(as_now(hanako).keys) == MOST_ACCOUNTS == len(as_now(others[0]).keys)
    with pytest.raises(InvalidValue):
        put_together(others[-1], as_now(hanako))
    take_apart(others[3], hanako)
    assert others[3].pk not in as_now(others[0]).keys and len(as_now(hanako).keys) == MOST_ACCOUNTS - 1


def test_one_of_several_accounts_is_not_erased(hanako, before):
    put_together(before, hanako)
    for person in (before, hanako):
        with pytest.raises(InvalidValue, match="Take them apart"):
            erase_person(person=as_now(person), reason="x")
    take_apart(before, hanako)
    erase_person(person=as_now(before), reason="x")
    assert as_now(before).subject.startswith("erased:") and not SharedRecord.objects.filter(person=before).exists()
    verify()


# --- The command -----------------------------------------------------------------------------------------------------


def test_command_says_what_it_would_do_and_does_it(hanako, before, reporter):
    record(reporter, an_event(), an_event("event-2", subject=before.subject))
    answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    answer(before, ask(before, reporter, items=("name",)))
    there = rows()
    said = merge(before.subject, hanako.subject, "--reason", WHY, "--dry-run")
    assert "Nothing was changed" in said and "1 and 1 disclosures" in said and "the no counts: 1" in said
    assert rows() == there
    assert "together" in merge(before.subject, hanako.subject, "--reason", WHY)
    assert as_now(before).merged_into == hanako
    assert AccountStep.objects.filter(person=before).get().role == "command"
    again = merge(before.subject, hanako.subject, "--reason", WHY, "--undo", "--dry-run")
    assert "shown apart again" in again and as_now(before).merged_into == hanako
    assert "apart again" in merge(before.subject, hanako.subject, "--reason", WHY, "--undo")
    assert as_now(before).merged_into is None


def test_command_refuses_with_exit_code_1(hanako, before, taro):
    there = rows()
    for given in (
        ("nobody", hanako.subject), (hanako.subject, "nobody"), (hanako.subject, hanako.subject),
        (before.subject, hanako.subject, "--undo"),
    ):  # fmt: skip
        with pytest.raises(CommandError) as refused:
            merge(*given, "--reason", WHY)
        assert refused.value.returncode == 1
    assert rows() == there


# --- What follows ----------------------------------------------------------------------------------------------------


def test_account_that_does_not_follow_what_is_written_is_found(hanako, before):
    put_together(before, hanako)
    User.objects.filter(pk=before.pk).update(record_keys=None)
    assert "says of which accounts" in fault()


def test_counts_of_approvals_follow(hanako, before, reporter):
    def counted():
        work_off()
        return sum(ApprovalCount.objects.values_list("approval_count", flat=True))

    answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    answer(before, ask(before, reporter, items=("name",)))
    assert counted() == 1
    put_together(before, hanako)
    assert counted() == 0
    take_apart(before, hanako)
    assert counted() == 1


def test_mails_go_to_the_account_that_is_logged_in_to(hanako, before, reporter):
    User.objects.filter(pk=hanako.pk).update(email="hanako@example.jp")
    put_together(as_now(before), as_now(hanako))
    work_off()
    mail.outbox.clear()
    ask(as_now(before), reporter)
    work_off()
    due = OutboxRow.objects.get(topic="digest.due")
    assert due.payload["person"] == hanako.pk
    with clock_at(due.due_at + timedelta(minutes=1)):
        work_off()
    assert [one.to for one in mail.outbox] == [["hanako@example.jp"]]


def test_files_of_both_are_made_anew_when_the_accounts_are_taken_apart(hanako, before, reporter):
    put_together(before, hanako)
    export = request_export(wanted=Wanted("json", "", "ja", 0), by=as_now(hanako))
    work_off()
    assert Export.objects.get(id=export.id).ready_at
    take_apart(before, hanako)
    assert Export.objects.get(id=export.id).ready_at is None
