"""Removal of what services asked, a year after the day on which they asked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from consents.models import QuestionCount, QuestionSpike, QuestionTotal
from consents.question_log.queries import year_before
from disclosures.ledger.retention import Removed
from privacycenter.database.keyed_rows import of_keys
from privacycenter.database.purging import Key, delete_keys, delete_rows, walk


def old_questions(now: datetime) -> Iterator[list[Key]]:
    """Yield the keys of the counts of days a year ago or longer, in batches."""
    yield from walk(QuestionCount.objects.filter(asked_on__lt=year_before(timezone.localdate(now))))


@transaction.atomic
def purge_questions(*, keys: Sequence[Key], dry_run: bool = False) -> Removed:
    gone = len(of_keys(QuestionCount.objects.all(), keys)) if dry_run else delete_keys(QuestionCount, keys)
    return Removed(others=+Counter(questioncount=gone))


def purge_question_totals(*, now: datetime, dry_run: bool = False) -> Removed:
    """Remove the counts for the desk, and the spikes, of days a year ago or longer. Two SQL statements."""
    removed = Counter[str]()
    for model in (QuestionTotal, QuestionSpike):
        old = model._default_manager.filter(asked_on__lt=year_before(timezone.localdate(now))).order_by()
        removed["questiontotal"] += old.count() if dry_run else delete_rows(old)
    return Removed(others=+removed)
