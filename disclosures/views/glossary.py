"""The terms of these pages in plain words."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from disclosures.queries import glossary as glossaries
from disclosures.queries.publications import Document
from disclosures.views.pages import show
from disclosures.views.published import published


@published
def glossary(request: HttpRequest, document: Document) -> HttpResponse:
    return show(request, "disclosures/glossary.html", _("Glossary"), page=glossaries.glossary(document))
