"""Removal of forms and drafts that nobody came back for."""

from collections import Counter
from datetime import datetime

from django.db.models import Q

from privacycenter.database.purging import delete_rows
from privacycenter.kept_forms.actions import KEPT_FOR
from privacycenter.kept_forms.draft_actions import DRAFT_FOR, UNDO_FOR
from privacycenter.models import Draft, KeptForm


def purge_kept_forms(now: datetime, *, dry_run: bool = False) -> Counter[str]:
    """Remove forms a day after they were kept. There are never many. One SQL statement."""
    old = KeptForm.objects.filter(kept_at__lte=now - KEPT_FOR)
    return +Counter(keptform=old.count() if dry_run else delete_rows(old))


def purge_drafts(now: datetime, *, dry_run: bool = False) -> Counter[str]:
    """Remove drafts a month after they were kept last, and a week after they were saved or thrown away. One SQL
    statement."""
    old = Draft.objects.filter(Q(kept_at__lte=now - DRAFT_FOR, ended_at=None) | Q(ended_at__lte=now - UNDO_FOR))
    return +Counter(draft=old.count() if dry_run else delete_rows(old))
