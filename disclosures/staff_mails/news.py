"""What is new at the desk, as the subjects say it that know. ``settings.STAFF_NEWS`` names their functions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from privacycenter.models import User


@dataclass(frozen=True)
class News:
    """One line of a mail, in the language of the moment. ``permission``: who has it is told. ``page``: the name of the
    desk's page about it."""

    permission: str
    text: str
    page: str


# What is new between these two moments. It names no person.
Source = Callable[[datetime, datetime], Iterable[News]]


def news_for(staff: User, since: datetime, until: datetime) -> list[News]:
    """Return what is new for a member of staff. A few SQL statements for each source."""
    sources: list[Source] = [import_string(name) for name in settings.STAFF_NEWS]
    return [one for source in sources for one in source(since, until) if staff.has_perm(one.permission)]
