"""What a person reads first."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from consents.queries.requests import RequestRow, open_requests
from disclosures.charts import Bar, bars
from disclosures.queries.coverage import Coverage, coverage
from disclosures.queries.ledger import RecipientSummary, months, recipient_summaries
from disclosures.queries.publications import Document
from privacycenter.models import User

RECIPIENTS_SHOWN = 10
NEW_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class OverviewPage:
    """``recipients`` are the most recent ones; ``recipient_count`` counts all of them."""

    requests: list[RequestRow]
    recipients: list[RecipientSummary]
    recipient_count: int
    disclosure_count: int
    new_count: int
    flagged_count: int
    flagged: list[RecipientSummary]
    bars: list[Bar]
    year_count: int
    coverage: list[Coverage]

    @property
    def is_empty(self) -> bool:
        return self.disclosure_count == 0


def overview_page(person: User, document: Document | None) -> OverviewPage:
    """Five SQL statements, however many disclosures."""
    recipients = recipient_summaries(person, document)
    by_month = months(person)
    recently = timezone.now() - NEW_WITHIN
    return OverviewPage(
        requests=open_requests(person),
        recipients=recipients[:RECIPIENTS_SHOWN],
        recipient_count=len(recipients),
        disclosure_count=sum(summary.count for summary in recipients),
        new_count=sum(summary.first_at >= recently for summary in recipients),
        flagged_count=sum(summary.flagged_count for summary in recipients),
        flagged=[summary for summary in recipients if summary.flagged_count],
        bars=bars(by_month),
        year_count=sum(month.count for month in by_month),
        coverage=coverage(document),
    )
