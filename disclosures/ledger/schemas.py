"""Schemas of the CloudEvents that services send, validated and converted to the ledger's events."""

from datetime import UTC
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from disclosures.ledger.events import CorrectionEvent, Event, Facts, Report
from disclosures.models import Ground
from disclosures.reporters.schemas import (
    Body,
    Code,
    GroundCode,
    Identifier,
    ItemCodes,
    Moment,
    Texts,
    as_texts,
    in_site_languages,
)
from privacycenter.errors import InvalidValue

EVENT_TYPE = "privacycenter.disclosure.v1"
CORRECTION_TYPE = "privacycenter.correction.v1"
LONGEST_REASON = 500


def a_uuid(text: str) -> str:
    return str(UUID(text))


class DisclosureData(Body):
    """What was provided, as codes of the catalogue; never values."""

    recipient: Code
    service: Code
    scenario: Code
    items: ItemCodes
    ground: GroundCode
    decision: Annotated[str, StringConstraints(max_length=36), AfterValidator(a_uuid)] | None = None


class DisclosureEvent(BaseModel):
    """One CloudEvents 1.0 event. Extension attributes are accepted and not kept."""

    model_config = ConfigDict(extra="ignore")

    specversion: Literal["1.0"]
    id: Identifier
    source: Identifier
    type: Literal["privacycenter.disclosure.v1"]
    time: Moment
    subject: Identifier
    data: DisclosureData

    def as_event(self) -> Event:
        return Event(
            source=self.source,
            event_id=self.id,
            subject=self.subject,
            recipient=self.data.recipient,
            service=self.data.service,
            scenario=self.data.scenario,
            items=tuple(self.data.items),
            ground=Ground.from_code(self.data.ground),
            decision=self.data.decision or "",
            occurred_at=self.time.astimezone(UTC),
        )


# A text for people to read: no control characters except line breaks.
ReasonText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=LONGEST_REASON,
        pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]+$",
    ),
]


@in_site_languages(ReasonText)
class ReasonTexts(Texts):
    """Why the report was wrong, for the person to read: in Japanese and if possible in the site's other languages.

    No personal data.
    """


class CorrectedFacts(Body):
    """The correct facts in full, including those that were reported correctly."""

    recipient: Code
    service: Code
    scenario: Code
    items: ItemCodes
    ground: GroundCode
    time: Moment

    def as_facts(self) -> Facts:
        return Facts(
            recipient=self.recipient,
            service=self.service,
            scenario=self.scenario,
            items=tuple(self.items),
            ground=Ground.from_code(self.ground),
            occurred_at=self.time.astimezone(UTC),
        )


class CorrectionData(Body):
    """Which disclosure, why, and what is right. Without ``corrected``, there was no such disclosure."""

    disclosure: Annotated[str, StringConstraints(max_length=36), AfterValidator(a_uuid)]
    reason: Annotated[ReasonTexts, BeforeValidator(as_texts, json_schema_input_type=ReasonText | ReasonTexts)]
    corrected: CorrectedFacts | None = None


class CorrectionReport(BaseModel):
    """One CloudEvents 1.0 event that corrects a disclosure. ``subject`` is the person of the disclosure."""

    model_config = ConfigDict(extra="ignore")

    specversion: Literal["1.0"]
    id: Identifier
    source: Identifier
    type: Literal["privacycenter.correction.v1"]
    time: Moment
    subject: Identifier
    data: CorrectionData

    def as_event(self) -> CorrectionEvent:
        return CorrectionEvent(
            source=self.source,
            event_id=self.id,
            subject=self.subject,
            disclosure=UUID(self.data.disclosure),
            reason=self.data.reason.texts(),
            occurred_at=self.time.astimezone(UTC),
            facts=self.data.corrected.as_facts() if self.data.corrected else None,
        )


def read_event(body: Any) -> Report:
    """Return the event according to its ``type``. Raises pydantic's ValidationError, or InvalidValue for an unknown
    type."""
    kind = body.get("type") if isinstance(body, dict) else None
    if kind == CORRECTION_TYPE:
        return CorrectionReport.model_validate(body).as_event()
    if isinstance(kind, str) and kind != EVENT_TYPE:
        raise InvalidValue(f"Send {EVENT_TYPE} or {CORRECTION_TYPE}.", "type")
    return DisclosureEvent.model_validate(body).as_event()
