"""A receipt as linked data: JSON-LD in terms of the W3C Data Privacy Vocabulary (DPV 2), see docs/receipts.md.

Made from the receipt alone. It carries the signed file, so that whoever reads it can check what it was made from.
"""

from typing import Any

from consents.receipts.signing import (
    GIVEN,
    GIVEN_IN_PART,
    NOT_STATED,
    PARTY_TYPE,
    REFUSED,
    UNDONE,
    WITHDRAWN,
    Receipt,
)

CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
STATUS = {
    GIVEN: "dpv:ConsentGiven",
    GIVEN_IN_PART: "dpv:ConsentGiven",
    REFUSED: "dpv:ConsentRefused",
    WITHDRAWN: "dpv:ConsentWithdrawn",
    # The question waits for an answer again.
    UNDONE: "dpv:ConsentRequested",
}
TYPES = {PARTY_TYPE: "dpv:Organisation"}
ROLES = {"PII controller": "dpv:DataController", "third party": "dpv:ThirdParty"}


def linked(receipt: Receipt, signed: str) -> dict[str, Any]:
    """Return the receipt as one JSON-LD document. ``signed``: its compact JWS.

    What is not stated is left out: an open world knows no such value.
    """
    record = f"urn:uuid:{receipt['record_id']}"
    return {
        "@context": CONTEXT,
        "@id": f"{record}#receipt",
        "@type": "dpv:ConsentReceipt",
        "dct:publisher": {"@id": receipt["party_identification"][0]["party_id"]},
        "dct:source": signed,
        "dpv:hasRecordOfActivity": {
            "@id": record,
            "@type": "dpv:ConsentRecord",
            "dct:identifier": receipt["record_id"],
            "dct:conformsTo": receipt["schema_version"],
            "dpv:hasDataSubject": {"@type": "dpv:DataSubject", "dpv:hasIdentifier": receipt["pii_principal_id"]},
            "dpv:hasNotice": {
                "@id": receipt["pii_processing"]["privacy_notice"],
                "@type": "dpv:PrivacyNotice",
                "dct:language": receipt["pii_processing"]["language"],
            },
            "dpv:hasProcess": [process(one) for one in receipt["pii_processing"]["purposes"]],
            "dpv:hasConsentStatus": [event(one) for one in receipt["events"]],
        },
        "@included": [party(one) for one in receipt["party_identification"]],
    }


def process(purpose: dict[str, Any]) -> dict[str, Any]:
    """Return what is done for one purpose, with the status of the consent to just this."""
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@type": "dpv:Purpose", "dct:title": purpose["purpose"], "dct:type": purpose["purpose_type"],
        },
        "dpv:hasLegalBasis": {"@id": "dpv:Consent"},
        "dpv:hasConsentStatus": {"@id": STATUS[purpose["consent_status"]]},
        "dpv:hasPersonalData": [data(one) for one in purpose["pii_information"]],
        "dpv:hasDataController": references(purpose["pii_controllers"]),
        "dpv:hasProcessing": {"@id": "dpv:DiscloseByTransmission"},
        "dpv:hasRecipientThirdParty": references(purpose["recipient_third_parties"]),
        "dpv:hasService": [
            {"@id": one["service_id"], "@type": "dpv:Service", "dct:title": one["service_name"]}
            for one in purpose["services"]
        ],
        "dpv:hasJurisdiction": purpose["jurisdictions"],
        "dpv:hasConsentControl": {"@id": purpose["withdrawal_method"], "@type": "dpv:ConsentControl"},
        "dpv:hasRight": {"@id": purpose["privacy_rights"], "@type": "dpv:DataSubjectRight"},
        **storage(purpose),
    }  # fmt: skip


def data(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "dpv:PersonalData",
        "dct:identifier": item["pii_attribute_id"],
        "dct:title": item["pii_type"],
        "dpv:hasNecessity": {"@id": "dpv:Optional" if item["pii_optional"] else "dpv:Required"},
    }


def storage(purpose: dict[str, Any]) -> dict[str, Any]:
    """Return how long and where the data is kept, as far as it is stated."""
    period, places = purpose["retention_period"], [one for one in purpose["storage_locations"] if one != NOT_STATED]
    said = {
        **({"dpv:hasDuration": {"@type": "xsd:duration", "@value": period}} if period != NOT_STATED else {}),
        **({"dpv:hasLocation": places} if places else {}),
    }
    return {"dpv:hasStorageCondition": {"@type": "dpv:StorageCondition", **said}} if said else {}


def event(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": STATUS[one["event_state"]],
        "dpv:isIndicatedAtTime": {"@type": "xsd:dateTime", "@value": one["event_time"]},
        "dpv:hasDuration": {"@type": "xsd:duration", "@value": one["validity_duration"]},
        "dpv:isIndicatedBy": {"@type": "dpv:DataSubject", "dpv:hasIdentifier": one["entity_id"]},
    }


def party(one: dict[str, str]) -> dict[str, Any]:
    told = {
        "dpv:hasName": "party_name", "dpv:hasAddress": "party_address", "dpv:hasContact": "party_contact",
        "dpv:hasCountry": "party_country", "dpv:hasRepresentative": "representative",
        "dct:description": "party_business",
    }  # fmt: skip
    known = {term: one[name] for term, name in told.items() if one.get(name, NOT_STATED) != NOT_STATED}
    return {"@id": one["party_id"], "@type": [ROLES[one["party_role"]], TYPES[one["party_type"]]], **known}


def references(ids: list[str]) -> list[dict[str, str]]:
    return [{"@id": one} for one in ids]
