"""Pages for senders of requests to the operator: the form, the look-up, and the list of one's own requests."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disclosures.attachments.actions import kept_to_attach
from disclosures.attachments.forms import NOT_KEPT, AttachForm
from disclosures.content.publications import document_for
from disclosures.inquiries import queries as inquiries
from disclosures.inquiries.actions import Filing, file_inquiry, filed_before
from disclosures.inquiries.forms import SEND_AGAIN, InquiryForm, LookUpForm
from disclosures.inquiries.numbers import is_first_use, new_token
from disclosures.models import Inquiry, InquiryKind
from privacycenter.errors import TooManyCalls
from privacycenter.http.requests import PersonRequest
from privacycenter.models import User
from privacycenter.rate_limits.limits import Allowance, Counted, RateLimit, give_back, spend
from privacycenter.rate_limits.visitors import counted_if_done, mailbox_of, spend_as_visitor, try_again

log = logging.getLogger(__name__)
FILING = RateLimit("inquiry.filing", amount=10, seconds=60 * 60)
LOOKING_UP = RateLimit("inquiry.looking-up", amount=10, seconds=15 * 60)
# Confirmations to an address that nobody has confirmed.
CONFIRMING = RateLimit("mail.inquiry", amount=1, seconds=30 * 24 * 60 * 60)
# Session key: numbers of the requests that this browser may read, because it sent or looked them up.
READABLE = "readable_inquiries"
MOST_READABLE = 20
LONGEST_ABOUT = 200


class FormUsedUp(Exception):
    """Another request was sent with the token of this form."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def inquiry_create(request: HttpRequest) -> HttpResponse:
    """Show the form, or file the request. The same form sent twice leads to the same request."""
    form = sent_form(request) if request.method == "POST" else empty_form(request)
    if not form.is_bound:
        return show_form(request, form)
    if not form.is_valid():
        return show_form(request, form.shown_again(), status=422)
    try:
        return file(request, form)
    except FormUsedUp:
        form.add_error(None, SEND_AGAIN)
        return show_form(request, form.shown_again(is_used_up=True), status=422)
    except TooManyCalls as refusal:
        words = _("Too many requests were sent from here. %(try_again)s") % {"try_again": try_again(refusal)}
        form.add_error(None, words)
        return show_form(request, form.shown_again(), status=429)
    except OSError:
        log.exception("files of a request could not be stored")
        form.add_error("attached", NOT_KEPT)
        return show_form(request, form.shown_again(), status=503)


def file(request: HttpRequest, form: InquiryForm) -> HttpResponse:
    person = person_of(request)
    filing = form.filing()
    with counted_if_done(FILING, request, mailbox_of(filing.email)) as allowance:
        if not is_first_use(filing.token, filing.reference()):
            raise FormUsedUp
        inquiry, is_new, is_confirmed = new_or_same(filing, person)
    if not is_new:
        # Files were sent again, and were perhaps stored again for a moment: that is counted.
        if not filing.uploads:
            give_back(allowance)
    elif is_confirmed:
        messages.success(request, _("We have received your request. A confirmation is on its way to you by e-mail."))
    else:
        messages.success(
            request, _("We have received your request. Please keep its number: no confirmation is sent this time.")
        )
    if person:
        return redirect("my_inquiry", reference=inquiry.reference)
    make_readable(request, inquiry.reference)
    return redirect("inquiry", reference=inquiry.reference)


def new_or_same(filing: Filing, person: User | None) -> tuple[Inquiry, bool, bool]:
    """File a request unless this form was sent before: its files are kept once. Return it, whether it is new, and
    whether it is confirmed by mail."""
    if found := filed_before(filing):
        return found, False, False
    with kept_to_attach(uploads=filing.uploads) as kept:
        confirming = confirmation_to(filing.email, person)
        inquiry, is_new = file_inquiry(filing=filing, kept=kept, is_mail_sent=confirming is not None, by=person)
    if confirming and not is_new:
        give_back(confirming)
    return inquiry, is_new, confirming is not None


def confirmation_to(email: str, person: User | None) -> Allowance | None:
    """Return what a confirmation to this address costs; None if it gets none.

    Strangers can write anybody's address: unless it is that of the person logged in, one mail is all that they cause.
    """
    if person and person.email.casefold() == email.casefold():
        return Allowance(CONFIRMING, 1, 0)
    try:
        return spend(CONFIRMING, Counted("key", mailbox_of(email)))
    except TooManyCalls:
        return None


