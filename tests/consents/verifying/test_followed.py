"""manage.py verify_ledger: what followed requests and decisions belongs to something, and says what it said."""

import json
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from consents.asking.answer_changes import change_of
from consents.asking.decision_actions import change_answer, undo_answer
from consents.asking.decisions import decision_page
from consents.asking.request_actions import cancel_request
from consents.asking.rule_actions import set_rule
from consents.models import Notice, NoticeKind, RuleKind, RuleSetting, StepKind
from consents.notices.actions import mark_read
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.content.publications import newest_document
from disclosures.ledger.recording import record_disclosures
from disclosures.public.titles import Names
from tests.support.asking import answer, ask
from tests.support.commands import fault, verify
from tests.support.database import tamper
from tests.support.events import a_correction

pytestmark = pytest.mark.django_db


def in_sql(id: UUID) -> object:
    """As the engine stores it."""
    return id if connection.vendor == "postgresql" else id.hex


@pytest.fixture
def life(reporter, hanako, withdrawal, disclosure):
    """A withdrawal that was followed to its end, an undone answer, one by a rule, a cancelled request, a notice that
    was read, and two corrections."""
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.DELETED, by=reporter)
    undone = answer(hanako, ask(hanako, reporter, recipient="minato-inn"), "name")
    undo_answer(decision_id=undone.id, language="ja", by=hanako)
    set_rule(kind=RuleKind.RECIPIENT, code="kotori-salon", setting=RuleSetting.REFUSE, by=hanako)
    ask(hanako, reporter, recipient="kotori-salon")
    cancel_request(request=ask(hanako, reporter, recipient="kobune-wedding"), by=reporter)
    Notice.objects.create(person=hanako, id=UUID(int=1), kind=NoticeKind.FLAGGED, noticed_at=timezone.now())
    mark_read(ids=[UUID(int=1)], by=hanako)
    for name, facts in (("c-1", None), ("c-2", False)):
        record_disclosures(events=[a_correction(disclosure, name, facts)], by=reporter)


def test_nothing_is_found_where_nothing_is_wrong(life):
    said = verify()
    assert "Everything is as it was written." in said
    assert "8  steps, cases, cancellations, read marks" in said and "2  corrections" in said


@pytest.mark.parametrize(
    ("table", "column", "what"),
    [
        ("withdrawalstep", "withdrawal_id", "a withdrawal that is not there"),
        ("withdrawalcase", "withdrawal_id", "a withdrawal that is not there"),
        ("requestcancellation", "request_id", "a request that is not there"),
        ("noticereading", "id", "a notice that is not there"),
        ("decision", "rule_id", "names a standing rule that is not there"),
        ("decision", "undoes_id", "undoes a decision that is not there"),
        ("decision", "withdraws_id", "withdraws a decision that is not there"),
    ],
)
def test_row_about_nothing_is_found(life, table, column, what):
    tamper(f"UPDATE consents_{table} SET {column} = %s WHERE {column} IS NOT NULL", in_sql(uuid4()))
    found = fault()
    assert f"consents_{table}" in found and what in found


@pytest.fixture
def changed(hanako, decision):
    """hanako allowed name and usage, then the name alone."""
    published = newest_document()
    shown = change_of(decision_page(hanako, decision.id, published), Names(published))
    return change_answer(decision_id=decision.id, allowed={"name"}, text_sha256=shown.text_sha256, by=hanako)


def test_change_is_as_it_was_written(changed):
    assert "Everything is as it was written." in verify()


def test_change_of_nothing_is_found(changed):
    tamper("UPDATE consents_decision SET changes_id = %s WHERE changes_id IS NOT NULL", in_sql(uuid4()))
    assert "changes a decision that is not there" in fault()


def test_change_of_what_came_later_is_found(changed):
    tamper("UPDATE consents_decision SET decided_at = %s WHERE changes_id IS NULL", changed.decided_at)
    assert "changes a decision that is not earlier" in fault()


def test_step_after_what_is_no_withdrawal_is_found(life, decision):
    tamper("UPDATE consents_withdrawalstep SET withdrawal_id = %s", in_sql(decision.id))
    assert "a withdrawal that is not there" in fault()


def test_withdrawal_of_a_withdrawal_is_found(life, withdrawal):
    tamper("UPDATE consents_decision SET undoes_id = %s WHERE undoes_id IS NOT NULL", in_sql(withdrawal.id))
    assert "undoes what is no answer" in fault()


def test_undoing_of_another_request_is_found(life, decision):
    tamper("UPDATE consents_decision SET undoes_id = %s WHERE undoes_id IS NOT NULL", in_sql(decision.id))
    assert "undoes a decision about something else" in fault()


def test_filed_request_of_nobody_is_found(life):
    tamper("UPDATE consents_filedrequest SET whose = 999999")
    assert "consents_filedrequest" in fault()


def test_case_that_no_step_closed_is_found(life):
    tamper("DELETE FROM consents_withdrawalstep")
    assert "is closed, but no step says" in fault()


@pytest.mark.parametrize("table", ["consents_standingrule", "consents_notice"])
def test_row_of_nobody_is_found(life, table):
    tamper("DELETE FROM consents_noticereading")
    tamper("UPDATE consents_decision SET rule_id = NULL WHERE rule_id IS NOT NULL")
    tamper(f"UPDATE {table} SET person_id = 999999")
    assert f"{table} 999999" in fault()


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("recipient_id = (SELECT id FROM disclosures_recipient WHERE code = %s)", "kotori-salon"),
        ("ground = %s", 4),
        ("reason = %s", json.dumps({"ja": "別の理由"})),
    ],
)
def test_correction_that_was_changed_is_found(life, change, value):
    tamper(f"UPDATE disclosures_correction SET {change} WHERE recipient_id IS NOT NULL", value)
    assert "disclosures_correction" in fault()


def test_retraction_that_was_made_of_a_correction_is_found(life):
    tamper("UPDATE disclosures_correction SET recipient_id = NULL")
    assert "fingerprint" in fault()
