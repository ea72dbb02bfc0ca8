"""By when the laws want a request answered, and how much more time they allow. Pure: no SQL.

Sources: APPI arts. 28(3), 33(2), 34(2), 35 ("without delay": the operator's own number of days stands in); GDPR art.
12(3) (one month, extendable by two further months, told within the first); CCPA: Cal. Civ. Code § 1798.130(a)(2)(A)
and 11 CCR § 7021(b) (45 days, once more 45, told within the first), 11 CCR § 7026(f) (to stop selling or sharing: 15
business days, no more; they are counted as 15 days of the calendar, which is never later).

The clock begins with the day on which the request came, also where a law would let it begin later, when the identity
is known (EDPB Guidelines 01/2022, no. 157): the day that is shown is never later than the law's.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disclosures.models import InquiryKind, InquiryLaw

# How long a request may take in all where no law says it.
LONGEST_DAYS = 60


@dataclass(frozen=True)
class Period:
    """So many calendar months, then so many days."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """Return the day at whose end the period is over. A month that has no such day ends with its last one."""
        month = day.month - 1 + self.months
        year, month = day.year + month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        return date(year, month, min(day.day, last)) + timedelta(days=self.days)


@dataclass(frozen=True)
class Term:
    """``first``: the time to answer. ``longest``: the time with every extension, counted from the same day.

    ``is_told_within_first``: an extension has to be told before ``first`` is over. ``source``: where the law says it;
    empty if the operator does.
    """

    first: Period
    longest: Period
    is_told_within_first: bool = False
    source: str = ""


GDPR = Term(Period(months=1), Period(months=3), is_told_within_first=True, source="GDPR art. 12(3)")
CCPA = Term(Period(days=45), Period(days=90), is_told_within_first=True, source="Cal. Civ. Code § 1798.130(a)(2)(A)")
CCPA_STOP = Term(Period(days=15), Period(days=15), is_told_within_first=True, source="11 CCR § 7026(f)")
APPI_SOURCES = {
    InquiryKind.DISCLOSURE: _("APPI art. 33(2)"),
    InquiryKind.CORRECTION: _("APPI art. 34(2)"),
    InquiryKind.STOP: _("APPI art. 35"),
    InquiryKind.ABROAD: _("APPI art. 28(3)"),
}


def default_law() -> InquiryLaw:
    return InquiryLaw(settings.INQUIRY_LAW)


def term_of(law: InquiryLaw, kind: InquiryKind) -> Term:
    """Return how long a request of this kind may take. A question is under no law, whichever was chosen."""
    if kind == InquiryKind.QUESTION or law == InquiryLaw.APPI:
        source = str(APPI_SOURCES.get(kind, "")) if law == InquiryLaw.APPI else ""
        return Term(Period(days=settings.INQUIRY_DAYS), Period(days=LONGEST_DAYS), source=source)
    if law == InquiryLaw.CCPA:
        return CCPA_STOP if kind == InquiryKind.STOP else CCPA
    return GDPR


def first_due_on(law: InquiryLaw, kind: InquiryKind, asked_at: datetime) -> date:
    """Return the last day on which an answer is in time, by the site's time zone."""
    return term_of(law, kind).first.after(timezone.localdate(asked_at))


def last_due_on(law: InquiryLaw, kind: InquiryKind, asked_at: datetime) -> date:
    """Return the last day to which the time may be extended."""
    return term_of(law, kind).longest.after(timezone.localdate(asked_at))
