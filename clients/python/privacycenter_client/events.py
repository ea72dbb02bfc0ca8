"""Reports as CloudEvents, as the service reads them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
DISCLOSURE = "privacycenter.disclosure.v1"
CORRECTION = "privacycenter.correction.v1"


def disclosure_event(
    id: str, *, source: str, subject: str, data: Mapping[str, Any], at: datetime | None = None, act: str = "",
    policy: str = "", contract: str = "", order: str = "", shown_publication: int | None = None,
) -> Json:  # fmt: skip
    """One time that one person's data went to one recipient. ``data``: recipient, service, scenario, items, ground.

    Name what the ground rests on: the number of the person's own act, the version of the policy, the reference of a
    contract or of an order. ``shown_publication``: the ``publication`` of the catalogue when the person was shown what
    it says of a recipient abroad. A permission check says in ``requires`` what is needed. ValueError for two of them.
    """
    cited = [{"kind": kind, "reference": reference} for kind, reference in
             (("act", act), ("policy", policy), ("contract", contract), ("order", order)) if reference]  # fmt: skip
    if len(cited) > 1 or (shown_publication and not cited):
        raise ValueError("cite one reference")
    evidence: Json = {}
    if cited:
        shown = {"shown_publication": shown_publication} if shown_publication else {}
        evidence = {"evidence": {**cited[0], **shown}}
    return envelope(DISCLOSURE, id, source, subject, at, {**data, **evidence})


def correction_event(
    id: str, *, source: str, subject: str, disclosure: str, reason: str | Mapping[str, str],
    corrected: Mapping[str, Any] | None = None, at: datetime | None = None,
) -> Json:  # fmt: skip
    """What was wrong with a disclosure, whose row's id this is. ``corrected``: what is right, in full, with its
    ``time``; None: there was no such disclosure. The person reads the reason."""
    said = reason if isinstance(reason, str) else dict(reason)
    data: Json = {"disclosure": disclosure, "reason": said}
    return envelope(
        CORRECTION, id, source, subject, at, {**data, **({"corrected": dict(corrected)} if corrected else {})}
    )


def envelope(type: str, id: str, source: str, subject: str, at: datetime | None, data: Json) -> Json:
    at = at or datetime.now(UTC)
    if at.tzinfo is None:
        raise ValueError("a time has its offset: datetime.now(UTC)")
    return {
        "specversion": "1.0", "type": type, "source": source, "id": id, "time": at.isoformat(), "subject": subject,
        "data": data,
    }  # fmt: skip
