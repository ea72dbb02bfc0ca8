"""Encryption of stored files: each has a key of its own, which lies beside it under the site's."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacycenter.encryption import CannotOpenError, seal, unseal

PURPOSE = "stored-file"
NONCE_BYTES = 12


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def sealed(key: bytes) -> str:
    return seal(key.hex(), purpose=PURPOSE)


def unsealed(text: str) -> bytes:
    """Return the key of a file. Raises CannotOpenError."""
    return bytes.fromhex(unseal(text, purpose=PURPOSE))


def encrypted(key: bytes, number: int, piece: bytes) -> bytes:
    """Encrypt and authenticate chunk ``number`` (AES-256-GCM).

    A key MUST encrypt each number once: the number is the nonce, so that chunks can neither change places nor files.
    """
    return AESGCM(key).encrypt(number.to_bytes(NONCE_BYTES, "big"), piece, None)


def decrypted(key: bytes, number: int, body: bytes) -> bytes:
    """Return the chunk. Raises CannotOpenError if it was changed, or is another's."""
    try:
        return AESGCM(key).decrypt(number.to_bytes(NONCE_BYTES, "big"), body, None)
    except InvalidTag as error:
        raise CannotOpenError(PURPOSE) from error
