"""Beginning a sandbox, and putting its clock forward."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from privacycenter.errors import InvalidValue, NotFound
from privacycenter.models import ClockMove
from privacycenter.sandbox import clock
from privacycenter.sandbox.reading import IS_A_SANDBOX, NOT_A_SANDBOX, holds_people, is_begun, newest_move

# How far one move goes at most, and all of them together. Some fifteen years: what is tried ends within three.
FARTHEST_AT_ONCE = timedelta(days=1_100)
FARTHEST = timedelta(days=5_500)


class WrongDatabase(Exception):
    """A sandbox with a database that is none, or the other way round. The text says what to do."""


@transaction.atomic
def begin_or_refuse() -> None:
    """Begin the sandbox if this is one and its database holds nobody. Does nothing if it was begun before.

    Raises WrongDatabase where the setting and the database do not agree: then nothing was written. Two SQL statements
    at most.
    """
    if not settings.SANDBOX:
        if is_begun():
            raise WrongDatabase(IS_A_SANDBOX)
    elif not is_begun():
        if holds_people():
            raise WrongDatabase(NOT_A_SANDBOX)
        ClockMove.objects.create(number=1, seconds=0, ahead_seconds=0, moved_at=clock.real_now(), by="begin")


@transaction.atomic
def put_clock_forward(*, forward: timedelta | None = None, to: datetime | None = None, by: str) -> ClockMove | None:
    """Put the clock forward, so far or to that time, in whole seconds. ``by``: who, for those who share the sandbox.

    Return the move; None if it shows that time, or a later one, already. Processes go by it once they have read it
    (``read_clock``), this one, too. Two at once follow one another. Raises InvalidValue for a move backwards or too
    far, NotFound outside of a sandbox.
    """
    if not settings.SANDBOX:
        raise NotFound("This is no sandbox.")
    if (forward is None) == (to is None):
        raise InvalidValue("Say either how far forward, or to what time.", "forward")
    ClockMove.objects.select_for_update().filter(number=1).first()
    before = newest_move()
    if before is None:
        raise NotFound(NOT_A_SANDBOX)
    clock.set_to(clock.Reading(before.ahead, before.moved_at if before.seconds else None))
    if to is not None and to <= timezone.now():
        return None
    field = "forward" if to is None else "to"
    distance = to - timezone.now() if to is not None else forward or timedelta()
    seconds = -(-distance // timedelta(seconds=1))
    if not 1 <= seconds <= FARTHEST_AT_ONCE.total_seconds():
        raise InvalidValue(f"The clock goes forward by 1 second to {FARTHEST_AT_ONCE.days} days at once.", field)
    if before.ahead_seconds + seconds > FARTHEST.total_seconds():
        raise InvalidValue(f"The clock of a sandbox goes at most {FARTHEST.days} days ahead: begin a new one.", field)
    return ClockMove.objects.create(
        number=before.number + 1, seconds=seconds, ahead_seconds=before.ahead_seconds + seconds,
        moved_at=clock.real_now(), by=by[:60],
    )  # fmt: skip
