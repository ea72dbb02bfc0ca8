"""Actions that publish all that waits, or an earlier state again: content is frozen under a new number."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.content.merging import Patch, patch_between
from disclosures.content.open_sets import keys_of, without_embargoed
from disclosures.content.publications import Document, newest_for_visitors
from disclosures.content.working_copy import working_document
from disclosures.guard_rails.errors import errors_of
from disclosures.guard_rails.held_at_once import held_findings, with_holds_of
from disclosures.models import ChangeSet, ChangeSetStepKind, Proposal, Publication, Site
from disclosures.publishing.closing_actions import close_arrived, note_step, put_entries_of
from disclosures.publishing.row_actions import follow_rows
from disclosures.publishing.topics import CONTENT_PUBLISHED, ContentPublished
from disclosures.site_files.actions import publish_files
from privacycenter.canonical import sha256_of
from privacycenter.errors import NothingToPublish, NotPublishable, SecondPersonNeeded, TextChanged
from privacycenter.models import User
from privacycenter.outbox.leaving import leave


@transaction.atomic
def publish_content(*, by: User | None, reason: str = "", seen: str | None = None) -> Publication:
    """Publish the working copy, without what is under embargo. Visitors see it on their next page.

    ``by`` is None for a command, which needs no second person. ``seen`` is the hash of what the publisher looked at, if
    any. Raises TextChanged if it is no longer what was ``seen``, NothingToPublish if nothing differs, NotPublishable if
    the content has errors, SecondPersonNeeded if nobody may publish alone (``settings.SECOND_PERSON``): propose it
    instead.
    """
    refuse_one_person(by)
    newest = lock_publishing()
    document, sha256 = publishable(newest, seen)
    return append_publication(document, sha256, newest, by, reason, is_everything=True)


@transaction.atomic
def republish(*, publication: Publication, by: User | None, reason: str = "") -> Publication:
    """Roll back: publish an earlier document again under a new number. What an officer put on hold stays so.

    What is taken back goes into an open set of its own, and out of the working copy: it does not return with the next
    publication. What other open sets change stays as they have it. Raises NothingToPublish if visitors see this
    document already, SecondPersonNeeded if nobody may publish alone.
    """
    refuse_one_person(by)
    newest = lock_publishing()
    document, sha256 = as_it_was(publication, newest)
    return roll_back(document, sha256, newest, by, reason)


def roll_back(document: Document, sha256: str, newest: Publication | None, by: User | None, reason: str) -> Publication:
    """Publish an earlier document, and keep what it takes back in a set that is not in the working copy."""
    before = newest.document if newest else {}
    publication = append_publication(document, sha256, newest, by, reason)
    taken = patch_between(document, before)
    if newest:
        keep_aside(_("Taken back from number %(number)s") % {"number": newest.number}, taken, by=by)
    follow_rows(keys_of(taken), document, by=by)
    return publication


def keep_aside(name: str, patch: Patch, *, reverses: ChangeSet | None = None, by: User | None) -> ChangeSet:
    """Open a set that holds these changes and is not in the working copy."""
    made = ChangeSet.objects.create(
        name=name[:120], owner=by, is_aside=True, reverses=reverses, created_at=timezone.now()
    )
    put_entries_of(made, patch)
    note_step(made, ChangeSetStepKind.MADE, by)
    return made


def as_it_was(publication: Publication, newest: Publication | None) -> tuple[Document, str]:
    """Return an earlier document, with the holds that officers set since, and its hash.

    Raises NothingToPublish if that is what visitors see already.
    """
    document = with_holds_of(newest.document if newest else None, publication.document)
    sha256 = publication.sha256 if document is publication.document else sha256_of(document)
    refuse_what_is_public(sha256, newest)
    return document, sha256


def refuse_one_person(by: User | None) -> None:
    if by and settings.SECOND_PERSON:
        raise SecondPersonNeeded("Nobody publishes alone here: propose it, and another person approves it.")


def lock_publishing() -> Publication | None:
    """Wait for other publishers, then return the newest publication, including one they have just made."""
    list(Site.objects.select_for_update().values_list("pk"))
    return Publication.objects.newest()


def publishable(newest: Publication | None, seen: str | None) -> tuple[Document, str]:
    """Return the working copy without what is under embargo, and its hash.

    Raises TextChanged if it is not what was ``seen``, NothingToPublish if nothing differs, NotPublishable if it has
    errors.
    """
    document = without_embargoed(working_document(), newest.document if newest else None)
    sha256 = sha256_of(document)
    if seen is not None and seen != sha256:
        raise TextChanged("The working copy was changed meanwhile.")
    refuse_what_is_public(sha256, newest)
    refuse_errors(document)
    return document, sha256


def refuse_errors(document: Document) -> None:
    if found := errors_of(document):
        raise NotPublishable("\n".join(map(str, found)))


def refuse_what_is_public(sha256: str, newest: Publication | None) -> None:
    if newest and newest.sha256 == sha256:
        raise NothingToPublish("This is what visitors see already.")


def append_publication(
    document: Document, sha256: str, newest: Publication | None, by: User | None, reason: str, *,
    is_everything: bool = False,
) -> Publication:  # fmt: skip
    """Write the publication, and end the sets that are public with it.

    MUST be called with the lock of ``lock_publishing``, and with a document that ends no hold which an officer set:
    callers refuse that in their own words. RuntimeError if one forgot it. ``is_everything``: as in ``close_arrived``.
    """
    if found := held_findings(None, document):
        raise RuntimeError(f"A hold would end by the way: {', '.join(map(str, found))}")
    # This process rereads at once; the others have reread before the publisher is told that it is done.
    newest_for_visitors.forget()
    transaction.on_commit(newest_for_visitors.wait_until_shown)
    now = timezone.now()
    publish_files(entries=document.get("files", {}), at=now)
    publication = Publication.objects.create(
        number=newest.number + 1 if newest else 1,
        document=document,
        sha256=sha256,
        published_at=now,
        published_by=by,
        reason=reason,
    )
    before = newest.document if newest else {}
    close_arrived(before, document, number=publication.number, by=by, is_everything=is_everything)
    if Proposal.objects.open().exists():
        leave(CONTENT_PUBLISHED, ContentPublished(number=publication.number))
    return publication
