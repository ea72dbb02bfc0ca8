"""Encryption of secrets that must be read again, such as signing keys. The key comes from ``SECRET_KEY``."""

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

if TYPE_CHECKING:
    from django.db.models import QuerySet


class CannotOpenError(Exception):
    """The ciphertext is damaged, or was encrypted under neither ``SECRET_KEY`` nor one of its fallbacks."""


def seal(text: str, *, purpose: str) -> str:
    """Encrypt and authenticate a text (Fernet: AES-128-CBC, HMAC-SHA-256) with a key used for this purpose only."""
    return fernet(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Return the text. Raises CannotOpenError."""
    try:
        return fernet(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotOpenError(purpose) from error


@dataclass(frozen=True)
class Resealed:
    """How many secrets were put under the newest key, and how many are under no key that is there."""

    done: int = 0
    unreadable: int = 0

    def __add__(self, other: "Resealed") -> "Resealed":
        return Resealed(self.done + other.done, self.unreadable + other.unreadable)


def reseal(sealed: str, *, purpose: str) -> str:
    """Return the ciphertext under the newest key: the same if it is already. Raises CannotOpenError."""
    try:
        Fernet(key(str(settings.SECRET_KEY), purpose)).decrypt(sealed.encode())
    except InvalidToken:
        return seal(unseal(sealed, purpose=purpose), purpose=purpose)
    return sealed


def reseal_column(rows: "QuerySet[Any]", column: str, *, purpose: str) -> Resealed:
    """Encrypt this column of the rows anew where it is under a former key.

    A row that is deleted or written meanwhile is left out. One SQL statement to read, one for each row that changes.
    """
    counted = Resealed()
    for pk, sealed in rows.values_list("pk", column).iterator():
        try:
            anew = reseal(sealed, purpose=purpose)
        except CannotOpenError:
            counted += Resealed(unreadable=1)
            continue
        if anew != sealed:
            same = rows.model._default_manager.filter(pk=pk, **{column: sealed})
            counted += Resealed(done=same.update(**{column: anew}))
    return counted


def fernet(purpose: str) -> MultiFernet:
    """Return a cipher that encrypts with the newest key and decrypts with any."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(key(str(secret), purpose)) for secret in secrets])


def key(secret: str, purpose: str) -> bytes:
    """Derive a key by HKDF (RFC 5869). The key of one purpose reveals neither another's nor the secret."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"privacycenter:{purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(secret.encode()))
