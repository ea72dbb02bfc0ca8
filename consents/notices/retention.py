"""Removal of notices, mailings and old preferences at the end of their retention. docs/ledger.md has the rule."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from consents.models import Mailing, Notice, NoticeReading, Preference
from disclosures.ledger.retention import Removed
from privacycenter.database.keyed_rows import of_keys
from privacycenter.database.purging import Key, delete_keys, purge_door, walk


def old_notices(cutoff: datetime) -> Iterator[list[Key]]:
    yield from walk(Notice.objects.filter(noticed_at__lte=cutoff))


@transaction.atomic
def purge_notices(*, keys: Sequence[Key], cutoff: datetime, dry_run: bool = False) -> Removed:
    """Remove these notices with their read marks. A transaction of its own.

    A notice that was read after the cutoff stays until three years after it was read.
    """
    readings = of_keys(NoticeReading.objects.all(), keys)
    young = {reading.pk for reading in readings if reading.read_at > cutoff}
    gone = [key for key in keys if key not in young]
    counts = Counter(notice=len(gone))
    if gone and not dry_run:
        with purge_door():
            delete_keys(NoticeReading, [reading.pk for reading in readings if reading.pk not in young])
            counts["notice"] = delete_keys(Notice, gone)
    return Removed(others=+counts)


def old_mailings(cutoff: datetime) -> Iterator[list[Key]]:
    yield from walk(Mailing.objects.filter(sent_at__lte=cutoff))


def old_preferences(cutoff: datetime) -> Iterator[list[Key]]:
    """Yield the keys of choices that were replaced at the cutoff or before, in batches. The newest stays: it counts."""
    newer = Preference.objects.filter(
        person_id=OuterRef("person_id"), chosen_at__gt=OuterRef("chosen_at"), chosen_at__lte=cutoff
    )
    yield from walk(Preference.objects.filter(Exists(newer), chosen_at__lte=cutoff))
