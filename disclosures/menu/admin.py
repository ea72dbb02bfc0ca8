"""Admin pages of the menu and the footer."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from disclosures.editing.admin_base import ContentAdmin
from disclosures.menu.actions import write_out_standard_links
from disclosures.menu.standing import Standing, standing_of
from disclosures.models import MenuEntry, MenuPlace
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


@admin.register(MenuEntry)
class MenuEntryAdmin(ContentAdmin):
    change_list_template = "menu/menu_list.html"
    field_names = ("place", "title", "address", "note", "code", "position")
    list_display = ("__str__", "place", "address", "position", "untranslated")
    list_filter = ("place",)
    ordering = ("-place", "position", "code")
    search_fields = ("code", "title", "address")

    def get_urls(self) -> list[Any]:
        write_out = self.admin_site.admin_view(shows_nobody(require_POST(self.write_out)))
        return [path("standard/<str:place>/", write_out, name="write_out_menu"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        standing: list[Standing] = standing_of()
        return super().changelist_view(request, {"standing": standing, **(extra_context or {})})

    def write_out(self, request: HttpRequest, place: str) -> HttpResponse:
        """Make the standard links of one place rows that can be changed."""
        if not self.has_add_permission(request) or place not in MenuPlace.values:
            raise PermissionDenied
        count = write_out_standard_links(place=MenuPlace(place), by=cast(User, request.user))
        told = ngettext(
            "%(count)s link is yours to change now.", "%(count)s links are yours to change now.", count
        ) if count else _("This place has links of its own already.")  # fmt: skip
        messages.success(request, told % {"count": count})
        return redirect("admin:disclosures_menuentry_changelist")
