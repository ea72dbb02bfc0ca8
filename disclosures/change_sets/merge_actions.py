"""Actions that bring a set up to date with what was published since, and that take a published set back."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.change_sets.actions import refuse_held_back
from disclosures.change_sets.conflicts import Choice, conflicts_of, resolved
from disclosures.change_sets.topics import SET_NOT_ENDED, SetNotEnded
from disclosures.content.merging import changed_cells, reversed_patch
from disclosures.content.open_sets import keys_of, patch_of
from disclosures.models import ChangeSet, ChangeSetStep, ChangeSetStepKind, Publication, SetState
from disclosures.publishing.actions import keep_aside, lock_publishing
from disclosures.publishing.closing_actions import note_step, write_entries
from disclosures.publishing.row_actions import follow_rows
from disclosures.publishing.set_actions import open_set, publish_set
from privacycenter.errors import InvalidValue, NoLongerOpen, Refusal, TextChanged
from privacycenter.models import User
from privacycenter.outbox.leaving import leave
from privacycenter.text.languages import speaking
from privacycenter.text.legible import fault_of


@transaction.atomic
def merge_set(*, change_set: ChangeSet, choices: Mapping[str, Choice], seen: int, by: User) -> None:
    """Put a set onto the newest publication, with what was chosen where both changed the same.

    ``choices``: the name of a conflict (``conflicts.name_of``) → the text that shall stand, or one of NOW and MINE.
    ``seen``: the number of the publication that was looked at. Raises NoLongerOpen, UnderEmbargo for what another holds
    back, TextChanged if something else was published since, InvalidValue if a choice is missing or cannot be.
    """
    newest = lock_publishing()
    change_set = open_set(change_set)
    refuse_held_back(change_set, by)
    if seen != (newest.number if newest else 0):
        raise TextChanged("Something else was published meanwhile. Look again.")
    published = newest.document if newest else {}
    patch = patch_of(change_set)
    for conflict in conflicts_of(patch, published):
        choice = choices.get(conflict.name)
        if choice is None or (not conflict.is_text and choice not in conflict.offered):
            raise InvalidValue("Choose what shall stand.", conflict.name)
        if conflict.is_text and (fault := fault_of(choice)):
            raise InvalidValue(fault, conflict.name)
        if conflict.max_length and len(choice) > conflict.max_length:
            raise InvalidValue(f"At most {conflict.max_length} characters.", conflict.name)
    made = resolved(patch, published, choices)
    stored = {(row.kind, row.code): row for row in change_set.entries.all()}
    write_entries(change_set, [one for one in made if changed_cells(one.base, one.entry)], stored)
    note_step(change_set, ChangeSetStepKind.MERGED, by, str(newest.number if newest else 0))
    if not change_set.is_aside:
        follow_rows(keys_of(patch), published, by=by)


@transaction.atomic
def reverse_set(*, change_set: ChangeSet, by: User | None) -> ChangeSet:
    """Open a set that takes a published one back; it is published, proposed or discarded like any other.

    If one is open already, that is returned. Raises NoLongerOpen if the set is not published, or is taken back already.
    """
    lock_publishing()
    change_set = ChangeSet.objects.select_related("owner").get(pk=change_set.pk)
    if change_set.state != SetState.PUBLISHED:
        raise NoLongerOpen("Only a published change set can be taken back.")
    reversals = change_set.reversals.exclude(state=SetState.DISCARDED).select_related("owner").order_by("-pk")
    if reversals.filter(state=SetState.PUBLISHED).exists():
        raise NoLongerOpen("This change set is taken back already.")
    if found := reversals.first():
        return found
    name = _("Taking back: %(name)s") % {"name": change_set.name}
    return keep_aside(name, reversed_patch(patch_of(change_set)), reverses=change_set, by=by or change_set.owner)


@transaction.atomic
def take_back_at_end(*, change_set: ChangeSet) -> Publication | None:
    """Take a published set back at the end of its publication. Repeating does it once.

    None if it is not due (any more), or cannot be: then an open set holds what would take it back, and its owner is
    told.
    """
    lock_publishing()
    change_set = ChangeSet.objects.select_related("owner").get(pk=change_set.pk)
    until = change_set.publish_until
    if change_set.state != SetState.PUBLISHED or until is None or until > timezone.now():
        return None
    if change_set.reversals.filter(state=SetState.PUBLISHED).exists():
        return None
    with speaking(settings.LANGUAGE_CODE):
        taking_back = reverse_set(change_set=change_set, by=None)
        try:
            return publish_set(change_set=taking_back, reason=_("Its time has ended"), by=None)
        except Refusal as refusal:
            tell_owner(change_set, refusal)
            return None


def tell_owner(change_set: ChangeSet, refusal: Refusal) -> None:
    """Write down that a set could not be taken back, and have its owner told, once."""
    if change_set.steps.filter(kind=ChangeSetStepKind.NOT_ENDED).exists():
        return
    step = ChangeSetStep.objects.create(
        change_set=change_set,
        kind=ChangeSetStepKind.NOT_ENDED,
        note=refusal.detail[:500],
        happened_at=timezone.now(),
        by=None,
    )
    leave(SET_NOT_ENDED, SetNotEnded(step=step.pk))
