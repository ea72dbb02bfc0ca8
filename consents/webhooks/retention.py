"""Removal of deliveries and their attempts at the end of their retention. docs/ledger.md has the rule."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from consents.models import DeliveryState, WebhookAttempt, WebhookDelivery
from disclosures.ledger.retention import Removed
from privacycenter.database.purging import delete_rows, in_batches, purge_door

# How far back the feed and the list of deliveries reach. The trigger on attempts repeats this number.
FED_FOR = timedelta(days=90)


def ended(before: datetime) -> QuerySet[WebhookDelivery]:
    """Select deliveries that ended at ``before`` or earlier, delivered or not, without a later attempt.

    Waiting deliveries are never among them.
    """
    later = WebhookAttempt.objects.filter(delivery=OuterRef("pk"), attempted_at__gt=before)
    return WebhookDelivery.objects.exclude(state=DeliveryState.WAITING).filter(~Exists(later), ended_at__lte=before)


def old_deliveries(now: datetime) -> Iterator[list[int]]:
    yield from in_batches(ended(now - FED_FOR))


@transaction.atomic
def purge_deliveries(*, ids: Sequence[int], now: datetime, dry_run: bool = False) -> Removed:
    """Remove those of these deliveries that ended 90 days ago, with their attempts. A transaction of its own.

    Deliveries restarted in the meantime stay.
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
