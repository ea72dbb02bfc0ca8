"""A person's receipts as page, JSON, JWS and PDF; and the public keys to verify them."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.asking.changed_texts import basis_in, kept_for
from consents.asking.decisions import DecisionPage
from consents.asking.questions import provision_in
from consents.receipts.linked_data import linked
from consents.receipts.queries import proof_of, receipt_for
from consents.receipts.signing import (
    GIVEN,
    GIVEN_IN_PART,
    NOT_STATED,
    REFUSED,
    UNDONE,
    WITHDRAWN,
    Receipt,
    public_keys,
    readable,
    signed,
)
from disclosures.content.publications import document_for
from disclosures.public.uncached import for_everyone
from privacycenter.http.requests import PersonRequest
from privacycenter.pdf.rendering import render_pdf
from privacycenter.text.languages import interface_language


def made(request: PersonRequest, id: UUID) -> tuple[DecisionPage, Receipt]:
    found = receipt_for(request.user, id, document_for(request))
    if found is None:
        raise Http404
    return found


def entry_in(proof: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return where in which log the decision stands."""
    return {"place": proof["index"], "log": proof["log_key"].partition("+")[0]} if proof else None


@require_safe
@never_cache
@login_required
def receipt(request: PersonRequest, id: UUID) -> HttpResponse:
    page, receipt = made(request, id)
    context = {
        "page": page,
        "receipt": receipt,
        "title": title_of(page),
        "items": [(one, answer_about(one["consent_status"]), days) for one, days in with_days(page, receipt)],
        "provision": provision_in(page.original.text),
        "became": became_of(page),
        "signed": signed(receipt),
        "entry": entry_in(proof_of(page)),
        "view_section": "my",
        "my_section": "decisions",
    }
    return render(request, "receipts/receipt.html", context)


@require_safe
@never_cache
@login_required
def receipt_json(request: PersonRequest, id: UUID) -> HttpResponse:
    page, receipt = made(request, id)
    response = JsonResponse(readable(receipt, proof_of(page)), json_dumps_params={"ensure_ascii": False, "indent": 2})
    return as_file(response, id, "json")


@require_safe
@never_cache
@login_required
def receipt_jsonld(request: PersonRequest, id: UUID) -> HttpResponse:
    _page, receipt = made(request, id)
    content = JsonResponse(
        linked(receipt, signed(receipt)), content_type="application/ld+json",
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )  # fmt: skip
    return as_file(content, id, "jsonld")


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


def became_of(page: DecisionPage) -> str:
    """Return how much of what the receipt says holds now, in a sentence; empty if all of it does."""
    if page.standing.is_as_decided:
        return ""
    if page.standing.is_nothing_left:
        return _("Nothing in it holds now.")
    return _("Not everything in it holds now.")


def with_days(page: DecisionPage, receipt: Receipt) -> list[tuple[dict[str, Any], int | None]]:
    """Return each purpose of the receipt with how many days the recipient keeps the item; None if not stated."""
    days = [item.get("retention_days") for item in page.original.text["items"]]
    return list(zip(receipt["pii_processing"]["purposes"], days, strict=True))


