"""Publications in the admin, read-only. Each links to its page, from which an editor can roll back to it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from disclosures.models import Publication
from privacycenter.http.declared_views import NOBODY


@admin.register(Publication)
class PublicationAdmin(admin.ModelAdmin[Any]):
    shows = NOBODY
    list_display = ("shown_number", "published_at", "published_by", "reason", "sha256")
    list_display_links = None
    list_select_related = ("published_by",)
    fields = readonly_fields = ("number", "published_at", "published_by", "reason", "sha256")

    @admin.display(description=gettext_lazy("number"), ordering="number")
    def shown_number(self, row: Publication) -> str:
        return format_html('<a href="{}">{}</a>', reverse("admin:publication", args=[row.number]), row.number)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        return super().get_queryset(request).defer("document")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
