"""Actions on requests to the operator: file one, and take a step on one. Both are written once and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from disclosures.attachments.actions import KeptFile, attach
from disclosures.attachments.uploads import Upload
from disclosures.inquiries.laws import default_law, first_due_on
from disclosures.inquiries.numbers import reference_of
from disclosures.inquiries.topics import INQUIRY_FILED, INQUIRY_STEP_TAKEN, InquiryFiled, InquiryStepTaken
from disclosures.models import (
    AnswerWay,
    IdentityState,
    IdentityWay,
    Inquiry,
    InquiryEvent,
    InquiryEventKind,
    InquiryKind,
    InquiryStanding,
    InquiryStatus,
    InquiryStep,
    StepDelivery,
)
from disclosures.one_time.actions import make_page
from disclosures.prepared_answers.queries import hints_left
from privacycenter.errors import IdentityUnknown, InvalidValue, NoLongerOpen, TextChanged
from privacycenter.models import User
from privacycenter.outbox.leaving import leave

LONGEST_BODY, LONGEST_NAME, LONGEST_MESSAGE = 5_000, 200, 5_000
ATTEMPTS = 5


@dataclass(frozen=True)
class Filing:
    """Content of a submitted form.

    ``token`` identifies the form (``disclosures.inquiries.numbers.new_token``). ``about`` is a disclosure's id, a
    scenario's code, or empty. ``language`` is used for mails to the sender. ``uploads``: the files sent with it.
    """

    token: str
    kind: InquiryKind
    name: str
    email: str
    body: str
    about: str
    language: str
    uploads: tuple[Upload, ...] = ()

    def reference(self, attempt: int = 0) -> str:
        """Return the number. The same form with other files is another request."""
        digests = [upload.sha256 for upload in self.uploads]
        return reference_of(
            self.token, self.kind.code, self.name, self.email, self.body, self.about, *digests, attempt=attempt
        )  # fmt: skip

    def is_in(self, inquiry: Inquiry) -> bool:
        written = (inquiry.kind, inquiry.name, inquiry.email, inquiry.body, inquiry.about)
        return written == (self.kind, self.name, self.email, self.body, self.about)


@transaction.atomic
def file_inquiry(
    *, filing: Filing, kept: Sequence[KeptFile] = (), is_mail_sent: bool = True, by: User | None
) -> tuple[Inquiry, bool]:
    """Store a request with the files that were ``kept`` of it and, unless not ``is_mail_sent``, have it confirmed by
    mail. Returns it, and whether it is new.

    The same form sent again, even concurrently, gives the first request. ``by`` is the person logged in, None if nobody
    is. Raises InvalidValue.
    """
    refuse_bad_values(filing)
    for attempt in range(ATTEMPTS):
        inquiry, is_new = get_or_create(filing, filing.reference(attempt), by)
        if is_new:
            attach(inquiry, kept)
        if is_new and is_mail_sent:
            leave(INQUIRY_FILED, InquiryFiled(inquiry=inquiry.pk))
        if filing.is_in(inquiry):
            return inquiry, is_new
    raise InvalidValue("No free reference number was found. Send the form again.", "token")


def filed_before(filing: Filing) -> Inquiry | None:
    """Return the request that this very form was sent as before, None if it was not. One SQL statement."""
    numbers = [filing.reference(attempt) for attempt in range(ATTEMPTS)]
    return next((one for one in Inquiry.objects.filter(reference__in=numbers) if filing.is_in(one)), None)


def get_or_create(filing: Filing, reference: str, by: User | None) -> tuple[Inquiry, bool]:
    if found := Inquiry.objects.filter(reference=reference).first():
        return found, False
    try:
        with transaction.atomic():
            inquiry = Inquiry.objects.create(
                reference=reference,
                kind=filing.kind,
                name=filing.name,
                email=filing.email,
                body=filing.body,
                about=filing.about,
                language=filing.language,
                asked_at=timezone.now(),
                asked_by=by,
            )
            begin_standing(inquiry)
            return inquiry, True
    except IntegrityError:
        return Inquiry.objects.get(reference=reference), False


def begin_standing(inquiry: Inquiry) -> None:
    """Write how a new request stands. Who was logged in is known by that."""
    kind, law = InquiryKind(inquiry.kind), default_law()
    due_on = first_due_on(law, kind, inquiry.asked_at)
    identity = IdentityState.NOT_NEEDED if kind == InquiryKind.QUESTION else IdentityState.NEEDED
    if inquiry.asked_by:
        identity = IdentityState.CONFIRMED
        InquiryEvent.objects.create(
            inquiry=inquiry, kind=InquiryEventKind.IDENTITY, identity=identity, way=IdentityWay.LOG_IN,
            taken_at=inquiry.asked_at, taken_by=inquiry.asked_by,
        )  # fmt: skip
    InquiryStanding.objects.create(
        inquiry=inquiry, kind=kind, law=law, asked_at=inquiry.asked_at, first_due_on=due_on, due_on=due_on,
        identity=identity,
    )  # fmt: skip


def held_standing(inquiry: Inquiry) -> InquiryStanding:
    """Lock a request until the end of the transaction, and return how it stands."""
    Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    return InquiryStanding.objects.get(pk=inquiry.pk)


def refuse_bad_values(filing: Filing) -> None:
    if not filing.name.strip() or len(filing.name) > LONGEST_NAME:
        raise InvalidValue("A name of at most 200 characters is needed.", "name")
    if not filing.body.strip() or len(filing.body) > LONGEST_BODY:
        raise InvalidValue("A text of at most 5,000 characters is needed.", "body")
    try:
        validate_email(filing.email)
    except ValidationError as error:
        raise InvalidValue("That is not an e-mail address.", "email") from error


@transaction.atomic
def take_step(
    *,
    inquiry: Inquiry,
    status: InquiryStatus,
    message: str = "",
    note: str = "",
    kept: Sequence[KeptFile] = (),
    way: AnswerWay = AnswerWay.IN_MAIL,
    code: str = "",
    seen: int | None = None,
    by: User,
) -> InquiryStep:
    """Record a step on a request. The person gets the message with the files, and is told of a new status.

    ``way``: what the mail says. ``code``: what opens the page of ``AnswerWay.ONE_TIME``; it is kept hashed, so that
    nobody reads it later.

    ``seen`` is how many steps the officer had seen; raises TextChanged if there are others, so that nobody is answered
    twice. Raises InvalidValue for a step that changes nothing and says nothing, for an answered or declined request
    without a message, for a message that still holds a hint of a prepared answer, and for files or a page that opens
    once without a message; NoLongerOpen if the request is closed,
    unless the step reopens it; IdentityUnknown for an answer to who may be anybody, unless the request is a question.
    """
    standing = held_standing(inquiry)
    taken = list(InquiryStep.objects.filter(inquiry=inquiry).order_by("pk").values_list("status", flat=True))
    before = InquiryStatus(taken[-1]) if taken else InquiryStatus.RECEIVED
    if seen is not None and seen != len(taken):
        raise TextChanged("Somebody else took a step meanwhile.")
    refuse_wrong_step(before, status, message, note)
    refuse_unknown_sender(standing, status)
    refuse_wrong_delivery(message, kept, way, code)
    step = InquiryStep.objects.create(
        inquiry=inquiry, status=status, message=message, note=note, taken_at=timezone.now(), taken_by=by
    )
    follow_step(standing, step)
    attach(inquiry, kept, step)
    if way != AnswerWay.IN_MAIL:
        StepDelivery.objects.create(step=step, way=way, chosen_at=step.taken_at)
    if way == AnswerWay.ONE_TIME:
        make_page(code, by, step=step)
    if message or status != before:
        leave(INQUIRY_STEP_TAKEN, InquiryStepTaken(inquiry=inquiry.pk, step=step.pk))
    return step


def follow_step(standing: InquiryStanding, step: InquiryStep) -> None:
    standing.status = step.status
    if standing.answered_at is None and step.status in (InquiryStatus.ANSWERED, InquiryStatus.DECLINED):
        standing.answered_at = step.taken_at
    standing.save(update_fields=["status", "answered_at"])


def refuse_unknown_sender(standing: InquiryStanding, status: InquiryStatus) -> None:
    """Refuse to answer a request of the law before it is known who sent it. Declining tells nothing about a person."""
    if status != InquiryStatus.ANSWERED or standing.kind == InquiryKind.QUESTION:
        return
    if not IdentityState(standing.identity).allows_answers:
        raise IdentityUnknown("Confirm first who the sender is, or say why that is not needed.", "status")


def refuse_wrong_step(before: InquiryStatus, status: InquiryStatus, message: str, note: str) -> None:
    if status == InquiryStatus.RECEIVED:
        raise InvalidValue("A request is received once, when it comes.", "status")
    if before == InquiryStatus.CLOSED and status != InquiryStatus.IN_PROGRESS:
        raise NoLongerOpen("The request is closed. It can only be taken up again.", "status")
    if status in (InquiryStatus.ANSWERED, InquiryStatus.DECLINED) and not message.strip():
        raise InvalidValue("An answer, or the reason for declining, is needed.", "message")
    if hints_left(message):
        raise InvalidValue("A hint in double brackets still has to be replaced.", "message")
    if max(len(message), len(note)) > LONGEST_MESSAGE:
        raise InvalidValue("At most 5,000 characters are possible.", "message")
    if status == before and not (message.strip() or note.strip()):
        raise InvalidValue("Nothing would change: write a message or a note.", "message")


def refuse_wrong_delivery(message: str, kept: Sequence[KeptFile], way: AnswerWay, code: str) -> None:
    if kept and not message.strip():
        raise InvalidValue("A file goes with a message to the person.", "attached")
    if way == AnswerWay.ONE_TIME and not message.strip():
        raise InvalidValue("A page that opens once shows a message: write one.", "way")
    if (way == AnswerWay.ONE_TIME) != bool(code):
        raise InvalidValue("A page that opens once has a code, and nothing else has.", "code")
