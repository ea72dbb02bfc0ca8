"""A file from a translator compared with the working copy: what it would change, and what cannot be taken. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import CharField
from django.utils.translation import gettext as _

from disclosures.content.differences import FieldDifference, word_parts
from disclosures.content.publications import Document
from disclosures.content.texts import Place, Text, texts_in
from disclosures.guard_rails.findings import HREF, Places, broken_in, unknown_in
from disclosures.translating.returned import Problem, Returned, ReturnedUnit
from disclosures.translating.units import page_of
from privacycenter.canonical import sha256_of
from privacycenter.text.addresses import fault_of_addresses
from privacycenter.text.legible import fault_of
from privacycenter.text.richtext import hidden_host_told, hidden_hosts, render

# All but tab and line break.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Proposed:
    """One translation that can be taken. ``doubts`` say why it is taken only when that is chosen; empty for none."""

    text: Text
    language: str
    where: str
    words: str
    doubts: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.text.place)

    @property
    def now(self) -> str:
        """The translation as it is; empty if it is missing."""
        return self.text.words.get(self.language, "")

    @property
    def difference(self) -> FieldDifference:
        return FieldDifference(self.text.place.column, "", self.language, word_parts(self.now, self.words))

    @property
    def address(self) -> str:
        return self.text.place.address(self.language)


@dataclass
class Comparison:
    """What comes of a file. ``unchanged``: says what is there already; ``empty``: not translated, left as it is."""

    proposed: list[Proposed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unchanged: int = 0
    empty: int = 0

    @property
    def certain(self) -> list[Proposed]:
        return [one for one in self.proposed if not one.doubts]

    @property
    def doubtful(self) -> list[Proposed]:
        return [one for one in self.proposed if one.doubts]


def compared(returned: Returned, document: Document, language: str) -> Comparison:
    """Compare a file in this language with the working copy."""
    found = Comparison(problems=[*returned.problems])
    texts = {str(text.place): text for text in texts_in(document)}
    places = Places(document)
    times = Counter(unit.id for unit in returned.units)
    for unit in returned.units:
        text = texts.get(unit.id)
        words = unit.target.replace("\r\n", "\n").replace("\r", "\n")
        if text is None or not text.source:
            told = _("There is no such text, or it is not in use any more.")
            found.problems.append(Problem(unit.where, unit.id[:200], told))
        elif times[unit.id] > 1:
            found.problems.append(Problem(unit.where, unit.id, _("The file contains this text more than once.")))
        elif not words.strip():
            found.empty += 1
        elif words == text.words.get(language):
            found.unchanged += 1
        elif faults := [*faults_of(text.place, words), *broken_links(places, text, words, language)]:
            found.problems += [Problem(unit.where, unit.id, fault) for fault in faults]
        else:
            doubts = [*changed_since(unit, text, language), *other_links(text, words)]
            found.proposed.append(Proposed(text, language, unit.where, words, doubts))
    return found


def faults_of(place: Place, words: str) -> Iterator[str]:
    """Yield what is wrong with a text at this place, whatever is around it."""
    if fault := fault_of(words) or fault_of_addresses(words):
        yield fault
    if CONTROLS.search(words):
        yield _("It has a control character in it, which no text has.")
    column: Any = place.model._meta.get_field(place.column)
    if isinstance(column, CharField) and "\n" in words:
        yield _("This text must be one line. Remove the line breaks.")
    if column.max_length and len(words) > column.max_length:
        told = _("It is too long: %(length)s characters, where %(limit)s are the most.")
        yield told % {"length": len(words), "limit": column.max_length}
    if place.is_markdown:
        yield from unknown_in(words, {"source": words})
        yield from (hidden_host_told(address) for address in hidden_hosts(words)[:1])


def broken_links(places: Places, text: Text, words: str, language: str) -> Iterator[str]:
    """Yield the links that lead to nothing, apart from those that the Japanese has, too."""
    if text.place.is_markdown:
        html = {language: render(words, language), settings.LANGUAGE_CODE: render(text.source)}
        page = page_of(places.document, text)
        known = {*broken_in(places, {"html": html}, settings.LANGUAGE_CODE, page)}
        yield from (told for told in broken_in(places, {"html": html}, language, page) if told not in known)


def changed_since(unit: ReturnedUnit, text: Text, language: str) -> Iterator[str]:
    """Yield what was changed at the desk since the file was made."""
    if (unit.source_sha256 or sha256_of(unit.source)) != text.source_sha256:
        yield _("The Japanese was changed since the file was made.")
    if unit.target_sha256 and unit.target_sha256 != sha256_of(text.words.get(language, "")):
        yield _("The translation was changed since the file was made.")


def other_links(text: Text, words: str) -> Iterator[str]:
    """Say so if the links are not those of the Japanese."""
    if text.place.is_markdown:
        there, here = (Counter(HREF.findall(render(one))) for one in (text.source, words))
        for told, addresses in ((_("A link of the Japanese is missing: %(address)s"), there - here),
                                (_("The Japanese does not have this link: %(address)s"), here - there)):  # fmt: skip
            yield from (told % {"address": address} for address in addresses)
