"""The clocks of the law: by when which report about an incident has to be made. Pure: no SQL.

Sources: APPI art. 26(1), Enforcement Rules arts. 7 and 8 (a first report promptly, which the Commission's guidelines
put at about three to five days; a final one within 30 days, 60 where a wrongful purpose is possible); GDPR art. 33(1)
(72 hours).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from disclosures.models import Incident, IncidentStepKind

FIRST_REPORT, FIRST_REPORT_AIM = timedelta(days=5), timedelta(days=3)
FINAL_REPORT, FINAL_REPORT_MALICIOUS = timedelta(days=30), timedelta(days=60)
GDPR_REPORT = timedelta(hours=72)


NAMES = {
    IncidentStepKind.REPORTED_FIRST: _("First report to the Personal Information Protection Commission"),
    IncidentStepKind.REPORTED_FINAL: _("Final report to the Personal Information Protection Commission"),
    IncidentStepKind.REPORTED_GDPR: _("Notification of the data protection authority (GDPR art. 33)"),
}


@dataclass(frozen=True)
class Clock:
    """One report that the law wants. ``aim``: earlier than ``due_at`` is better; None if only the end is named.

    ``done_at``: None while it is not made.
    """

    kind: IncidentStepKind
    due_at: datetime
    aim: datetime | None
    done_at: datetime | None

    @property
    def name(self) -> str:
        return str(NAMES[self.kind])

    def is_overdue(self, now: datetime) -> bool:
        return self.done_at is None and self.due_at <= now

    def is_near(self, now: datetime) -> bool:
        """Whether a day or less is left."""
        return self.done_at is None and now < self.due_at <= now + timedelta(days=1)


def clocks_of(incident: Incident, done: Iterable[tuple[IncidentStepKind, datetime]]) -> list[Clock]:
    """Return the clocks in the order in which they end. ``done``: kinds of steps that were taken, with their times."""
    first: dict[IncidentStepKind, datetime] = {}
    for kind, at in done:
        first[kind] = min(at, first.get(kind, at))
    since = incident.noticed_at
    final = FINAL_REPORT_MALICIOUS if incident.is_malicious else FINAL_REPORT
    wanted: list[tuple[IncidentStepKind, datetime, datetime | None]] = [
        (IncidentStepKind.REPORTED_FIRST, since + FIRST_REPORT, since + FIRST_REPORT_AIM),
        (IncidentStepKind.REPORTED_FINAL, since + final, None),
    ]
    if incident.is_under_gdpr:
        wanted.insert(0, (IncidentStepKind.REPORTED_GDPR, since + GDPR_REPORT, None))
    return [Clock(kind, due_at, aim, first.get(kind)) for kind, due_at, aim in wanted]
