"""Webhooks in Django's admin index, with our own pages at its URLs."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path

from consents.models import WebhookEndpoint
from consents.webhooks import views
from privacycenter.http.declared_views import NOBODY


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(admin.ModelAdmin[Any]):
    shows = NOBODY

    def get_urls(self) -> list[Any]:
        view, name = self.admin_site.admin_view, "consents_webhookendpoint"
        return [
            path("", view(views.webhook_list), name=f"{name}_changelist"),
            path("<key:pk>/", view(views.webhook), name=f"{name}_change"),
            path("<key:pk>/secrets/", view(views.secret_create), name=f"{name}_secrets"),
            path("<key:pk>/state/", view(views.state_change), name=f"{name}_state"),
            path("<key:pk>/pings/", view(views.ping_create), name=f"{name}_pings"),
            path("<key:pk>/redeliveries/", view(views.redeliveries_create), name=f"{name}_redeliveries"),
            path("deliveries/<key:pk>/", view(views.delivery), name="consents_webhookdelivery_change"),
            path(
                "deliveries/<key:pk>/redeliveries/",
                view(views.redelivery_create),
                name="consents_webhookdelivery_redeliveries",
            ),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """``manage.py create_webhook`` adds endpoints, because it shows the secret."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
