"""Which tables are written once, and that Python and the database both hold them to it."""

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from consents.asking.rule_actions import set_rule
from consents.models import (
    ApprovalRequest,
    Decision,
    Frequency,
    Mailing,
    Notice,
    NoticeKind,
    NoticeReading,
    Preference,
    RequestCancellation,
    RuleKind,
    RuleSetting,
    StandingRule,
    StepKind,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WithdrawalCase,
    WithdrawalClosure,
    WithdrawalStep,
)
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.models import (
    Case,
    CaseKind,
    CaseStep,
    Conflict,
    Correction,
    DataItem,
    Disclosure,
    Heartbeat,
    Inquiry,
    InquiryKind,
    InquiryStatus,
    InquiryStep,
    ItemSet,
    Proposal,
    ProposalApproval,
    ProposalOutcome,
    Publication,
    Recipient,
    RecordAccess,
    RejectedReport,
    Reporter,
    Revision,
    Scenario,
    Service,
    Verdict,
)
from privacycenter.database.checks import our_models
from privacycenter.database.triggers import trigger_name
from privacycenter.models import AppendOnly, AppendOnlyError, NeverDeleted

pytestmark = pytest.mark.django_db

APPEND_ONLY = {
    Disclosure, Conflict, ItemSet, Publication, ApprovalRequest, Decision, Revision, Proposal, ProposalApproval,
    ProposalOutcome, Inquiry, InquiryStep, Case, CaseStep, RecordAccess, RequestCancellation, StandingRule,
    WithdrawalCase, WithdrawalClosure, WithdrawalStep, WebhookAttempt, Heartbeat,
    Correction, RejectedReport, Notice, NoticeReading, Preference, Mailing,
}  # fmt: skip
NEVER_DELETED = {Recipient, Service, Scenario, DataItem, Reporter}
EDITABLE = {
    "privacycenter.User", "privacycenter.User_groups", "privacycenter.User_user_permissions",
    "privacycenter.OutboxRow", "privacycenter.CacheEntry", "disclosures.FormerSecret", "consents.FiledRequest",
    "consents.IdempotencyKey",
    "disclosures.Site", "disclosures.Page", "disclosures.Page_related", "disclosures.Section",
    "disclosures.Section_links", "disclosures.Definition", "disclosures.Question", "disclosures.Link",
    "disclosures.Note", "disclosures.ScenarioItem", "disclosures.Scenario_services",
    "disclosures.Term", "disclosures.Scenario_recipients", "disclosures.Scenario_links", "disclosures.Country",
    "consents.WebhookEndpoint", "consents.WebhookSecret", "consents.WebhookDelivery",
    "disclosures.Reporter_services", "disclosures.ReportCount", "disclosures.DeclaredCount", "disclosures.ArrivalCount",
    "disclosures.ItemSet_items", "consents.FeedEntry", "disclosures.HiddenRecipient",
    "consents.Export",
}  # fmt: skip


def test_every_model_is_append_only_never_deleted_or_editable():
    listed = {model._meta.label for model in APPEND_ONLY | NEVER_DELETED} | EDITABLE
    assert {model._meta.label for model in our_models()} == listed


def test_append_only_models_have_the_base():
    assert {model for model in our_models() if issubclass(model, AppendOnly)} == APPEND_ONLY
    assert {model for model in our_models() if issubclass(model, NeverDeleted)} == APPEND_ONLY | NEVER_DELETED


@pytest.fixture
def rows(disclosure, withdrawal, reporter):
    """One row of each table that is never deleted."""
    Conflict.objects.create(
        person_id=disclosure.person_id, id=disclosure.id, disclosure_id=disclosure.id, reporter=reporter, event={},
        recorded_at=disclosure.recorded_at,
    )  # fmt: skip
    Correction.objects.create(
        person_id=disclosure.person_id, id=disclosure.id, disclosure_id=disclosure.id, reporter=reporter, reason={},
        corrected_at=disclosure.recorded_at, recorded_at=disclosure.recorded_at, fingerprint=b"",
    )  # fmt: skip
    RejectedReport.objects.create(
        id=disclosure.id, row_id=disclosure.id, reporter=reporter, event={}, problem={},
        received_at=disclosure.recorded_at,
    )  # fmt: skip
    make_rows_of_the_desk(disclosure)
    make_rows_of_notices(disclosure)
    RequestCancellation.objects.create(
        person_id=disclosure.person_id, id=disclosure.id, request_id=disclosure.id, reporter=reporter,
        cancelled_at=disclosure.recorded_at,
    )  # fmt: skip
    set_rule(kind=RuleKind.ABROAD, code="", setting=RuleSetting.REFUSE, by=disclosure.person)
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.DELETED, by=reporter)
    endpoint = WebhookEndpoint.objects.create(reporter=reporter, url="https://hooks.example/")
    delivery = WebhookDelivery.objects.create(endpoint=endpoint, event_type="ping", message_id="msg_1")
    WebhookAttempt.objects.create(delivery=delivery, attempted_at=disclosure.recorded_at, status=200, duration_ms=1)
    now = disclosure.recorded_at
    Heartbeat.objects.create(
        service=disclosure.service,
        reporter=reporter,
        complete_until=now,
        event_count=1,
        declared_change=1,
        heard_at=now,
    )
    return {model: model._default_manager.first() for model in APPEND_ONLY | NEVER_DELETED}


