"""Entries that a document names and does not have: what a part of the working copy may do, and the whole never does."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from disclosures.content.differences import REFERENCES
from disclosures.content.merging import Document
from disclosures.content.named_files import files_named_in
from disclosures.content.open_sets import Key, holders_of
from disclosures.guard_rails.findings import Finding, finding
from disclosures.models import ChangeSet
from privacycenter.text.words import inside_quotes


@dataclass(frozen=True)
class MissingReference:
    """An entry (``kind``, ``code``) names in ``field`` one that is not in the document (``target``)."""

    kind: str
    code: str
    field: str
    target: Key


def missing_references(document: Document) -> Iterator[MissingReference]:
    """Yield what is named and not there, in the order of the document. Pure."""
    for kind, entries in document.items():
        for code, entry in entries.items():
            for field, target in named_in(entry):
                if target[1] not in document.get(target[0], {}):
                    yield MissingReference(kind, code, field, target)


def named_in(entry: Document) -> Iterator[tuple[str, Key]]:
    """Yield each field that names another entry, with that entry's kind and code."""
    for field, kind in REFERENCES.items():
        value = entry.get(field)
        for code in value if isinstance(value, list) else [value]:
            if code:
                yield field, (kind, code)
    for exclusion in entry.get("exclusions", ()):
        yield "exclusions", ("services", exclusion["service"])
        yield "exclusions", ("data_items", exclusion["item"])


def reference_findings(document: Document) -> list[Finding]:
    """Return an error for each entry that is named and not in the document, with the set that it is in.

    Of a picture or document only if a set has it: that it is not there is told already (``guard_rails``). No SQL if
    none is missing, one statement otherwise.
    """
    missing = list(missing_references(document))
    files = missing_files(document)
    holders = holders_of({one.target for one in (*missing, *files)}) if missing or files else {}
    return [
        finding(one.kind, one.code, document[one.kind][one.code], one.field, told(one.target, holders))
        for one in (*missing, *(one for one in files if one.target in holders))
    ]


def missing_files(document: Document) -> list[MissingReference]:
    """Return the pictures and documents that a text names and that are not there. Pure."""
    return [
        MissingReference(kind, code, field, ("files", file))
        for kind, code, field, file in files_named_in(document)
        if file not in document.get("files", {})
    ]


def with_missing(document: Document, others: Document) -> Document:
    """Return the document with what it names and does not have, as far as ``others`` has it. Pure.

    For a preview: a page that shows an entry reads what that names. What comes in may name something in its turn.
    """
    made = document
    while wanted := {one.target for one in (*missing_references(made), *missing_files(made))}:
        found = {(kind, code): others[kind][code] for kind, code in wanted if code in others.get(kind, {})}
        if not found:
            break
        made = {**made}
        for (kind, code), entry in found.items():
            made[kind] = {**made.get(kind, {}), code: entry}
    return made


def told(target: Key, holders: dict[Key, ChangeSet]) -> str:
    holder = holders.get(target)
    if holder is None:
        return _("“%(code)s” is named here, and is not there.") % {"code": target[1]}
    message = _("“%(code)s” is named here, but only in the change set “%(name)s”.")
    return message % {"code": target[1], "name": inside_quotes(str(holder))}
