"""Preview of the working copy, through the same views and templates as the public pages.

Previews are for the desk only and never cached; only the desk's page with the two widths may frame them.
"""

import inspect
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from disclosures.change_sets.queries import document_of_set
from disclosures.content.entries import edit_url
from disclosures.content.held_copy import held_copy
from disclosures.content.publications import Document, document_for
from disclosures.editing.preview_urls import HOME, address_in_preview, edit_targets
from disclosures.guard_rails.references import with_missing
from disclosures.models import ChangeSet, Publication
from disclosures.preview.rewriting import PreviewLinks, preview_of
from disclosures.public.pages import topics
from privacycenter.http.declared_views import shows_nobody
from privacycenter.text.languages import languages_of_site, path_prefix, speaking, translate_url

# URL name of a page about one entry → the kind of that entry.
HEADED_BY = {"page": "pages", "recipient": "recipients", "service": "services"}
# Pages with a URL of their own, whose heading and opening words come from the page entry with the same code.
HEADED_BY_NAME = ("faq", "contact")
FILES = "/files/"
# They compare publications, and the working copy is not one.
OF_PUBLICATIONS = ("change_list", "change")
# How many open change sets the preview offers; each one's own page leads to its preview.
MOST_SETS = 50


@require_safe
@permission_required("disclosures.view_page", raise_exception=True)
@csp_update({"frame-src": [SELF]})
@shows_nobody
def preview_frames(request: HttpRequest) -> HttpResponse:
    """Show one page of the working copy at the width of a phone, of a desktop, or both side by side."""
    path = request.GET.get("path", "/")
    if get_language_from_path(path) or public_view(path) is None:
        path = "/"
    change_set = set_of(request)
    document = document_shown(request, change_set)
    width = request.GET.get("width", "")
    context = {
        **admin.site.each_context(request),
        "title": _("Preview of the working copy"),
        "path": path,
        "width": width if width in ("phone", "desktop") else "both",
        "address": of_set(address_in_preview(path), change_set),
        "change_set": change_set,
        "sets": ChangeSet.objects.open().select_related("owner")[:MOST_SETS],
        "pages": preview_choices(document),
    }
    return TemplateResponse(request, "preview/preview_frames.html", context)


@require_safe
@permission_required("disclosures.view_page", raise_exception=True)
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # its types lack views with path arguments
@shows_nobody
def preview_page(request: HttpRequest, path: str) -> HttpResponse:
    """Show one public page with the content of the working copy. 404 for pages that do not show published content."""
    public_path = path_prefix() + ("/" if path == HOME else f"/{path}")
    found = public_view(public_path)
    if found is None or get_language_from_path(f"/{path}"):
        raise Http404
    view, name, parts = found
    change_set = set_of(request)
    document = document_shown(request, change_set)
    response = as_visitors_see_it(request, public_path, document, lambda: view(request, document=document, **parts))
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
        return response
    previewed = PreviewLinks(
        targets={anchor: edit_url(*target) for anchor, target in edit_targets(document, name).items()},
        heading=heading_address(name, parts),
        notes={code: edit_url("scenarios", code, "notes") for code in document["scenarios"]},
        disclaimer=edit_url("site", "site", "disclaimer"),
        disclaimer_titles=set(document["site"].get("site", {}).get("disclaimer_title", {}).values()),
        in_preview=lambda address: of_set(in_preview(address), change_set),
        label=_("Edit this"),
        head=f'<link rel="stylesheet" href="{static("css/preview.css")}">',
        bar=bar(request, public_path, change_set),
    )
    response.content = preview_of(response.content.decode(), previewed)
    return response


def as_visitors_see_it(
    request: HttpRequest, public_path: str, document: Document, view: Callable[[], HttpResponse]
) -> HttpResponse:
    """Call the view as if the working copy were published and the request were for the public path."""
    here = request.path, request.path_info
    request.publication = Publication(number=0, document=document, sha256="")  # type: ignore[attr-defined]
    request.path = request.path_info = public_path
    try:
        return view()
    finally:
        request.path, request.path_info = here


def public_view(path: str) -> tuple[Callable[..., HttpResponse], str, dict[str, Any]] | None:
    """Return the view of a page of published content, its URL name and its path arguments. None for any other path.

    Such a view takes a ``document`` parameter, which distinguishes it from the others.
    """
    if not path.startswith("/") or path.startswith("//"):
        return None
    path = urlsplit(path).path
    with speaking(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    view = inspect.unwrap(match.func)
    if match.namespaces or "document" not in inspect.signature(view).parameters or match.url_name in OF_PUBLICATIONS:
        return None
    return view, match.url_name or "", match.kwargs


def in_preview(address: str) -> str | None:
    """Return the preview URL of an address on a public page. None if it leads elsewhere.

    Pictures and documents are the desk's, which has those that are not published too.
    """
    if address.startswith(FILES):
        return reverse("admin:desk_file", args=address.removeprefix(FILES).split(".", 1))
    if public_view(address) is None:
        return None
    language = get_language_from_path(address) or settings.LANGUAGE_CODE
    with speaking(language):
        return address_in_preview(address.removeprefix(f"/{language}") or "/")


def heading_address(name: str, parts: dict[str, Any]) -> str:
    """Return the URL of the form for the page's main heading. Empty if the heading is not content."""
    if name == "home":
        return edit_url("site", "site", "lead")
    if name in HEADED_BY_NAME:
        return edit_url("pages", name)
    return edit_url(HEADED_BY[name], parts["code"]) if name in HEADED_BY else ""


def set_of(request: HttpRequest) -> ChangeSet | None:
    """Return the open change set that the address asks for, None for everything together. 404 for one that is not."""
    asked = request.GET.get("set", "")
    if not asked or not request.user.has_perm("disclosures.view_changeset"):
        return None
    found = ChangeSet.objects.open().filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None
    if found is None:
        raise Http404
    return found


def document_shown(request: HttpRequest, change_set: ChangeSet | None) -> Document:
    """Return the working copy, or the newest publication with one set's changes.

    What these name and only another set has is shown, too: whether they can be published is the set's page's to say.
    """
    working = held_copy().document
    return with_missing(document_of_set(change_set, document_for(request)), working) if change_set else working


def of_set(address: Any, change_set: ChangeSet | None) -> Any:
    """Return an address of the preview that stays with a set. None stays None."""
    if change_set is None or address is None:
        return address
    parts = urlsplit(address)
    return parts._replace(query="&".join(filter(None, (parts.query, f"set={change_set.pk}")))).geturl()


def bar(request: HttpRequest, public_path: str, change_set: ChangeSet | None = None) -> str:
    """Return the bar above the page. Empty inside a frame, where the surrounding page has it."""
    if request.headers.get("Sec-Fetch-Dest") == "iframe":
        return ""
    path = without_language(public_path)
    links = [
        (language, of_set(in_preview(translate_url(public_path, language.code)), change_set))
        for language in languages_of_site()
    ]
    context = {"public_path": path, "languages": links, "change_set": change_set}
    return render_to_string("preview/_preview_bar.html", context, request)


def without_language(path: str) -> str:
    return path.removeprefix(path_prefix()) or "/"


def preview_choices(document: Document) -> list[tuple[str, str]]:
    """Return path and title of the pages to choose from; links in the preview lead to the others."""
    return [
        ("/", _("Home")),
        *((f"/{topic.code}/", topic.title.text) for topic in topics(document)),
        ("/recipients/", _("Recipients in Japan")),
        ("/recipients/abroad/", _("Recipients abroad")),
        ("/services/", _("By service")),
        ("/faq/", _("Questions and answers")),
    ]
