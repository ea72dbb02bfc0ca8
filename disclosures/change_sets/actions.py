"""Actions on change sets: make one, choose it, name it, hold it back, move changes between two, discard it, reopen it.

Each first takes the publishing lock, so that concurrent calls run one after another.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from disclosures.change_sets.attributing_actions import current_set, open_new_set, write_patch
from disclosures.content.merging import Cell, Patch, PatchEntry, changed_cells, merged, only_cells, without_cells
from disclosures.content.open_sets import Key, keys_of, open_patches, patch_of, rows_of, unexplained
from disclosures.content.publications import newest_document
from disclosures.content.working_copy import working_document
from disclosures.models import ChangeSet, ChangeSetStepKind, CurrentChangeSet, Proposal, SetState
from disclosures.publishing.actions import lock_publishing
from disclosures.publishing.closing_actions import end_set, note_step, put_entries_of
from disclosures.publishing.row_actions import follow_rows
from disclosures.publishing.set_actions import open_set
from disclosures.publishing.topics import CONTENT_PUBLISHED, SET_UNTIL, ContentPublished, SetUntil
from privacycenter.errors import InvalidValue, NoLongerOpen, NotTheOwner, UnderEmbargo, UnknownCode
from privacycenter.models import User
from privacycenter.outbox.leaving import leave
from privacycenter.text.legible import fault_of

LONGEST_NAME = 120


@transaction.atomic
def make_set(*, name: str, by: User) -> ChangeSet:
    """Open a new set; what ``by`` changes from now on goes into it. Raises InvalidValue for a name that cannot be."""
    lock_publishing()
    made = open_new_set(readable(name), by=by)
    make_current(made, by)
    return made


@transaction.atomic
def choose_set(*, change_set: ChangeSet, by: User) -> None:
    """Have what ``by`` changes from now on go into this set, their own or another's.

    One that was taken out of the working copy is put back into it. Raises NoLongerOpen if it has ended.
    """
    newest = lock_publishing()
    change_set = open_set(change_set)
    make_current(change_set, by)
    if change_set.is_aside:
        change_set.is_aside = False
        change_set.save(update_fields=["is_aside"])
        follow_rows(keys_of(patch_of(change_set)), newest.document if newest else None, by=by)


@transaction.atomic
def rename_set(*, change_set: ChangeSet, name: str, by: User) -> None:
    """Give a set another name. Raises NoLongerOpen, NotTheOwner, InvalidValue."""
    lock_publishing()
    change_set = owned_set(change_set, by)
    name = readable(name)
    if name == change_set.name:
        return
    note_step(change_set, ChangeSetStepKind.RENAMED, by, change_set.name)
    change_set.name = name
    change_set.save(update_fields=["name"])


@transaction.atomic
def put_under_embargo(*, change_set: ChangeSet, until: datetime | None = None, by: User) -> None:
    """Keep everybody but the owner from publishing a set; ``until`` is None for "until it is lifted".

    Raises NoLongerOpen, NotTheOwner, and InvalidValue for an end in the past.
    """
    lock_publishing()
    change_set = owned_set(change_set, by)
    if until and until <= timezone.now():
        raise InvalidValue("The end of the embargo has passed.", "until")
    change_set.is_embargoed, change_set.embargo_until = True, until
    if change_set.owner_id is None:
        # An embargo has somebody who may publish in spite of it.
        change_set.owner = by
    change_set.save(update_fields=["is_embargoed", "embargo_until", "owner"])
    note_step(change_set, ChangeSetStepKind.EMBARGOED, by, in_words(until))


@transaction.atomic
def lift_embargo(*, change_set: ChangeSet, reason: str, by: User) -> None:
    """Lift an embargo, one's own or another's, with a reason that is written down.

    Raises NoLongerOpen if the set has ended or is under no embargo, InvalidValue without a reason.
    """
    lock_publishing()
    change_set = open_set(change_set)
    if not change_set.is_held_back:
        raise NoLongerOpen("It is not under embargo.")
    if not reason.strip():
        raise InvalidValue("Say why the embargo is lifted.", "reason")
    change_set.is_embargoed, change_set.embargo_until = False, None
    change_set.save(update_fields=["is_embargoed", "embargo_until"])
    note_step(change_set, ChangeSetStepKind.LIFTED, by, reason)


@transaction.atomic
def limit_set(*, change_set: ChangeSet, until: datetime | None, by: User) -> None:
    """Set until when a set is published; it is taken back by itself then. None: without an end.

    Also of a set that is published already. Raises NoLongerOpen for a discarded one, NotTheOwner, and InvalidValue for
    a time in the past.
    """
    lock_publishing()
    change_set = ChangeSet.objects.select_related("owner").get(pk=change_set.pk)
    if change_set.state == SetState.DISCARDED:
        raise NoLongerOpen("This change set was discarded.")
    refuse_others(change_set, by)
    if until and until <= timezone.now():
        raise InvalidValue("This time has passed.", "until")
    change_set.publish_until = until
    change_set.save(update_fields=["publish_until"])
    note_step(change_set, ChangeSetStepKind.LIMITED, by, in_words(until))
    if until and change_set.state == SetState.PUBLISHED:
        leave(SET_UNTIL, SetUntil(change_set=change_set.pk), due_at=until)


@transaction.atomic
def move_entries(*, change_set: ChangeSet, keys: Collection[Key], to: ChangeSet, by: User) -> None:
    """Move what a set changes of these entries to another set. Where both change a field, the moved text stands.

    Raises NoLongerOpen if one of them has ended, UnderEmbargo for what another holds back, UnknownCode for an entry
    that the set does not change.
    """
    newest = lock_publishing()
    source, target = open_set(change_set), open_set(to)
    refuse_held_back(source, by)
    patch = patch_of(source, keys)
    if keys_of(patch) != {*keys} or source.pk == target.pk:
        raise UnknownCode("The change set does not change this, or no longer.")
    move(source, patch, target, by)
    if source.is_aside != target.is_aside:
        follow_rows(keys, newest.document if newest else None, by=by)


@transaction.atomic
def take_cells(*, change_set: ChangeSet, key: Key, cells: Collection[Cell], by: User) -> ChangeSet:
    """Take fields of an entry out of another's set into one's current set, which is returned.

    Raises as ``move_entries`` does.
    """
    lock_publishing()
    source, target = open_set(change_set), current_set(by)
    refuse_held_back(source, by)
    patch = [only_cells(one, cells) for one in patch_of(source, [key])]
    if source.pk == target.pk or not any(changed_cells(one.base, one.entry) for one in patch):
        raise UnknownCode("The change set does not change this, or no longer.")
    move(source, patch, target, by)
    return target


@transaction.atomic
def take_unexplained(*, by: User) -> int:
    """Put what differs from what is published, without any set changing it, into one's current set.

    Return the number of entries. Reads the working copy.
    """
    lock_publishing()
    patch = unexplained(working_document(), newest_document(), open_patches())
    if patch:
        target = current_set(by)
        add_to(target, patch)
        note_step(target, ChangeSetStepKind.MOVED, by, str(len(patch)))
    return len(patch)


@transaction.atomic
def discard_set(*, change_set: ChangeSet, by: User) -> None:
    """Take a set out of the working copy and end it. It is kept, and can be reopened; proposals of it end.

    Raises NoLongerOpen if it has ended, NotTheOwner, and what ``ENTRY_WRITER`` raises where the rows cannot follow.
    """
    newest = lock_publishing()
    change_set = owned_set(change_set, by)
    end_set(change_set, SetState.DISCARDED)
    note_step(change_set, ChangeSetStepKind.DISCARDED, by)
    if Proposal.objects.open().filter(change_set=change_set).exists():
        leave(CONTENT_PUBLISHED, ContentPublished(number=newest.number if newest else 0))
    if not change_set.is_aside:
        keys = keys_of(patch_of(change_set))
        follow_rows(keys, newest.document if newest else None, is_strict=True, by=by)


@transaction.atomic
def reopen_set(*, change_set: ChangeSet, by: User) -> None:
    """Open a discarded set again; what it holds is in the working copy again.

    Raises NoLongerOpen if it is not discarded, NotTheOwner.
    """
    newest = lock_publishing()
    change_set = ChangeSet.objects.select_related("owner").get(pk=change_set.pk)
    if change_set.state != SetState.DISCARDED:
        raise NoLongerOpen("This change set is not discarded.")
    refuse_others(change_set, by)
    change_set.state, change_set.ended_at, change_set.is_default, change_set.is_aside = (
        SetState.OPEN,
        None,
        False,
        False,
    )
    change_set.save(update_fields=["state", "ended_at", "is_default", "is_aside"])
    note_step(change_set, ChangeSetStepKind.REOPENED, by)
    follow_rows(keys_of(patch_of(change_set)), newest.document if newest else None, by=by)


# --- What they share -------------------------------------------------------------------------------------------------


def readable(name: str) -> str:
    name = name.strip()
    if not name:
        raise InvalidValue("Give the change set a name.", "name")
    if len(name) > LONGEST_NAME:
        raise InvalidValue(f"At most {LONGEST_NAME} characters.", "name")
    if fault := fault_of(name):
        raise InvalidValue(fault, "name")
    return name


def in_words(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""


def make_current(change_set: ChangeSet, by: User) -> None:
    CurrentChangeSet.objects.update_or_create(editor=by, defaults={"change_set": change_set})


def owned_set(change_set: ChangeSet, by: User) -> ChangeSet:
    change_set = open_set(change_set)
    refuse_others(change_set, by)
    return change_set


def refuse_others(change_set: ChangeSet, by: User) -> None:
    """Refuse anybody but the owner. What a command made is everybody's."""
    if change_set.owner_id not in (None, by.pk):
        raise NotTheOwner("This change set is another editor's.")


