"""Pages of the desk for publishing: unpublished changes, proposals, and one publication with its rollback."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disclosures.approvers.queries import new_approvers
from disclosures.approvers.words import TOO_NEW
from disclosures.content.held_copy import held_copy_for, read_copy
from disclosures.content.publications import document_for, publication_for
from disclosures.models import ChangeSet, Proposal, Publication
from disclosures.proposals import queries
from disclosures.proposals.actions import (
    approve_proposal,
    propose_publication,
    propose_republication,
    reject_proposal,
    withdraw_proposal,
)
from disclosures.proposals.forms import PublishForm, ReasonForm, RejectForm
from disclosures.publishing.actions import publish_content, republish
from disclosures.publishing.set_actions import publish_set
from privacycenter.errors import (
    ApproverIsNew,
    ChangesCollide,
    NoLongerOpen,
    NothingToPublish,
    NotPublishable,
    Refusal,
    SecondPersonNeeded,
    TextChanged,
    UnderEmbargo,
)
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User


def publishes_alone(user: User) -> bool:
    """Return whether this person may publish without a second person."""
    return user.has_perm("disclosures.add_publication") and not settings.SECOND_PERSON


# --- Unpublished changes ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.view_publication", raise_exception=True)
@shows_nobody
def pending(request: HttpRequest) -> HttpResponse:
    """Show the unpublished changes and the findings about them. POST publishes or proposes what was shown.

    With ``set``, those of one change set, which have a page of their own.
    """
    if request.method != "POST":
        asked = request.GET.get("set", "")
        is_key = asked.isdecimal() and len(asked) < 19
        return redirect("admin:change_set", pk=int(asked)) if is_key else show_pending(request)
    if not request.user.has_perm("disclosures.add_proposal"):
        raise PermissionDenied
    form = PublishForm(request.POST)
    if not form.is_valid():
        return show_pending(request, form, status=422)
    try:
        publish_or_propose(request, **form.cleaned_data)
    except TextChanged:
        messages.warning(request, _("The working copy changed since you looked at it. Look again, then publish."))
        return show_pending(request, initial=form.cleaned_data, status=409)
    return redirect("admin:pending_changes")


def show_pending(
    request: HttpRequest, form: PublishForm | None = None, *, initial: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Show the page with ``form`` as it was sent, or with a new form for what is shown and these ``initial`` values.

    After a refusal the working copy is read anew, whatever is held: it is compared with what publishing would freeze.
    """
    newest = publication_for(request)
    number = newest.number if newest else 0
    working = read_copy() if request.method == "POST" else held_copy_for(request)
    page = queries.pending_page(working.document, document_for(request), request.GET.get("page", ""), number=number)
    user = cast(User, request.user)
    context = {
        **admin.site.each_context(request),
        "title": _("Changes waiting to be published"),
        "page": page,
        "form": form or PublishForm(initial={**(initial or {}), "seen": page.seen}),
        "may_propose": user.has_perm("disclosures.add_proposal"),
        "publishes_alone": publishes_alone(user),
        "time_zone": settings.TIME_ZONE,
    }
    return TemplateResponse(request, "proposals/pending_changes.html", context, status=status)


def publish_or_propose(
    request: HttpRequest,
    reason: str,
    publish_at: datetime | None = None,
    seen: str | None = None,
    change_set: ChangeSet | None = None,
) -> None:
    """Publish a set, or all that waits, at once if this person may do so alone, otherwise propose it; report the result
    in a message.

    Raises TextChanged if it is no longer what was ``seen``.
    """
    user = cast(User, request.user)

    def publish() -> Publication:
        if change_set is None:
            return publish_content(by=user, reason=reason, seen=seen)
        return publish_set(change_set=change_set, by=user, reason=reason, seen=seen)

    def propose() -> Proposal:
        return propose_publication(reason=reason, publish_at=publish_at, seen=seen, change_set=change_set, by=user)

    tell_outcome(request, publish, propose, is_at_once=publishes_alone(user) and not publish_at)


def tell_outcome(
    request: HttpRequest, publish: Callable[[], Publication], propose: Callable[[], Proposal], *, is_at_once: bool
) -> Publication | Proposal | None:
    """Publish, or propose, and report the result in a message; None if it was refused. Raises TextChanged."""
    try:
        if is_at_once:
            made = publish()
            tell_published(request, made)
            return made
        proposed = propose()
        tell_proposed(request, proposed)
        return proposed
    except TextChanged:
        raise
    except ChangesCollide:
        said = _("Not published: something published since changed the same text. Put both together in the change set.")
        messages.error(request, said)
    except UnderEmbargo:
        said = _("Not published: it is under embargo. Its owner publishes it, or somebody lifts the embargo.")
        messages.error(request, said)
    except NoLongerOpen:
        messages.warning(request, _("Not published: the change set has ended already."))
    except NothingToPublish:
        messages.info(request, _("Nothing changed, so nothing was published."))
    except NotPublishable:
        messages.error(
            request, _("Not published: the content has errors. Open “Changes waiting to be published” to see them.")
        )
    except Refusal:
        messages.error(request, _("Not published. Check the changes waiting to be published, then try again."))
    return None


