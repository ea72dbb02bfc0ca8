"""Removal of files that were sent a day ago."""

from collections import Counter
from datetime import datetime, timedelta

from disclosures.models import RecipientFile
from privacycenter.database.purging import delete_rows
from privacycenter.storage import files

KEPT_FOR = timedelta(hours=24)


def purge_recipient_files(now: datetime, *, dry_run: bool = False) -> Counter[str]:
    """Remove files a day after they were sent, loaded or not, with what they say. There are never many."""
    old = RecipientFile.objects.filter(sent_at__lte=now - KEPT_FOR).order_by()
    if dry_run:
        return +Counter(recipientfile=old.count())
    for name in old.values_list("file_name", flat=True):
        files.remove(name)
    return +Counter(recipientfile=delete_rows(old))
