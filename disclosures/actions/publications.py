"""Publishing: freeze all content under a new number."""

from django.db import transaction
from django.utils import timezone

from disclosures.models import Publication, Site
from disclosures.queries.publications import newest_for_visitors, working_document
from privacycenter.canonical import sha256_of
from privacycenter.errors import NothingToPublish
from privacycenter.models import User


@transaction.atomic
def publish_content(*, by: User | None, reason: str = "") -> Publication:
    """Publish the working copy. Visitors' next page shows it. Raises NothingToPublish if nothing differs."""
    newest = lock_publishing()
    document = working_document()
    sha256 = sha256_of(document)
    if newest and newest.sha256 == sha256:
        raise NothingToPublish("The working copy is the same as the newest publication.")
    return append_publication(document, sha256, newest, by, reason)


@transaction.atomic
def republish(*, publication: Publication, by: User | None, reason: str = "") -> Publication:
    """Roll back: publish an old document again under a new number. The working copy stays as it is."""
    newest = lock_publishing()
    if newest and newest.sha256 == publication.sha256:
        raise NothingToPublish("This publication is what visitors see already.")
    return append_publication(publication.document, publication.sha256, newest, by, reason)


def lock_publishing() -> Publication | None:
    """Two publishers at once take their turns: the second sees the first one's publication."""
    list(Site.objects.select_for_update().values_list("pk"))
    return Publication.objects.newest()


def append_publication(
    document: dict, sha256: str, newest: Publication | None, by: User | None, reason: str
) -> Publication:
    # This process looks again at once; the others have looked before the publisher is told that it is done.
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
