"""One way to hash a document: SHA-256 over its canonical JSON (RFC 8785)."""

import hashlib
from typing import Any

import rfc8785


def sha256_of(document: Any) -> str:
    """64 hexadecimal digits. The same document gives the same digits whatever its key order."""
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()
