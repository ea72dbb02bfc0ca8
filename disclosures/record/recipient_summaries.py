"""What each recipient received about one person: all of them, one of them, and as of a past day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from disclosures.models import Recipient
from disclosures.public.shown_entries import RecipientView
from disclosures.public.titles import Names
from disclosures.record.effective_record import (
    Combination,
    combinations,
    corrected_record,
    midnight,
    newest_first,
)
from privacycenter.models import User
from privacycenter.text.words import Words


@dataclass(frozen=True)
class RecipientSummary:
    """What one recipient received about one person. Times are those of the disclosures. ``items`` are the titles of
    ``codes``.

    ``new_count`` is the number of disclosures recorded since ``new_since``; ``is_new``: none was recorded before.
    ``is_hidden``: the person hides it from the overview.
    """

    recipient: RecipientView
    count: int
    flagged_count: int
    first_at: datetime
    last_at: datetime
    items: list[Words]
    codes: frozenset[str]
    services: list[Words]
    scenarios: list[Words]
    new_count: int = 0
    is_new: bool = False
    is_hidden: bool = False


def recipient_summaries(person: User, names: Names, *, before: datetime | None = None) -> list[RecipientSummary]:
    """Return every recipient of the person's data, most recent first. One SQL statement.

    With ``before``, only disclosures that occurred before that moment count.
    """
    return summaries_of(combinations(corrected_record(person), before=before), names)


def recipient_named(code: str) -> Recipient | None:
    """Return a recipient, whether or not it received anything. One SQL statement."""
    return Recipient.objects.filter(code=code).first()


def recipient_summary(person: User, recipient: Recipient, names: Names) -> RecipientSummary | None:
    """Return what a recipient received. None if nothing counts as provided to it. One SQL statement."""
    rows = combinations(corrected_record(person), recipient=recipient.pk)
    return summary_of(rows, names, None) if rows else None


def summaries_of(
    found: Iterable[Combination], names: Names, new_since: datetime | None = None
) -> list[RecipientSummary]:
    """Sum up combinations by recipient, most recent first. No SQL beyond that of ``Names``."""
    groups: dict[int, list[Combination]] = {}
    for one in found:
        groups.setdefault(one.recipient_id, []).append(one)
    summaries = [summary_of(rows, names, new_since) for rows in groups.values()]
    return sorted(summaries, key=lambda summary: summary.last_at, reverse=True)


def summary_of(rows: Sequence[Combination], names: Names, new_since: datetime | None) -> RecipientSummary:
    """Sum up the combinations of one recipient, at least one."""
    in_order = newest_first(rows)
    codes = frozenset(code for row in rows for code in row.items)
    return RecipientSummary(
        recipient=names.recipient_facts(rows[0].recipient),
        count=sum(row.count for row in rows),
        flagged_count=sum(row.count for row in rows if row.is_flagged),
        first_at=min(row.first_at for row in rows),
        last_at=in_order[0].last_at,
        items=names.items(codes),
        codes=codes,
        services=[names.service(code) for code in dict.fromkeys(row.service for row in in_order)],
        scenarios=[names.scenario(code) for code in dict.fromkeys(row.scenario for row in in_order)],
        new_count=sum(row.new_count for row in rows),
        is_new=bool(new_since and min(row.first_recorded_at for row in rows) >= new_since),
        is_hidden=rows[0].is_hidden,
    )


# --- On a past day ---------------------------------------------------------------------------------------------------


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


def holdings(person: User, names: Names, *, on: date | None) -> Holdings:
    """Return the recipients on a day; ``on`` None means today. At most two SQL statements."""
    today = timezone.localdate()
    day = on or today
    before = midnight(day + timedelta(days=1)) if on else None
    recipients = recipient_summaries(person, names, before=before)
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
    first = person.disclosures.shown_to(person).oldest_first().values_list("occurred_at", flat=True).first()
    return timezone.localtime(first).date() if first else None


def months_after(day: date, distance: int) -> date:
    """Return the same day of another month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + distance
    first = date(index // 12, index % 12 + 1, 1)
    last = date((index + 1) // 12, (index + 1) % 12 + 1, 1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
