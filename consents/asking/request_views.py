"""The person's approval requests: list, read and answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.asking.changed_texts import changed_texts
from consents.asking.decision_actions import answer_request
from consents.asking.forms import AnswerForm
from consents.asking.questions import provision_in
from consents.asking.request_actions import COOL_DOWN
from consents.asking.requests import RequestPage, closed_requests, open_requests, request_page
from disclosures.content.publications import document_for, publication_for
from disclosures.models import Publication
from privacycenter.errors import AlreadyAnswered, NoLongerOpen, TextChanged
from privacycenter.http.post_only import posted_from
from privacycenter.http.requests import PersonRequest
from privacycenter.models import User


@require_safe
@never_cache
@login_required
def request_list(request: PersonRequest) -> HttpResponse:
    context = {
        "open_requests": open_requests(request.user, document_for(request)),
        "closed_requests": closed_requests(request.user, document_for(request)),
        "view_section": "my",
        "my_section": "requests",
    }
    return render(request, "asking/request_list.html", context)


@require_safe
@never_cache
@login_required
def approval_request(request: PersonRequest, id: UUID) -> HttpResponse:
    page = page_or_404(request.user, id, published=publication_for(request))
    return show(request, page, AnswerForm(page=page))


@never_cache
@posted_from("approval_request", "id")
def decision_create(request: PersonRequest, id: UUID) -> HttpResponse:
    page = page_or_404(request.user, id)
    form = AnswerForm(request.POST, page=page)
    is_valid = form.is_valid()
    if not page.is_open:
        return show(request, page, form, status=409)
    if form.has_other_text:
        return show_changed(request, page, form)
    if not is_valid:
        return show(request, page, form, status=422)
    try:
        decision = answer_request(
            request_id=id,
            allowed=form.allowed_codes,
            valid_days=form.chosen_days,
            text_sha256=form.cleaned_data["text_sha256"],
            by=request.user,
        )
    except TextChanged:
        return show_changed(request, page_or_404(request.user, id), form)
    except (AlreadyAnswered, NoLongerOpen):
        return show(request, page_or_404(request.user, id), AnswerForm(page=page), status=409)
    messages.success(request, _("Your answer is recorded. It takes effect at once."))
    return redirect("decision", id=decision.id)


def page_or_404(person: User, id: UUID, *, published: Publication | None = None) -> RequestPage:
    page = request_page(person, id, published=published)
    if page is None:
        raise Http404
    return page


def show_changed(request: PersonRequest, page: RequestPage, form: AnswerForm) -> HttpResponse:
    """Show the current text with its differences from the one the person read, and no choice carried over."""
    changes = changed_texts(form.text_seen, page.text) if form.text_seen else []
    return show(request, page, AnswerForm(page=page), status=409, has_changed=True, changes=changes)


def show(
    request: PersonRequest, page: RequestPage, form: AnswerForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Render the request. ``more``: ``has_changed`` and ``changes`` if the person read another text."""
    context = {
        "page": page,
        "form": form,
        "provision": provision_in(page.text),
        "cool_down_days": COOL_DOWN.days,
        **more,
        "view_section": "my",
        "my_section": "requests",
    }
    return render(request, "asking/approval_request.html", context, status=status)
