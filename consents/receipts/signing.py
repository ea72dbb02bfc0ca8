"""Receipts: a decision in the field names of ISO/IEC TS 27560:2023, with a signature (docs/receipts.md).

Made from the stored decision alone, so one decision gives the same bytes as long as the signing key is the same.
"""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

import rfc8785
from django.conf import settings
from django.utils.html import strip_tags
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from consents.asking.decisions import DecisionPage
from privacycenter import receipt_keys
from privacycenter.receipt_keys import ALGORITHM, encoded, public_jwk

SCHEMA_VERSION = "ISO/IEC TS 27560:2023"
TYPE = "consent-receipt+jws"
Receipt = dict[str, Any]


# --- The document ----------------------------------------------------------------------------------------------------


def receipt_of(page: DecisionPage, operator: str, issuer: str) -> Receipt:
    """Return the receipt. ``operator``: its name in the decision's publication; ``issuer``: this site's URL."""
    decision, text = page.decision, page.original.text
    service = text["service"]
    return {
        "iss": issuer,
        "iat": int(decision.decided_at.timestamp()),
        "schema_version": SCHEMA_VERSION,
        "record_id": str(decision.id),
        "pii_principal_id": page.decision.person.subject,
        "language": text["language"],
        "pii_processing": {
            "privacy_notice": f"{issuer}/changes/{page.original.publication}/",
            "notice_sha256": page.original.text_sha256,
            "services": [{"service_id": service["code"], "service_name": service["title"]}],
            "purposes": [purpose(page, item) for item in text["items"]],
            "jurisdictions": ["JP"],
            "withdrawal_method": f"{issuer}/my/decisions/{page.original.id}/",
            "retention_period": f"P{page.valid_days}D" if decision.is_answer else None,
        },
        "party_identification": [
            {"party_id": "operator", "party_role": "PII controller", "party_name": operator, "party_url": issuer},
            recipient_of(text["recipient"]),
        ],
        "events": [event_of(page)],
    }


def purpose(page: DecisionPage, item: dict[str, str]) -> dict[str, Any]:
    text = page.original.text
    return {
        "purpose": item["purpose"],
        "purpose_type": text["scenario"]["title"],
        "purpose_code": text["scenario"]["code"],
        "lawful_basis": "consent",
        "pii_information": [{"pii_attribute_id": item["code"], "pii_type": item["title"], "pii_optional": True}],
        "consequence_of_refusal": item["consequence"],
        "recipient_third_parties": [text["recipient"]["code"]],
        "consent_given": item["code"] in page.decision.allowed_set.codes,
    }


def recipient_of(recipient: dict[str, str]) -> dict[str, str]:
    return {
        "party_id": recipient["code"],
        "party_role": "third party",
        "party_name": recipient["title"],
        "party_address": recipient["address"],
        "party_contact": recipient["contact"],
        "party_country": recipient["country"],
        "country_system": plain(recipient["country_system"]),
        "measures": plain(recipient["measures"]),
    }


def event_of(page: DecisionPage) -> dict[str, Any]:
    decision = page.decision
    return {
        "event_time": in_utc(decision.decided_at),
        "event_type": "explicit consent" if decision.rule_id is None else "standing rule of the PII principal",
        "event_state": state(page),
        "entity_id": decision.person.subject,
        "request_id": str(decision.request_id),
        "ends_record_id": str(page.original.id) if not decision.is_answer else None,
        "rule_id": str(decision.rule_id) if decision.rule_id else None,
        "valid_until": in_utc(decision.valid_until) if decision.allowed_set.codes else None,
        "allowed": decision.allowed_set.codes,
        "refused": decision.refused_set.codes,
    }


def state(page: DecisionPage) -> str:
    """Return what the person did. It never changes, whatever happened since."""
    decision = page.decision
    if decision.is_withdrawal:
        return "consent withdrawn"
    if decision.is_undoing:
        return "answer undone"
    if not decision.allowed_set.codes:
        return "consent refused"
    return "consent given in part" if decision.refused_set.codes else "consent given"


def in_utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"


def plain(html: str) -> str:
    return " ".join(strip_tags(html).split())


# --- The signature ---------------------------------------------------------------------------------------------------


@cache
def key_for(value: str) -> OKPKey:
    return receipt_keys.signing_key(value)


def current_key() -> OKPKey:
    return key_for(settings.RECEIPT_SIGNING_KEY)


def signed(receipt: Receipt) -> str:
    """Return a compact JWS (RFC 7515) over the canonical JSON (RFC 8785) of the receipt."""
    key = current_key()
    header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": TYPE}
    return jws.serialize_compact(header, rfc8785.dumps(receipt), key, algorithms=[ALGORITHM])


def readable(receipt: Receipt) -> dict[str, Any]:
    """Return the receipt with its detached signature (RFC 7515, appendix F); the payload is its canonical JSON."""
    header, _payload, signature = signed(receipt).split(".")
    return {"receipt": receipt, "signature": f"{header}..{signature}"}


def public_keys() -> dict[str, Any]:
    """Return the JWK Set: the current key first, then the retired ones."""
    retired = receipt_keys.retired_keys(settings.RECEIPT_RETIRED_KEYS)
    return {"keys": [public_jwk(current_key()), *(public_jwk(key, until) for key, until in retired.values())]}


class SignatureVerdict(Enum):
    """The result of a verification; the value is the exit code of ``verify_receipt``."""

    VALID = 0
    CHANGED = 1
    UNREADABLE = 2
    NOT_OURS = 3
    KEY_RETIRED = 4


@dataclass(frozen=True)
class Verified:
    verdict: SignatureVerdict
    reason: str
    receipt: Receipt | None = None


def verified(content: str) -> Verified:
    """Verify a receipt file, compact or readable, with our keys. Never raises because of its content."""
    try:
        token = compact(content.strip())
        header = json.loads(decoded(token.split(".")[0]))
        kid = header["kid"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return Verified(SignatureVerdict.UNREADABLE, "This is no receipt: neither a compact JWS nor a receipt in JSON.")
    retired = receipt_keys.retired_keys(settings.RECEIPT_RETIRED_KEYS)
    known = {current_key().thumbprint(): (current_key(), None), **retired}
    if not isinstance(kid, str) or kid not in known:
        return Verified(SignatureVerdict.NOT_OURS, "It was signed with a key that is not among ours.")
    key, until = known[kid]
    try:
        receipt = json.loads(jws.deserialize_compact(token, key, algorithms=[ALGORITHM]).payload)
    except (JoseError, ValueError):
        return Verified(
            SignatureVerdict.CHANGED, "The signature does not fit: the receipt was changed after it was signed."
        )
    if until is not None and receipt["iat"] > until:
        return Verified(
            SignatureVerdict.KEY_RETIRED, "It is dated after the day on which its key was retired.", receipt
        )
    return Verified(SignatureVerdict.VALID, "Valid: signed by us and unchanged.", receipt)


def compact(content: str) -> str:
    """Return the compact JWS of a file in either form. Raises ValueError, KeyError or TypeError for anything else."""
    if not content.startswith("{"):
        if content.count(".") != 2:
            raise ValueError
        return content
    document = json.loads(content)
    header, _none, signature = str(document["signature"]).split(".")
    return f"{header}.{encoded(rfc8785.dumps(document['receipt']))}.{signature}"


def decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
