"""The working copy as this process read it last, held until somebody changes it.

The whole document costs more than any page of the desk. Whoever changes content records a revision in the same
transaction (``editing.actions``), so the newest revision's number says, in every process, whether what is held is
current. Nothing is held of what was read inside a transaction: it may be half done, or never be committed.
"""

from functools import cached_property
from threading import Lock

from django.db import connection
from django.db.models import Max

from disclosures.models import Publication, Revision
from disclosures.publishing.changed_entries import Change, changes_for_readers
from disclosures.publishing.entries import missing_texts
from disclosures.publishing.publications import Document
from disclosures.publishing.working_copy import working_document


class HeldCopy:
    """The working copy at one revision, and what follows from it. All readers share ``document``: never change it."""

    def __init__(self, revision: int, document: Document) -> None:
        self.revision, self.document = revision, document
        self.compared: tuple[str, list[Change]] | None = None

    @cached_property
    def missing_count(self) -> int:
        """How many texts lack a translation."""
        return len(missing_texts(self.document))

    def changes_since(self, published: Publication | None) -> list[Change]:
        """Return what it changes for visitors of this publication; all entries, without one. No SQL."""
        sha256, document = (published.sha256, published.document) if published else ("", {})
        compared = self.compared
        if compared is None or compared[0] != sha256:
            compared = self.compared = sha256, changes_for_readers(document, self.document)
        return compared[1]


_held: HeldCopy | None = None
_lock = Lock()


def newest_revision() -> int:
    """Return the number of the newest revision, or 0. One SQL statement."""
    newest: int | None = Revision.objects.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def held_copy() -> HeldCopy:
    """Return the current working copy. One SQL statement, unless it changed since this process read it last.

    Of several threads that need it at once, one reads it.
    """
    if is_half_done():
        return read_copy()
    if found := held_at(newest_revision()):
        return found
    with _lock:
        return held_at(newest_revision()) or read_copy()


def held_at(revision: int) -> HeldCopy | None:
    held = _held
    return held if held and held.revision == revision else None


def read_copy() -> HeldCopy:
    """Read the working copy anew, whatever is held."""
    global _held
    # Asked for first: what somebody writes meanwhile has a larger number, so the next reader reads again.
    revision = newest_revision()
    found = HeldCopy(revision, working_document())
    if not is_half_done():
        _held = found
    return found


def is_half_done() -> bool:
    """Return whether what is read now may never be committed."""
    return connection.in_atomic_block


def forget_held_copy() -> None:
    """Forget it, as a process that has just started."""
    global _held
    _held = None


def pending_changes(published: Publication | None) -> list[Change]:
    """Return what the working copy changes for visitors of this publication. Costs what ``held_copy`` costs."""
    return held_copy().changes_since(published)
