"""Followers that turn events into notices, after the commit. Repeated work gives no notice twice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from consents.models import ApprovalRequest, Decision, NoticeKind
from consents.notices.actions import NewNotice, give_notices
from consents.notices.queries import given, received_before
from privacycenter.identifiers import uuid8_from


def give(topic: str, payload: dict[str, Any]) -> None:
    """Give the notices of this topic. Runs in one transaction with the deletion of its outbox row."""
    GIVEN_BY[topic](payload)


def notice_disclosures(payload: dict[str, Any]) -> None:
    """Give the notices of a recorded batch: recipients that a person's data went to for the first time, and warnings.

    ``rows``: each distinct (person, recipient, flags) of the batch.
    """
    at = datetime.fromisoformat(payload["at"])
    rows = [(person, recipient, flags) for person, recipient, flags in payload.get("rows", [])]
    flagged = {(person, recipient) for person, recipient, flags in rows if flags}
    notices = [
        *first_times({(person, recipient) for person, recipient, _flags in rows}, at),
        *(
            NewNotice(person, uuid8_from("flagged", payload["at"], str(recipient)), NoticeKind.FLAGGED, recipient)
            for person, recipient in sorted(flagged)
        ),
    ]
    if notices:
        give_notices(notices=notices, at=at)


def first_times(pairs: set[tuple[int, int]], at: datetime) -> list[NewNotice]:
    """Return a notice for each pair that is new. Only pairs without one yet are looked up in the ledger."""
    ids = {(person, recipient): uuid8_from("new-recipient", str(recipient)) for person, recipient in pairs}
    known = given((person, id) for (person, _recipient), id in ids.items())
    unknown = {pair for pair in pairs if (pair[0], ids[pair]) not in known}
    first = unknown - received_before(unknown, at) if unknown else set()
    return [
        NewNotice(person, ids[person, recipient], NoticeKind.NEW_RECIPIENT, recipient)
        for person, recipient in sorted(first)
    ]


def notice_request(payload: dict[str, Any]) -> None:
    """Tell the person of a filed request, if it still waits. One answered by a rule is no news."""
    request = ApprovalRequest.objects.filter(person_id=payload["person"], id=UUID(payload["request"])).first()
    if request is None or request.is_expired or request.person.decisions.answers_to(request.id).exists():
        return
    about = (request.id, NoticeKind.REQUEST, request.recipient_id)
    tell(request.person_id, uuid8_from("request", str(request.id)), about, at=request.requested_at)


def notice_ending(payload: dict[str, Any]) -> None:
    """Tell the person that an approval ends soon, unless it was withdrawn or has ended."""
    decision = Decision.objects.filter(person_id=payload["person"], id=UUID(payload["decision"])).first()
    if decision is None or decision.valid_until <= timezone.now():
        return
    if Decision.objects.filter(person_id=payload["person"]).endings_of([decision.id]).exists():
        return
    about = (decision.id, NoticeKind.APPROVAL_ENDING, decision.recipient_id)
    tell(decision.person_id, uuid8_from("ending", str(decision.id)), about, at=timezone.now())


def notice_withdrawal(payload: dict[str, Any]) -> None:
    """Tell the person of a step of a withdrawal. ``withdrawal`` is the decision's id, ``step`` the step's code."""
    person, withdrawal = payload["person"], UUID(payload["withdrawal"])
    id = uuid8_from("withdrawal", payload["withdrawal"], payload["step"])
    recipient = Decision.objects.filter(person_id=person, id=withdrawal).values_list("recipient_id", flat=True).first()
    tell(person, id, (withdrawal, NoticeKind.WITHDRAWAL_MOVED, recipient), at=timezone.now(), state=payload["step"])


def tell(person: int, id: UUID, about: tuple[UUID, NoticeKind, int | None], *, at: datetime, state: str = "") -> None:
    """Give one notice. ``about``: the id of the row it is about, its kind, its recipient."""
    about_id, kind, recipient = about
    give_notices(notices=[NewNotice(person, id, kind, recipient, about_id, state)], at=at)


GIVEN_BY = {
    "disclosures.recorded": notice_disclosures,
    "request.waiting": notice_request,
    "approval.ending": notice_ending,
    "withdrawal.moved": notice_withdrawal,
}
