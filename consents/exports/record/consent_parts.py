"""The parts of a record about requests, decisions, standing rules, withdrawals and recalls."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from django.utils import timezone

from consents.asking import decisions, requests
from consents.asking.answered_names import shown_with
from consents.checking.effective_permissions import EffectivePermission
from consents.exports.record.keyset import Entry, in_chunks
from consents.exports.record.record import Record
from consents.models import QuestionAnswer, RecallStep
from consents.models.withdrawals import kept_back
from consents.question_log.queries import year_before
from consents.recalls import queries as recalls
from consents.recalls.kept import Kept, kept
from disclosures.models import Reporter


def request_entries(record: Record) -> Iterator[Entry]:
    """Yield every request with its state; undone answers do not count. At most four SQL statements for each chunk."""
    rows = record.person.approval_requests.with_references(record.person).filter(requested_at__lte=record.made_at)
    for chunk in in_chunks(rows, "requested_at"):
        cancelled = record.person.request_cancellations.filter(request_id__in=[row.id for row in chunk])
        cancelled_at = dict(cancelled.values_list("request_id", "cancelled_at"))
        permissions = requests.permissions_of(chunk, record.names.document, at=record.made_at)
        for row, now in zip(chunk, permissions, strict=True):
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
                        "retention_days": row.retention_days.get(code),
                    }
                    for code in row.item_set.codes
                ],
                "expires_at": row.expires_at,
                "valid_days": row.valid_days,
                "reporter": row.reporter.code,
                "state": requests.state_of(row, now),
                "cancelled_at": cancelled_at.get(row.id),
                "decisions": [str(one.id) for one in reversed(now.decisions) if one.request_id == row.id],
            }


def decision_entries(record: Record) -> Iterator[Entry]:
    """Yield every answer, withdrawal and undoing, with the text the person saw.

    ``now``: what holds for each item that it names, by the time the record was made; ``kept``: how long the recipient
    keeps what was provided under it. At most four SQL statements for each chunk, and six.
    """
    lines: dict[UUID, list[Kept]] = {}
    for line in kept(record.person, known_at=record.made_at):
        lines.setdefault(line.decision, []).append(line)
    rows = (
        record.person.decisions.with_references().with_names_shown(record.person).filter(decided_at__lte=record.made_at)
    )
    for chunk in in_chunks(rows, "decided_at"):
        standings = decisions.standings_of(chunk, record.names.document, at=record.made_at)
        with_receipt = decisions.with_receipt_among(record.person, chunk)
        for row, standing in zip(chunk, standings, strict=True):
            yield {
                "id": str(row.id),
                "decided_at": row.decided_at,
                "request": str(row.request_id),
                "withdraws": str(row.withdraws_id) if row.withdraws_id else None,
                "undoes": str(row.undoes_id) if row.undoes_id else None,
                "changes": str(row.changes_id) if row.changes_id else None,
                "rule": str(row.rule_id) if row.rule_id else None,
                "recipient": row.recipient.code,
                "service": row.service.code,
                "scenario": row.scenario.code,
                "shown_names": shown_with(row) or None,
                "allowed": row.allowed_set.codes,
                "refused": row.refused_set.codes,
                "valid_until": row.valid_until,
                "state": standing.state,
                "now": [item_entry(item) for item in standing.items],
                "kept": [kept_entry(line, record) for line in lines.get(row.id, ())],
                "has_receipt": row.id in with_receipt,
                "publication": row.publication,
                "language": row.language,
                "text": row.text,
                "text_sha256": row.text_sha256,
            }


def kept_entry(line: Kept, record: Record) -> Entry:
    return {
        "items": list(line.items),
        "until": line.until,
        "deleted_at": line.deleted_at,
        "is_deletion_unconfirmed": line.is_unconfirmed(record.made_at),
    }


def item_entry(item: EffectivePermission) -> Entry:
    return {
        "code": item.code,
        "state": item.effect,
        "since": item.since,
        "until": item.until,
        "decision": str(item.decision) if item.decision else None,
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
    shown = record.person.withdrawal_steps.exclude(withdrawal_id__in=kept_back(record.person))
    steps = shown.filter(taken_at__lte=record.made_at).with_withdrawal()
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


def recall_entries(record: Record) -> Iterator[Entry]:
    """Yield every recall with its cases, and the steps of each. Three SQL statements for each chunk.

    ``by``: who reported a step: ``service``, ``recipient``, ``officer``, or ``person`` for what they took back.
    """
    for chunk in in_chunks(record.person.recalls.filter(asked_at__lte=record.made_at), "asked_at"):
        taken = record.person.recall_steps.filter(
            recall_id__in=[row.id for row in chunk], taken_at__lte=record.made_at
        ).order_by("kind")
        steps: dict[str, list[RecallStep]] = {}
        for step in taken:
            steps.setdefault(str(step.case_id), []).append(step)
        reporters = Reporter.objects.in_bulk(
            [step.reporter_id for some in steps.values() for step in some if step.reporter_id]
        )
        # Of several accounts each has a row of the same recall.
        targets: dict[UUID, list[Entry]] = {}
        for row in chunk:
            targets.setdefault(row.id, []).extend(row.targets)
        for row in {row.id: row for row in chunk}.values():
            yield {
                "id": str(row.id),
                "asked_at": row.asked_at,
                "kind": row.kind,
                "about": row.about,
                "incident": str(row.incident_id) if row.incident_id else None,
                "is_filed_for": row.staff_id is not None,
                "inquiry": row.inquiry or None,
                "cases": [
                    {**target, "steps": [step_entry(step, reporters) for step in steps.get(target["case"], [])]}
                    for target in targets[row.id]
                ],
            }


def step_entry(step: RecallStep, reporters: Mapping[int, Reporter]) -> Entry:
    return {
        "id": str(step.id),
        "taken_at": step.taken_at,
        "step": step.step.code,
        "reason": step.reason,
        "is_delivery": step.is_delivery,
        "by": recalls.step_of(step).by,
        "reporter": reporter.code if (reporter := reporters.get(step.reporter_id or 0)) else None,
    }


def question_entries(record: Record) -> Iterator[Entry]:
    """Yield how often services asked within a year: by day, recipient, service and answer."""
    made_on = timezone.localdate(record.made_at)
    rows = record.person.question_counts.shown_to(record.person).since(year_before(made_on))
    found = rows.filter(asked_on__lte=made_on).select_related("recipient", "service")
    for chunk in in_chunks(found, "asked_on"):
        for row in chunk:
            yield {
                "asked_on": row.asked_on.isoformat(),
                "recipient": row.recipient.code,
                "service": row.service.code,
                "answer": QuestionAnswer(row.answer).code,
                "count": row.question_count,
            }
