"""Another time than now, for what must have happened then."""

from datetime import UTC, datetime, timedelta

import time_machine

# The shortest time that the database knows.
INSTANT = timedelta(microseconds=1)
# Times for tables of cases: "now" there would be when the tests were collected, an hour or more before the last one runs.
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)


def clock_at(moment: datetime) -> time_machine.travel:
    """Every clock of this process stands at this moment, those of libraries and of ids too. The database's goes on."""
    return time_machine.travel(moment, tick=False)
