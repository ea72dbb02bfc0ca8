"""Countersignatures as people and services read them, and the keys of recipients."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils import timezone

from disclosures.countersigning.keys import jwk_x
from disclosures.countersigning.matters import Matter, matter_of, statement_now
from disclosures.models import Countersignature, Disclosure, Recipient, RecipientKey, Reporter, Said
from privacycenter.models import User

PER_PAGE = 50


@dataclass(frozen=True)
class SignedView:
    """One countersignature for people to read. ``fingerprint``: of the key."""

    said: Said
    signed_at: datetime
    received_at: datetime
    fingerprint: str


def view_of(row: Countersignature) -> SignedView:
    """No SQL for a row that was fetched with its key."""
    return SignedView(Said(row.said), row.signed_at, row.received_at, row.key.fingerprint)


def signed_about(disclosure: Disclosure) -> list[SignedView]:
    """Return what was signed about a disclosure, oldest first. One SQL statement."""
    rows = Countersignature.objects.filter(person=disclosure.person_id, disclosure_id=disclosure.id)
    return [view_of(row) for row in rows.select_related("key").oldest_first()]


def signed_about_cases(people: Iterable[int], recalls: Iterable[UUID]) -> dict[UUID, list[SignedView]]:
    """Return what was signed about the cases of these recalls, oldest first. One SQL statement."""
    rows = Countersignature.objects.filter(person_id__in=list(people), recall_id__in=list(recalls))
    found: dict[UUID, list[SignedView]] = {}
    for row in rows.select_related("key").oldest_first():
        if row.case_id:
            found.setdefault(row.case_id, []).append(view_of(row))
    return found


def signed_by(person: User, recipient: Recipient) -> dict[Said, int]:
    """Return how often this recipient signed what about this person's data. One SQL statement."""
    rows = person.countersignatures.shown_to(person).filter(key__recipient=recipient).order_by()
    said = list(rows.values_list("said", flat=True))
    return {one: said.count(one) for one in Said if one in said}


# --- For a service ----------------------------------------------------------------------------------------------------


def disclosure_for(reporter: Reporter, subject: str, id: UUID) -> Disclosure | None:
    """Return a disclosure of this person that went through one of the reporter's services, or None.

    Three SQL statements.
    """
    person = User.objects.filter(subject=subject).first()
    if person is None:
        return None
    found = Disclosure.objects.with_references().filter(person_id=person.pk, id=id).first()
    is_theirs = found is not None and reporter.services.filter(pk=found.service_id).exists()
    return found if is_theirs else None


def offered(matter: Matter) -> dict[str, str]:
    """Return what can be signed about a matter now: what is said → the statement. No SQL."""
    now = timezone.now()
    return {said.value: statement_now(matter, said, now) for said in Said}


def disclosure_state(disclosure: Disclosure) -> dict[str, Any]:
    """Return what was and can be signed about a disclosure, as the API shows it. One SQL statement."""
    return {
        "data": [signed_entry(one) for one in signed_about(disclosure)],
        "to_sign": offered(matter_of(disclosure)),
    }


def signed_entry(one: SignedView) -> dict[str, str]:
    return {
        "said": one.said.value,
        "signed_at": one.signed_at.isoformat(),
        "received_at": one.received_at.isoformat(),
        "key": one.fingerprint,
    }


# --- Keys -------------------------------------------------------------------------------------------------------------


def has_key(recipient: Recipient) -> bool:
    """Return whether a key of this recipient is in use. One SQL statement."""
    return RecipientKey.objects.filter(recipient=recipient, retirement__isnull=True).exists()


def key_list(page: str = "") -> "Page[Any]":
    """Return a page of keys, newest first, with who registered and retired them. Two SQL statements."""
    return Paginator(RecipientKey.objects.with_history().newest_first(), PER_PAGE).get_page(page)


def recipient_key(pk: int) -> RecipientKey | None:
    """Return one key with its history, or None. One SQL statement."""
    return RecipientKey.objects.with_history().filter(pk=pk).first()


def key_set() -> dict[str, Any]:
    """Return every key that ever was registered, as a JWK set (RFC 7517). One SQL statement."""
    keys: Sequence[RecipientKey] = list(RecipientKey.objects.with_history().order_by("pk"))
    return {"keys": [key_entry(key) for key in keys]}


def key_entry(key: RecipientKey) -> dict[str, Any]:
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": jwk_x(bytes(key.public)),
        "kid": key.fingerprint,
        "use": "sig",
        "recipient": key.recipient.code,
        "registered_at": key.registered_at.isoformat(),
        "retired_at": key.retirement.retired_at.isoformat() if key.is_retired else None,
    }
