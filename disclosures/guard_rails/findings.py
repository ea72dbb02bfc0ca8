"""Checks of a document before it is published. Pure: a document in, findings out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from html import unescape
from urllib.parse import unquote, urldefrag, urlsplit

from django.conf import settings
from django.db.models import Field
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from disclosures.content.entries import NAMES, edit_url, field_name, texts_of, title_in
from disclosures.content.named_files import faults_in, is_unexplained, named_codes
from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from disclosures.guard_rails.reserved_urls import is_taken
from disclosures.models import Exclusion, Ground, ItemList, Note, RouteAbroad, ServiceList
from disclosures.models.content.declarations import ROUTE_FACTS
from disclosures.models.content.recipients import HOME_COUNTRY, UNDECIDED_COUNTRY
from privacycenter.text.addresses import parts_of
from privacycenter.text.languages import other_languages, speaking
from privacycenter.text.legible import fault_of
from privacycenter.text.richtext import PICTURE

HREF = re.compile(r'<a [^>]*?href="([^"]*)"')
# Constructs that the site's Markdown does not support → their names in messages.
UNKNOWN: dict[str, Callable[[], str]] = {
    "heading_open": lambda: _("a heading"),
    "image": lambda: _("a picture that is not one of the site’s"),
    "code_inline": lambda: _("code"),
    "code_block": lambda: _("code"),
    "fence": lambda: _("code"),
    "hr": lambda: _("a line across the page"),
    "html_inline": lambda: _("HTML"),
    "html_block": lambda: _("HTML"),
    "s_open": lambda: _("struck-out text"),
}
# Parses more than the site's Markdown does, to recognise what the author meant.
_everything = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Finding:
    """One fault in one field of one entry. An error prevents publishing; a warning does not.

    ``note`` is the code of a scenario's note, otherwise empty. ``language`` is empty for a field without languages.
    """

    kind: str
    code: str
    title: str
    field: str
    message: str
    language: str = ""
    note: str = ""
    is_error: bool = True

    @property
    def kind_label(self) -> str:
        return str(MODELS[self.kind]._meta.verbose_name)

    @property
    def field_label(self) -> str:
        if self.note:
            return f"{Note._meta.verbose_name}: {self.note}"
        if self.field == "exclusions":
            return str(Exclusion._meta.verbose_name)
        field = MODELS[self.kind]._meta.get_field(self.field)
        return str(field.verbose_name) if isinstance(field, Field) else self.field

    @property
    def address(self) -> str:
        """URL of the field in the entry's form."""
        field = "notes" if self.note else field_name(self.field, self.language or settings.LANGUAGE_CODE)
        return edit_url(self.kind, self.code, field, self.language)

    def __str__(self) -> str:
        place = " ".join(filter(None, (self.kind, self.code, self.note, self.field, self.language)))
        return f"{place}: {self.message}"


def findings(document: Document) -> list[Finding]:
    """Return all findings, errors first, then in the order of the document. Retired entries are not checked."""
    found = [*structure(document), *texts(document)]
    return sorted(found, key=lambda finding: not finding.is_error)


def errors(document: Document) -> list[Finding]:
    """Return the findings that prevent publishing."""
    return [finding for finding in findings(document) if finding.is_error]


def in_use(document: Document, kind: str) -> Iterator[tuple[str, Document]]:
    return ((code, entry) for code, entry in document.get(kind, {}).items() if not entry.get("retired"))


# --- What an entry needs ---------------------------------------------------------------------------------------------


def structure(document: Document) -> Iterator[Finding]:
    for code, entry in in_use(document, "site"):
        if date.fromisoformat(entry["as_of"]) > timezone.localdate():
            yield finding("site", code, entry, "as_of", _("The date lies in the future."))
    for code, entry in in_use(document, "pages"):
        if is_taken(code):
            yield finding("pages", code, entry, "code", taken(code))
    for code, entry in in_use(document, "sections"):
        if is_empty(document, code, entry):
            yield finding("sections", code, entry, "body", _("There is nothing in this section."), is_error=False)
    for code, entry in in_use(document, "scenarios"):
        if not entry["items"]:
            yield finding("scenarios", code, entry, "items", _("No item is named that is provided in this situation."))
        if not entry["ground"]:
            yield finding("scenarios", code, entry, "ground", _("The basis is missing. Choose one."))
        yield from declarations(code, entry)
    yield from files(document)
    yield from holds(document)
    yield from unstated(document)
    yield from abroad(document)
    yield from unused(document)


