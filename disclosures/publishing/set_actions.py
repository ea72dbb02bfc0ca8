"""Actions that publish change sets: visitors get the newest publication with the changes of the set."""

from django.db import transaction

from disclosures.content.merging import Patch, compose
from disclosures.content.open_sets import keys_of, patch_of
from disclosures.content.publications import Document
from disclosures.models import ChangeSet, Publication
from disclosures.publishing.actions import (
    append_publication,
    lock_publishing,
    refuse_errors,
    refuse_one_person,
    refuse_what_is_public,
)
from disclosures.publishing.closing_actions import close_published
from disclosures.publishing.row_actions import follow_rows
from privacycenter.canonical import sha256_of
from privacycenter.errors import ChangesCollide, NoLongerOpen, TextChanged, UnderEmbargo
from privacycenter.models import User


@transaction.atomic
def publish_set(*, change_set: ChangeSet, reason: str = "", seen: str | None = None, by: User | None) -> Publication:
    """Publish what a set changes, and nothing else of what waits. The set ends with it.

    ``seen`` is the hash of the document that the publisher looked at, if any. Raises NoLongerOpen if the set has ended,
    UnderEmbargo for anybody but its owner, ChangesCollide if something published since changed the same,
    TextChanged, NothingToPublish, NotPublishable and SecondPersonNeeded as ``publish_content`` does.
    """
    refuse_one_person(by)
    newest = lock_publishing()
    change_set = open_set(change_set)
    document, sha256, patch = publishable_set(change_set, newest, seen, by)
    return append_set(change_set, document, sha256, patch, newest, reason, by)


def append_set(
    change_set: ChangeSet, document: Document, sha256: str, patch: Patch, newest: Publication | None, reason: str,
    by: User | None,
) -> Publication:  # fmt: skip
    """Write the publication of a set, or of what of it was proposed, and end the set."""
    was_aside = change_set.is_aside
    before = newest.document if newest else {}
    number = newest.number + 1 if newest else 1
    close_published(change_set, patch, before, number=number, by=by)
    publication = append_publication(document, sha256, newest, by, reason)
    if was_aside:
        # It was not in the working copy, which would take it back with the next publication of everything.
        follow_rows(keys_of(patch), document, by=by)
    return publication


def open_set(change_set: ChangeSet) -> ChangeSet:
    """Return the set as it is now. Raises NoLongerOpen if it has ended. To be called under the publishing lock."""
    found = ChangeSet.objects.select_related("owner").get(pk=change_set.pk)
    if not found.is_open:
        raise NoLongerOpen("This change set has ended already.")
    return found


def publishable_set(
    change_set: ChangeSet, newest: Publication | None, seen: str | None, by: User | None
) -> tuple[Document, str, Patch]:
    """Return the newest publication with what the set changes, its hash, and the changes."""
    if change_set.is_held_back and change_set.owner_id != (by.pk if by else None):
        raise UnderEmbargo("This change set is under embargo. Its owner publishes it, or somebody lifts the embargo.")
    patch = patch_of(change_set)
    document, conflicts = compose(newest.document if newest else {}, patch)
    if conflicts:
        raise ChangesCollide("Something published since changed the same text. Put both together first.")
    sha256 = sha256_of(document)
    if seen is not None and seen != sha256:
        raise TextChanged("The change set, or what is published, was changed meanwhile.")
    refuse_what_is_public(sha256, newest)
    refuse_errors(document)
    return document, sha256, patch
