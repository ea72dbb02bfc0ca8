"""What is new at the desk, as the subjects say it that know. ``settings.STAFF_NEWS`` names their functions,
``STAFF_NEWS_FOR_EACH`` those that tell each member of staff something else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from privacycenter.models import User


@dataclass(frozen=True)
class News:
    """One line of a mail, in the language of the moment. ``permission``: who has it is told; empty where the source
    knows whom it concerns. ``page``: the name of the desk's page about it, with its ``key`` if it has one.

    ``concerns``: who alone is told, if it is news for one person. ``done_by``: who did it, and is not told.
    """

    permission: str
    text: str
    page: str
    key: int | None = None
    concerns: int | None = None
    done_by: int | None = None

    @property
    def address(self) -> str:
        return reverse(self.page, args=[] if self.key is None else [self.key])

    def is_for(self, staff: User) -> bool:
        is_meant = self.concerns in (None, staff.pk) and self.done_by != staff.pk
        return is_meant and staff.has_perm(self.permission)


# What is new between these two moments. It names no person.
Source = Callable[[datetime, datetime], Iterable[News]]


# What is new for one member of staff: each line, and the name of the desk's page about it.
SourceForEach = Callable[[User, datetime, datetime], Iterable[tuple[str, str]]]


def news_for(staff: User, since: datetime, until: datetime) -> list[News]:
    """Return what is new for a member of staff. A few SQL statements for each source."""
    sources: list[Source] = [import_string(name) for name in settings.STAFF_NEWS]
    found = [one for source in sources for one in source(since, until) if one.is_for(staff)]
    for_each: list[SourceForEach] = [import_string(name) for name in settings.STAFF_NEWS_FOR_EACH]
    return found + [News("", text, page) for source in for_each for text, page in source(staff, since, until)]
