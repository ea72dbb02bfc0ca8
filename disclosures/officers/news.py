"""What is new about cases and reporters, for the mails to staff."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures.models import Case, ReporterStep, ReporterStepKind
from disclosures.staff_mails.news import News
from privacycenter.text.words import inside_quotes


def case_news(since: datetime, until: datetime) -> Iterable[News]:
    """Yield how many cases were opened and how many became overdue, and each alarm about a reporter. Three SQL
    statements."""
    if count := Case.objects.filter(opened_at__gt=since, opened_at__lte=until).count():
        words = ngettext("%(count)s new case", "%(count)s new cases", count) % {"count": count}
        yield News("disclosures.view_case", words, "admin:cases")
    first, last = timezone.localdate(since), timezone.localdate(until)
    if count := Case.objects.open().filter(due_on__gte=first, due_on__lt=last).count():
        words = ngettext("%(count)s case became overdue", "%(count)s cases became overdue", count) % {"count": count}
        yield News("disclosures.view_case", words, "admin:cases")
    alarms = ReporterStep.objects.filter(kind=ReporterStepKind.STORM, taken_at__gt=since, taken_at__lte=until)
    for alarm in alarms.select_related("reporter").order_by("pk"):
        words = _("Unusually many reports that need a look come from “%(reporter)s”") % {
            "reporter": inside_quotes(alarm.reporter.title)
        }
        yield News("disclosures.view_case", words, "admin:cases")
