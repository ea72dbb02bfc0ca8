"""Removal of uploads with the results of their lines. docs/ledger.md has the rule."""

from collections import Counter
from datetime import datetime

from disclosures.bulk_uploads.actions import remove_bytes
from disclosures.bulk_uploads.limits import RESULTS_KEPT
from disclosures.models import DisclosureUpload


def purge_uploads(now: datetime, *, dry_run: bool = False) -> Counter[str]:
    """Remove uploads that ended 30 days ago, with what became of their lines. One at a time: each may have many."""
    old = DisclosureUpload.objects.ended().filter(ended_at__lte=now - RESULTS_KEPT).order_by("pk")
    if dry_run:
        return +Counter(disclosureupload=old.count())
    removed = 0
    while upload := old.first():
        remove_bytes(upload=upload.pk)
        upload.delete()
        removed += 1
    return +Counter(disclosureupload=removed)
