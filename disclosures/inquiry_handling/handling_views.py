"""What is done at the desk about one request: its steps, and all else. Each form says by ``what`` which it is."""

import logging
from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from disclosures.attachments.actions import kept_to_attach
from disclosures.attachments.forms import NOT_KEPT
from disclosures.inquiries import queries as inquiries
from disclosures.inquiries.actions import take_step
from disclosures.inquiries.answerers import MAY_ANSWER
from disclosures.inquiries.forms import StepForm
from disclosures.inquiries.queries import DeskPage
from disclosures.inquiry_handling.actions import (
    check_identity,
    choose_law,
    extend_inquiry,
    give_inquiry,
    link_inquiry,
    note_inquiry,
)
from disclosures.inquiry_handling.forms import (
    ExtendForm,
    IdentityForm,
    LawForm,
    LinkForm,
    NoteForm,
    OwnerForm,
    UnlinkForm,
)
from disclosures.models import AnswerWay
from disclosures.one_time.codes import new_code
from disclosures.prepared_answers.queries import answer_from, offered_templates
from disclosures.record.actions import log_lookup
from disclosures.record.person_lookup import person_called
from privacycenter.errors import Refusal, TextChanged
from privacycenter.models import User

log = logging.getLogger(__name__)


@permission_required(MAY_ANSWER, raise_exception=True)
def act(request: HttpRequest, page: DeskPage) -> HttpResponse:
    """Do what the submitted form asks. A form that does not say what it is is a step."""
    what = request.POST.get("what") or "step"
    if what not in ACTIONS:
        raise Http404
    return ACTIONS[what](request, page)


def take(request: HttpRequest, page: DeskPage) -> HttpResponse:
    """Take the submitted step. If that is not possible, show why and keep what was written."""
    form = StepForm(request.POST, request.FILES, offered=page.offered, seen=len(page.steps), kind=page.kind)
    if not form.is_valid():
        form = form.seen_anew(len(page.steps)) if "seen" in form.errors else form
        return show(request, page, form=form, status=422)
    code = new_code() if form.chosen_way is AnswerWay.ONE_TIME else ""
    try:
        with kept_to_attach(uploads=form.uploads) as kept:
            take_step(inquiry=page.inquiry, kept=kept, code=code, by=cast(User, request.user), **form.step())
    except TextChanged:
        form.add_error(None, _("Somebody took a step meanwhile; it is shown above. Check yours and save it again."))
        return show(request, page, form=form.seen_anew(len(page.steps)), status=409)
    except Refusal as refusal:
        form.add_refusal(refusal)
        return show(request, page, form=form, status=422)
    except OSError:
        log.exception("files of an answer could not be stored")
        form.add_error("attached", NOT_KEPT)
        return show(request, page, form=form, status=503)
    if code:
        return show_code(request, page, code)
    messages.success(request, _("The step is saved."))
    return redirect("admin:inquiry", pk=page.inquiry.pk)


def show_code(request: HttpRequest, page: DeskPage, code: str) -> HttpResponse:
    """Show the code of a page that opens once: now, and never again."""
    context = {
        **admin.site.each_context(request),
        "title": _("Code for request %(reference)s") % {"reference": page.inquiry.reference},
        "page": page,
        "code": code,
    }
    return TemplateResponse(request, "inquiries/desk_code.html", context)


def insert(request: HttpRequest, page: DeskPage) -> HttpResponse:
    """Show the form of the next step again, with a prepared answer below what was written. Nothing is saved."""
    text = answer_from(request.POST.get("template", ""), page.inquiry)
    form = StepForm.with_text(request.POST, text, offered=page.offered, seen=len(page.steps), kind=page.kind)
    return show(request, page, form=form)


def extend(request: HttpRequest, page: DeskPage) -> HttpResponse:
    form = ExtendForm(request.POST, page=page)
    return done(request, page, "extend_form", form, extend_inquiry, _("The person is told of the new day."))


