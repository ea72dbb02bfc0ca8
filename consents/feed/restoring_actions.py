"""What has to happen after the database was restored, before anybody uses it."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from allauth.idp.oidc.models import Token
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from consents.feed.epochs import BEFORE_ALL
from consents.feed.queries import last_number
from consents.models import FeedEntry, FeedEpoch
from disclosures.models import Heartbeat, ReportCount, Reporter, Revision


@dataclass(frozen=True)
class Restored:
    """The new epoch, and how many sessions and tokens ended."""

    epoch: FeedEpoch
    session_count: int
    token_count: int


@transaction.atomic
def begin_after_restore() -> Restored:
    """Begin a new epoch of the feeds, and end every session and token: some may have been ended in what was lost.

    Numbers of the feeds go on from what was restored. MUST run before the site and the worker do.
    """
    now = timezone.now()
    reporters = Reporter.objects.select_for_update().order_by("pk")
    epoch = FeedEpoch.objects.create(
        token=secrets.token_hex(4),
        last_numbers={reporter.code: last_number(reporter) for reporter in reporters},
        restored_to=min(newest_moment() or BEFORE_ALL, now),
        began_at=now,
    )
    sessions, _each = Session.objects.all().delete()
    tokens, _each = Token.objects.all().delete()
    return Restored(epoch, sessions, tokens)


def newest_moment() -> datetime | None:
    """Return when the newest of the rows that come often was written, or None. No table of people is scanned.

    What was committed before that moment may be missing only if it was under way: ``epochs.MARGIN`` covers that.
    """
    found = [
        ReportCount.objects.aggregate(last=Max("last_reported_at"))["last"],
        *(
            model._default_manager.order_by("-pk").values_list(column, flat=True).first()
            for model, column in ((Heartbeat, "heard_at"), (FeedEntry, "happened_at"), (Revision, "changed_at"))
        ),
    ]
    return max((moment for moment in found if moment), default=None)
