"""Differences between two documents, word by word. Pure: no SQL, no clock; labels are in the interface language.

Words are found without a dictionary: a run of one script (漢字, ひらがな, カタカナ, 한글, Latin letters) is a word.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from disclosures.content.changed_entries import VERBS, Change, changes_for_readers
from disclosures.content.moved_entries import Move, moves_in
from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from disclosures.models import (
    EvidenceNeeded,
    Exclusion,
    FileType,
    Ground,
    ItemList,
    MenuPlace,
    Note,
    Route,
    RouteAbroad,
    SearchTask,
    ServiceList,
)
from privacycenter.text.joining import in_one_line
from privacycenter.text.languages import name_of, site_languages
from privacycenter.text.words import Words, words_in

SAME, ADDED, REMOVED = "same", "added", "removed"
WORD = re.compile(
    r"[0-9A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)?|[\u3400-\u9fff々〆]+|[\u3041-\u309f]+|[\u30a0-\u30ff\uff66-\uff9f]+"
    r"|[\uac00-\ud7a3]+|\s+|.",
    re.DOTALL,
)
# Two texts with more pairs of words than this are compared line by line, because the time grows with the pairs.
MOST_PAIRS = 4_000_000
# Of the names that came into a list or went: a list of recipients may have thousands.
MOST_NAMES = 50
NAMES = ("title", "term", "question")
# Fields that refer to other entries → the kind of those entries.
REFERENCES = {
    "page": "pages", "parent": "sections", "section": "sections", "country": "countries", "items": "data_items",
    "services": "services", "recipients": "recipients", "links": "links", "related": "links",
}  # fmt: skip
# Fields with one of a few values → those, with their labels.
CHOICES: dict[str, type[TextChoices]] = {
    "item_list": ItemList, "service_list": ServiceList, "route": Route, "route_abroad": RouteAbroad,
    "basis_abroad": RouteAbroad,
    "evidence": EvidenceNeeded, "task": SearchTask, "content_type": FileType, "place": MenuPlace,
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A piece of a text, or one name in a list.

    ``verb`` is same, added or removed. ``language`` is set only where it differs from the field's and from that of the
    interface: a name that fell back.
    """

    verb: str
    text: str
    language: str = ""


@dataclass(frozen=True)
class FieldDifference:
    """One field of one entry, in one language (empty if the field has none).

    The parts that are not ``removed`` make up the new text, those that are not ``added`` the old one. With ``is_list``,
    each part is a name, and unchanged names are left out.
    """

    name: str
    label: str
    language: str
    parts: list[Part]
    is_list: bool = False

    @property
    def can_be_put_back(self) -> bool:
        """A place in the order says nothing alone."""
        return self.name != "position"

    @property
    def put_back_query(self) -> str:
        """What an address adds that puts back this field alone."""
        language = "" if self.name in ("notes", "exclusions") else self.language
        return f"&field={self.name}&language={language}" if language else f"&field={self.name}"

    @property
    def language_label(self) -> str:
        """The language's name in the interface language. Empty if the field has none."""
        return name_of(self.language) if self.language else ""


@dataclass(frozen=True)
class EntryDifference:
    """One entry that differs. ``verb`` is added, changed, moved or removed.

    ``fields`` is empty if only the rendered HTML differs, or if the entry moved together with the one before it.
    """

    kind: str
    code: str
    verb: str
    title: Words
    fields: list[FieldDifference] = field(default_factory=list)

    @property
    def kind_label(self) -> str:
        return Change(self.kind, self.code, self.verb).kind_label

    @property
    def verb_label(self) -> str:
        return str(VERBS[self.verb])


def entry_differences(old: Document, new: Document) -> list[EntryDifference]:
    """Return every entry that differs for a reader, by kind in the order of a document, then by position.

    The result has as many entries as that of ``changes_for_readers``.
    """
    return differences_of(old, new, changes_in_order(old, new))


def changes_in_order(old: Document, new: Document) -> list[Change]:
    """Return what ``entry_differences`` tells of, without the differences: of ten thousand, a page shows fifty."""
    kinds = list(MODELS)

    def place(change: Change) -> tuple[int, int, str]:
        entry = new.get(change.kind, {}).get(change.code) or old[change.kind][change.code]
        return kinds.index(change.kind), entry.get("position", 0), change.code

    known = [change for change in changes_for_readers(old, new) if change.kind in MODELS]
    return sorted(known, key=place)


