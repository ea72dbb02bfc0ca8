"""Files at well-known paths: sitemap.xml, robots.txt, security.txt, the manifest, and where a password is changed."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from disclosures.content.publications import Document, publication_for
from disclosures.public import sitemap as sitemaps
from disclosures.public.page_cache import published
from disclosures.public.site_words import site_of
from disclosures.public.uncached import for_everyone
from disclosures.theme.served import shown_theme
from privacycenter.text.languages import page_language, site_languages

TEXT = "text/plain; charset=utf-8"


@published
def sitemap(request: HttpRequest, document: Document) -> HttpResponse:
    publication = publication_for(request)
    context = {
        "entries": sitemaps.sitemap(document, publication.number if publication else 0),
        "changed_at": publication.published_at if publication else None,
        "root": settings.SITE_ADDRESS,
    }
    return render(request, "sitemap.xml", context, content_type="application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in sitemaps.closed_paths())]
    lines += ["", f"Sitemap: {settings.SITE_ADDRESS}{reverse('sitemap')}"]
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
    contact = sitemaps.security_contact(publication.document) or settings.SITE_ADDRESS + reverse("contact")
    expires = sitemaps.security_expiry(publication.published_at, datetime.now(UTC).date())
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(site_languages())}",
        f"Canonical: {settings.SITE_ADDRESS}{reverse('security_txt')}",
    ]
    return for_everyone(HttpResponse("\n".join(lines) + "\n", content_type=TEXT))


@published
def manifest(request: HttpRequest, document: Document) -> HttpResponse:
    """Answer with the web app manifest: the site's name and picture, for who puts it on a home screen."""
    site = site_of(request)
    theme = shown_theme()
    icons = [
        {"src": theme.icon, "sizes": "any", "type": theme.icon_type},
        {"src": theme.touch, "sizes": "180x180", "type": "image/png"},
    ]
    told = {
        "name": site.title.text if site else "",
        "lang": page_language(),
        "start_url": reverse("home"),
        "display": "browser",
        "background_color": theme.paper,
        "theme_color": theme.paper,
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Lead password managers to the page where a password is changed (W3C: a well-known URL for it)."""
    return redirect("account_change_password")
