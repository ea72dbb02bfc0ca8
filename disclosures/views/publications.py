"""The public record of publications."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from disclosures.queries import changes
from disclosures.queries.publications import Document, publication_for
from disclosures.views.published import published


@published(parameters=("page",))
def change_list(request: HttpRequest, document: Document) -> HttpResponse:
    page = request.GET.get("page") or "1"
    found = changes.publication_list(newest_number(request), int(page)) if is_number(page) else None
    if found is None:
        raise Http404
    context = {
        "list": found,
        "newer_url": page_url(found.page - 1) if found.page > 1 else "",
        "older_url": page_url(found.page + 1) if found.page < found.pages else "",
    }
    return render(request, "disclosures/change_list.html", context)


@published
def change(request: HttpRequest, document: Document, number: int) -> HttpResponse:
    found = changes.change_page(number, newest_number(request), document)
    if found is None:
        raise Http404
    return render(request, "disclosures/change.html", {"page": found})


def newest_number(request: HttpRequest) -> int:
    publication = publication_for(request)
    return publication.number if publication else 0


def is_number(text: str) -> bool:
    """Written in one way only, so that no page is made twice: 2, not 02 or ２."""
    return text.isascii() and text.isdigit() and text[0] != "0" and len(text) < 7


def page_url(page: int) -> str:
    address = reverse("change_list")
    return f"{address}?page={page}" if page > 1 else address