def differences_of(old: Document, new: Document, changes: Sequence[Change]) -> list[EntryDifference]:
    """Return the differences of some of the ``changes_in_order``, in the same order."""
    moves = {kind: moves_in(kind, old.get(kind, {}), new.get(kind, {})) for kind in {change.kind for change in changes}}
    return [entry_difference(old, new, change, moves[change.kind]) for change in changes]


def entry_difference(
    old: Document, new: Document, change: Change, moves: dict[str, Move] | None = None
) -> EntryDifference:
    """Return the differences of one entry.

    With ``moves`` of its kind, a new place is named by the neighbouring entry; without, by its number.
    """
    before = old.get(change.kind, {}).get(change.code, {})
    after = new.get(change.kind, {}).get(change.code, {})
    comparison = Comparison(old, new, change.kind)
    fields = list(comparison.fields(before, after, numbers=moves is None))
    if moves and change.code in moves:
        fields += comparison.move(moves[change.code])
    return EntryDifference(change.kind, change.code, change.verb, title_of(after or before, change.code), fields)


def title_of(entry: Document, code: str) -> Words:
    """Return the entry's name in the page's language, or its code."""
    texts: dict[str, str] = next((entry[name] for name in NAMES if entry.get(name)), {})
    if texts:
        return words_in(texts)
    # A line of words of several languages is read like one of the first.
    return Words(entry["line"], settings.LANGUAGE_CODE) if "line" in entry else Words(code, "")


# --- One entry -------------------------------------------------------------------------------------------------------


