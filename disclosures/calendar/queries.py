"""The calendar as its page shows it, and who an address of it belongs to."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone

from disclosures.calendar.events import Event, events_from
from disclosures.models import CalendarAddress
from privacycenter.models import User

PER_PAGE = 100


@dataclass(frozen=True)
class Day:
    date: date
    events: list[Event]


@dataclass(frozen=True)
class Month:
    """``first``: its first day."""

    first: date
    days: list[Day]


@dataclass(frozen=True)
class CalendarPage:
    """One page of what comes, by month and day. ``overdue``: what had its day and still waits, on the first page."""

    overdue: list[Event]
    months: list[Month]
    page: "Page[Any]"


def calendar_page(staff: User, now: datetime, number: str) -> CalendarPage:
    """Return one page of what this person may see. What the sources cost."""
    events = events_from(now, staff.has_perm)
    today = timezone.localdate(now)
    overdue = [one for one in events if one.day < today]
    page: Page[Any] = Paginator([one for one in events if one.day >= today], PER_PAGE).get_page(number)
    return CalendarPage(overdue if page.number == 1 else [], months_of(list(page.object_list)), page)


def months_of(events: list[Event]) -> list[Month]:
    """Group events that are in order. Pure."""
    days = [Day(day, list(its)) for day, its in groupby(events, key=lambda one: one.day)]
    return [Month(first, list(its)) for first, its in groupby(days, key=lambda day: day.date.replace(day=1))]


# --- Addresses -------------------------------------------------------------------------------------------------------


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def newest_address(staff: User) -> CalendarAddress | None:
    """Return the address that counts, or None without one. One SQL statement."""
    newest = CalendarAddress.objects.filter(staff=staff).order_by("-pk").first()
    return newest if newest and newest.digest else None


def owner_of(secret: str) -> User | None:
    """Return the member of staff whose current address has this secret part. Two SQL statements."""
    found = CalendarAddress.objects.select_related("staff").filter(digest=digest_of(secret)).order_by("-pk").first()
    if found is None or newest_address(found.staff) != found:
        return None
    return found.staff if found.staff.is_active and found.staff.is_staff else None