def empty_form(request: HttpRequest) -> InquiryForm:
    """Return the form with the kind that the URL names and the data of the person logged in."""
    kind, person = InquiryKind.from_code(request.GET.get("kind", "")), person_of(request)
    about = inquiries.about(request.GET.get("about", "")[:LONGEST_ABOUT], person, document_for(request))
    known = {"name": person.display_name, "email": person.email} if person else {}
    initial = {**known, "kind": kind.code if kind else None, "token": new_token()}
    return InquiryForm(about=about, initial=initial)


def sent_form(request: HttpRequest) -> InquiryForm:
    sent = request.POST.get("about", "")[:LONGEST_ABOUT]
    return InquiryForm(
        request.POST,
        request.FILES,
        about=inquiries.about(sent, person_of(request), document_for(request)),
        about_sent=sent,
    )


def show_form(request: HttpRequest, form: InquiryForm, status: int = 200) -> HttpResponse:
    return render(request, "inquiries/inquiry_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def inquiry_lookup(request: HttpRequest) -> HttpResponse:
    """Look up a request by its number and the e-mail address it was sent with."""
    if request.method != "POST":
        initial = {"reference": request.GET.get("reference", "")[:60]}
        return show_lookup(request, LookUpForm(initial=initial))
    form = LookUpForm(request.POST)
    if not form.is_valid():
        return show_lookup(request, form, status=422)
    sought = form.cleaned_data["reference"]
    # Counted before answering, so that concurrent attempts all count.
    try:
        spend_as_visitor(LOOKING_UP, request, sought)
    except TooManyCalls as refusal:
        form.add_error(None, _("Too many attempts. %(try_again)s") % {"try_again": try_again(refusal)})
        return show_lookup(request, form, status=429)
    reference = inquiries.reference_for_sender(sought, form.cleaned_data["email"])
    if not reference:
        form.add_error(None, _("No request has this number and this address. Please check both."))
        return show_lookup(request, form, status=422)
    make_readable(request, reference)
    return redirect("inquiry", reference=reference)


def show_lookup(request: HttpRequest, form: LookUpForm, status: int = 200) -> HttpResponse:
    return render(request, "inquiries/inquiry_lookup.html", {"form": form}, status=status)


@require_safe
@never_cache
def inquiry(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the status page of a request that this browser may read; otherwise redirect to the look-up."""
    if not is_readable(request, reference):
        return redirect(lookup_of(reference))
    return show_inquiry(request, reference, AttachForm())


def show_inquiry(request: HttpRequest, reference: str, form: AttachForm, status: int = 200) -> HttpResponse:
    page = inquiries.inquiry_page(reference, document_for(request))
    if page is None:
        raise Http404
    return render(request, "inquiries/inquiry.html", {"page": page, "attach": form}, status=status)


@require_safe
@never_cache
@login_required
def my_inquiry_list(request: PersonRequest) -> HttpResponse:
    found = inquiries.inquiries_of(request.user, request.GET.get("page", ""))
    context = {"page": found, "view_section": "my", "my_section": "inquiries"}
    return render(request, "inquiries/my_inquiry_list.html", context)


@require_safe
@never_cache
@login_required
def my_inquiry(request: PersonRequest, reference: str) -> HttpResponse:
    return show_my_inquiry(request, reference, AttachForm())


def show_my_inquiry(request: PersonRequest, reference: str, form: AttachForm, status: int = 200) -> HttpResponse:
    page = inquiries.inquiry_of(request.user, reference, document_for(request))
    if page is None:
        raise Http404
    context = {"page": page, "attach": form, "view_section": "my", "my_section": "inquiries"}
    return render(request, "inquiries/my_inquiry.html", context, status=status)


def make_readable(request: HttpRequest, reference: str) -> None:
    """Let this browser open the status page until its session ends, for at most ``MOST_READABLE`` recent numbers."""
    others = [one for one in request.session.get(READABLE, []) if one != reference]
    request.session[READABLE] = [*others, reference][-MOST_READABLE:]


def is_readable(request: HttpRequest, reference: str) -> bool:
    return reference in request.session.get(READABLE, [])


def lookup_of(reference: str) -> str:
    return f"{inquiries.lookup_address()}?reference={reference}"


def person_of(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
