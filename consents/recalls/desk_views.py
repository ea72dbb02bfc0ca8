"""Recalls at the privacy officer's desk: what recipients still owe, the next step, and telling one by mail."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consents.recalls import queries as recalls
from consents.recalls.actions import file_recall, take_recall_step, tell_recipient_by_mail
from consents.recalls.choices import recall_choices
from consents.recalls.forms import CaseFilterForm, RecallForPersonForm, RecallStepForm, RecipientMailForm
from disclosures.public.titles import names_for
from disclosures.record.granted_views import Granted, granted
from disclosures.record.guarded_views import Found, Look, shows_person
from disclosures.record.scopes import Part
from privacycenter.errors import InvalidValue, NoLongerOpen, StepDiffers, StepTooLate
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User

MAY_SEE, MAY_STEP = "consents.view_recallcase", "consents.add_recallstep"


def front_page(request: HttpRequest) -> dict[str, int]:
    """Return the count of open cases for the desk's front page, if this officer may see them."""
    return {"recall_count": recalls.open_count()} if request.user.has_perm(MAY_SEE) else {}


@require_safe
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def recall_list(request: HttpRequest) -> HttpResponse:
    form = CaseFilterForm(request.GET)
    context = {
        **admin.site.each_context(request),
        "title": _("Recalls to follow up"),
        "form": form,
        "page": recalls.case_list(form.filters(), request.GET.get("page", "")),
    }
    return TemplateResponse(request, "recalls/desk_recall_list.html", context)


def recall_shown(request: HttpRequest, pk: int) -> Found:
    page = recalls.case_page(pk, names_for(request))
    if page is None:
        raise Http404
    return page, Look(page.case.whose, "recall", about_id=page.case.recall_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_person(recall_shown)
def recall(request: HttpRequest, page: recalls.CasePage) -> HttpResponse:
    """Show one case. POST records the next step or, from the other form, has the recipient told by mail."""
    if request.method != "POST":
        return show(request, page)
    if not request.user.has_perm(MAY_STEP):
        raise PermissionDenied
    return send_mail(request, page) if "address" in request.POST else take_step(request, page)


def record_shown(request: HttpRequest, pk: int) -> Found:
    return granted(request, pk, "filing", Part.FILING)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required([MAY_SEE, MAY_STEP], raise_exception=True)
@shows_person(record_shown)
def recall_for_person(request: HttpRequest, page: Granted) -> HttpResponse:
    """File a recall for a person who asked for it otherwise than on their pages. They see there who filed it."""
    choices = recall_choices(page.person, names_for(request))
    form = RecallForPersonForm(
        request.POST if request.method == "POST" else None, choices=choices, inquiry=request.GET.get("inquiry", "")
    )
    if request.method == "POST" and form.is_valid():
        try:
            file_recall(
                kind=form.chosen_kind, about=form.chosen_about, inquiry=form.cleaned_data["inquiry"],
                for_person=page.person, by=cast(User, request.user),
            )  # fmt: skip
        except InvalidValue as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The recall is filed. The person can read it, and take it back."))
            return redirect("admin:record", pk=page.person.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("File a recall for %(subject)s") % {"subject": page.person.subject},
        "person": page.person,
        "form": form,
        "is_anything": bool(choices.everything),
    }
    return TemplateResponse(request, "recalls/desk_recall_new.html", context, status=422 if form.errors else 200)


def take_step(request: HttpRequest, page: recalls.CasePage) -> HttpResponse:
    form = RecallStepForm(request.POST, kinds=page.next_kinds)
    if not form.is_valid():
        return show(request, page, step_form=form, status=422)
    try:
        take_recall_step(case=page.case, kind=form.kind, reason=form.reason, by=cast(User, request.user))
    except (StepTooLate, StepDiffers):
        form.add_error("step", _("A later step was taken meanwhile. Open the case again."))
        return show(request, page, step_form=form, status=409)
    messages.success(request, _("The step is saved. The person can read it."))
    return redirect("admin:recall", pk=page.case.pk)


def send_mail(request: HttpRequest, page: recalls.CasePage) -> HttpResponse:
    form = RecipientMailForm(request.POST)
    if not form.is_valid():
        return show(request, page, mail_form=form, status=422)
    try:
        tell_recipient_by_mail(case=page.case, address=form.cleaned_data["address"], by=cast(User, request.user))
    except NoLongerOpen:
        form.add_error("address", _("The case was closed meanwhile. Open it again."))
        return show(request, page, mail_form=form, status=409)
    messages.success(request, _("The mail is on its way. The recipient answers by the link in it."))
    return redirect("admin:recall", pk=page.case.pk)


def show(
    request: HttpRequest, page: recalls.CasePage, *, step_form: RecallStepForm | None = None,
    mail_form: RecipientMailForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        **admin.site.each_context(request),
        "title": _("Recall case %(number)s") % {"number": page.case.pk},
        "page": page,
        "form": step_form or RecallStepForm(kinds=page.next_kinds),
        "mail_form": mail_form or RecipientMailForm(initial={"address": address_in(page.case.recipient.contact)}),
        "may_step": bool(page.next_kinds) and request.user.has_perm(MAY_STEP),
    }
    return TemplateResponse(request, "recalls/desk_recall.html", context, status=status)


def address_in(contact: str) -> str:
    """Return the recipient's contact if it is an e-mail address, else nothing."""
    try:
        validate_email(contact)
    except ValidationError:
        return ""
    return contact
