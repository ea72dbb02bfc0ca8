"""The desk: Django's admin site behind the site's own log-in, with a banner that counts unpublished changes."""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from disclosures.accounts import views as accounts
from disclosures.affected import desk_views as affected
from disclosures.arranging import views as arranging
from disclosures.bulk_changes import views as bulk
from disclosures.calendar import desk_views as calendar
from disclosures.change_sets import merge_views as merging
from disclosures.change_sets import views as change_sets
from disclosures.change_sets.queries import chosen_set_for, waiting_in_sets
from disclosures.comments import views as comments
from disclosures.consuming import desk_views as consuming
from disclosures.content.held_copy import held_copy_for
from disclosures.content.publications import publication_for
from disclosures.countersigning import desk_views as countersigning
from disclosures.coverage import views as coverage
from disclosures.editing import search_views as searching
from disclosures.editing import text_views as texts
from disclosures.history import put_back_views as putting
from disclosures.inquiry_handling import desk_views as inquiries
from disclosures.inquiry_handling import report_views as inquiry_reports
from disclosures.linking import desk_views as linking
from disclosures.officers import case_views as cases
from disclosures.officers import fault_views as faults
from disclosures.officers import views as officers
from disclosures.officers import withholding_views as withholding
from disclosures.open_forms import draft_views as drafts
from disclosures.packs import views as packs
from disclosures.preview import views as preview
from disclosures.proposals import views as proposals
from disclosures.recipients import views as recipients
from disclosures.reporters.pauses import storms
from disclosures.site_files import desk_views as site_files
from disclosures.staff_mails import desk_views as staff_mails
from disclosures.translating import views as translating
from privacycenter.accounts.desk_door import at_the_door, opens_desk
from privacycenter.database.checks import OUR_APPS
from privacycenter.http.declared_views import whom_it_shows
from privacycenter.models import User