def declarations(code: str, entry: Document) -> Iterator[Finding]:
    """Check what a scenario declares for machines. What is not known stays empty, and is named here."""

    def found(field: str, message: str, *, is_error: bool = False) -> Finding:
        return finding("scenarios", code, entry, field, message, is_error=is_error)

    if entry.get("item_list") == ItemList.OPEN and entry["ground"] == Ground.APPROVAL.code:
        message = _("With “your approval”, checks allow only the items that are named.")
        yield found("item_list", message, is_error=True)
    if entry.get("service_list") == ServiceList.COMPLETE and not entry["services"]:
        yield found("services", _("The list is complete and empty: no service may provide anything."))
    if entry.get("service_list") == ServiceList.EXAMPLE:
        yield found("service_list", _("The services are our example: confirm them, or name others."))
    for exclusion in entry.get("exclusions", ()):
        if not exclusion["reason"]:
            yield found("exclusions", _("Say why the service does not provide the item."), is_error=True)
    if not entry.get("route"):
        yield found("route", _("The legal route is not stated."))
    for field in ROUTE_FACTS.get(entry.get("route", ""), ()):
        if not entry.get(field):
            yield found(field, _("It is not stated."))
    if not entry.get("evidence") and entry["ground"] != Ground.NONE.code:
        yield found("evidence", _("It is not said what a report cites for the ground."))


def files(document: Document) -> Iterator[Finding]:
    """Check that each picture says what it shows, and that each file is there for something."""
    named = named_codes(document) if document.get("files") else set()
    for code, entry in in_use(document, "files"):
        if is_unexplained(entry):
            message = _("Say what the picture shows to whoever does not see it, or mark it as decorative.")
            yield finding("files", code, entry, "alt", message, language=settings.LANGUAGE_CODE)
        if code not in named:
            yield finding("files", code, entry, "title", _("No text shows it or links to it."), is_error=False)


def holds(document: Document) -> Iterator[Finding]:
    """Check that what is on hold says since when and why, and that an undecided country keeps a recipient on hold."""
    for code, entry in in_use(document, "recipients"):
        since, until = parse_datetime(entry.get("on_hold_from", "")), parse_datetime(entry.get("on_hold_until", ""))
        reason = entry.get("on_hold_reason")
        if not since and (until or reason):
            yield finding("recipients", code, entry, "on_hold_from", _("Say from when it is on hold."))
        if since and not reason:
            yield finding("recipients", code, entry, "on_hold_reason", _("Say why it is on hold."))
        if since and until and until <= since:
            yield finding("recipients", code, entry, "on_hold_until", _("It ends before it begins."))
        elif until and until <= timezone.now():
            message = _("It is no longer on hold: what is said of it can be emptied.")
            yield finding("recipients", code, entry, "on_hold_until", message, is_error=False)
        if entry["country"] == UNDECIDED_COUNTRY and not since:
            message = _("Its country is not decided, so checks say no: put it on hold, with the reason.")
            yield finding("recipients", code, entry, "on_hold_from", message, is_error=False)


# What the law wants said of the operator (APPI art. 32(1)), and what a record of provision has to hold of a recipient.
OF_OPERATOR = (
    "operator_address",
    "operator_representative",
    "purposes",
    "complaint_contact",
    "fees",
    "security_measures",
)
OF_RECIPIENT = ("address", "representative")


def unstated(document: Document) -> Iterator[Finding]:
    """Name what the law wants said and nobody has stated. It stays empty until somebody knows it."""
    for code, entry in in_use(document, "site"):
        for field in OF_OPERATOR:
            if not entry.get(field):
                yield finding("site", code, entry, field, _("It is not stated."), is_error=False)
    for code, entry in in_use(document, "recipients"):
        if (checked_on := parse_date(entry.get("basis_checked_on", ""))) and checked_on > timezone.localdate():
            yield finding("recipients", code, entry, "basis_checked_on", _("The date lies in the future."))
        for field in OF_RECIPIENT:
            if not entry.get(field):
                yield finding("recipients", code, entry, field, _("It is not stated."), is_error=False)
        if entry["country"] not in (HOME_COUNTRY, UNDECIDED_COUNTRY):
            yield from basis_abroad(code, entry)


