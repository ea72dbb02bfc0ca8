"""The page of the calendar at the desk, where each person makes the address of their own calendar program."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disclosures.calendar.actions import end_calendar_address, renew_calendar_address
from disclosures.calendar.queries import calendar_page, newest_address
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.view_page", raise_exception=True)
@never_cache
@shows_nobody
def calendar(request: HttpRequest) -> HttpResponse:
    """Show what has its day. POST ``do`` makes a new address, which is shown this once, or ends it."""
    staff = cast(User, request.user)
    if request.method == "POST" and request.POST.get("do") == "renew":
        secret = renew_calendar_address(by=staff)
        return show(request, new_address=settings.SITE_ADDRESS + reverse("calendar_file", args=[secret]))
    if request.method == "POST":
        if end_calendar_address(by=staff):
            messages.success(request, _("The address is ended. It leads nowhere any more."))
        return redirect("admin:calendar")
    return show(request)


def show(request: HttpRequest, **more: Any) -> HttpResponse:
    staff = cast(User, request.user)
    context = {
        **admin.site.each_context(request),
        "title": _("Calendar: what goes public when"),
        "calendar": calendar_page(staff, timezone.now(), request.GET.get("page", "")),
        "address": newest_address(staff),
        "time_zone": settings.TIME_ZONE,
        **more,
    }
    return TemplateResponse(request, "calendar/calendar.html", context)
