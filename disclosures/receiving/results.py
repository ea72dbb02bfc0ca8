"""What became of an event, in the words of the API. Pure."""

from typing import Any

from disclosures.ledger.events import INVALID, RecordingResult
from privacycenter.errors import InvalidValue


def invalid(index: int, body: Any, refusal: InvalidValue) -> dict[str, Any]:
    """Return the result of an invalid event, with the event's id if it has one."""
    event_id = body.get("id") if isinstance(body, dict) else None
    return {
        "index": index,
        # A lone surrogate is valid in JSON, but cannot be encoded in the response.
        "id": event_id.encode(errors="replace").decode() if isinstance(event_id, str) else "",
        "status": INVALID,
        "problem": refusal.as_problem(),
    }


def as_answer(result: RecordingResult, index: int) -> dict[str, Any]:
    """Return the result of an event that was read, at this index."""
    answer: dict[str, Any] = {"index": index, "id": result.event_id, "status": result.status}
    if result.status == INVALID:
        return {**answer, "problem": result.problem}
    answer["disclosure"] = str(result.disclosure_id)
    if result.correction_id:
        answer["correction"] = str(result.correction_id)
    answer["flagged"] = bool(result.flags)
    answer["flags"] = [flag.code for flag in result.flags] if result.flags else []
    if result.warnings:
        answer["warnings"] = list(result.warnings)
    return answer
