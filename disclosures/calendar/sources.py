"""What has its day in proposals and in the working copy."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.calendar.events import Event
from disclosures.content.entries import edit_url
from disclosures.content.working_copy import KINDS
from disclosures.models import DataItem, Proposal, Recipient, RouteAbroad, Scenario, Service

SEES_PROPOSALS, SEES_CONTENT = "disclosures.view_proposal", "disclosures.view_page"


def set_times(now: datetime) -> Iterable[Event]:
    """Yield the proposals with a set time: approved, and waiting for it. One SQL statement."""
    rows = Proposal.objects.open().filter(publish_at__isnull=False).select_related("approval").defer("document")
    for row in rows:
        is_approved = hasattr(row, "approval")
        what = _("To be published") if is_approved else _("To be published, if it is approved")
        address = reverse("admin:proposal", args=[row.pk])
        title = _("Proposal %(number)s: %(reason)s") % {"number": row.pk, "reason": row.reason or "–"}
        if row.publish_at:
            yield Event(f"proposal-{row.pk}", row.publish_at, what, title, address, SEES_PROPOSALS)


def holds(now: datetime) -> Iterable[Event]:
    """Yield when recipients go on hold, and when their hold ends. One SQL statement."""
    for row in Recipient.objects.in_use().filter(Q(on_hold_from__gt=now) | Q(on_hold_until__gt=now)):
        if row.on_hold_from and row.on_hold_from > now:
            yield of_row("hold", row, row.on_hold_from, _("A recipient goes on hold"))
        if row.on_hold_until and row.on_hold_until > now:
            yield of_row("release", row, row.on_hold_until, _("A recipient’s hold ends"))


def retirements(now: datetime) -> Iterable[Event]:
    """Yield what is retired at a later time. Four SQL statements."""
    for model in (Scenario, DataItem, Service, Recipient):
        for row in model._default_manager.filter(retired_at__gt=now):
            yield of_row(f"retirement-{KINDS[model]}", row, row.retired_at, _("Something is retired"))


def checks_of_systems(now: datetime) -> Iterator[Event]:
    """Yield the day on which the check of each recipient’s equivalent system is a year old. One SQL statement."""
    rows = Recipient.objects.in_use().filter(basis_abroad=RouteAbroad.EQUIVALENT_SYSTEM, basis_checked_on__isnull=False)
    for row in rows:
        day = a_year_after(row.basis_checked_on)
        yield of_row("check", row, day, _("A recipient’s equivalent system is to be checked again"))


def of_row(key: str, row: Any, at: datetime | date, what: str) -> Event:
    address = edit_url(KINDS[type(row)], row.code)
    return Event(f"{key}-{row.code}", at, what, str(row), address, SEES_CONTENT)


def a_year_after(day: date) -> date:
    """Return the same day of the next year; after February 29, February 28."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + 1, day=last)