def make_rows_of_the_desk(disclosure):
    who, now = disclosure.person, disclosure.recorded_at
    Revision.objects.create(kind="pages", code="faq", before=None, after={}, changed_at=now)
    proposal = Proposal.objects.create(document={}, sha256="", base_number=1, proposed_at=now, proposed_by=who)
    ProposalApproval.objects.create(proposal=proposal, approved_at=now, approved_by=who)
    ProposalOutcome.objects.create(proposal=proposal, verdict=Verdict.WITHDRAWN, ended_at=now)
    inquiry = Inquiry.objects.create(reference="A", kind=InquiryKind.QUESTION, asked_at=now)
    InquiryStep.objects.create(inquiry=inquiry, status=InquiryStatus.CLOSED, taken_at=now, taken_by=who)
    case = Case.objects.create(
        kind=CaseKind.FLAGGED, whose=who, disclosure_id=disclosure.id, conflict_id=UUID(int=0), opened_at=now
    )
    CaseStep.objects.create(case=case, reason="seen", taken_at=now, taken_by=who)
    RecordAccess.objects.create(
        person=who, id=disclosure.id, staff_id=1, role="officer", what="record", reason="asked", accessed_at=now
    )


def make_rows_of_notices(disclosure):
    key, now = {"person": disclosure.person, "id": disclosure.id}, disclosure.recorded_at
    Notice.objects.create(**key, kind=NoticeKind.FLAGGED, noticed_at=now)
    NoticeReading.objects.create(**key, read_at=now)
    Preference.objects.create(**key, frequency=Frequency.DAILY, language="ja", chosen_at=now)
    Mailing.objects.create(**key, notice_count=1, sent_at=now)


@pytest.mark.parametrize("model", sorted(APPEND_ONLY, key=lambda model: model.__name__))
def test_append_only_row_cannot_be_saved_again(rows, model):
    with pytest.raises(AppendOnlyError):
        rows[model].save()


@pytest.mark.parametrize("model", sorted(APPEND_ONLY, key=lambda model: model.__name__))
def test_append_only_rows_cannot_be_changed_together(rows, model):
    field = next(field.name for field in model._meta.concrete_fields if field.name not in ("person", "id"))
    with pytest.raises(AppendOnlyError):
        model.objects.update(**{field: None})
    with pytest.raises(AppendOnlyError):
        model.objects.bulk_update([rows[model]], [field])


@pytest.mark.parametrize("model", sorted(APPEND_ONLY | NEVER_DELETED, key=lambda model: model.__name__))
def test_rows_cannot_be_deleted(rows, model):
    with pytest.raises(AppendOnlyError):
        rows[model].delete()
    with pytest.raises(AppendOnlyError):
        model.objects.all().delete()


@pytest.mark.parametrize("model", sorted(APPEND_ONLY, key=lambda model: model.__name__))
def test_database_refuses_to_change_a_row(rows, model):
    column = connection.ops.quote_name(model._meta.concrete_fields[-1].column)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = {column}")


@pytest.mark.parametrize("model", sorted(APPEND_ONLY | NEVER_DELETED, key=lambda model: model.__name__))
def test_database_refuses_to_delete_a_row(rows, model):
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_every_promised_trigger_is_there():
    """SQLite forgets triggers when a table is rebuilt: a migration that alters one must make them again."""
    promised = {trigger_name(model._meta.db_table, "UPDATE") for model in APPEND_ONLY}
    promised |= {trigger_name(model._meta.db_table, "DELETE") for model in APPEND_ONLY | NEVER_DELETED}
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert promised == {name for (name,) in cursor.fetchall()}
