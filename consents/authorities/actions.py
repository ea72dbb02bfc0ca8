"""Writing down that a person made a pack."""

from django.db import transaction
from django.utils import timezone

from disclosures.models import Authority, AuthorityPack, Disclosure
from privacycenter.identifiers import uuid7
from privacycenter.models import User


@transaction.atomic
def note_pack(*, disclosure: Disclosure, authority: Authority, language: str, by: User) -> AuthorityPack:
    """Record that a pack about this disclosure was made for this authority. The pack itself is not kept."""
    return AuthorityPack.objects.create(
        person=by, id=uuid7(), disclosure_id=disclosure.id, authority=authority, language=language,
        made_at=timezone.now(),
    )  # fmt: skip
