"""What officers do about a request beside its steps: its law and day, who the sender is, who is in charge, notes."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from disclosures.inquiries.actions import held_standing
from disclosures.inquiries.answerers import answerers
from disclosures.inquiries.laws import first_due_on, last_due_on, term_of
from disclosures.inquiries.topics import INQUIRY_TOLD, InquiryTold
from disclosures.models import (
    IdentityState,
    IdentityWay,
    Inquiry,
    InquiryEvent,
    InquiryEventKind,
    InquiryKind,
    InquiryLaw,
    InquiryStanding,
    InquiryStatus,
)
from disclosures.record.actions import log_access
from privacycenter.errors import InvalidValue, NoLongerOpen, TextChanged
from privacycenter.models import User
from privacycenter.outbox.leaving import leave

LONGEST_WORDS = 2_000
# Which states an officer sets, and never goes back to by hand: what came first is said by the request itself.
SET_BY_HAND = (IdentityState.ASKED, IdentityState.CONFIRMED, IdentityState.FAILED, IdentityState.NOT_NEEDED)


# --- By when ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def choose_law(*, inquiry: Inquiry, law: InquiryLaw, by: User) -> InquiryEvent:
    """Handle a request under another law, by whose time it is due from now on. The sender is told of another day.

    Raises InvalidValue for the law that it is under already, and once more time was taken under that; NoLongerOpen if
    it waits no longer.
    """
    standing = held_standing(inquiry)
    refuse_answered(standing)
    if law == standing.law:
        raise InvalidValue("It is handled under this law already.", "law")
    if standing.is_extended:
        raise InvalidValue("More time was taken under the law that was chosen before.", "law")
    before, due_on = standing.due_on, first_due_on(law, InquiryKind(standing.kind), standing.asked_at)
    event = note_event(inquiry, InquiryEventKind.LAW, by, law=law, due_on=due_on)
    standing.law, standing.first_due_on, standing.due_on = law, due_on, due_on
    standing.save(update_fields=["law", "first_due_on", "due_on"])
    if due_on != before:
        tell(event)
    return event


@transaction.atomic
def extend_inquiry(*, inquiry: Inquiry, until: date, reason: str, by: User) -> InquiryEvent:
    """Take more time for a request. The sender is told until when, and the reason.

    Raises InvalidValue for a day that is not later than the present one or has passed, or is later than the law allows;
    without a reason; and after the first period where the law wants it told within that. Raises NoLongerOpen if the
    request waits no longer.
    """
    standing = held_standing(inquiry)
    refuse_answered(standing)
    refuse_wrong_reason(reason, "reason")
    refuse_wrong_day(standing, until)
    event = note_event(inquiry, InquiryEventKind.EXTENDED, by, due_on=until, words=reason.strip())
    standing.due_on = until
    standing.save(update_fields=["due_on"])
    tell(event)
    return event


def refuse_wrong_day(standing: InquiryStanding, until: date) -> None:
    law, kind, today = InquiryLaw(standing.law), InquiryKind(standing.kind), timezone.localdate()
    if until <= standing.due_on or until < today:
        raise InvalidValue("The day must be later than the present one, and not over.", "until")
    if until > last_due_on(law, kind, standing.asked_at):
        raise InvalidValue("The law does not allow so much time.", "until")
    if term_of(law, kind).is_told_within_first and today > standing.first_due_on:
        raise InvalidValue("The law wants this told before the first period is over.", "until")


def refuse_answered(standing: InquiryStanding) -> None:
    if not InquiryStatus(standing.status).waits:
        raise NoLongerOpen("The request does not wait for an answer.")


# --- Who it is --------------------------------------------------------------------------------------------------------


@transaction.atomic
def check_identity(
    *,
    inquiry: Inquiry,
    identity: IdentityState,
    way: IdentityWay | None = None,
    words: str = "",
    note: str = "",
    by: User,
) -> InquiryEvent:
    """Record that the sender was asked who they are, or what came of it. Who is asked, or not believed, is told.

    ``words`` go to the sender: what they should do, or what that was not enough. Raises InvalidValue for a state that
    is not set by hand, a confirmation without its way, asking or failing without words, and “not needed” without a
    note that says why; NoLongerOpen if the request is closed.
    """
    standing = held_standing(inquiry)
    if standing.status == InquiryStatus.CLOSED:
        raise NoLongerOpen("The request is closed.")
    refuse_wrong_identity(identity, way, words, note)
    event = note_event(
        inquiry, InquiryEventKind.IDENTITY, by, identity=identity, way=way or "", words=words.strip(), note=note.strip()
    )
    standing.identity = identity
    standing.save(update_fields=["identity"])
    if event.words:
        tell(event)
    return event


def refuse_wrong_identity(identity: IdentityState, way: IdentityWay | None, words: str, note: str) -> None:
    if identity not in SET_BY_HAND:
        raise InvalidValue("This state is not set by hand.", "identity")
    if (identity == IdentityState.CONFIRMED) != (way is not None):
        raise InvalidValue("Say how the identity was confirmed, and only then.", "way")
    if identity in (IdentityState.ASKED, IdentityState.FAILED):
        refuse_wrong_reason(words, "words")
    elif words.strip():
        raise InvalidValue("The sender is written to only when they are asked, or it failed.", "words")
    if identity == IdentityState.NOT_NEEDED:
        refuse_wrong_reason(note, "note")
    refuse_too_long(note, "note")


# --- Who does it ------------------------------------------------------------------------------------------------------


@transaction.atomic
def give_inquiry(*, inquiry: Inquiry, owner: User | None, instead_of: User | None, by: User) -> InquiryEvent:
    """Put somebody in charge of a request, or nobody (``owner`` None). At any time, also of one that is closed.

    ``instead_of``: who was in charge as it was decided; raises TextChanged if that is another by now, so that of two
    who take it at once one learns it. Raises InvalidValue for who may not answer requests, and if nothing would change.
    """
    standing = held_standing(inquiry)
    if standing.owner_id != (instead_of.pk if instead_of else None):
        raise TextChanged("Somebody else took charge meanwhile.", "owner")
    if standing.owner_id == (owner.pk if owner else None):
        raise InvalidValue("Nothing would change.", "owner")
    if owner and not answerers().filter(pk=owner.pk).exists():
        raise InvalidValue("Only who may answer requests can be in charge of one.", "owner")
    event = note_event(inquiry, InquiryEventKind.OWNER, by, owner=owner)
    standing.owner = owner
    standing.save(update_fields=["owner"])
    return event


@transaction.atomic
def note_inquiry(*, inquiry: Inquiry, note: str, by: User) -> InquiryEvent:
    """Write a note that only the desk reads, at any time. Raises InvalidValue for an empty or too long one."""
    held_standing(inquiry)
    refuse_wrong_reason(note, "note")
    return note_event(inquiry, InquiryEventKind.NOTE, by, note=note.strip())


# --- Whose it is ------------------------------------------------------------------------------------------------------


@transaction.atomic
def link_inquiry(*, inquiry: Inquiry, whose: User | None, reason: str, by: User) -> InquiryEvent:
    """Connect a request that came without a log-in with a person's record, or take that back (``whose`` None).

    It confirms nobody's identity, and shows the person nothing of what was written: from now on whoever opens the
    request is in the person's list of looks. The person reads there that it was connected, and why. Raises InvalidValue
    for a request of who was logged in, if nothing would change, and without a reason.
    """
    standing = held_standing(inquiry)
    if inquiry.asked_by_id:
        raise InvalidValue("Its sender was logged in: it is theirs.", "whose")
    if standing.whose_id == (whose.pk if whose else None):
        raise InvalidValue("Nothing would change.", "whose")
    refuse_wrong_reason(reason, "reason")
    if affected := whose or standing.whose:
        log_access(person=affected, what="inquiry_link", reason=reason.strip(), by=by)
    event = note_event(inquiry, InquiryEventKind.LINKED, by, whose=whose, note=reason.strip())
    standing.whose = whose
    standing.save(update_fields=["whose"])
    return event


# --- All of them ------------------------------------------------------------------------------------------------------


def note_event(inquiry: Inquiry, kind: InquiryEventKind, by: User, **more: Any) -> InquiryEvent:
    return InquiryEvent.objects.create(inquiry=inquiry, kind=kind, taken_at=timezone.now(), taken_by=by, **more)


def tell(event: InquiryEvent) -> None:
    leave(INQUIRY_TOLD, InquiryTold(inquiry=event.inquiry_id, event=event.pk))


def refuse_wrong_reason(text: str, field: str) -> None:
    if not text.strip():
        raise InvalidValue("A text is needed here.", field)
    refuse_too_long(text, field)


def refuse_too_long(text: str, field: str) -> None:
    if len(text) > LONGEST_WORDS:
        raise InvalidValue("At most 2,000 characters are possible.", field)
