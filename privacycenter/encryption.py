"""Secrets that must be read again, such as keys for signing: kept encrypted, readable with ``SECRET_KEY`` alone."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotOpenError(Exception):
    """What was sealed is damaged, or was sealed under a ``SECRET_KEY`` that is neither the key nor a fallback."""


def seal(text: str, *, purpose: str) -> str:
    """Encrypt and authenticate (Fernet: AES-128-CBC, HMAC-SHA-256) under a key that only this purpose has."""
    return fernet(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """The text again. Raises CannotOpenError."""
    try:
        return fernet(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotOpenError(purpose) from error


def fernet(purpose: str) -> MultiFernet:
    """Seals with the newest key, opens with any of them."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(key(str(secret), purpose)) for secret in secrets])


def key(secret: str, purpose: str) -> bytes:
    """HKDF (RFC 5869): what is known of one purpose's key tells nothing of another's, nor of the secret."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"privacycenter:{purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(secret.encode()))
