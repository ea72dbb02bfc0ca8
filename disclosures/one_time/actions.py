"""Making a page that opens once, opening it with its code, and closing it."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from disclosures.models import InquiryStep, OneTimeEvent, OneTimePage, OneTimeStep
from disclosures.models.inquiries.one_time import GOOD_FOR
from disclosures.one_time.codes import as_code
from disclosures.one_time.queries import PageState, use_of
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.models import User


def make_page(
    code: str,
    by: User,
    *,
    step: InquiryStep | None = None,
    export: tuple[int, UUID] | None = None,
    good_for: timedelta = GOOD_FOR,
) -> OneTimePage:
    """Make a page for the message of a step, or for an export (person and id). The code is kept hashed.

    MUST be called in the transaction that writes what it shows.
    """
    now = timezone.now()
    person, id = export or (None, None)
    return OneTimePage.objects.create(
        id=uuid4(), step=step, export_of=person, export_id=id, code=make_password(code), made_by=by, made_at=now,
        good_until=now + good_for,
    )  # fmt: skip


def open_page(*, page: OneTimePage, code: str) -> bool:
    """Open the page if the code is its own. A wrong one is written down and gives False: after five it is locked.

    Raises NoLongerOpen for a page that is over, InvalidValue for what cannot be a code, which costs no try.
    """
    given = as_code(code)
    if not given:
        raise InvalidValue("A code has eight letters and digits.", "code")
    # Hashing takes long, on purpose, so it is done before the page is locked for others.
    is_right = check_password(given, page.code)
    with transaction.atomic():
        refuse_over(page)
        event = OneTimeEvent.OPENED if is_right else OneTimeEvent.WRONG_CODE
        OneTimeStep.objects.create(page=page, event=event, happened_at=timezone.now())
    return is_right


@transaction.atomic
def close_page(*, page: OneTimePage) -> None:
    """Close an open page for good. Nothing happens if it is over already; one that was never opened stays."""
    OneTimePage.objects.select_for_update().get(pk=page.pk)
    if use_of(page).state is PageState.OPEN:
        OneTimeStep.objects.create(page=page, event=OneTimeEvent.CLOSED, happened_at=timezone.now())


def refuse_over(page: OneTimePage) -> None:
    OneTimePage.objects.select_for_update().get(pk=page.pk)
    if not use_of(page).takes_codes:
        raise NoLongerOpen("This page opens no more.", "code")
