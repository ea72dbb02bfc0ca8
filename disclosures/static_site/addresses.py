"""Which public answers are files: those that depend on the publication and the program alone, in bounded number.

What is left out is asked of the application: searches and filters with a text or several values (as many as visitors
can think of), forms, the record and the desk, the API, and what changes between publications (the log, keys).
"""

import re
from collections.abc import Iterable

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from lxml import html

from disclosures.content.publications import Document
from disclosures.models import FileType, PublishedFile
from disclosures.public.sitemap import paths_in
from privacycenter.text.addresses import parts_of
from privacycenter.text.languages import other_languages, site_languages, speaking

# Outside the language prefixes.
AT_THE_ROOT = ("/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/.well-known/gpc.json")
# A list or an index with one of these, as a link on a file names it, is a file too: as many as there are entries.
ONE_PARAMETER = re.compile(r"(page|by|scenario|item|service)=[A-Za-z0-9_-]+")
# In the folder of static files: compressed forms, and the list that the program itself reads.
NOT_ASKED_FOR = (".br", ".gz", "staticfiles.json")
# A page that is nowhere, in each language: it has the form of a page's code, and nobody gives one such a code.
NOWHERE = "no-such-page-0"

# What a web server alone does not answer: beginnings of addresses below each language → what visitors then lack.
OF_THE_APPLICATION = {
    "/search/": "the search",
    "/contact/requests/": "requests to the operator: the form, and how a request stands",
    "/answers/": "answers that open once",
    "/handed/": "files that open once",
    "/my/": "the record: what was provided of a person, requests, answers, withdrawals",
    "/accounts/": "logging in",
    "/admin/": "the desk",
}
# The same at the root alone.
OF_THE_APPLICATION_AT_THE_ROOT = {
    "/api/": "the API of services, with its description",
    "/log/": "the public log, which grows between publications",
    "/calendar/": "the calendars of staff",
    "/.well-known/jwks.json": "the keys of receipts",
    "/.well-known/recipient-keys.json": "the keys of recipients",
    "/.well-known/change-password": "the way to change a password",
    "/healthz": "the probes",
    "/readyz": "",
    "/metrics": "",
}
# Of addresses with a query.
OF_THE_APPLICATION_BY_QUERY = "the search within lists, and filters with several values"


def page_paths(document: Document, newest: int) -> list[str]:
    """Return every public page in every language, with the files at the root. ``newest``: the publication's number."""
    found = list(AT_THE_ROOT)
    for language in site_languages():
        found += paths_in(document, newest, language)
        with speaking(language):
            found.append(reverse("manifest"))
    return list(dict.fromkeys(found))


def static_paths() -> list[str]:
    """Return the static files: style, scripts, pictures of the interface, as ``collectstatic`` left them."""
    waiting, found = [""], []
    while waiting:
        folder = waiting.pop()
        folders, files = staticfiles_storage.listdir(folder)
        inside = [f"{folder}/{name}".lstrip("/") for name in files]
        found += [f"{settings.STATIC_URL}{name}" for name in inside if not name.endswith(NOT_ASKED_FOR)]
        waiting += [f"{folder}/{name}".lstrip("/") for name in folders]
    return sorted(found)


def site_file_paths() -> list[str]:
    """Return the pictures and documents that any publication named. One SQL statement."""
    rows = PublishedFile.objects.order_by("sha256").values_list("sha256", "content_type")
    return [reverse("site_file", args=[sha256, FileType(kind).ending]) for sha256, kind in rows]


def missing_paths() -> dict[str, str]:
    """Return language → an address at which there is no page."""
    found = {}
    for language in site_languages():
        with speaking(language):
            found[language] = reverse("page", args=[NOWHERE])
    return found


def linked_with_query(path: str, page: bytes, paths: Iterable[str]) -> list[str]:
    """Return the addresses with one bounded parameter that a page links to, each below one of ``paths``."""
    known, found = set(paths), dict[str, None]()
    for href in html.document_fromstring(page).xpath("//a/@href"):
        parts = parts_of(href)
        if parts is None:
            continue
        target = parts.path or path.partition("?")[0]
        if not parts.netloc and target in known and ONE_PARAMETER.fullmatch(parts.query):
            found[f"{target}?{parts.query}"] = None
    return list(found)


def closed_prefixes() -> dict[str, str]:
    """Return beginning of an address → what of it the application answers, in every language."""
    below = {
        f"{prefix}{path}": what
        for prefix in ("", *(f"/{language}" for language in other_languages()))
        for path, what in OF_THE_APPLICATION.items()
    }
    return {**below, **OF_THE_APPLICATION_AT_THE_ROOT}
