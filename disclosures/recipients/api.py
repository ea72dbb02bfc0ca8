"""PUT /recipients/<code> and POST /recipients: services propose the recipients that they provide data to."""

from typing import Annotated, Any

from django.http import JsonResponse
from ninja import Path, Router
from pydantic import ValidationError

from disclosures.content.publications import Document, newest_document
from disclosures.packs.schema import CODE
from disclosures.recipients.naming import NamedRecipient
from disclosures.recipients.proposing_actions import (
    Outcome,
    Proposed,
    propose_recipient,
    propose_recipients,
)
from disclosures.recipients.schemas import (
    RecipientBatch,
    RecipientBody,
    RecipientInBatch,
    RecipientResults,
    RecipientTaken,
)
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.bodies import first_error
from disclosures.reporters.schemas import Problem
from disclosures.reporters.tokens import RECIPIENTS_WRITE
from privacycenter.api.openapi import may_refuse
from privacycenter.errors import ForeignRecipient, Refusal, RetiredCode, UnknownCode

router = Router(tags=["recipients"])
PROBLEMS: Any = dict.fromkeys((400, 401, 403, 413, 415, 422, 429, 503), Problem)
CodeInPath = Annotated[str, Path(pattern=CODE, max_length=60)]


@router.put(
    "/recipients/{code}",
    auth=ReporterAuth(RECIPIENTS_WRITE),
    response={201: RecipientTaken, 200: RecipientTaken, **PROBLEMS},
    openapi_extra=may_refuse(ForeignRecipient, RetiredCode, UnknownCode),
    summary="Propose a recipient, or change one that you proposed",
)
def put_recipient(request: ReporterRequest, code: CodeInPath, recipient: RecipientBody) -> JsonResponse:
    """201 if it is new, 200 if you proposed it before. An editor publishes it; repeating a call is safe."""
    found = propose_recipient(named=recipient.named(code), by=request.auth)
    return answer(as_answer(found, newest_document()), 201 if found.outcome is Outcome.CREATED else 200)


@router.post(
    "/recipients",
    auth=ReporterAuth(RECIPIENTS_WRITE),
    response={200: RecipientResults, **PROBLEMS},
    summary="Propose or change up to 1,000 recipients",
    exclude_none=True,
)
def post_recipients(request: ReporterRequest, batch: RecipientBatch) -> JsonResponse:
    """One result for each recipient, in order. An invalid one does not stop the others; repeating a call is safe."""
    read = [read_recipient(body) for body in batch.recipients]
    named = [one for one in read if isinstance(one, NamedRecipient)]
    taken = iter(propose_recipients(named, by=request.auth) if named else [])
    published = newest_document()
    results = [
        as_answer(next(taken), published) if isinstance(one, NamedRecipient) else as_invalid(code_in(body), one)
        for body, one in zip(batch.recipients, read, strict=True)
    ]
    return answer({"results": [{"index": index, **result} for index, result in enumerate(results)]})


def read_recipient(body: Any) -> NamedRecipient | Refusal:
    try:
        found = RecipientInBatch.model_validate(body)
    except ValidationError as error:
        return first_error(error)
    return found.named(found.code)


def code_in(body: Any) -> str:
    """Return the code of an invalid recipient, if it has one. A lone surrogate cannot be encoded in the answer."""
    code = body.get("code") if isinstance(body, dict) else None
    return code.encode(errors="replace").decode() if isinstance(code, str) else ""


def as_answer(found: Proposed, published: Document | None) -> dict[str, Any]:
    if found.refusal:
        return as_invalid(found.code, found.refusal)
    entry = (published or {}).get("recipients", {}).get(found.code)
    state = "proposed" if entry is None else "published" if entry == found.entry else "waiting"
    return {"code": found.code, "status": found.outcome.value, "state": state}


def as_invalid(code: str, refusal: Refusal) -> dict[str, Any]:
    return {"code": code, "status": Outcome.INVALID.value, "problem": refusal.as_problem()}


def answer(body: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
