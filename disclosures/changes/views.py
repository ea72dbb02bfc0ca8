"""Public pages of the record of publications."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.changes import queries
from disclosures.content.publications import Document, publication_for
from disclosures.public.page_cache import UNKNOWN, published
from disclosures.public.views import show
from privacycenter.text.words import as_written


def number_of_page(document: Document, value: str) -> str:
    """Return what a number of a page means. Empty for the first page, ``UNKNOWN`` for no number."""
    if value in ("", "1"):
        return ""
    return value if is_number(value) else UNKNOWN


@published(parameters={"page": number_of_page})
def change_list(request: HttpRequest, document: Document) -> HttpResponse:
    page = request.GET.get("page") or "1"
    found = queries.publication_list(newest_number(request), int(page)) if is_number(page) else None
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "list": found,
        "newer_url": page_url(found.page - 1) if found.page > 1 else "",
        "older_url": page_url(found.page + 1) if found.page < found.pages else "",
    }
    return show(request, "changes/change_list.html", _("Record of changes"), **context)


@published(parameters={"page": number_of_page})
def change(request: HttpRequest, document: Document, number: int) -> HttpResponse:
    page = request.GET.get("page") or "1"
    found = queries.change_page(number, newest_number(request), document, page) if is_number(page) else None
    if found is None or int(page) > found.page.paginator.num_pages:
        raise Http404
    title = _("What changed with publication %(number)s") % {"number": number}
    return show(request, "changes/change.html", title, as_written(found.publication.reason), page=found)


def newest_number(request: HttpRequest) -> int:
    publication = publication_for(request)
    return publication.number if publication else 0


def is_number(text: str) -> bool:
    """Accept only the canonical form (2, not 02 or ２), so that no page is rendered twice."""
    return text.isascii() and text.isdigit() and text[0] != "0" and len(text) < 7


def page_url(page: int) -> str:
    address = reverse("change_list")
    return f"{address}?page={page}" if page > 1 else address
