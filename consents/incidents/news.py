"""What is new about incidents, for the mails to staff."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from consents.incidents.queries import open_rows
from disclosures.staff_mails.news import News

# How long before it is due a report is told of.
BEFORE = timedelta(days=1)


def incident_news(since: datetime, until: datetime) -> Iterable[News]:
    """Yield each report that is due within a day, or has become overdue. Two SQL statements."""
    for row in open_rows():
        for clock in row.clocks:
            if clock.done_at is None and since < clock.due_at - BEFORE <= until:
                yield News(
                    "disclosures.view_incident",
                    _("Due within a day: %(report)s") % {"report": clock.name},
                    "admin:incidents",
                )
            if clock.done_at is None and since < clock.due_at <= until:
                yield News(
                    "disclosures.view_incident", _("Overdue: %(report)s") % {"report": clock.name}, "admin:incidents"
                )
