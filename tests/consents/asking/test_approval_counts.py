"""The counts of standing approvals: what a follower keeps, and what an upgrade begins with."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from consents.asking.decision_actions import change_answer, undo_answer, withdraw_decision
from consents.asking.followers import approval_counts
from consents.asking.retention import purge_ended_counts
from consents.asking.topics import DECISION_MADE, DECISION_WITHDRAWN
from consents.models import ApprovalCount, CountedApproval, Decision
from disclosures.models import ItemSet
from privacycenter.identifiers import uuid7
from privacycenter.outbox.working import work_off
from tests.support.asking import answer, ask, change_page
from tests.support.clock import clock_at
from tests.support.database import tamper
from tests.support.people import make_user

pytestmark = pytest.mark.django_db


def standing() -> dict[tuple[str, ...], int]:
    """Items → how many standing approvals of just these."""
    rows = ApprovalCount.objects.standing_on(timezone.localdate()).values_list("item_set__codes", "approval_count")
    found: dict[tuple[str, ...], int] = {}
    for codes, count in rows:
        found[tuple(codes)] = found.get(tuple(codes), 0) + count
    return found


def everything():
    """Every count, and every answer that is counted, without the keys of the rows."""
    keys = ("ends_on", "recipient", "service", "scenario", "item_set", "language", "approval_count")
    return (
        sorted(ApprovalCount.objects.filter(approval_count__gt=0).values_list(*keys)),
        sorted(CountedApproval.objects.values_list("person", "id", "item_set", "ends_on")),
    )


def change(decision, *allowed):
    sha = change_page(decision).text_sha256
    return change_answer(decision_id=decision.id, allowed=set(allowed), text_sha256=sha, by=decision.person)


def withdraw(decision):
    return withdraw_decision(decision_id=decision.id, language="ja", by=decision.person)


def undo(decision):
    return undo_answer(decision_id=decision.id, language="ja", by=decision.person)


# --- The follower ----------------------------------------------------------------------------------------------------


def test_answer_is_counted_by_what_it_is_about_and_the_day_it_ends(decision):
    assert standing() == {}
    work_off()
    row = ApprovalCount.objects.select_related("recipient", "service", "scenario", "item_set").get()
    assert (row.recipient_id, row.service_id, row.scenario_id) == (
        decision.recipient_id, decision.service_id, decision.scenario_id,
    )  # fmt: skip
    assert row.item_set.codes == ["name", "usage"]
    assert (row.language, row.approval_count) == ("ja", 1)
    assert row.ends_on == timezone.localdate(decision.valid_until)


def test_two_people_are_two_approvals_of_one_count(decision, taro, reporter):
    answer(taro, ask(taro, reporter), "name", "usage")
    work_off()
    assert ApprovalCount.objects.get().approval_count == 2


def test_answer_in_another_language_is_counted_apart(decision, taro, reporter):
    with translation.override("en"):
        answer(taro, ask(taro, reporter), "name", "usage")
    work_off()
    assert dict(ApprovalCount.objects.values_list("language", "approval_count")) == {"ja": 1, "en": 1}


def test_refusal_is_not_counted(hanako, open_request):
    answer(hanako, open_request)
    work_off()
    assert (ApprovalCount.objects.count(), CountedApproval.objects.count()) == (0, 0)


@pytest.mark.parametrize("end", [withdraw, undo])
@pytest.mark.parametrize("is_worked_off_between", [True, False])
def test_what_ends_an_approval_takes_it_out(decision, end, is_worked_off_between):
    if is_worked_off_between:
        work_off()
        assert standing() == {("name", "usage"): 1}
    end(decision)
    work_off()
    assert standing() == {} and not CountedApproval.objects.exists()


def test_changed_answer_is_counted_as_it_is_now(decision):
    work_off()
    change(decision, "name")
    work_off()
    assert standing() == {("name",): 1}


def test_later_answer_leaves_the_earlier_one_what_it_does_not_decide(hanako, decision, reporter):
    work_off()
    answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    work_off()
    assert standing() == {("usage",): 1, ("name",): 1}


def test_undoing_brings_back_what_was_before(hanako, decision, reporter):
    later = answer(hanako, ask(hanako, reporter, items=("name",)))
    work_off()
    assert standing() == {("usage",): 1}
    undo(later)
    work_off()
    assert standing() == {("name", "usage"): 1}


def test_work_done_twice_counts_once(decision):
    payload = {"person": decision.person_id, "decision": str(decision.id)}
    for _time in range(2):
        approval_counts.do(DECISION_MADE.name, payload)
    assert standing() == {("name", "usage"): 1}
    ending = {"person": decision.person_id, "decision": str(withdraw(decision).id)}
    for _time in range(2):
        approval_counts.do(DECISION_WITHDRAWN.name, ending)
        approval_counts.do(DECISION_MADE.name, payload)
    assert ApprovalCount.objects.get().approval_count == 0


def test_decision_whose_retention_is_over_counts_nothing(hanako):
    approval_counts.do(DECISION_MADE.name, {"person": hanako.pk, "decision": str(uuid7())})
    assert not ApprovalCount.objects.exists()


def test_approval_ends_without_an_event_and_its_count_goes_with_the_next_purge(hanako, taro, reporter, decision):
    work_off()
    with clock_at(decision.valid_until + timedelta(days=1)):
        assert standing() == {}
        answer(taro, ask(taro, reporter), "name")
        work_off()
        assert standing() == {("name",): 1}
        assert ApprovalCount.objects.count() == 2
        assert purge_ended_counts(now=timezone.now(), dry_run=True).others == {"approvalcount": 1}
        assert purge_ended_counts(now=timezone.now()).others == {"approvalcount": 1}
        assert ApprovalCount.objects.count() == 1
        # Withdrawn for the record: what is over was taken out before, and is not taken out again.
        withdraw(decision)
        work_off()
        assert standing() == {("name",): 1}


def test_counting_costs_the_same_for_many_people_and_answers(reporter):
    costs = []
    for number in range(3):
        person = make_user(f"person-{number}")
        for _more in range(number + 1):
            made = answer(person, ask(person, reporter, items=("name",)), "name")
            work_off()
        withdraw(made)
        about = {"person": person.pk, "decision": str(made.id)}
        with CaptureQueriesContext(connection) as captured:
            approval_counts.do(DECISION_WITHDRAWN.name, about)
        costs.append(len(captured))
    assert costs[0] == costs[1] == costs[2] <= 9


# --- The upgrade -----------------------------------------------------------------------------------------------------


def upgrade() -> None:
    """As the migration does it in a database of before."""
    ApprovalCount.objects.all().delete()
    CountedApproval.objects.all().delete()
    import_module("consents.migrations.0008_approval_counts").count_what_stands(apps, None)


def replace_part(decision, reporter, *allowed):
    """A later answer about one item of this one."""
    person = decision.person
    return answer(person, ask(person, reporter, items=("name",)), *allowed)


LATER = {
    "nothing": lambda first, reporter: None,
    "withdrawn": lambda first, reporter: withdraw(first),
    "undone": lambda first, reporter: undo(first),
    "changed": lambda first, reporter: change(first, "survey-answers"),
    "changed, withdrawn": lambda first, reporter: withdraw(change(first, "usage")),
    "replaced": lambda first, reporter: replace_part(first, reporter, "name"),
    "refused in part": lambda first, reporter: replace_part(first, reporter),
    "replaced, undone": lambda first, reporter: undo(replace_part(first, reporter, "name")),
    "replaced, withdrawn": lambda first, reporter: withdraw(replace_part(first, reporter, "name")),
    "replaced, both withdrawn": lambda first, reporter: [replace_part(first, reporter, "name"), withdraw(first)],
}


def test_upgrade_counts_what_stands_as_the_follower_does(reporter):
    """Every kind of ending, also of approvals that are over."""
    for place, happens in enumerate(LATER.values()):
        for days_ago in (0, 60, 100):
            person = make_user(f"person-{place}-{days_ago}")
            with clock_at(timezone.now() - timedelta(days=days_ago)), translation.override(["ja", "en"][place % 2]):
                happens(answer(person, ask(person, reporter, days=9), "name", "usage"), reporter)
    work_off()
    kept = everything()
    assert sum(count for *_key, count in kept[0]) == len(kept[1]) > len(LATER)
    assert len({key[4] for key in kept[0]}) > 3 and {key[5] for key in kept[0]} == {"ja", "en"}
    upgrade()
    assert everything() == kept


def test_upgrade_makes_the_set_of_what_is_left_of_an_answer(hanako, decision, reporter):
    answer(hanako, ask(hanako, reporter, items=("name",)))
    left = ItemSet.objects.filter(codes=["usage"])
    for pk in left.values_list("pk", flat=True):
        tamper("DELETE FROM disclosures_itemset_items WHERE itemset_id = %s", pk)
        tamper("DELETE FROM disclosures_itemset WHERE id = %s", pk)
    upgrade()
    assert standing() == {("usage",): 1}
    assert [item.code for item in left.get().items.all()] == ["usage"]
    before = everything()
    work_off()
    assert everything() == before


def test_what_the_upgrade_counted_ends_like_any_other(decision):
    upgrade()
    assert standing() == {("name", "usage"): 1}
    withdraw(decision)
    work_off()
    assert standing() == {}


def test_upgrade_costs_the_same_for_many_decisions(hanako, decision, reporter):
    answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    upgrade()  # makes the sets of what is left
    costs = []
    for days in (30, 60):
        for more in range(3):
            answer(hanako, ask(hanako, reporter, items=("name",), valid_days=days + more), "name")
        with CaptureQueriesContext(connection) as captured:
            upgrade()
        costs.append(len(captured))
    assert costs[0] == costs[1]
    assert Decision.objects.count() == 8
