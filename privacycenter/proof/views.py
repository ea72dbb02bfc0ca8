"""The log's public files (C2SP tlog-tiles), which anybody may read and every cache may keep."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privacycenter.log.tiles import read_path
from privacycenter.proof.checkpoint_actions import full_note
from privacycenter.proof.keys import log_signer, policy_text
from privacycenter.proof.program import verifier_program
from privacycenter.proof.queries import served_checkpoint, tile_data

TEXT = "text/plain; charset=utf-8"
# What is there never changes, and what is not there is asked for again.
IMMUTABLE = "public, max-age=31536000, immutable"
SHORT = "public, max-age=2"


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Answer with the newest checkpoint that has its quorum. 404 before the first."""
    found = served_checkpoint()
    if found is None:
        raise Http404
    return HttpResponse(full_note(found), content_type=TEXT, headers={"Cache-Control": SHORT})


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    place = read_path(path)
    data = tile_data(place) if place else None
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="application/octet-stream", headers={"Cache-Control": IMMUTABLE})


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Answer with the log's key and its witnesses (C2SP tlog-policy)."""
    return HttpResponse(policy_text(), content_type=TEXT, headers={"Cache-Control": SHORT})


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """Answer with the program that checks a proof anywhere."""
    headers = {"Cache-Control": SHORT, "Content-Disposition": 'attachment; filename="verify_record.pyz"'}
    return HttpResponse(verifier_program(), content_type="application/zip", headers=headers)


@require_safe
def verifier_key(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{log_signer().verifier}\n", content_type=TEXT, headers={"Cache-Control": SHORT})
