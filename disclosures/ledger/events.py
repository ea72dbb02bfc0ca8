"""What a reporter tells, in its own words, and what it is answered. Nothing is looked up here."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from disclosures.models import Flag, Ground

# A disclosure cannot lie in the future; clocks differ by as much.
CLOCK_TOLERANCE = timedelta(minutes=5)
CREATED, DUPLICATE, CONFLICT, INVALID = "created", "duplicate", "conflict", "invalid"
NO_FLAG = Flag(0)


@dataclass(frozen=True, slots=True)
class Event:
    """One reported disclosure. ``occurred_at`` is aware; ``items`` are codes."""

    source: str
    event_id: str
    subject: str
    recipient: str
    service: str
    scenario: str
    items: tuple[str, ...]
    ground: Ground
    occurred_at: datetime
    decision: str = ""

    @property
    def content(self) -> dict[str, Any]:
        """What the event says, apart from its time: a retry may carry a new time and is still the same event."""
        return {
            "subject": self.subject,
            "recipient": self.recipient,
            "service": self.service,
            "scenario": self.scenario,
            "items": sorted(set(self.items)),
            "ground": self.ground.code,
            "decision": self.decision,
        }


@dataclass(frozen=True, slots=True)
class Facts:
    """What is right, in full: every fact, not only those that were wrong."""

    recipient: str
    service: str
    scenario: str
    items: tuple[str, ...]
    ground: Ground
    occurred_at: datetime

    @property
    def content(self) -> dict[str, Any]:
        return {
            "recipient": self.recipient,
            "service": self.service,
            "scenario": self.scenario,
            "items": sorted(set(self.items)),
            "ground": self.ground.code,
            "time": self.occurred_at.astimezone(UTC).isoformat(),
        }


@dataclass(frozen=True, slots=True)
class CorrectionEvent:
    """One correction of one disclosure, named by its id. ``facts`` None: there was no such disclosure.

    ``reason``: language → text. ``occurred_at``: when the reporter found out, not when the data went.
    """

    source: str
    event_id: str
    subject: str
    disclosure: UUID
    reason: dict[str, str]
    occurred_at: datetime
    facts: Facts | None = None

    @property
    def service(self) -> str:
        """The service that the right facts name; empty if there are none."""
        return self.facts.service if self.facts else ""

    @property
    def content(self) -> dict[str, Any]:
        """What the event says, apart from its time. The right facts have their own time, and it counts."""
        return {
            "subject": self.subject,
            "disclosure": str(self.disclosure),
            "reason": self.reason,
            "corrected": self.facts.content if self.facts else "",
        }


Report = Event | CorrectionEvent


@dataclass(frozen=True, slots=True)
class RecordingResult:
    """What became of the event at this index of the batch.

    ``warnings``: of what was created now, what differs from the newest publication, as the members of a warning.
    """

    index: int
    event_id: str
    status: str
    disclosure_id: UUID | None = None
    flags: Flag = NO_FLAG
    problem: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[dict[str, Any], ...] = ()
    correction_id: UUID | None = None
