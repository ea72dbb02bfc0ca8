"""What is new about withdrawals, for the mails to staff."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import ngettext

from consents.models import WithdrawalCase
from disclosures.staff_mails.news import News


def withdrawal_news(since: datetime, until: datetime) -> Iterable[News]:
    """Yield how many became overdue. One SQL statement."""
    if count := WithdrawalCase.objects.open().filter(due_at__gt=since, due_at__lte=until).count():
        words = ngettext("%(count)s withdrawal became overdue", "%(count)s withdrawals became overdue", count)
        yield News("consents.view_withdrawalcase", words % {"count": count}, "admin:withdrawals")
