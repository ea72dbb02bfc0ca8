"""The machines that call the API. Credentials are made by ``manage.py create_reporter``; no secret is shown here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from disclosures.models import Reporter


@admin.register(Reporter)
class ReporterAdmin(admin.ModelAdmin):
    fields = ("code", "title", "client", "services", "created_at", "stopped_at")
    readonly_fields = ("code", "client", "created_at")
    list_display = ("title", "code", "created_at", "stopped_at")
    filter_horizontal = ("services",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