def refuse_held_back(change_set: ChangeSet, by: User) -> None:
    if change_set.is_held_back and change_set.owner_id != by.pk:
        raise UnderEmbargo("This change set is under embargo. Its owner moves it, or somebody lifts the embargo.")


def move(source: ChangeSet, patch: Patch, target: ChangeSet, by: User) -> None:
    add_to(target, patch)
    stored = {(row.kind, row.code): row for row in rows_of(source.entries.all(), keys_of(patch))}
    moved = {(one.kind, one.code): changed_cells(one.base, one.entry) for one in patch}
    left = [
        without_cells(PatchEntry(row.kind, row.code, row.base, row.entry), moved[key]) for key, row in stored.items()
    ]
    write_patch(source, left, stored)
    note_step(source, ChangeSetStepKind.MOVED, by, target.name)
    note_step(target, ChangeSetStepKind.MOVED, by, source.name)


def add_to(target: ChangeSet, patch: Patch) -> None:
    """Add changes to a set. Where it changes the same field, the added value stands."""
    stored = {(row.kind, row.code): row for row in rows_of(target.entries.all(), keys_of(patch))}
    made = []
    for one in patch:
        row = stored.get((one.kind, one.code))
        made.append(one._replace(base=row.base, entry=merged(one, row.entry, mine_wins=True)[0]) if row else one)
    put_entries_of(target, made)
