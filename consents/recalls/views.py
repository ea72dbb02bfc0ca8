"""A person's recalls: the list, what a new one would do, filing it, following it, taking it back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.acting.queries import acted_for
from consents.models import RecallKind
from consents.recalls.about import About
from consents.recalls.actions import file_recall, take_back_recall
from consents.recalls.choices import recall_choices
from consents.recalls.forms import ASKED, RecallForm, about_or_none
from consents.recalls.queries import recall_list, recall_page, recall_preview
from disclosures.public.titles import names_for
from privacycenter.errors import InvalidValue, NoLongerOpen, TooManyCalls
from privacycenter.http.post_only import posted_from
from privacycenter.http.requests import PersonRequest
from privacycenter.models import RowKind
from privacycenter.rate_limits.limits import RateLimit
from privacycenter.rate_limits.visitors import counted_if_done, try_again

FILING = RateLimit("recall.filing", amount=20, seconds=60 * 60)
HERE = {"view_section": "my", "my_section": "recalls"}


@require_safe
@never_cache
@login_required
def my_recall_list(request: PersonRequest) -> HttpResponse:
    page = recall_list(request.user, names_for(request), request.GET.get("page", ""))
    return render(request, "recalls/my_recall_list.html", {"page": page, **HERE})


@require_safe
@never_cache
@login_required
def my_recall_new(request: PersonRequest) -> HttpResponse:
    """List what can be recalled or, with ``about``, say whom a recall would ask for what. Saves nothing."""
    names = names_for(request)
    if "about" not in request.GET:
        context = {"choices": recall_choices(request.user, names), **HERE}
        return render(request, "recalls/my_recall_choices.html", context)
    about = about_or_none(request.GET["about"])
    if about is None:
        raise Http404
    return show_preview(
        request,
        about,
        RecallForm(
            initial={"about": about.value, "kind": kind_named(request), "incident": request.GET.get("incident", "")}
        ),
    )


def kind_named(request: HttpRequest) -> str:
    """Return the kind that the address names, empty if it names none: then nothing is preselected."""
    kind = request.GET.get("kind", "")
    return kind if kind in RecallKind.values else ""


def show_preview(request: PersonRequest, about: About, form: RecallForm, status: int = 200) -> HttpResponse:
    # Nothing is left out while no kind is chosen: what is asked already depends on it.
    kind = form["kind"].value() if form["kind"].value() in RecallKind.values else ""
    page = recall_preview(request.user, about, kind, names_for(request))
    if page is None:
        raise Http404
    context = {"page": page, "form": form, **HERE}
    return render(request, "recalls/my_recall_new.html", context, status=status)


@never_cache
@posted_from("my_recall_new")
def my_recall_create(request: PersonRequest) -> HttpResponse:
    form = RecallForm(request.POST)
    form.is_valid()
    about = form.cleaned_data.get("about")
    if about is None or "incident" in form.errors or not is_told_of(request, form.cleaned_data.get("incident")):
        raise Http404
    if form.errors:
        return show_preview(request, about, form, status=422)
    try:
        with counted_if_done(FILING, request):
            incident = form.cleaned_data["incident"]
            recall = file_recall(kind=form.chosen_kind, about=about, incident=incident, by=request.user)
    except NoLongerOpen:
        form.add_error(None, _("You can no longer do this for this person."))
        return show_preview(request, about, form, status=409)
    except InvalidValue:
        form.add_error(None, _("Nobody is left to be asked: an open recall asks for the same already."))
        return show_preview(request, about, form, status=422)
    except TooManyCalls as refusal:
        form.add_error(
            None, _("You filed many recalls in a short time. %(try_again)s") % {"try_again": try_again(refusal)}
        )
        return show_preview(request, about, form, status=429)
    messages.success(request, _("Sent. Here you follow what each company does."))
    return redirect("my_recall", id=recall.id)


def is_told_of(request: PersonRequest, incident: UUID | None) -> bool:
    """Return whether the person was told of the incident that the form names, if it names one."""
    return incident is None or request.user.incident_notices.filter(id=incident).exists()


@require_safe
@never_cache
@login_required
def my_recall(request: PersonRequest, id: UUID) -> HttpResponse:
    page = recall_page(request.user, id, names_for(request))
    if page is None:
        raise Http404
    acted_by = acted_for(request.user, RowKind.RECALL, [id]).get(id)
    context = {"page": page, "asked": ASKED[page.kind], "acted_by": acted_by, **HERE}
    return render(request, "recalls/my_recall.html", context)


@never_cache
@posted_from("my_recall", "id")
def my_recall_take_back(request: PersonRequest, id: UUID) -> HttpResponse:
    """Take back a whole recall, or the ``case`` that the form names."""
    case = request.POST.get("case", "")
    if not request.user.recalls.filter(id=id).exists():
        raise Http404
    try:
        take_back_recall(recall=id, case=UUID(case) if case else None, by=request.user)
    except ValueError as error:
        raise Http404 from error
    except NoLongerOpen:
        messages.warning(request, _("Nothing of it was open any more, so there was nothing to take back."))
    else:
        messages.success(request, _("Taken back. What a company had done before stays done."))
    return redirect("my_recall", id=id)
