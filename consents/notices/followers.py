"""Followers that turn events into notices, after the commit. Repeated work gives no notice twice."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from consents.asking.decisions import entries
from consents.asking.topics import APPROVAL_ENDING, REQUEST_WAITING, AboutDecision, AboutRequest
from consents.models import ApprovalRequest, Decision, NoticeKind, RecallCase, RecallStepKind
from consents.notices.actions import NewNotice, give_notices
from consents.notices.mails import send_digest, send_new_device
from consents.notices.queries import given, received_before, received_by_others
from consents.notices.topics import DIGEST_DUE, DigestDue
from consents.recalls.topics import RECALL_MOVED, RecallMoved
from consents.withdrawals.topics import WITHDRAWAL_MOVED, WithdrawalMoved
from disclosures.content.publications import newest_document
from disclosures.ledger.topics import DISCLOSURES_RECORDED, DisclosuresRecorded
from disclosures.models import CaseEvent, CaseStep, Disclosure, WithholdingStep
from disclosures.models.ledger.events import warning_of
from disclosures.models.ledger.withholding import is_withheld
from disclosures.officers.topics import CASE_TOLD, DISCLOSURE_SHOWN_AGAIN, CaseTold, ShownAgain
from privacycenter.accounts.topics import LOGGED_IN_ANEW, NewDevice
from privacycenter.identifiers import uuid8_from
from privacycenter.models import User
from privacycenter.outbox.followers import Follower, Lane
from privacycenter.outbox.leaving import leave

# So many events of a case are told of at a time.
PART = 500

notices = Follower("notices")
digests = Follower("digests", lane=Lane.OUTSIDE)
device_mails = Follower("device-mails", lane=Lane.OUTSIDE)


@notices.follows(DISCLOSURES_RECORDED)
def notice_disclosures(recorded: DisclosuresRecorded) -> None:
    """Give the notices of a recorded batch: recipients who got a person's data for the first time, and warnings."""
    at = recorded.at
    flagged = {(person, recipient) for person, recipient, flags in recorded.rows if warning_of(flags)}
    news = [
        *first_times({(person, recipient) for person, recipient, _flags in recorded.rows}, at),
        *(
            NewNotice(person, uuid8_from("flagged", at.isoformat(), str(recipient)), NoticeKind.FLAGGED, recipient)
            for person, recipient in sorted(flagged)
        ),
    ]
    if news:
        give_notices(notices=news, at=at)


def first_times(pairs: set[tuple[int, int]], at: datetime) -> list[NewNotice]:
    """Return a notice for each pair that is new. Only pairs without one yet are looked up in the ledger."""
    ids = {(person, recipient): uuid8_from("new-recipient", str(recipient)) for person, recipient in pairs}
    known = given((person, id) for (person, _recipient), id in ids.items())
    unknown = {pair for pair in pairs if (pair[0], ids[pair]) not in known}
    first = unknown - received_before(unknown, at) if unknown else set()
    first -= received_by_others(first, at) if first else set()
    return [
        NewNotice(person, ids[person, recipient], NoticeKind.NEW_RECIPIENT, recipient)
        for person, recipient in sorted(first)
    ]


@notices.follows(REQUEST_WAITING)
def notice_request(waiting: AboutRequest) -> None:
    """Tell the person of a filed request, if it still waits. One answered by a rule is no news."""
    request = ApprovalRequest.objects.filter(person_id=waiting.person, id=waiting.request).first()
    if request is None or request.is_expired or request.person.decisions.answers_to(request.id).exists():
        return
    about = (request.id, NoticeKind.REQUEST, request.recipient_id)
    tell(request.person_id, uuid8_from("request", str(request.id)), about, at=request.requested_at)


@notices.follows(APPROVAL_ENDING)
def notice_ending(ending: AboutDecision) -> None:
    """Tell the person that an approval ends soon, if something is still allowed by it."""
    found = Decision.objects.with_references().filter(person_id=ending.person, id=ending.decision)
    for decision in entries(list(found), newest_document()):
        if decision.is_in_force:
            about = (ending.decision, NoticeKind.APPROVAL_ENDING, decision.decision.recipient_id)
            tell(ending.person, uuid8_from("ending", str(ending.decision)), about, at=timezone.now())


