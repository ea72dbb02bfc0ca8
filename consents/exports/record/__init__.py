"""A person's whole record in parts, to be exported: plain values and codes, no texts for people.

Each part is a generator that reads in chunks by keyset, so memory does not grow with the record.
"""

from consents.exports.record.record import Record, record_of

__all__ = ["Record", "record_of"]
