"""What is new about requests to the operator, for the mails to staff."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import ngettext

from disclosures.models import Inquiry, InquiryStanding
from disclosures.staff_mails.news import News

# How long before its last day one that waits is told of.
BEFORE = timedelta(days=3)


def inquiry_news(since: datetime, until: datetime) -> Iterable[News]:
    """Yield how many came, how many are due within three days, and how many became overdue. Three SQL statements."""
    if count := Inquiry.objects.filter(asked_at__gt=since, asked_at__lte=until).count():
        words = ngettext("%(count)s new request to the operator", "%(count)s new requests to the operator", count)
        yield News("disclosures.view_inquiry", words % {"count": count}, "admin:inquiries")
    first, last = timezone.localdate(since), timezone.localdate(until)
    if count := waiting_due(first + BEFORE, last + BEFORE):
        words = ngettext(
            "%(count)s request to the operator has to be answered within three days",
            "%(count)s requests to the operator have to be answered within three days",
            count,
        )
        yield News("disclosures.view_inquiry", words % {"count": count}, "admin:inquiries")
    if count := waiting_due(first - timedelta(days=1), last - timedelta(days=1)):
        words = ngettext(
            "%(count)s request to the operator is overdue", "%(count)s requests to the operator are overdue", count
        )
        yield News("disclosures.view_inquiry", words % {"count": count}, "admin:inquiries")


def waiting_due(after: date, until: date) -> int:
    """Return how many wait whose last day is after the first of these days, and not after the second."""
    return InquiryStanding.objects.waiting().filter(due_on__gt=after, due_on__lte=until).count()
