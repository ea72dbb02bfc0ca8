"""Schemas of uploads: what announces one, and what is answered."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from disclosures.reporters.schemas import Body, Json, Problem, Time, Uuid, with_example

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Encoding = Literal["identity", "gzip"]
StateCode = Literal["receiving", "waiting", "recording", "recorded", "failed", "cancelled", "expired"]
Status = Literal["created", "duplicate", "conflict", "invalid"]
LARGEST_NUMBER = 2**53 - 1


class UploadBody(Body):
    """The file that is to come, as it is sent: one CloudEvent a line (JSON Lines, UTF-8), compressed as a whole or not.

    ``sha256``: of the file, in hexadecimal.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "encoding": "gzip",
                    "size_bytes": 7340032,
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                }
            ]
        },
    )

    size_bytes: Annotated[int, Field(ge=1, le=LARGEST_NUMBER, strict=True)]
    sha256: Sha256
    encoding: Encoding = "identity"


UPLOAD: Json = {
    "id": "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071",
    "state": "recording",
    "encoding": "gzip",
    "size_bytes": 7340032,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "received_bytes": 7340032,
    "part_bytes": 1048576,
    "lines": {
        "total": 250000, "done": 40000, "created": 39990, "duplicate": 8, "conflict": 0, "invalid": 2, "flagged": 1,
    },
    "problem": None,
    "begun_at": "2026-12-02T03:04:05.678901+00:00",
    "completed_at": "2026-12-02T03:05:41.120000+00:00",
    "ended_at": None,
    "expires_at": None,
}  # fmt: skip


class LineCounts(BaseModel):
    """``total`` is null until the worker has looked through the file. Blank lines are ``done`` and have no status."""

    total: int | None
    done: int
    created: int
    duplicate: int
    conflict: int
    invalid: int
    flagged: int


class UploadAnswer(BaseModel):
    """Where an upload stands. ``received_bytes``: the offset to go on at. ``part_bytes``: how large a part may be.

    ``problem``: why it ``failed``. ``expires_at``: while it is ``receiving``, until when to complete it; once it has
    ended, until when the results of its lines are kept.
    """

    model_config = with_example(UPLOAD)

    id: str
    state: StateCode
    encoding: Encoding
    size_bytes: int
    sha256: str
    received_bytes: int
    part_bytes: int
    lines: LineCounts
    problem: Problem | None
    begun_at: Time
    completed_at: Time | None
    ended_at: Time | None
    expires_at: Time | None


class UploadList(BaseModel):
    """``next``: pass it as ``before`` for older ones."""

    model_config = with_example({"data": [UPLOAD], "next": None, "has_more": False})

    data: list[UploadAnswer]
    next: str | None
    has_more: bool


LINES: list[Json] = [
    {
        "line": 1,
        "id": "booking-2026-000123",
        "status": "created",
        "disclosure": "5a0c1b7e-2d4f-8a61-b3c2-9d8e7f605142",
        "flagged": False,
        "flags": [],
    },
    {
        "line": 3,
        "id": "booking-2026-000125",
        "status": "invalid",
        "problem": {
            "type": "urn:privacycenter:problem:unknown-code",
            "title": "A code is not in the catalogue.",
            "status": 422,
            "detail": "There is no recipient “nobody”.",
            "field": "data.recipient",
        },
    },
]


class LineWarning(BaseModel):
    type: str
    title: str
    detail: str
    field: str


class LineResult(BaseModel):
    """What became of one line: as in the answer of ``POST /disclosures``, with ``line``, counted from 1."""

    line: int
    id: str
    status: Status
    disclosure: Uuid | None = None
    correction: Uuid | None = None
    flagged: bool | None = None
    flags: list[str] | None = None
    warnings: list[LineWarning] | None = None
    problem: Problem | None = None


class LineResults(BaseModel):
    """``next``: pass it as ``after`` to continue."""

    model_config = with_example({"data": LINES, "next": 3, "has_more": False})

    data: list[LineResult]
    next: int
    has_more: bool
