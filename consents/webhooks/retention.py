"""Removing deliveries and their tries, once nobody reads them any more. docs/ledger.md has the rule."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from consents.models import DeliveryState, WebhookAttempt, WebhookDelivery
from disclosures.ledger.retention import Removed
from privacycenter.database.purging import delete_rows, in_batches, purge_door

# How long the feed and the list of deliveries reach back. The trigger of the tries says the same.
FED_FOR = timedelta(days=90)


def ended(before: datetime) -> QuerySet[WebhookDelivery]:
    """Deliveries that ended at that moment or before it, arrived or not. One that waits is never among them."""
    later = WebhookAttempt.objects.filter(delivery=OuterRef("pk"), attempted_at__gt=before)
    return WebhookDelivery.objects.exclude(state=DeliveryState.WAITING).filter(~Exists(later), ended_at__lte=before)


def old_deliveries(now: datetime) -> Iterator[list[int]]:
    yield from in_batches(ended(now - FED_FOR))


@transaction.atomic
def purge_deliveries(*, ids: Sequence[int], now: datetime, dry_run: bool = False) -> Removed:
    """Remove those of these deliveries that ended 90 days ago, with their tries. A transaction of its own.

    One that was begun again meanwhile stays.
    """
    rows = ended(now - FED_FOR).select_for_update(skip_locked=True).filter(pk__in=ids)
    gone = list(rows.order_by("pk").values_list("pk", flat=True))
    tries = WebhookAttempt.objects.filter(delivery_id__in=gone).order_by()
    if dry_run:
        return Removed(others=+Counter(webhookdelivery=len(gone), webhookattempt=tries.count()))
    with purge_door():
        counts = Counter(webhookattempt=delete_rows(tries))
        counts["webhookdelivery"] = delete_rows(WebhookDelivery.objects.filter(pk__in=gone).order_by())
    return Removed(others=+counts)