@notices.follows(WITHDRAWAL_MOVED)
def notice_withdrawal(moved: WithdrawalMoved) -> None:
    """Tell the person of a step of a withdrawal."""
    id = uuid8_from("withdrawal", str(moved.withdrawal), moved.step)
    found = Decision.objects.filter(person_id=moved.person, id=moved.withdrawal)
    recipient = found.values_list("recipient_id", flat=True).first()
    about = (moved.withdrawal, NoticeKind.WITHDRAWAL_MOVED, recipient)
    tell(moved.person, id, about, at=moved.at or timezone.now(), state=moved.step)


@notices.follows(RECALL_MOVED)
def notice_recall(moved: RecallMoved) -> None:
    """Tell the person of a step of a recall. What they took back themselves is no news."""
    if moved.step == RecallStepKind.TAKEN_BACK.code:
        return
    id = uuid8_from("recall", str(moved.case), moved.step)
    found = RecallCase.objects.filter(whose_id=moved.person, case_id=moved.case)
    recipient = found.values_list("recipient_id", flat=True).first()
    about = (moved.recall, NoticeKind.RECALL_MOVED, recipient)
    tell(moved.person, id, about, at=moved.at, state=moved.step)


@notices.follows(CASE_TOLD)
def notice_case(told: CaseTold) -> None:
    """Tell people what an officer found about their disclosures: each once for a step, of the first that they see.

    A part of the case's events at a time, in the transaction that deletes its outbox row and leaves the next: killed
    anywhere, nobody is left out, and nobody is told twice.
    """
    step = CaseStep.objects.get(pk=told.step)
    events = CaseEvent.objects.filter(case_id=step.case_id, pk__gt=told.after, recorded_at__lte=step.taken_at)
    part = list(events.exclude(whose=None).order_by("pk")[:PART])
    seen = recipients_of_shown(part)
    id = uuid8_from("case-told", str(step.pk))
    news = {
        event.whose_id: NewNotice(event.whose_id, id, NoticeKind.CASE_TOLD, seen[key], event.disclosure_id)
        for event in reversed(part)
        if event.whose_id and (key := (event.whose_id, event.disclosure_id)) in seen
    }
    if news:
        give_notices(notices=list(news.values()), at=step.taken_at)
    if len(part) == PART:
        leave(CASE_TOLD, CaseTold(step=step.pk, after=part[-1].pk))


def recipients_of_shown(events: Sequence[CaseEvent]) -> dict[tuple[int | None, UUID], int]:
    """Return (person, disclosure) → recipient, of the disclosures that are not kept from their person. One SQL
    statement."""
    people, ids = {event.whose_id for event in events}, {event.disclosure_id for event in events}
    found = Disclosure.objects.filter(~is_withheld("id"), person_id__in=people, id__in=ids)
    return {(person, id): recipient for person, id, recipient in found.values_list("person_id", "id", "recipient_id")}


@notices.follows(DISCLOSURE_SHOWN_AGAIN)
def notice_shown_again(shown: ShownAgain) -> None:
    """Tell the person of a disclosure that the law kept from them, once that is over."""
    if shown.disclosure is None:
        return
    steps = WithholdingStep.objects.filter(person_id=shown.person, disclosure_id=shown.disclosure)
    newest = steps.order_by("-number").first()
    if newest is None or steps.in_force().exists():
        return
    id = uuid8_from("shown-again", str(shown.disclosure), str(newest.number))
    about = (shown.disclosure, NoticeKind.SHOWN_AGAIN, shown.recipient)
    tell(shown.person, id, about, at=timezone.now())


def tell(person: int, id: UUID, about: tuple[UUID, NoticeKind, int | None], *, at: datetime, state: str = "") -> None:
    """Give one notice. ``about``: the id of the row it is about, its kind, its recipient."""
    about_id, kind, recipient = about
    give_notices(notices=[NewNotice(person, id, kind, recipient, about_id, state)], at=at)


@notices.follows(LOGGED_IN_ANEW)
def notice_device(new: NewDevice) -> None:
    give_notices(notices=[NewNotice(new.person, new.device, NoticeKind.NEW_DEVICE)], at=new.at)


@device_mails.follows(LOGGED_IN_ANEW)
def mail_device(new: NewDevice) -> None:
    person = User.objects.filter(pk=new.person).first()
    if person:
        send_new_device(person=person, device=new.device, user_agent=new.user_agent, at=new.at)


@digests.follows(DIGEST_DUE)
def mail_digest(due: DigestDue) -> None:
    person = User.objects.select_related("merged_into").get(pk=due.person)
    send_digest(person=person.merged_into or person, day=due.day)
