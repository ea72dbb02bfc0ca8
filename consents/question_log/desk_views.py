"""What services ask, at the privacy officer's desk: counts by day, recipient and service, which name nobody."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consents.question_log import queries as questions
from consents.question_log.forms import TotalFilterForm
from privacycenter.http.declared_views import shows_nobody

MAY_SEE = "consents.view_questiontotal"


def front_page(request: HttpRequest) -> dict[str, Any]:
    """Return how many spikes there were lately, for the desk's front page, if this officer may see them."""
    return {"spike_count": questions.recent_spike_count()} if request.user.has_perm(MAY_SEE) else {}


@require_safe
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def question_list(request: HttpRequest) -> HttpResponse:
    form = TotalFilterForm(request.GET)
    context = {
        **admin.site.each_context(request),
        "title": _("What services asked"),
        "form": form,
        "page": questions.question_totals(form.filters(), request.GET.get("page", "")),
    }
    return TemplateResponse(request, "question_log/question_list.html", context)
