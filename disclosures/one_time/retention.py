"""Removal of pages that open once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from disclosures.ledger.retention import Removed
from disclosures.models import OneTimePage, OneTimeStep
from privacycenter.database.purging import delete_rows, in_batches, purge_door


def delete_pages(pages: Any) -> int:
    """Remove pages with their uses, and return how many. MUST be called with the purge's door open."""
    ids = list(pages.values_list("pk", flat=True))
    delete_rows(OneTimeStep.objects.filter(page_id__in=ids).order_by())
    return delete_rows(OneTimePage.objects.filter(pk__in=ids).order_by())


def old_handovers(cutoff: datetime) -> Iterator[list[UUID]]:
    """Yield pages that handed over an export, in batches. Those of answers go with their requests.

    A page can be used for two weeks and an hour, so its uses are kept for as long again at least.
    """
    recent = OneTimeStep.objects.filter(happened_at__gt=cutoff).values("page_id")
    yield from in_batches(OneTimePage.objects.filter(step=None, made_at__lte=cutoff).exclude(pk__in=recent))


@transaction.atomic
def purge_handovers(*, ids: Sequence[UUID], dry_run: bool = False) -> Removed:
    if not dry_run:
        with purge_door():
            delete_pages(OneTimePage.objects.filter(pk__in=ids))
    return Removed(others=+Counter(onetimepage=len(ids)))
