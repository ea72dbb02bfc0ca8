"""Uploads of many disclosures: announced, sent in parts, completed, and followed line by line."""

import base64
import binascii
import hashlib
import json
import re
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from ninja import Path, Query, Router

from disclosures.bulk_uploads.actions import (
    Announced,
    begin_upload,
    cancel_upload,
    complete_upload,
    own_upload,
    take_part,
)
from disclosures.bulk_uploads.queries import all_lines, lines_of, own_uploads, said_of_upload
from disclosures.bulk_uploads.schemas import (
    LARGEST_NUMBER,
    LINES,
    LineResults,
    Status,
    UploadAnswer,
    UploadBody,
    UploadList,
)
from disclosures.models import DisclosureUpload
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import Json, Problem
from disclosures.reporters.tokens import DISCLOSURES_WRITE
from privacycenter.api.openapi import may_refuse
from privacycenter.errors import (
    BodyTooLarge,
    DigestDiffers,
    InvalidValue,
    NotFound,
    StoreAway,
    TooMuchUploaded,
    UploadClosed,
    UploadIncomplete,
    WrongContentType,
    WrongOffset,
)
from privacycenter.http.compressed_bodies import as_sent
from privacycenter.http.requests import refuse_unknown_length

router = Router(tags=["disclosures"])

PART = "application/octet-stream"
JSON_LINES = "application/jsonl"
# RFC 9530: of several digests the one by SHA-256 counts. Both fields are of the bytes as they are sent, compressed if
# they are: a part is all of what it represents (RFC 9110, section 8.1).
DIGESTS = ("Content-Digest", "Repr-Digest")
DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):")
PROBLEMS: Any = dict.fromkeys((401, 403, 429, 503), Problem)
PART_DOCUMENTATION: Json = {
    **may_refuse(NotFound, DigestDiffers, WrongOffset, UploadClosed, StoreAway),
    "parameters": [
        {
            "name": "Content-Digest",
            "in": "header",
            "required": True,
            "description": "SHA-256 of the bytes as they are sent, in base64 (RFC 9530).",
            "schema": {"type": "string"},
            "example": "sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:",
        },
        {
            "name": "Repr-Digest",
            "in": "header",
            "required": False,
            "description": "Checked as well if it is there. Of the same bytes, since a part is sent whole.",
            "schema": {"type": "string"},
        },
    ],
    "requestBody": {
        "required": True,
        "content": {
            PART: {"schema": {"type": "string", "format": "binary"}, "examples": {"part": {"value": "(bytes)"}}}
        },
    },
}
FILE_DOCUMENTATION: Json = {
    **may_refuse(NotFound, InvalidValue),
    "responses": {
        200: {
            "description": "One result a line, as in `GET …/lines`.",
            "content": {
                JSON_LINES: {
                    "schema": {"type": "string"},
                    "examples": {"report": {"value": "".join(json.dumps(line) + "\n" for line in LINES)}},
                }
            },
        }
    },
}
After = Annotated[int, Query(ge=0, le=LARGEST_NUMBER, description="The number of the last line that you have")]
Limit = Annotated[int, Query(ge=1, le=1000)]
Wanted = Annotated[Status | None, Query(description="Only lines of this status")]
Offset = Annotated[int, Path(ge=0, le=LARGEST_NUMBER)]


@router.post(
    "/disclosure-uploads",
    auth=ReporterAuth(DISCLOSURES_WRITE),
    response={200: UploadAnswer, 201: UploadAnswer, **PROBLEMS},
    openapi_extra=may_refuse(BodyTooLarge, TooMuchUploaded),
    summary="Begin an upload of many disclosures",
)
def create_upload(request: ReporterRequest, upload: UploadBody) -> HttpResponse:
    """Announce the file, then send it in parts. 200 if you announced the same file before and have not ended it: go on
    at `received_bytes`."""
    announced = Announced(upload.size_bytes, upload.sha256, upload.encoding == "gzip")
    made, is_new = begin_upload(announced=announced, by=request.auth)
    return answer(made, is_new=is_new)


@router.get(
    "/disclosure-uploads",
    auth=ReporterAuth(DISCLOSURES_WRITE),
    response={200: UploadList, **PROBLEMS},
    openapi_extra=may_refuse(InvalidValue),
    summary="Your uploads, the newest first",
)
def list_uploads(
    request: ReporterRequest, before: Annotated[UUID | None, Query(description="The `next` of the page before")] = None
) -> HttpResponse:
    """Also those that have ended, for 30 days."""
    return as_json(own_uploads(request.auth, before))


@router.get(
    "/disclosure-uploads/{upload_id}",
    auth=ReporterAuth(DISCLOSURES_WRITE),
    response={200: UploadAnswer, **PROBLEMS},
    openapi_extra=may_refuse(NotFound),
    summary="How far an upload is",
)
def get_upload(request: ReporterRequest, upload_id: str) -> HttpResponse:
    """After an interruption go on at `received_bytes`. 404 for one that does not exist and for another reporter's."""
    return as_json(said_of_upload(asked_for(request, upload_id)))


