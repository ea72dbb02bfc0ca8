"""The front page of a person's record: figures, what waits for them, and who has what in one of three views."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from consents.asking.requests import RequestRow, open_requests
from consents.checking.standing_approvals import Approval, approvals_among, decisions_of
from consents.models import Decision, in_effect
from consents.notices.queries import NoticeRow, unread_counts, unread_incidents
from consents.overview.warnings import Warned, warnings_of
from disclosures.coverage.queries import Coverage, coverage, warned
from disclosures.public.titles import Names
from disclosures.record.charts import Bar, Month, bars
from disclosures.record.effective_record import Combination, combinations, corrected_record, midnight, month_before
from disclosures.record.item_summaries import ItemSummary, item_summaries
from disclosures.record.recipient_summaries import RecipientSummary, summaries_of
from privacycenter.models import User
from privacycenter.text.words import Words

MONTHS_SHOWN = 12
RECIPIENTS_SHOWN = 8
NEWS_SHOWN = 5


@dataclass(frozen=True)
class Figures:
    """The last twelve months, and what stands now. ``countries``: those of the recipients abroad, each once."""

    recipient_count: int
    disclosure_count: int
    abroad_count: int
    countries: list[Words]
    approval_count: int


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

    ``recipients``: the most recent ones that are not hidden; ``recipient_count`` and ``disclosure_count`` count all, of
    any time. ``news`` is None on the first visit and if there is none. ``was_corrected``: nothing counts, because
    everything reported was a mistake. ``incidents``: those of the ``unread_count`` notices that are about one.
    ``ruled``: decisions of standing rules since the last visit, not undone, newest first.
    """

    figures: Figures
    unread_count: int
    incidents: list[NoticeRow]
    requests: list[RequestRow]
    warned: list[Warned]
    recipients: list[RecipientSummary]
    items: list[ItemSummary]
    bars: list[Bar]
    recipient_count: int
    disclosure_count: int
    news: News | None
    coverage: list[Coverage]
    was_corrected: bool
    ruled: list[UUID]

    @property
    def gaps(self) -> list[Coverage]:
        """The services with which the person has to do, and whose reports are known to be incomplete."""
        return [row for row in self.coverage if row.is_warned]

    @property
    def complete_count(self) -> int:
        """Of how many services everything was reported, as they declared."""
        return sum(bool(row.complete_since) and not row.gap for row in self.coverage)

    @property
    def is_empty(self) -> bool:
        return self.disclosure_count == 0


def overview_page(person: User, names: Names, *, new_since: datetime | None) -> OverviewPage:
    """Return the front page. At most six SQL statements, for any number of disclosures; one more
    while the notice of an incident is unread.

    ``new_since``: when the previous visit began, if there was one.
    """
    begins = last_months()
    found = combinations(corrected_record(person), new_since=new_since, months=begins)
    recipients = summaries_of(found, names, new_since)
    shown = [summary for summary in recipients if not summary.is_hidden]
    by_month = months_of(found, begins)
    decisions = decisions_of(person)
    approvals = approvals_among(decisions, names.document)
    services = {one.service for one in found} | {one.service for one in approvals if one.in_force}
    unread, unread_about_incidents = unread_counts(person)
    return OverviewPage(
        figures=figures(recipients, by_month, approvals),
        unread_count=unread,
        incidents=unread_incidents(person) if unread_about_incidents else [],
        requests=open_requests(person, names.document),
        warned=warnings_of(found, names),
        recipients=shown[:RECIPIENTS_SHOWN],
        items=item_summaries(found, names),
        bars=bars(by_month),
        recipient_count=len(recipients),
        disclosure_count=sum(summary.count for summary in recipients),
        news=news(recipients, new_since) if new_since else None,
        coverage=warned(coverage(names.document), services),
        was_corrected=not recipients and person.corrections.shown_to(person).exists(),
        ruled=ruled_since(decisions, new_since) if new_since else [],
    )


def figures(
    recipients: Iterable[RecipientSummary], by_month: Sequence[Month], approvals: Iterable[Approval]
) -> Figures:
    start = midnight(by_month[0].begins_on)
    lately = [summary.recipient for summary in recipients if summary.last_at >= start]
    abroad = [recipient for recipient in lately if recipient.is_abroad]
    return Figures(
        recipient_count=len(lately),
        disclosure_count=sum(month.count for month in by_month),
        abroad_count=len(abroad),
        countries=list({one.country.code: one.country.title for one in abroad}.values()),
        approval_count=sum(bool(one.in_force) for one in approvals),
    )


def last_months() -> list[date]:
    """Return the first days of the last twelve months, the current one last."""
    today = timezone.localdate()
    return [month_before(today, distance) for distance in reversed(range(MONTHS_SHOWN))]


def months_of(found: Sequence[Combination], begins: Sequence[date]) -> list[Month]:
    """Add up combinations that were counted by these months, including months without disclosures."""
    return [Month(day, sum(one.month_counts[number] for one in found)) for number, day in enumerate(begins)]


def ruled_since(decisions: Iterable[Decision], since: datetime) -> list[UUID]:
    """Return the decisions that standing rules made since then and nobody undid, in their order."""
    return [one.id for one in in_effect(decisions) if one.rule_id and one.decided_at >= since]


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
