"""The front page of a person's record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consents.asking.requests import RequestRow, open_requests
from consents.overview.recipient_list import HeldRow, held_rows, last_steps
from disclosures.coverage.queries import Coverage, coverage, with_gap
from disclosures.publishing.publications import Document
from disclosures.publishing.titles import Names
from disclosures.record.charts import Bar, bars
from disclosures.record.filters import midnight
from disclosures.record.queries import Month, RecipientSummary, months, recipient_summaries
from privacycenter.models import User
from privacycenter.text.words import Words

RECIPIENTS_SHOWN = 10
NEWS_SHOWN = 5


@dataclass(frozen=True)
class News:
    """What was recorded since the last visit.

    ``recipients``: those to name, new ones first; hidden recipients are counted but not named.
    """

    since: datetime
    disclosure_count: int
    new_recipient_count: int
    recipients: list[RecipientSummary]


@dataclass(frozen=True)
class OverviewPage:
    """The contents of the front page.

    ``recipients``: the most recent ones that are not hidden; ``recipient_count`` counts all. ``year_…`` cover the
    twelve months of the chart. ``flagged_names``: recipients with a warning; hidden ones count in ``flagged_count`` but
    are not named. ``news`` is None on the first visit and if there is none. ``was_corrected``: nothing counts, because
    everything reported was a mistake. ``ruled``: decisions of standing rules since the last visit, not undone, newest
    first.
    """

    requests: list[RequestRow]
    recipients: list[HeldRow]
    recipient_count: int
    disclosure_count: int
    flagged_count: int
    flagged_names: list[Words]
    news: News | None
    bars: list[Bar]
    year_count: int
    year_recipient_count: int
    coverage: list[Coverage]
    was_corrected: bool
    ruled: list[UUID]

    @property
    def gaps(self) -> list[Coverage]:
        """The coverage of services whose reports are known to be incomplete."""
        return with_gap(self.coverage)

    @property
    def is_empty(self) -> bool:
        return self.disclosure_count == 0


def overview_page(person: User, document: Document | None, *, new_since: datetime | None) -> OverviewPage:
    """Return the front page. Six SQL statements on the first visit, then seven, for any number of disclosures.

    ``new_since``: when the previous visit began, if there was one.
    """
    recipients = recipient_summaries(person, document, new_since=new_since)
    shown = [summary for summary in recipients if not summary.is_hidden]
    by_month = months(person)
    steps = last_steps(person) if shown else {}
    return OverviewPage(
        requests=open_requests(person),
        recipients=held_rows(shown[:RECIPIENTS_SHOWN], steps, Names(document)),
        recipient_count=len(recipients),
        disclosure_count=sum(summary.count for summary in recipients),
        flagged_count=sum(summary.flagged_count for summary in recipients),
        flagged_names=[summary.recipient.name for summary in shown if summary.flagged_count],
        news=news(recipients, new_since) if new_since else None,
        bars=bars(by_month),
        year_count=sum(month.count for month in by_month),
        year_recipient_count=count_since(recipients, by_month),
        coverage=coverage(document),
        was_corrected=not recipients and person.corrections.exists(),
        ruled=ruled_since(person, new_since) if new_since else [],
    )


def ruled_since(person: User, since: datetime) -> list[UUID]:
    """Return the decisions that standing rules made since then, newest first. One SQL statement."""
    return list(person.decisions.answered_by_rules().decided_since(since).newest_first().values_list("id", flat=True))


def count_since(recipients: Iterable[RecipientSummary], by_month: list[Month]) -> int:
    """Return how many recipients received something within these months."""
    start = midnight(by_month[0].begins_on)
    return sum(summary.last_at >= start for summary in recipients)


def news(recipients: Iterable[RecipientSummary], since: datetime) -> News | None:
    found = [summary for summary in recipients if summary.new_count]
    if not found:
        return None
    named = sorted((summary for summary in found if not summary.is_hidden), key=lambda summary: not summary.is_new)
    return News(
        since=since,
        disclosure_count=sum(summary.new_count for summary in found),
        new_recipient_count=sum(summary.is_new for summary in found),
        recipients=named[:NEWS_SHOWN],
    )