def change_law(request: HttpRequest, page: DeskPage) -> HttpResponse:
    form = LawForm(request.POST, page=page)
    return done(request, page, "law_form", form, choose_law, _("The request is handled under this law now."))


def identify(request: HttpRequest, page: DeskPage) -> HttpResponse:
    form = IdentityForm(request.POST, page=page)
    return done(request, page, "identity_form", form, check_identity, _("It is saved who the sender is."))


def give(request: HttpRequest, page: DeskPage) -> HttpResponse:
    form = OwnerForm(request.POST, page=page, owners=inquiries.owners())
    said = _("It is saved who is in charge.")
    return done(request, page, "owner_form", form, give_inquiry, said, lambda: form.giving())


def write_note(request: HttpRequest, page: DeskPage) -> HttpResponse:
    return done(request, page, "note_form", NoteForm(request.POST, page=page), note_inquiry, _("The note is saved."))


def link(request: HttpRequest, page: DeskPage) -> HttpResponse:
    """Look for the person whose request it is, which is written down either way, and connect it with their record."""
    form = LinkForm(request.POST, page=page)
    whose = person_called(form.cleaned_data["who"]) if form.is_valid() else None
    if form.is_valid():
        reason, by = form.cleaned_data["reason"], cast(User, request.user)
        log_lookup(people=[], is_found=whose is not None, what="lookup", reason=reason, by=by)
        if whose is None:
            form.add_error("who", _("Nobody has exactly this ID, user name or e-mail address."))
    said = _("The request is connected with this record.")
    return done(
        request, page, "link_form", form, link_inquiry, said,
        lambda: {"whose": whose, "reason": form.cleaned_data["reason"]},
    )  # fmt: skip


def unlink(request: HttpRequest, page: DeskPage) -> HttpResponse:
    form = UnlinkForm(request.POST, page=page)
    said = _("The request is no longer connected with a record.")
    return done(
        request, page, "unlink_form", form, link_inquiry, said, lambda: {"whose": None, **form.cleaned_data}
    )  # fmt: skip


ACTIONS: dict[str, Callable[[HttpRequest, DeskPage], HttpResponse]] = {
    "step": take, "insert": insert, "extend": extend, "law": change_law, "identity": identify, "owner": give,
    "note": write_note, "link": link, "unlink": unlink,
}  # fmt: skip


def done(
    request: HttpRequest,
    page: DeskPage,
    name: str,
    form: Any,
    action: Callable[..., Any],
    said: str,
    arguments: Callable[[], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Call the action with what the form says (or with ``arguments``) and say so; or show the page with why not."""
    if not form.is_valid():
        return show(request, page, **{name: form}, status=422)
    try:
        given = arguments() if arguments else form.cleaned_data
        action(inquiry=page.inquiry, by=cast(User, request.user), **given)
    except Refusal as refusal:
        form.add_refusal(refusal)
        return show(request, page, **{name: form}, status=refusal.status)
    messages.success(request, said)
    return redirect("admin:inquiry", pk=page.inquiry.pk)


def show(request: HttpRequest, page: DeskPage, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Request %(reference)s") % {"reference": page.inquiry.reference},
        "page": page,
        "may_answer": request.user.has_perm(MAY_ANSWER),
        "may_open_record": request.user.has_perm("disclosures.view_disclosure"),
        "templates": offered_templates(page.kind),
        "form": StepForm(offered=page.offered, seen=len(page.steps), kind=page.kind),
        "extend_form": ExtendForm(page=page),
        "law_form": LawForm(page=page),
        "identity_form": IdentityForm(page=page),
        "owner_form": forms.get("owner_form") or OwnerForm(page=page, owners=inquiries.owners()),
        "note_form": NoteForm(page=page),
        "link_form": LinkForm(page=page),
        "unlink_form": UnlinkForm(page=page),
        **forms,
    }
    return TemplateResponse(request, "inquiry_handling/desk_inquiry.html", context, status=status)
