"""Cases at the privacy officer's desk: the list, one cause with its events, and one event with its person."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disclosures.models import LookScope
from disclosures.officers import cases
from disclosures.officers.actions import Closed, close_cases, give_case, move_case, take_case_step
from disclosures.officers.case_forms import (
    CaseFilterForm,
    CaseStepForm,
    CloseManyForm,
    DueForm,
    OpenRecordForm,
    OwnerForm,
)
from disclosures.officers.case_pages import CasePage, EventPage, case_page, event_page
from disclosures.public.titles import names_for
from disclosures.record.actions import log_lookup
from disclosures.record.granted_views import grant
from disclosures.record.guarded_views import Found, Look, shows_person
from disclosures.record.scopes import Scope
from privacycenter.errors import InvalidValue, NoLongerOpen, TextChanged
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User

MAY_SEE, MAY_STEP = "disclosures.view_case", "disclosures.add_casestep"


# --- The list --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def case_list(request: HttpRequest) -> HttpResponse:
    """List the cases. POST closes the chosen ones for one reason."""
    if request.method != "POST":
        return show_list(request, CloseManyForm())
    require_step(request)
    form = CloseManyForm(request.POST)
    if not form.is_valid():
        return show_list(request, form, status=422)
    given = {name: form.cleaned_data[name] for name in ("chosen", "reason")}
    tell_closed(request, close_cases(**given, words=form.words, by=cast(User, request.user)))
    return redirect(request.get_full_path())


def show_list(request: HttpRequest, form: CloseManyForm, status: int = 200) -> HttpResponse:
    filter_form = CaseFilterForm(request.GET, by=cast(User, request.user))
    context = {
        **admin.site.each_context(request),
        "title": _("Cases"),
        "form": filter_form,
        "page": cases.case_list(filter_form.filters(), request.GET.get("page", ""), names_for(request)),
        "close_form": form,
        "chosen": form.given,
        "may_step": request.user.has_perm(MAY_STEP),
    }
    return TemplateResponse(request, "officers/case_list.html", context, status=status)


def tell_closed(request: HttpRequest, done: Closed) -> None:
    if count := len(done.closed):
        messages.success(
            request, ngettext("%(count)s case is closed.", "%(count)s cases are closed.", count) % {"count": count}
        )
    if done.left:
        numbers = ", ".join(map(str, done.left))
        messages.warning(
            request, _("Left as they are, because somebody took a step meanwhile: %(numbers)s") % {"numbers": numbers}
        )


def require_step(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY_STEP):
        raise PermissionDenied


# --- One case --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one case. POST takes the next step or, from the other forms, changes its owner or its day."""
    page = case_page(pk, names_for(request), request.GET.get("page", ""))
    if page is None:
        raise Http404
    if request.method != "POST":
        return show_case(request, page)
    require_step(request)
    take = {"owner": give, "due": move}.get(request.POST.get("form", ""), take_step)
    return take(request, page)


def take_step(request: HttpRequest, page: CasePage) -> HttpResponse:
    form = CaseStepForm(request.POST, can_tell=page.can_tell)
    if not form.is_valid():
        return show_case(request, page, step=form, status=422)
    try:
        take_case_step(case=page.case, by=cast(User, request.user), **form.step())
    except NoLongerOpen:
        form.add_error(None, _("It cannot be opened again: what was reported since is in another case of this cause."))
        return show_case(request, page, step=form, status=409)
    except TextChanged:
        messages.warning(
            request, _("Somebody took a step meanwhile; it is shown above. Check yours and save it again.")
        )
        again = CaseStepForm(can_tell=page.can_tell, initial={**form.cleaned_data, "seen": len(page.steps)})
        return show_case(request, page, step=again, status=409)
    messages.success(request, _("The step is saved."))
    return redirect("admin:cases") if form.cleaned_data["is_closing"] else redirect("admin:case", pk=page.case.pk)


