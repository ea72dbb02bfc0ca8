"""Reports of what was erased: recognised by keyed hashes, answered as duplicates, and nothing comes back."""

import hashlib
from collections.abc import Iterable, Sequence, Set
from functools import cache
from uuid import UUID

from django.conf import settings

from disclosures.ledger.events import CORRECTION, DUPLICATE, CorrectionEvent, RecordingResult, Report
from disclosures.models import ErasedEvent, Reporter
from privacycenter.encryption import key
from privacycenter.identifiers import uuid8_from


def digests_of_subjects(subjects: Iterable[str]) -> Set[str]:
    """Return the keyed hashes under which erasures of these subjects may be kept: one for each secret in use."""
    secrets = secrets_in_use()
    return {keyed(subject, secret) for subject in subjects for secret in secrets}


def digest_of_subject(subject: str) -> str:
    """Return the keyed hash under which an erasure of this subject is kept."""
    return keyed(subject, secrets_in_use()[0])


def digests_of_row(subject: str, id: UUID) -> list[str]:
    """Return the keyed hashes of a row of this person, the newest secret's first."""
    return [keyed(f"{subject}\n{id}", secret) for secret in secrets_in_use()]


def repeats_of_erased(events: Sequence[Report], by: Reporter) -> dict[int, RecordingResult]:
    """Return index → the answer to each event that repeats, or corrects, what was erased. One SQL statement."""
    ids = {index: ids_of(event, by) for index, event in enumerate(events)}
    digests = {
        (index, id): set(digests_of_row(events[index].subject, id)) for index, some in ids.items() for id in some
    }
    found = set(ErasedEvent.objects.filter(pk__in=set().union(*digests.values())).values_list("pk", flat=True))
    return {
        index: RecordingResult(index, events[index].event_id, DUPLICATE, some[-1])
        for index, some in ids.items()
        if any(digests[index, id] & found for id in some)
    }


def ids_of(event: Report, by: Reporter) -> tuple[UUID, ...]:
    """Return the id of the row that the event becomes; for a correction, last, also that of the disclosure."""
    if isinstance(event, CorrectionEvent):
        return uuid8_from(by.code, event.source, event.event_id, CORRECTION), event.disclosure
    return (uuid8_from(by.code, event.source, event.event_id),)


def keyed(text: str, secret: str) -> str:
    return hashlib.blake2b(text.encode(), key=hash_key(secret), digest_size=32).hexdigest()


def secrets_in_use() -> list[str]:
    return [str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


@cache
def hash_key(secret: str) -> bytes:
    return key(secret, "erased")
