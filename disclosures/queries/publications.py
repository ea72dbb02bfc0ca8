"""The working copy as a document, the newest publication, and what differs between them."""

from dataclasses import dataclass
from datetime import date
from json import loads
from threading import Lock
from time import monotonic, sleep
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from disclosures.models import (
    Country,
    DataItem,
    Definition,
    Ground,
    Link,
    Page,
    Publication,
    Question,
    Recipient,
    Scenario,
    Section,
    Service,
    Site,
    Term,
)
from privacycenter.richtext import render
from privacycenter.words import Words, words_in

Document = dict[str, Any]


# --- The working copy as a document ----------------------------------------------------------------------------------


def rich(row: Any, field: str) -> dict[str, dict[str, str]]:
    """Markdown as it was written, and as HTML; rendered here, once, and never when a page is read."""
    source = row.texts(field)
    return {"source": source, "html": {language: render(text, language) for language, text in source.items()}}


def codes(rows: Any) -> list[str]:
    """The codes of rows that are in use, in their order."""
    return [row.code for row in rows if getattr(row, "retired_at", None) is None]


def working_document() -> Document:
    """All public content as it stands now: kind → code → entry. About 20 SQL statements, however much there is.

    Entries refer to each other by code and carry their ``position``, because JSON objects have no order. Retired rows
    are in it, marked: no page lists them, but a person's record still names them.
    """
    return {
        "site": the_site(),
        "pages": {row.code: page_entry(row) for row in Page.objects.prefetch_related("related")},
        "sections": {row.code: section_entry(row) for row in sections()},
        "definitions": {row.code: definition_entry(row) for row in Definition.objects.select_related("section")},
        "scenarios": {row.code: scenario_entry(row) for row in scenarios()},
        "questions": {row.code: question_entry(row) for row in Question.objects.select_related("section")},
        "terms": {row.code: term_entry(row) for row in Term.objects.all()},
        "links": {row.code: link_entry(row) for row in Link.objects.all()},
        "data_items": {row.code: data_item_entry(row) for row in DataItem.objects.all()},
        "services": {row.code: service_entry(row) for row in Service.objects.all()},
        "countries": {row.code: country_entry(row) for row in Country.objects.all()},
        "recipients": {row.code: recipient_entry(row) for row in Recipient.objects.with_country()},
    }


def the_site() -> Document:
    """The one site under its one key; nothing before the first content is loaded."""
    row = Site.objects.first()
    return {"site": site_entry(row)} if row else {}


def sections() -> QuerySet[Section]:
    return Section.objects.select_related("page", "parent").prefetch_related("links")


def scenarios() -> QuerySet[Scenario]:
    return Scenario.objects.select_related("section").prefetch_related(
        "scenario_items__item", "services", "recipients", "notes", "links"
    )


def site_entry(row: Site) -> Document:
    return {
        "title": row.texts("title"),
        "operator": row.texts("operator"),
        "lead": rich(row, "lead"),
        "disclaimer_title": row.texts("disclaimer_title"),
        "disclaimer": rich(row, "disclaimer"),
        "as_of": row.as_of.isoformat(),
        "security_contact": row.security_contact,
    }


def page_entry(row: Page) -> Document:
    return {
        "position": row.position,
        "title": row.texts("title"),
        "lead": rich(row, "lead"),
        "related": codes(row.related.all()),
    }


def section_entry(row: Section) -> Document:
    return {
        "page": row.page.code,
        "parent": row.parent.code if row.parent else "",
        "position": row.position,
        "title": row.texts("title"),
        "body": rich(row, "body"),
        "links": codes(row.links.all()),
    }


def definition_entry(row: Definition) -> Document:
    return {
        "section": row.section.code,
        "position": row.position,
        "term": row.texts("term"),
        "body": rich(row, "body"),
        "examples": row.texts("examples"),
    }


def term_entry(row: Term) -> Document:
    return {
        "position": row.position,
        "term": row.texts("term"),
        "reading": row.reading,
        "gloss": row.texts("gloss"),
    }


def scenario_entry(row: Scenario) -> Document:
    return {
        "section": row.section.code,
        "position": row.position,
        "retired": row.retired_at is not None,
        "title": row.texts("title"),
        "body": rich(row, "body"),
        "ground": Ground(row.ground).code,
        "items": codes(through.item for through in row.scenario_items.all()),
        "services": codes(row.services.all()),
        "recipients": codes(row.recipients.all()),
        "recipient_kinds": row.texts("recipient_kinds"),
        "notes": [{"code": note.code, "body": rich(note, "body")} for note in row.notes.all()],
        "links": codes(row.links.all()),
    }


def question_entry(row: Question) -> Document:
    return {
        "section": row.section.code,
        "position": row.position,
        "question": row.texts("question"),
        "answer": rich(row, "answer"),
    }


def link_entry(row: Link) -> Document:
    return {"position": row.position, "title": row.texts("title"), "address": row.address}


def data_item_entry(row: DataItem) -> Document:
    return {
        "position": row.position,
        "retired": row.retired_at is not None,
        "title": row.texts("title"),
        "description": row.texts("description"),
    }


def service_entry(row: Service) -> Document:
    return {
        "position": row.position,
        "retired": row.retired_at is not None,
        "title": row.texts("title"),
        "field": row.texts("field"),
    }


def country_entry(row: Country) -> Document:
    return {
        "title": row.texts("title"),
        "system": rich(row, "system"),
        "system_unknown": rich(row, "system_unknown"),
    }


def recipient_entry(row: Recipient) -> Document:
    return {
        "position": row.position,
        "retired": row.retired_at is not None,
        "title": row.texts("title"),
        "country": row.country.code,
        "business": row.texts("business"),
        "address": row.texts("address"),
        "contact": row.contact,
        "measures": rich(row, "measures"),
        "measures_unknown": rich(row, "measures_unknown"),
        "is_example": row.is_example,
    }


