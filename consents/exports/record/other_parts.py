"""The parts of a record about inquiries, accesses by staff, incidents, notices, e-mails and preferences."""

from collections.abc import Iterator
from uuid import UUID

from consents.exports.record.keyset import Entry, in_chunks
from consents.exports.record.record import Record
from disclosures.inquiries.history import shown_events, shown_steps
from disclosures.models import (
    AccountStage,
    CaseEvent,
    IdentityState,
    IncidentStep,
    IncidentStepKind,
    Inquiry,
    InquiryEvent,
    InquiryEventKind,
    InquiryKind,
    InquiryStatus,
)


def inquiry_entries(record: Record) -> Iterator[Entry]:
    """Yield the person's inquiries with the answers and what else they read of them, without internal notes, and a list
    of the files. Four SQL statements for each chunk."""
    rows = Inquiry.objects.of_person(record.person).filter(asked_at__lte=record.made_at)
    rows = rows.select_related("standing").prefetch_related("steps", "events", "attachments")
    for chunk in in_chunks(rows, "asked_at"):
        for row in chunk:
            steps = sorted(row.steps.all(), key=lambda step: step.pk)
            events = sorted(row.events.all(), key=lambda event: event.pk)
            yield {
                "reference": row.reference,
                "asked_at": row.asked_at,
                "kind": InquiryKind(row.kind).code,
                "name": row.name,
                "email": row.email,
                "body": row.body,
                "about": row.about,
                "status": InquiryStatus(row.standing.status).code,
                "due_on": row.standing.due_on,
                "steps": [
                    {"taken_at": step.taken_at, "status": InquiryStatus(step.status).code, "message": step.message}
                    for step in shown_steps(steps)
                ],
                "events": [inquiry_event_entry(event) for event in shown_events(events)],
                "files": [
                    {
                        "attached_at": one.attached_at,
                        "by": "operator" if one.step_id else "person",
                        "name": one.name,
                        "content_type": one.content_type,
                        "size_bytes": one.size_bytes,
                        "sha256": one.sha256,
                    }
                    for one in row.attachments.all()
                ],
            }


def inquiry_event_entry(event: InquiryEvent) -> Entry:
    return {
        "taken_at": event.taken_at,
        "kind": InquiryEventKind(event.kind).code,
        "law": event.law or None,
        "due_on": event.due_on,
        "identity": IdentityState(event.identity).code if event.identity else None,
        "way": event.way or None,
        "words": event.words,
    }


def incident_entries(record: Record) -> Iterator[Entry]:
    """Yield each incident that the person was told of, with the newest text and what was done. Two SQL statements for
    each chunk."""
    # Of several accounts each may have been told.
    told: set[UUID] = set()
    for chunk in in_chunks(record.person.incident_notices.filter(told_at__lte=record.made_at), "told_at"):
        steps: dict[UUID, list[IncidentStep]] = {}
        taken = IncidentStep.objects.filter(incident__in=[row.id for row in chunk], taken_at__lte=record.made_at)
        for step in taken.order_by("pk"):
            steps.setdefault(step.incident_id, []).append(step)
        for row in chunk:
            if row.id in told:
                continue
            told.add(row.id)
            taken_here = steps.get(row.id, [])
            wrong = {step.takes_back_id: step.taken_at for step in taken_here if step.takes_back_id}
            texts = [step.words for step in taken_here if step.step is IncidentStepKind.TEXT]
            yield {
                "id": str(row.id),
                "told_at": row.told_at,
                "text": texts[-1] if texts else {},
                "steps": [
                    {
                        "kind": step.step.code,
                        "happened_at": step.happened_at,
                        "words": step.words,
                        "taken_back_at": wrong.get(step.pk),
                    }
                    for step in taken_here
                    if step.step.is_shown
                ],
            }


def finding_entries(record: Record) -> Iterator[Entry]:
    """Yield what the person was told that the privacy officer found about a disclosure of theirs."""
    rows = CaseEvent.objects.told_to(record.person).filter(taken_at__lte=record.made_at)
    # A step is told once of each disclosure, though it may be about several events of it.
    told = set()
    for chunk in in_chunks(rows, "taken_at"):
        for row in chunk:
            if (row.step_id, row.disclosure_id) not in told:
                told.add((row.step_id, row.disclosure_id))
                yield {"told_at": row.taken_at, "disclosure": str(row.disclosure_id), "words": row.words}


def access_entries(record: Record) -> Iterator[Entry]:
    """Yield each access by staff: the role and the reason, but no name."""
    rows = record.person.record_accesses.shown_to(record.person).filter(accessed_at__lte=record.made_at)
    for chunk in in_chunks(rows, "accessed_at"):
        # A look at several accounts of the person has one id under each.
        for row in {row.id: row for row in chunk}.values():
            yield {
                "accessed_at": row.accessed_at,
                "role": row.role,
                "what": row.what,
                "reason": row.reason,
                "about": str(row.about_id) if row.about_id else None,
                "scope": row.scope or None,
                "scope_of": row.scope_of or None,
            }


def account_change_entries(record: Record) -> Iterator[Entry]:
    """Yield each step of what staff did to the account, or proposed: the role and the reason, but no name."""
    for chunk in in_chunks(record.person.account_steps.filter(taken_at__lte=record.made_at), "taken_at"):
        for row in chunk:
            yield {
                "id": str(row.id),
                "change": str(row.change_id),
                "taken_at": row.taken_at,
                "kind": row.change.name.lower(),
                "stage": AccountStage(row.stage).name.lower(),
                "role": row.role,
                "reason": row.reason,
            }


def notice_entries(record: Record) -> Iterator[Entry]:
    """Yield the notices that the person was given."""
    rows = (
        record.person.notices.shown_to(record.person).select_related("recipient").filter(noticed_at__lte=record.made_at)
    )
    for chunk in in_chunks(rows, "noticed_at"):
        for row in chunk:
            yield {
                "noticed_at": row.noticed_at,
                "kind": row.kind_code,
                "recipient": row.recipient.code if row.recipient else None,
                "about": str(row.about_id) if row.about_id else None,
                "state": row.state,
            }


def mailing_entries(record: Record) -> Iterator[Entry]:
    """Yield the e-mails with notices that were sent."""
    for chunk in in_chunks(record.person.mailings.filter(sent_at__lte=record.made_at), "sent_at"):
        for row in chunk:
            yield {"sent_at": row.sent_at, "notice_count": row.notice_count}


def preference_entries(record: Record) -> Iterator[Entry]:
    """Yield every choice of e-mail preferences."""
    for chunk in in_chunks(record.person.preferences.filter(chosen_at__lte=record.made_at), "chosen_at"):
        for row in chunk:
            yield {
                "chosen_at": row.chosen_at,
                "frequency": row.frequency,
                "language": row.language,
                "is_by_link": row.is_by_link,
            }


def hidden_recipient_entries(record: Record) -> Iterator[Entry]:
    """Yield the recipients that the person hides from the overview. The record itself keeps them."""
    rows = record.person.hidden_recipients.select_related("recipient").filter(hidden_at__lte=record.made_at)
    for chunk in in_chunks(rows, "hidden_at"):
        for row in chunk:
            yield {"hidden_at": row.hidden_at, "recipient": row.recipient.code}