@router.put(
    "/disclosure-uploads/{upload_id}/parts/{offset}",
    auth=ReporterAuth(DISCLOSURES_WRITE),
    response={200: UploadAnswer, **PROBLEMS},
    openapi_extra=PART_DOCUMENTATION,
    summary="Send the bytes of an upload from an offset on",
)
def put_upload_part(request: ReporterRequest, upload_id: str, offset: Offset) -> HttpResponse:
    """At most `part_bytes` at a time, in order. Sending a part again is harmless. The answer comes once it is kept.
    With `Content-Encoding: gzip` the digest is of the compressed bytes; offsets count those of the file."""
    if (request.content_type or "").lower() != PART:
        raise WrongContentType(f"Send {PART}.")
    refuse_unknown_length(request)
    refuse_other_bytes(request)
    content = request.body
    sha256 = hashlib.sha256(content).hexdigest()
    upload = take_part(upload=id_in(upload_id), offset=offset, content=content, sha256=sha256, by=request.auth)
    return as_json(said_of_upload(upload))


@router.post(
    "/disclosure-uploads/{upload_id}/completions",
    auth=ReporterAuth(DISCLOSURES_WRITE),
    response={200: UploadAnswer, 201: UploadAnswer, **PROBLEMS},
    openapi_extra=may_refuse(NotFound, UploadIncomplete, UploadClosed),
    summary="Have an upload recorded, once all of it has come",
)
def create_upload_completion(request: ReporterRequest, upload_id: str) -> HttpResponse:
    """201 the first time, 200 when you repeat it. Then ask how far it is until its state is `recorded` or `failed`."""
    upload, is_new = complete_upload(upload=id_in(upload_id), by=request.auth)
    return answer(upload, is_new=is_new)


@router.post(
    "/disclosure-uploads/{upload_id}/cancellations",
    auth=ReporterAuth(DISCLOSURES_WRITE),
    response={200: UploadAnswer, 201: UploadAnswer, **PROBLEMS},
    openapi_extra=may_refuse(NotFound, UploadClosed),
    summary="End an upload. Its bytes are removed",
)
def create_upload_cancellation(request: ReporterRequest, upload_id: str) -> HttpResponse:
    """What is recorded of it by then stays recorded, and has its results."""
    upload, is_new = cancel_upload(upload=id_in(upload_id), by=request.auth)
    return answer(upload, is_new=is_new)


@router.get(
    "/disclosure-uploads/{upload_id}/lines",
    auth=ReporterAuth(DISCLOSURES_WRITE),
    response={200: LineResults, **PROBLEMS},
    openapi_extra=may_refuse(NotFound, InvalidValue),
    summary="What became of each line of an upload",
)
def list_upload_lines(
    request: ReporterRequest, upload_id: str, after: After = 0, status: Wanted = None, limit: Limit = 100
) -> HttpResponse:
    """In the order of the lines, as far as they are recorded. Blank lines are left out."""
    return as_json(lines_of(asked_for(request, upload_id), after, status or "", limit))


@router.get(
    "/disclosure-uploads/{upload_id}/report",
    auth=ReporterAuth(DISCLOSURES_WRITE),
    response=PROBLEMS,
    openapi_extra=FILE_DOCUMENTATION,
    summary="What became of all lines, as a file of JSON Lines",
)
def get_upload_report(request: ReporterRequest, upload_id: str, status: Wanted = None) -> StreamingHttpResponse:
    """All results that there are by now, or those of one status."""
    upload = asked_for(request, upload_id)
    lines = (json.dumps(line, ensure_ascii=False) + "\n" for line in all_lines(upload, status or ""))
    headers = {**NOT_KEPT, "Content-Disposition": f'attachment; filename="upload-{upload.id}.jsonl"'}
    return StreamingHttpResponse(lines, content_type=f"{JSON_LINES}; charset=utf-8", headers=headers)


NOT_KEPT = {"Cache-Control": "private, no-store"}


def asked_for(request: ReporterRequest, upload_id: str) -> DisclosureUpload:
    return own_upload(id_in(upload_id), request.auth)


def id_in(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def refuse_other_bytes(request: HttpRequest) -> None:
    """Raise InvalidValue without a digest, DigestDiffers if one of those there is not of the bytes that came."""
    came = hashlib.sha256(as_sent(request)).digest()
    for name in DIGESTS:
        said = request.headers.get(name)
        if (said is not None or name == "Content-Digest") and digest_in(said or "", name) != came:
            raise DigestDiffers("Send the part again, with the SHA-256 of exactly these bytes.", name)


def digest_in(said: str, name: str) -> bytes:
    """Return the SHA-256 of a header. Raises InvalidValue if there is none."""
    found = DIGEST.search(said)
    try:
        digest = base64.b64decode(found[1], validate=True) if found else b""
    except binascii.Error:
        digest = b""
    if len(digest) != 32:
        raise InvalidValue(f"Say the SHA-256 of the part: {name}: sha-256=:…: with base64.", name)
    return digest


def answer(upload: DisclosureUpload, *, is_new: bool) -> JsonResponse:
    return as_json(said_of_upload(upload), status=201 if is_new else 200)


def as_json(body: Json, *, status: int = 200) -> JsonResponse:
    return JsonResponse(body, status=status, headers=NOT_KEPT, json_dumps_params={"ensure_ascii": False})
