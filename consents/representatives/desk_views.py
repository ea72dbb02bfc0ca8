"""Representatives at the privacy officer's desk: entering one, and ending it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consents.representatives.actions import appoint_representative, end_by_officer
from consents.representatives.forms import AppointmentForm, EndingForm
from consents.representatives.queries import RepresentationRow, latest_representations, represented_by, representing
from disclosures.accounts.queries import waiting_changes
from disclosures.models import AccountChange, AccountStage
from disclosures.public.titles import names_for
from disclosures.record.actions import log_access, log_lookup
from disclosures.record.granted_views import Granted, granted
from disclosures.record.guarded_views import Found, shows_person
from disclosures.record.person_lookup import person_called
from disclosures.record.scopes import Part
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User

may_see = permission_required("disclosures.view_accountstep", raise_exception=True)
may_take = permission_required("disclosures.add_accountstep", raise_exception=True)


@require_safe
@never_cache
@may_see
@shows_nobody
def representative_list(request: HttpRequest) -> HttpResponse:
    """List what waits for a second officer, and the newest representations, without whose they are."""
    context = {
        **admin.site.each_context(request),
        "title": _("Representatives"),
        "waiting": [row for row in waiting_changes(are_officers=True) if row.change is AccountChange.REPRESENTED],
        "rows": latest_representations(),
    }
    return TemplateResponse(request, "representatives/representative_list.html", context)


@dataclass(frozen=True)
class Shown:
    """A person, who represents them (``mine``), and whom they represent (``held``)."""

    page: Granted
    mine: list[RepresentationRow]
    held: list[RepresentationRow]


def person_shown(request: HttpRequest, pk: int) -> Found:
    found = granted(request, pk, "representatives", Part.ACCOUNT)
    if isinstance(found, HttpResponse):
        return found
    page, look = found
    names = names_for(request)
    shown = Shown(page, represented_by(page.person, names), representing(page.person, names))
    others = [row.representation.representative_id for row in shown.mine]
    log_others(request, page, [*others, *(row.representation.person_id for row in shown.held)])
    return shown, look


def log_others(request: HttpRequest, page: Granted, others: Iterable[int]) -> None:
    """Write the look at each other person whom a page about this one names, for the same reason."""
    for other in User.objects.filter(pk__in=set(others) - set(page.person.keys)).order_by("pk"):
        log_access(person=other, what="representatives", reason=page.reason, by=cast(User, request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may_take
@shows_person(person_shown)
def representatives_of(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Show who represents a person, and whom they represent. POST enters a representative, or proposes it."""
    person = shown.page.person
    form = AppointmentForm(request.POST if request.method == "POST" else None)
    representative = other_account(request, form) if form.is_bound and form.is_valid() else None
    if representative and entered(request, person, representative, form):
        return redirect("admin:representatives_of", pk=person.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Representatives of %(subject)s") % {"subject": person.subject},
        "person": person,
        "form": form,
        "mine": shown.mine,
        "held": shown.held,
    }
    return TemplateResponse(
        request, "representatives/representatives_of.html", context, status=422 if form.errors else 200
    )


def other_account(request: HttpRequest, form: AppointmentForm) -> User | None:
    """Return the account that the form names, once the look at it is written."""
    found = person_called(form.cleaned_data["representative"])
    reason = form.cleaned_data["reason"]
    log_lookup(people=[found] if found else [], what="representatives", reason=reason, by=cast(User, request.user))
    if found is None:
        form.add_error("representative", _("Nobody has exactly this ID, user name or e-mail address."))
    return found


def entered(request: HttpRequest, person: User, representative: User, form: AppointmentForm) -> bool:
    try:
        step = appoint_representative(
            person=person, representative=representative, wanted=form.appointment(),
            reason=form.cleaned_data["reason"], by=cast(User, request.user),
        )  # fmt: skip
    except InvalidValue as refusal:
        form.add_error(None, refusal.detail)
        return False
    done = _("The representative is entered. Both are told."), _("It is proposed. Another officer has to approve it.")
    messages.success(request, done[step.stage == AccountStage.PROPOSED])
    return True


def representation_shown(request: HttpRequest, pk: int, id: UUID) -> Found:
    found = granted(request, pk, "representatives", Part.ACCOUNT)
    if isinstance(found, HttpResponse):
        return found
    page, look = found
    row = next((one for one in represented_by(page.person, names_for(request)) if one.representation.id == id), None)
    if row is None:
        raise Http404
    log_others(request, page, [row.representation.representative_id])
    return (page, row), look


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may_take
@shows_person(representation_shown)
def representation(request: HttpRequest, shown: tuple[Granted, RepresentationRow]) -> HttpResponse:
    """Show one representation of a person. POST ends it at once."""
    page, row = shown
    form = EndingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and ended(request, page.person, row, form):
        return redirect("admin:representatives_of", pk=page.person.pk)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("End a representation"),
        "person": page.person,
        "row": row,
        "form": form,
    }
    return TemplateResponse(
        request, "representatives/desk_representation.html", context, status=422 if form.errors else 200
    )


def ended(request: HttpRequest, person: User, row: RepresentationRow, form: EndingForm) -> bool:
    try:
        end_by_officer(
            person=person, representation=row.representation.id, reason=form.cleaned_data["reason"],
            by=cast(User, request.user),
        )  # fmt: skip
    except NoLongerOpen:
        form.add_error(None, _("It had ended already."))
        return False
    messages.success(request, _("It is ended. Both are told."))
    return True
