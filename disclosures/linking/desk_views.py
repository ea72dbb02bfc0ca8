"""The desk's page of links, pictures and documents to put into a text; a form of the desk shows it in a dialog."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.content.held_copy import held_copy
from disclosures.linking.forms import LinkableForm
from disclosures.linking.queries import linkables, no_match_told
from privacycenter.http.declared_views import shows_nobody

ON_A_PAGE = 20


@require_safe
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def linkable_list(request: HttpRequest) -> HttpResponse:
    """List what a text can link to or show, with the Markdown to copy. ``in=dialog``: that part alone, to choose by a
    button. Costs ``held_copy``.
    """
    form = LinkableForm(request.GET)
    looked_for = form.looked_for()
    found = linkables(held_copy().document, **looked_for)
    more = {
        "form": form,
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "nothing": no_match_told(looked_for["query"]),
        "language": looked_for["language"],
    }
    if request.GET.get("in") == "dialog":
        return TemplateResponse(request, "linking/_dialog.html", more)
    context = {**admin.site.each_context(request), "title": _("Links and pictures for a text"), **more}
    return TemplateResponse(request, "linking/linkable_list.html", context)
