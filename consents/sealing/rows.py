"""Requests, answers, rules, recalls and steps as the log seals them: every column, as the person may read it."""

from collections.abc import Collection
from typing import Any

from consents.models import (
    ApprovalRequest,
    Decision,
    Recall,
    RecallStep,
    RequestCancellation,
    StandingRule,
    StepKind,
    WithdrawalStep,
)
from consents.models.withdrawals import kept_back
from disclosures.models import Reporter
from privacycenter.database.keyed_rows import of_keys
from privacycenter.models import User
from privacycenter.proof.sources import Key, Sealable, text_of, texts_in


def requests(keys: Collection[Key]) -> dict[Key, Sealable]:
    rows = of_keys(
        ApprovalRequest.objects.select_related("recipient", "service", "scenario", "item_set", "reporter"), keys
    )
    return {(row.person_id, row.id): Sealable(request_columns(row), row.requested_at) for row in rows}


def request_columns(row: ApprovalRequest) -> dict[str, Any]:
    return {
        "id": text_of(row.id),
        "recipient": row.recipient.code,
        "service": row.service.code,
        "scenario": row.scenario.code,
        "items": list(row.item_set.codes),
        "reporter": row.reporter.code,
        "purposes": texts_in(row.purposes),
        "consequences": texts_in(row.consequences),
        "retention_days": texts_in(row.retention_days),
        "requested_at": text_of(row.requested_at),
        "expires_at": text_of(row.expires_at),
        "valid_days": text_of(row.valid_days),
    }


def cancellations(keys: Collection[Key]) -> dict[Key, Sealable]:
    rows = of_keys(RequestCancellation.objects.select_related("reporter"), keys)
    return {(row.person_id, row.id): Sealable(cancellation_columns(row), row.cancelled_at) for row in rows}


def cancellation_columns(row: RequestCancellation) -> dict[str, Any]:
    return {
        "id": text_of(row.id),
        "request": text_of(row.request_id),
        "reporter": row.reporter.code,
        "cancelled_at": text_of(row.cancelled_at),
    }


def decisions(keys: Collection[Key]) -> dict[Key, Sealable]:
    related = Decision.objects.select_related("recipient", "service", "scenario", "allowed_set", "refused_set")
    return {(row.person_id, row.id): Sealable(decision_columns(row), row.decided_at) for row in of_keys(related, keys)}


def decision_columns(row: Decision) -> dict[str, Any]:
    return {
        "id": text_of(row.id),
        "request": text_of(row.request_id),
        "withdraws": text_of(row.withdraws_id),
        "undoes": text_of(row.undoes_id),
        "changes": text_of(row.changes_id),
        "rule": text_of(row.rule_id),
        "opening": text_of(row.opening),
        "recipient": row.recipient.code,
        "service": row.service.code,
        "scenario": row.scenario.code,
        "allowed": list(row.allowed_set.codes),
        "refused": list(row.refused_set.codes),
        "decided_at": text_of(row.decided_at),
        "valid_until": text_of(row.valid_until),
        "publication": text_of(row.publication),
        "language": row.language,
        # The text itself is on the receipt, and long: its hash stands for it (RFC 8785, SHA-256).
        "text_sha256": row.text_sha256,
    }


def rules(keys: Collection[Key]) -> dict[Key, Sealable]:
    return {
        (row.person_id, row.id): Sealable(rule_columns(row), row.made_at)
        for row in of_keys(StandingRule.objects.all(), keys)
    }


def rule_columns(row: StandingRule) -> dict[str, Any]:
    return {
        "id": text_of(row.id),
        "kind": row.kind,
        "code": row.code,
        "version": text_of(row.version),
        "setting": row.setting,
        "made_at": text_of(row.made_at),
    }


def steps(keys: Collection[Key]) -> dict[Key, Sealable]:
    rows = of_keys(WithdrawalStep.objects.all(), keys)
    reporters = dict(Reporter.objects.filter(pk__in={row.reporter_id for row in rows}).values_list("pk", "code"))
    withheld = {
        (person.pk, id)
        for person in User.objects.filter(pk__in={row.person_id for row in rows})
        for id in kept_back(person)
    }
    return {
        (row.person_id, row.id): Sealable(
            step_columns(row, reporters), row.taken_at, (row.person_id, row.withdrawal_id) in withheld
        )
        for row in rows
    }


def step_columns(row: WithdrawalStep, reporters: dict[int, str]) -> dict[str, Any]:
    """Without which officer took it: the person is told that one did."""
    return {
        "id": text_of(row.id),
        "withdrawal": text_of(row.withdrawal_id),
        "kind": StepKind(row.kind).code,
        "reason": texts_in(row.reason),
        "is_delivery": text_of(row.is_delivery),
        "reporter": reporters.get(row.reporter_id or 0, ""),
        "taken_at": text_of(row.taken_at),
    }


def recalls(keys: Collection[Key]) -> dict[Key, Sealable]:
    """What a recall names was shown to its person when it was filed."""
    rows = of_keys(Recall.objects.all(), keys)
    return {(row.person_id, row.id): Sealable(recall_columns(row), row.asked_at) for row in rows}


def recall_columns(row: Recall) -> dict[str, Any]:
    """Without which officer filed it: the person is told that one did."""
    return {
        "id": text_of(row.id),
        "kind": row.kind,
        "about": texts_in(row.about),
        "targets": [
            {
                "case": target["case"],
                "recipient": target["recipient"],
                "service": target["service"],
                "items": list(target["items"]),
                "count": text_of(target["count"]),
            }
            for target in row.targets
        ],
        "incident": text_of(row.incident_id),
        "is_filed_for": text_of(row.staff_id is not None),
        "asked_at": text_of(row.asked_at),
        # Left out where there is none, so that what was sealed before there were any stays as it was.
        **({"inquiry": row.inquiry} if row.inquiry else {}),
    }


def recall_steps(keys: Collection[Key]) -> dict[Key, Sealable]:
    rows = of_keys(RecallStep.objects.all(), keys)
    reporters = dict(Reporter.objects.filter(pk__in={row.reporter_id for row in rows}).values_list("pk", "code"))
    return {(row.person_id, row.id): Sealable(recall_step_columns(row, reporters), row.taken_at) for row in rows}


def recall_step_columns(row: RecallStep, reporters: dict[int, str]) -> dict[str, Any]:
    """Without which officer took it."""
    return {
        "id": text_of(row.id),
        "recall": text_of(row.recall_id),
        "case": text_of(row.case_id),
        "kind": row.step.code,
        "reason": texts_in(row.reason),
        "is_delivery": text_of(row.is_delivery),
        "reporter": reporters.get(row.reporter_id or 0, ""),
        "is_by_recipient": text_of(row.is_by_recipient),
        "taken_at": text_of(row.taken_at),
    }