def basis_abroad(code: str, entry: Document) -> Iterator[Finding]:
    if not entry.get("basis_abroad"):
        yield finding("recipients", code, entry, "basis_abroad", _("It is not stated."), is_error=False)
    checked_on = parse_date(entry.get("basis_checked_on", ""))
    is_due = checked_on is None or checked_on < timezone.localdate() - timedelta(days=366)
    if entry.get("basis_abroad") == RouteAbroad.EQUIVALENT_SYSTEM and is_due:
        message = _("It was not checked in the last year.")
        yield finding("recipients", code, entry, "basis_checked_on", message, is_error=False)


def taken(code: str) -> str:
    told = _("The address /%(code)s/ is taken: nobody would see this page. Delete it and add it under another code.")
    return told % {"code": code}


def is_empty(document: Document, code: str, entry: Document) -> bool:
    inside = ("definitions", "scenarios", "questions")
    return not (
        entry["body"]["source"]
        or entry["links"]
        or any(part["section"] == code for kind in inside for _code, part in in_use(document, kind))
        or any(section["parent"] == code for _code, section in in_use(document, "sections"))
    )


def abroad(document: Document) -> Iterator[Finding]:
    """Check what APPI art. 28(2) requires for recipients abroad.

    These are the country's data-protection system and the recipient's own measures, or why they are not known.
    """
    countries = set()
    for code, entry in in_use(document, "recipients"):
        # For a country with an equal system, the rules for recipients in Japan apply (art. 28(1)).
        if entry["country"] == HOME_COUNTRY or entry.get("basis_abroad") == RouteAbroad.EQUAL_COUNTRY:
            continue
        countries.add(entry["country"])
        if not (entry["measures"]["source"] or entry["measures_unknown"]["source"]):
            message = _("This recipient is abroad: say how it protects the data, or why that is not known.")
            yield finding("recipients", code, entry, "measures", message)
    # A country that is not there is named by ``references``.
    for code in sorted(countries & document["countries"].keys()):
        entry = document["countries"][code]
        if not (entry["system"]["source"] or entry["system_unknown"]["source"]):
            message = _(
                "A recipient is in this country: describe its data-protection system, or say why it is not known."
            )
            yield finding("countries", code, entry, "system", message)


def unused(document: Document) -> Iterator[Finding]:
    scenarios = [entry for _code, entry in in_use(document, "scenarios")]
    for kind, name in (("data_items", "items"), ("services", "services")):
        used = {code for entry in scenarios for code in entry[name]}
        for code, entry in in_use(document, kind):
            if code not in used:
                yield finding(kind, code, entry, "title", _("No situation names it."), is_error=False)


def finding(
    kind: str, code: str, entry: Document, field: str, message: str, *, language: str = "", note: str = "",
    is_error: bool = True,
) -> Finding:  # fmt: skip
    return Finding(kind, code, title_in(entry, code), field, message, language, note, is_error)


# --- What a text says ------------------------------------------------------------------------------------------------


def texts(document: Document) -> Iterator[Finding]:
    places = Places(document)
    for kind in MODELS:
        for code, entry in in_use(document, kind):
            for field, value in entry.items():
                yield from text(places, kind, code, entry, field, value)
            for note in entry.get("notes", []):
                yield from text(places, kind, code, entry, "body", note["body"], note["code"])
            address = entry.get("address", "")
            if kind in ("links", "menu") and not places.has(address, ""):
                yield finding(kind, code, entry, "address", broken(address))


def text(
    places: "Places", kind: str, code: str, entry: Document, field: str, value: object, note: str = ""
) -> Iterator[Finding]:
    if isinstance(value, str) and (fault := fault_of(value)):
        yield finding(kind, code, entry, field, fault, note=note)
    written = texts_of(value)
    if written is None:
        return
    if any(written.values()) and not written.get(settings.LANGUAGE_CODE):
        message = _("This is translated, but the Japanese text is missing.")
        yield finding(kind, code, entry, field, message, language=settings.LANGUAGE_CODE, note=note)
    if field in NAMES and not any(written.values()):
        yield finding(kind, code, entry, field, _("The name is missing. Enter one."), note=note)
    for language, source in written.items():
        if isinstance(source, str) and (fault := fault_of(source)):
            yield finding(kind, code, entry, field, fault, language=language, note=note)
        for message in [*unknown_in(source, value), *broken_in(places, value, language, page_of(places, kind, entry))]:
            yield finding(kind, code, entry, field, message, language=language, note=note)
        html = value["html"].get(language, "") if isinstance(value, dict) and "html" in value else ""
        for message, is_error in faults_in(places.document, kind, html, language):
            yield finding(kind, code, entry, field, message, language=language, note=note, is_error=is_error)


