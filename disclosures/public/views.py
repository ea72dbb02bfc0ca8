"""The public pages. Each is rendered from the newest publication; see ``published``."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from disclosures.content.publications import Document, publication_for
from disclosures.models import InquiryKind
from disclosures.public import glossary as glossaries
from disclosures.public import pages
from disclosures.public.overview_figure import overview
from disclosures.public.page_cache import ANY_TEXT, code_in, published
from disclosures.public.recipient_lists import ABROAD_PER_PAGE, abroad_list
from disclosures.public.recipient_lists import recipient_list as recipients_listed
from disclosures.public.scenario_index import BY_CONTROL, scenario_index, scenarios_of, way_in
from disclosures.public.search.index import index_of
from disclosures.public.search.questions import cleaned
from disclosures.public.search.results import MOST_PAGES, examples, results_of
from disclosures.public.site_words import operator_facts, site_of
from privacycenter.text.words import Words, inside_quotes

LONGEST_NUMBER = 9
LONGEST_DESCRIPTION = 200


def show(
    request: HttpRequest, template: str, title: Words | str, lead: Words | None = None, **context: Any
) -> HttpResponse:
    """Render a public page. ``title`` and ``lead`` also become its Open Graph data.

    There, ``shared_title`` replaces a title that means nothing outside this site.
    """
    description = " ".join(strip_tags(lead.text).split())[:LONGEST_DESCRIPTION] if lead else ""
    told = {
        "title": title.text if isinstance(title, Words) else title,
        "title_language": title.lang if isinstance(title, Words) else "",
        "description": description,
        "is_published": True,
    }
    return render(request, template, {**context, **told})


@published
def home(request: HttpRequest, document: Document) -> HttpResponse:
    site = site_of(request)
    return show(
        request, "public/home.html", _("Home"), page=pages.home(document),
        shared_title=site.title.text if site else "",
    )  # fmt: skip


@published(
    parameters={
        "by": lambda document, value: way_in(value),
        "service": code_in("services"),
        "item": code_in("data_items"),
    }
)
def page(request: HttpRequest, document: Document, code: str) -> HttpResponse:
    found = pages.page(document, code)
    if found is None:
        raise Http404
    index = scenario_index(document, found, **{name: request.GET.get(name, "") for name in ("by", "item", "service")})
    # The other two ways are answers of their own, without the figure.
    is_whole = index is not None and index.by == BY_CONTROL
    return show(
        request, "public/page.html", found.title, found.lead,
        page=found, index=index, overview=overview(list(scenarios_of(found.sections))) if is_whole else None,
        view_section="where" if code == pages.WHERE_PROVIDED else "",
    )  # fmt: skip


@published
def contact(request: HttpRequest, document: Document) -> HttpResponse:
    """Show the ways to write to the operator, and around them the page "contact" if it exists."""
    found = pages.page(document, "contact") or pages.empty_page("contact", _("Contact"))
    kinds = [(kind.code, kind.label) for kind in InquiryKind]
    return show(
        request, "public/contact.html", found.title, found.lead, page=found, inquiry_kinds=kinds,
        operator=operator_facts(document),
    )  # fmt: skip


def number_of_page(document: Document, value: str) -> str:
    """Return which page of recipients is meant; empty for the first. One past the end is the last, as for Paginator."""
    last = -(-len(document["recipients"]) // ABROAD_PER_PAGE)  # or later: no list has all of them
    number = int(value) if value.isdecimal() and len(value) < LONGEST_NUMBER else 1
    return str(min(number, last)) if min(number, last) > 1 else ""


def search_text(document: Document, value: str) -> str:
    """Return what is searched for, as it is compared: all that mean the same are one page."""
    return cleaned(value)


@published(parameters={"page": number_of_page, ANY_TEXT: search_text, "scenario": code_in("scenarios")})
def recipient_list(request: HttpRequest, document: Document) -> HttpResponse:
    """Show the recipients in Japan, or those that one situation names."""
    asked = {name: request.GET.get(name, "") for name in (ANY_TEXT, "scenario")}
    found = recipients_listed(document, hash_of(request), **asked, number=request.GET.get("page", ""))
    title = _("Recipients in Japan")
    if found.scenario:
        title = _("Recipients named for “%(scenario)s”") % {"scenario": inside_quotes(found.scenario.text)}
    kinds = [] if found.scenario else pages.recipient_kinds(document)
    return show(
        request, "public/recipient_list.html", title,
        found=found, kinds=kinds, view_section="recipients", q=asked[ANY_TEXT], scenario=asked["scenario"],
    )  # fmt: skip


@published(parameters={"page": number_of_page, ANY_TEXT: search_text})
def recipient_list_abroad(request: HttpRequest, document: Document) -> HttpResponse:
    title = _("Recipients abroad, and the data-protection systems of their countries")
    q = request.GET.get(ANY_TEXT, "")
    found = abroad_list(document, hash_of(request), q=q, number=request.GET.get("page", ""))
    return show(request, "public/recipient_list_abroad.html", title, found=found, q=q, view_section="recipients")


def hash_of(request: HttpRequest) -> str:
    publication = publication_for(request)
    return publication.sha256 if publication else ""


@published
def recipient(request: HttpRequest, document: Document, code: str) -> HttpResponse:
    found = pages.recipient(document, code)
    if found is None:
        raise Http404
    return show(request, "public/recipient.html", found.recipient.title, page=found, view_section="recipients")


@published
def service_list(request: HttpRequest, document: Document) -> HttpResponse:
    title, groups = _("What each service provides to whom"), pages.services_by_field(document)
    return show(request, "public/service_list.html", title, groups=groups, view_section="services")


@published
def service(request: HttpRequest, document: Document, code: str) -> HttpResponse:
    found = pages.service(document, code)
    if found is None:
        raise Http404
    title = _("What does %(service)s provide to whom?") % {"service": found.service.title.text}
    return show(request, "public/service.html", title, page=found, view_section="services")


@published
def faq(request: HttpRequest, document: Document) -> HttpResponse:
    """Show all questions, under the heading and opening words of the page "faq" if it exists."""
    found = pages.page(document, "faq")
    title: Words | str = found.title if found else _("Questions and answers")
    return show(
        request, "public/faq.html", title, found.lead if found else None,
        page=found, groups=pages.faq(document), view_section="faq",
    )  # fmt: skip


@published
def glossary(request: HttpRequest, document: Document) -> HttpResponse:
    return show(request, "public/glossary.html", _("Glossary"), page=glossaries.glossary(document))


def page_of_results(document: Document, value: str) -> str:
    """Return which page of results is meant; empty for the first, and for what is no number."""
    number = min(number_in(value), MOST_PAGES)
    return str(number) if number > 1 else ""


@published(parameters={ANY_TEXT: lambda document, value: cleaned(value), "page": page_of_results})
def search(request: HttpRequest, document: Document) -> HttpResponse:
    """Show search results. The latest answers are kept, apart from other pages."""
    index = index_of(document, hash_of(request))
    found = results_of(index, request.GET.get(ANY_TEXT, ""), number_in(request.GET.get("page", "")))
    context = {"found": found, "q": found.query, "view_section": "search"}
    if not found.count:
        context["examples"] = examples(index)
    return render(request, "public/search.html", context)


def number_in(text: str) -> int:
    """Return a page number. Anything else counts as the first page."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
