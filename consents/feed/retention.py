"""Removal of feed entries at the end of their retention. docs/ledger.md has the rule."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from consents.models import FeedEntry, WebhookDelivery
from consents.webhooks.retention import FED_FOR
from disclosures.ledger.retention import Removed
from privacycenter.database.purging import delete_rows, in_batches


def passed(before: datetime) -> QuerySet[FeedEntry]:
    """Select entries from ``before`` or earlier without deliveries, except the newest of each reporter.

    The next number is counted from the newest.
    """
    newer = FeedEntry.objects.filter(reporter=OuterRef("reporter"), number__gt=OuterRef("number"))
    deliveries = WebhookDelivery.objects.filter(entry=OuterRef("pk"))
    return FeedEntry.objects.filter(Exists(newer), ~Exists(deliveries), happened_at__lte=before)


def old_feed(now: datetime) -> Iterator[list[int]]:
    yield from in_batches(passed(now - FED_FOR))


@transaction.atomic
def purge_feed(*, ids: Sequence[int], now: datetime, dry_run: bool = False) -> Removed:
    """Remove those of these entries whose retention is over. MUST run after ``purge_deliveries``.

    A transaction of its own.
    """
    rows = passed(now - FED_FOR).filter(pk__in=ids).order_by()
    if dry_run:
        return Removed(others=+Counter(feedentry=rows.count()))
    return Removed(
        others=+Counter(
            feedentry=delete_rows(FeedEntry.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).order_by())
        )
    )
