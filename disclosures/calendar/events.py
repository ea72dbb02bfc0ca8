"""What has its day, as the subjects say it that know. ``settings.CALENDAR_SOURCES`` names their functions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Event:
    """One thing that has its day, in the language of the moment.

    ``at``: a moment, or a whole day. ``what`` reveals nothing of the content; ``title`` may, and stays at the desk.
    ``key`` names the event among all, in every language. ``permission``: who has it sees it.
    """

    key: str
    at: datetime | date
    what: str
    title: str
    address: str
    permission: str

    @property
    def day(self) -> date:
        return timezone.localdate(self.at) if isinstance(self.at, datetime) else self.at

    @property
    def moment(self) -> datetime | None:
        """The moment; None for a whole day."""
        return self.at if isinstance(self.at, datetime) else None

    @property
    def place(self) -> tuple[datetime, str]:
        """Where it comes in the list: a whole day before the moments of the day."""
        return self.moment or timezone.make_aware(datetime.combine(self.at, time())), self.key


# What has its day from this moment on, or had it and still waits.
Source = Callable[[datetime], Iterable[Event]]


def events_from(now: datetime, may: Callable[[str], bool]) -> list[Event]:
    """Return everything that somebody with these permissions may see, earliest first. What the sources cost."""
    sources: list[Source] = [import_string(name) for name in settings.CALENDAR_SOURCES]
    return sorted((one for source in sources for one in source(now) if may(one.permission)), key=lambda one: one.place)
