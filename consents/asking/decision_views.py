"""The person's decisions: the history, one decision, withdrawing it and undoing it."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.acting.queries import acted_for
from consents.asking.answer_changes import AnswerChange, change_of, text_differences
from consents.asking.decision_actions import change_answer, undo_answer, withdraw_decision
from consents.asking.decisions import DecisionPage, decision_history, decision_page
from consents.asking.forms import ChangeForm
from consents.asking.questions import question_in
from consents.asking.request_actions import COOL_DOWN
from consents.asking.rules import title_of
from consents.checking.effective_permissions import EffectivePermission
from consents.recalls.kept import kept, kept_views
from disclosures.content.publications import document_for
from disclosures.public.titles import Names, names_for
from privacycenter.errors import NoLongerOpen, TextChanged
from privacycenter.http.post_only import posted_from
from privacycenter.http.requests import PersonRequest
from privacycenter.models import RowKind
from privacycenter.text.languages import page_language
from privacycenter.text.words import Words

NOT_CHANGED = gettext_lazy(
    "Your change was not recorded: this answer was replaced or ended meanwhile. What holds stands here."
)


@require_safe
@never_cache
@login_required
def decision_list(request: PersonRequest) -> HttpResponse:
    context = {
        "history": decision_history(request.user, document_for(request), cursor=request.GET.get("cursor", "")),
        "view_section": "my",
        "my_section": "decisions",
    }
    return render(request, "asking/decision_list.html", context)


@require_safe
@never_cache
@login_required
def decision(request: PersonRequest, id: UUID) -> HttpResponse:
    return show(request, page_or_404(request, id))


@never_cache
@posted_from("decision", "id")
def withdrawal_create(request: PersonRequest, id: UUID) -> HttpResponse:
    page_or_404(request, id)
    try:
        withdrawal = withdraw_decision(decision_id=id, language=page_language(), by=request.user)
    except NoLongerOpen:
        return show(request, page_or_404(request, id), status=409)
    messages.success(request, _("Withdrawn. From now on, it may not be provided."))
    return redirect("decision", id=withdrawal.withdraws_id)


@never_cache
@posted_from("decision", "id")
def undoing_create(request: PersonRequest, id: UUID) -> HttpResponse:
    page = page_or_404(request, id)
    try:
        undo_answer(decision_id=id, language=page_language(), by=request.user)
    except NoLongerOpen:
        return show(request, page_or_404(request, id), status=409)
    messages.success(request, _("Undone. Your answer no longer counts, and the request is open again."))
    return redirect("approval_request", id=page.decision.request_id)


@require_safe
@never_cache
@login_required
def decision_change(request: PersonRequest, id: UUID) -> HttpResponse:
    names = names_for(request)
    change = change_of(page_or_404(request, id), names)
    if change is None:
        return redirect("decision", id=id)
    return show_change(request, change, ChangeForm(change=change), names)


@never_cache
@posted_from("decision_change", "id")
def change_create(request: PersonRequest, id: UUID) -> HttpResponse:
    page, names = page_or_404(request, id), names_for(request)
    change = change_of(page, names)
    if change is None:
        messages.warning(request, NOT_CHANGED)
        return show(request, page, status=409)
    form = ChangeForm(request.POST, change=change)
    is_valid = form.is_valid()
    if form.has_other_text:
        return show_change(request, change, ChangeForm(change=change), names, status=409, has_changed=True)
    if not is_valid:
        return show_change(request, change, form, names, status=422)
    try:
        made = change_answer(decision_id=id, by=request.user, **form.cleaned_data)
    except (NoLongerOpen, TextChanged):
        messages.warning(request, NOT_CHANGED)
        return redirect("decision", id=id)
    messages.success(request, _("Your change is recorded. It takes effect at once."))
    return redirect("decision", id=made.id)


def show_change(
    request: PersonRequest,
    change: AnswerChange,
    form: ChangeForm,
    names: Names,
    *,
    status: int = 200,
    has_changed: bool = False,
) -> HttpResponse:
    context = {
        "change": change,
        "form": form,
        "question": question_in(change.text),
        "changes": text_differences(change.page, names),
        "has_changed": has_changed,
        "view_section": "my",
        "my_section": "decisions",
    }
    return render(request, "asking/decision_change.html", context, status=status)


def page_or_404(request: PersonRequest, id: UUID) -> DecisionPage:
    page = decision_page(request.user, id, document_for(request))
    if page is None:
        raise Http404
    return page


def show(request: PersonRequest, page: DecisionPage, status: int = 200) -> HttpResponse:
    document = document_for(request)
    names = Names(document)
    context = {
        "acted_by": acted_for(request.user, RowKind.DECISION, [page.decision.id]).get(page.decision.id),
        "rule_title": title_of(page.rule.kind, page.rule.code, document) if page.rule else "",
        "page": page,
        "question": question_in(page.decision.text) if page.decision.is_answer and page.has_text else None,
        "cool_down_days": COOL_DOWN.days,
        "changes": text_differences(page, names),
        "kept": kept_views(kept(request.user, Q(decision_id=page.original.id)), names),
        "holding": named(page.standing.items, names),
        "also_ended": named(page.standing.also_ended, names),
        "allowed": names.items(page.decision.allowed_set.codes),
        "refused": names.items(page.decision.refused_set.codes),
        "view_section": "my",
        "my_section": "decisions",
    }
    return render(request, "asking/decision.html", context, status=status)


def named(items: Sequence[EffectivePermission], names: Names) -> list[tuple[Words, EffectivePermission]]:
    """Return each item with its title, in the order of the items."""
    by_code = {item.code: item for item in items}
    return [(names.title("data_items", code), by_code[code]) for code in names.ordered(by_code)]
