"""What a set and the newest publication both changed, as the page that puts them together shows it. No SQL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from disclosures.content.changed_entries import Change
from disclosures.content.differences import FieldDifference, Part, entry_difference, word_parts
from disclosures.content.entries import title_in
from disclosures.content.merging import (
    WHOLE,
    Conflict,
    Document,
    Entry,
    PatchEntry,
    compose,
    rebased,
    with_cells,
    with_text,
)
from disclosures.content.open_sets import entry_in
from disclosures.content.word_merging import merged_text
from disclosures.content.working_copy import MODELS
from disclosures.models import Exclusion, Note
from privacycenter.text.languages import name_of as language_name
from privacycenter.text.richtext import render

# A text, or which of the two values stands where it is no text.
Choice = str
NOW, MINE = "now", "mine"


@dataclass(frozen=True)
class SeenConflict:
    """One conflict. ``published`` leads from what was published then to now, ``own`` from then to mine.

    ``suggested``: both put together word by word, with how often both changed the same words (``overlaps``).
    """

    conflict: Conflict
    title: str
    label: str
    published: list[FieldDifference]
    own: list[FieldDifference]
    suggested: str
    overlaps: int

    @property
    def name(self) -> str:
        """Its name in a form."""
        return ":".join((self.conflict.kind, self.conflict.code, self.conflict.field, self.conflict.language))

    @property
    def is_text(self) -> bool:
        return bool(self.conflict.language)

    @property
    def max_length(self) -> int | None:
        """The most characters that the text may have. None: any number."""
        if not self.is_text:
            return None
        longest: int | None = MODELS[self.conflict.kind]._meta.get_field(self.conflict.field).max_length  # type: ignore[union-attr]
        return longest

    @property
    def offered(self) -> tuple[str, ...]:
        return () if self.is_text else (NOW, MINE)

    @property
    def language_label(self) -> str:
        return language_name(self.conflict.language) if self.conflict.language else ""

    @property
    def kind_label(self) -> str:
        return str(MODELS[self.conflict.kind]._meta.verbose_name)

    @property
    def is_gone_now(self) -> bool:
        return self.conflict.cell == WHOLE and self.conflict.now is None

    @property
    def is_gone_in_mine(self) -> bool:
        return self.conflict.cell == WHOLE and self.conflict.mine is None


def conflicts_of(patch: Iterable[PatchEntry], published: Document) -> list[SeenConflict]:
    """Return what the patch and the published document both changed, in the order of the patch."""
    by_key = {(one.kind, one.code): one for one in patch}
    _document, conflicts = compose(published, by_key.values())
    return [seen(one, by_key[one.kind, one.code], published) for one in conflicts]


def seen(conflict: Conflict, one: PatchEntry, published: Document) -> SeenConflict:
    now = entry_in(published, (one.kind, one.code))
    title = title_in(now or one.entry or one.base, one.code)
    if conflict.language:
        then, theirs, mine = (text or "" for text in (conflict.base, conflict.now, conflict.mine))
        both = merged_text(then, theirs, mine)
        sides = [text_difference(conflict, word_parts(then, text)) for text in (theirs, mine)]
        return SeenConflict(conflict, title, label_of(conflict), [sides[0]], [sides[1]], both.text, both.overlaps)
    public, own = (field_differences(conflict, one.base, entry, published) for entry in (now, one.entry))
    return SeenConflict(conflict, title, label_of(conflict), public, own, "", 0)


def text_difference(conflict: Conflict, parts: list[Part]) -> FieldDifference:
    return FieldDifference(conflict.field, label_of(conflict), conflict.language, parts)


def field_differences(conflict: Conflict, base: Entry, entry: Entry, published: Document) -> list[FieldDifference]:
    """Return how a value that is no text differs from what was published then; of a whole entry, all its fields."""
    others = published.get(conflict.kind, {})
    sides = [
        published | {conflict.kind: others | {conflict.code: one} if one else without(others, conflict.code)}
        for one in (base, entry)
    ]
    verb = "added" if base is None else "removed" if entry is None else "changed"
    found = entry_difference(sides[0], sides[1], Change(conflict.kind, conflict.code, verb)).fields
    return [one for one in found if conflict.cell == WHOLE or one.name == conflict.field]


def without(entries: Document, code: str) -> Document:
    return {other: entry for other, entry in entries.items() if other != code}


def label_of(conflict: Conflict) -> str:
    return label_of_field(conflict.kind, conflict.field)


def label_of_field(kind: str, field: str) -> str:
    """Return the label of a field. Empty for a whole entry."""
    if field == "retired":
        return _("no longer in use")
    if not field:
        return ""
    if field in ("notes", "exclusions"):
        return str({"notes": Note, "exclusions": Exclusion}[field]._meta.verbose_name_plural)
    return str(getattr(MODELS[kind]._meta.get_field(field), "verbose_name", field))


def resolved(patch: Iterable[PatchEntry], published: Document, choices: Mapping[str, Choice]) -> list[PatchEntry]:
    """Return the patch as made to what is published now, with what was chosen in each conflict."""
    patch = list(patch)
    made = {(one.kind, one.code): rebased(one, entry_in(published, (one.kind, one.code))) for one in patch}
    for found in conflicts_of(patch, published):
        conflict, choice = found.conflict, choices[found.name]
        key = conflict.kind, conflict.code
        one = made[key]
        if found.is_text:
            html = render(choice, conflict.language)
            made[key] = one._replace(entry=with_text(one.entry, conflict.field, conflict.language, choice, html))
        elif choice == NOW:
            made[key] = one._replace(entry=with_cells(one.entry, one.base, {conflict.cell}))
    return list(made.values())
