"""Files at well-known paths: sitemap.xml, robots.txt and security.txt."""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from disclosures.public import sitemap as sitemaps
from disclosures.public.page_cache import published
from disclosures.public.uncached import for_everyone
from disclosures.publishing.publications import Document, publication_for
from privacycenter.text.languages import site_languages

TEXT = "text/plain; charset=utf-8"


@published
def sitemap(request: HttpRequest, document: Document) -> HttpResponse:
    publication = publication_for(request)
    context = {
        "entries": sitemaps.sitemap(document, publication.number if publication else 0),
        "changed_at": publication.published_at if publication else None,
        "root": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "sitemap.xml", context, content_type="application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in sitemaps.closed_paths())]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"]
    return for_everyone(HttpResponse("\n".join(lines) + "\n", content_type=TEXT))


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Answer with security.txt (RFC 9116). 404 while nothing is published.

    Without a contact in the content, it gives the page for requests to the operator, which anybody can use. Not cached,
    because the expiry depends on today.
    """
    publication = publication_for(request)
    if publication is None:
        raise Http404
    contact = sitemaps.security_contact(publication.document) or request.build_absolute_uri(reverse("contact"))
    expires = sitemaps.security_expiry(publication.published_at, datetime.now(UTC).date())
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(site_languages())}",
        f"Canonical: {request.build_absolute_uri(reverse('security_txt'))}",
    ]
    return for_everyone(HttpResponse("\n".join(lines) + "\n", content_type=TEXT))
