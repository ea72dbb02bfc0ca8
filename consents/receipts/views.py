"""A person's receipts as page, JSON, JWS and PDF; and the public keys to verify them."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.asking.decision_views import page_or_404
from consents.asking.decisions import DecisionPage
from consents.receipts.signing import Receipt, public_keys, readable, receipt_of, signed
from disclosures.public.site_words import operator_in
from disclosures.public.uncached import for_everyone
from privacycenter.http.requests import PersonRequest
from privacycenter.pdf import render_pdf
from privacycenter.text.languages import interface_language


def made(request: PersonRequest, id: UUID) -> tuple[DecisionPage, Receipt]:
    page = page_or_404(request.user, id)
    if not page.has_text:
        raise Http404
    operator = operator_in(page.original.publication, page.original.language)
    # Not this request's host: a receipt is the same under every name of the site.
    return page, receipt_of(page, operator, settings.SITE_ADDRESS)


@require_safe
@never_cache
@login_required
def receipt(request: PersonRequest, id: UUID) -> HttpResponse:
    page, receipt = made(request, id)
    context = {
        "page": page,
        "receipt": receipt,
        "signed": signed(receipt),
        "view_section": "my",
        "my_section": "decisions",
    }
    return render(request, "receipts/receipt.html", context)


@require_safe
@never_cache
@login_required
def receipt_json(request: PersonRequest, id: UUID) -> HttpResponse:
    _page, receipt = made(request, id)
    response = JsonResponse(readable(receipt), json_dumps_params={"ensure_ascii": False, "indent": 2})
    return as_file(response, id, "json")


@require_safe
@never_cache
@login_required
def receipt_jws(request: PersonRequest, id: UUID) -> HttpResponse:
    _page, receipt = made(request, id)
    return as_file(HttpResponse(signed(receipt) + "\n", content_type="application/jose"), id, "jws")


@require_safe
@never_cache
@login_required
def receipt_pdf(request: PersonRequest, id: UUID) -> HttpResponse:
    page, receipt = made(request, id)
    content = render_pdf("receipts/receipt.typ", printed(page, receipt), created_at=page.decision.decided_at)
    return as_file(HttpResponse(content, content_type="application/pdf"), id, "pdf")


def as_file(response: HttpResponse, id: UUID, ending: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="receipt-{id}.{ending}"'
    return response


def printed(page: DecisionPage, receipt: Receipt) -> dict[str, Any]:
    """Return the contents of the PDF. Every value is text."""
    operator, recipient = receipt["party_identification"]
    event = receipt["events"][0]
    decided_at = date_format(timezone.localtime(page.decision.decided_at), "DATETIME_FORMAT")
    ends = date_format(timezone.localtime(page.decision.valid_until), "DATETIME_FORMAT") if event["valid_until"] else ""
    facts = [
        (_("What was decided"), str(STATES[event["event_state"]])),
        (_("Decided at"), decided_at),
        (_("Valid until"), ends),
        (_("Operator"), operator["party_name"]),
        (_("Recipient"), recipient["party_name"]),
        (_("Address"), recipient["party_address"]),
        (_("Contact"), recipient["party_contact"]),
        (_("Country"), page.original.text["recipient"]["country_title"]),
        (_("Data-protection system of the country"), recipient["country_system"]),
        (_("Measures the recipient takes"), recipient["measures"]),
        (_("Service"), page.original.text["service"]["title"]),
        (_("Scene"), page.original.text["scenario"]["title"]),
    ]
    return {
        "language": interface_language(),
        "content_language": page.original.text["language"],
        "title": _("Receipt of an answer"),
        "facts": [[label, value] for label, value in facts if value],
        "items_title": _("Items"),
        "items": [
            {
                "title": one["pii_information"][0]["pii_type"],
                "answer": answer_about(page, one["consent_given"]),
                "purpose": _("What for:") + " " + one["purpose"],
                "consequence": _("If you leave it out:") + " " + one["consequence_of_refusal"],
            }
            for one in receipt["pii_processing"]["purposes"]
        ],
        "checking_title": _("How to check it"),
        "checking": _("The signed file of this receipt can be checked by anyone with the keys at the address below."),
        "keys": f"{receipt['iss']}/.well-known/jwks.json",
        "numbers": [
            [_("Number"), receipt["record_id"]],
            [_("Fingerprint of the text (SHA-256):").rstrip(":"), receipt["pii_processing"]["notice_sha256"]],
        ],
        "signed_title": _("Signed receipt"),
        "signed": signed(receipt),
    }


def answer_about(page: DecisionPage, is_given: bool) -> str:
    """Return what was decided about one item; after an undoing, that it waits."""
    if page.decision.is_undoing:
        return _("Waiting for your answer")
    return _("Allowed") if is_given else _("Not allowed")


STATES = {
    "consent given": gettext_lazy("Allowed"),
    "consent given in part": gettext_lazy("Allowed in part"),
    "consent refused": gettext_lazy("Not allowed"),
    "consent withdrawn": gettext_lazy("Withdrawn"),
    "answer undone": gettext_lazy("Undone"),
}


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """Return /.well-known/jwks.json (RFC 7517): the keys to verify receipts with."""
    return for_everyone(JsonResponse(public_keys(), content_type="application/jwk-set+json"))
