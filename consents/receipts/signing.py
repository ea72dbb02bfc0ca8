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
from disclosures.models import RouteAbroad
from disclosures.models.content.recipients import HOME_COUNTRY
from privacycenter import receipt_keys
from privacycenter.receipt_keys import ALGORITHM, encoded, public_jwk
from privacycenter.text.languages import path_prefix, speaking
from privacycenter.text.shown_files import in_words

SCHEMA_VERSION = "ISO/IEC TS 27560:2023"
TYPE = "consent-receipt+jws"
# A field that the standard demands, of something that nobody has told this site. A value: empty might be an oversight.
NOT_STATED = "not stated"
# Everybody who takes part is one; what a recipient does is ``party_business``.
PARTY_TYPE = "organisation"
GIVEN, GIVEN_IN_PART, REFUSED = "consent given", "consent given in part", "consent refused"
WITHDRAWN, UNDONE = "consent withdrawn", "answer undone"
Receipt = dict[str, Any]


@dataclass(frozen=True)
class Operator:
    """The operator as one publication describes it. What is not stated there is empty."""

    name: str
    address: str = ""
    contact: str = ""


# --- The document ----------------------------------------------------------------------------------------------------


def receipt_of(page: DecisionPage, operator: Operator, issuer: str) -> Receipt:
    """Return the receipt. ``operator``: as the decision's publication describes it; ``issuer``: this site's URL."""
    decision, text = page.decision, page.original.text
    parties = Parties(issuer)
    return {
        "iss": issuer,
        "iat": int(decision.decided_at.timestamp()),
        **({"sandbox": True} if settings.SANDBOX else {}),
        "schema_version": SCHEMA_VERSION,
        "record_id": str(decision.id),
        "pii_principal_id": page.decision.person.subject,
        "pii_processing": {
            "privacy_notice": notice_of(page, issuer),
            "publication": f"{issuer}/changes/{number}/" if (number := page.original.publication) else NOT_STATED,
            "notice_sha256": page.original.text_sha256,
            "language": text["language"],
            "purposes": [purpose(page, item, parties) for item in text["items"]],
        },
        "party_identification": [operator_of(operator, parties), recipient_of(text["recipient"], parties)],
        "events": [event_of(page)],
    }


def notice_of(page: DecisionPage, issuer: str) -> str:
    """Return where the person finds, word for word, what was shown to them, in the language in which they read it."""
    with speaking(page.original.text["language"]):
        return f"{issuer}{path_prefix()}/my/decisions/{page.original.id}/#shown"


@dataclass(frozen=True)
class Parties:
    """Ids of those who take part: addresses of this site, so that no two sites have the same."""

    issuer: str

    @property
    def operator(self) -> str:
        return f"{self.issuer}/contact/"

    def recipient(self, code: str) -> str:
        return f"{self.issuer}/recipients/{code}/"

    def service(self, code: str) -> str:
        return f"{self.issuer}/services/{code}/"


def purpose(page: DecisionPage, item: dict[str, Any], parties: Parties) -> dict[str, Any]:
    text = page.original.text
    service, recipient = text["service"], parties.recipient(text["recipient"]["code"])
    return {
        "purpose": item["purpose"],
        "purpose_type": text["scenario"]["title"],
        "purpose_code": text["scenario"]["code"],
        "lawful_basis": "consent",
        "pii_information": [
            {
                "pii_attribute_id": item["code"],
                "pii_type": item["title"],
                "pii_optional": True,
                "sensitive_pii_category": NOT_STATED,
                "special_pii_category": NOT_STATED,
            }
        ],
        "pii_controllers": [parties.operator],
        "collection_method": "held by the service; the recipient receives it from there",
        "processing_method": "provision to a third party",
        "storage_locations": [NOT_STATED],
        "retention_period": f"P{item['retention_days']}D" if item.get("retention_days") else NOT_STATED,
        "processing_locations": [NOT_STATED],
        "geographic_restrictions": [NOT_STATED],
        "services": [{"service_id": parties.service(service["code"]), "service_name": service["title"]}],
        "jurisdictions": ["JP"],
        "recipient_third_parties": [recipient],
        "withdrawal_method": f"{parties.issuer}/my/decisions/{page.original.id}/",
        "privacy_rights": f"{parties.issuer}/contact/",
        "consequence_of_refusal": item["consequence"],
        "consent_given": None if page.decision.is_undoing else item["code"] in page.decision.allowed_set.codes,
        "consent_status": status_of(page, item["code"]),
    }


