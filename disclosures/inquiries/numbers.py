"""Reference numbers of requests to the operator, derived from the submitted form and easy to read aloud.

Each form has a signed token, which is good for one request within a day. The number is derived from the token and the
content: the same form sent twice has the same number, and nobody can guess it without the token and the site's key
(40 bits).
"""

import re
import unicodedata
from uuid import uuid4

from django.core import signing
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

# Crockford's base 32: without I, L, O and U, which are mistaken for 1, 0 and V.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
LETTERS = 8
SALT = "disclosures.inquiry"
FORM_SECONDS = 24 * 60 * 60


def new_token() -> str:
    """Return a signed token for one form: the current month, 122 random bits and the time."""
    return signing.TimestampSigner(salt=SALT).sign(f"{timezone.localtime():%y%m}{uuid4().hex}")


def is_our_token(token: str) -> bool:
    """Return whether the token is of a form that was shown at most ``FORM_SECONDS`` ago."""
    try:
        signing.TimestampSigner(salt=SALT).unsign(token, max_age=FORM_SECONDS)
    except signing.BadSignature:
        return False
    return True


def is_first_use(token: str, reference: str) -> bool:
    """Return whether no other request was sent with this form: the same one, sent again, has the same number."""
    key = f"inquiry-form:{token}"
    return cache.add(key, reference, FORM_SECONDS) or cache.get(key) == reference


def reference_of(token: str, *written: str, attempt: int = 0) -> str:
    """Return ``PC-YYMM-XXXX-XXXX``. ``attempt`` gives a different number if this one happens to be taken."""
    parts = "\0".join((token, str(attempt), *written))
    digest = salted_hmac(SALT, parts, algorithm="sha256").digest()
    number = int.from_bytes(digest[:5], "big")
    letters = "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(LETTERS))
    return f"PC-{token[:4]}-{letters[:4]}-{letters[4:]}"


def as_reference(text: str) -> str:
    """Return typed text as a reference number, correcting full-width and lower-case letters, blanks and misread
    letters.

    Empty if it cannot be a reference number.
    """
    letters = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text[:60]).upper()).removeprefix("PC")
    letters = letters.translate(MISREAD)
    if len(letters) != 4 + LETTERS or not letters[:4].isdigit() or not set(letters) <= set(ALPHABET):
        return ""
    return f"PC-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
