"""The public record of changes: the list of publications, and what each of them changed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator

from disclosures.content.changed_entries import VERBS, changes_for_readers
from disclosures.content.differences import EntryDifference, changes_in_order, differences_of
from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from disclosures.models import Publication
from disclosures.public.entry_urls import address_of

PER_PAGE = 20
# A page with more entries than this shows them collapsed.
MOST_OPEN = 5
ENTRIES_PER_PAGE = 60


@dataclass(frozen=True)
class PublicationRow:
    """One publication. ``change_count`` is how many entries differ for a reader from the publication before it."""

    number: int
    published_at: datetime
    reason: str
    sha256: str
    change_count: int

    @property
    def is_first(self) -> bool:
        return self.number == 1


@dataclass(frozen=True)
class PublicationList:
    """One page of the record, newest first. ``page`` counts from 1."""

    rows: list[PublicationRow]
    page: int
    pages: int


def publication_list(newest: int, page: int) -> PublicationList | None:
    """Return the publications on one page, given the newest number. None if there is no such page.

    One SQL statement. Documents are read one after another, so that at most two are in memory.
    """
    pages = -(-newest // PER_PAGE)
    if not 1 <= page <= pages:
        return None
    last = newest - (page - 1) * PER_PAGE
    first = max(1, last - PER_PAGE + 1)
    return PublicationList(list(rows_between(first, last)), page, pages)


def rows_between(first: int, last: int) -> Iterator[PublicationRow]:
    """Yield rows from ``last`` down to ``first``.

    Numbers have no gaps; the publication before ``first`` is read, too, for comparison.
    """
    found = Publication.objects.filter(number__range=(first - 1, last)).order_by("-number")
    newer: Publication | None = None
    for publication in found.iterator(chunk_size=1):
        if newer:
            yield row_of(newer, publication.document)
        newer = publication
    if newer and newer.number == first:
        yield row_of(newer, {})


def row_of(publication: Publication, before: Document) -> PublicationRow:
    return PublicationRow(
        number=publication.number,
        published_at=publication.published_at,
        reason=publication.reason,
        sha256=publication.sha256,
        change_count=len(changes_for_readers(before, publication.document)),
    )


@dataclass(frozen=True)
class ChangedEntry:
    """One entry that a publication changed. ``address`` is its present URL, empty if it has none."""

    difference: EntryDifference
    address: str


@dataclass(frozen=True)
class ChangedKind:
    """The entries of one kind that a publication changed, in order; at least one."""

    kind: str
    entries: list[ChangedEntry]
    verbs: Mapping[str, int]

    @property
    def label(self) -> str:
        return str(MODELS[self.kind]._meta.verbose_name_plural)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """(verb, number of entries): added first, then changed, moved and removed."""
        return [(str(label), self.verbs[verb]) for verb, label in VERBS.items() if self.verbs.get(verb)]

    @property
    def count(self) -> int:
        return sum(self.verbs.values())


@dataclass(frozen=True)
class ChangePage:
    """What one publication changed, by kind. In the first publication all is new, so its fields are not shown."""

    publication: PublicationRow
    kinds: list[ChangedKind]
    page: "Page[EntryDifference]"
    newer: int | None
    older: int | None

    @property
    def is_long(self) -> bool:
        """Whether there are too many entries to show all of them expanded."""
        return self.publication.change_count > MOST_OPEN


def change_page(number: int, newest: int, today: Document, page: str = "") -> ChangePage | None:
    """Return a page of what a publication changed, or None if it does not exist.

    ``today`` is the newest document. One SQL statement.
    """
    if not 1 <= number <= newest:
        return None
    found = {one.number: one for one in Publication.objects.filter(number__in=(number - 1, number))}
    publication, before = found[number], found[number - 1].document if number > 1 else {}
    changes = changes_in_order(before, publication.document)
    shown: Page[Any] = Paginator(changes, ENTRIES_PER_PAGE).get_page(page)
    shown.object_list = differences_of(before, publication.document, list(shown.object_list))
    entries = [ChangedEntry(one, address_of(today, one.kind, one.code)) for one in shown.object_list]
    verbs = {kind: Counter(one.verb for one in found) for kind, found in groupby(changes, lambda one: one.kind)}
    return ChangePage(
        publication=row_of(publication, before),
        page=shown,
        kinds=[
            ChangedKind(kind, list(found), verbs[kind])
            for kind, found in groupby(entries, lambda one: one.difference.kind)
        ],
        newer=number + 1 if number < newest else None,
        older=number - 1 if number > 1 else None,
    )
