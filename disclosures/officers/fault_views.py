"""Faults in the ledger at the privacy officer's desk."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disclosures.models import LedgerFault
from disclosures.officers import faults
from disclosures.officers.fault_actions import acknowledge_fault
from disclosures.officers.forms import AcknowledgementForm, FaultFilterForm
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


def front_page(user: User) -> dict[str, int]:
    """Return the desk's front-page context for officers."""
    return {"fault_count": faults.unacknowledged_count()} if user.has_perm("disclosures.view_ledgerfault") else {}


@require_safe
@permission_required("disclosures.view_ledgerfault", raise_exception=True)
@shows_nobody
def fault_list(request: HttpRequest) -> HttpResponse:
    form = FaultFilterForm(request.GET)
    context = {
        **admin.site.each_context(request),
        "title": _("Faults in the ledger"),
        "form": form,
        "page": faults.fault_list(form.is_acknowledged(), request.GET.get("page", "")),
    }
    return TemplateResponse(request, "officers/fault_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required("disclosures.view_ledgerfault", raise_exception=True)
@shows_nobody
def fault(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one fault. POST acknowledges it."""
    found = faults.fault_called(pk)
    if found is None:
        raise Http404
    if request.method == "POST":
        return acknowledge(request, found)
    return show_fault(request, found, AcknowledgementForm())


def acknowledge(request: HttpRequest, found: LedgerFault) -> HttpResponse:
    if not request.user.has_perm("disclosures.add_faultacknowledgement"):
        raise PermissionDenied
    form = AcknowledgementForm(request.POST)
    if not form.is_valid():
        return show_fault(request, found, form, status=422)
    try:
        acknowledge_fault(fault=found, by=cast(User, request.user), **form.cleaned_data)
    except InvalidValue:
        form.add_error("reason", _("Say why it is there."))
        return show_fault(request, found, form, status=422)
    except NoLongerOpen:
        messages.warning(request, _("Somebody has acknowledged it meanwhile. Nothing changed."))
        return redirect("admin:fault", pk=found.pk)
    messages.success(request, _("It is acknowledged. It stays in the list, and alarms no more."))
    return redirect("admin:faults")


def show_fault(request: HttpRequest, found: LedgerFault, form: AcknowledgementForm, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Fault %(number)s") % {"number": found.pk},
        "fault": found,
        "acknowledgement": getattr(found, "acknowledgement", None),
        "form": form,
        "may_acknowledge": request.user.has_perm("disclosures.add_faultacknowledgement"),
    }
    return TemplateResponse(request, "officers/fault.html", context, status=status)
