"""Removal of ended sessions, with their addresses and user agents, and of devices that are not known any more."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from privacycenter.accounts.known_devices import KNOWN_FOR
from privacycenter.database.purging import BATCH_SIZE, delete_keys, delete_rows, in_batches, walk
from privacycenter.models import KnownDevice

# So long an ended session is kept, to tell its browser why it is over.
TOLD_FOR = timedelta(days=7)


def purge_sessions(now: datetime, *, dry_run: bool = False) -> Counter[str]:
    """Remove sessions some days after their end, and where and with what they were used. In batches.

    What a session was used with goes at once when the session was ended from elsewhere.
    """
    counts = Counter(session=delete_in_batches(Session.objects.filter(expire_date__lte=now - TOLD_FOR), dry_run))
    ended = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now - TOLD_FOR)
    counts["usersession"] = delete_in_batches(UserSession.objects.filter(~Exists(ended)), dry_run)
    return +counts


def purge_devices(now: datetime, *, dry_run: bool = False) -> Counter[str]:
    """Remove devices a year after their latest log-in, as their cookies end. In batches."""
    count = 0
    for keys in walk(KnownDevice.objects.filter(latest_at__lte=now - KNOWN_FOR)):
        count += len(keys) if dry_run else delete_keys(KnownDevice, keys)
    return +Counter(knowndevice=count)


def delete_in_batches(rows: Any, dry_run: bool) -> int:
    if dry_run:
        return int(rows.count())
    return sum(delete_batch(rows.model, keys) for keys in in_batches(rows, size=BATCH_SIZE))


@transaction.atomic
def delete_batch(model: Any, keys: Sequence[Any]) -> int:
    return delete_rows(model._base_manager.filter(pk__in=keys).order_by())
