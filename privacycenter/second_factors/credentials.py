"""What a browser sends as a passkey's answer (WebAuthn Level 3, section 5.1), read strictly.

No browser sends anything else, so what cannot be read is a bad request and no wrong answer. Only the members that are
named here are kept: others could hold what a database refuses.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from django import forms
from django.core.exceptions import BadRequest

# Characters of one member. The longest is an attestation with its certificates, of some 10,000.
MOST = 64 * 1024
BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}")
# What the readers of CBOR, COSE keys and client data raise for bytes that are none.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    UnsupportedAlgorithm,
    struct.error,
)


class CredentialField(forms.JSONField):
    """The answer as posted. An empty one is a form's error, anything that is no JSON object a bad request."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            read = super().to_python(value)
        except (RecursionError, ValueError, forms.ValidationError) as error:
            raise BadRequest("The credential is no JSON.") from error
        if read is not None and not (isinstance(read, dict) and read):
            raise BadRequest("The credential is no JSON object.")
        return read


def attestation(credential: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of a key that is added. Raises BadRequest."""
    return {**named(credential), "response": binary(credential.get("response"), "clientDataJSON", "attestationObject")}


def assertion(credential: dict[str, Any], *, names_person: bool) -> dict[str, Any]:
    """Return the answer of a key that was added before. Raises BadRequest.

    ``names_person``: the key says whose it is (``userHandle``), since nobody has told yet who logs in.
    """
    members = ["clientDataJSON", "authenticatorData", "signature", *(["userHandle"] if names_person else [])]
    return {**named(credential), "response": binary(credential.get("response"), *members)}


def named(credential: dict[str, Any]) -> dict[str, Any]:
    if credential.get("type") != "public-key":
        raise BadRequest("The credential is no public key.")
    return {"type": "public-key", "clientExtensionResults": {}, **binary(credential, "id", "rawId")}


def binary(source: Any, *members: str) -> dict[str, str]:
    """Return the members, each a text of base64url. Raises BadRequest."""
    found = {}
    for name in members:
        value = source.get(name) if isinstance(source, dict) else None
        if not isinstance(value, str) or len(value) > MOST or not BASE64URL.fullmatch(value):
            raise BadRequest(f"The credential's {name} is no base64url.")
        found[name] = value
    return found


def makes_log_in_key(credential: dict[str, Any]) -> bool:
    """Return whether the browser says, or does not deny, that the key can log in alone (``credProps.rk``)."""
    told = credential.get("clientExtensionResults")
    properties = told.get("credProps") if isinstance(told, dict) else None
    return not isinstance(properties, dict) or properties.get("rk") is not False


@contextmanager
def readable() -> Iterator[None]:
    """Turn what is raised for bytes that cannot be read into a BadRequest. Errors of a form pass."""
    try:
        yield
    except UNREADABLE as error:
        raise BadRequest("The credential cannot be read.") from error
