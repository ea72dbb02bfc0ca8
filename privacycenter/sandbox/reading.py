"""What the database says of a sandbox: whether it was begun as one, and how far its clock is ahead."""

from django.db import DatabaseError, connection

from privacycenter.models import ClockMove, User
from privacycenter.sandbox import clock

NOT_A_SANDBOX = (
    "SANDBOX=1, but this database was not begun as a sandbox: it may hold what real people did. Begin a sandbox with "
    "an empty database (`manage.py prepare`), or leave SANDBOX out."
)
IS_A_SANDBOX = (
    "This database was begun as a sandbox: what it holds is made up, and its clock was put forward. Set SANDBOX=1, or "
    "name another database in DATABASE_URL."
)


def newest_move() -> ClockMove | None:
    """The last time that the clock was put forward; the first of all is the beginning of the sandbox. None: not a
    sandbox. One SQL statement."""
    return ClockMove.objects.order_by("-number").first()


def read_clock() -> bool:
    """Set this process's clock to what the database says. Return whether it was begun as a sandbox.

    One SQL statement. A database that does not answer, or has no tables yet, leaves the clock as it is, and raises
    nothing: what is done next will notice.
    """
    try:
        move = newest_move()
    except DatabaseError:
        if not connection.in_atomic_block:
            connection.close()
        return True
    if move is None:
        return False
    clock.set_to(clock.Reading(move.ahead, move.moved_at if move.seconds else None))
    return True


def is_begun() -> bool:
    return ClockMove.objects.exists()


def holds_people() -> bool:
    return User.objects.exists()
