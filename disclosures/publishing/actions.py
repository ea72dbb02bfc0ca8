"""Actions that publish: all content is frozen under a new number."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from disclosures.models import Publication, Site
from disclosures.publishing import guard_rails
from disclosures.publishing.held_at_once import held_findings, with_holds_of
from disclosures.publishing.publications import Document, newest_for_visitors
from disclosures.publishing.working_copy import working_document
from privacycenter.canonical import sha256_of
from privacycenter.errors import NothingToPublish, NotPublishable, SecondPersonNeeded, TextChanged
from privacycenter.models import User


@transaction.atomic
def publish_content(*, by: User | None, reason: str = "", seen: str | None = None) -> Publication:
    """Publish the working copy. Visitors see it on their next page.

    ``by`` is None for a command, which needs no second person. ``seen`` is the hash of the working copy that the
    publisher looked at, if any. Raises TextChanged if the working copy is no longer the one that was ``seen``,
    NothingToPublish if nothing differs, NotPublishable if the content has errors, SecondPersonNeeded if nobody may
    publish alone (``settings.SECOND_PERSON``): propose it instead.
    """
    refuse_one_person(by)
    newest = lock_publishing()
    document, sha256 = publishable(newest, seen)
    return append_publication(document, sha256, newest, by, reason)


@transaction.atomic
def republish(*, publication: Publication, by: User | None, reason: str = "") -> Publication:
    """Roll back: publish an earlier document again under a new number. The working copy stays as it is, and so does
    what an officer put on hold.

    Raises NothingToPublish if visitors see this document already, SecondPersonNeeded if nobody may publish alone.
    """
    refuse_one_person(by)
    newest = lock_publishing()
    document, sha256 = as_it_was(publication, newest)
    return append_publication(document, sha256, newest, by, reason)


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
    """Return the working copy and its hash.

    Raises TextChanged if it is not what was ``seen``, NothingToPublish if nothing differs, NotPublishable if it has
    errors.
    """
    document = working_document()
    sha256 = sha256_of(document)
    if seen is not None and seen != sha256:
        raise TextChanged("The working copy was changed meanwhile.")
    refuse_what_is_public(sha256, newest)
    if found := [*guard_rails.errors(document), *held_findings(None, document)]:
        raise NotPublishable("\n".join(map(str, found)))
    return document, sha256


def refuse_what_is_public(sha256: str, newest: Publication | None) -> None:
    if newest and newest.sha256 == sha256:
        raise NothingToPublish("This is what visitors see already.")


def append_publication(
    document: Document, sha256: str, newest: Publication | None, by: User | None, reason: str
) -> Publication:
    """Write the publication. Whoever calls this sees to it that the document ends no hold that an officer set."""
    # This process rereads at once; the others have reread before the publisher is told that it is done.
    newest_for_visitors.forget()
    transaction.on_commit(newest_for_visitors.wait_until_shown)
    return Publication.objects.create(
        number=newest.number + 1 if newest else 1,
        document=document,
        sha256=sha256,
        published_at=timezone.now(),
        published_by=by,
        reason=reason,
    )