class EditorSite(admin.AdminSite):
    site_header = gettext_lazy("Privacy Center: admin area")
    site_title = gettext_lazy("Administration")
    index_title = gettext_lazy("What would you like to do?")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take the admins of our own models alone.

        Those that libraries bring show and change accounts without a trace: people, their addresses, sessions, tokens
        and second factors, and the permissions of roles.
        """
        models: list[type[Model]] = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        ours = [model for model in models if model._meta.app_label in OUR_APPS]
        super().register(ours, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Refuse a view that does not say whom it shows (``declared_views``)."""
        shows = whom_it_shows(view)
        guarded = super().admin_view(view, cacheable)
        guarded.shows = shows
        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send staff to the site's log-in, with its rate limits and second factors, instead of the admin's."""
        response: HttpResponse = secure_admin_login(self.door)(request, extra_context)
        return response

    def door(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Open to staff whose session is good enough, and lead others to what it lacks (``accounts.desk_door``)."""
        wanted = get_next_redirect_url(request) or reverse("admin:index")
        return redirect(wanted) if self.has_permission(request) else at_the_door(request, wanted)

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and opens_desk(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to the site's own page, which asks who it is once more and tells the owner."""
        return redirect("account_change_password")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        context["is_desk_open_by_password"] = not settings.DESK_NEEDS_SECOND_FACTOR
        if request.user.has_perm("disclosures.view_publication"):
            context["pending_changes"] = SimpleLazyObject(
                lambda: held_copy_for(request).changes_since(publication_for(request))
            )
        if request.user.has_perm("disclosures.view_changeset"):
            user = cast(User, request.user)
            context["waiting_in_sets"] = SimpleLazyObject(lambda: waiting_in_sets(user, chosen_set_for(request)))
        if request.user.has_perm("disclosures.view_case"):
            context["storms"] = SimpleLazyObject(storms)
        return context

    def get_urls(self) -> list[Any]:
        return [
            path("pending/", self.admin_view(proposals.pending), name="pending_changes"),
            path("sets/", self.admin_view(change_sets.change_set_list), name="change_sets"),
            path("sets/<key:pk>/", self.admin_view(change_sets.change_set), name="change_set"),
            path("sets/<key:pk>/discard/", self.admin_view(change_sets.change_set_discard), name="change_set_discard"),
            path("sets/<key:pk>/merge/", self.admin_view(merging.change_set_merge), name="change_set_merge"),
            path("sets/<key:pk>/take/", self.admin_view(merging.change_set_take), name="change_set_take"),
            path("proposals/", self.admin_view(proposals.proposal_list), name="proposals"),
            path("proposals/<key:pk>/", self.admin_view(proposals.proposal), name="proposal"),
            path("publications/<key:number>/", self.admin_view(proposals.publication), name="publication"),
            path(
                "publications/<key:number>/put-back/",
                self.admin_view(putting.put_back_to_publication),
                name="put_back_to_publication",
            ),
            path("preview/", self.admin_view(preview.preview_frames), name="preview"),
            path("preview/<path:path>", self.admin_view(preview.preview_page), name="preview_page"),
            path("arrange/", self.admin_view(arranging.arrange_list), name="arrange_pages"),
            path("arrange/<key:pk>/", self.admin_view(arranging.arrange), name="arrange_page"),
            path("translations/", self.admin_view(translating.translations), name="translations"),
            path("translations/file/", self.admin_view(translating.translation_file), name="translation_file"),
            path("translations/take/", self.admin_view(translating.take_file), name="take_translations"),
            path("translations/confirm/", self.admin_view(translating.confirm), name="confirm_translation"),
            path("translations/beside/", self.admin_view(texts.language_beside), name="language_beside"),
            path("search/", self.admin_view(searching.search), name="search"),
            path("choose/<str:kind>/", self.admin_view(searching.choose), name="choose"),
            path("history/", self.admin_view(texts.history), name="desk_history"),
            path(
                "history/<key:number>/put-back/",
                self.admin_view(putting.put_back_to_revision),
                name="put_back_to_revision",
            ),
            path("bulk/<str:kind>/", self.admin_view(bulk.bulk_edit), name="bulk_edit"),
            path("edit/<str:kind>/<str:code>/", self.admin_view(texts.edit_entry), name="edit_entry"),
            path("comments/", self.admin_view(comments.comment_list), name="comments"),
            path(
                "comments/<str:kind>/<str:code>/<slug:field>/",
                self.admin_view(comments.field_comments),
                name="field_comments",
            ),
            path("drafts/", self.admin_view(drafts.draft_list), name="drafts"),
            path("drafts/<uuid:id>/discards/", self.admin_view(drafts.draft_throw_away), name="draft_throw_away"),
            path("drafts/<uuid:id>/returns/", self.admin_view(drafts.draft_bring_back), name="draft_bring_back"),
            path("packs/", self.admin_view(packs.packs), name="packs"),
            path("packs/content.zip", self.admin_view(packs.download), name="pack_download"),
            path("recipients/", self.admin_view(recipients.files), name="recipient_files"),
            path("recipients/recipients.csv", self.admin_view(recipients.download), name="recipients_csv"),
            path("recipients/<uuid:id>/", self.admin_view(recipients.file), name="recipient_file"),
            path("cases/", self.admin_view(cases.case_list), name="cases"),
            path("cases/<key:pk>/", self.admin_view(cases.case), name="case"),
            path("cases/<key:pk>/events/<key:event>/", self.admin_view(cases.case_event), name="case_event"),
            path("affected/", self.admin_view(affected.affected_list), name="affected"),
            path("affected/<uuid:id>/", self.admin_view(affected.one_list), name="affected_list"),
            path("keys/", self.admin_view(countersigning.key_list), name="recipient_keys"),
            path("keys/<key:pk>/", self.admin_view(countersigning.recipient_key), name="recipient_key"),
            path("faults/", self.admin_view(faults.fault_list), name="faults"),
            path("faults/<key:pk>/", self.admin_view(faults.fault), name="fault"),
            path("refused/", self.admin_view(consuming.refused_list), name="refused_messages"),
            path("refused/<uuid:id>/", self.admin_view(consuming.refused_message), name="refused_message"),
            path("withheld/", self.admin_view(withholding.withheld_list), name="withheld_list"),
            path("withheld/<key:person>/<uuid:id>/", self.admin_view(withholding.withheld), name="withheld"),
            path("records/", self.admin_view(officers.record_lookup), name="records"),
            path("records/<key:pk>/", self.admin_view(officers.record), name="record"),
            path("records/<key:pk>/accesses/", self.admin_view(officers.record_accesses), name="record_accesses"),
            path("accesses/", self.admin_view(officers.access_list), name="accesses"),
            path("accounts/", self.admin_view(accounts.staff_list), name="accounts"),
            path("accounts/new/", self.admin_view(accounts.staff_create), name="staff_create"),
            path("accounts/<key:pk>/", self.admin_view(accounts.account), name="account"),
            path("accounts/<key:person>/changes/<uuid:id>/", self.admin_view(accounts.change), name="account_change"),
            path("coverage/", self.admin_view(coverage.coverage), name="coverage"),
            path("inquiries/", self.admin_view(inquiries.inquiry_list), name="inquiries"),
            path("inquiries/report/", self.admin_view(inquiry_reports.report), name="inquiry_report"),
            path("inquiries/report.csv", self.admin_view(inquiry_reports.report_csv), name="inquiry_report_csv"),
            path("inquiries/<key:pk>/", self.admin_view(inquiries.inquiry), name="inquiry"),
            path("inquiries/<key:pk>/files/<uuid:id>/", self.admin_view(inquiries.inquiry_file), name="inquiry_file"),
            path("calendar/", self.admin_view(calendar.calendar), name="calendar"),
            path("mails/", self.admin_view(staff_mails.staff_mails), name="staff_mails"),
            path("files/<sha256:sha256>.<str:ending>", self.admin_view(site_files.desk_file), name="desk_file"),
            path("linkable/", self.admin_view(linking.linkable_list), name="linkable_list"),
            path("markdown/", self.admin_view(texts.markdown), name="markdown"),
            # Nothing here is reached by its content type, which would tell of any row whether it is there.
            *(pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"),
        ]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the desk's tasks first, then the list of all models."""
        more = texts.front_page() if request.user.has_perm("disclosures.view_page") else {}
        more |= comments.front_page(cast(User, request.user))
        more |= officers.front_page(cast(User, request.user)) | inquiries.front_page(cast(User, request.user))
        more |= coverage.front_page(cast(User, request.user)) | faults.front_page(cast(User, request.user))
        more |= withholding.front_page(cast(User, request.user)) | consuming.front_page(cast(User, request.user))
        return super().index(request, {**more, **(extra_context or {})})
