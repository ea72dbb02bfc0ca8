"""The desk: Django's admin site behind the site's own log-in, with a banner that counts unpublished changes."""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from disclosures.coverage import views as coverage
from disclosures.editing import arrange_views as arranging
from disclosures.editing import text_views as texts
from disclosures.inquiries import desk_views as inquiries
from disclosures.officers import views as officers
from disclosures.packs import views as packs
from disclosures.preview import views as preview
from disclosures.publishing import views as publishing
from disclosures.publishing.held_copy import pending_changes
from disclosures.publishing.publications import publication_for
from privacycenter.models import User


class EditorSite(admin.AdminSite):
    site_header = gettext_lazy("Privacy center: administration")
    site_title = gettext_lazy("Administration")
    index_title = gettext_lazy("What would you like to do?")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send staff to the site's log-in, with its rate limits and second factors, instead of the admin's."""
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if request.user.has_perm("disclosures.view_publication"):
            context["pending_changes"] = SimpleLazyObject(lambda: pending_changes(publication_for(request)))
        return context

    def get_urls(self) -> list[Any]:
        return [
            path("pending/", self.admin_view(publishing.pending), name="pending_changes"),
            path("proposals/", self.admin_view(publishing.proposal_list), name="proposals"),
            path("proposals/<int:pk>/", self.admin_view(publishing.proposal), name="proposal"),
            path("publications/<int:number>/", self.admin_view(publishing.publication), name="publication"),
            path("preview/", self.admin_view(preview.preview_frames), name="preview"),
            path("preview/<path:path>", self.admin_view(preview.preview_page), name="preview_page"),
            path("arrange/", self.admin_view(arranging.arrange_list), name="arrange_pages"),
            path("arrange/<int:pk>/", self.admin_view(arranging.arrange), name="arrange_page"),
            path("translations/", self.admin_view(texts.translations), name="translations"),
            path("history/", self.admin_view(texts.history), name="desk_history"),
            path("edit/<str:kind>/<str:code>/", self.admin_view(texts.edit_entry), name="edit_entry"),
            path("packs/", self.admin_view(packs.packs), name="packs"),
            path("packs/content.zip", self.admin_view(packs.download), name="pack_download"),
            path("cases/", self.admin_view(officers.case_list), name="cases"),
            path("cases/<int:pk>/", self.admin_view(officers.case), name="case"),
            path("records/", self.admin_view(officers.record_lookup), name="records"),
            path("records/<int:pk>/", self.admin_view(officers.record), name="record"),
            path("accesses/", self.admin_view(officers.access_list), name="accesses"),
            path("coverage/", self.admin_view(coverage.coverage), name="coverage"),
            path("inquiries/", self.admin_view(inquiries.inquiry_list), name="inquiries"),
            path("inquiries/<int:pk>/", self.admin_view(inquiries.inquiry), name="inquiry"),
            path("markdown/", self.admin_view(texts.markdown), name="markdown"),
            *super().get_urls(),
        ]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the desk's tasks first, then the list of all models."""
        more = texts.front_page() if request.user.has_perm("disclosures.view_page") else {}
        more |= officers.front_page(cast(User, request.user)) | inquiries.front_page(cast(User, request.user))
        more |= coverage.front_page(cast(User, request.user))
        return super().index(request, {**more, **(extra_context or {})})
