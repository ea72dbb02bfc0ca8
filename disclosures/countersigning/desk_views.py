"""Keys of recipients at the desk: registered and retired, with their history."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disclosures.countersigning import queries as countersigning
from disclosures.countersigning.actions import register_key, retire_key
from disclosures.countersigning.forms import RetirementForm, keys_form
from disclosures.countersigning.keys import pem_of
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User

MAY_SEE = "disclosures.view_recipientkey"
MAY_REGISTER, MAY_RETIRE = "disclosures.add_recipientkey", "disclosures.add_recipientkeyretirement"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def key_list(request: HttpRequest) -> HttpResponse:
    """List the keys. POST registers one."""
    form = keys_form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not request.user.has_perm(MAY_REGISTER):
            raise PermissionDenied
        if form.is_valid():
            try:
                key = register_key(**form.cleaned_data, by=cast(User, request.user))
            except InvalidValue:
                form.add_error("public_key", _("This key is registered already."))
            else:
                messages.success(request, _("The key is registered. Compare its fingerprint with the recipient."))
                return redirect("admin:recipient_key", pk=key.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Keys of recipients"),
        "form": form,
        "may_register": request.user.has_perm(MAY_REGISTER),
        "page": countersigning.key_list(request.GET.get("page", "")),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "countersigning/key_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def recipient_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one key. POST retires it."""
    key = countersigning.recipient_key(pk)
    if key is None:
        raise Http404
    form, status = RetirementForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        if not request.user.has_perm(MAY_RETIRE):
            raise PermissionDenied
        status = 422
        if form.is_valid():
            try:
                retire_key(key=key, reason=form.cleaned_data["reason"], by=cast(User, request.user))
            except NoLongerOpen:
                form.add_error(None, _("The key was retired already."))
                status = 409
            else:
                messages.success(request, _("The key is retired."))
                return redirect("admin:recipient_key", pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Key of a recipient"),
        "key": key,
        "pem": pem_of(bytes(key.public)),
        "form": form,
        "may_retire": request.user.has_perm(MAY_RETIRE) and not key.is_retired,
    }
    return TemplateResponse(request, "countersigning/recipient_key.html", context, status=status)
