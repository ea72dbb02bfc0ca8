"""A person's whole record, part by part, as it is taken home: plain values and codes, no words of ours.

Every part is a generator that reads a chunk at a time by keyset: however long the record, memory stays the same.
"""

from consents.exports.record.record import Record, record_of

__all__ = ["Record", "record_of"]
