"""How requests to the operator are answered: a page with a chart, and the same as CSV. They name nobody."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from disclosures.inquiries.answerers import MAY_SEE
from disclosures.inquiry_handling.reports import MONTHS_OFFERED, inquiry_report, table_lines
from privacycenter.http.declared_views import shows_nobody
from privacycenter.text.csv_cells import MARKER, defused, written


@require_safe
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def report(request: HttpRequest) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("How requests are answered"),
        "report": inquiry_report(months_of(request)),
        "offered": MONTHS_OFFERED,
    }
    return TemplateResponse(request, "inquiry_handling/desk_inquiry_report.html", context)


@require_safe
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def report_csv(request: HttpRequest) -> HttpResponse:
    made = inquiry_report(months_of(request))
    lines = ([defused(cell) for cell in line] for line in table_lines([*made.rows, *made.totals]))
    headers = {"Content-Disposition": f'attachment; filename="requests-{timezone.localdate():%Y-%m-%d}.csv"'}
    return HttpResponse(MARKER + written(lines), content_type="text/csv; charset=utf-8", headers=headers)


def months_of(request: HttpRequest) -> int:
    """Return how many months are asked for; the fewest offered for any other number."""
    asked = request.GET.get("months", "")
    return next((months for months in MONTHS_OFFERED if str(months) == asked), MONTHS_OFFERED[0])
