"""Disclosures and corrections as the log seals them: every column, as the person may read it."""

from collections.abc import Collection
from typing import Any

from disclosures.models import Correction, Disclosure, Flag
from disclosures.models.evidence import CitedEvidence, EvidenceKind
from disclosures.models.ground import Ground
from disclosures.models.withholding import is_withheld
from privacycenter.database.keyed_rows import of_keys
from privacycenter.proof.sources import Key, Sealable, text_of, texts_in


def disclosures(keys: Collection[Key]) -> dict[Key, Sealable]:
    rows = Disclosure.objects.with_references().select_related("source").annotate(is_withheld=is_withheld("id"))
    return {
        (row.person_id, row.id): Sealable(disclosure_columns(row), row.recorded_at, row.is_withheld)
        for row in of_keys(rows, keys)
    }


def corrections(keys: Collection[Key]) -> dict[Key, Sealable]:
    rows = Correction.objects.with_references().select_related("source")
    rows = rows.annotate(is_withheld=is_withheld("disclosure_id"))
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
        "recipient": row.recipient.code,
        "service": row.service.code,
        "scenario": row.scenario.code,
        "items": list(row.item_set.codes),
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
        "reporter": row.reporter.code,
        "source": row.source.text if row.source_id else "",
        "event_id": row.event_id,
        "fingerprint": "" if is_of_order else text_of(row.fingerprint),
    }
