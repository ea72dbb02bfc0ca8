"""A recipient with a key of its own, and what it signs with it."""

import base64
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from disclosures.countersigning.actions import Signed, countersign, register_key
from disclosures.countersigning.matters import matter_of, statement_now
from disclosures.models import Disclosure, Recipient

INN_KEY, OTHER_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32) for byte in (7, 8))


def pem(private: Ed25519PrivateKey = INN_KEY) -> str:
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(private: Ed25519PrivateKey = INN_KEY) -> str:
    """As ``openssl pkey -pubin -outform DER | sha256sum`` prints it."""
    return sha256(private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def registered(by, private: Ed25519PrivateKey = INN_KEY, recipient="minato-inn"):
    return register_key(recipient=Recipient.objects.get(code=recipient), public_key=pem(private), by=by)


def signed(statement: str, private: Ed25519PrivateKey = INN_KEY) -> Signed:
    return Signed(statement, base64.b64encode(private.sign(statement.encode())).decode())


def body(of: Signed) -> dict:
    return {"statement": of.statement, "signature": of.signature}


def statement(disclosure, said="received", at=None) -> str:
    fetched = Disclosure.objects.with_references().get(pk=disclosure.pk)
    return statement_now(matter_of(fetched), said, at or timezone.now())


def countersigned(disclosure, said="received", private: Ed25519PrivateKey = INN_KEY, by=None):
    """The inn signed about this disclosure."""
    fetched = Disclosure.objects.with_references().get(pk=disclosure.pk)
    row, _is_new = countersign(matter=matter_of(fetched), signed=signed(statement(disclosure, said), private), by=by)
    return row
