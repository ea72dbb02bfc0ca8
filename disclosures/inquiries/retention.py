"""Removal of requests to the operator, which hold names and addresses, at the end of their retention."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from disclosures.attachments.retention import purge_attachments
from disclosures.ledger.retention import Removed
from disclosures.models import (
    Inquiry,
    InquiryEvent,
    InquiryStanding,
    InquiryStatus,
    InquiryStep,
    OneTimePage,
    OneTimeStep,
    StepDelivery,
)
from disclosures.one_time.retention import delete_pages
from privacycenter.database.purging import delete_rows, in_batches, purge_door

OVER = tuple(status for status in InquiryStatus if not status.waits)


def over(cutoff: datetime) -> Any:
    """Select requests that were answered, declined or closed and about which nothing was done, nor an answer's page
    used, after the cutoff."""
    later = [model.objects.filter(inquiry=OuterRef("pk"), taken_at__gt=cutoff) for model in (InquiryStep, InquiryEvent)]
    used = OneTimeStep.objects.filter(page__step__inquiry=OuterRef("pk"), happened_at__gt=cutoff)
    still = (*later, used)
    return Inquiry.objects.standing_at(*OVER).filter(*(~Exists(rows) for rows in still), asked_at__lte=cutoff)


def old_inquiries(cutoff: datetime) -> Iterator[list[int]]:
    yield from in_batches(over(cutoff))


@transaction.atomic
def purge_inquiries(*, ids: Sequence[int], cutoff: datetime, dry_run: bool = False) -> Removed:
    """Remove those of these requests whose retention has ended, with their steps and all else about them, in one
    transaction.

    Each is locked first, as in ``take_step``, so that one reopened meanwhile stays.
    """
    held = list(
        Inquiry.objects.select_for_update(skip_locked=True)
        .filter(pk__in=ids)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    gone = list(over(cutoff).filter(pk__in=held).values_list("pk", flat=True))
    if gone and not dry_run:
        with purge_door():
            purge_attachments(inquiries=gone)
            delete_pages(OneTimePage.objects.filter(step__inquiry_id__in=gone))
            delete_rows(StepDelivery.objects.filter(step__inquiry_id__in=gone).order_by())
            delete_rows(InquiryStep.objects.filter(inquiry_id__in=gone).order_by())
            delete_rows(InquiryEvent.objects.filter(inquiry_id__in=gone).order_by())
            delete_rows(InquiryStanding.objects.filter(inquiry_id__in=gone).order_by())
            delete_rows(Inquiry.objects.filter(pk__in=gone).order_by())
    return Removed(others=+Counter(inquiry=len(gone)))
