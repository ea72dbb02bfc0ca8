"""Registering and retiring a recipient's key, and taking what was signed with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from disclosures.countersigning.keys import read_public_key
from disclosures.countersigning.matters import Matter, statement_about
from disclosures.models import (
    Countersignature,
    Recipient,
    RecipientKey,
    RecipientKeyRetirement,
    Reporter,
    TakenSignature,
)
from privacycenter.errors import (
    AlreadyCountersigned,
    InvalidValue,
    NoLongerOpen,
    RetiredKey,
    StatementDiffers,
    TimeInFuture,
    UnknownKey,
    WrongSignature,
)
from privacycenter.identifiers import uuid7
from privacycenter.log.countersigning import (
    SIGNATURE_BYTES,
    StatementError,
    fingerprint_of,
    is_signed,
    read_statement,
)
from privacycenter.log.note import NoteError, decoded
from privacycenter.models import RowKind, User
from privacycenter.proof.growing import record_grew

LONGEST_REASON = 500
# How far clocks may be apart.
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Signed:
    """What a recipient hands in. ``signature``: base64 of the 64 bytes over the UTF-8 bytes of the statement."""

    statement: str
    signature: str


@transaction.atomic
def register_key(*, recipient: Recipient, public_key: str, by: User) -> RecipientKey:
    """Register a public key (Ed25519, PEM) as one of this recipient's.

    Raises InvalidValue for what is none, for one that is registered already, for whomever, and for a recipient that is
    retired.
    """
    public = read_public_key(public_key)
    if recipient.retired_at:
        raise InvalidValue("The recipient is no longer in use.", "recipient")
    key, is_new = RecipientKey.objects.get_or_create(
        fingerprint=fingerprint_of(public),
        defaults={"recipient": recipient, "public": public, "registered_at": timezone.now(), "registered_by": by},
    )
    if not is_new:
        raise InvalidValue("This key is registered already.", "public_key")
    return key


@transaction.atomic
def retire_key(*, key: RecipientKey, reason: str, by: User) -> RecipientKeyRetirement:
    """Take nothing more that this key signs. What it signed before stays. Raises NoLongerOpen if it is retired,
    InvalidValue without a reason."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidValue("Say why.", "reason")
    RecipientKey.objects.select_for_update().get(pk=key.pk)
    retirement, is_new = RecipientKeyRetirement.objects.get_or_create(
        key=key, defaults={"reason": reason, "retired_at": timezone.now(), "retired_by": by}
    )
    if not is_new:
        raise NoLongerOpen("The key is retired already.")
    return retirement


@transaction.atomic
def countersign(*, matter: Matter, signed: Signed, by: Reporter | None) -> tuple[Countersignature, bool]:
    """Record what a recipient signed about this matter. Return the row and True, or the same recorded before and False.

    ``by``: the service's machine that brought it, None for the recipient itself. Raises StatementDiffers if the
    statement is about anything else, InvalidValue or TimeInFuture for its time, AlreadyCountersigned if the recipient
    said the same with another statement before or this signature was taken about something else, UnknownKey if no key
    of the recipient is registered, RetiredKey, and WrongSignature if no key of this recipient signed it.
    """
    facts, signed_at = refuse_other_statement(matter, signed.statement)
    signature = signature_in(signed.signature)
    User.objects.lock(matter.person)
    before = Countersignature.objects.filter(person_id=matter.person, said=facts["said"], **matter.ids).first()
    if before and (before.statement, bytes(before.signature)) != (signed.statement, signature):
        raise AlreadyCountersigned("The recipient signed this before. What it signed first stays.", "statement")
    if before:
        return before, False
    key = key_that_signed(matter.recipient, signed.statement, signature)
    take_signature(signature)
    row = Countersignature.objects.create(
        person_id=matter.person, id=uuid7(), **matter.ids, said=facts["said"], key=key, statement=signed.statement,
        signature=signature, signed_at=signed_at, reporter_id=by.pk if by else None, is_by_recipient=by is None,
        received_at=timezone.now(),
    )  # fmt: skip
    record_grew(RowKind.COUNTERSIGNATURE, [row.pk])
    return row, True


def take_signature(signature: bytes) -> None:
    """One report about two people has one number, and a statement names nobody: a signature counts for one of them.

    Raises AlreadyCountersigned if it was taken before, also by somebody at the same time.
    """
    _taken, is_new = TakenSignature.objects.get_or_create(digest=sha256(signature).hexdigest())
    if not is_new:
        raise AlreadyCountersigned("This signature was taken about something else. Let it sign anew.", "signature")


def refuse_other_statement(matter: Matter, statement: str) -> tuple[dict[str, Any], datetime]:
    """Return the facts of the statement, and when it was signed. Raises as ``countersign``."""
    try:
        facts = read_statement(statement)
    except StatementError as error:
        raise StatementDiffers(f"The text cannot be read as a statement. {error}", "statement") from None
    if statement != statement_about(matter, facts["said"], facts["signed_at"]):
        raise StatementDiffers("The statement is about something else than this.", "statement")
    try:
        signed_at = parse_datetime(facts["signed_at"])
    except ValueError:
        signed_at = None
    if signed_at is None or timezone.is_naive(signed_at):
        raise InvalidValue("“signed_at” is a time with its offset (RFC 3339).", "statement")
    if signed_at > timezone.now() + CLOCKS_DIFFER:
        raise TimeInFuture("The statement is signed in the future.", "statement")
    if signed_at < matter.at - CLOCKS_DIFFER:
        raise InvalidValue("The statement is older than what it is about.", "statement")
    return facts, signed_at


def signature_in(text: str) -> bytes:
    """Raises InvalidValue for what is no signature."""
    try:
        signature = decoded("".join(text.split()))
    except NoteError as error:
        raise InvalidValue("The signature is not base64.", "signature") from error
    if len(signature) != SIGNATURE_BYTES:
        raise InvalidValue("An Ed25519 signature has 64 bytes.", "signature")
    return signature


def key_that_signed(recipient: Recipient, statement: str, signature: bytes) -> RecipientKey:
    """Return the key. Two SQL statements; the keys stay locked, so that none is retired meanwhile."""
    keys: Sequence[RecipientKey] = list(
        RecipientKey.objects.filter(recipient=recipient).select_for_update().order_by("pk")
    )
    if not keys:
        raise UnknownKey("No key of this recipient is registered here.", "signature")
    found = next((key for key in keys if is_signed(bytes(key.public), signature, statement)), None)
    if found is None:
        raise WrongSignature("None of this recipient's keys signed this statement.", "signature")
    if RecipientKeyRetirement.objects.filter(key=found).exists():
        raise RetiredKey("This key is retired. Sign with one that is in use.", "signature")
    return found
