"""Removal of notes about forms that are not open any more."""

from collections import Counter
from datetime import datetime

from disclosures.models import OpenForm
from privacycenter.database.purging import delete_rows


def purge_open_forms(now: datetime, *, dry_run: bool = False) -> Counter[str]:
    """Remove notes of forms that count as closed. One SQL statement."""
    past = OpenForm.objects.filter(until__lte=now)
    return +Counter(openform=past.count() if dry_run else delete_rows(past))
