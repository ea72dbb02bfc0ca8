"""Who at the desk looked at whose record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator

from disclosures.models import RecordAccess
from privacycenter.models import User

PER_PAGE = 50


@dataclass(frozen=True)
class AccessFilters:
    """``subject`` is a person's, whole; ``staff`` a user name; days are the site's, both included."""

    subject: str = ""
    staff: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class AccessRow:
    """One time that a page of a record was opened, as the desk reads it."""

    accessed_at: datetime
    person: str
    staff: str
    role: str
    what: str
    reason: str


def access_list(filters: AccessFilters, page: str = "") -> Page:
    """One page of ``AccessRow``s, newest first. Three SQL statements."""
    found: Any = RecordAccess.objects.select_related("person").order_by("-accessed_at", "-id")
    if filters.subject:
        found = found.filter(person__subject=filters.subject)
    if filters.staff:
        found = found.filter(staff_id__in=User.objects.filter(username=filters.staff).values("pk"))
    if filters.since:
        found = found.filter(accessed_at__date__gte=filters.since)
    if filters.until:
        found = found.filter(accessed_at__date__lte=filters.until)
    shown: Any = Paginator(found, PER_PAGE).get_page(page)
    rows = list(shown.object_list)
    staff = User.objects.in_bulk({row.staff_id for row in rows})
    shown.object_list = [
        AccessRow(row.accessed_at, row.person.subject, str(staff.get(row.staff_id, "")), row.role, row.what, row.reason)
        for row in rows
    ]
    return shown


def accesses_of(person: User, page: str = "") -> Page:
    """One page of this person's ``RecordAccess`` rows, newest first. Two SQL statements."""
    rows = RecordAccess.objects.filter(person=person).order_by("-accessed_at", "-id")
    return Paginator(rows, PER_PAGE).get_page(page)
