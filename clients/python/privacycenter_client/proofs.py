"""Whether a report is in the public log, as it was reported (docs/proof.md). ``verify_record`` checks the same, and the
witnesses of a policy, too."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from privacycenter_client.ed25519 import verifies
from privacycenter_client.errors import ProofError
from privacycenter_client.events import CORRECTION

Json = dict[str, Any]


def check_proof(proof: Mapping[str, Any], event: Mapping[str, Any], log_key: str) -> None:
    """Raise ProofError unless this shows that the event, as it was reported, is in the log whose key this is."""
    try:
        says = what_differs(proof["event"], event)
        if says:
            raise ProofError(f"it says something else than what was reported: {says}")
        commitment = hmac.digest(decoded(proof["salt"]), canonical(proof["event"]), "sha256")
        leaf = hashlib.sha256(b"\0\1" + decoded(proof["label"]) + commitment).digest()
        size, root = open_checkpoint(proof["checkpoint"], log_key)
        if root_from(leaf, proof["index"], size, [decoded(one) for one in proof["path"]]) != root:
            raise ProofError("it is not what is in the log")
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ProofError(f"the proof cannot be read: {error!r}") from error


def what_differs(sealed: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """The names of what the sealed row says otherwise than the event. Of an order the reference is not sealed."""
    data, is_correction = event["data"], event["type"] == CORRECTION
    reported: Json = {
        "type": "correction" if is_correction else "disclosure",
        "subject": event["subject"],
        "source": event["source"],
        "event_id": event["id"],
    }
    told: Json = {name: sealed.get(name) for name in reported}
    facts = data
    if is_correction:
        reported["disclosure"], told["disclosure"] = data["disclosure"].lower(), sealed["disclosure"]
        facts = data.get("corrected")
    if facts:
        time = data["corrected"]["time"] if is_correction else event["time"]
        reported |= facts_of(facts, time)
        told |= facts_of(sealed, sealed["occurred_at"])
    elif "recipient" in sealed:
        told["recipient"] = sealed["recipient"]
    return ", ".join(name for name in {**reported, **told} if told.get(name) != reported.get(name))


def facts_of(said: Mapping[str, Any], time: str) -> Json:
    cited = said.get("evidence") or {}
    return {
        **{name: said[name] for name in ("recipient", "service", "scenario", "ground")},
        "occurred_at": datetime.fromisoformat(time),
        "items": sorted(set(said["items"])),
        "evidence": cited.get("kind", ""),
        "reference": cited.get("reference") if cited.get("kind") != "order" else None,
    }


def canonical(event: Mapping[str, Any]) -> bytes:
    """RFC 8785, for the texts, lists and objects of which a sealed row consists."""
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def root_from(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root of the tree in which the path shows the leaf (RFC 9162, 2.1.3.2)."""
    at, last, root = index, size - 1, leaf
    if not 0 <= at <= last:
        raise ProofError("there is no such place in the log")
    for sibling in path:
        if last == 0:
            raise ProofError("the path is too long")
        if at % 2 or at == last:
            root = hashlib.sha256(b"\1" + sibling + root).digest()
            while at and at % 2 == 0:
                at, last = at >> 1, last >> 1
        else:
            root = hashlib.sha256(b"\1" + root + sibling).digest()
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("the path is too short")
    return root


def open_checkpoint(note: str, log_key: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint (C2SP tlog-checkpoint) that the log signed."""
    text, _gap, lines = note.rpartition("\n\n")
    origin, size, root = (text + "\n").split("\n")[:3]
    name, key_id, key = log_key.split("+", 2)
    for line in lines.splitlines():
        _dash, who, data = line.split(" ")
        signature = decoded(data)
        is_its = (who, signature[:4].hex(), origin) == (name, key_id, name)
        if is_its and verifies(decoded(key)[1:], (text + "\n").encode(), signature[4:]):
            return int(size), decoded(root)
    raise ProofError("the log whose key was told first did not sign it")
