"""Pages of the desk about change sets: the list, one set with all that can be done with it, and discarding."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from disclosures.change_sets import actions, queries
from disclosures.change_sets.forms import EmbargoForm, LiftForm, LimitForm, MoveForm, NameForm
from disclosures.change_sets.merge_actions import reverse_set
from disclosures.content.publications import document_for, publication_for
from disclosures.models import ChangeSet, SetState
from disclosures.proposals.forms import PublishForm
from disclosures.proposals.views import publish_or_propose, publishes_alone
from privacycenter.errors import Refusal, TextChanged, UnderEmbargo
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.view_changeset", raise_exception=True)
@shows_nobody
def change_set_list(request: HttpRequest) -> HttpResponse:
    """List change sets. POST makes one, or takes what no set explains into one's own."""
    user = cast(User, request.user)
    form = NameForm(request.POST if request.POST.get("do") == "make" else None)
    if request.method == "POST":
        refuse_readers(user)
        if request.POST.get("do") == "take":
            count = actions.take_unexplained(by=user)
            messages.success(request, _("Taken into your change set: %(count)s.") % {"count": count})
            return redirect("admin:change_sets")
        if form.is_valid():
            made = actions.make_set(name=form.cleaned_data["name"], by=user)
            messages.success(request, _("What you change from now on goes into “%(name)s”.") % {"name": made.name})
            return redirect("admin:change_set", pk=made.pk)
    show = request.GET.get("show", queries.MINE)
    context = {
        **admin.site.each_context(request),
        "title": _("Change sets"),
        "page": queries.set_list(show, user, request.GET.get("page", "")),
        "show": show if show in (queries.OTHERS, queries.ENDED) else queries.MINE,
        "current": queries.chosen_set(user),
        "unexplained": queries.unexplained_count(document_for(request)),
        "form": form,
        "may_edit": may_edit(user),
    }
    return TemplateResponse(request, "change_sets/change_set_list.html", context, status=422 if form.errors else 200)


def may_edit(user: User) -> bool:
    return user.has_perm("disclosures.change_changeset")


def refuse_readers(user: User) -> None:
    if not may_edit(user):
        raise PermissionDenied


def set_or_404(pk: int) -> ChangeSet:
    found = queries.find_set(pk)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.view_changeset", raise_exception=True)
