"""The desk's page on completeness: per service and reporter, what is missing and who is silent."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.content.publications import document_for
from disclosures.coverage.queries import alarm_count, reporter_coverage
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


def front_page(user: User) -> dict[str, int]:
    """Return the desk's front-page context for officers."""
    return {"coverage_count": alarm_count(reporter_coverage())} if user.has_perm("disclosures.view_heartbeat") else {}


@require_safe
@permission_required("disclosures.view_heartbeat", raise_exception=True)
@shows_nobody
def coverage(request: HttpRequest) -> HttpResponse:
    rows = reporter_coverage(document_for(request))
    context = {
        **admin.site.each_context(request),
        "title": _("How complete the reports are"),
        "rows": rows,
        "alarm_count": alarm_count(rows),
        "silent_after_hours": settings.SILENT_AFTER_HOURS,
    }
    return TemplateResponse(request, "coverage/desk_coverage.html", context)
