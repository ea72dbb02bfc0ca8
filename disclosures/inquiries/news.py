"""What is new about requests to the operator, for the mails to staff."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import ngettext

from disclosures.models import Inquiry, InquiryStatus
from disclosures.staff_mails.news import News

# After so long one that waits is told of again.
LONG = timedelta(days=7)
WAITING = tuple(status for status in InquiryStatus if status.waits)


def inquiry_news(since: datetime, until: datetime) -> Iterable[News]:
    """Yield how many came, and how many have begun to wait for long. Two SQL statements."""
    if count := Inquiry.objects.filter(asked_at__gt=since, asked_at__lte=until).count():
        words = ngettext("%(count)s new request to the operator", "%(count)s new requests to the operator", count)
        yield News("disclosures.view_inquiry", words % {"count": count}, "admin:inquiries")
    old = Inquiry.objects.standing_at(*WAITING).filter(asked_at__gt=since - LONG, asked_at__lte=until - LONG)
    if count := old.count():
        words = ngettext(
            "%(count)s request to the operator has waited for a week",
            "%(count)s requests to the operator have waited for a week",
            count,
        )
        yield News("disclosures.view_inquiry", words % {"count": count}, "admin:inquiries")
