"""Which tables are written once, and that Python and the database both hold them to it."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from consents.asking.rule_actions import set_rule
from consents.models import (
    ActedFor,
    ApprovalRequest,
    Decision,
    FeedEpoch,
    Frequency,
    HeldRepresentation,
    IncidentNotice,
    MadeUpPerson,
    Mailing,
    Notice,
    NoticeKind,
    NoticeReading,
    Preference,
    Recall,
    RecallCase,
    RecallClosure,
    RecallMail,
    RecallStep,
    Representation,
    RepresentationEnding,
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
    AccountStep,
    AffectedPerson,
    Approver,
    Attachment,
    Authority,
    AuthorityPack,
    CalendarAddress,
    Case,
    CaseEvent,
    CaseKind,
    CaseStep,
    ChangeSet,
    ChangeSetStep,
    Comment,
    CommentMailChoice,
    CommentMention,
    CommentStep,
    ConfirmedTranslation,
    Conflict,
    Correction,
    Countersignature,
    DataItem,
    Disclosure,
    ErasedEvent,
    Erasure,
    EventSource,
    FaultAcknowledgement,
    Heartbeat,
    Incident,
    IncidentStep,
    Inquiry,
    InquiryEvent,
    InquiryKind,
    InquiryStatus,
    InquiryStep,
    ItemSet,
    LedgerFault,
    Lookup,
    OneTimePage,
    OneTimeStep,
    Proposal,
    ProposalApproval,
    ProposalOutcome,
    Publication,
    PublishedFile,
    Recipient,
    RecipientKey,
    RecipientKeyRetirement,
    RecordAccess,
    RejectedReport,
    Reporter,
    ReporterStep,
    Revision,
    Scenario,
    Service,
    SharedRecord,
    StaffMail,
    StaffMailChoice,
    StepDelivery,
    TakenSignature,
    Verdict,
    WithholdingStep,
)
from privacycenter.database.checks import our_models
from privacycenter.database.triggers import trigger_name
from privacycenter.models import (
    AppendOnly,
    AppendOnlyError,
    ClockMove,
    Cosignature,
    LogCheckpoint,
    LogEntry,
    NeverDeleted,
    Sealed,
    broken_seal,
)

pytestmark = pytest.mark.django_db

APPEND_ONLY = {
    Disclosure, Conflict, ItemSet, Publication, ApprovalRequest, Decision, Revision, Proposal, ProposalApproval,
    ProposalOutcome, Inquiry, InquiryStep, InquiryEvent, CaseEvent, CaseStep, ReporterStep, RecordAccess, RequestCancellation, StandingRule,
    WithdrawalCase, WithdrawalClosure, WithdrawalStep, WebhookAttempt, Heartbeat,
    Correction, RejectedReport, Notice, NoticeReading, Preference, Mailing, LedgerFault, FaultAcknowledgement, EventSource,
    FeedEpoch, WithholdingStep, Lookup, AccountStep, Approver, Erasure, ErasedEvent, LogEntry, LogCheckpoint, Cosignature, SharedRecord,
    Recall, RecallCase, RecallClosure, RecallMail, RecallStep, AffectedPerson, Incident, IncidentStep, IncidentNotice, StaffMail, StaffMailChoice, CalendarAddress,
    RecipientKey, RecipientKeyRetirement, Countersignature, TakenSignature, AuthorityPack,
    Representation, HeldRepresentation, RepresentationEnding, ActedFor,
    Attachment, StepDelivery, OneTimePage, OneTimeStep, ChangeSetStep, ConfirmedTranslation, PublishedFile,
    Comment, CommentStep, CommentMention, CommentMailChoice, ClockMove, MadeUpPerson,
}  # fmt: skip
# Of these, columns that say what holds now may change; all others may not.
KEEPS_FACTS = {Case: {"is_open", "owner_id", "due_on"}}
NEVER_DELETED = {Recipient, Service, Scenario, DataItem, Reporter, Authority, Case, ChangeSet}
EDITABLE = {
    "privacycenter.User", "privacycenter.User_groups", "privacycenter.User_user_permissions",
    "privacycenter.OutboxRow", "privacycenter.CacheEntry", "privacycenter.KnownDevice", "privacycenter.KeptForm", "privacycenter.SandboxMail", "privacycenter.Draft", "privacycenter.PersonKey", "privacycenter.RemovedEntry", "privacycenter.LogState", "privacycenter.Verification",
    "privacycenter.LogBundle", "privacycenter.LogTile", "privacycenter.LogRun", "privacycenter.LogRunBlock",
    "privacycenter.LogRunTile", "privacycenter.WitnessedLog", "privacycenter.StoredFile", "disclosures.RecipientFile", "disclosures.SearchText", "privacycenter.FileChunk", "disclosures.FormerSecret", "consents.FiledRequest",
    "consents.IdempotencyKey",
    "disclosures.Site", "disclosures.Page", "disclosures.Page_related", "disclosures.Section",
    "disclosures.Section_links", "disclosures.SiteFile", "disclosures.MenuEntry", "disclosures.KeptContent", "disclosures.Definition", "disclosures.Question", "disclosures.Link",
    "disclosures.Note", "disclosures.Exclusion", "disclosures.ScenarioItem", "disclosures.Scenario_services",
    "disclosures.Term", "disclosures.Synonyms", "disclosures.Scenario_recipients", "disclosures.Scenario_links", "disclosures.Country",
    "consents.WebhookEndpoint", "consents.WebhookSecret", "consents.WebhookDelivery",
    "disclosures.Reporter_services", "disclosures.ReportCount", "disclosures.PracticeCount", "disclosures.PracticeStart", "disclosures.ReceivedCount", "disclosures.DeclaredCount", "disclosures.ArrivalCount",
    "disclosures.ItemSet_items", "consents.FeedEntry", "disclosures.HiddenRecipient",
    "consents.Export", "consents.CountedApproval", "consents.ApprovalCount", "consents.QuestionCount", "consents.QuestionTotal", "consents.QuestionSpike", "disclosures.AffectedList",
    "disclosures.OpenForm", "disclosures.InquiryStanding", "disclosures.AnswerTemplate", "disclosures.ChangeSetEntry",
    "disclosures.DisclosureUpload", "disclosures.UploadPart", "disclosures.UploadBatch",
    "disclosures.ConsumedQueue", "disclosures.RefusedMessage",
    "disclosures.CurrentChangeSet", "disclosures.OlderTranslation", "disclosures.DeskLanguage",
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
    LogEntry.objects.create(
        person_id=disclosure.person_id,
        id=1,
        place=1,
        kind=1,
        row_id=disclosure.id,
        salt=b"",
        written_at=disclosure.recorded_at,
    )
    signed = LogCheckpoint.objects.create(origin="o", size=1, root=b"", note="", signed_at=disclosure.recorded_at)
    Cosignature.objects.create(checkpoint=signed, witness="w", line="", signed_at=disclosure.recorded_at)
    make_rows_of_the_desk(disclosure)
    moved_at = disclosure.recorded_at
    ClockMove.objects.create(number=1, seconds=0, ahead_seconds=0, moved_at=moved_at, by="begin")
    MadeUpPerson.objects.create(reporter=reporter, subject="kenji", address="kenji@sandbox.invalid", made_at=moved_at)
    make_rows_of_notices(disclosure)
    RequestCancellation.objects.create(
        person_id=disclosure.person_id, id=disclosure.id, request_id=disclosure.id, reporter=reporter,
        cancelled_at=disclosure.recorded_at,
    )  # fmt: skip
    make_rows_of_recalls(disclosure)
    set_rule(kind=RuleKind.ABROAD, code="", setting=RuleSetting.REFUSE, by=disclosure.person)
    take_withdrawal_step(withdrawal=withdrawal, kind=StepKind.DELETED, by=reporter)
    now = disclosure.recorded_at
    FeedEpoch.objects.create(token="0123abcd", last_numbers={}, restored_to=now, began_at=now)
    endpoint = WebhookEndpoint.objects.create(reporter=reporter, url="https://hooks.example/")
    delivery = WebhookDelivery.objects.create(endpoint=endpoint, event_type="ping", message_id="msg_1")
    WebhookAttempt.objects.create(delivery=delivery, attempted_at=now, status=200, duration_ms=1)
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
    ConfirmedTranslation.objects.create(
        kind="pages", code="faq", field="title", language="en", source_sha256="", confirmed_at=now, confirmed_by=who
    )
    proposal = Proposal.objects.create(document={}, sha256="", base_number=1, proposed_at=now, proposed_by=who)
    ProposalApproval.objects.create(proposal=proposal, approved_at=now, approved_by=who)
    ProposalOutcome.objects.create(proposal=proposal, verdict=Verdict.WITHDRAWN, ended_at=now)
    inquiry = Inquiry.objects.create(reference="A", kind=InquiryKind.QUESTION, asked_at=now)
    InquiryEvent.objects.create(inquiry=inquiry, kind=6, note="x", taken_at=now, taken_by=who)
    step = InquiryStep.objects.create(inquiry=inquiry, status=InquiryStatus.CLOSED, taken_at=now, taken_by=who)
    PublishedFile.objects.create(sha256="a" * 64, content_type="image/png", size_bytes=1, published_at=now)
    Attachment.objects.create(id=disclosure.id, inquiry=inquiry, name="a.pdf", size_bytes=1, attached_at=now)
    StepDelivery.objects.create(step=step, way=3, chosen_at=now)
    page = OneTimePage.objects.create(id=disclosure.id, step=step, made_by=who, made_at=now, good_until=now)
    OneTimeStep.objects.create(page=page, event=2, happened_at=now)
    case = Case.objects.create(
        kind=CaseKind.FLAGGED, cause=disclosure.id, reporter=disclosure.reporter, day=now, opened_at=now, due_on=now
    )
    CaseEvent.objects.create(
        case=case, whose=who, disclosure_id=disclosure.id, conflict_id=UUID(int=0), recorded_at=now
    )
    ReporterStep.objects.create(reporter=disclosure.reporter, kind=1, taken_at=now)
    CaseStep.objects.create(case=case, reason="seen", taken_at=now, taken_by=who)
    fault = LedgerFault.objects.create(digest="0" * 64, part="cases", row="a row", what="is wrong", found_at=now)
    FaultAcknowledgement.objects.create(fault=fault, reason="known", acknowledged_at=now, acknowledged_by=who)
    RecordAccess.objects.create(
        person=who, id=disclosure.id, staff_id=1, role="officer", what="record", reason="asked", accessed_at=now
    )
    StaffMailChoice.objects.create(staff=who, frequency="daily", language="ja", chosen_at=now)
    made = ChangeSet.objects.create(name="x", owner=who, created_at=now)
    ChangeSetStep.objects.create(change_set=made, kind=1, happened_at=now, by=who)
    comment = Comment.objects.create(kind="pages", code="faq", field="title", text="x", written_by=who, written_at=now)
    CommentStep.objects.create(comment=comment, kind="resolved", taken_by=who, taken_at=now)
    CommentMention.objects.create(comment=comment, staff=who)
    CommentMailChoice.objects.create(staff=who, wanted="none", chosen_at=now)
    StaffMail.objects.create(staff=who, since=now, until=now)
    CalendarAddress.objects.create(staff=who, digest="", made_at=now)
    Lookup.objects.create(id=disclosure.id, staff_id=1, reason="asked", is_found=False, looked_up_at=now)
    Erasure.objects.create(
        subject_digest="0" * 64, report={}, reason="asked", staff_id=0, role="command", erased_at=now
    )
    ErasedEvent.objects.create(digest="0" * 64)
    AccountStep.objects.create(
        person=who, id=disclosure.id, change_id=disclosure.id, kind=1, stage=2, reason="asked", staff_id=1, taken_at=now
    )
    SharedRecord.objects.create(person=who, id=disclosure.id, made_at=now)
    Approver.objects.create(account=who, is_approver=True, is_known=True, noticed_at=now)
    WithholdingStep.objects.create(
        person=who, id=disclosure.id, disclosure_id=disclosure.id, number=1, kind=1, ground="crime", until=now,
        reason="asked", staff_id=1, taken_at=now,
    )  # fmt: skip


def make_rows_of_recalls(disclosure):
    who, now = disclosure.person, disclosure.recorded_at
    key = {"person": who, "id": disclosure.id}
    Recall.objects.create(**key, kind="delete", targets=[], asked_at=now)
    RecallStep.objects.create(**key, recall_id=disclosure.id, case_id=disclosure.id, kind=1, taken_at=now)
    case = RecallCase.objects.create(
        whose=who, recall_id=disclosure.id, case_id=disclosure.id, kind="delete", recipient=disclosure.recipient,
        service=disclosure.service, opened_at=now, due_at=now,
    )  # fmt: skip
    RecallClosure.objects.create(case=case, closed_at=now)
    RecallMail.objects.create(case=case, address="privacy@inn.example", asked_at=now, asked_by=who)
    AffectedPerson.objects.create(**key, disclosure_count=1, first_at=now, last_at=now, listed_at=now)
    incident = Incident.objects.create(id=disclosure.id, title="x", noticed_at=now, opened_at=now, opened_by=who)
    IncidentStep.objects.create(incident=incident, kind=9, note="x", happened_at=now, taken_at=now, taken_by=who)
    IncidentNotice.objects.create(**key, list_id=disclosure.id, way=1, told_at=now)
    public = RecipientKey.objects.create(
        recipient=disclosure.recipient, public=b"", fingerprint="0" * 64, registered_at=now, registered_by=who
    )
    AuthorityPack.objects.create(
        **key, disclosure_id=disclosure.id, authority=Authority.objects.first(), language="ja", made_at=now
    )
    TakenSignature.objects.create(digest="0" * 64)
    RecipientKeyRetirement.objects.create(key=public, reason="x", retired_at=now, retired_by=who)
    Countersignature.objects.create(
        **key, disclosure_id=disclosure.id, said="received", key=public, statement="{}", signature=b"", signed_at=now,
        received_at=now,
    )  # fmt: skip
    make_rows_of_representatives(key, now)


def make_rows_of_representatives(key, now):
    Representation.objects.create(**key, representative_id=1, begins_at=now, until=now, staff_id=1, made_at=now)
    HeldRepresentation.objects.create(**key, represented_id=1, made_at=now)
    RepresentationEnding.objects.create(**key, representation_id=key["id"], kind=1, ended_at=now)
    ActedFor.objects.create(
        **key, representation_id=key["id"], representative_id=1, kind=5, row_id=key["id"], acted_at=now
    )


def make_rows_of_notices(disclosure):
    key, now = {"person": disclosure.person, "id": disclosure.id}, disclosure.recorded_at
    Notice.objects.create(**key, kind=NoticeKind.FLAGGED, noticed_at=now)
    NoticeReading.objects.create(**key, read_at=now)
    Preference.objects.create(**key, frequency=Frequency.DAILY, language="ja", chosen_at=now)
    Mailing.objects.create(**key, notice_count=1, sent_at=now)


def refuses(action: Callable[[], object], error: type[Exception], told: str = "") -> bool:
    try:
        with transaction.atomic():
            action()
    except error as refusal:
        return told in str(refusal)
    return False


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_append_only_row_cannot_be_saved_again(rows):
    assert [model for model in APPEND_ONLY if not refuses(rows[model].save, AppendOnlyError)] == []


def test_append_only_rows_cannot_be_changed_together(rows):
    for model in APPEND_ONLY:
        field = next(field.name for field in model._meta.concrete_fields if field.name not in ("person", "id"))
        assert refuses(partial(model.objects.update, **{field: None}), AppendOnlyError), model
        assert refuses(partial(model.objects.bulk_update, [rows[model]], [field]), AppendOnlyError), model


def test_rows_cannot_be_deleted(rows):
    for model in APPEND_ONLY | NEVER_DELETED:
        assert refuses(rows[model].delete, AppendOnlyError), model
        assert refuses(model.objects.all().delete, AppendOnlyError), model


def test_database_refuses_to_change_a_row(rows):
    for model in APPEND_ONLY:
        column = connection.ops.quote_name(model._meta.concrete_fields[-1].column)
        change = partial(sql, f"UPDATE {model._meta.db_table} SET {column} = {column}")
        assert refuses(change, DatabaseError, "append-only"), model


def test_database_refuses_to_change_a_fact_of_a_row_and_lets_what_holds_now_change(rows):
    for model, changing in KEEPS_FACTS.items():
        for column in {field.column for field in model._meta.concrete_fields if not field.primary_key}:
            change = partial(sql, f"UPDATE {model._meta.db_table} SET {column} = {column}")
            assert refuses(change, DatabaseError, "facts are never changed") is (column not in changing), column


def test_database_refuses_to_delete_a_row(rows):
    for model in APPEND_ONLY | NEVER_DELETED:
        assert refuses(partial(sql, f"DELETE FROM {model._meta.db_table}"), DatabaseError, "never deleted"), model


def test_every_promised_trigger_is_there():
    """SQLite forgets triggers when a table is rebuilt: a migration that alters one must make them again."""
    promised = {trigger_name(model._meta.db_table, "UPDATE") for model in APPEND_ONLY}
    promised |= {trigger_name(model._meta.db_table, "DELETE") for model in APPEND_ONLY | NEVER_DELETED}
    promised |= {trigger_name(model._meta.db_table, "UPDATE") for model in KEEPS_FACTS}
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert promised == {name for (name,) in cursor.fetchall()}


# --- Fingerprints over whole rows -------------------------------------------------------------------------------------

SEALED = {model for model in our_models() if issubclass(model, Sealed)}


def test_rows_with_a_fingerprint_are_these():
    of_consents = {ApprovalRequest, RequestCancellation, Decision, WithdrawalStep, StandingRule, Recall, RecallStep}
    assert of_consents | {Correction, WithholdingStep, SharedRecord, Countersignature} == SEALED


@pytest.mark.parametrize("model", sorted(SEALED, key=lambda model: model.__name__))
def test_newest_fingerprint_covers_every_column(model):
    covered = {model._meta.get_field(name).attname for name in model.SEALED[max(model.SEALED)]}
    assert covered == {field.attname for field in model._meta.concrete_fields} - {"seal"}


@pytest.mark.parametrize("model", sorted(SEALED, key=lambda model: model.__name__))
def test_row_is_sealed_when_it_is_written_and_verifies_as_it_is_read(rows, model):
    row = rows[model]
    assert bytes(row.seal)[0] == max(model.SEALED) and len(bytes(row.seal)) == 33
    assert broken_seal(row) == ""


def test_row_of_an_earlier_version_verifies_by_the_columns_of_that_version(rows, monkeypatch):
    monkeypatch.setattr(StandingRule, "SEALED", {1: StandingRule.SEALED[1], 2: (*StandingRule.SEALED[1], "seal")})
    row = rows[StandingRule]
    assert broken_seal(row) == ""
    row.code = "changed"
    assert "one of its columns was changed" in broken_seal(row)
    row.seal = bytes([9]) + bytes(row.seal)[1:]
    assert "a version that is not known" in broken_seal(row)
