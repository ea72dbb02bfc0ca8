"""Erasing a person: refused while the law demands the record; afterwards nothing comes back."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from consents.asking.rule_actions import set_rule
from consents.models import Decision, Frequency, Preference, RuleKind, RuleSetting, StandingRule
from consents.notices.actions import choose_preference
from disclosures.inquiries.actions import take_step
from disclosures.inquiry_handling.actions import link_inquiry
from disclosures.ledger.recording import record_disclosures
from disclosures.models import (
    Case,
    Correction,
    Disclosure,
    ErasedEvent,
    Erasure,
    Inquiry,
    InquiryKind,
    InquiryStatus,
)
from disclosures.officers.actions import take_case_step
from disclosures.record.actions import log_access
from privacycenter.database.checks import is_person_owned, our_models
from privacycenter.database.purging import delete_keys, erasing_door
from privacycenter.models import User
from privacycenter.outbox.working import work_off
from tests.support.asking import approve
from tests.support.clock import clock_at
from tests.support.commands import old, verify
from tests.support.events import a_correction, a_survey_event, an_event
from tests.support.inquiries import filed

pytestmark = pytest.mark.django_db
WHY = "本人の求めにより"


def erase(subject, *options) -> str:
    out = io.StringIO()
    call_command("erase_person", subject, "--reason", WHY, *options, stdout=out)
    return out.getvalue()


def report(reporter, *events):
    return record_disclosures(events=list(events), by=reporter)


@pytest.fixture
def record(hanako, reporter, officer):
    """Of a time that is over: an approval, two disclosures, one corrected. And what she chose yesterday."""
    User.objects.filter(pk=hanako.pk).update(email="hanako@example.jp", display_name="山田花子")
    approve(reporter, hanako, old(days=120))
    with clock_at(old(days=100)):
        report(reporter, a_survey_event(occurred_at=old(days=100)))
    with clock_at(old()):
        report(reporter, an_event(occurred_at=old()))
        about = Disclosure.objects.get(event_id="event-1")
        report(reporter, a_correction(about, facts={"occurred_at": old()}, occurred_at=old()))
        work_off()
        for case in Case.objects.all():
            take_case_step(case=case, is_closing=True, reason="確認した", by=officer)
    set_rule(kind=RuleKind.ABROAD, code="", setting=RuleSetting.REFUSE, by=hanako)
    choose_preference(frequency=Frequency.NEVER, language="ja", by=hanako)
    return about


def everything(person) -> set[str]:
    """The tables in which rows of this person are."""
    owned = [model for model in our_models() if is_person_owned(model)]
    return {model.__name__ for model in owned if model._default_manager.filter(person_id=person.pk).exists()}


def test_record_whose_time_is_over_goes_and_the_person_with_it(hanako, reporter, record):
    said = erase(hanako.subject)
    assert "2 disclosures" in said and "1 decisions" in said and "1 choices of mails" in said
    assert everything(hanako) <= {"AccountStep"}
    hanako.refresh_from_db()
    assert (hanako.username, hanako.email, hanako.display_name, hanako.is_active) == (None, "", "", False)
    assert hanako.subject.startswith("erased:") and not hanako.has_usable_password()
    kept = Erasure.objects.get()
    assert (kept.reason, kept.role, kept.report["gone"]["disclosure"]) == (WHY, "command", 2)
    assert "subject-hanako" not in str(list(Erasure.objects.values()) + list(ErasedEvent.objects.values()))
    verify()


def test_old_ids_are_duplicates_and_new_events_begin_a_new_person(hanako, reporter, record):
    erase(hanako.subject)
    about = record
    again = report(reporter, an_event(), a_survey_event(), an_event("event-1", recipient="not-known"))
    assert [one.status for one in again] == ["duplicate"] * 3
    corrected = report(reporter, a_correction(about), a_correction(about, "correction-2"))
    assert [one.status for one in corrected] == ["duplicate"] * 2
    assert not Disclosure.objects.exists() and not Correction.objects.exists()
    assert not User.objects.filter(subject="subject-hanako").exists()
    assert [one.status for one in report(reporter, an_event("new"), an_event())] == ["created", "duplicate"]
    begun = User.objects.get(subject="subject-hanako")
    assert begun.pk != hanako.pk and [row.event_id for row in begun.disclosures.all()] == ["new"]
    assert [one.status for one in report(reporter, a_survey_event(), an_event("new"))] == ["duplicate"] * 2
    work_off()
    verify()


def test_id_of_another_person_is_no_duplicate(hanako, taro, reporter, record):
    erase(hanako.subject)
    assert [one.status for one in report(reporter, an_event(subject=taro.subject))] == ["created"]


def test_record_that_the_law_demands_is_not_erased(hanako, reporter, record):
    report(reporter, an_event("young"))
    before = everything(hanako)
    with pytest.raises(CommandError) as refused:
        erase(hanako.subject)
    assert refused.value.returncode == 1 and "the law demands the record, at least until" in str(refused.value)
    hanako.refresh_from_db()
    assert hanako.subject == "subject-hanako" and everything(hanako) == before
    assert Disclosure.objects.count() == 3 and not Erasure.objects.exists() and not ErasedEvent.objects.exists()


def test_answer_that_is_young_keeps_the_record(hanako, reporter):
    approve(reporter, hanako, timezone.now())
    with pytest.raises(CommandError, match="1 decisions"):
        erase(hanako.subject)
    assert Decision.objects.count() == 1


def test_account_without_a_record_is_erased_at_once(hanako, officer):
    set_rule(kind=RuleKind.ABROAD, code="", setting=RuleSetting.REFUSE, by=hanako)
    choose_preference(frequency=Frequency.NEVER, language="ja", by=hanako)
    log_access(person=hanako, what="record", reason=WHY, by=officer)
    assert "1 notes of who opened the record" in erase(hanako.subject)
    assert not StandingRule.objects.exists() and not Preference.objects.exists()
    assert hanako.record_accesses.count() == 1
    verify()


def test_old_request_connected_with_the_record_is_erased_and_a_young_one_stays(hanako, officer):
    for at in (old(400), timezone.now()):
        with clock_at(at):
            inquiry = filed(InquiryKind.STOP)
            link_inquiry(inquiry=inquiry, whose=hanako, reason=WHY, by=officer)
            take_step(inquiry=inquiry, status=InquiryStatus.CLOSED, by=officer)
    erase(hanako.subject)
    assert list(Inquiry.objects.all()) == [inquiry]
    assert Erasure.objects.get().report["stays"]["inquiry"] == 1


def test_dry_run_says_the_same_and_erases_nothing(hanako, record):
    before = everything(hanako)
    tried = erase(hanako.subject, "--dry-run")
    hanako.refresh_from_db()
    assert hanako.subject == "subject-hanako" and everything(hanako) == before and not Erasure.objects.exists()
    assert tried.splitlines()[1:] == erase(hanako.subject).splitlines()[1:]


@pytest.mark.parametrize("subject", ["nobody", "subject-officer"])
def test_unknown_subject_and_staff_are_refused(officer, subject):
    with pytest.raises(CommandError):
        erase(subject)
    officer.refresh_from_db()
    assert officer.subject == "subject-officer"


@pytest.mark.parametrize("whose", ["another's rule", "her disclosure"])
def test_door_for_one_person_opens_no_other(hanako, taro, reporter, whose):
    report(reporter, an_event())
    rule = set_rule(kind=RuleKind.ABROAD, code="", setting=RuleSetting.REFUSE, by=taro)
    model, key = (StandingRule, rule.pk) if whose == "another's rule" else (Disclosure, hanako.disclosures.get().pk)
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), erasing_door(hanako.pk):
        delete_keys(model, [key])
    assert model.objects.filter(pk=key).exists()
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        delete_keys(StandingRule, [rule.pk])
