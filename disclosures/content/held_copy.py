"""The working copy as this process read it last, held until somebody changes it.

The whole document costs more than any page of the desk. Whoever changes content records a revision in the same
transaction (``writing.actions``), so the newest revision's number says, in every process, whether what is held is
current. Nothing is held of what was read inside a transaction: it may be half done, or never be committed.
"""

from functools import cached_property
from threading import Lock
from typing import cast

from django.db import connection
from django.db.models import Max
from django.http import HttpRequest

from disclosures.content.changed_entries import Change, changes_for_readers
from disclosures.content.publications import Document
from disclosures.content.reading_advice import explained_words
from disclosures.content.texts import missing_count
from disclosures.content.working_copy import working_document
from disclosures.models import Publication, Revision


class HeldCopy:
    """The working copy at one revision, and what follows from it. All readers share ``document``: never change it."""

    def __init__(self, revision: int, document: Document) -> None:
        self.revision, self.document = revision, document
        self.compared: tuple[str, list[Change]] | None = None

    @cached_property
    def missing_count(self) -> int:
        """How many texts lack a translation."""
        return missing_count(self.document)

    @cached_property
    def explained(self) -> set[str]:
        """The words that need no explanation in a text."""
        return explained_words(self.document)

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


def held_copy_for(request: HttpRequest) -> HeldCopy:
    """Return the working copy for a page that only shows it: as it is for the whole request. A request that changes it
    gets it anew each time."""
    if request.method == "POST":
        return held_copy()
    if not hasattr(request, "held_copy"):
        request.held_copy = held_copy()  # type: ignore[attr-defined]
    return cast(HeldCopy, request.held_copy)  # type: ignore[attr-defined]


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
