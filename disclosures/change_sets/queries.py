"""Change sets as the desk shows them. Never writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, When
from django.http import HttpRequest

from disclosures.change_sets.conflicts import label_of_field
from disclosures.content.differences import EntryDifference, changes_in_order, differences_of
from disclosures.content.entries import edit_url, title_in
from disclosures.content.held_copy import held_copy
from disclosures.content.merging import Document, PatchEntry, changed_cells, compose
from disclosures.content.open_sets import Key, keys_of, open_patches, patch_of, unexplained
from disclosures.guard_rails.errors import errors_of
from disclosures.guard_rails.findings import Finding, findings
from disclosures.models import ChangeSet, ChangeSetStep, CurrentChangeSet, Proposal, Publication, Revision
from disclosures.proposals.queries import preflight
from privacycenter.canonical import sha256_of
from privacycenter.models import User

PER_PAGE = 50
MINE, OTHERS, ENDED = "mine", "others", "ended"


def set_list(show: str, by: User, number: str = "") -> "Page[ChangeSet]":
    """Return one page of sets with ``entry_count``: one's own open ones, others', or those that ended. Two SQL
    statements."""
    sets = ChangeSet.objects.select_related("owner").annotate(entry_count=Count("entries"))
    if show == ENDED:
        chosen = sets.ended().order_by("-ended_at", "-pk")
    elif show == OTHERS:
        chosen = sets.open().exclude(owner=by).order_by("-pk")
    else:
        chosen = sets.open().filter(owner=by).order_by("-pk")
    return Paginator(chosen, PER_PAGE).get_page(number)


def find_set(pk: int) -> ChangeSet | None:
    return ChangeSet.objects.select_related("owner", "reverses").filter(pk=pk).first()


def chosen_set(by: User) -> ChangeSet | None:
    """Return the open set that an editor's changes go into: the one they switched to, else their default one; None if
    it is to be made with the next change. One SQL statement."""
    switched_to = CurrentChangeSet.objects.filter(editor=by).values("change_set")
    found = ChangeSet.objects.open().filter(Q(pk__in=switched_to) | Q(owner=by, is_default=True))
    is_switched_to = Case(When(pk__in=switched_to, then=0), default=1, output_field=IntegerField())
    return found.select_related("owner").order_by(is_switched_to).first()


def chosen_set_for(request: HttpRequest) -> ChangeSet | None:
    """Return the set that the changes of whoever asks go into, read once per request that changes nothing."""
    if request.method == "POST":
        return chosen_set(cast(User, request.user))
    if not hasattr(request, "chosen_set"):
        request.chosen_set = chosen_set(cast(User, request.user))  # type: ignore[attr-defined]
    return cast("ChangeSet | None", request.chosen_set)  # type: ignore[attr-defined]


def other_open_sets(change_set: ChangeSet | None) -> "QuerySet[ChangeSet]":
    found = ChangeSet.objects.open().select_related("owner")
    return found.exclude(pk=change_set.pk) if change_set else found


@dataclass(frozen=True)
class SetChange:
    """One entry that a set changes. ``address``: of its form, empty where there is none."""

    difference: EntryDifference
    address: str

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.difference.kind}:{self.difference.code}"


@dataclass(frozen=True)
class AlsoChanged:
    """A field that another open set changes, too."""

    title: str
    label: str
    change_set: ChangeSet


@dataclass(frozen=True)
class SetPage:
    """One change set. ``seen``: the hash of what publishing it would give; ``conflict_count``: how many cells something
    published since changed differently."""

    change_set: ChangeSet
    changes: "Page[Any]"
    findings: list[Finding]
    seen: str
    conflict_count: int
    also_changed: list[AlsoChanged]
    proposals: list[Proposal]
    steps: list[ChangeSetStep]
    people: list[User]
    reversals: list[ChangeSet]

    @property
    def has_errors(self) -> bool:
        return any(finding.is_error for finding in self.findings)


def set_page(change_set: ChangeSet, newest: Publication | None, number: str = "") -> SetPage:
    """Return one page of what a set changes. About 15 SQL statements, however many entries it has."""
    published = newest.document if newest else {}
    patch = patch_of(change_set)
    before, after, conflict_count, found, seen = published, published, 0, [], ""
    if change_set.is_open:
        after, _none = compose(published, patch, mine_wins=True)
        document, conflicts = compose(published, patch)
        conflict_count, seen = len(conflicts), sha256_of(document)
        found = set_findings(published, document, patch)
    else:
        before, after = as_it_changed(published, patch)
    shown: Page[Any] = Paginator(changes_in_order(before, after), PER_PAGE).get_page(number)
    shown.object_list = [
        SetChange(one, edit_url(one.kind, one.code) if change_set.is_open and one.verb != "removed" else "")
        for one in differences_of(before, after, list(shown.object_list))
    ]
    return SetPage(
        change_set=change_set,
        changes=shown,
        findings=found,
        seen=seen,
        conflict_count=conflict_count,
        also_changed=also_changed(change_set, patch) if change_set.is_open else [],
        proposals=list(
            change_set.proposals.select_related("proposed_by", "approval", "outcome").defer("document", "patch")
        ),
        steps=list(change_set.steps.select_related("by").oldest_first()),
        people=people_of(change_set),
        reversals=list(change_set.reversals.order_by("pk")),
    )


def as_it_changed(published: Document, patch: list[PatchEntry]) -> tuple[Document, Document]:
    """Return two documents that differ in what the patch changed, with the names of what is published today."""
    sides: list[Document] = []
    for entries in ([one.base for one in patch], [one.entry for one in patch]):
        made = {kind: {**found} for kind, found in published.items()}
        for one, entry in zip(patch, entries, strict=True):
            made.setdefault(one.kind, {}).pop(one.code, None)
            if entry is not None:
                made[one.kind][one.code] = entry
        sides.append(made)
    return sides[0], sides[1]


def set_findings(published: Document, document: Document, patch: Iterable[PatchEntry]) -> list[Finding]:
    """Return what keeps the document from being published, and what is worth a look in the entries of the set."""
    keys = keys_of(patch)
    remarks = [one for one in findings(document) if not one.is_error and (one.kind, one.code) in keys]
    return [*errors_of(document), *remarks, *preflight(published, document)]


def also_changed(change_set: ChangeSet, patch: Iterable[PatchEntry]) -> list[AlsoChanged]:
    """Return the fields of this set that another open set changes, too. One SQL statement."""
    mine = {(one.kind, one.code): one for one in patch}
    found = []
    for other in open_patches(mine, sets=other_open_sets(change_set)):
        for one in other.patch:
            own = mine[one.kind, one.code]
            same = changed_cells(one.base, one.entry) & changed_cells(own.base, own.entry)
            fields = dict.fromkeys(field for field, _language in sorted(same))
            title = title_in(own.entry or one.entry or one.base, one.code)
            found += [AlsoChanged(title, label_of_field(one.kind, field), other.change_set) for field in fields]
    return found


def people_of(change_set: ChangeSet) -> list[User]:
    """Return who changed something in a set. One SQL statement."""
    wrote = Revision.objects.filter(change_set=change_set, changed_by__isnull=False).order_by().values("changed_by")
    return list(User.objects.filter(pk__in=wrote.distinct()).order_by("pk"))


def unexplained_count(published: Document | None) -> int:
    """Return how many entries differ without a set changing them. Two SQL statements, unless the working copy changed
    since this process read it last."""
    return len(unexplained(held_copy().document, published, open_patches()))


def document_of_set(change_set: ChangeSet, published: Document | None) -> Document:
    """Return what visitors would see with this set: for the preview, so its own text stands where both changed one."""
    return compose(published or {}, patch_of(change_set), mine_wins=True)[0]


@dataclass(frozen=True)
class Waiting:
    """How many entries wait: in one's current set, and in other open sets. ``show``: the list that has these others,
    one's own if they are all one's own."""

    mine: int
    others: int
    change_set: ChangeSet | None
    show: str = OTHERS


def waiting_in_sets(by: User, current: ChangeSet | None) -> Waiting:
    """Return how much waits in sets, in ``current`` and in all others. One SQL statement; no document is read."""
    sets = ChangeSet.objects.in_the_rows().order_by().annotate(entry_count=Count("entries"))
    counts = {pk: (count, owner) for pk, count, owner in sets.values_list("pk", "entry_count", "owner") if count}
    mine, _owner = counts.pop(current.pk, (0, None)) if current else (0, None)
    show = OTHERS if any(owner != by.pk for _count, owner in counts.values()) else MINE
    return Waiting(mine, sum(count for count, _owner in counts.values()), current, show)


def keys_in(sent: Iterable[str]) -> set[Key]:
    """Return the entries that a form names (``SetChange.key``). What is none is left out."""
    pairs = (one.partition(":") for one in sent)
    return {(kind, code) for kind, _colon, code in pairs if kind and code}
