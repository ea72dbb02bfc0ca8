"""Pictures and documents that texts name by code: what is wrong with them. Pure: messages out, without their place."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from disclosures.content.publications import Document
from privacycenter.text.languages import name_of
from privacycenter.text.shown_files import documents_in, is_picture, names_files, pictures_in

# People decide by their texts, and a decision keeps these word for word, as they are written.
WORDS_ALONE = ("countries", "recipients")


def faults_in(document: Document, kind: str, html: str, language: str) -> Iterator[tuple[str, bool]]:
    """Yield a message for each fault of a text in one language, and whether it is an error."""
    if not names_files(html):
        return
    if kind in WORDS_ALONE:
        yield _("Pictures and documents are not available in this text: people decide by its words."), True
        return
    files = document.get("files", {})
    for code, words in dict.fromkeys(pictures_in(html)):
        entry = files.get(code)
        if entry is None:
            yield _("There is no picture “%(code)s”.") % {"code": code}, True
        elif not is_picture(entry):
            told = _("“%(code)s” is a document. Link to it: [words](document:%(code)s)")
            yield told % {"code": code}, True
        elif not words and lacks_words(entry, language):
            told = _("The picture “%(code)s” has no alternative text in %(language)s. The Japanese one is read out.")
            yield told % {"code": code, "language": name_of(language)}, False
    for code in dict.fromkeys(documents_in(html)):
        if code not in files:
            yield _("There is no document “%(code)s”.") % {"code": code}, True


def lacks_words(entry: Document, language: str) -> bool:
    """Return whether a picture is explained in Japanese and not in this language."""
    alt = entry.get("alt", {})
    return not entry.get("is_decorative") and bool(alt.get(settings.LANGUAGE_CODE)) and not alt.get(language)


def is_unexplained(entry: Document) -> bool:
    """Return whether a picture says nothing to whoever does not see it, and is not said to be decorative."""
    return is_picture(entry) and not entry.get("is_decorative") and not entry.get("alt", {}).get(settings.LANGUAGE_CODE)


def named_codes(document: Document) -> set[str]:
    """Return the codes of all pictures and documents that a text names."""
    return {file for _kind, _code, _field, file in files_named_in(document)}


def files_named_in(document: Document) -> list[tuple[str, str, str, str]]:
    """Return (kind, code, field, code of the file) for each text that names a picture or document, once each."""
    found = (
        (kind, code, field, file)
        for kind, entries in document.items()
        if kind != "files"
        for code, entry in entries.items()
        for field, html in htmls_by_field(entry)
        if names_files(html)
        for file in codes_in(html)
    )
    return list(dict.fromkeys(found))


def codes_in(html: str) -> list[str]:
    return [*(picture for picture, _words in pictures_in(html)), *documents_in(html)]


def htmls_of(entry: Document) -> Iterator[str]:
    """Yield the HTML of an entry's texts, and of a scenario's notes, in every language."""
    return (html for _field, html in htmls_by_field(entry))


def htmls_by_field(entry: Document) -> Iterator[tuple[str, str]]:
    """Yield (field, HTML) of those."""
    values: list[tuple[str, Any]] = [*entry.items(), *(("notes", note["body"]) for note in entry.get("notes", ()))]
    for field, value in values:
        if isinstance(value, dict) and "html" in value:
            yield from ((field, html) for html in value["html"].values())
