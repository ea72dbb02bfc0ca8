"""The person's decisions: the history, one decision, withdrawing it and undoing it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.asking.decision_actions import undo_answer, withdraw_decision
from consents.asking.decisions import DecisionPage, decision_history, decision_page
from consents.asking.questions import question_in
from consents.asking.request_actions import COOL_DOWN
from consents.asking.rules import title_of
from disclosures.publishing.publications import document_for
from disclosures.publishing.titles import Names
from privacycenter.errors import NoLongerOpen
from privacycenter.http.post_only import posted_from
from privacycenter.http.requests import PersonRequest
from privacycenter.models import User
from privacycenter.text.languages import page_language


@require_safe
@never_cache
@login_required
def decision_list(request: PersonRequest) -> HttpResponse:
    context = {
        "history": decision_history(request.user, cursor=request.GET.get("cursor", "")),
        "view_section": "my",
        "my_section": "decisions",
    }
    return render(request, "asking/decision_list.html", context)


@require_safe
@never_cache
@login_required
def decision(request: PersonRequest, id: UUID) -> HttpResponse:
    return show(request, page_or_404(request.user, id))


@never_cache
@posted_from("decision", "id")
def withdrawal_create(request: PersonRequest, id: UUID) -> HttpResponse:
    page_or_404(request.user, id)
    try:
        withdrawal = withdraw_decision(decision_id=id, language=page_language(), by=request.user)
    except NoLongerOpen:
        return show(request, page_or_404(request.user, id), status=409)
    messages.success(request, _("Withdrawn. From now on this is no longer allowed."))
    return redirect("decision", id=withdrawal.withdraws_id)


@never_cache
@posted_from("decision", "id")
def undoing_create(request: PersonRequest, id: UUID) -> HttpResponse:
    page = page_or_404(request.user, id)
    try:
        undo_answer(decision_id=id, language=page_language(), by=request.user)
    except NoLongerOpen:
        return show(request, page_or_404(request.user, id), status=409)
    messages.success(request, _("Undone. Nothing counts that was answered here; the request is open again."))
    return redirect("approval_request", id=page.decision.request_id)


def page_or_404(person: User, id: UUID) -> DecisionPage:
    page = decision_page(person, id)
    if page is None:
        raise Http404
    return page


def show(request: PersonRequest, page: DecisionPage, status: int = 200) -> HttpResponse:
    document = document_for(request)
    names = Names(document)
    context = {
        "rule_title": title_of(page.rule.kind, page.rule.code, document) if page.rule else "",
        "page": page,
        "question": question_in(page.decision.text) if page.decision.is_answer and page.has_text else None,
        "cool_down_days": COOL_DOWN.days,
        "allowed": names.items(page.decision.allowed_set.codes),
        "refused": names.items(page.decision.refused_set.codes),
        "view_section": "my",
        "my_section": "decisions",
    }
    return render(request, "asking/decision.html", context, status=status)
