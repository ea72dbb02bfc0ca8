"""Reporters in the admin: give a new secret, or stop one. ``manage.py create_reporter`` creates them."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.editing.forms import NamedDateTime
from disclosures.models import Reporter, ReporterStepKind
from disclosures.reporters.actions import rotate_secret, stop_reporter
from disclosures.reporters.pause_actions import LONGEST_REASON, pause_reporter, resume_reporter, settle_storm
from disclosures.reporters.pauses import steps_of
from disclosures.reporters.tokens import ReporterTokenAdapter
from privacycenter.errors import NoLongerOpen
from privacycenter.http.declared_views import NOBODY
from privacycenter.models import User
from privacycenter.text.legible import validate_legible
from privacycenter.text.words import inside_quotes


class RotationForm(forms.Form):
    """How long the old secret continues to work."""

    overlap_hours = forms.TypedChoiceField(
        label=gettext_lazy("The old secret works"),
        coerce=int,
        choices=[
            (0, gettext_lazy("no longer: it may have leaked")),
            (24, gettext_lazy("for one more day")),
            (7 * 24, gettext_lazy("for seven more days")),
            (30 * 24, gettext_lazy("for thirty more days")),
        ],
        widget=forms.RadioSelect,
    )


class PauseForm(forms.Form):
    """Why a reporter is paused, resumed, or may go on."""

    PAUSE, RESUME, SETTLE = "pause", "resume", "settle"
    ACTIONS = {PAUSE: pause_reporter, RESUME: resume_reporter, SETTLE: settle_storm}

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=LONGEST_REASON, validators=[validate_legible],
        error_messages={"required": gettext_lazy("Say why.")}, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For officers alone."),
    )  # fmt: skip
    step = forms.ChoiceField(choices=[(name, name) for name in ACTIONS], required=True)


@admin.register(Reporter)
class ReporterAdmin(admin.ModelAdmin[Any]):
    shows = NOBODY
    fields = ("code", "title", "client_number", "scope_names", "services", "created_at", "paused_at", "stopped_at")
    readonly_fields = ("code", "client_number", "scope_names", "created_at", "paused_at", "stopped_at")
    list_display = ("title", "code", "scope_names", "created_at", "paused_at", "stopped_at")
    list_select_related = ("client",)
    filter_horizontal = ("services",)
    formfield_overrides = {models.DateTimeField: {"widget": NamedDateTime}}
    change_form_template = "reporters/reporter_form.html"

    @admin.display(description=gettext_lazy("scopes"))
    def scope_names(self, reporter: Reporter) -> str:
        return ", ".join(
            f"{ReporterTokenAdapter.scope_display.get(scope, scope)}" for scope in reporter.client.get_scopes()
        )

    # Not the field itself: the admin would link it to a page that officers may not open.
    @admin.display(description=gettext_lazy("client_id of the credentials"))
    def client_number(self, reporter: Reporter) -> str:
        return reporter.client_id

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        return [
            path("<key:pk>/stop/", self.admin_site.admin_view(self.stop), name="disclosures_reporter_stop"),
            path("<key:pk>/pause/", self.admin_site.admin_view(self.pause), name="disclosures_reporter_pause"),
            path("<key:pk>/rotate/", self.admin_site.admin_view(self.rotate), name="disclosures_reporter_rotate"),
            *super().get_urls(),
        ]

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for confirmation, then stop the reporter from its next call on. For officers and administrators."""
        if not request.user.has_perm("disclosures.change_reporter"):
            raise PermissionDenied
        reporter = working_or_404(pk)
        if request.method != "POST":
            return self.confirm(request, reporter, _("Stop “%(title)s”?"), "reporters/reporter_stop.html")
        stop_reporter(reporter=reporter)
        self.log_change(request, reporter, _("Stopped."))
        messages.success(request, _("“%(title)s” is stopped.") % {"title": inside_quotes(reporter.title)})
        return redirect("admin:disclosures_reporter_changelist")

    def pause(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what was done about the reporter. POST pauses it, resumes it, or settles an alarm. For officers and
        administrators."""
        if not request.user.has_perm("disclosures.change_reporter"):
            raise PermissionDenied
        reporter = working_or_404(pk)
        form = PauseForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            step = form.cleaned_data["step"]
            try:
                form.ACTIONS[step](reporter=reporter, reason=form.cleaned_data["reason"], by=cast(User, request.user))
            except NoLongerOpen:
                form.add_error(None, _("Somebody else was quicker. Look at the steps."))
            else:
                messages.success(request, _("The step is saved."))
                return redirect("admin:disclosures_reporter_pause", pk=pk)
        steps = steps_of(reporter)
        return self.confirm(
            request, reporter, _("Pause “%(title)s”"), "reporters/reporter_pause.html", form=form, steps=steps,
            is_storm=bool(steps) and steps[0].kind == ReporterStepKind.STORM,
        )  # fmt: skip

    def rotate(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a new secret, which only the response page shows. For administrators."""
        if not request.user.is_superuser:
            raise PermissionDenied
        reporter = working_or_404(pk)
        form = RotationForm(request.POST if request.method == "POST" else None)
        secret = ""
        if form.is_bound and form.is_valid():
            hours = form.cleaned_data["overlap_hours"]
            secret = rotate_secret(reporter=reporter, overlap=timedelta(hours=hours))
            self.log_change(request, reporter, _("New secret."))
        title = _("A new secret for “%(title)s”")
        return self.confirm(request, reporter, title, "reporters/reporter_rotate.html", form=form, secret=secret)

    def confirm(
        self, request: HttpRequest, reporter: Reporter, title: str, template: str, **more: Any
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title % {"title": inside_quotes(reporter.title)},
            "opts": self.opts,
            "reporter": reporter,
            "back": reverse("admin:disclosures_reporter_change", args=[reporter.pk]),
            **more,
        }
        status = 422 if more.get("form") is not None and more["form"].errors else 200
        return TemplateResponse(request, template, context, status=status, headers={"Cache-Control": "no-store"})


def working_or_404(pk: int) -> Reporter:
    reporter = Reporter.objects.filter(pk=pk, stopped_at__isnull=True).select_related("client").first()
    if reporter is None:
        raise Http404
    return reporter
