"""Withheld entries at the privacy officer's desk."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disclosures.approvers.words import TOO_NEW
from disclosures.models.ledger.withholding import ENDING
from disclosures.models.officers.cases import WITHHELD
from disclosures.officers import withholdings
from disclosures.officers.forms import WithheldStepForm, WithholdForm, WithholdLookupForm
from disclosures.officers.withholding_actions import release_disclosure, review_withholding, withhold_disclosure
from disclosures.officers.withholdings import Withholding
from disclosures.record.actions import log_lookup
from disclosures.record.guarded_views import Found, Look, shows_person
from privacycenter.errors import Refusal
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User

MAY_SEE, MAY_TAKE = "disclosures.view_withholdingstep", "disclosures.add_withholdingstep"


def front_page(user: User) -> dict[str, int]:
    """Return the desk's front-page context for officers."""
    return {"withheld_count": withholdings.unreviewed_count()} if user.has_perm(MAY_SEE) else {}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def withheld_list(request: HttpRequest) -> HttpResponse:
    """List withheld entries, without whose they are. POST looks for one disclosure of a person and leads to its page.

    The number of a disclosure is in no address but that page's.
    """
    form = WithholdLookupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person, number = User.objects.with_subject(form.cleaned_data["subject"]), form.cleaned_data["number"]
        about: dict[str, Any] = {"what": WITHHELD, "reason": form.cleaned_data["reason"], "by": request.user}
        log_lookup(people=[person] if person else [], **about)
        accounts = person.disclosures.filter(id=number).values_list("person_id", flat=True) if person else ()
        if account := next(iter(accounts), None):
            return redirect("admin:withheld", person=account, id=number)
        form.add_error(None, _("This person has no such disclosure."))
    context = {
        **admin.site.each_context(request),
        "title": _("Entries kept from their person by law"),
        "page": withholdings.withholding_list(request.GET.get("page", "")),
        "lookup": form,
    }
    return TemplateResponse(request, "officers/withheld_list.html", context, status=422 if form.errors else 200)


def withheld_shown(request: HttpRequest, person: int, id: UUID) -> Found:
    found = withholdings.withholding(person, id)
    if found is None:
        raise Http404
    return found, Look(found.disclosure.person, WITHHELD, about_id=id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_person(withheld_shown)
def withheld(request: HttpRequest, found: Withholding) -> HttpResponse:
    """Show one disclosure with the steps about it. POST takes one.

    The person is not told of the look as long as it would tell that the entry is, or may soon be, kept from them.
    """
    if request.method != "POST":
        form: Any = WithheldStepForm() if found.is_in_force else WithholdForm()
        return show(request, found, form)
    if not request.user.has_perm(MAY_TAKE):
        raise PermissionDenied
    return take_step(request, found)


def take_step(request: HttpRequest, found: Withholding) -> HttpResponse:
    form: Any = (WithheldStepForm if found.is_in_force else WithholdForm)(request.POST)
    if not form.is_valid():
        return show(request, found, form, status=422)
    given: dict[str, Any] = form.cleaned_data
    about: dict[str, Any] = {"disclosure": found.disclosure, "by": request.user}
    try:
        if not found.is_in_force:
            step = withhold_disclosure(**about, **given)
        elif given["step"] == WithheldStepForm.RELEASE:
            step = release_disclosure(**about, reason=given["reason"])
        else:
            is_approved = given["step"] == WithheldStepForm.APPROVE
            step = review_withholding(**about, is_approved=is_approved, reason=given["reason"])
    except Refusal as refusal:
        form.add_error(None, refused(refusal))
        return show(request, found, form, status=422)
    said = _("The step is saved. The person sees the entry again and gets a notice.")
    messages.success(request, said if step.kind in ENDING else _("The step is saved. The person is told nothing."))
    return redirect("admin:withheld", person=found.disclosure.person_id, id=found.disclosure.id)


def refused(refusal: Refusal) -> str:
    match refusal.name:
        case "second-person-needed":
            return _("Another officer has to review it.")
        case "approver-is-new":
            return str(TOO_NEW)
        case _name:
            return _("Somebody was faster. Look at it as it is now.")


def show(request: HttpRequest, found: Withholding, form: Any, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("One entry"),
        "page": found,
        "form": form,
        "may_step": request.user.has_perm(MAY_TAKE),
    }
    return TemplateResponse(request, "officers/withheld.html", context, status=status)