def as_file(response: HttpResponse, id: UUID, ending: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="receipt-{id}.{ending}"'
    return response


def printed(page: DecisionPage, receipt: Receipt) -> dict[str, Any]:
    """Return the contents of the PDF. Every value is text."""
    operator, recipient = receipt["party_identification"]
    event = receipt["events"][0]
    keys = f"{receipt['iss']}/.well-known/jwks.json"
    decided_at = date_format(timezone.localtime(page.decision.decided_at), "DATETIME_FORMAT")
    ends = date_format(timezone.localtime(page.decision.valid_until), "DATETIME_FORMAT") if event["valid_until"] else ""
    facts = [
        (_("What was decided"), str(STATES[event["event_state"]])),
        (_("Decided at"), decided_at),
        (_("Valid until"), ends),
        (_("Operator"), operator["party_name"]),
        (_("Recipient"), recipient["party_name"]),
        (_("Address"), recipient["party_address"]),
        (_("Representative"), recipient.get("representative")),
        (pgettext("of a recipient", "Contact"), recipient["party_contact"]),
        (_("Country"), page.original.text["recipient"]["country_title"]),
        (_("Basis for provision abroad"), basis_in(page.original.text["recipient"])),
        (_("Data-protection system of the country"), recipient.get("country_system")),
        (_("Measures the recipient takes"), recipient.get("measures")),
        (_("Service"), page.original.text["service"]["title"]),
        (_("Situation"), page.original.text["scenario"]["title"]),
    ]
    return {
        "language": interface_language(),
        "content_language": page.original.text["language"],
        "title": title_of(page),
        "footer": [title_of(page), recipient["party_name"], decided_at],
        "note_title": _("This receipt says what was decided then") if became_of(page) else "",
        "note": note(page),
        "facts": [[label, value] for label, value in facts if value and value != NOT_STATED],
        "items_title": _("Items"),
        "items": [
            {
                "title": one["pii_information"][0]["pii_type"],
                "facts": [
                    [_("What was decided"), answer_about(one["consent_status"])],
                    [without_colon(_("What for:")), one["purpose"]],
                    [without_colon(_("If you leave it out:")), one["consequence_of_refusal"]],
                    [without_colon(_("How long the recipient keeps it:")), kept_for(days)],
                ],
            }
            for one, days in with_days(page, receipt)
        ],
        "checking_title": _("How to check it"),
        "checking": _("The signed file of this receipt can be checked by anyone with the keys at the address below."),
        "numbers": [
            [_("Keys"), leading(keys, keys)],
            [
                _("This answer on the site"),
                leading(_("Open it on this site"), receipt["pii_processing"]["privacy_notice"]),
            ],
            [_("Number"), receipt["record_id"]],
            *([[_("Entry in the public log"), in_words(entry)]] if (entry := entry_in(proof_of(page))) else []),
        ],
        "fingerprint": [
            without_colon(_("Fingerprint of the text (SHA-256):")),
            receipt["pii_processing"]["notice_sha256"],
        ],
        "signed_title": _("Signed receipt"),
        "signed": signed(receipt),
    }


def in_words(entry: dict[str, Any]) -> str:
    return _("No. %(place)s of %(log)s") % entry


def without_colon(label: str) -> str:
    return label.rstrip(":")


def leading(text: str, address: str) -> dict[str, str]:
    """Return a text that can be followed, as the template takes it."""
    return {"text": text, "link": address}


def note(page: DecisionPage) -> str:
    """Return what became of the decision by the moment at which the file is made; empty if all of it holds."""
    state = strip_tags(render_to_string("components/_status.html", {"status": page.state})).strip()
    day = date_format(timezone.localtime(), "DATETIME_FORMAT")
    said = _("%(sentence)s State on %(day)s: %(state)s") % {"sentence": became_of(page), "day": day, "state": state}
    return said if became_of(page) else ""


def answer_about(status: str) -> str:
    """Return what was decided about one item; after an undoing, that it waits."""
    return _("Waiting for your answer") if status == UNDONE else str(STATES[status])


def title_of(page: DecisionPage) -> str:
    if page.decision.is_withdrawal:
        return _("Receipt of a withdrawal")
    return _("Receipt of an undoing") if page.decision.is_undoing else _("Receipt of an answer")


STATES = {
    GIVEN: gettext_lazy("Allowed"),
    GIVEN_IN_PART: gettext_lazy("Allowed in part"),
    REFUSED: gettext_lazy("Not allowed"),
    WITHDRAWN: gettext_lazy("Withdrawn"),
    UNDONE: gettext_lazy("Undone"),
}


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """Return /.well-known/jwks.json (RFC 7517): the keys to verify receipts with."""
    return for_everyone(JsonResponse(public_keys(), content_type="application/jwk-set+json"))
