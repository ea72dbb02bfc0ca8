"""Webhooks at the desk: the list of endpoints, one endpoint, one delivery, and their buttons."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consents.models import DisabledReason, WebhookDelivery, WebhookEndpoint
from consents.webhooks import queries as webhooks
from consents.webhooks.actions import disable_webhook, enable_webhook, rotate_secret
from consents.webhooks.delivery_actions import redeliver, redeliver_since, send_ping
from consents.webhooks.forms import DeliveryFilterForm, RedeliveryForm, WebhookRotationForm
from disclosures.record.guarded_views import Found, Look, shows_person
from privacycenter.errors import InvalidValue, NoLongerOpen
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User

ENDPOINT, DELIVERY = "admin:consents_webhookendpoint_change", "admin:consents_webhookdelivery_change"
may_see = permission_required("consents.view_webhookendpoint", raise_exception=True)
may_change = permission_required("consents.change_webhookendpoint", raise_exception=True)


@require_safe
@may_see
@shows_nobody
def webhook_list(request: HttpRequest) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Webhooks"),
        "page": webhooks.webhook_list(request.GET.get("page", "")),
    }
    return TemplateResponse(request, "webhooks/webhook_list.html", context)


@require_safe
@never_cache
@may_see
@shows_nobody
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, pk)


def show(request: HttpRequest, pk: int, status: int = 200, **more: Any) -> HttpResponse:
    form = DeliveryFilterForm(request.GET)
    page = webhooks.webhook_page(pk, **form.filters(), page=request.GET.get("page", ""))
    if page is None:
        raise Http404
    context = {
        **admin.site.each_context(request),
        "title": page.row.endpoint.reporter.title,
        "row": page.row,
        "endpoint": page.row.endpoint,
        "secrets": page.secrets,
        "changes": page.changes,
        "page": page.deliveries,
        "form": form,
        "rotation_form": WebhookRotationForm(),
        "redelivery_form": RedeliveryForm(initial={"since": timezone.localtime() - timedelta(days=1)}),
        "may_change": request.user.has_perm("consents.change_webhookendpoint"),
        **more,
    }
    return TemplateResponse(request, "webhooks/webhook.html", context, status=status)


@require_POST
@never_cache
@may_change
@shows_nobody
def secret_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Rotate the secret. Only this response shows the new one, and no cache keeps it."""
    endpoint, form = get_object_or_404(WebhookEndpoint, pk=pk), WebhookRotationForm(request.POST)
    if not form.is_valid():
        return show(request, pk, 422, rotation_form=form)
    try:
        secret = rotate_secret(endpoint=endpoint, overlap=form.cleaned_data["overlap"], by=cast(User, request.user))
    except InvalidValue:
        form.add_error(
            "overlap", _("Five secrets are signing already. Wait until one ends, or end the former ones now.")
        )
        return show(request, pk, 422, rotation_form=form)
    return show(request, pk, new_secret=secret)


@require_POST
@may_change
@shows_nobody
def state_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable or enable the endpoint. If it is in that state already, say so."""
    endpoint, by = get_object_or_404(WebhookEndpoint, pk=pk), cast(User, request.user)
    try:
        if request.POST.get("state") == "enabled":
            enable_webhook(endpoint=endpoint, by=by)
            messages.success(request, _("Events are sent again. What was held meanwhile can be sent below."))
        else:
            disable_webhook(endpoint=endpoint, reason=DisabledReason.BY_HAND, by=by)
            messages.success(request, _("Nothing more is sent there. What happens meanwhile is held."))
    except NoLongerOpen:
        messages.warning(request, _("Nothing to change: it was like that already."))
    return redirect(ENDPOINT, pk)


@require_POST
@may_change
@shows_nobody
def ping_create(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = send_ping(endpoint=get_object_or_404(WebhookEndpoint, pk=pk), by=cast(User, request.user))
    messages.success(request, _("A test event is on its way. Reload this page to see the result."))
    return redirect(DELIVERY, delivery.pk)


@require_POST
@may_change
@shows_nobody
def redeliveries_create(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = get_object_or_404(WebhookEndpoint.objects.select_related("reporter"), pk=pk)
    form = RedeliveryForm(request.POST)
    if not form.is_valid():
        return show(request, pk, 422, redelivery_form=form)
    if not endpoint.is_sent_to:
        form.add_error("since", _("Nothing is sent there now. Enable it first."))
        return show(request, pk, 409, redelivery_form=form)
    count = redeliver_since(endpoint=endpoint, since=form.cleaned_data["since"], by=cast(User, request.user))
    text = ngettext("%(count)s delivery is sent once more.", "%(count)s deliveries are sent once more.", count)
    messages.success(request, text % {"count": count})
    return redirect(ENDPOINT, pk)


def delivery_shown(request: HttpRequest, pk: int) -> Found:
    page = webhooks.delivery_page(pk)
    if page is None:
        raise Http404
    # What the service answered may name the person whom the event is about.
    whose = page.delivery.whose
    person = User.objects.filter(pk=whose).first() if whose else None
    return page, Look(person, "delivery", page.delivery.message_id) if person else None


@require_safe
@never_cache
@may_see
@shows_person(delivery_shown)
def delivery(request: HttpRequest, page: webhooks.DeliveryPage) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Delivery of %(event)s") % {"event": page.delivery.event_type},
        "page": page,
        "delivery": page.delivery,
        "endpoint": page.delivery.endpoint,
        "may_change": request.user.has_perm("consents.change_webhookendpoint"),
    }
    return TemplateResponse(request, "webhooks/webhook_delivery.html", context)


@require_POST
@may_change
@shows_nobody
def redelivery_create(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(WebhookDelivery.objects.with_references(), pk=pk)
    if found.endpoint.is_sent_to or found.entry is None:
        redeliver(delivery=found, by=cast(User, request.user))
        messages.success(request, _("It is on its way. Reload this page to see the result."))
    else:
        messages.warning(request, _("Nothing is sent there now. Enable it first."))
    return redirect(DELIVERY, pk)
