"""Disclosures and corrections as the log seals them: every column, as the person may read it."""

from collections.abc import Collection
from typing import Any

from django.db.models import F

from disclosures.models import Correction, Disclosure, Flag
from disclosures.models.content.ground import Ground
from disclosures.models.ledger.evidence import CitedEvidence, EvidenceKind
from disclosures.models.ledger.withholding import is_withheld
from privacycenter.database.keyed_rows import of_keys
from privacycenter.proof.sources import Key, Sealable, text_of, texts_in

# Codes alone are joined to a row: making the objects that have them takes half of the time that sealing takes.
CODES = {
    "recipient_code": F("recipient__code"),
    "service_code": F("service__code"),
    "scenario_code": F("scenario__code"),
    "item_codes": F("item_set__codes"),
    "reporter_code": F("reporter__code"),
    "source_text": F("source__text"),
}


def disclosures(keys: Collection[Key]) -> dict[Key, Sealable]:
    rows = Disclosure.objects.annotate(**CODES, is_withheld=is_withheld("id"))
    return {
        (row.person_id, row.id): Sealable(disclosure_columns(row), row.recorded_at, row.is_withheld)
        for row in of_keys(rows, keys)
    }


def corrections(keys: Collection[Key]) -> dict[Key, Sealable]:
    rows = Correction.objects.annotate(**CODES, is_withheld=is_withheld("disclosure_id"))
    return {
        (row.person_id, row.id): Sealable(correction_columns(row), row.recorded_at, row.is_withheld)
        for row in of_keys(rows, keys)
    }


def disclosure_columns(row: Disclosure) -> dict[str, Any]:
    return {
        "id": text_of(row.id),
        **facts_columns(row),
        "named_decision": text_of(row.named_decision_id),
        "recorded_at": text_of(row.recorded_at),
        **report_columns(row),
    }


def correction_columns(row: Correction) -> dict[str, Any]:
    """A retraction has no facts."""
    return {
        "id": text_of(row.id),
        "disclosure": text_of(row.disclosure_id),
        "reason": texts_in(row.reason),
        **({} if row.is_retraction else facts_columns(row)),
        "corrected_at": text_of(row.corrected_at),
        "recorded_at": text_of(row.recorded_at),
        **report_columns(row),
    }


def facts_columns(row: Any) -> dict[str, Any]:
    """What was provided, what that was judged as, and by what."""
    return {
        "recipient": row.recipient_code,
        "service": row.service_code,
        "scenario": row.scenario_code,
        "items": list(row.item_codes),
        "ground": Ground(row.ground).code,
        "occurred_at": text_of(row.occurred_at),
        "flags": [flag.code for flag in Flag(row.flags)],
        "decision": text_of(row.decision_id),
        "basis": text_of(row.basis_id),
        "publication": text_of(row.publication),
        "evidence": evidence_columns(row.evidence),
    }


def evidence_columns(evidence: CitedEvidence | None) -> dict[str, str]:
    """Without the reference of an order, which nobody but the officers may read."""
    if evidence is None:
        return {}
    return {
        "kind": evidence.kind.code,
        "reference": evidence.reference_for_person,
        "shown_publication": text_of(evidence.shown_publication),
    }


def report_columns(row: Any) -> dict[str, Any]:
    """Who reported it, and the fingerprint of the report: not of one that cites an order, since the reference could be
    found by trying."""
    is_of_order = row.evidence is not None and row.evidence.kind is EvidenceKind.ORDER
    return {
        "reporter": row.reporter_code,
        "source": row.source_text or "",
        "event_id": row.event_id,
        "fingerprint": "" if is_of_order else text_of(row.fingerprint),
    }
