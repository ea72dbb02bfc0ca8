"""Checking one's own record: the page, the proof that its script reads, and the same as a file."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.provable.forms import PageForm, ProofForm
from consents.provable.queries import proof_page
from disclosures.public.titles import names_for
from privacycenter.accounts.reauthentication import fresh_log_in_required
from privacycenter.errors import TooManyCalls
from privacycenter.http.requests import PersonRequest
from privacycenter.proof.queries import (
    ROWS_ON_PAGE,
    proof_head,
    proof_texts,
    record_state,
    row_tlog_proof,
    sealed_rows,
    shown_rows,
)
from privacycenter.rate_limits.limits import Counted, RateLimit, spend

FILE = "record-proof.json"
# Parts of a proof: a record of a hundred thousand rows takes two hundred.
PROVING = RateLimit("record-proof", amount=1_000, seconds=60 * 60)


@require_safe
@never_cache
@login_required
def record(request: PersonRequest) -> HttpResponse:
    page = proof_page(request.user, names_for(request), PageForm(request.GET).number())
    if page is None:
        raise Http404
    context = {
        "page": page,
        "log_address": f"{settings.SITE_ADDRESS}/log",
        "view_section": "my",
        "my_section": "record_check",
    }
    return render(request, "provable/record.html", context)


@require_safe
@never_cache
@login_required
def proof(request: PersonRequest) -> HttpResponse:
    """Answer with a part of the proof: everything but the rows first, then rows after a number.

    404 if nothing of the record is in the log, and for a size that was never signed.
    """
    form = ProofForm(request.GET)
    if not form.is_valid():
        raise Http404
    wanted = form.cleaned_data
    try:
        spend(PROVING, Counted("person", str(request.user.pk)))
    except TooManyCalls as refusal:
        return HttpResponse(status=refusal.status, headers=refusal.headers())
    state = record_state(request.user, wanted["size"])
    if state is None:
        raise Http404
    if wanted["after"] is None:
        head = {**proof_head(state, wanted["seen"] or 0), "size": state.checkpoint.size, "row_count": state.rows}
        return JsonResponse(head, json_dumps_params={"ensure_ascii": False})
    rows = shown_rows(state, sealed_rows(state, wanted["after"], ROWS_ON_PAGE))
    return JsonResponse({"rows": rows}, json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
@login_required
def row_proof(request: PersonRequest, number: int) -> HttpResponse:
    """Send the proof of one row for programs of others (C2SP tlog-proof). It lacks the row itself, and the key."""
    try:
        spend(PROVING, Counted("person", str(request.user.pk)))
    except TooManyCalls as refusal:
        return HttpResponse(status=refusal.status, headers=refusal.headers())
    state = record_state(request.user)
    text = row_tlog_proof(state, number) if state else None
    if text is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="row-{number}.tlog-proof"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@require_safe
@never_cache
@login_required
@fresh_log_in_required
def proof_file(request: PersonRequest) -> HttpResponseBase:
    """Send the whole proof as a file, which ``verify_record`` checks anywhere. ``seen``: the size of the log in an
    earlier file, to be compared with it."""
    form = ProofForm(request.GET)
    state = record_state(request.user) if form.is_valid() else None
    if state is None:
        raise Http404
    seen = form.cleaned_data["seen"] or 0
    headers = {"Content-Disposition": f'attachment; filename="{FILE}"'}
    return StreamingHttpResponse(
        (text.encode() for text in proof_texts(state, seen)),
        content_type="application/json; charset=utf-8",
        headers=headers,
    )
