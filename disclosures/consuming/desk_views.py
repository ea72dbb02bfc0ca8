"""Refused messages of queues at the desk: the list, and one message with what is in it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disclosures.consuming import queries
from disclosures.consuming.actions import Retried, opened, retry_some, settle_refused
from disclosures.consuming.forms import ChosenForm, RefusedFilterForm, SettleForm
from disclosures.consuming.shown import ShownMessage, shown_message
from disclosures.record.guarded_views import Found, Look, shows_person
from privacycenter.encryption import CannotOpenError
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User

MAY_SEE, MAY_DO = "disclosures.view_refusedmessage", "disclosures.change_refusedmessage"
# What a form of these pages asks for.
SETTLE, RETRY = "settle", "retry"
# What became of so many messages.
SETTLED = ngettext_lazy(
    "%(count)s message is dealt with. It is kept, and alarms no more.",
    "%(count)s messages are dealt with. They are kept, and alarm no more.",
    "count",
)
SETTLED_BEFORE = ngettext_lazy(
    "Somebody dealt with %(count)s message meanwhile. Nothing changed there.",
    "Somebody dealt with %(count)s messages meanwhile. Nothing changed there.",
    "count",
)
RECORDED = ngettext_lazy(
    "%(count)s message is recorded now, and no longer here.",
    "%(count)s messages are recorded now, and no longer here.",
    "count",
)
STILL_REFUSED = ngettext_lazy(
    "%(count)s message is still refused. The reason is shown as it is now.",
    "%(count)s messages are still refused. The reasons are shown as they are now.",
    "count",
)
GONE = ngettext_lazy(
    "%(count)s message was no longer there: somebody recorded or deleted it meanwhile.",
    "%(count)s messages were no longer there: somebody recorded or deleted them meanwhile.",
    "count",
)
UNREADABLE = ngettext_lazy(
    "%(count)s message cannot be opened: the SECRET_KEY of its time is missing. It stays as it is.",
    "%(count)s messages cannot be opened: the SECRET_KEY of their time is missing. They stay as they are.",
    "count",
)
NOT_TRIED = ngettext_lazy(
    "%(count)s message was not tried: its reporter may not report now. It is paused or stopped, or lacks the "
    "permission. Nothing is lost.",
    "%(count)s messages were not tried: their reporters may not report now. They are paused or stopped, or lack the "
    "permission. Nothing is lost.",
    "count",
)


def front_page(user: User) -> dict[str, int | None]:
    """Return the desk's front-page context for officers."""
    return {"refused_count": queries.waiting_count()} if user.has_perm(MAY_SEE) else {}


# --- The list --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_nobody
def refused_list(request: HttpRequest) -> HttpResponse:
    """List refused messages. POST tries the chosen ones again, or marks them as dealt with."""
    if request.method != "POST":
        return show_list(request)
    is_settling = wanted(request) == SETTLE
    chosen, settling = ChosenForm(request.POST), SettleForm(request.POST if is_settling else None)
    if not chosen.is_valid() or (is_settling and not settling.is_valid()):
        return show_list(request, chosen, settling, status=422)
    ids = chosen.cleaned_data["chosen"]
    if is_settling:
        count = settle_refused(ids=ids, reason=settling.cleaned_data["reason"], by=user_of(request))
        tell_settled(request, count, others=len(set(ids)) - count)
    else:
        tell_retried(request, retry_some(ids=ids))
    return redirect(request.get_full_path())


def show_list(
    request: HttpRequest, chosen: ChosenForm | None = None, settling: SettleForm | None = None, status: int = 200
) -> HttpResponse:
    form = RefusedFilterForm(request.GET)
    filters = form.filters()
    context = {
        **admin.site.each_context(request),
        "title": _("Messages that could not be recorded"),
        "form": form,
        "filters": filters,
        "page": queries.refused_list(filters, request.GET.get("page", "")),
        "chosen_form": chosen,
        "chosen": chosen.given if chosen else [],
        "settle_form": settling or SettleForm(),
        "may_change": request.user.has_perm(MAY_DO),
    }
    return TemplateResponse(request, "consuming/refused_list.html", context, status=status)


# --- One message -----------------------------------------------------------------------------------------------------


def message_shown(request: HttpRequest, id: UUID) -> Found:
    row = queries.refused_called(id)
    if row is None:
        raise Http404
    try:
        page = shown_message(row, opened(row))
    except CannotOpenError:
        return ShownMessage(row, [], None, 0, False, []), None
    if not page.people:
        return page, None
    first, *others = page.people
    return page, Look(first, "refused_message", about_id=row.pk, also=tuple(others))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission_required(MAY_SEE, raise_exception=True)
@shows_person(message_shown)
def refused_message(request: HttpRequest, page: ShownMessage) -> HttpResponse:
    """Show one message. POST tries it again, or marks it as dealt with."""
    if request.method != "POST":
        return show_message(request, page, SettleForm())
    if wanted(request) == RETRY:
        tell_retried(request, retry_some(ids=[page.row.pk]))
        is_there = queries.refused_called(page.row.pk) is not None
        return redirect("admin:refused_message", id=page.row.pk) if is_there else redirect("admin:refused_messages")
    form = SettleForm(request.POST)
    if not form.is_valid():
        return show_message(request, page, form, status=422)
    count = settle_refused(ids=[page.row.pk], reason=form.cleaned_data["reason"], by=user_of(request))
    tell_settled(request, count, others=1 - count)
    return redirect("admin:refused_messages")


def show_message(request: HttpRequest, page: ShownMessage, form: SettleForm, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Message %(position)s") % {"position": page.row.position},
        "page": page,
        "row": page.row,
        "form": form,
        "may_change": request.user.has_perm(MAY_DO),
    }
    return TemplateResponse(request, "consuming/refused_message.html", context, status=status)


# --- What was done ---------------------------------------------------------------------------------------------------


def wanted(request: HttpRequest) -> str:
    """Return what the form that was sent asks for. Raises PermissionDenied, and BadRequest for no form of ours."""
    if not request.user.has_perm(MAY_DO):
        raise PermissionDenied
    form = request.POST.get("form", "")
    if form not in (SETTLE, RETRY):
        raise BadRequest("There is no such form.")
    return form


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def tell_settled(request: HttpRequest, count: int, *, others: int) -> None:
    """``others``: how many of those that were chosen are gone, or were dealt with before."""
    tell(request, messages.SUCCESS, SETTLED, count)
    tell(request, messages.WARNING, SETTLED_BEFORE, others)


def tell_retried(request: HttpRequest, done: Retried) -> None:
    tell(request, messages.SUCCESS, RECORDED, done.recorded)
    tell(request, messages.WARNING, STILL_REFUSED, done.refused)
    tell(request, messages.WARNING, GONE, done.gone)
    tell(request, messages.ERROR, UNREADABLE, done.unreadable)
    tell(request, messages.ERROR, NOT_TRIED, done.stopped)


def tell(request: HttpRequest, level: int, told: Any, count: int) -> None:
    """Say on the next page of how many messages this is so, if of any."""
    if count:
        messages.add_message(request, level, told % {"count": count})
