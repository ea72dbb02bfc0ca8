"""Sessions that end on the server: by their age, and when nobody uses them. Those of staff end sooner.

The session's row says when it ends (``expire_date``). Using a session moves that time on, but writes it only when it
would move by ``renewal``: most requests write nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone

from privacycenter.models import User

# When somebody logged in to the session (Unix time), and whether they were staff then.
BEGAN, IS_STAFF = "began_at", "began_as_staff"


@dataclass(frozen=True)
class Ends:
    """After how long a session ends: without use, and however much it is used. ``renewal``: see above."""

    idle: timedelta
    longest: timedelta
    renewal: timedelta


class Ended(Enum):
    """Why a browser is not logged in any more although it was."""

    UNUSED = "unused"
    TOO_OLD = "too old"
    # Ended from elsewhere, by a new password, or so long ago that nothing is known of it.
    GONE = "gone"


def ends_of(*, is_staff: bool) -> Ends:
    if is_staff:
        return Ends(
            idle=timedelta(seconds=settings.STAFF_SESSION_IDLE_SECONDS),
            longest=timedelta(seconds=settings.STAFF_SESSION_LONGEST_SECONDS),
            renewal=timedelta(minutes=2),
        )
    return Ends(
        idle=timedelta(seconds=settings.SESSION_COOKIE_AGE),
        longest=timedelta(seconds=settings.SESSION_LONGEST_SECONDS),
        renewal=timedelta(days=1),
    )


class SessionStore(DatabaseSessionStore):
    """Django's sessions in the database, with ends.

    ``ended``: None, or why what the browser presented is over; known once the session was read. ``was_staff``: whether
    it was a session of staff. ``was_of``: the key of the account that was logged in to it, None if that is not known.
    """

    ended: Ended | None = None
    was_staff = False
    was_of: int | None = None
    ends_at: datetime | None = None

    def __setitem__(self, key: str, value: Any) -> None:
        """Begin the time of the session when somebody logs in to it. One SQL statement then."""
        super().__setitem__(key, value)
        if key == SESSION_KEY:
            super().__setitem__(BEGAN, timezone.now().timestamp())
            super().__setitem__(IS_STAFF, User.objects.filter(pk=value, is_staff=True).exists())

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing of one that has ended."""
        row = self.model.objects.filter(session_key=self.session_key).first()
        data = self.decode(row.session_data) if row else {}
        # One of before the ends: it has none that could be kept to.
        is_dateless = SESSION_KEY in data and BEGAN not in data
        if row is None or is_dateless or row.expire_date <= timezone.now():
            self._session_key = None
            self.was_staff = bool(data.get(IS_STAFF))
            self.was_of = int(data[SESSION_KEY]) if SESSION_KEY in data else None
            self.ended = why_ended(data, row.expire_date if row else None)
            return {}
        self.ends_at = row.expire_date
        return data

    def get_expiry_date(self, **given: Any) -> datetime:
        if BEGAN not in self:
            expiry: datetime = super().get_expiry_date(**given)
            return expiry
        ends = ends_of(is_staff=self[IS_STAFF])
        return min(timezone.now() + ends.idle, began_at(self[BEGAN]) + ends.longest)

    def get_expiry_age(self, **given: Any) -> int:
        if BEGAN not in self:
            return int(super().get_expiry_age(**given))
        return max(int((self.get_expiry_date() - timezone.now()).total_seconds()), 0)

    def renew(self) -> None:
        """Move the end of a session that is used. At most one SQL statement, and mostly none.

        It writes the end alone: nothing that another request changes meanwhile, and no session that has just ended.
        """
        if self.ends_at is None or BEGAN not in self:
            return
        later = self.get_expiry_date()
        if later - self.ends_at >= ends_of(is_staff=self[IS_STAFF]).renewal:
            open_still = self.model.objects.filter(session_key=self.session_key, expire_date__gt=timezone.now())
            open_still.update(expire_date=later)


def began_at(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)


def why_ended(data: dict[str, Any], ended_at: datetime | None) -> Ended | None:
    """Return why a session is over; None for one to which nobody had logged in. Pure."""
    if ended_at is None:
        return Ended.GONE
    if BEGAN not in data:
        return Ended.GONE if SESSION_KEY in data else None
    oldest = began_at(data[BEGAN]) + ends_of(is_staff=data[IS_STAFF]).longest
    # The database keeps no more than microseconds.
    return Ended.TOO_OLD if ended_at >= oldest - timedelta(seconds=1) else Ended.UNUSED
