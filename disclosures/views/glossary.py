"""The terms of these pages in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from disclosures.queries import glossary as glossaries
from disclosures.queries.publications import Document
from disclosures.views.published import published


@published
def glossary(request: HttpRequest, document: Document) -> HttpResponse:
    return render(request, "disclosures/glossary.html", {"page": glossaries.glossary(document)})
