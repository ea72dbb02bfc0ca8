"""What a form of the desk does while it is open: it is kept as a draft, and says that it is open."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.open_forms.actions import forget_open_form, note_open_form
from disclosures.open_forms.drafts import DraftLine, draft_line, pages_of
from disclosures.open_forms.queries import FormKey, saved_since, time_of, who_else
from privacycenter.errors import BodyTooLarge, NoLongerOpen, Refusal, TooManyAtOnce
from privacycenter.kept_forms.actions import Typed
from privacycenter.kept_forms.draft_actions import MOST_DRAFTS, Kept, end_draft, keep_draft
from privacycenter.kept_forms.drafts import as_id, drafts_of_form, readable
from privacycenter.kept_forms.fields import DRAFT_FIELD, KEEP, VERSION_FIELD, typed_fields
from privacycenter.kept_forms.middleware import DRAFT
from privacycenter.models import Draft, User

# For so long the form itself offers to bring back what was thrown away; the list of drafts does for longer.
UNDO_HERE = timedelta(minutes=10)
BUTTONS = ("_save", "_addanother", "_continue", "_publish", "_saveasnew")


@dataclass(frozen=True)
class Open:
    """One opening of a form. ``number``: its own, by which its draft is known; ``version``: that of the draft.

    ``drafts``: others of the same form, ``thrown_away``: those put aside just now. ``notices``: who else has it open.
    """

    number: UUID
    version: int
    form: FormKey
    drafts: list[DraftLine]
    thrown_away: list[DraftLine]
    notices: list[str]


def opened(request: HttpRequest, form: FormKey) -> Open | None:
    """Return what a form shows about drafts and others; None in a window that was opened to choose a row.

    Notes that the form is open. Two SQL statements to read, one or two to write; for a new entry only one, to read.
    """
    if IS_POPUP_VAR in {**request.GET, **request.POST}:
        return None
    by, draft = cast(User, request.user), getattr(request, "draft", None)
    number = draft.pk if draft else number_in(request.POST) or uuid4()
    if form.code:
        note_open_form(id=number, form=str(form), by=by, has_signs=False)
    found = readable(one for one in drafts_of_form(by, str(form)) if one.pk != number)
    return Open(
        number=number,
        version=draft.version if draft else version_in(request.POST),
        form=form,
        drafts=[draft_line(one, typed, request.path) for one, typed in found if one.ended_at is None],
        thrown_away=[draft_line(one, typed, request.path) for one, typed in found if is_just_now(one)],
        notices=who_else(form, number, by) if form.code else [],
    )


def is_just_now(draft: Draft) -> bool:
    return draft.ended_at is not None and draft.ended_at > timezone.now() - UNDO_HERE


def draft_elsewhere(request: HttpRequest, form: FormKey) -> HttpResponse | None:
    """Redirect to the form of the draft that is asked for, if this is another one."""
    draft: Draft = request.draft  # type: ignore[attr-defined]
    if draft.form == str(form):
        return None
    request.kept_form = None  # type: ignore[attr-defined]
    page = pages_of([FormKey.read(draft.form)]).get(FormKey.read(draft.form))
    return redirect(f"{page}?{DRAFT}={draft.pk}" if page else "admin:drafts")


def saved(request: HttpRequest, form: FormKey) -> None:
    """Forget the draft of a form that is saved, and that it is open. Three SQL statements."""
    if number := number_in(request.POST):
        by = cast(User, request.user)
        end_draft(id=number, by=by)
        forget_open_form(id=number, form=str(form), by=by)


# --- Keeping ---------------------------------------------------------------------------------------------------------


def keep_from_form(request: HttpRequest, form: FormKey) -> HttpResponse:
    """Keep what was sent as a draft. The page's script is answered in JSON, a person with the form, filled in."""
    is_script = request.headers.get("Accept") == "application/json"
    fields = typed_fields(request.POST, KEEP, DRAFT_FIELD, VERSION_FIELD, *BUTTONS)
    typed = Typed(request.path, request.path, fields, had_files=bool(request.FILES))
    try:
        kept = keep(request, form, typed, is_script)
    except Refusal as refusal:
        if is_script:
            return JsonResponse({"said": why_not_kept(refusal)}, status=refusal.status)
        context = {"title": _("Not kept as a draft"), "why": why_not_kept(refusal), "fields": fields}
        return TemplateResponse(request, "open_forms/not_kept.html", context, status=refusal.status)
    if is_script:
        return JsonResponse({"number": str(kept.id), "version": kept.version, "said": how_kept(kept)})
    not_saved = _("It is not saved yet.")
    messages.success(request, f"{how_kept(kept)} {not_saved}")
    return redirect(f"{request.path}?{DRAFT}={kept.id}")


def keep(request: HttpRequest, form: FormKey, typed: Typed, is_script: bool) -> Kept:
    number, by = number_in(request.POST) or uuid4(), cast(User, request.user)
    version = version_in(request.POST)
    try:
        return keep_draft(id=number, version=version, form=str(form), typed=typed, by=by)
    except NoLongerOpen:
        # A script may be late; a person pressed the button after going back to a form that was saved.
        if is_script:
            raise
        return keep_draft(id=uuid4(), version=0, form=str(form), typed=typed, by=by)


def how_kept(kept: Kept) -> str:
    when = {"time": time_of(kept.kept_at)}
    if kept.is_apart:
        return _("Kept as a draft of its own at %(time)s: another window has this draft, too.") % when
    return _("Kept as a draft at %(time)s.") % when


def why_not_kept(refusal: Refusal) -> str:
    if isinstance(refusal, BodyTooLarge):
        return _("Not kept as a draft: the texts are too long for it. Save them.")
    if isinstance(refusal, TooManyAtOnce):
        return _("Not kept: you have %(count)s drafts. Throw some away under “My drafts”.") % {"count": MOST_DRAFTS}
    if isinstance(refusal, NoLongerOpen):
        return _("This form was saved meanwhile.")
    return _("Not kept as a draft just now. It is tried again.")


# --- Being open ------------------------------------------------------------------------------------------------------


def sign(request: HttpRequest, form: FormKey) -> HttpResponse:
    """Note that a form is still open, or that it was left, and tell its page who else has it open and who saved."""
    by, number = cast(User, request.user), number_in(request.POST)
    if number is None:
        raise Http404
    if "left" in request.POST:
        forget_open_form(id=number, form=str(form), by=by)
        return HttpResponse(status=204)
    note_open_form(id=number, form=str(form), by=by, has_signs=True)
    notices = [*who_else(form, number, by), *saved_since(form, request.POST.get("seen_revision", ""))]
    return JsonResponse({"notices": notices})


def number_in(sent: QueryDict) -> UUID | None:
    return as_id(sent.get(DRAFT_FIELD, ""))


def version_in(sent: QueryDict) -> int:
    given: Any = sent.get(VERSION_FIELD, "")
    return int(given) if given.isdecimal() and len(given) < 9 else 0
