"""A form that comes after a log-in has ended is kept, and shown again once its sender is back."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from privacycenter.accounts.desk_door import opens_desk
from privacycenter.accounts.log_in_limits import known_device
from privacycenter.accounts.session_ends import leads_to_log_in
from privacycenter.errors import Refusal
from privacycenter.http.middleware import Handler
from privacycenter.kept_forms.actions import KEPT_FOR, Typed, forget_form, keep_form, open_form
from privacycenter.kept_forms.drafts import live_draft, typed_in_draft
from privacycenter.kept_forms.fields import KEPT_FIELD, typed_fields
from privacycenter.kept_forms.filling import filled

# The parameters of a page's address that name what is shown in its form.
KEPT, DRAFT = "kept", "draft"


def forms_outlive_log_ins(get_response: Handler) -> Handler:
    """Keep a form of the desk that was sent without a log-in, fill it in for its sender, forget it once it is sent.

    A draft (``draft_actions``) is filled in the same way for its writer, and stays until it is saved or thrown away.
    Of other forms, which have little to type and may be answers, it is said at the log-in that nothing was saved.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            return after_sending(request, get_response(request))
        if request.method == "GET" and is_at_desk(request):
            if KEPT in request.GET:
                return with_what_was_kept(request, get_response)
            if DRAFT in request.GET:
                return with_draft(request, get_response)
        return get_response(request)

    return middleware


def is_at_desk(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index"))


# --- Sending ---------------------------------------------------------------------------------------------------------


def after_sending(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if leads_back_here(response):
        return response if request.user.is_authenticated else kept_or_told(request, response)
    if (
        is_at_desk(request)
        and response.status_code < 500
        and KEPT_FIELD in request.POST
        and request.user.is_authenticated
    ):
        forget_form(token=request.POST[KEPT_FIELD], by=request.user)
    return response


def leads_back_here(response: HttpResponse) -> bool:
    """Whether the answer sends the browser to log in and then to a page of ours."""
    return leads_to_log_in(response) and REDIRECT_FIELD_NAME in QueryDict(urlsplit(response.headers["Location"]).query)


def kept_or_told(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        # A script asked, such as that of the preview: nobody sees the answer.
        return response
    typed = typed_at_desk(request, response)
    token = kept(request, typed) if typed else ""
    if token:
        response.headers["Location"] = leading_to(response.headers["Location"], token)
        messages.warning(
            request,
            _(
                "Your log-in had ended, so this is not saved. What you typed is kept for %(hours)s hours: log in, and "
                "the form comes back with it."
            )
            % {"hours": KEPT_FOR.days * 24 + KEPT_FOR.seconds // 3600},
        )
    else:
        messages.warning(
            request,
            _("You were logged out, so nothing was saved and no answer was recorded. Log in and try again."),
        )
    return response


def typed_at_desk(request: HttpRequest, response: HttpResponse) -> Typed | None:
    """Return what a form of the desk held; None if that was nothing, or a choice of rows in a list."""
    fields = typed_fields(request.POST)
    if not (is_at_desk(request) and fields) or ACTION_CHECKBOX_NAME in request.POST:
        return None
    page = QueryDict(urlsplit(response.headers["Location"]).query)[REDIRECT_FIELD_NAME]
    return Typed(without_kept(page), request.path, fields, had_files=bool(request.FILES))


def kept(request: HttpRequest, typed: Typed) -> str:
    """Keep it and return its token; empty if nobody knows whose it is, it is too large, or too many are kept."""
    owner = request.session.get(SESSION_KEY) or getattr(request.session, "was_of", None)
    device = known_device(request)
    if not (owner or device):
        return ""
    try:
        return keep_form(typed=typed, account=int(owner) if owner else None, browser=device.number if device else "")
    except Refusal:
        return ""


def leading_to(location: str, token: str) -> str:
    """Return the address of the log-in, whose way back names the kept form."""
    parts = urlsplit(location)
    query = QueryDict(parts.query, mutable=True)
    page = urlsplit(without_kept(str(query[REDIRECT_FIELD_NAME])))
    query[REDIRECT_FIELD_NAME] = urlunsplit(
        page._replace(query="&".join(filter(None, [page.query, urlencode({KEPT: token})])))
    )
    return urlunsplit(parts._replace(query=query.urlencode(safe="/")))


def without_kept(address: str) -> str:
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    if query.pop(KEPT, None) is None:
        return address
    return urlunsplit(parts._replace(query=query.urlencode()))


# --- Coming back -----------------------------------------------------------------------------------------------------


def with_what_was_kept(request: HttpRequest, get_response: Handler) -> HttpResponse:
    """Answer with the form that was kept when a log-in had ended, if it was kept for who asks."""
    token = request.GET[KEPT]
    typed = kept_for(request, token)
    request.GET = without(request.GET, KEPT, DRAFT)  # type: ignore[assignment]
    return with_what_was_typed(request, get_response, typed, "kept_forms/_note.html", {"token": token})


def with_draft(request: HttpRequest, get_response: Handler) -> HttpResponse:
    """Answer with the form filled in from one's own draft, which the view knows as ``request.draft``."""
    draft = live_draft(request.GET[DRAFT], request.user) if may_see_the_desk(request) else None
    typed = typed_in_draft(draft) if draft else None
    request.GET = without(request.GET, DRAFT)  # type: ignore[assignment]
    request.draft = draft if typed else None  # type: ignore[attr-defined]
    if typed:
        # The same entry in another language, or made again, is at another address.
        typed = replace(typed, page=request.path, address=request.path)
    return with_what_was_typed(request, get_response, typed, "kept_forms/_draft_note.html", {"draft": draft})


def with_what_was_typed(
    request: HttpRequest, get_response: Handler, typed: Typed | None, note: str, context: dict[str, Any]
) -> HttpResponse:
    """Answer as ever, and fill the form in. Views do not see the parameter; one that is not the form's sets
    ``request.kept_form`` to None."""
    request.kept_form = typed  # type: ignore[attr-defined]
    response = get_response(request)
    typed = request.kept_form  # type: ignore[attr-defined]
    if typed is None or leads_to_log_in(response) or response.status_code >= 500:
        return response
    return shown_in_form(request, response, typed, note, context) or shown_alone(request, typed)


def may_see_the_desk(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.user.is_staff and opens_desk(request))


def kept_for(request: HttpRequest, token: str) -> Typed | None:
    """Return what was kept for a member of staff at this page; None for everybody else."""
    if not (request.user.is_authenticated and may_see_the_desk(request)):
        return None
    device = known_device(request)
    typed = open_form(token=token, browser=device.number if device else "", by=request.user)
    return typed if typed and urlsplit(typed.page).path == request.path else None


def shown_in_form(
    request: HttpRequest, response: HttpResponse, typed: Typed, note: str, context: dict[str, Any]
) -> HttpResponse | None:
    if response.status_code != 200 or response.streaming or "html" not in response.headers.get("Content-Type", ""):
        return None
    page = filled(response.content.decode(), typed)
    if page is None:
        return None
    said = render_to_string(note, {"typed": typed, "homeless": page.homeless, **context})
    response.content = f"{page.before}{said}{page.after}"
    return response


def shown_alone(request: HttpRequest, typed: Typed) -> HttpResponse:
    """Show the texts to copy them, where the page has no place for them any more."""
    fields = [(name, value) for name, value in typed.fields if value.strip()]
    return render(request, "kept_forms/texts.html", {"typed": typed, "fields": fields, "desk": reverse("admin:index")})


def without(given: QueryDict, *names: str) -> QueryDict:
    rest = given.copy()
    for name in names:
        rest.pop(name, None)
    return rest
