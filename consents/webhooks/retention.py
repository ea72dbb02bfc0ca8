"""Removing what services were told, once nobody reads it any more. docs/ledger.md has the rule."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from consents.asking.idempotency import KEPT
from consents.models import DeliveryState, FeedEntry, RepeatedCall, WebhookAttempt, WebhookDelivery
from disclosures.ledger.retention import Removed
from disclosures.models import Reporter
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


def passed(before: datetime) -> QuerySet[FeedEntry]:
    """Entries of that moment or before it of which no delivery is there. The newest of a reporter is never among them:
    the next number is counted from it."""
    newer = FeedEntry.objects.filter(reporter=OuterRef("reporter"), number__gt=OuterRef("number"))
    deliveries = WebhookDelivery.objects.filter(entry=OuterRef("pk"))
    return FeedEntry.objects.filter(Exists(newer), ~Exists(deliveries), happened_at__lte=before)


def old_feed(now: datetime) -> Iterator[list[int]]:
    yield from in_batches(passed(now - FED_FOR))


@transaction.atomic
def purge_feed(*, ids: Sequence[int], now: datetime, dry_run: bool = False) -> Removed:
    """Remove these entries of feeds. A transaction of its own. MUST run after the deliveries' purge."""
    rows = passed(now - FED_FOR).filter(pk__in=ids).order_by()
    if dry_run:
        return Removed(others=+Counter(feedentry=rows.count()))
    return Removed(
        others=+Counter(
            feedentry=delete_rows(FeedEntry.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).order_by())
        )
    )


@transaction.atomic
def purge_repeated_calls(*, reporter: Reporter, now: datetime, dry_run: bool = False) -> Removed:
    """Remove the keys of repeated calls after 30 days, also of a reporter that calls no more. A transaction of its
    own."""
    rows = RepeatedCall.objects.filter(reporter=reporter, called_at__lt=now - KEPT).order_by()
    return Removed(others=+Counter(repeatedcall=rows.count() if dry_run else delete_rows(rows)))