@shows_nobody
def change_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one change set. POST ``do`` publishes or proposes it, or does one of ``DOINGS``."""
    found = set_or_404(pk)
    forms_there = forms_of(request, found)
    status = 200
    if request.method == "POST":
        asked = request.POST.get("do", "")
        form = forms_there.get(asked)
        if form is not None and not form.is_valid():
            status = 422
        else:
            answer = do(request, asked, found, form)
            if answer is not None:
                return answer
            found, forms_there, status = set_or_404(pk), forms_of(request, found, is_bound=False), 409
    return show_set(request, found, forms_there, status)


def forms_of(request: HttpRequest, found: ChangeSet, *, is_bound: bool = True) -> dict[str, forms.Form]:
    """Return the forms of the page by what they do; the one that was sent is filled in."""
    sent, asked = request.POST, request.POST.get("do") if is_bound else None

    def data(name: str) -> Any:
        return sent if asked == name else None

    kept = (
        {name: sent.get(name, "") for name in ("reason", "publish_at")} if request.POST.get("do") == "publish" else {}
    )
    return {
        "publish": PublishForm(data("publish"), initial=kept),
        "rename": NameForm(data("rename"), initial={"name": found.name}),
        "embargo": EmbargoForm(data("embargo"), initial={"until": found.embargo_until}, prefix="embargo"),
        "lift": LiftForm(data("lift"), prefix="lift"),
        "limit": LimitForm(data("limit"), initial={"until": found.publish_until}, prefix="limit"),
        "move": MoveForm(data("move"), change_set=found),
    }


def show_set(request: HttpRequest, found: ChangeSet, there: dict[str, forms.Form], status: int) -> HttpResponse:
    user = cast(User, request.user)
    page = queries.set_page(found, publication_for(request), request.GET.get("page", ""))
    there["publish"].initial["seen"] = page.seen
    is_own = found.owner_id in (None, user.pk)
    context = {
        **admin.site.each_context(request),
        "title": found.name,
        "page": page,
        "forms": there,
        "current": queries.chosen_set(user),
        "may_edit": may_edit(user),
        "may_propose": user.has_perm("disclosures.add_proposal"),
        "publishes_alone": publishes_alone(user),
        "is_own": is_own,
        "is_kept_back": found.is_held_back and found.owner_id != user.pk,
        "is_published": found.state == SetState.PUBLISHED,
        "is_discarded": found.state == SetState.DISCARDED,
        "time_zone": settings.TIME_ZONE,
    }
    return TemplateResponse(request, "change_sets/change_set.html", context, status=status)


def do(request: HttpRequest, asked: str, found: ChangeSet, form: forms.Form | None) -> HttpResponse | None:
    """Do what was asked and report it in a message. None: look again at what is there by now."""
    user = cast(User, request.user)
    if asked == "publish":
        return publish(request, found, cast(PublishForm, form))
    refuse_readers(user)
    doing = DOINGS.get(asked)
    if doing is None:
        return redirect("admin:change_set", pk=found.pk)
    try:
        return doing(request, found, form, user)
    except UnderEmbargo:
        messages.error(request, _("It is under embargo. Its owner does this, or somebody lifts the embargo first."))
    except Refusal as refusal:
        messages.error(request, _("Nothing was changed. Look at it as it is now.") + f" ({refusal.detail})")
    return redirect("admin:change_set", pk=found.pk)


def publish(request: HttpRequest, found: ChangeSet, form: PublishForm) -> HttpResponse | None:
    if not request.user.has_perm("disclosures.add_proposal"):
        raise PermissionDenied
    try:
        publish_or_propose(request, **form.cleaned_data, change_set=found)
    except TextChanged:
        messages.warning(request, _("The change set changed since you looked at it. Look again, then publish."))
        return None
    return redirect("admin:change_set", pk=found.pk)


def back_to(found: ChangeSet) -> HttpResponse:
    return redirect("admin:change_set", pk=found.pk)


def choose(request: HttpRequest, found: ChangeSet, _form: Any, user: User) -> HttpResponse:
    actions.choose_set(change_set=found, by=user)
    messages.success(request, _("What you change from now on goes into “%(name)s”.") % {"name": found.name})
    return back_to(found)


def rename(request: HttpRequest, found: ChangeSet, form: Any, user: User) -> HttpResponse:
    actions.rename_set(change_set=found, name=form.cleaned_data["name"], by=user)
    messages.success(request, _("Renamed."))
    return back_to(found)


def put_under_embargo(request: HttpRequest, found: ChangeSet, form: Any, user: User) -> HttpResponse:
    actions.put_under_embargo(change_set=found, until=form.cleaned_data["until"], by=user)
    messages.success(request, _("Under embargo: nobody else's button publishes it."))
    return back_to(found)


def lift(request: HttpRequest, found: ChangeSet, form: Any, user: User) -> HttpResponse:
    actions.lift_embargo(change_set=found, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, _("The embargo is lifted."))
    return back_to(found)


def limit(request: HttpRequest, found: ChangeSet, form: Any, user: User) -> HttpResponse:
    actions.limit_set(change_set=found, until=form.cleaned_data["until"], by=user)
    messages.success(request, _("Saved."))
    return back_to(found)


def move(request: HttpRequest, found: ChangeSet, form: Any, user: User) -> HttpResponse:
    keys = queries.keys_in(request.POST.getlist("entries"))
    if not keys:
        messages.warning(request, _("Tick what shall be moved."))
        return back_to(found)
    to = form.cleaned_data["to"]
    actions.move_entries(change_set=found, keys=keys, to=to, by=user)
    messages.success(request, _("Moved to “%(name)s”.") % {"name": to.name})
    return back_to(found)


def discard(request: HttpRequest, found: ChangeSet, _form: Any, user: User) -> HttpResponse:
    actions.discard_set(change_set=found, by=user)
    messages.success(request, _("Discarded. It is kept here, and can be reopened."))
    return back_to(found)


def reopen(request: HttpRequest, found: ChangeSet, _form: Any, user: User) -> HttpResponse:
    actions.reopen_set(change_set=found, by=user)
    messages.success(request, _("Reopened: its changes are in the working copy again."))
    return back_to(found)


def take_back(request: HttpRequest, found: ChangeSet, _form: Any, user: User) -> HttpResponse:
    made = reverse_set(change_set=found, by=user)
    messages.success(request, _("This set takes it back. Look at it, then publish it."))
    return back_to(made)


Doing = Callable[[HttpRequest, ChangeSet, Any, User], HttpResponse]
DOINGS: dict[str, Doing] = {
    "choose": choose,
    "rename": rename,
    "embargo": put_under_embargo,
    "lift": lift,
    "limit": limit,
    "move": move,
    "discard": discard,
    "reopen": reopen,
    "take_back": take_back,
}


@require_http_methods(["GET", "HEAD"])
@permission_required("disclosures.change_changeset", raise_exception=True)
@shows_nobody
def change_set_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more before a set is discarded."""
    found = set_or_404(pk)
    if not found.is_open:
        return redirect("admin:change_set", pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Discard “%(name)s”?") % {"name": found.name},
        "page": queries.set_page(found, publication_for(request), request.GET.get("page", "")),
    }
    return TemplateResponse(request, "change_sets/change_set_discard.html", context)
