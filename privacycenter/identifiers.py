"""UUIDs for person-owned rows (RFC 9562). They need no sequence and no further index."""

import hashlib
import os
import time
import uuid
from datetime import datetime, timedelta

from privacycenter.sandbox import clock

VERSION_MASK, VARIANT_MASK = 0xF << 76, 0x3 << 62


def _stamped(number: int, version: int) -> uuid.UUID:
    """Return 128 bits as a UUID of this version and the RFC 9562 variant."""
    number = (number & ~VERSION_MASK) | (version << 76)
    return uuid.UUID(int=(number & ~VARIANT_MASK) | (0b10 << 62))


def uuid8_from(*parts: str) -> uuid.UUID:
    """Return the UUIDv8 (RFC 9562, 5.8) of SHA-256 over the parts: the same parts always give the same id.

    Each part is preceded by its length, so ("ab", "c") and ("a", "bc") differ.
    """
    encoded = [part.encode() for part in parts]
    digest = hashlib.sha256(b"".join([len(one).to_bytes(4, "big") + one for one in encoded])).digest()
    return _stamped(int.from_bytes(digest[:16], "big"), version=8)


def first_uuid7(moment: datetime) -> uuid.UUID:
    """Return the smallest UUIDv7 of that millisecond: of ids by ``uuid7``, those made before it are smaller."""
    return _stamped(int(moment.timestamp() * 1000) << 80, version=7)


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds since 1970, then random. Later ids sort later."""
    milliseconds = time.time_ns() // 1_000_000 + clock.ahead() // timedelta(milliseconds=1)
    return _stamped((milliseconds << 80) | int.from_bytes(os.urandom(10), "big"), version=7)
