"""Codes that are told by telephone or letter: easy to read aloud, hard to guess in a few tries. Pure."""

import re
import secrets
import unicodedata

# Crockford's base 32: without I, L, O and U, which are mistaken for 1, 0 and V.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
LETTERS = 8


def new_code() -> str:
    """Return ``XXXX-XXXX``: 40 bits, of which a few tries guess nothing."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(LETTERS))
    return f"{letters[:4]}-{letters[4:]}"


def as_code(text: str) -> str:
    """Return typed text as a code, correcting full-width and lower-case letters, blanks and misread letters.

    Empty if it cannot be one.
    """
    letters = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text[:60]).upper()).translate(MISREAD)
    if len(letters) != LETTERS or not set(letters) <= set(ALPHABET):
        return ""
    return f"{letters[:4]}-{letters[4:]}"
