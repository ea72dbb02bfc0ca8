"""Schemas of the CloudEvents that services send, validated and converted to the ledger's events."""

import re
from datetime import UTC
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from disclosures.ledger.events import CorrectionEvent, Event, Facts, Report
from disclosures.models import CitedEvidence, EvidenceKind, Ground
from disclosures.models.ledger.evidence import LONGEST_REFERENCE
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
from privacycenter.text.legible import legible

EVENT_TYPE = "privacycenter.disclosure.v1"
CORRECTION_TYPE = "privacycenter.correction.v1"
LONGEST_REASON = 500
# What the ledger's column holds.
MOST_PUBLICATIONS = 2**31 - 1


def a_uuid(text: str) -> str:
    return str(UUID(text))


# In the form of a telephone number: of Japan, also with its country code, or digits in groups.
SEPARATORS = re.compile(r"[._:-]")
# What a number is called does not make it another one.
CALLED = re.compile(r"(tel|telephone|phone|mobile|fax)[._:-]?(?=\d)", re.IGNORECASE)
TELEPHONE = re.compile(r"0\d{9,10}|(00|010)?81\d{9,10}")
GROUPED_TELEPHONE = re.compile(r"\d{1,4}([._:-]\d{1,5}){2,4}")


# In the form of a mail address or a host, with anything for the @: its end is that of a domain for everybody, of an
# organisation in Japan, or of one in Japan that somebody stands before. An end alone would be the name of many things.
ADDRESS = re.compile(
    r"(?:.*[._:-])?[a-z][a-z0-9-]*\.(?:com|net|org|info|biz|edu|gov|example)"
    r"|.*[._:-](?:ac|ad|co|ed|go|gr|lg|ne|or)\.jp"
    r"|.+[.:][a-z][a-z0-9-]{2,}\.jp",
    re.IGNORECASE,
)


def a_reference(text: str) -> str:
    """Refuse what has the form of a telephone number, a mail address or a host. A reference has no @ anyway."""
    if ADDRESS.fullmatch(text):
        raise ValueError("looks like a mail address or a host: cite the number that it has in your own books")
    number = CALLED.sub("", text, count=1) if CALLED.match(text) else text
    digits = SEPARATORS.sub("", number)
    is_grouped = GROUPED_TELEPHONE.fullmatch(number) and 9 <= len(digits) <= 15
    if digits.isdigit() and (is_grouped or TELEPHONE.fullmatch(digits)):
        raise ValueError("looks like a telephone number: put a letter before it, or use another reference")
    return text


class EvidenceData(Body):
    """What you cite for the ground: a reference into your own books, never a value of personal data.

    ``shown_publication``: for a recipient abroad, the number of the publication whose text the person was shown.
    """

    kind: Literal["act", "policy", "contract", "order"]
    reference: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9._:-]+$", min_length=1, max_length=LONGEST_REFERENCE),
        AfterValidator(a_reference),
    ]
    shown_publication: Annotated[int, Field(ge=1, le=MOST_PUBLICATIONS, strict=True)] | None = None

    def as_evidence(self) -> CitedEvidence:
        return CitedEvidence(EvidenceKind.from_code(self.kind), self.reference, self.shown_publication)


class DisclosureData(Body):
    """What was provided, as codes of the catalogue; never values."""

    recipient: Code
    service: Code
    scenario: Code
    items: ItemCodes
    ground: GroundCode
    decision: Annotated[str, StringConstraints(max_length=36), AfterValidator(a_uuid)] | None = None
    evidence: EvidenceData | None = None


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
            evidence=self.data.evidence.as_evidence() if self.data.evidence else None,
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
    AfterValidator(legible),
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
    evidence: EvidenceData | None = None

    def as_facts(self) -> Facts:
        return Facts(
            recipient=self.recipient,
            service=self.service,
            scenario=self.scenario,
            items=tuple(self.items),
            ground=Ground.from_code(self.ground),
            occurred_at=self.time.astimezone(UTC),
            evidence=self.evidence.as_evidence() if self.evidence else None,
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
