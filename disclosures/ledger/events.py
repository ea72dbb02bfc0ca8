"""Reported events in the reporter's own terms, and their results. Nothing is looked up here."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from disclosures.models import CitedEvidence, Flag, Ground

# A disclosure cannot be in the future, but clocks may differ by this much.
CLOCK_TOLERANCE = timedelta(minutes=5)
CREATED, DUPLICATE, CONFLICT, INVALID = "created", "duplicate", "conflict", "invalid"
NO_FLAG = Flag(0)
SECOND, INSTANT = timedelta(seconds=1), timedelta(microseconds=1)
# The last part of a correction's id: its ids are counted apart from those of disclosures.
CORRECTION = "correction"


def cited(evidence: CitedEvidence | None) -> dict[str, Any]:
    return {"evidence": evidence.content} if evidence else {}


def last_moment(occurred_at: datetime) -> datetime:
    """Return the last moment that a reported time may mean: a time in whole seconds was cut off within its second.

    What is compared with the server's own clock, which has microseconds, is compared with this one. An approval of the
    same second counts, so that whoever asked first is not accused. So does a withdrawal: in doubt it came first.
    """
    return occurred_at if occurred_at.microsecond else occurred_at + SECOND - INSTANT


@dataclass(frozen=True, slots=True)
class Event:
    """One reported disclosure. ``occurred_at`` has a time zone; ``items`` are codes."""

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
    evidence: CitedEvidence | None = None

    @property
    def content(self) -> dict[str, Any]:
        """The event without its time: a retry with a new time is still the same event.

        Evidence is left out where none is cited, so an event from before there was any keeps its fingerprint.
        """
        return {
            "subject": self.subject,
            "recipient": self.recipient,
            "service": self.service,
            "scenario": self.scenario,
            "items": sorted(set(self.items)),
            "ground": self.ground.code,
            "decision": self.decision,
            **cited(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Facts:
    """The correct facts in full, including those that were reported correctly."""

    recipient: str
    service: str
    scenario: str
    items: tuple[str, ...]
    ground: Ground
    occurred_at: datetime
    evidence: CitedEvidence | None = None

    @property
    def content(self) -> dict[str, Any]:
        return {
            "recipient": self.recipient,
            "service": self.service,
            "scenario": self.scenario,
            "items": sorted(set(self.items)),
            "ground": self.ground.code,
            "time": self.occurred_at.astimezone(UTC).isoformat(),
            **cited(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class CorrectionEvent:
    """One correction of one disclosure, given by its id. ``facts`` is None for a retraction: there was no such
    disclosure.

    ``reason`` maps language → text. ``occurred_at`` is when the reporter found the error, not when the data was
    provided.
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
        """The service in the correct facts. Empty for a retraction."""
        return self.facts.service if self.facts else ""

    @property
    def content(self) -> dict[str, Any]:
        """The event without its own time. The time within the correct facts counts."""
        return {
            "subject": self.subject,
            "disclosure": str(self.disclosure),
            "reason": self.reason,
            "corrected": self.facts.content if self.facts else "",
        }


Report = Event | CorrectionEvent


@dataclass(frozen=True, slots=True)
class RecordingResult:
    """Result of the event at this index of the batch.

    ``warnings`` lists how a newly created row differs from the newest publication, in the form of API warnings.
    """

    index: int
    event_id: str
    status: str
    disclosure_id: UUID | None = None
    flags: Flag = NO_FLAG
    problem: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[dict[str, Any], ...] = ()
    correction_id: UUID | None = None
