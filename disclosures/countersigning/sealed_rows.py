"""Countersignatures as the log seals them: with the key and the signature, so that whoever reads the row can check
it."""

from collections.abc import Collection
from typing import Any

from disclosures.models import Countersignature, Reporter
from disclosures.models.ledger.withholding import is_withheld
from privacycenter.database.keyed_rows import of_keys
from privacycenter.log.note import encoded
from privacycenter.proof.sources import Key, Sealable, text_of


def countersignatures(keys: Collection[Key]) -> dict[Key, Sealable]:
    rows = of_keys(Countersignature.objects.with_key().annotate(is_withheld=is_withheld("disclosure_id")), keys)
    reporters = dict(Reporter.objects.filter(pk__in={row.reporter_id for row in rows}).values_list("pk", "code"))
    return {
        (row.person_id, row.id): Sealable(countersignature_columns(row, reporters), row.received_at, row.is_withheld)
        for row in rows
    }


def countersignature_columns(row: Countersignature, reporters: dict[int, str]) -> dict[str, Any]:
    """Without the time of signing, which is in the statement."""
    return {
        "id": text_of(row.id),
        "disclosure": text_of(row.disclosure_id),
        "recall": text_of(row.recall_id),
        "case": text_of(row.case_id),
        "said": row.said,
        "recipient": row.key.recipient.code,
        "key": encoded(bytes(row.key.public)),
        "statement": row.statement,
        "signature": encoded(bytes(row.signature)),
        "reporter": reporters.get(row.reporter_id or 0, ""),
        "is_by_recipient": text_of(row.is_by_recipient),
        "received_at": text_of(row.received_at),
    }
