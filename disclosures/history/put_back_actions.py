"""Actions that make the working copy say again what a document said."""

from dataclasses import dataclass

from django.db import transaction

from disclosures.content.parts import part_of
from disclosures.content.publications import Document
from disclosures.guard_rails.held_at_once import with_holds_of
from disclosures.history.putting import Part, missing_references, touched_by_putting, write_entries
from disclosures.writing.actions import OWN, Into, lock_working_copy, record_revisions
from privacycenter.canonical import sha256_of
from privacycenter.errors import ReferencesMissing, TextChanged
from privacycenter.models import User


@dataclass(frozen=True)
class Outcome:
    """What putting entries changes: the entries that it can touch, before and after."""

    before: Document
    after: Document

    @property
    def sha256(self) -> str:
        return sha256_of({"before": self.before, "after": self.after})


@transaction.atomic
def put_entries(
    *, part: Part, by: User | None, seen: str | None = None, into: Into = OWN, gives_back: bool = False
) -> int:
    """Make the working copy say what these entries say; return the number of revisions, 0 if it says so already.

    ``part``: kind → code → entry as in a document, or None for one that shall not be there: it is deleted, or retired
    if it is never deleted. Afterwards ``part_of`` gives these entries again; lists of services, recipients and links
    are in the order of what they name. The holds that officers set stay. ``seen`` is the hash of the outcome that was
    shown, if any; ``into``, ``gives_back``: as in ``record_revisions``. Raises ReferencesMissing, StillInUse or
    InvalidValue (``putting``), TextChanged if the outcome is no longer the one that was ``seen``.
    """
    outcome = put(part)
    if seen is not None and outcome.sha256 != seen:
        raise TextChanged("The working copy was changed meanwhile.")
    return record_revisions(before=outcome.before, after=outcome.after, into=into, gives_back=gives_back, by=by)


@transaction.atomic
def rehearse_entries(*, part: Part) -> Outcome:
    """Return what ``put_entries`` would change. Writes nothing. Raises what that raises."""
    with transaction.atomic():
        outcome = put(part)
        transaction.set_rollback(True)
    return outcome


def put(part: Part) -> Outcome:
    lock_working_copy()
    part = with_officers_holds(part)
    if missing := missing_references(part):
        raise ReferencesMissing(missing)
    before = part_of({kind: set(entries) for kind, entries in part.items()})
    touched = touched_by_putting(part, before)
    others = {kind: codes - before.get(kind, {}).keys() for kind, codes in touched.items()}
    for kind, entries in part_of({kind: codes for kind, codes in others.items() if codes}).items():
        before[kind] = {**before.get(kind, {}), **entries}
    write_entries(part)
    return Outcome(before, part_of(touched))


def with_officers_holds(part: Part) -> Part:
    """Return the part with the holds that officers set: as the working copy says them, or else as the officer did."""
    entries = {code: entry for code, entry in part.get("recipients", {}).items() if entry is not None}
    if not entries:
        return part
    held = with_holds_of(part_of({"recipients": set(entries)}), {"recipients": entries})["recipients"]
    return {**part, "recipients": {**part["recipients"], **held}}
