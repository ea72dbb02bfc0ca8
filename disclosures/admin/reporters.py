"""The machines that call the API. Credentials are made by ``manage.py create_reporter``; no secret is shown here."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from disclosures.admin.base import NamedDateTime
from disclosures.models import Reporter


@admin.register(Reporter)
class ReporterAdmin(admin.ModelAdmin):
    fields = ("code", "title", "client_number", "services", "created_at", "stopped_at")
    readonly_fields = ("code", "client_number", "created_at")
    list_display = ("title", "code", "created_at", "stopped_at")
    filter_horizontal = ("services",)
    formfield_overrides = {models.DateTimeField: {"widget": NamedDateTime}}

    # Not the field itself: the admin would make it a link, to a page that officers may not open.
    @admin.display(description=gettext_lazy("client_id of the credentials"))
    def client_number(self, reporter: Reporter) -> str:
        return reporter.client_id

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
