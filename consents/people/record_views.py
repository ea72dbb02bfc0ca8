"""The parts of a person's record at the officers' desk, each a page of its own, and each look written down."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.asking.decisions import decision_page
from consents.people.record_parts import answers_part, inquiries_part, recalls_part
from consents.receipts.queries import receipt_made
from consents.receipts.signing import signed
from consents.receipts.views import as_file
from disclosures.content.publications import document_for
from disclosures.public.titles import names_for
from disclosures.record.granted_views import Granted, granted
from disclosures.record.guarded_views import Found, Look, shows_person
from disclosures.record.scopes import Part, matter_of, scope_words

MAY_OPEN = "disclosures.view_disclosure"


def answers_shown(request: HttpRequest, pk: int) -> Found:
    return granted(request, pk, "answers", Part.ANSWERS)


@require_safe
@never_cache
@permission_required(MAY_OPEN, raise_exception=True)
@shows_person(answers_shown)
def record_answers(request: HttpRequest, page: Granted) -> HttpResponse:
    part = answers_part(page.person, page.scope, names_for(request), request.GET.get("page", ""))
    return show(request, page, "people/record_answers.html", {"page": part.page, "requests": part.requests})


def receipt_shown(request: HttpRequest, pk: int, id: UUID) -> Found:
    """Find the receipt of an answer that the look-up is about."""
    found = granted(request, pk, "receipt", Part.ANSWERS)
    if isinstance(found, HttpResponse):
        return found
    page, look = found
    is_opened = page.person.decisions.filter(matter_of(page.scope, page.person), id=id).exists()
    decision = decision_page(page.person, id, document_for(request)) if is_opened else None
    if decision is None or not decision.has_text:
        raise Http404
    return decision, Look(page.person, "receipt", page.reason, about_id=id, scope=page.scope) if look else None


@require_safe
@never_cache
@permission_required(MAY_OPEN, raise_exception=True)
@shows_person(receipt_shown)
def record_receipt(request: HttpRequest, page: Any) -> HttpResponse:
    """Hand out the signed receipt of one answer, the same that the person has."""
    content = signed(receipt_made(page)) + "\n"
    return as_file(HttpResponse(content, content_type="application/jose"), page.decision.id, "jws")


def inquiries_shown(request: HttpRequest, pk: int) -> Found:
    return granted(request, pk, "inquiries", Part.INQUIRIES)


@require_safe
@never_cache
@permission_required([MAY_OPEN, "disclosures.view_inquiry"], raise_exception=True)
@shows_person(inquiries_shown)
def record_inquiries(request: HttpRequest, page: Granted) -> HttpResponse:
    part = inquiries_part(page.person, page.scope, request.GET.get("page", ""))
    return show(request, page, "people/record_inquiries.html", {"page": part})


def recalls_shown(request: HttpRequest, pk: int) -> Found:
    return granted(request, pk, "recalls", Part.RECALLS)


@require_safe
@never_cache
@permission_required([MAY_OPEN, "consents.view_recallcase"], raise_exception=True)
@shows_person(recalls_shown)
def record_recalls(request: HttpRequest, page: Granted) -> HttpResponse:
    part = recalls_part(page.person, page.scope, request.GET.get("page", ""))
    return show(request, page, "people/record_recalls.html", {"page": part})


def show(request: HttpRequest, granted: Granted, template: str, more: dict[str, Any]) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Record of %(subject)s") % {"subject": granted.person.subject},
        "granted": granted,
        "scope": scope_words(granted.scope.kind, granted.scope.of, names_for(request)),
        **more,
    }
    return TemplateResponse(request, template, context)
