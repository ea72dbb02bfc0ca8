"""Another time than now, for what must have happened then."""

from datetime import timedelta

from consents.demo.clock import clock_at

__all__ = ["INSTANT", "clock_at"]

# The shortest time that the database knows.
INSTANT = timedelta(microseconds=1)