def status_of(page: DecisionPage, code: str) -> str:
    """Return what became of the consent to one item with this decision. Like ``state``, it never changes."""
    decision = page.decision
    if decision.is_undoing:
        return UNDONE
    if code in decision.allowed_set.codes:
        return GIVEN
    return WITHDRAWN if decision.is_withdrawal and code in decision.refused_set.codes else REFUSED


def operator_of(operator: Operator, parties: Parties) -> dict[str, str]:
    return {
        "party_id": parties.operator,
        "party_role": "PII controller",
        "party_type": PARTY_TYPE,
        "party_name": operator.name or NOT_STATED,
        "party_address": operator.address or NOT_STATED,
        "party_contact": operator.contact or NOT_STATED,
        "party_url": parties.issuer,
    }


def recipient_of(recipient: dict[str, str], parties: Parties) -> dict[str, str]:
    return {
        "party_id": parties.recipient(recipient["code"]),
        "party_role": "third party",
        "party_type": PARTY_TYPE,
        "party_name": recipient["title"],
        "party_address": recipient["address"] or NOT_STATED,
        "party_contact": recipient["contact"] or NOT_STATED,
        "party_business": recipient["business"] or NOT_STATED,
        "party_country": recipient["country"],
        **{name: recipient[name] or NOT_STATED for name in provision_in(recipient)},
        **(abroad_of(recipient) if recipient["country"] != HOME_COUNTRY else {}),
    }


def provision_in(recipient: dict[str, str]) -> list[str]:
    """Return which of the facts about a provision the text holds. One of version 0.1 holds none."""
    is_checked = recipient.get("basis_abroad") == RouteAbroad.EQUIVALENT_SYSTEM
    wanted = ("representative", "basis_abroad", *(("basis_checked_on",) if is_checked else ()))
    return [name for name in wanted if name in recipient]


def abroad_of(recipient: dict[str, str]) -> dict[str, str]:
    """Return what APPI art. 28 wants said about a recipient abroad, as it was shown: the text, or why there is none."""
    return {
        name: plain(recipient[name] or recipient.get(f"{name}_unknown", "")) or NOT_STATED
        for name in ("country_system", "measures")
    }


def event_of(page: DecisionPage) -> dict[str, Any]:
    decision = page.decision
    return {
        "event_time": in_utc(decision.decided_at),
        "event_type": event_type(page),
        "event_state": state(page),
        "validity_duration": f"P{page.valid_days}D" if decision.is_answer and decision.allowed_set.codes else "P0D",
        "entity_id": decision.person.subject,
        "request_id": str(decision.request_id),
        "ends_record_id": str(page.original.id) if not decision.is_answer else None,
        # In no other receipt, so that those of before keep their bytes.
        **({"changes_record_id": str(decision.changes_id)} if decision.changes_id else {}),
        "rule_id": str(decision.rule_id) if decision.rule_id else None,
        "valid_until": in_utc(decision.valid_until) if decision.allowed_set.codes else None,
        "allowed": decision.allowed_set.codes,
        "refused": decision.refused_set.codes,
    }


def event_type(page: DecisionPage) -> str:
    """Return what kind of act it was: a consent only where something was allowed."""
    decision = page.decision
    if decision.rule_id:
        return "standing rule of the PII principal"
    if decision.is_withdrawal:
        return "explicit withdrawal"
    if decision.is_undoing:
        return "undoing of an answer"
    return "explicit consent" if decision.allowed_set.codes else "explicit refusal"


def state(page: DecisionPage) -> str:
    """Return what the person did. It never changes, whatever happened since."""
    decision = page.decision
    if decision.is_withdrawal:
        return WITHDRAWN
    if decision.is_undoing:
        return UNDONE
    if not decision.allowed_set.codes:
        return REFUSED
    return GIVEN_IN_PART if decision.refused_set.codes else GIVEN


def in_utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"


def plain(html: str) -> str:
    return " ".join(strip_tags(in_words(html)).split())


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


def readable(receipt: Receipt, proof: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the receipt with its detached signature (RFC 7515, appendix F); the payload is its canonical JSON.

    ``proof``: of the decision's entry in the log. It stands beside what is signed, which stays the same bytes.
    """
    header, _payload, signature = signed(receipt).split(".")
    return {"receipt": receipt, "signature": f"{header}..{signature}", **({"proof": proof} if proof else {})}


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
