"""The recipient of the made-up world that signs what it received: a hotel with a key of its own."""

import base64
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consents.demo.cast import ADMIN, HANAKO
from consents.demo.clock import clock_at
from disclosures.countersigning.actions import Signed, countersign, register_key
from disclosures.countersigning.keys import pem_of
from disclosures.countersigning.matters import matter_of, statement_now
from disclosures.models import Disclosure, Recipient, RecipientKey, Said
from privacycenter.log.countersigning import fingerprint_of
from privacycenter.models import User

INN = "minato-inn"
# Everybody can make this key: it proves nothing outside of a demo.
KEY = Ed25519PrivateKey.from_private_bytes(sha256(b"privacycenter demo: minato-inn").digest())
REGISTERED = timedelta(days=425)
SIGNED_AFTER = timedelta(hours=2)
MOST = 3


def sign_all(*, now: datetime) -> int:
    """Register the key and sign the newest disclosures of hanako to the hotel, unless it is registered already. Return
    how many were signed now."""
    public = KEY.public_key().public_bytes_raw()
    if RecipientKey.objects.filter(fingerprint=fingerprint_of(public)).exists():
        return 0
    with clock_at(now - REGISTERED):
        admin, inn = User.objects.get(subject=ADMIN), Recipient.objects.get(code=INN)
        register_key(recipient=inn, public_key=pem_of(public), by=admin)
    rows = User.objects.get(subject=HANAKO).disclosures.with_references().filter(recipient=inn, flags=0)
    newest = list(rows.order_by("-occurred_at")[:MOST])
    for row in newest:
        sign(row, now)
    return len(newest)


def sign(disclosure: Disclosure, now: datetime) -> None:
    signed_at = min(now, disclosure.recorded_at + SIGNED_AFTER)
    matter = matter_of(disclosure)
    statement = statement_now(matter, Said.RECEIVED, signed_at)
    signature = base64.b64encode(KEY.sign(statement.encode())).decode()
    with clock_at(signed_at):
        countersign(matter=matter, signed=Signed(statement, signature), by=disclosure.reporter)
