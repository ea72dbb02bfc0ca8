"""Epochs of the decision feed: which of what was read before a restore is still there. Never writes."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from consents.feed.cursors import Cursor
from consents.models import FeedEpoch
from disclosures.models import Reporter
from privacycenter.errors import FeedRestored

logger = logging.getLogger(__name__)

# No event is of an earlier time.
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
# A row is stamped before its commit, and clocks differ: send again from this long before the newest row.
MARGIN = timedelta(hours=1)


def all_epochs() -> list[FeedEpoch]:
    """Return the restores, the oldest first. One SQL statement."""
    return list(FeedEpoch.objects.order_by("pk"))


def current_token(epochs: Sequence[FeedEpoch]) -> str:
    return epochs[-1].token if epochs else ""


def number_after(cursor: Cursor, reporter: Reporter, epochs: Sequence[FeedEpoch]) -> int:
    """Return the number after which to read on in the current epoch.

    A cursor of an earlier epoch holds up to the number that was restored. Raises FeedRestored beyond that, and for an
    epoch that is unknown, which was itself lost by a restore.
    """
    current = current_token(epochs)
    if cursor.epoch == current:
        return cursor.number
    tokens = ["", *(epoch.token for epoch in epochs)]
    if cursor.epoch not in tokens:
        raise refusal(Cursor(current, 0), epochs[-1]) if epochs else ahead_of(reporter, Cursor(current, 0), None)
    following = epochs[tokens.index(cursor.epoch)]
    shared = following.last_numbers.get(reporter.code, 0)
    if cursor.number > shared:
        raise refusal(Cursor(current, shared), following)
    return cursor.number


def ahead_of(reporter: Reporter, last: Cursor, last_at: datetime | None) -> FeedRestored:
    """Return the refusal of a cursor that no entry on record ever had. ``last_at``: when the last entry happened.

    The service invented it, or the database was restored and ``after_restore`` forgotten: the log tells the operator.
    """
    logger.error(
        "Reporter %s read its feed further than it is: was the database restored without after_restore?", reporter.code
    )
    restored_to = last_at or BEFORE_ALL
    return FeedRestored(continue_after=str(last), restored_to=restored_to, since=max(restored_to - MARGIN, BEFORE_ALL))


def refusal(continue_after: Cursor, epoch: FeedEpoch) -> FeedRestored:
    return FeedRestored(
        continue_after=str(continue_after), restored_to=epoch.restored_to, since=epoch.restored_to - MARGIN
    )
