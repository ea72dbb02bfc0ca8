"""Hashes of passwords that do not depend on how a keyboard composes a character (Unicode's NFKC, NIST SP 800-63B)."""

import unicodedata

from django.contrib.auth.hashers import Argon2PasswordHasher


def composed(password: str) -> str:
    """Return the text in the one form that is hashed: half-width and full-width, composed and decomposed are alike."""
    return unicodedata.normalize("NFKC", password)


class ComposedArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 of the composed text.

    Its name differs from that of Argon2 of the text as typed: Django verifies an older hash by the hasher that made it,
    and replaces it at that log-in because it is not of the preferred one.
    """

    algorithm = "argon2_nfkc"

    def encode(self, password: str, salt: str) -> str:
        encoded: str = super().encode(composed(password), salt)
        return encoded

    def verify(self, password: str, encoded: str) -> bool:
        return bool(super().verify(composed(password), encoded))
