"""Public keys as people paste them, and as programs read them."""

import base64

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from privacycenter.errors import InvalidValue


def read_public_key(pem: str) -> bytes:
    """Return the 32 bytes of an Ed25519 key as ``openssl pkey -pubout`` writes it. Raises InvalidValue."""
    if "PRIVATE KEY" in pem:
        raise InvalidValue("This is a private key. Nobody but the recipient may have it.", "public_key")
    try:
        key = load_pem_public_key(pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidValue("This is no public key in PEM.", "public_key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidValue("The key is of another kind than Ed25519.", "public_key")
    return key.public_bytes_raw()


def pem_of(public: bytes) -> str:
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def jwk_x(public: bytes) -> str:
    """Return the key as the ``x`` of a JWK (RFC 8037)."""
    return base64.urlsafe_b64encode(public).decode().rstrip("=")
