"""By when each law wants each kind of request answered."""

from datetime import UTC, date, datetime, timedelta

import pytest

from disclosures.inquiries.laws import LONGEST_DAYS, Period, first_due_on, last_due_on, term_of
from disclosures.models import InquiryKind, InquiryLaw

pytestmark = pytest.mark.once

APPI, GDPR, CCPA = InquiryLaw.APPI, InquiryLaw.GDPR, InquiryLaw.CCPA


@pytest.mark.parametrize(
    ("months", "day", "end"),
    [
        (1, date(2026, 1, 15), date(2026, 2, 15)), (1, date(2026, 1, 31), date(2026, 2, 28)),
        (1, date(2028, 1, 31), date(2028, 2, 29)), (1, date(2026, 12, 31), date(2027, 1, 31)),
        (3, date(2026, 11, 30), date(2027, 2, 28)), (12, date(2028, 2, 29), date(2029, 2, 28)),
        (0, date(2026, 2, 28), date(2026, 2, 28)),
    ],
)  # fmt: skip
def test_months_end_on_the_same_day_or_the_last_one(months, day, end):
    assert Period(months=months).after(day) == end


def test_extension_is_counted_from_the_day_of_the_request_not_from_the_first_end():
    asked_at = datetime(2026, 1, 31, 3, tzinfo=UTC)
    assert first_due_on(GDPR, InquiryKind.DISCLOSURE, asked_at) == date(2026, 2, 28)
    assert last_due_on(GDPR, InquiryKind.DISCLOSURE, asked_at) == date(2026, 4, 30)


def test_day_of_a_request_is_that_of_the_site_and_not_of_utc():
    """It is half past midnight on March 1 in Tokyo."""
    asked_at = datetime(2026, 2, 28, 15, 30, tzinfo=UTC)
    assert first_due_on(GDPR, InquiryKind.STOP, asked_at) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("law", "kind", "first", "longest"),
    [
        (APPI, InquiryKind.DISCLOSURE, 14, LONGEST_DAYS), (APPI, InquiryKind.QUESTION, 14, LONGEST_DAYS),
        (CCPA, InquiryKind.DISCLOSURE, 45, 90), (CCPA, InquiryKind.CORRECTION, 45, 90),
        (CCPA, InquiryKind.STOP, 15, 15), (CCPA, InquiryKind.QUESTION, 14, LONGEST_DAYS),
        (GDPR, InquiryKind.QUESTION, 14, LONGEST_DAYS),
    ],
)  # fmt: skip
def test_each_kind_has_its_days_under_each_law(law, kind, first, longest):
    asked_at, day = datetime(2026, 6, 1, tzinfo=UTC), date(2026, 6, 1)
    assert first_due_on(law, kind, asked_at) == day + timedelta(days=first)
    assert last_due_on(law, kind, asked_at) == day + timedelta(days=longest)


def test_operator_says_how_long_where_the_law_says_without_delay(settings):
    settings.INQUIRY_DAYS = 7
    assert first_due_on(APPI, InquiryKind.STOP, datetime(2026, 6, 1, tzinfo=UTC)) == date(2026, 6, 8)


def test_only_what_a_law_says_has_a_source():
    for law in InquiryLaw:
        assert term_of(law, InquiryKind.QUESTION).source == ""
        assert all(term_of(law, kind).source for kind in InquiryKind if kind != InquiryKind.QUESTION)
