"""A security key in software: it makes what a browser would send (WebAuthn Level 3), or something near to it."""

import hashlib
import json

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN = "http://testserver"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftKey:
    """One credential of one device. ``verifies``: it asks who is holding it."""

    def __init__(self, *, verifies=True, key_id=b"key-1" * 4):
        self.verifies = verifies
        self.key_id = key_id
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.handle = ""

    def flags(self) -> int:
        return PRESENT | (VERIFIED if self.verifies else 0)

    def register(self, options, *, resident=True) -> dict:
        """The answer to ``creation_options``. ``resident``: what the browser says of the key, or None for nothing."""
        options = options["publicKey"]
        self.handle = options["user"]["id"]
        credential = AttestedCredentialData.create(
            Aaguid.NONE, self.key_id, ES256.from_cryptography_key(self.private.public_key())
        )
        told = AuthenticatorData.create(rp_hash(options["rp"]["id"]), self.flags() | ATTESTED, 0, credential)
        answer = {
            "clientDataJSON": client_data("webauthn.create", options["challenge"]),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", told, {}))),
        }
        properties = {} if resident is None else {"credProps": {"rk": resident}}
        return {**self.named(), "clientExtensionResults": properties, "response": answer}

    def answer(self, options, **changed) -> dict:
        """The answer to ``request_options``."""
        options = options["publicKey"]
        told = bytes(AuthenticatorData.create(rp_hash(options["rpId"]), self.flags(), 1))
        data = client_data("webauthn.get", options["challenge"])
        signed = self.private.sign(told + hashlib.sha256(websafe_decode(data)).digest(), ec.ECDSA(SHA256()))
        answer = {
            "clientDataJSON": data,
            "authenticatorData": websafe_encode(told),
            "signature": websafe_encode(signed),
            "userHandle": self.handle,
        }
        return {**self.named(), "clientExtensionResults": {}, "response": {**answer, **changed}}

    def named(self) -> dict:
        return {"id": websafe_encode(self.key_id), "rawId": websafe_encode(self.key_id), "type": "public-key"}


def rp_hash(rp_id) -> bytes:
    return hashlib.sha256(rp_id.encode()).digest()


def client_data(kind, challenge) -> str:
    told = {"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": False}
    return websafe_encode(json.dumps(told).encode())
