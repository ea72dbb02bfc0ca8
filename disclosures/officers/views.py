"""Pages of the privacy officer's desk: cases, one person's record, and the log of accesses."""

from datetime import timedelta
from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disclosures.officers import cases
from disclosures.officers.actions import take_case_step
from disclosures.officers.forms import AccessFilterForm, CaseFilterForm, CaseStepForm, RecordForm
from disclosures.publishing.publications import document_for
from disclosures.record import accesses
from disclosures.record import queries as ledger
from disclosures.record.actions import log_access
from privacycenter.errors import InvalidValue, TextChanged
from privacycenter.models import User

# Session key: whose records the officer may read, until when, and why.
GRANTS = "record_grants"
GRANT_LASTS = timedelta(minutes=30)


def front_page(user: User) -> dict[str, int]:
    """Return the desk's front-page context for officers."""
    return {"case_count": cases.open_case_count()} if user.has_perm("disclosures.view_case") else {}


# --- Cases -----------------------------------------------------------------------------------------------------------


@require_safe
@permission_required("disclosures.view_case", raise_exception=True)
def case_list(request: HttpRequest) -> HttpResponse:
    form = CaseFilterForm(request.GET)
    context = {
        **admin.site.each_context(request),
        "title": _("Cases"),
        "form": form,
        "page": cases.case_list(form.filters(), request.GET.get("page", ""), document_for(request)),
    }
    return TemplateResponse(request, "officers/case_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required("disclosures.view_case", raise_exception=True)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one case with the person's disclosure, and log this access. POST takes the next step."""
    page = cases.case_page(pk, document_for(request))
    if page is None:
        raise Http404
    if request.method == "POST":
        return take_step(request, page)
    if page.case.whose:  # the person of a rejected report may be unknown, and then has no record
        about_id = page.disclosure.id if page.disclosure else None
        log_access(person=page.case.whose, what="case", about_id=about_id, by=cast(User, request.user))
    return show_case(request, page, CaseStepForm(initial={"seen": len(page.steps)}))


def take_step(request: HttpRequest, page: cases.CasePage) -> HttpResponse:
    if not request.user.has_perm("disclosures.add_casestep"):
        raise PermissionDenied
    form = CaseStepForm(request.POST)
    if not form.is_valid():
        return show_case(request, page, form, status=422)
    try:
        take_case_step(case=page.case, by=cast(User, request.user), **form.cleaned_data)
    except InvalidValue:
        form.add_error("reason", _("Say what was found or done."))
        return show_case(request, page, form, status=422)
    except TextChanged:
        messages.warning(
            request, _("Somebody took a step meanwhile; it is shown above. Check yours and save it again.")
        )
        again = CaseStepForm(initial={**form.cleaned_data, "seen": len(page.steps)})
        return show_case(request, page, again, status=409)
    messages.success(request, _("The step is saved."))
    return redirect("admin:cases") if form.cleaned_data["is_closing"] else redirect("admin:case", pk=page.case.pk)


def show_case(request: HttpRequest, page: cases.CasePage, form: CaseStepForm, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Case %(number)s") % {"number": page.case.pk},
        "page": page,
        "form": form,
        "may_step": request.user.has_perm("disclosures.add_casestep"),
    }
    return TemplateResponse(request, "officers/case.html", context, status=status)


# --- One person's record ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required("disclosures.view_disclosure", raise_exception=True)
def record_lookup(request: HttpRequest) -> HttpResponse:
    """Ask whose record to open, and why. There is no list of people to browse."""
    form = RecordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = person_called(form.cleaned_data["who"])
        if person:
            grant(request, person, form.cleaned_data["reason"])
            return redirect("admin:record", pk=person.pk)
        form.add_error("who", _("Nobody has just this subject, user name or e-mail address."))
    context = {**admin.site.each_context(request), "title": _("Open a person's record"), "form": form}
    return TemplateResponse(request, "officers/record_lookup.html", context, status=422 if form.errors else 200)


def person_called(name: str) -> User | None:
    """Return the only person with exactly this subject, or else this user name, or else this e-mail address.

    In this order, so that nobody can hide another's record by using their name.
    """
    name = name.strip()
    for way in ({"subject": name}, {"username": name}, {"email__iexact": name}):
        found = User.objects.filter(**way)[:2]
        if found:
            return found[0] if len(found) == 1 else None
    return None


@require_safe
@never_cache
@permission_required("disclosures.view_disclosure", raise_exception=True)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person's record to an officer who gave a reason within the last half hour. Each page view is logged."""
    reason = granted_reason(request, pk)
    person = User.objects.filter(pk=pk).first() if reason else None
    if person is None:
        return redirect("admin:records")
    log_access(person=person, what="record", reason=reason, by=cast(User, request.user))
    document = document_for(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Record of %(subject)s") % {"subject": person.subject},
        "person": person,
        "reason": reason,
        "recipients": ledger.recipient_summaries(person, document),
        "list": ledger.disclosure_list(person, document, cursor=request.GET.get("cursor", "")),
    }
    return TemplateResponse(request, "officers/record.html", context)


def grant(request: HttpRequest, person: User, reason: str) -> None:
    until = (timezone.now() + GRANT_LASTS).timestamp()
    request.session[GRANTS] = {**request.session.get(GRANTS, {}), str(person.pk): [until, reason]}


def granted_reason(request: HttpRequest, pk: int) -> str:
    """Return the officer's reason for opening that record. Empty without one from the last half hour."""
    until, reason = request.session.get(GRANTS, {}).get(str(pk), (0, ""))
    return reason if timezone.now().timestamp() < until else ""


@require_safe
@permission_required("disclosures.view_recordaccess", raise_exception=True)
def access_list(request: HttpRequest) -> HttpResponse:
    form = AccessFilterForm(request.GET)
    context = {
        **admin.site.each_context(request),
        "title": _("Who looked at whose record"),
        "form": form,
        "page": accesses.access_list(form.filters(), request.GET.get("page", "")),
    }
    return TemplateResponse(request, "officers/access_list.html", context)