def tell_published(request: HttpRequest, publication: Publication) -> None:
    said = _("Published as number %(number)s. Visitors see it now.")
    messages.success(request, said % {"number": publication.number})


def tell_proposed(request: HttpRequest, proposal: Proposal) -> None:
    if proposal.publish_at and hasattr(proposal, "approval"):
        at = date_format(localtime(proposal.publish_at), "DATETIME_FORMAT")
        messages.success(request, _("This state of the content will be published on %(at)s.") % {"at": at})
    else:
        messages.success(request, _("Proposed. Somebody who publishes has to approve it."))


# --- Proposals -------------------------------------------------------------------------------------------------------


@require_safe
@permission_required("disclosures.view_proposal", raise_exception=True)
@shows_nobody
def proposal_list(request: HttpRequest) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Proposals"),
        "page": queries.proposal_list(request.GET.get("page", "")),
        "new_approvers": new_approvers(),
    }
    return TemplateResponse(request, "proposals/proposal_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.view_proposal", raise_exception=True)
@shows_nobody
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one proposal. POST ``do`` approves, rejects or withdraws it."""
    page = queries.proposal_page(pk, publication_for(request), request.GET.get("page", ""))
    if page is None:
        raise Http404
    form = RejectForm(request.POST if request.POST.get("do") == "reject" else None)
    if request.method == "POST" and answer(request, page, form):
        return redirect("admin:proposal", pk=pk)
    user = cast(User, request.user)
    is_own = page.view.proposal.proposed_by_id == user.pk
    may_approve = user.has_perm("disclosures.add_proposalapproval")
    context = {
        **admin.site.each_context(request),
        "title": _("Proposal %(number)s") % {"number": pk},
        "page": page,
        "form": form,
        "is_own": is_own,
        "may_approve": may_approve,
        "needs_another": may_approve and is_own and settings.SECOND_PERSON,
    }
    return TemplateResponse(request, "proposals/proposal.html", context, status=422 if form.errors else 200)


def answer(request: HttpRequest, page: queries.ProposalPage, form: RejectForm) -> bool:
    """Do what was asked and report it in a message. Return False if the rejection form is invalid."""
    found, user, asked = page.view.proposal, cast(User, request.user), request.POST.get("do", "")
    if asked == "withdraw" and found.proposed_by_id != user.pk:
        raise PermissionDenied
    if asked != "withdraw" and not user.has_perm("disclosures.add_proposalapproval"):
        raise PermissionDenied
    if asked == "reject" and not form.is_valid():
        return False
    try:
        take_answer(request, asked, found, form)
    except SecondPersonNeeded:
        messages.error(request, _("You proposed this yourself: somebody else has to approve it."))
    except ApproverIsNew:
        messages.error(request, TOO_NEW)
    except NoLongerOpen:
        messages.warning(request, _("Somebody was faster, or something else was published. Look at it as it is now."))
    return True


def take_answer(request: HttpRequest, asked: str, found: Proposal, form: RejectForm) -> None:
    user = cast(User, request.user)
    match asked:
        case "approve":
            publication = approve_proposal(proposal=found, by=user)
            if publication:
                tell_published(request, publication)
            else:
                messages.success(request, _("Approved. It is published at its time."))
        case "reject":
            reject_proposal(proposal=found, note=form.cleaned_data["note"], by=user)
            messages.success(request, _("Rejected."))
        case "withdraw":
            withdraw_proposal(proposal=found, by=user)
            messages.success(request, _("Withdrawn. It will not be published."))


# --- Rolling back ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.view_publication", raise_exception=True)
@shows_nobody
def publication(request: HttpRequest, number: int) -> HttpResponse:
    """Show what rolling back to a publication would change for visitors. POST publishes or proposes it again."""
    page = queries.publication_page(number, publication_for(request), request.GET.get("page", ""))
    if page is None:
        raise Http404
    form = ReasonForm(request.POST or None, initial={"reason": _("Back to number %(n)s") % {"n": number}})
    if request.method == "POST":
        if not request.user.has_perm("disclosures.add_publication"):
            raise PermissionDenied
        if form.is_valid():
            go_back(request, page.publication, form.cleaned_data["reason"])
            return redirect("admin:publication", number=number)
    context = {
        **admin.site.each_context(request),
        "title": _("Publication %(number)s") % {"number": number},
        "page": page,
        "form": form,
        "may_publish": request.user.has_perm("disclosures.add_publication"),
        "publishes_alone": publishes_alone(cast(User, request.user)),
    }
    return TemplateResponse(request, "proposals/publication.html", context, status=422 if form.errors else 200)


def go_back(request: HttpRequest, old: Publication, reason: str) -> None:
    user = cast(User, request.user)
    try:
        if publishes_alone(user):
            tell_published(request, republish(publication=old, by=user, reason=reason))
        else:
            tell_proposed(request, propose_republication(publication=old, reason=reason, by=user))
    except NothingToPublish:
        messages.info(request, _("Visitors see this publication already."))
