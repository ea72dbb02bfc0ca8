"""The Ed25519 keys that sign receipts, as JSON Web Keys (RFC 8037). Imports no settings: it validates some."""

import base64
import binascii
import hashlib
import json
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

# The fully specified name of RFC 9864; "EdDSA" is deprecated.
ALGORITHM = "Ed25519"
SEED_BYTES = 32


def seed_from(secret: str, *, purpose: str = "receipts") -> str:
    """Derive a seed from the secret key, for a trial run without a signing key."""
    return encoded(hashlib.sha256(f"privacycenter {purpose} {secret}".encode()).digest())


def signing_key(value: str) -> OKPKey:
    """Read a key from a seed of 32 bytes in base64url, or from a private JWK. Raises ValueError with the reason."""
    if value.lstrip().startswith("{"):
        key = key_from(value)
        if not key.is_private:
            raise ValueError("it is a public key")
        return key
    try:
        seed = seed_of(value)
    except binascii.Error:
        raise ValueError("it is neither base64url nor a JWK") from None
    return key_of_seed(seed)


def seed_of(value: str) -> bytes:
    """Return the 32 bytes that are written in base64url. Raises ValueError with the reason."""
    try:
        seed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except ValueError:
        raise binascii.Error("it is not base64url") from None
    if len(seed) != SEED_BYTES:
        raise ValueError(f"it has {len(seed)} bytes instead of {SEED_BYTES}")
    return seed


def key_of_seed(seed: bytes) -> OKPKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "d": encoded(seed), "x": encoded(public)})


def key_from(value: str | dict[str, Any]) -> OKPKey:
    try:
        found = json.loads(value) if isinstance(value, str) else value
        if not isinstance(found, dict) or (found.get("kty"), found.get("crv")) != ("OKP", ALGORITHM):
            raise ValueError("it is not an Ed25519 JWK")
        return OKPKey.import_key({name: found[name] for name in ("kty", "crv", "x", "d") if name in found})
    except (JoseError, KeyError, TypeError, json.JSONDecodeError):
        raise ValueError("it is not an Ed25519 JWK") from None


def retired_keys(value: str) -> dict[str, tuple[OKPKey, int | None]]:
    """Return key id → public key and the time since which it signs no more (``exp``, Unix seconds; None if not given).

    ``value``: a JSON array of JWKs, empty for none. Private parts are dropped. Raises ValueError with the reason.
    """
    try:
        listed = json.loads(value) if value.strip() else []
    except json.JSONDecodeError:
        raise ValueError("it is not JSON") from None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ValueError("it is not an array of JWKs")
    keys = {}
    for one in listed:
        until = one.get("exp")
        if until is not None and not isinstance(until, int):
            raise ValueError("exp must be whole seconds since 1970")
        key = OKPKey.import_key(key_from(one).as_dict(private=False))
        keys[key.thumbprint()] = (key, until)
    return keys


def public_jwk(key: OKPKey, until: int | None = None) -> dict[str, Any]:
    """Return the key as /.well-known/jwks.json shows it. Its id is the thumbprint (RFC 7638)."""
    jwk = {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}
    return {**jwk, "exp": until} if until is not None else jwk


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