def unknown_in(source: str, value: object) -> Iterator[str]:
    """Yield messages for constructs in a Markdown field that would appear as plain text."""
    if not (isinstance(value, dict) and "source" in value):
        return
    # The pictures of the site are known; what is left is what the author meant otherwise.
    tokens = _everything.parse(PICTURE.sub("", source) if "(picture:" in source else source)
    kinds = {token.type for token in [*tokens, *(child for token in tokens for child in token.children or ())]}
    for name in dict.fromkeys(UNKNOWN[kind]() for kind in UNKNOWN if kind in kinds):
        yield _("This text has %(construct)s in it, which is not available and comes out as plain text.") % {
            "construct": name
        }


def broken_in(places: "Places", value: object, language: str, page: str) -> Iterator[str]:
    if not (isinstance(value, dict) and "html" in value):
        return
    for href in dict.fromkeys(HREF.findall(value["html"].get(language, ""))):
        address = unescape(href)
        if not places.has(address, page):
            yield broken(address)


def broken(address: str) -> str:
    return _("The link “%(address)s” leads to nothing that would be published.") % {"address": address}


def page_of(places: "Places", kind: str, entry: Document) -> str:
    """Return the page that a text is on, for links within it. Empty for a text that is on several pages."""
    if kind == "sections":
        return str(entry["page"])
    section = places.document["sections"].get(entry.get("section", ""))
    return section["page"] if section else ""


class Places:
    """The URLs of this site that would exist if a document were published."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def anchors(self) -> dict[str, set[str]]:
        """Page → the anchors on it."""
        document, found = self.document, dict[str, set[str]]()
        sections = dict(in_use(document, "sections"))
        for code, section in sections.items():
            found.setdefault(section["page"], set()).add(code)
        for kind in ("definitions", "scenarios", "questions"):
            for code, entry in in_use(document, kind):
                # A part of the working copy may name a section that it does not have (``references``).
                if entry["section"] in sections:
                    found.setdefault(sections[entry["section"]]["page"], set()).add(code)
        return found

    def has(self, address: str, page: str) -> bool:
        """Return whether an address exists. Addresses on other sites count as existing.

        ``page`` is the page that contains the link.
        """
        if not address.startswith(("/", "#")) or address.startswith("//"):
            parts = parts_of(address)
            return parts is not None and bool(parts.scheme or parts.netloc)
        path, anchor = urldefrag(address)
        if not path:
            return unquote(anchor) in self.anchors.get(page, ())
        try:
            # Only the default language's URLs have no prefix; the result must not depend on the active language.
            with speaking(settings.LANGUAGE_CODE):
                found = resolve(unquote(urlsplit(self.without_prefix(path)).path))
        except Resolver404:
            return False
        return self.is_there(found.url_name or "", found.kwargs, unquote(anchor))

    def without_prefix(self, path: str) -> str:
        for language in other_languages():
            if path.startswith(f"/{language}/"):
                return path.removeprefix(f"/{language}")
        return path

    def is_there(self, name: str, parts: dict[str, str], anchor: str) -> bool:
        code = "contact" if name == "contact" else parts.get("code", "")
        match name:
            case "contact":
                # The page that has the form is always there; what an editor's page of this code says is on it.
                return not anchor or anchor in ("operator", "write-to-us", *self.anchors.get(code, ()))
            case "page":
                return code in self.document["pages"] and (not anchor or anchor in self.anchors.get(code, ()))
            case "recipient":
                return self.is_in_use("recipients", code)
            case "service":
                return self.is_in_use("services", code)
            case "faq":
                sections = self.document["sections"]
                return not anchor or anchor in sections or self.is_in_use("questions", anchor)
            case "glossary":
                return not anchor or any(self.is_in_use(kind, anchor) for kind in ("terms", "definitions"))
        return True

    def is_in_use(self, kind: str, code: str) -> bool:
        entry = self.document[kind].get(code)
        return entry is not None and not entry.get("retired")
