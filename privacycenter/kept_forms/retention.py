"""Removal of forms that nobody came back for."""

from collections import Counter
from datetime import datetime

from privacycenter.database.purging import delete_rows
from privacycenter.kept_forms.actions import KEPT_FOR
from privacycenter.models import KeptForm


def purge_kept_forms(now: datetime, *, dry_run: bool = False) -> Counter[str]:
    """Remove forms a day after they were kept. There are never many. One SQL statement."""
    old = KeptForm.objects.filter(kept_at__lte=now - KEPT_FOR)
    return +Counter(keptform=old.count() if dry_run else delete_rows(old))
