"""Making up people, acting as them, and moving the clock. Each refuses outside of a sandbox."""

import uuid
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Token
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from consents.asking.decision_actions import answer_request, withdraw_decision
from consents.asking.requests import request_page
from consents.models import ApprovalRequest, Decision, MadeUpPerson, Recall, RecallKind
from consents.notices.actions import choose_preference
from consents.recalls.about import EVERYTHING, About, AboutKind
from consents.recalls.actions import file_recall
from consents.sandbox.queries import made_up, own_request, own_request_of, refuse_outside
from disclosures.models import Reporter
from privacycenter.errors import InvalidValue
from privacycenter.models import ClockMove, User
from privacycenter.sandbox.actions import put_clock_forward
from privacycenter.text.languages import speaking

# Reserved for what leads nowhere (RFC 2606).
HOST = "sandbox.invalid"


@transaction.atomic
def make_person(
    *, subject: str = "", name: str = "", language: str | None = None, mails: str | None = None, by: Reporter
) -> tuple[MadeUpPerson, bool]:
    """Make up a person, and say whether they are new. The same subject again is the same person, and changes the rest.

    ``subject``: empty for one of ours; one under which something was reported already becomes a person who can log in.
    ``mails``: how often they want mails. Raises InvalidValue for a subject that another reporter made up or somebody
    has who was not made up, and for an unknown language or frequency; NotFound outside of a sandbox.
    """
    refuse_outside()
    subject = subject or f"made-up-{uuid.uuid4()}"
    known = MadeUpPerson.objects.filter(subject=subject).first()
    person = User.objects.select_for_update().filter(subject=subject).first()
    if known is None and person is not None and (person.username or person.is_staff or person.merged_into_id):
        raise InvalidValue("Somebody has that subject who was not made up.", "subject")
    if known is not None and known.reporter_id != by.pk:
        raise InvalidValue("Another reporter made up somebody of that subject.", "subject")
    if person is None:
        person = User(subject=subject)
        person.set_unusable_password()
    person.display_name = name or person.display_name or subject
    made = known or MadeUpPerson(
        reporter=by, subject=subject, address=f"{uuid.uuid4().hex}@{HOST}", made_at=timezone.now()
    )
    person.email = made.address
    person.save()
    if known is None:
        made.save()
        EmailAddress.objects.create(user=person, email=made.address, primary=True, verified=True)
    if language or mails:
        choose_preference(frequency=mails, language=language, by=person)
    return made, known is None


def answer_as(
    *, subject: str, request: str, allow: set[str], valid_days: int | None = None, language: str, by: Reporter
) -> ApprovalRequest:
    """Answer a request as the person whom this reporter made up, having read the text in that language.

    ``allow``: codes; none refuses all. Raises NotFound, and what ``answer_request`` raises.
    """
    person = made_up(by, subject)
    found = own_request(by, person, request)
    with speaking(language):
        page = request_page(person, found.id)
        answer_request(
            request_id=found.id,
            allowed=allow,
            text_sha256=page.text_sha256 if page else "",
            valid_days=valid_days,
            by=person,
        )
    return found


def withdraw_as(*, subject: str, decision: UUID, language: str, by: Reporter) -> tuple[ApprovalRequest, Decision]:
    """Withdraw what the person allowed. Return the request and the withdrawal. Raises NotFound, NoLongerOpen."""
    person = made_up(by, subject)
    found = own_request_of(by, person, decision)
    with speaking(language):
        return found, withdraw_decision(decision_id=decision, language=language, by=person)


def recall_as(*, subject: str, kind: RecallKind, recipient: str = "", by: Reporter) -> Recall:
    """Ask recipients as the person to delete, correct or stop: one of them, or all. Raises NotFound, InvalidValue."""
    person = made_up(by, subject)
    about = About(AboutKind.RECIPIENT, recipient) if recipient else EVERYTHING
    return file_recall(kind=kind, about=about, by=person)


@transaction.atomic
def move_clock(*, forward: timedelta | None = None, to: datetime | None = None, by: str) -> ClockMove | None:
    """Put the clock forward as ``put_clock_forward``. The tokens of machines stay good for as long as they were."""
    move = put_clock_forward(forward=forward, to=to, by=by)
    if move is not None:
        live = Token.objects.filter(type=Token.Type.ACCESS_TOKEN, expires_at__gt=timezone.now())
        live.update(expires_at=F("expires_at") + move.forward)
    return move
