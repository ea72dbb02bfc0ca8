"""What is new about incidents, for the mails to staff."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consents.incidents.queries import open_rows
from disclosures.models import Incident, IncidentStep, IncidentStepKind
from disclosures.staff_mails.news import News

# How long before it is due a report is told of.
BEFORE = timedelta(days=1)
HOLDS = (IncidentStepKind.HELD, IncidentStepKind.RELEASED)
PUBLICATIONS = "admin:disclosures_publication_changelist"


def incident_news(since: datetime, until: datetime) -> Iterable[News]:
    """Yield how many incidents were opened, and each report that is due within a day, or has become overdue.

    An incident is often opened late: what was due within a day already then is news as it is opened. Four SQL
    statements.
    """
    if count := Incident.objects.filter(opened_at__gt=since, opened_at__lte=until).count():
        words = ngettext("%(count)s incident was opened", "%(count)s incidents were opened", count)
        yield News("disclosures.view_incident", words % {"count": count}, "admin:incidents")
    yield from hold_news(since, until)
    for row in open_rows():
        opened_at = row.incident.opened_at
        for clock in row.clocks:
            if clock.done_at is None and since < max(opened_at, clock.due_at - BEFORE) <= until < clock.due_at:
                yield News(
                    "disclosures.view_incident",
                    _("Due within a day: %(report)s") % {"report": clock.name},
                    "admin:incidents",
                )
            if clock.done_at is None and since < max(opened_at, clock.due_at) <= until:
                yield News(
                    "disclosures.view_incident", _("Overdue: %(report)s") % {"report": clock.name}, "admin:incidents"
                )


def hold_news(since: datetime, until: datetime) -> Iterable[News]:
    """Yield each recipient that an officer put on hold, or no longer holds: editors find it in the working copy."""
    steps = IncidentStep.objects.filter(kind__in=HOLDS, taken_at__gt=since, taken_at__lte=until).order_by("pk")
    for step in steps:
        words = (
            _("An officer put a recipient on hold at once: %(recipient)s")
            if step.step is IncidentStepKind.HELD
            else _("An officer ended the hold of a recipient: %(recipient)s")
        )
        yield News("disclosures.view_recipient", words % {"recipient": step.recipient}, PUBLICATIONS)
