"""Acting for somebody: a representative stays logged in as themself, and reads the pages of the one they act for.

By default a page of a person is closed to representatives. Those that ``SEEN`` and ``ANSWERED`` name are open: there
``request.user`` is the person, seen through the eyes of the representative, and every look is written before the page
is made. All other pages are the representative's own, or closed.
"""

import re
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from consents.models import HeldRepresentation, Representation
from consents.representatives.viewpoints import person_seen_by
from disclosures.models.officers.cases import REPRESENTATIVE
from disclosures.record.actions import log_access
from privacycenter.http.middleware import Handler
from privacycenter.models import User

# Session key: by which representation.
ACTING = "acting_by"
# What whoever may see the record may open, and what whoever may answer may do beside.
SEEN = frozenset({
    "overview", "my_recipient_list", "my_recipient", "my_item", "disclosure_list", "disclosure", "own_case",
    "own_service", "request_list", "approval_request", "decision_list", "decision", "receipt", "receipt_json",
    "receipt_jsonld", "receipt_jws", "receipt_pdf", "my_recall_list", "my_recall",
})  # fmt: skip
ANSWERED = frozenset({
    "decision_create", "withdrawal_create", "undoing_create", "decision_change", "change_create",
    "my_recall_new", "my_recall_create", "my_recall_take_back",
})  # fmt: skip
# Pages of the representative that stay open while they act for somebody.
OWN = frozenset({"my_representative_list", "acting_create", "acting_end", "quick_exit", "account_logout"})
# The pages of a person, in any language. Others are the same for everybody, or the desk's.
OF_A_PERSON = re.compile(r"(?:[a-z-]+/)?(?:my|accounts)/")


@dataclass(frozen=True)
class Acting:
    """Who acts for whom in this request. ``is_inside``: the page is of the one they act for."""

    by: User
    person: User
    representation: Representation
    is_inside: bool

    @property
    def may_decide(self) -> bool:
        return self.representation.may_decide


def acting_for_somebody(get_response: Handler) -> Handler:
    """Open a page of the person for whom somebody acts, if it is open to representatives."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        acting = getattr(request, "acting", None)
        if acting:
            # What follows a view concerns who is logged in.
            request.user = acting.by
        return response

    def process_view(request: HttpRequest, *_view: object) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not OF_A_PERSON.match(match.route) or ACTING not in request.session:
            return None
        return entered(request, str(match.url_name))

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def entered(request: HttpRequest, name: str) -> HttpResponse | None:
    """Make ``request.user`` the person for whom somebody acts, or answer for the page."""
    by = cast(User, request.user)
    found = person_seen_by(by, held_by(by, request.session[ACTING])) if by.is_authenticated else None
    if found is None:
        stop_acting(request)
        messages.warning(request, _("You no longer act for somebody else: the representation has ended."))
        return None if name in OWN else redirect("my_representative_list")
    person, representation = found
    is_open = name in SEEN or (name in ANSWERED and representation.may_decide)
    request.acting = Acting(by, person, representation, is_open)  # type: ignore[attr-defined]
    if is_open:
        what = "represented" if request.method in ("GET", "HEAD") else "represented_act"
        log_access(person=person, what=what, about_id=representation.id, role=REPRESENTATIVE, by=by)
        request.user = person
        return None
    return None if name in OWN else render(request, "representatives/not_open.html", status=403)


def held_by(by: User, representation: str) -> HeldRepresentation | None:
    found: HeldRepresentation | None = by.held_representations.filter(id=representation).first()
    return found


def start_acting(request: HttpRequest, representation: UUID) -> None:
    """Act for somebody from now on. Forms of pages that are open elsewhere are void: they were meant for another."""
    request.session[ACTING] = str(representation)
    rotate_token(request)


def stop_acting(request: HttpRequest) -> None:
    if request.session.pop(ACTING, None):
        rotate_token(request)
