"""Search over everything that is published."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from disclosures.queries import search as searching
from disclosures.queries.publications import publication_for
from disclosures.views.unkept import for_everyone


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results are not kept: there are as many as questions. One SQL statement."""
    publication = publication_for(request)
    if publication is None:
        return render(request, "disclosures/nothing_published.html", status=503)
    index = searching.index_of(publication.document, publication.sha256)
    found = searching.search(index, request.GET.get("q", ""), number_in(request.GET.get("page", "")))
    context = {"found": found, "q": found.query, "view_section": "search"}
    if not found.count:
        context["examples"] = searching.examples(index)
    return for_everyone(render(request, "disclosures/search.html", context))


def number_in(text: str) -> int:
    """A page number; anything else is the first page."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
