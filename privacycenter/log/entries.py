"""What stands in the log: 49 public bytes for each row of a person's record, which reveal nothing of it.

``row``:  0x01, the label (16 bytes), the commitment (32 bytes).
``head``: 0x02, the root of the index (32), how many entries it covers (8), Unix seconds (8); at every place that is a
multiple of 256, nowhere else.

A label is used once. Only who has the person's key can tell which labels are theirs, and how many there are. The
commitment binds the whole row; only who has its salt and the row can open it.
"""

import hmac
import json
from typing import Any, NamedTuple

from privacycenter.log.tree import HASH_BYTES, TILE_WIDTH

ENTRY_BYTES = 49
LABEL_BYTES = 16
KEY_BYTES = 32
SALT_BYTES = 16
ROW, HEAD = b"\x01", b"\x02"
# Rows in a full bundle: its first place is the head's.
ROWS_IN_BUNDLE = TILE_WIDTH - 1
LARGEST_NUMBER = 2**32 - 1

_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Row(NamedTuple):
    label: bytes
    commitment: bytes

    @property
    def entry(self) -> bytes:
        return ROW + self.label + self.commitment


class Head(NamedTuple):
    """``covered``: how many entries of the log the index covers, all before this one. ``at``: Unix seconds."""

    index_root: bytes
    covered: int
    at: int

    @property
    def entry(self) -> bytes:
        return HEAD + self.index_root + self.covered.to_bytes(8, "big") + self.at.to_bytes(8, "big")


def is_head_place(index: int) -> bool:
    return index % TILE_WIDTH == 0


def read_entry(entry: bytes) -> Row | Head:
    """Return what the entry says. Raises ValueError if it is neither a row nor a head."""
    if len(entry) == ENTRY_BYTES and entry[:1] == ROW:
        return Row(entry[1 : 1 + LABEL_BYTES], entry[1 + LABEL_BYTES :])
    if len(entry) == ENTRY_BYTES and entry[:1] == HEAD:
        root, covered, at = entry[1 : 1 + HASH_BYTES], entry[1 + HASH_BYTES : 9 + HASH_BYTES], entry[9 + HASH_BYTES :]
        return Head(root, int.from_bytes(covered, "big"), int.from_bytes(at, "big"))
    raise ValueError("This is neither a row nor a head.")


def label_of(key: bytes, number: int) -> bytes:
    """Return the label of the row with this number, counted from 1, of the person whose key this is."""
    if not 1 <= number <= LARGEST_NUMBER:
        raise ValueError(f"There is no row number {number}.")
    return hmac.digest(key, b"label" + number.to_bytes(4, "big"), "sha256")[:LABEL_BYTES]


def commitment_to(salt: bytes, event: dict[str, Any]) -> bytes:
    """Return what binds the event: HMAC-SHA256 under the salt over its canonical bytes."""
    return hmac.digest(salt, canonical_bytes(event), "sha256")


def canonical_bytes(event: dict[str, Any]) -> bytes:
    """Return the event as RFC 8785 writes it. It MUST hold texts, lists and objects with ASCII keys only, for which the
    standard library writes the same bytes as every other implementation. Raises TypeError for anything else."""
    refuse_all_but_texts(event)
    return _encoder.encode(event).encode()


def refuse_all_but_texts(value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise TypeError(f"The key {key!r} is not ASCII.")
            refuse_all_but_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            refuse_all_but_texts(inner)
    elif not isinstance(value, str):
        raise TypeError(f"{value!r} is no text.")
