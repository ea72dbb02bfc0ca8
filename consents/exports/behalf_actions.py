"""Having a record exported for a person who cannot log in: only with a reason, which the person reads."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from consents.exports.actions import KEPT, Wanted, request_export
from consents.models import Export
from disclosures.one_time.actions import make_page
from disclosures.record.actions import log_access
from privacycenter.errors import InvalidValue
from privacycenter.models import User

SHORTEST_REASON = 10


@dataclass(frozen=True)
class Handover:
    """By a page that opens once: where its link goes by mail, and the code, which goes in another way."""

    address: str
    code: str


@transaction.atomic
def export_for_person(
    *, wanted: Wanted, person: User, reason: str, handover: Handover | None = None, by: User
) -> Export:
    """Have the worker make a file with a person's record for them, and write down who had it made, and why.

    Without a ``handover`` the desk downloads it and hands it over itself. Raises InvalidValue for a reason that says
    nothing and for what is no address, TooManyAtOnce while two of this person's files are being made.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidValue("Say why you make the file for the person.", "reason")
    if handover:
        refuse_bad_address(handover.address)
    address = handover.address if handover else ""
    export = request_export(wanted=wanted, for_person=person, handed_to=address, by=by)
    log_access(person=person, what="export", reason=reason.strip(), by=by)
    if handover:
        make_page(handover.code, by, export=(export.person_id, export.id), good_for=KEPT)
    return export


def refuse_bad_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidValue("That is not an e-mail address.", "address") from error
