"""How requests are answered: by month and kind, as a page with a chart and as CSV."""

import csv
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from disclosures.inquiries.actions import take_step
from disclosures.inquiry_handling.actions import extend_inquiry
from disclosures.inquiry_handling.reports import inquiry_report, median, month_begins, within
from disclosures.models import InquiryKind, InquiryStanding, InquiryStatus
from tests.support.clock import clock_at
from tests.support.html import read
from tests.support.inquiries import confirm, filed
from tests.support.people import client_of

PAGE, FILE = "/admin/inquiries/report/", "/admin/inquiries/report.csv"
DAY = timedelta(days=1)
TODAY = timezone.make_aware(datetime(2026, 12, 20, 12))


def answered_after(days, officer, *, asked=datetime(2026, 11, 3, 12), kind=InquiryKind.CORRECTION):
    asked_at = timezone.make_aware(asked)
    with clock_at(asked_at):
        inquiry = filed(kind)
        confirm(inquiry, officer)
    if days is not None:
        with clock_at(asked_at + days * DAY):
            take_step(inquiry=inquiry, status=InquiryStatus.ANSWERED, message="お答えします。", by=officer)
    return inquiry


@pytest.fixture
def answered(officer):
    for days in (0, 2, 4, 20, None):
        answered_after(days, officer)
    answered_after(None, officer, asked=datetime(2026, 12, 15, 12), kind=InquiryKind.QUESTION)
    with clock_at(timezone.make_aware(datetime(2026, 12, 16, 12))):
        late = InquiryStanding.objects.get(status=InquiryStatus.RECEIVED, kind=InquiryKind.QUESTION)
        until = late.due_on + 5 * DAY
        extend_inquiry(inquiry=late.inquiry, until=until, reason="多くの照会が必要なため", by=officer)


@pytest.mark.django_db
def test_report_counts_each_month_and_kind_in_one_statement(answered, django_assert_num_queries):
    with clock_at(TODAY), django_assert_num_queries(1):
        report = inquiry_report(12)
    correction = InquiryKind.CORRECTION
    found = [(row.month, row.kind, row.received, row.answered, row.extended, row.overdue) for row in report.rows]
    december, november = date(2026, 12, 1), date(2026, 11, 1)
    assert found == [
        (december, InquiryKind.QUESTION, 1, 0, 1, 0), (december, None, 1, 0, 1, 0),
        (november, correction, 5, 4, 0, 2), (november, None, 5, 4, 0, 2),
    ]  # fmt: skip
    assert [(row.median_days, row.most_days) for row in report.rows] == [(None, None), (None, None), (3, 20), (3, 20)]
    assert [(row.kind, row.received) for row in report.totals] == [
        (correction, 5),
        (InquiryKind.QUESTION, 1),
        (None, 6),
    ]
    assert [(bar.bar.count, bar.late) for bar in report.chart][-2:] == [(5, 2), (1, 0)]


@pytest.mark.django_db
def test_page_and_file_say_the_same(officer, answered):
    with clock_at(TODAY):
        as_officer = client_of(officer)
        page = read(as_officer.get(f"/en{PAGE}"))
        content = as_officer.get(FILE).content.decode("utf-8-sig")
    assert [len(table.one("tbody").all("tr")) for table in page.all("table", cls="desk-table")] == [3, 2, 4]
    head, *lines = csv.reader(content.splitlines())
    assert head[:4] == ["month", "kind", "received", "answered"]
    assert ["2026-11", "correction", "5", "4", "3", "20", "0", "2"] in lines
    assert lines[-1][:3] == ["all", "all", "6"] and "花子" not in content


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?months=24", "?months=36", "?months=x"])
def test_report_is_the_officers_alone_also_when_nothing_came(as_officer, as_editor, as_hanako, query):
    for address in (PAGE, FILE):
        assert as_officer.get(f"{address}{query}").status_code == 200
        assert as_editor.get(f"{address}{query}").status_code == 403
        assert as_hanako.get(f"{address}{query}", follow=True).status_code == 403


@pytest.mark.once
@pytest.mark.parametrize(
    ("days", "middle", "most"),
    [([], None, None), ([3], 3, 3), ([1, 2], 1.5, 2), ([1, 2, 9], 2, 9), (list(range(1, 101)), 50.5, 90), ([0] * 9 + [7], 0, 0)],
)  # fmt: skip
def test_half_and_ninety_of_a_hundred(days, middle, most):
    assert (median(days), within(days, 90)) == (middle, most)


@pytest.mark.once
def test_months_go_over_the_turn_of_the_year():
    assert month_begins(date(2026, 1, 31), 3) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
