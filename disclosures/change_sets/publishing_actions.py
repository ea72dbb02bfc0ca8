"""Actions that publish or propose a part of a set: "Save and publish" takes the entries of one form."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from disclosures.change_sets.actions import move
from disclosures.change_sets.attributing_actions import current_set, open_new_set
from disclosures.content.open_sets import Key, patch_of
from disclosures.models import ChangeSet, Proposal, Publication
from disclosures.proposals.actions import propose_publication
from disclosures.publishing.actions import lock_publishing
from disclosures.publishing.set_actions import publish_set
from privacycenter.errors import NothingToPublish, UnderEmbargo
from privacycenter.models import User


@transaction.atomic
def publish_entries(*, keys: Collection[Key], name: str, reason: str = "", by: User) -> Publication:
    """Publish what one's current set changes of these entries, as a set of its own with this name.

    Raises NothingToPublish if it changes none of them, UnderEmbargo if the current set is held back, and what
    ``publish_set`` raises; then nothing is moved.
    """
    part = part_of_current(keys, name, by)
    return publish_set(change_set=part, reason=reason, by=by)


@transaction.atomic
def propose_entries(
    *, keys: Collection[Key], name: str, reason: str = "", publish_at: datetime | None = None, by: User
) -> Proposal:
    """Propose what one's current set changes of these entries. As ``publish_entries``, and ``propose_publication``."""
    part = part_of_current(keys, name, by)
    return propose_publication(reason=reason, publish_at=publish_at, change_set=part, by=by)


def part_of_current(keys: Collection[Key], name: str, by: User) -> ChangeSet:
    lock_publishing()
    current = current_set(by)
    patch = patch_of(current, keys)
    if not patch:
        raise NothingToPublish("Your change set changes nothing of this.")
    if current.is_held_back:
        raise UnderEmbargo("Your change set is under embargo. Publish it from its page, or lift the embargo.")
    part = open_new_set(name, by=by)
    move(current, patch, part, by)
    return part
