"""Who held which of one person's data, today or on a past day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from disclosures.publishing.publications import Document
from disclosures.record.filters import midnight
from disclosures.record.queries import RecipientSummary, recipient_summaries
from privacycenter.models import User


@dataclass(frozen=True)
class Holdings:
    """The recipients that had received something by the end of a day, most recent first.

    - ``is_today``: no past day was asked for.
    - ``begins_on``: the day of the person's first disclosure, read only if there are no recipients; None if there is
      none.
    - ``earlier`` and ``later``: the same day one month before and after; ``later`` is at most today, and None for
      today.
    """

    on: date
    is_today: bool
    recipients: list[RecipientSummary]
    begins_on: date | None
    earlier: date
    later: date | None

    @property
    def hidden(self) -> list[RecipientSummary]:
        return [summary for summary in self.recipients if summary.is_hidden]


def holdings(person: User, document: Document | None, *, on: date | None) -> Holdings:
    """Return the recipients on a day; ``on`` None means today. At most three SQL statements."""
    today = timezone.localdate()
    day = on or today
    before = midnight(day + timedelta(days=1)) if on else None
    recipients = recipient_summaries(person, document, before=before)
    later = months_after(day, 1)
    return Holdings(
        on=day,
        is_today=on is None,
        recipients=recipients,
        begins_on=None if recipients else first_day(person),
        earlier=months_after(day, -1),
        later=min(later, today) if day < today else None,
    )


def first_day(person: User) -> date | None:
    """Return the day of the first disclosure in the site's time zone. One SQL statement."""
    first = person.disclosures.oldest_first().values_list("occurred_at", flat=True).first()
    return timezone.localtime(first).date() if first else None


def months_after(day: date, distance: int) -> date:
    """Return the same day of another month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + distance
    first = date(index // 12, index % 12 + 1, 1)
    last = date((index + 1) // 12, (index + 1) % 12 + 1, 1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
