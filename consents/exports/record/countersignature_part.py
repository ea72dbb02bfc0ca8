"""The part of a record about what recipients signed with their keys."""

from collections.abc import Iterator

from consents.exports.record.keyset import Entry, in_chunks
from consents.exports.record.record import Record
from privacycenter.log.note import encoded


def countersignature_entries(record: Record) -> Iterator[Entry]:
    """Yield what recipients signed, with the key, so that it can be checked. One SQL statement for each chunk.

    ``about``: a disclosure, or a case of a recall.
    """
    rows = record.person.countersignatures.shown_to(record.person).filter(received_at__lte=record.made_at)
    for chunk in in_chunks(rows.with_key(), "received_at"):
        for row in chunk:
            yield {
                "id": str(row.id),
                "received_at": row.received_at,
                "signed_at": row.signed_at,
                "recipient": row.key.recipient.code,
                "said": row.said,
                "about": (
                    {"disclosure": str(row.disclosure_id)}
                    if row.disclosure_id
                    else {"recall": str(row.recall_id), "case": str(row.case_id)}
                ),
                "statement": row.statement,
                "key": encoded(bytes(row.key.public)),
                "fingerprint": row.key.fingerprint,
                "signature": encoded(bytes(row.signature)),
            }
