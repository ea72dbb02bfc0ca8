"""What is new about recalls, for the mails to staff."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import ngettext

from consents.models import RecallCase
from disclosures.staff_mails.news import News


def recall_news(since: datetime, until: datetime) -> Iterable[News]:
    """Yield how many cases came, and how many became overdue. Two SQL statements."""
    if count := RecallCase.objects.filter(opened_at__gt=since, opened_at__lte=until).count():
        words = ngettext("%(count)s new recall case", "%(count)s new recall cases", count)
        yield News("consents.view_recallcase", words % {"count": count}, "admin:recalls")
    if count := RecallCase.objects.open().filter(due_at__gt=since, due_at__lte=until).count():
        words = ngettext("%(count)s recall case became overdue", "%(count)s recall cases became overdue", count)
        yield News("consents.view_recallcase", words % {"count": count}, "admin:recalls")
