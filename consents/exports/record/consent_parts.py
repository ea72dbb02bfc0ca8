"""The parts of a record about requests, decisions, standing rules and withdrawals."""

from collections.abc import Iterator
from uuid import UUID

from consents.asking import decisions, requests
from consents.exports.record.keyset import Entry, in_chunks
from consents.exports.record.record import Record
from consents.models import Decision
from disclosures.models import Reporter


def request_entries(record: Record) -> Iterator[Entry]:
    """Yield every request with its state; undone answers do not count. Three SQL statements for each chunk."""
    rows = record.person.approval_requests.with_references().filter(requested_at__lte=record.made_at)
    for chunk in in_chunks(rows, "requested_at"):
        ids = [row.id for row in chunk]
        cancelled = record.person.request_cancellations.filter(request_id__in=ids)
        cancelled_at = dict(cancelled.values_list("request_id", "cancelled_at"))
        answers = record.person.decisions.filter(request_id__in=ids).order_by("decided_at", "id").defer("text")
        by_request: dict[UUID, list[Decision]] = {}
        for answer in answers.select_related("allowed_set", "refused_set"):
            by_request.setdefault(answer.request_id, []).append(answer)
        for row in chunk:
            answered = by_request.get(row.id, [])
            yield {
                "id": str(row.id),
                "requested_at": row.requested_at,
                "recipient": row.recipient.code,
                "service": row.service.code,
                "scenario": row.scenario.code,
                "items": [
                    {
                        "code": code,
                        "purpose": row.purposes.get(code, {}),
                        "consequence": row.consequences.get(code, {}),
                    }
                    for code in row.item_set.codes
                ],
                "expires_at": row.expires_at,
                "valid_days": row.valid_days,
                "reporter": row.reporter.code,
                "state": requests.state_of(row, answered),
                "cancelled_at": cancelled_at.get(row.id),
                "decisions": [str(answer.id) for answer in answered],
            }


def decision_entries(record: Record) -> Iterator[Entry]:
    """Yield every answer, withdrawal and undoing, with the text the person saw. Three SQL statements for each chunk."""
    rows = record.person.decisions.with_references().filter(decided_at__lte=record.made_at)
    for chunk in in_chunks(rows, "decided_at"):
        endings = decisions.endings_among(record.person, chunk)
        with_receipt = decisions.with_receipt_among(record.person, chunk)
        for row in chunk:
            yield {
                "id": str(row.id),
                "decided_at": row.decided_at,
                "request": str(row.request_id),
                "withdraws": str(row.withdraws_id) if row.withdraws_id else None,
                "undoes": str(row.undoes_id) if row.undoes_id else None,
                "rule": str(row.rule_id) if row.rule_id else None,
                "recipient": row.recipient.code,
                "service": row.service.code,
                "scenario": row.scenario.code,
                "allowed": row.allowed_set.codes,
                "refused": row.refused_set.codes,
                "valid_until": row.valid_until,
                "state": decisions.state_of(row, endings.get(row.id)),
                "has_receipt": row.id in with_receipt,
                "publication": row.publication,
                "language": row.language,
                "text": row.text,
                "text_sha256": row.text_sha256,
            }


def rule_entries(record: Record) -> Iterator[Entry]:
    """Yield every version of every standing rule, including ended ones."""
    for chunk in in_chunks(record.person.standing_rules.filter(made_at__lte=record.made_at), "made_at"):
        for row in chunk:
            yield {
                "id": str(row.id),
                "made_at": row.made_at,
                "kind": row.kind,
                "code": row.code,
                "version": row.version,
                "setting": row.setting,
            }


def withdrawal_step_entries(record: Record) -> Iterator[Entry]:
    """Yield the steps after each withdrawal. Two SQL statements for each chunk.

    ``reporter`` is None for a step that staff recorded, ``recipient`` if the withdrawal was removed at the end of its
    retention.
    """
    steps = record.person.withdrawal_steps.filter(taken_at__lte=record.made_at).with_withdrawal()
    for chunk in in_chunks(steps, "taken_at"):
        reporters = Reporter.objects.in_bulk([row.reporter_id for row in chunk if row.reporter_id])
        for row in chunk:
            yield {
                "id": str(row.id),
                "withdrawal": str(row.withdrawal_id),
                "recipient": row.recipient_code,
                "taken_at": row.taken_at,
                "step": row.step.code,
                "reason": row.reason,
                "is_delivery": row.is_delivery,
                "reporter": reporters[row.reporter_id].code if row.reporter_id in reporters else None,
            }
