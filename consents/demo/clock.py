"""Times in the made-up world: a calendar that counts back from today, and a clock set to the past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.utils import timezone

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
LONGEST_AGO_DAYS = 420


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Make ``timezone.now()`` return ``moment``, so that an action happens then. Only for the made-up world.

    It affects all threads of the process: MUST be used in a command, around single action calls, never in a server. The
    database's own clock (``undecided()``) still gives the real time.
    """
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


class Calendar:
    """Days counted back from today, in the site's time zone. All its times are past, even just after midnight."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.zone = timezone.get_default_timezone()
        self.today: date = now.astimezone(self.zone).date()

    def ago(self, days: float, hour: int = 10, minute: int = 0) -> datetime:
        """Return this time of day, so many whole days before today; at least one."""
        return self.on(self.today - timedelta(days=max(1, int(days))), hour, minute)

    def weekday_before(self, days: int, weekday: int, hour: int, minute: int = 0) -> datetime:
        """Return the latest such weekday at least so many days ago."""
        day = self.today - timedelta(days=max(1, days))
        return self.on(day - timedelta(days=(day.weekday() - weekday) % 7), hour, minute)

    def newest(self, month: int, day: int, at_least_days: int) -> date:
        """Return the latest such month and day at least so many days ago."""
        latest = self.today - timedelta(days=at_least_days)
        found = date(latest.year, month, day)
        return found if found <= latest else date(latest.year - 1, month, day)

    def on(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone)


def on_a_work_day(moment: datetime) -> datetime:
    """Return the same time on the Friday before if it is a weekend: offices report on work days."""
    return moment - timedelta(days=max(0, moment.weekday() - FRIDAY))