def give(request: HttpRequest, page: CasePage) -> HttpResponse:
    form = OwnerForm(request.POST)
    return changed(request, page, "owner", form, lambda: give_case(
        case=page.case, owner=form.cleaned_data["owner"], seen=form.cleaned_data["seen"], by=cast(User, request.user)
    ))  # fmt: skip


def move(request: HttpRequest, page: CasePage) -> HttpResponse:
    form = DueForm(request.POST)
    return changed(request, page, "due", form, lambda: move_case(
        case=page.case, due_on=form.cleaned_data["due_on"], reason=form.cleaned_data["why"],
        seen=form.cleaned_data["seen"], by=cast(User, request.user),
    ))  # fmt: skip


def changed(request: HttpRequest, page: CasePage, name: str, form: Any, change: Callable[[], object]) -> HttpResponse:
    """Do what one of the small forms asks for, or show the case with what is wrong with it."""
    if not form.is_valid():
        return show_case(request, page, **{name: form}, status=422)
    try:
        change()
    except InvalidValue:
        form.add_error(
            None, _("Choose somebody else.") if name == "owner" else _("Choose a day from today on, within a year.")
        )
        return show_case(request, page, **{name: form}, status=422)
    except (TextChanged, NoLongerOpen):
        messages.warning(request, _("Somebody took a step meanwhile. Nothing was changed; look at the steps."))
        return show_case(request, page, status=409)
    messages.success(request, _("The step is saved."))
    return redirect("admin:case", pk=page.case.pk)


def show_case(request: HttpRequest, page: CasePage, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Show a case, with these forms as they were sent."""
    seen = {"seen": len(page.steps)}
    context = {
        **admin.site.each_context(request),
        "title": _("Case %(number)s") % {"number": page.case.pk},
        "page": page,
        "form": forms.get("step") or CaseStepForm(can_tell=page.can_tell, initial=seen),
        "owner_form": forms.get("owner") or OwnerForm(initial={**seen, "owner": page.case.owner_id}),
        "due_form": forms.get("due") or DueForm(initial={**seen, "due_on": page.case.due_on}),
        "may_step": request.user.has_perm(MAY_STEP),
    }
    return TemplateResponse(request, "officers/case.html", context, status=status)


# --- One event -------------------------------------------------------------------------------------------------------


def event_shown(request: HttpRequest, pk: int, event: int) -> Found:
    page = event_page(pk, event, names_for(request))
    if page is None:
        raise Http404
    # The person of a rejected report may be unknown, and then has no record.
    about_id = page.disclosure.id if page.disclosure else None
    return page, Look(page.person, "case", about_id=about_id) if page.person else None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_person(event_shown)
def case_event(request: HttpRequest, page: EventPage) -> HttpResponse:
    """Show one event with the person's disclosure. POST opens the person's record, for a reason that they can read."""
    may_open = page.person is not None and request.user.has_perm("disclosures.view_disclosure")
    form = OpenRecordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_open:
            raise PermissionDenied
        if form.is_valid():
            return open_record(request, page, form.cleaned_data["reason"])
    context = {
        **admin.site.each_context(request),
        "title": _("Event of case %(number)s") % {"number": page.row.case.pk},
        "page": page,
        "form": form,
        "may_open": may_open,
    }
    return TemplateResponse(request, "officers/case_event.html", context, status=422 if form.errors else 200)


def open_record(request: HttpRequest, page: EventPage, reason: str) -> HttpResponse:
    """Open what of the person's record the case is about: what went to its recipient, or all where it names none."""
    person, recipient = cast(User, page.person), page.row.case.recipient
    scope = Scope(LookScope.RECIPIENT, recipient.code) if recipient else Scope(LookScope.WHOLE)
    log_lookup(people=[person], what="lookup", reason=reason, scope=scope, by=cast(User, request.user))
    grant(request, person, reason, scope)
    return redirect("admin:record", pk=person.pk)
