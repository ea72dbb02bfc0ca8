"""What the working copy said at an earlier time, from its revisions, and what putting a part of it back would take.

A state is named by the number of the newest revision that it has. Revisions know everything that is put back, so an
entry that none of them changed since then is as it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _

from disclosures.content.entries import texts_of
from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from disclosures.history.putting import Part, known_part, said_by, whole
from disclosures.models import Publication, Revision
from privacycenter.models import User

# An entry, as a link names it: its kind and its code.
Key = tuple[str, str]
# In these rows of an entry nothing has a language of its own.
WITHOUT_LANGUAGE = ("notes", "exclusions")


class Past(Protocol):
    """An earlier state, of which something can be put back."""

    def entry(self, key: Key) -> Document | None:
        """Return what the entry said then. None if it was not there."""

    def everything(self, now: Document) -> Part:
        """Return the part that makes the working copy ``now`` say all that it said then."""


@dataclass(frozen=True)
class AtPublication:
    """The state that a publication froze."""

    publication: Publication

    def entry(self, key: Key) -> Document | None:
        kind, code = key
        found: Document | None = self.publication.document.get(kind, {}).get(code)
        return found

    def everything(self, now: Document) -> Part:
        return whole(self.publication.document, now)


@dataclass(frozen=True)
class AtRevision:
    """The state after the revision with this number, and before the next one. 0: before the first."""

    number: int
    now: Document

    @cached_property
    def changed_since(self) -> dict[Key, Document | None]:
        """Every entry that changed since then, as it was. Two SQL statements."""
        later = Revision.objects.filter(pk__gt=self.number, kind__in=MODELS)
        firsts = later.order_by().values("kind", "code").annotate(first=Min("pk")).values("first")
        return {(row.kind, row.code): row.before for row in Revision.objects.filter(pk__in=firsts)}

    def entry(self, key: Key) -> Document | None:
        kind, code = key
        now: Document | None = self.now.get(kind, {}).get(code)
        return self.changed_since.get(key, now)

    def everything(self, now: Document) -> Part:
        return part_of_keys(self, self.changed_since)


def part_of_keys(past: Past, keys: Iterable[Key]) -> Part:
    """Return what these entries said then."""
    part: Part = {}
    for kind, code in keys:
        part.setdefault(kind, {})[code] = past.entry((kind, code))
    return known_part(part)


# --- One step --------------------------------------------------------------------------------------------------------


def step_of(revision: Revision) -> QuerySet[Revision]:
    """Return the revisions made together with this one, which are of one moment."""
    return Revision.objects.filter(changed_at=revision.changed_at, changed_by=revision.changed_by)


def before_step(revision: Revision) -> tuple[int, list[Key]]:
    """Return the number of the state before the step, and the entries that it changed. One SQL statement."""
    rows = list(step_of(revision).order_by("pk").values_list("pk", "kind", "code"))
    return rows[0][0] - 1, [(kind, code) for _pk, kind, code in rows]


def newest_revision_of(user: User) -> int:
    """Return the number of this person's newest revision, or 0. One SQL statement."""
    return Revision.objects.filter(changed_by=user).values_list("pk", flat=True).first() or 0


# --- One field -------------------------------------------------------------------------------------------------------


def with_field(now: Document, then: Document, field: str, language: str = "") -> Document:
    """Return an entry as it is now, but with one field as it was then, or only its text in one language."""
    if language and field not in WITHOUT_LANGUAGE:
        texts = {**(texts_of(now.get(field)) or {})}
        texts.pop(language, None)
        if text := (texts_of(then.get(field)) or {}).get(language):
            texts[language] = text
        return {**now, field: texts}
    others = {name: value for name, value in now.items() if name != field}
    return {**others, field: then[field]} if field in then else others


@dataclass(frozen=True)
class Wanted:
    """What somebody wants put back. ``keys`` empty: everything. ``field``, ``language``: only that, if given."""

    keys: list[Key]
    field: str = ""
    language: str = ""

    def part(self, past: Past, now: Document) -> Part:
        """Return the part that puts it back, without the entries that say the same."""
        part = part_of_keys(past, [*self.keys, *self.inside(past, now)]) if self.keys else past.everything(now)
        wanted: Part = {}
        for kind, entries in part.items():
            for code, then in entries.items():
                is_now = now.get(kind, {}).get(code)
                entry = self.only_field(is_now, then)
                if not is_same(is_now, entry):
                    wanted.setdefault(kind, {})[code] = entry
        return wanted

    def only_field(self, now: Document | None, then: Document | None) -> Document | None:
        """Return what shall be said of an entry. One that is not there, or was not, goes or comes as a whole."""
        is_part = self.field and now is not None and then is not None
        return with_field(now, then, self.field, self.language) if is_part and now and then else then

    def inside(self, past: Past, now: Document) -> list[Key]:
        """Return what was in the sections that are put back after they were deleted, and went with them."""
        gone = {code for kind, code in self.keys if kind == "sections" and code not in now.get("sections", {})}
        if not gone:
            return []
        before = past.everything(now)
        return [
            (kind, code)
            for kind in ("definitions", "questions")
            for code, entry in before.get(kind, {}).items()
            if entry is not None and entry["section"] in gone and code not in now.get(kind, {})
        ]


def is_same(now: Document | None, then: Document | None) -> bool:
    if then is None:
        # What is never deleted is retired instead.
        return now is None or now.get("retired", False)
    return now is not None and said_by(now) == said_by(then)


def names_of(past: Past, now: Document, keys: Iterable[Key]) -> list[dict[str, Any]]:
    """Return how a page names these entries. ``was_there``: it can be put back, too."""
    from disclosures.content.differences import title_of

    found = []
    for kind, code in keys:
        then = past.entry((kind, code))
        title = title_of(then or now.get(kind, {}).get(code) or {}, code)
        label = str(MODELS[kind]._meta.verbose_name) if kind in MODELS else kind
        found.append({"key": f"{kind}:{code}", "kind_label": label, "title": title, "was_there": then is not None})
    return found


def field_label(kind: str, field: str) -> str:
    """Return the name of a field for a reader. Empty for one that no entry of the kind has."""
    if field == "retired":
        return _("no longer in use")
    names = {one.name: one for one in MODELS[kind]._meta.get_fields()}
    return str(getattr(names.get(field), "verbose_name", field)) if field in names else ""
