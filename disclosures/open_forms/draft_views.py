"""The page of one's own drafts, and throwing one away or bringing it back."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from disclosures.open_forms.drafts import my_drafts
from privacycenter.errors import NotFound
from privacycenter.http.declared_views import shows_nobody
from privacycenter.kept_forms.draft_actions import DRAFT_FOR, UNDO_FOR, bring_draft_back, throw_draft_away
from privacycenter.models import User


@require_safe
@never_cache
@shows_nobody
def draft_list(request: HttpRequest) -> HttpResponse:
    drafts, thrown = my_drafts(cast(User, request.user))
    context = {
        **admin.site.each_context(request),
        "title": _("My drafts"),
        "drafts": drafts,
        "thrown_away": thrown,
        "kept_days": DRAFT_FOR.days,
        "undo_days": UNDO_FOR.days,
    }
    return TemplateResponse(request, "open_forms/drafts.html", context)


@require_POST
@shows_nobody
def draft_throw_away(request: HttpRequest, id: UUID) -> HttpResponse:
    told = _("The draft is thrown away. It can be brought back for %(days)s days.") % {"days": UNDO_FOR.days}
    return moved(request, id, throw_draft_away, told)


@require_POST
@shows_nobody
def draft_bring_back(request: HttpRequest, id: UUID) -> HttpResponse:
    return moved(request, id, bring_draft_back, _("The draft is there again."))


def moved(request: HttpRequest, id: UUID, action: Callable[..., None], told: str) -> HttpResponse:
    """Do it, and lead back to where the button stood."""
    try:
        action(id=id, by=cast(User, request.user))
    except NotFound as error:
        raise Http404 from error
    messages.success(request, told)
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "admin:drafts")
