"""Files of requests for their senders: sending more of them while a request waits, and downloading each."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from disclosures.attachments.actions import attach_more, kept_to_attach, new_uploads
from disclosures.attachments.downloads import download_of
from disclosures.attachments.forms import NOT_KEPT, AttachForm
from disclosures.inquiries.queries import attachment_for_sender, attachment_of_person, inquiry_called, own_inquiry
from disclosures.inquiries.views import is_readable, lookup_of, show_inquiry, show_my_inquiry
from disclosures.models import Attachment, Inquiry
from privacycenter.errors import NoLongerOpen, Refusal, TooManyCalls
from privacycenter.http.requests import PersonRequest
from privacycenter.rate_limits.limits import RateLimit
from privacycenter.rate_limits.visitors import spend_as_visitor, try_again

log = logging.getLogger(__name__)
ATTACHING = RateLimit("inquiry.attaching", amount=10, seconds=60 * 60)
# Shows the page again with this form and status.
Shown = Callable[[AttachForm, int], HttpResponse]


@require_POST
@never_cache
def inquiry_files(request: HttpRequest, reference: str) -> HttpResponse:
    """Attach files from the status page, for whoever may open it."""
    if not is_readable(request, reference):
        return redirect(lookup_of(reference))
    found = inquiry_called(reference)
    return attach(request, found, lambda form, status: show_inquiry(request, reference, form, status), "inquiry")


@require_POST
@never_cache
@login_required
def my_inquiry_files(request: PersonRequest, reference: str) -> HttpResponse:
    found = own_inquiry(request.user, reference)
    return attach(request, found, lambda form, status: show_my_inquiry(request, reference, form, status), "my_inquiry")


def attach(request: HttpRequest, inquiry: Inquiry | None, shown: Shown, page: str) -> HttpResponse:
    """Attach what was sent and go back to the page, or show what is wrong with it."""
    if inquiry is None:
        raise Http404
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        return shown(form, 422)
    try:
        # Counted also if it is refused: who tries again and again should not have files stored each time.
        spend_as_visitor(ATTACHING, request, inquiry.reference)
        with kept_to_attach(uploads=new_uploads(inquiry, form.cleaned_data["attached"])) as kept:
            attach_more(inquiry=inquiry, kept=kept)
    except TooManyCalls as refusal:
        form.add_error(None, _("Too many files were sent from here. %(try_again)s") % {"try_again": try_again(refusal)})
        return shown(form, 429)
    except Refusal as refusal:
        form.add_error("attached", words_of(refusal))
        return shown(form, refusal.status)
    except OSError:
        log.exception("files of a request could not be stored")
        form.add_error("attached", NOT_KEPT)
        return shown(form, 503)
    messages.success(request, _("Your files were added to your inquiry."))
    return redirect(page, reference=inquiry.reference)


def words_of(refusal: Refusal) -> str:
    if isinstance(refusal, NoLongerOpen):
        return _("Your inquiry was answered meanwhile, so nothing was added. Please write to us again.")
    return _("At most 20 files can go with one inquiry, so nothing was added.")


@require_safe
@never_cache
def inquiry_file(request: HttpRequest, reference: str, id: UUID) -> HttpResponseBase:
    if not is_readable(request, reference):
        return redirect(lookup_of(reference))
    return given(attachment_for_sender(reference, id))


@require_safe
@never_cache
@login_required
def my_inquiry_file(request: PersonRequest, reference: str, id: UUID) -> HttpResponseBase:
    return given(attachment_of_person(request.user, reference, id))


def given(attachment: Attachment | None) -> HttpResponseBase:
    if attachment is None:
        raise Http404
    return download_of(attachment)
