"""The page at which a member of staff chooses how often to be written to."""

from typing import cast

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disclosures.staff_mails.actions import choose_staff_mails
from disclosures.staff_mails.forms import StaffMailForm
from disclosures.staff_mails.queries import choice_of
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@shows_nobody
def staff_mails(request: HttpRequest) -> HttpResponse:
    staff = cast(User, request.user)
    chosen = choice_of(staff)
    initial = {"frequency": chosen.frequency, "language": chosen.language}
    form = StaffMailForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        choose_staff_mails(**form.cleaned_data, by=staff)
        messages.success(request, _("Your choice is saved."))
        return redirect("admin:staff_mails")
    context = {**admin.site.each_context(request), "title": _("Mails to me"), "form": form, "address": staff.email}
    return TemplateResponse(request, "staff_mails/staff_mails.html", context, status=422 if form.errors else 200)
