"""What a recipient signs of its own: that it received something, or deleted it. Needs neither Django nor a database.

A statement is RFC 8785 JSON of texts and lists. It names the log's origin and one disclosure or recall, never the
person. docs/proof.md describes it; the browser's check reads the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from privacycenter.log.entries import canonical_bytes
from privacycenter.log.note import PUBLIC_KEY_BYTES, NoteError, decoded

FORMAT = "privacycenter-countersignature/1"
RECEIVED, DELETED = "received", "deleted"
SIGNATURE_BYTES = 64
LONGEST_STATEMENT = 20_000
# What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410).
KEY_INFO = bytes.fromhex("302a300506032b6570032100")
# What the statement is about → the column of the sealed row with its id.
ABOUT = {"disclosure": "disclosure", "recall": "case"}
# Of each case in a sealed recall.
TARGET = ("recipient", "service", "items")
NAMES = frozenset(
    ("format", "origin", "said", "about", "id", "recipient", "service", "items", "reference", "at", "signed_at")
)


class StatementError(Exception):
    """A statement, or the sealed row that holds one, is not what it should be."""


@dataclass(frozen=True)
class Countersigned:
    """What holds: who said what about which row, and the fingerprint of the key by which it was signed."""

    said: str
    about: str
    id: str
    recipient: str
    fingerprint: str


def fingerprint_of(public: bytes) -> str:
    """Return SHA-256 over the key as DER, in hexadecimal: ``openssl pkey -pubin -outform DER | sha256sum``."""
    return sha256(KEY_INFO + public).hexdigest()


def is_signed(public: bytes, signature: bytes, text: str) -> bool:
    """Return whether this Ed25519 key signed the UTF-8 bytes of the text."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def statement_text(facts: Mapping[str, Any]) -> str:
    """Return the statement with these facts, as its signer writes it: ``NAMES`` but the format."""
    return canonical_bytes({"format": FORMAT, **facts}).decode()


def read_statement(text: str) -> dict[str, Any]:
    """Return the facts of a statement. Raises StatementError unless it is one, written in its one right form."""
    if len(text) > LONGEST_STATEMENT:
        raise StatementError("The statement is too long.")
    try:
        facts = json.loads(text)
        is_canonical = isinstance(facts, dict) and canonical_bytes(facts).decode() == text
    except (ValueError, TypeError, RecursionError):
        is_canonical = False
    if not is_canonical:
        raise StatementError("The statement is not JSON of texts as RFC 8785 writes it.")
    if facts.keys() != NAMES or facts["format"] != FORMAT or not are_texts(facts):
        raise StatementError(f"The statement is not in the format {FORMAT}.")
    if facts["said"] not in (RECEIVED, DELETED) or facts["about"] not in ABOUT:
        raise StatementError("The statement says something that is not known.")
    return dict(facts)


def are_texts(facts: Mapping[str, Any]) -> bool:
    """Return whether each value is a text, and the items a list of texts."""
    items = facts["items"]
    texts = [value for name, value in facts.items() if name != "items"]
    return isinstance(items, list) and all(isinstance(text, str) for text in (*texts, *items))


def check_countersignature(event: Mapping[str, Any], origin: str) -> Countersigned:
    """Return what the sealed row of a countersignature shows. Raises StatementError if it does not hold: the statement
    is about another row, another house's log or another recipient, or the key did not sign it."""
    facts = read_statement(text_in(event, "statement"))
    about = facts["about"]
    stated = (house_of(facts["origin"]), facts["said"], facts["recipient"], facts["id"])
    if stated != (house_of(origin), event.get("said"), event.get("recipient"), event.get(ABOUT[about])):
        raise StatementError("What the recipient signed is about something else.")
    if any(event.get(column) for kind, column in ABOUT.items() if kind != about):
        raise StatementError("What the recipient signed is about something else.")
    public, signature = bytes_in(event, "key", PUBLIC_KEY_BYTES), bytes_in(event, "signature", SIGNATURE_BYTES)
    if not is_signed(public, signature, event["statement"]):
        raise StatementError("The recipient's key did not sign this.")
    return Countersigned(facts["said"], about, facts["id"], facts["recipient"], fingerprint_of(public))


def house_of(origin: str) -> str:
    """Return what all logs that follow one another have in common: ``<host>/log`` of ``<host>/log/1``."""
    return origin.rpartition("/")[0]


def facts_of_row(row: Mapping[str, Any]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return what a sealed row says of each thing that can be countersigned: (kind, id) → as ``stated_facts``."""
    if row.get("type") == "disclosure":
        evidence = row.get("evidence")
        reference = evidence.get("reference", "") if isinstance(evidence, Mapping) else ""
        facts = (row.get("recipient"), row.get("service"), row.get("items"), reference, row.get("occurred_at"))
        return {("disclosure", str(row.get("id"))): facts}
    if row.get("type") == "recall":
        return {
            ("recall", str(one.get("case"))): (*(one.get(name) for name in TARGET), "", row.get("asked_at"))
            for one in targets_in(row)
        }
    return {}


def targets_in(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    targets = row.get("targets")
    return [one for one in targets if isinstance(one, Mapping)] if isinstance(targets, list) else []


def stated_facts(event: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what a countersignature, which was checked, says of the thing that it is about."""
    facts = read_statement(event["statement"])
    return tuple(facts[name] for name in ("recipient", "service", "items", "reference", "at"))


def text_in(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str):
        raise StatementError(f"“{name}” is missing.")
    return value


def bytes_in(event: Mapping[str, Any], name: str, length: int) -> bytes:
    try:
        data = decoded(text_in(event, name))
    except NoteError as error:
        raise StatementError(f"“{name}”: {error}") from None
    if len(data) != length:
        raise StatementError(f"“{name}” has {len(data)} bytes instead of {length}.")
    return data
