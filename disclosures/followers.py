"""What happens after disclosures are committed."""

from datetime import datetime
from typing import Any

from django.db.models import F

from disclosures.actions.proposals import publish_due_proposal
from disclosures.models import Proposal, ReportCount


def count_reports(topic: str, payload: dict[str, Any]) -> None:
    """Add a batch to the counts of its services. Runs in one transaction with the deletion of its outbox row, so a
    batch is counted once however often the work is tried."""
    at = datetime.fromisoformat(payload["at"])
    for service, count in payload["counts"]:
        row, _ = ReportCount.objects.get_or_create(
            service_id=service,
            reporter_id=payload["reporter"],
            defaults={"first_reported_at": at, "last_reported_at": at},
        )
        ReportCount.objects.filter(pk=row.pk).update(disclosure_count=F("disclosure_count") + count)
        ReportCount.objects.filter(pk=row.pk, last_reported_at__lt=at).update(last_reported_at=at)


def publish_when_due(topic: str, payload: dict[str, Any]) -> None:
    """Publish an approved proposal at its time. Done twice, it publishes once."""
    publish_due_proposal(proposal=Proposal.objects.get(pk=payload["proposal"]))
