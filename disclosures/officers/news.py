"""What is new about cases, for the mails to staff."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import ngettext

from disclosures.models import Case
from disclosures.staff_mails.news import News


def case_news(since: datetime, until: datetime) -> Iterable[News]:
    """Yield how many cases were opened. One SQL statement."""
    if count := Case.objects.filter(opened_at__gt=since, opened_at__lte=until).count():
        words = ngettext("%(count)s new case", "%(count)s new cases", count) % {"count": count}
        yield News("disclosures.view_case", words, "admin:cases")
