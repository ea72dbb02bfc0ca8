"""A person's representatives: who acts for them, and for whom they act."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.representatives.acting_views import held_by, start_acting, stop_acting
from consents.representatives.actions import end_by_person, resign
from consents.representatives.queries import representatives_page
from consents.representatives.viewpoints import person_seen_by
from disclosures.public.titles import names_for
from privacycenter.errors import NoLongerOpen
from privacycenter.http.post_only import posted_from
from privacycenter.http.requests import PersonRequest


@require_safe
@never_cache
@login_required
def my_representative_list(request: PersonRequest) -> HttpResponse:
    page = representatives_page(request.user, names_for(request))
    context = {"page": page, "view_section": "my", "my_section": "representatives"}
    return render(request, "representatives/my_representative_list.html", context)


@never_cache
@posted_from("my_representative_list")
def representation_end(request: PersonRequest, id: UUID) -> HttpResponse:
    """End who may act for the person who is logged in."""
    return answered(request, lambda: end_by_person(representation=id, by=request.user))


@never_cache
@posted_from("my_representative_list")
def representation_resign(request: PersonRequest, id: UUID) -> HttpResponse:
    """Give up acting for somebody."""
    return answered(request, lambda: resign(representation=id, by=request.user))


def answered(request: PersonRequest, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except NoLongerOpen:
        messages.warning(request, _("It had ended already."))
    else:
        messages.success(request, _("It is ended. Both of you are told."))
    return redirect("my_representative_list")


@never_cache
@posted_from("my_representative_list")
def acting_create(request: PersonRequest, id: UUID) -> HttpResponse:
    """Act for somebody from now on, until the person who is logged in goes back or logs out."""
    if person_seen_by(request.user, held_by(request.user, str(id))) is None:
        messages.warning(request, _("You cannot act for this person now."))
        return redirect("my_representative_list")
    start_acting(request, id)
    return redirect("overview")


@never_cache
@posted_from("my_representative_list")
def acting_end(request: PersonRequest) -> HttpResponse:
    stop_acting(request)
    return redirect("my_representative_list")
