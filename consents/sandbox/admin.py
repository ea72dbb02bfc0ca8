"""The mailbox of a sandbox at the desk, for administrators: mails can have links by which one becomes somebody else."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest

from privacycenter.http.declared_views import NOBODY
from privacycenter.models import SandboxMail


@admin.register(SandboxMail)
class SandboxMailAdmin(admin.ModelAdmin[SandboxMail]):
    # Nobody real: who reads here needs no reason.
    shows = NOBODY
    list_display = ("sent_at", "address", "subject")
    list_display_links = ("subject",)
    search_fields = ("address", "subject", "text")
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ("address", "subject", "text", "sent_at")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_read(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_read(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def may_read(self, request: HttpRequest) -> bool:
        return bool(settings.SANDBOX and request.user.is_active and getattr(request.user, "is_superuser", False))
