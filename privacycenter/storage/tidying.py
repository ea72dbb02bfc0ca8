"""Removal of what a killed process began to store."""

from datetime import timedelta

from django.utils import timezone

from privacycenter.models import StoredFile
from privacycenter.storage.database_store import delete_files

# Longer than any file takes to be written.
LEFT_FOR = timedelta(hours=1)
AT_ONCE = 100


def remove_unfinished() -> None:
    """Delete files that were begun long ago and never completed."""
    left = StoredFile.objects.filter(completed_at__isnull=True, begun_at__lte=timezone.now() - LEFT_FOR)
    delete_files(list(left.values_list("pk", flat=True)[:AT_ONCE]))
