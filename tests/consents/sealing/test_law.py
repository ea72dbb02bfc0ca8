"""What the law keeps back, what it lets go after its time, and whom it lets be forgotten, in the log."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from consents.asking.rule_actions import set_rule
from consents.models import RuleKind, RuleSetting
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Disclosure, WithholdingGround
from disclosures.officers.withholding_actions import release_disclosure, withhold_disclosure
from privacycenter.database.purging import erasing_door
from privacycenter.log.record import Broken
from privacycenter.models import LogEntry, LogState, PersonKey, RemovedEntry, SequenceState
from privacycenter.models.log import SEQUENCE_STEP
from privacycenter.proof.queries import record_state, sealed_rows
from privacycenter.proof.retention_actions import forget_people
from tests.support.clock import clock_at
from tests.support.commands import old, verify
from tests.support.events import a_correction, an_event
from tests.support.log import checked, record_proof, seal_and_sign

pytestmark = pytest.mark.django_db


def withhold(disclosure, by):
    until = timezone.now() + timedelta(days=30)
    return withhold_disclosure(
        disclosure=disclosure, ground=WithholdingGround.CRIME, until=until, reason="照会", by=by
    )  # fmt: skip


def shown_ids(person) -> list[str]:
    return [row["event"]["event_id"] for row in record_proof(person)["rows"]]


@pytest.fixture
def three(hanako, reporter):
    record_disclosures(events=[an_event(f"e-{number}") for number in range(3)], by=reporter)
    return {row.event_id: row for row in hanako.disclosures.all()}


def test_row_that_is_kept_back_before_it_is_sealed_is_under_a_key_of_its_own(hanako, three, officer):
    withhold(three["e-1"], officer)
    seal_and_sign()
    assert LogState.objects.get().size == 4  # a head, and all three rows
    assert (checked(hanako).rows, sorted(shown_ids(hanako))) == (2, ["e-0", "e-2"])
    states = sorted(PersonKey.objects.filter(person=hanako).values_list("state", "last_number"))
    assert states == [(SequenceState.CURRENT, 2), (SequenceState.KEPT_BACK, 1)]


def test_row_that_is_kept_back_after_it_was_sealed_leaves_no_gap(hanako, three, officer):
    seal_and_sign()
    withhold(three["e-1"], officer)
    seal_and_sign()
    assert (checked(hanako).rows, sorted(shown_ids(hanako))) == (2, ["e-0", "e-2"])
    assert [row.number for row in sealed_rows(record_state(hanako))] == [1, 2]


def test_who_checked_before_notices_that_the_record_is_under_another_key(hanako, three, officer):
    seal_and_sign()
    before = checked(hanako)
    withhold(three["e-1"], officer)
    seal_and_sign()
    with pytest.raises(Broken, match="another key"):
        checked(hanako, before.seen)


def test_nothing_about_a_row_that_is_kept_back_changes_the_record_of_others(hanako, taro, three, officer, reporter):
    record_disclosures(events=[an_event("t", subject=taro.subject)], by=reporter)
    seal_and_sign()
    before = checked(taro)
    withhold(three["e-1"], officer)
    seal_and_sign()
    seen = before.seen
    assert checked(taro, seen).rows == 1


@pytest.mark.parametrize("is_sealed_first", [True, False])
def test_released_row_is_sealed_last_and_says_where_it_stood(hanako, three, officer, is_sealed_first):
    if is_sealed_first:
        seal_and_sign()
    withhold(three["e-1"], officer)
    seal_and_sign()
    place = LogEntry.objects.get(id__gt=SEQUENCE_STEP, row_id=three["e-1"].id, id__in=kept_back_ids(hanako)).place
    release_disclosure(disclosure=three["e-1"], reason="終わった", by=officer)
    seal_and_sign()
    rows = record_proof(hanako)["rows"]
    assert (checked(hanako).rows, shown_ids(hanako)[-1]) == (3, "e-1")
    assert rows[-1]["event"]["sealed_before_at"] == str(place)
    assert not any("sealed_before_at" in row["event"] for row in rows[:-1])


def kept_back_ids(person) -> list[int]:
    keys = PersonKey.objects.filter(person=person, state=SequenceState.KEPT_BACK)
    return [key.id * SEQUENCE_STEP + 1 for key in keys]


def test_withholding_that_ends_by_itself_shows_the_row_again(hanako, three, officer):
    withhold(three["e-1"], officer)
    seal_and_sign()
    with clock_at(timezone.now() + timedelta(days=8)):
        seal_and_sign()
        assert checked(hanako).rows == 3


# --- Removed at the end of its time -----------------------------------------------------------------------------------


def purge() -> None:
    call_command("purge_expired")


@pytest.fixture
def old_record(hanako, reporter):
    """Of a time that is over: a disclosure with its correction, sealed and signed then; and a young one."""
    with clock_at(old()):
        record_disclosures(events=[an_event(occurred_at=old(), recipient="kotori-salon")], by=reporter)
        about = Disclosure.objects.get(event_id="event-1")
        facts = {"occurred_at": old(), "recipient": "kotori-salon"}
        record_disclosures(events=[a_correction(about.id, facts=facts, occurred_at=old())], by=reporter)
        seal_and_sign()
    return about


def test_row_of_which_the_time_is_over_goes_and_the_check_says_so(hanako, reporter, old_record):
    record_disclosures(events=[an_event("young")], by=reporter)
    seal_and_sign()
    purge()
    assert not hanako.disclosures.filter(id=old_record.id).exists()
    assert not LogEntry.objects.filter(row_id=old_record.id).exists()
    found = checked(hanako)
    assert (found.rows, found.removed) == (3, (1, 2))
    record_disclosures(events=[an_event("next")], by=reporter)
    seal_and_sign()
    assert checked(hanako).rows == 4, "a number was used twice"


def test_row_that_is_younger_in_the_log_stays(hanako, reporter):
    """It was sealed late: the log could not show that its time is over."""
    with clock_at(old()):
        record_disclosures(events=[an_event(occurred_at=old())], by=reporter)
    seal_and_sign()
    purge()
    assert hanako.disclosures.count() == 1 and checked(hanako).removed == ()


def test_version_of_a_rule_that_nothing_names_goes_with_its_entry(hanako):
    with clock_at(old()):
        set_rule(kind=RuleKind.ABROAD, code="", setting=RuleSetting.REFUSE, by=hanako)
        set_rule(kind=RuleKind.ABROAD, code="", setting=RuleSetting.OFF, by=hanako)
        seal_and_sign()
    purge()
    seal_and_sign()
    assert hanako.standing_rules.count() == 1 and checked(hanako).removed == (1,)


# --- A person is forgotten --------------------------------------------------------------------------------------------


def test_nothing_links_the_entries_of_somebody_who_was_erased(hanako, reporter, old_record):
    size = LogState.objects.get().size
    call_command("erase_person", hanako.subject, "--reason", "本人の求め")
    for model in (LogEntry, PersonKey, RemovedEntry):
        assert not model.objects.filter(person=hanako).exists()
    assert LogState.objects.get().size == size and "Everything is as it was written." in verify()


def test_entries_of_one_person_are_not_removed_with_another(hanako, taro, reporter, three):
    record_disclosures(events=[an_event("t", subject=taro.subject)], by=reporter)
    seal_and_sign()
    with erasing_door(hanako.pk):
        forget_people([hanako.pk])
    assert checked(taro).rows == 1 and record_proof(hanako) is None
