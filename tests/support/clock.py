"""Another time than now, for what must have happened then."""

from datetime import datetime, timedelta

import time_machine

# The shortest time that the database knows.
INSTANT = timedelta(microseconds=1)


def clock_at(moment: datetime) -> time_machine.travel:
    """Every clock of this process stands at this moment, those of libraries and of ids too. The database's goes on."""
    return time_machine.travel(moment, tick=False)
