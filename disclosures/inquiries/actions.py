"""Requests to the operator: filing one, and taking a step on one. Both are written once and never changed."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from disclosures.inquiries.numbers import reference_of
from disclosures.models import Inquiry, InquiryKind, InquiryStatus, InquiryStep
from privacycenter.errors import InvalidValue, NoLongerOpen, TextChanged
from privacycenter.models import User
from privacycenter.outbox.work import leave

LONGEST_BODY, LONGEST_NAME, LONGEST_MESSAGE = 5_000, 200, 5_000
ATTEMPTS = 5


@dataclass(frozen=True)
class Filing:
    """What a form says. ``token``: the form's own (``inquiry_numbers.new_token``). ``about``: a disclosure's id, a
    scenario's code, or nothing. ``language``: of the mails that follow."""

    token: str
    kind: InquiryKind
    name: str
    email: str
    body: str
    about: str
    language: str

    def reference(self, attempt: int = 0) -> str:
        return reference_of(
            self.token, self.kind.code, self.name, self.email, self.body, self.about, attempt=attempt
        )  # fmt: skip

    def is_in(self, inquiry: Inquiry) -> bool:
        written = (inquiry.kind, inquiry.name, inquiry.email, inquiry.body, inquiry.about)
        return written == (self.kind, self.name, self.email, self.body, self.about)


@transaction.atomic
def file_inquiry(*, filing: Filing, site_address: str = "", by: User | None) -> tuple[Inquiry, bool]:
    """Keep a request and have its sender told. Returns it, and whether it is new: the same form sent again, also at the
    same moment, gives the first one.

    ``site_address``: scheme and host under which the sender reached us, for the links in mails; ``by``: the person who
    is logged in, None for a stranger. Raises InvalidValue.
    """
    refuse_bad_values(filing)
    for attempt in range(ATTEMPTS):
        inquiry, is_new = get_or_create(filing, filing.reference(attempt), by)
        if is_new:
            leave("inquiry.filed", {"inquiry": inquiry.pk, "site_address": site_address})
        if filing.is_in(inquiry):
            return inquiry, is_new
    raise InvalidValue("No free reference number was found. Send the form again.", "token")


def get_or_create(filing: Filing, reference: str, by: User | None) -> tuple[Inquiry, bool]:
    if found := Inquiry.objects.filter(reference=reference).first():
        return found, False
    try:
        with transaction.atomic():
            return Inquiry.objects.create(
                reference=reference,
                kind=filing.kind,
                name=filing.name,
                email=filing.email,
                body=filing.body,
                about=filing.about,
                language=filing.language,
                asked_at=timezone.now(),
                asked_by=by,
            ), True
    except IntegrityError:
        return Inquiry.objects.get(reference=reference), False


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
    seen: int | None = None,
    site_address: str = "",
    by: User,
) -> InquiryStep:
    """Say where a request stands now. The person is sent the message, and told of a new status.

    ``seen``: how many steps the officer had before them; with another number TextChanged is raised, so that nobody is
    answered twice. A step that neither changes the status nor says anything is refused (InvalidValue), an answer or a
    refusal without a message, too; NoLongerOpen after the request was closed, unless it is taken up again.
    """
    Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    taken = list(InquiryStep.objects.filter(inquiry=inquiry).order_by("pk").values_list("status", flat=True))
    before = InquiryStatus(taken[-1]) if taken else InquiryStatus.RECEIVED
    if seen is not None and seen != len(taken):
        raise TextChanged("Somebody else took a step meanwhile.")
    refuse_wrong_step(before, status, message, note)
    step = InquiryStep.objects.create(
        inquiry=inquiry, status=status, message=message, note=note, taken_at=timezone.now(), taken_by=by
    )
    if message or status != before:
        leave("inquiry.step_taken", {"inquiry": inquiry.pk, "step": step.pk, "site_address": site_address})
    return step


def refuse_wrong_step(before: InquiryStatus, status: InquiryStatus, message: str, note: str) -> None:
    if status == InquiryStatus.RECEIVED:
        raise InvalidValue("A request is received once, when it comes.", "status")
    if before == InquiryStatus.CLOSED and status != InquiryStatus.IN_PROGRESS:
        raise NoLongerOpen("The request is closed. It can only be taken up again.", "status")
    if status in (InquiryStatus.ANSWERED, InquiryStatus.DECLINED) and not message.strip():
        raise InvalidValue("An answer, or the reason for declining, is needed.", "message")
    if max(len(message), len(note)) > LONGEST_MESSAGE:
        raise InvalidValue("At most 5,000 characters are possible.", "message")
    if status == before and not (message.strip() or note.strip()):
        raise InvalidValue("Nothing would change: write a message or a note.", "message")