MODELS: dict[str, type[Model]] = {
    "site": Site,
    "pages": Page,
    "sections": Section,
    "definitions": Definition,
    "scenarios": Scenario,
    "questions": Question,
    "terms": Term,
    "links": Link,
    "data_items": DataItem,
    "services": Service,
    "countries": Country,
    "recipients": Recipient,
}
VERBS = {"added": _("added"), "changed": _("changed"), "removed": _("removed")}


# --- What differs ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One entry that differs: ``verb`` is added, changed or removed."""

    kind: str
    code: str
    verb: str

    @property
    def kind_label(self) -> str:
        return str(MODELS[self.kind]._meta.verbose_name)

    @property
    def verb_label(self) -> str:
        return str(VERBS[self.verb])


def changes_between(old: Document, new: Document) -> list[Change]:
    """The entries that differ, in a stable order. Pure."""
    found = []
    for kind in sorted(old.keys() | new.keys()):
        before, after = old.get(kind, {}), new.get(kind, {})
        for code in sorted(before.keys() | after.keys()):
            if code not in before:
                found.append(Change(kind, code, "added"))
            elif code not in after:
                found.append(Change(kind, code, "removed"))
            elif before[code] != after[code]:
                found.append(Change(kind, code, "changed"))
    return found


def pending_changes() -> list[Change]:
    """What the working copy changes against the newest publication: everything, if nothing is published."""
    published = newest_publication()
    return changes_between(published.document if published else {}, working_document())


# --- What visitors see -----------------------------------------------------------------------------------------------

# Of each visit to a public page, this is all that the database does; so it is not put together anew each time. The
# document is sent only to a process that does not hold it yet.
NEWEST = """
SELECT number, sha256, CASE WHEN sha256 = %s THEN NULL ELSE document END
FROM disclosures_publication ORDER BY number DESC LIMIT 1
"""
_held: Publication | None = None


def newest_publication() -> Publication | None:
    """The newest publication with its document. One SQL statement; what else the row holds is read if asked for."""
    global _held
    held = _held
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [held.sha256 if held else ""])
        row = cursor.fetchone()
    if row is None:
        return None
    number, sha256, sent = row
    if held and (held.number, held.sha256) == (number, sha256):
        return held
    document = held.document if sent is None and held else loads(sent)
    _held = Publication.from_db(connection.alias, ("number", "document", "sha256"), (number, document, sha256))
    return _held


class NewestForVisitors:
    """The newest publication, for pages that very many read: a process asks the database once per lease at most.

    An answer serves whoever came at most ``LEASE_SECONDS`` after its question was asked, so also all who waited for it.
    Whoever publishes waits for that long after the commit before saying so (``wait_until_shown``): from then on, every
    process shows the new publication.
    """

    LEASE_SECONDS = 0.01

    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        # When the question was asked, and what came of it.
        self.last: tuple[float, Publication | None, DatabaseError | None] = (-1.0, None, None)

    def __call__(self) -> Publication | None:
        """At most one SQL statement. Raises DatabaseError, to all who waited for that one answer."""
        came_at = monotonic()
        last = self.last
        if came_at - last[0] > self.LEASE_SECONDS:
            with self.lock:
                last = self.last
                if came_at - last[0] > self.LEASE_SECONDS:
                    last = self.last = self.ask()
        _asked_at, publication, error = last
        if error:
            raise error
        return publication

    def ask(self) -> tuple[float, Publication | None, DatabaseError | None]:
        asked_at = monotonic()
        try:
            return asked_at, newest_publication(), None
        except DatabaseError as error:
            return asked_at, None, error

    def wait_until_shown(self) -> None:
        """To be called after the commit of a publication."""
        self.forget()
        sleep(self.LEASE_SECONDS)


newest_for_visitors = NewestForVisitors()


def forget_newest() -> None:
    """As in a process that has just started."""
    global _held
    _held = None
    newest_for_visitors.forget()


def held_publication() -> Publication | None:
    """The publication that this process saw last. No SQL."""
    return _held


def publication_for(request: HttpRequest) -> Publication | None:
    """The newest publication, asked for once per request."""
    if not hasattr(request, "publication"):
        request.publication = newest_publication()  # type: ignore[attr-defined]
    return request.publication  # type: ignore[attr-defined]


@dataclass(frozen=True)
class SiteWords:
    """The site's names and its disclaimer in the reader's language."""

    title: Words
    operator: Words
    lead: Words
    disclaimer_title: Words
    disclaimer: Words
    as_of: date


def operator_in(number: int, language: str) -> str:
    """The operator's name as that publication gives it; empty if there is no such publication. One SQL statement."""
    entry = Publication.objects.filter(number=number).values_list("document__site__site__operator", flat=True).first()
    return words_in(entry, language).text if entry else ""


def site_of(request: HttpRequest) -> SiteWords | None:
    """None while nothing is published."""
    publication = publication_for(request)
    entry = publication.document["site"].get("site") if publication else None
    if entry is None:
        return None
    return SiteWords(
        title=words_in(entry["title"]),
        operator=words_in(entry["operator"]),
        lead=words_in(entry["lead"]["html"], is_html=True),
        disclaimer_title=words_in(entry["disclaimer_title"]),
        disclaimer=words_in(entry["disclaimer"]["html"], is_html=True),
        as_of=date.fromisoformat(entry["as_of"]),
    )


def document_for(request: HttpRequest) -> Document | None:
    """The newest publication's document, asked for once per request. None while nothing is published."""
    publication = publication_for(request)
    return publication.document if publication else None
