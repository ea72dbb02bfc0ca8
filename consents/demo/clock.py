"""Times of the made-up world: a calendar that looks back from today, and a clock that can stand in the past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.utils import timezone

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
LONGEST_AGO_DAYS = 420


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Make ``timezone.now()`` say ``moment``, so that an action happens then. Only for the made-up world.

    Whole process, all threads: MUST be used in a command, around single action calls, never in a server. What asks
    the database for the time (``undecided()``) still gets the real one.
    """
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


class Calendar:
    """Days counted back from today, in the site's time zone. All its times are past, also just after midnight."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.zone = timezone.get_default_timezone()
        self.today: date = now.astimezone(self.zone).date()

    def ago(self, days: float, hour: int = 10, minute: int = 0) -> datetime:
        """So many whole days before today, at this time of day; today itself becomes yesterday."""
        return self.on(self.today - timedelta(days=max(1, int(days))), hour, minute)

    def weekday_before(self, days: int, weekday: int, hour: int, minute: int = 0) -> datetime:
        """The newest such weekday that lies at least so many days back."""
        day = self.today - timedelta(days=max(1, days))
        return self.on(day - timedelta(days=(day.weekday() - weekday) % 7), hour, minute)

    def newest(self, month: int, day: int, at_least_days: int) -> date:
        """The newest day of this month and day that lies at least so many days back."""
        latest = self.today - timedelta(days=at_least_days)
        found = date(latest.year, month, day)
        return found if found <= latest else date(latest.year - 1, month, day)

    def on(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone)


def on_a_work_day(moment: datetime) -> datetime:
    """The same time on the Friday before, if it is a weekend: offices send their reports on work days."""
    return moment - timedelta(days=max(0, moment.weekday() - FRIDAY))