class Comparison:
    """Compares two entries of one kind. Names of other entries come from the two documents.

    For an added or removed entry, its position and its empty or false values are left out.
    """

    def __init__(self, old: Document, new: Document, kind: str) -> None:
        self.old, self.new, self.kind = old, new, kind

    def fields(self, before: Document, after: Document, *, numbers: bool) -> Iterator[FieldDifference]:
        """Yield the fields that differ, in the order of the entry; the position only if ``numbers``.

        An entry that does not exist counts as having only empty fields.
        """
        for name in dict.fromkeys((*after, *before)):
            old, new = before.get(name), after.get(name)
            if old != new and (numbers or name != "position"):
                yield from self.field(name, old, new)

    def move(self, move: Move) -> Iterator[FieldDifference]:
        """Yield what the entry came after before and comes after now. Nothing if that entry moved along with it."""
        if move.before != move.after:
            parts = [self.place(REMOVED, move.before), self.place(ADDED, move.after)]
            yield FieldDifference("position", _("comes after"), "", parts, is_list=True)

    def place(self, verb: str, code: str) -> Part:
        if not code:
            return Part(verb, _("nothing: it is the first"))
        entry = self.new.get(self.kind, {}).get(code) or self.old.get(self.kind, {}).get(code) or {}
        words = title_of(entry, code)
        return Part(verb, words.text, words.lang)

    def field(self, name: str, old: Any, new: Any) -> Iterable[FieldDifference]:
        sample = new if new is not None else old
        if name == "notes":
            return self.notes(old or [], new or [])
        if name == "exclusions":
            return self.exclusions(old or [], new or [])
        if isinstance(sample, dict):
            return self.texts(name, self.label(name), texts_in(old), texts_in(new))
        if isinstance(sample, list):
            return self.names(name, old or [], new or [])
        return self.value(name, old, new)

    def label(self, name: str) -> str:
        if name == "retired":
            return _("no longer in use")
        return str(getattr(MODELS[self.kind]._meta.get_field(name), "verbose_name", name))

    def texts(self, name: str, label: str, old: dict[str, str], new: dict[str, str]) -> Iterator[FieldDifference]:
        for language in site_languages():
            before, after = old.get(language, ""), new.get(language, "")
            if before != after:
                yield FieldDifference(name, label, language, word_parts(before, after))

    def notes(self, old: list[Document], new: list[Document]) -> Iterator[FieldDifference]:
        """Yield the differences of each note, matched by code."""
        before, after = ({note["code"]: texts_in(note["body"]) for note in notes} for notes in (old, new))
        label = str(Note._meta.verbose_name)
        for code in dict.fromkeys((*after, *before)):
            yield from self.texts("notes", label, before.get(code, {}), after.get(code, {}))

    def exclusions(self, old: list[Document], new: list[Document]) -> Iterator[FieldDifference]:
        """Yield the reason of each exclusion that came, went or is worded anew, under its service and item."""
        before, after = (
            {(one["service"], one["item"]): one["reason"] for one in exclusions} for exclusions in (old, new)
        )
        for service, item in dict.fromkeys((*after, *before)):
            what = f"{self.named('services', service).text}: {self.named('items', item).text}"
            label = f"{Exclusion._meta.verbose_name} ({what})"
            yield from self.texts("exclusions", label, before.get((service, item), {}), after.get((service, item), {}))

    def names(self, name: str, old: list[str], new: list[str]) -> Iterator[FieldDifference]:
        """Yield removed and added names, the first ``MOST_NAMES`` of them. If only the order differs, yield the old and
        the new order."""
        gone, come = set(old).difference(new), set(new).difference(old)
        changed = [(REMOVED, code) for code in old if code in gone] + [(ADDED, code) for code in new if code in come]
        if changed:
            parts = [self.part(verb, name, code) for verb, code in changed[:MOST_NAMES]]
            if rest := len(changed) - len(parts):
                parts.append(Part(SAME, _("%(count)s more") % {"count": rest}))
            yield FieldDifference(name, self.label(name), "", parts, is_list=True)
        elif old != new:
            sides = [(REMOVED, old), (ADDED, new)]
            parts = [Part(verb, in_one_line(self.named(name, code).text for code in codes)) for verb, codes in sides]
            yield FieldDifference(name, _("%(field)s: order") % {"field": self.label(name)}, "", parts)

    def part(self, verb: str, name: str, code: str) -> Part:
        words = self.named(name, code)
        return Part(verb, words.text, words.lang)

    def named(self, name: str, code: str) -> Words:
        kind = REFERENCES[name]
        return title_of(self.new.get(kind, {}).get(code) or self.old.get(kind, {}).get(code) or {}, code)

    def value(self, name: str, old: Any, new: Any) -> Iterator[FieldDifference]:
        if None in (old, new) and (name == "position" or not (old or new)):
            return
        sides = ((REMOVED, self.shown(name, old)), (ADDED, self.shown(name, new)))
        yield FieldDifference(name, self.label(name), "", [Part(verb, text) for verb, text in sides if text])

    def shown(self, name: str, value: Any) -> str:
        """Return the value as text for a reader. Empty for no value."""
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name == "ground":
            return str(Ground.from_code(value).label)
        if name in CHOICES:
            return str(CHOICES[name](value).label)
        if name in REFERENCES:
            return self.named(name, value).text
        if name in ("on_hold_from", "on_hold_until"):
            at = parse_datetime(value)
            return date_format(localtime(at), "DATETIME_FORMAT") if at else str(value)
        day = parse_date(value) if name in ("as_of", "basis_checked_on") else None
        return date_format(day, "DATE_FORMAT") if isinstance(day, date) else str(value)


def texts_in(value: Any) -> dict[str, str]:
    """Return language → text of a plain text, or of the Markdown source of a rich text. Empty for any other value."""
    return value.get("source", value) if isinstance(value, dict) else {}


# --- One text --------------------------------------------------------------------------------------------------------


def word_parts(old: str, new: str) -> list[Part]:
    """Return the parts that lead from the old text to the new one.

    Neighbouring parts with the same verb are joined; removed text precedes the text added in its place.
    """
    before, after = WORD.findall(old), WORD.findall(new)
    if len(before) * len(after) > MOST_PAIRS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return joined(steps(before, after))


def steps(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (verb, text) in reading order.

    Blanks between two changed words count as changed, so that phrases stay whole.
    """
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for index, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal" and (gone.strip() or index in (0, len(opcodes) - 1)):
            yield SAME, come
        else:
            yield REMOVED, gone
            yield ADDED, come


def joined(found: Iterable[tuple[str, str]]) -> list[Part]:
    parts: list[Part] = []
    gone = come = ""
    for verb, text in (*found, (SAME, "")):
        if verb == REMOVED:
            gone += text
        elif verb == ADDED:
            come += text
        else:
            parts += [Part(*pair) for pair in ((REMOVED, gone), (ADDED, come), (SAME, text)) if pair[1]]
            gone = come = ""
    return parts
