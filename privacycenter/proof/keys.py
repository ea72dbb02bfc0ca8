"""The log's own key, name and policy, from the settings."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from privacycenter.log.note import SignerKey
from privacycenter.log.policy import Policy, read_policy


def log_signer() -> SignerKey:
    """Return the key that signs checkpoints and statements, under the origin's name."""
    return signer_of(settings.LOG_ORIGIN, settings.LOG_SIGNING_KEY)


@cache
def signer_of(origin: str, seed: bytes) -> SignerKey:
    return SignerKey(origin, Ed25519PrivateKey.from_private_bytes(seed))


def log_policy() -> Policy:
    return policy_of(settings.LOG_POLICY)


@cache
def policy_of(text: str) -> Policy:
    return read_policy(text)


def policy_text() -> str:
    """Return the policy as verifiers are given it: with the log's own key in its first line."""
    return f"log {log_signer().verifier}\n{settings.LOG_POLICY}"
