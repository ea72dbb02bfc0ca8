"""Our admin site: Django's own, behind the site's log-in, with the banner of changes that wait."""

from typing import cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from disclosures.queries.changed_entries import pending_changes
from disclosures.views import (
    desk_arrange,
    desk_coverage,
    desk_inquiries,
    desk_officers,
    desk_packs,
    desk_preview,
    desk_publishing,
    desk_texts,
)
from privacycenter.models import User


class EditorSite(admin.AdminSite):
    site_header = gettext_lazy("Privacy center: administration")
    site_title = gettext_lazy("Administration")
    index_title = gettext_lazy("What would you like to do?")

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The site's own log-in, with its limits and second factors, instead of the admin's."""
        return secure_admin_login(super().login)(request, extra_context)

    def each_context(self, request: HttpRequest) -> dict:
        context = super().each_context(request)
        if request.user.has_perm("disclosures.view_publication"):
            context["pending_changes"] = SimpleLazyObject(pending_changes)
        return context

    def get_urls(self) -> list:
        return [
            path("pending/", self.admin_view(desk_publishing.pending), name="pending_changes"),
            path("proposals/", self.admin_view(desk_publishing.proposal_list), name="proposals"),
            path("proposals/<int:pk>/", self.admin_view(desk_publishing.proposal), name="proposal"),
            path("publications/<int:number>/", self.admin_view(desk_publishing.publication), name="publication"),
            path("preview/", self.admin_view(desk_preview.preview_frames), name="preview"),
            path("preview/<path:path>", self.admin_view(desk_preview.preview_page), name="preview_page"),
            path("arrange/", self.admin_view(desk_arrange.arrange_list), name="arrange_pages"),
            path("arrange/<int:pk>/", self.admin_view(desk_arrange.arrange), name="arrange_page"),
            path("translations/", self.admin_view(desk_texts.translations), name="translations"),
            path("history/", self.admin_view(desk_texts.history), name="desk_history"),
            path("edit/<str:kind>/<str:code>/", self.admin_view(desk_texts.edit_entry), name="edit_entry"),
            path("packs/", self.admin_view(desk_packs.packs), name="packs"),
            path("packs/content.zip", self.admin_view(desk_packs.download), name="pack_download"),
            path("cases/", self.admin_view(desk_officers.case_list), name="cases"),
            path("cases/<int:pk>/", self.admin_view(desk_officers.case), name="case"),
            path("records/", self.admin_view(desk_officers.record_lookup), name="records"),
            path("records/<int:pk>/", self.admin_view(desk_officers.record), name="record"),
            path("accesses/", self.admin_view(desk_officers.access_list), name="accesses"),
            path("coverage/", self.admin_view(desk_coverage.coverage), name="coverage"),
            path("inquiries/", self.admin_view(desk_inquiries.inquiry_list), name="inquiries"),
            path("inquiries/<int:pk>/", self.admin_view(desk_inquiries.inquiry), name="inquiry"),
            path("markdown/", self.admin_view(desk_texts.markdown), name="markdown"),
            *super().get_urls(),
        ]

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        """What editors do first, then the list of everything."""
        more = desk_texts.front_page() if request.user.has_perm("disclosures.view_page") else {}
        more |= desk_officers.front_page(cast(User, request.user)) | desk_inquiries.front_page(cast(User, request.user))
        more |= desk_coverage.front_page(cast(User, request.user))
        return super().index(request, {**more, **(extra_context or {})})
