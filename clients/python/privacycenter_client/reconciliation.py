"""Do the service's books and ours say the same? By day: a digest of each, and where they differ, which events.

A digest is the sum, modulo 2^256, of SHA-256 over each row's id and fingerprint: it depends on no order (docs/api.md).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from privacycenter_client.events import CORRECTION

Json = dict[str, Any]
FACTS = ("recipient", "service", "scenario", "ground")


@dataclass(frozen=True)
class DayDifference:
    """``missing``: ids of events that the service does not have; ``other``: of those that it has with other content;
    ``unknown``: ids of rows that were reported in our name and are not in our file."""

    day: date
    missing: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.other or self.unknown)


def day_of(event: Mapping[str, Any]) -> date:
    """The day of the event, in UTC."""
    return datetime.fromisoformat(event["time"]).astimezone(UTC).date()


def digest_of(rows: Iterable[tuple[str, bytes]]) -> str:
    """The digest of rows, each its id and its fingerprint: 64 hexadecimal digits."""
    told = (hashlib.sha256(UUID(row).bytes + fingerprint).digest() for row, fingerprint in rows)
    return f"{sum(int.from_bytes(one, 'big') for one in told) % 2**256:064x}"


def fingerprint_of(event: Mapping[str, Any]) -> bytes:
    """The fingerprint of an event as it was sent: SHA-256 over what it says. Its time does not count."""
    data = event["data"]
    told = said_of_correction(data) if event["type"] == CORRECTION else {**facts(data), "decision": decision_of(data)}
    text = json.dumps({**told, "subject": event["subject"]}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def facts(data: Mapping[str, Any]) -> Json:
    evidence = {name: str(value) for name, value in (data.get("evidence") or {}).items() if value is not None}
    return {
        **{name: data[name] for name in FACTS},
        "items": sorted(set(data["items"])),
        **({"evidence": evidence} if evidence else {}),
    }


def decision_of(data: Mapping[str, Any]) -> str:
    return str(data.get("decision") or "").lower()


def said_of_correction(data: Mapping[str, Any]) -> Json:
    reason, right = data["reason"], data.get("corrected")
    texts = {"ja": reason} if isinstance(reason, str) else reason
    corrected: Any = ""
    if right:
        corrected = {**facts(right), "time": datetime.fromisoformat(right["time"]).astimezone(UTC).isoformat()}
    return {
        "disclosure": data["disclosure"].lower(),
        "reason": {language: text.strip() for language, text in texts.items()},
        "corrected": corrected,
    }
