"""What is new about questions of services, for the mails to staff."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import ngettext

from consents.models import QuestionSpike
from disclosures.staff_mails.news import News


def spike_news(since: datetime, until: datetime) -> Iterable[News]:
    """Yield how often a service was told no far more often than usual. One SQL statement."""
    if count := QuestionSpike.objects.filter(noticed_at__gt=since, noticed_at__lte=until).count():
        words = ngettext(
            "A service was told no unusually often: %(count)s time",
            "Services were told no unusually often: %(count)s times",
            count,
        )
        yield News("consents.view_questiontotal", words % {"count": count}, "admin:questions")
