"""Countersignatures in the API: a recipient signs, through the service, that it received or deleted something."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404
from ninja import Query, Router, Status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from disclosures.countersigning.actions import Signed, countersign
from disclosures.countersigning.matters import matter_of
from disclosures.countersigning.queries import disclosure_for, disclosure_state, signed_entry, view_of
from disclosures.models import Disclosure, Reporter
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import Body, Identifier, Json, Problem, Time, with_example
from disclosures.reporters.tokens import REQUESTS_WRITE
from privacycenter.api.openapi import may_refuse
from privacycenter.errors import (
    AlreadyCountersigned,
    InvalidValue,
    NotFound,
    RetiredKey,
    StatementDiffers,
    TimeInFuture,
    UnknownKey,
    WrongSignature,
)
from privacycenter.log.countersigning import LONGEST_STATEMENT

router = Router(tags=["countersignatures"])

STATEMENT = (
    '{"about":"disclosure","at":"2026-11-20T00:30:00.000000+00:00","format":"privacycenter-countersignature/1",'
    '"id":"5a0c1b7e-2d4f-8a61-b3c2-9d8e7f605142","items":["name","phone"],"origin":"privacy.example/log/1",'
    '"recipient":"example-inn","reference":"R-000123","said":"received","service":"booking",'
    '"signed_at":"2026-11-20T01:00:00Z"}'
)
SIGNATURE = "q0Yb0m1vQh6m3o2gJ8m0l6v1d0ZQ9w7m3m1nq2o4y5A0yqT1u5f3ZlB0Yk2s8V9x7h6g5f4d3s2a1P0o9i8uBw=="
FINGERPRINT = "5b1c0a9e8d7f6c5b4a39281706f5e4d3c2b1a0998877665544332211ffeeddcc"
SIGNED_EXAMPLE: Json = {
    "said": "received",
    "signed_at": "2026-11-20T01:00:00+00:00",
    "received_at": "2026-11-20T01:00:05.123456+00:00",
    "key": FINGERPRINT,
}


class CountersignatureSent(Body):
    """What a recipient signed with its key. ``statement``: the text, byte for byte; ``signature``: base64 of the 64
    bytes of the Ed25519 signature over its UTF-8 bytes."""

    statement: Annotated[str, StringConstraints(max_length=LONGEST_STATEMENT)]
    signature: Annotated[str, StringConstraints(max_length=200)]

    @property
    def signed(self) -> Signed:
        return Signed(self.statement, self.signature)


class DisclosureCountersignature(CountersignatureSent):
    """``subject``: whose data it was. It is not part of what the recipient signs."""

    subject: Identifier

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"subject": "person-4711", "statement": STATEMENT, "signature": SIGNATURE}]},
    )


class CountersignatureTaken(BaseModel):
    """``key``: the fingerprint of the key that signed, as in ``/.well-known/recipient-keys.json``."""

    model_config = with_example(SIGNED_EXAMPLE)

    said: Literal["received", "deleted"]
    signed_at: Time
    received_at: Time
    key: str


class StatementsToSign(BaseModel):
    """The texts that the recipient can sign now, each with the time of this answer."""

    received: str
    deleted: str


class DisclosureCountersignatures(BaseModel):
    """What was signed about a disclosure, oldest first, and what can be."""

    model_config = with_example(
        {
            "data": [SIGNED_EXAMPLE],
            "to_sign": {"received": STATEMENT, "deleted": STATEMENT.replace('"received"', '"deleted"')},
        }
    )

    data: list[CountersignatureTaken]
    to_sign: StatementsToSign = Field(description="RFC 8785 JSON, to be signed byte for byte")


PROBLEMS: Any = dict.fromkeys((401, 403, 404, 422, 503), Problem)
Subject = Annotated[
    str, Query(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=255, description="Whose data it was")
]  # as in ``receiving.reports_api``


@router.get(
    "/disclosures/{disclosure_id}/countersignatures",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={200: DisclosureCountersignatures, **PROBLEMS},
    openapi_extra=may_refuse(NotFound, InvalidValue),
    summary="What the recipient signed about a disclosure, and what it can sign",
)
def list_countersignatures(request: ReporterRequest, disclosure_id: str, subject: Subject) -> dict[str, Any]:
    """404 for an id that does not exist, for a service that is not yours and for another person: the same answer."""
    return disclosure_state(disclosure_or_404(request.auth, subject, disclosure_id))


@router.post(
    "/disclosures/{disclosure_id}/countersignatures",
    auth=ReporterAuth(REQUESTS_WRITE),
    response={201: CountersignatureTaken, 200: CountersignatureTaken, 409: Problem, **PROBLEMS},
    openapi_extra=may_refuse(
        NotFound, InvalidValue, StatementDiffers, TimeInFuture, UnknownKey, RetiredKey, WrongSignature,
        AlreadyCountersigned,
    ),
    summary="Hand in what the recipient signed: that it received, or deleted, what was provided",
)  # fmt: skip
def create_countersignature(
    request: ReporterRequest, disclosure_id: str, body: DisclosureCountersignature
) -> Status[Any]:
    """201, or 200 if the very same was handed in before. It becomes a row of the person's record, and is sealed."""
    disclosure = disclosure_or_404(request.auth, body.subject, disclosure_id)
    row, created = countersign(matter=matter_of(disclosure), signed=body.signed, by=request.auth)
    return Status(201 if created else 200, signed_entry(view_of(row)))


def disclosure_or_404(reporter: Reporter, subject: str, disclosure_id: str) -> Disclosure:
    try:
        id = UUID(disclosure_id)
    except ValueError:
        raise Http404 from None
    found = disclosure_for(reporter, subject, id)
    if found is None:
        raise Http404
    return found
