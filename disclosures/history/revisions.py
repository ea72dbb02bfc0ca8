"""History of the working copy, for the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.urls import reverse

from disclosures.content.changed_entries import VERBS, Change
from disclosures.content.entries import edit_url, title_in
from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from disclosures.models import ChangeSet, Revision

PER_PAGE = 20


@dataclass(frozen=True)
class RevisionView:
    """One line of a history. ``verb`` is added, changed or removed.

    ``who`` is an editor or a reporter, empty for a command. ``names`` is the document that provides the names of
    entries referred to.
    """

    number: int
    kind: str
    code: str
    title: str
    who: str
    changed_at: datetime
    verb: str
    before: Document | None
    after: Document | None
    names: Document
    change_set: ChangeSet | None = None

    @property
    def kind_label(self) -> str:
        return str(MODELS[self.kind]._meta.verbose_name) if self.kind in MODELS else self.kind

    @property
    def verb_label(self) -> str:
        return str(VERBS[self.verb])

    @property
    def address(self) -> str:
        """URL of the entry's form. Empty if the entry was deleted."""
        return "" if self.after is None else edit_url(self.kind, self.code)

    @property
    def put_back_address(self) -> str:
        """URL that puts back what the entry said before."""
        return reverse("admin:put_back_to_revision", args=[self.number]) + "?scope=entry"

    @property
    def differences(self) -> Any:
        from disclosures.content.differences import entry_difference

        before, after = (self.names | {self.kind: self.among(entry)} for entry in (self.before, self.after))
        return [entry_difference(before, after, Change(self.kind, self.code, self.verb))]

    def among(self, entry: Document | None) -> Document:
        """Return the entries of its kind, with this one as it was then, or without it if it did not exist."""
        others = {code: other for code, other in self.names.get(self.kind, {}).items() if code != self.code}
        return others | {self.code: entry} if entry else others


def revision_view(row: Revision, names: Document) -> RevisionView:
    verb = "added" if row.before is None else "removed" if row.after is None else "changed"
    return RevisionView(
        number=row.pk,
        kind=row.kind,
        code=row.code,
        title=title_in(row.after or row.before, row.code),
        who=str(row.changed_by or row.reporter or ""),
        changed_at=row.changed_at,
        verb=verb,
        before=row.before,
        after=row.after,
        names=names,
        change_set=row.change_set,
    )


def paged(rows: Any, number: str, published: Document | None) -> "Page[Any]":
    """Return one page of a history. A number out of range gives the nearest page.

    ``published`` names the entries that others refer to.
    """
    found = Paginator(rows.select_related("changed_by", "reporter", "change_set"), PER_PAGE).get_page(number)
    found.object_list = [revision_view(row, published or {}) for row in found.object_list]
    return found


def entry_history(kind: str, code: str, number: str, published: Document | None) -> "Page[Any]":
    """Return the history of one entry, newest first. Two SQL statements."""
    return paged(Revision.objects.filter(kind=kind, code=code), number, published)


def desk_history(number: str, published: Document | None) -> "Page[Any]":
    """Return all changes, newest first. Two SQL statements."""
    return paged(Revision.objects.all(), number, published)


def latest_changes(count: int) -> list[RevisionView]:
    """Return the newest changes, without the names of what they refer to. One SQL statement."""
    rows = Revision.objects.select_related("changed_by", "reporter", "change_set")
    return [revision_view(row, {}) for row in rows[:count]]


def revisions_since(number: int, part: Document) -> list[Revision]:
    """Return the revisions after ``number`` of these entries and of the entries in their sections, oldest first.

    One SQL statement.
    """
    wanted = Q(pk__in=[])
    for kind in part.keys() & MODELS.keys():
        wanted |= Q(kind=kind, code__in=list(part[kind]))
    for section in part.get("sections", {}):
        wanted |= Q(kind__in=("definitions", "questions"), before__section=section)
    return list(Revision.objects.filter(wanted, pk__gt=number).select_related("changed_by", "reporter").order_by("pk"))
