"""Where a picture or document is shown, and where the desk has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from disclosures.content.entries import edit_url, title_in
from disclosures.content.held_copy import held_copy
from disclosures.content.named_files import codes_in, htmls_of
from disclosures.content.open_sets import open_patches
from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from disclosures.models import ChangeSet
from privacycenter.text.shown_files import ENDINGS, filled, names_files


@dataclass(frozen=True)
class FileUse:
    """One entry whose texts show a picture or link to a document. ``address``: of its form."""

    kind_label: str
    title: str
    address: str


def desk_address(entry: Mapping[str, Any]) -> str:
    """Return where the desk reads a file, also one that was never published."""
    return reverse("admin:desk_file", args=[entry["sha256"], ENDINGS[entry["content_type"]]])


def uses_of(code: str) -> list[FileUse]:
    """Return the entries of the working copy, and of open change sets, that name this file, in the order of a document.

    A set may say it where the working copy has another's text. Costs ``held_copy`` and one SQL statement.
    """
    document = {kind: {**entries} for kind, entries in held_copy().document.items() if kind in MODELS}
    for found in open_patches(sets=ChangeSet.objects.open()):
        for one in found.patch:
            if one.entry is not None and names(one.entry, code):
                document.setdefault(one.kind, {})[one.code] = one.entry
    return [
        FileUse(str(MODELS[kind]._meta.verbose_name), title_in(entry, other), edit_url(kind, other))
        for kind, entries in document.items()
        for other, entry in entries.items()
        if names(entry, code)
    ]


def names(entry: Document, code: str) -> bool:
    return any(names_files(html) and code in codes_in(html) for html in htmls_of(entry))


def shown_at_desk(html: str, language: str) -> str:
    """Return HTML with the pictures and documents of the working copy. Costs ``held_copy`` if it names any."""
    if not names_files(html):
        return html
    document: Document = held_copy().document
    return filled(html, document["files"], language, address=desk_address)
