"""Removing what people wrote to the operator, with names and addresses, when it is long over."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from disclosures.ledger.retention import Removed
from disclosures.models import Inquiry, InquiryStatus, InquiryStep
from privacycenter.database.purging import delete_rows, in_batches, purge_door

OVER = tuple(status for status in InquiryStatus if not status.waits)


def over(cutoff: datetime) -> Any:
    """Requests that were answered, declined or closed, and of which every step was taken at the cutoff or before."""
    later = InquiryStep.objects.filter(inquiry=OuterRef("pk"), taken_at__gt=cutoff)
    return Inquiry.objects.standing_at(*OVER).filter(~Exists(later), asked_at__lte=cutoff)


def old_inquiries(cutoff: datetime) -> Iterator[list[int]]:
    yield from in_batches(over(cutoff))


@transaction.atomic
def purge_inquiries(*, ids: Sequence[int], cutoff: datetime, dry_run: bool = False) -> Removed:
    """Remove those of these requests whose time is over, with their steps. A transaction of its own.

    Each is held while it is looked at, as ``take_step`` holds it: one that is taken up again meanwhile stays.
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
            delete_rows(InquiryStep.objects.filter(inquiry_id__in=gone).order_by())
            delete_rows(Inquiry.objects.filter(pk__in=gone).order_by())
    return Removed(others=+Counter(inquiry=len(gone)))
