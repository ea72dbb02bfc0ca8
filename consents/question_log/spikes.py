"""When a service is told no about a recipient far more often than usual. Never writes."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median_low
from typing import NamedTuple

from django.db.models import Min, Sum

from consents.models import QuestionTotal

# A spike is at least so many noes on a day, and so many times the median of the days before.
FEWEST, TIMES = 100, 5
DAYS_BEFORE = timedelta(days=14)
# Before questions were counted for so many days, nobody knows what is usual.
FEWEST_DAYS = 3

Pair = tuple[int, int]


class Spike(NamedTuple):
    asked_on: date
    recipient_id: int
    service_id: int
    refused_count: int
    usual_count: int


def found_spikes(today: date) -> list[Spike]:
    """Return the spikes of today and yesterday, noticed before or not. At most three SQL statements, by the day's
    counts.
    """
    began_on = QuestionTotal.objects.aggregate(day=Min("asked_on"))["day"]
    days = [today - timedelta(days=1), today]
    return [spike for day in days if began_on for spike in spikes_on(day, began_on)]


def spikes_on(day: date, began_on: date) -> Iterator[Spike]:
    first = max(day - DAYS_BEFORE, began_on)
    days = [first + timedelta(days=number) for number in range((day - first).days)]
    if len(days) < FEWEST_DAYS:
        return
    for (recipient, service), noes in noes_between(first, day).items():
        usual = median_low([noes.get(one, 0) for one in days])
        if is_spike(noes.get(day, 0), usual):
            yield Spike(day, recipient, service, noes[day], usual)


def is_spike(refused: int, usual: int) -> bool:
    return refused >= max(FEWEST, TIMES * usual)


def noes_between(first: date, last: date) -> dict[Pair, dict[date, int]]:
    """Return (recipient, service) → day → how many noes there were. One SQL statement."""
    found: dict[Pair, dict[date, int]] = defaultdict(dict)
    rows = QuestionTotal.objects.answered_no().filter(asked_on__gte=first, asked_on__lte=last).order_by()
    for recipient, service, day, count in rows.values_list("recipient_id", "service_id", "asked_on").annotate(
        count=Sum("question_count")
    ):
        found[recipient, service][day] = count
    return found
