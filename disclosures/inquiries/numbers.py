"""Reference numbers of requests to the operator: made from the form that was sent, written so that people can read them
out.

A form carries a token that we signed. The number is made from the token and from what was written: the same form sent
twice has the same number, and nobody who lacks the token and our key can guess it (40 bits).
"""

import re
import unicodedata
from uuid import uuid4

from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac

# Without I, L, O and U: they are mistaken for 1, 0 and V. Crockford's base 32.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
LETTERS = 8
SALT = "disclosures.inquiry"


def new_token() -> str:
    """For one form: the month in which it was asked for, and 122 random bits, signed."""
    return signing.Signer(salt=SALT).sign(f"{timezone.localtime():%y%m}{uuid4().hex}")


def is_our_token(token: str) -> bool:
    try:
        signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return False
    return True


def reference_of(token: str, *written: str, attempt: int = 0) -> str:
    """``PC-YYMM-XXXX-XXXX``. ``attempt`` makes another one when somebody else's request has this one by chance."""
    parts = "\0".join((token, str(attempt), *written))
    digest = salted_hmac(SALT, parts, algorithm="sha256").digest()
    number = int.from_bytes(digest[:5], "big")
    letters = "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(LETTERS))
    return f"PC-{token[:4]}-{letters[:4]}-{letters[4:]}"


def as_reference(text: str) -> str:
    """What somebody typed as it is written: wide letters, lower case, spaces and misread letters are put right. Empty
    if it cannot be a reference number."""
    letters = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text[:60]).upper()).removeprefix("PC")
    letters = letters.translate(MISREAD)
    if len(letters) != 4 + LETTERS or not letters[:4].isdigit() or not set(letters) <= set(ALPHABET):
        return ""
    return f"PC-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
