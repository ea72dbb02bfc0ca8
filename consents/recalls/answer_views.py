"""The page by which a recipient answers: whoever has its link, without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consents.recalls.actions import RECIPIENT, take_recall_step
from consents.recalls.forms import AnswerForm
from consents.recalls.links import mail_in
from consents.recalls.queries import AnswerPage, answer_page
from disclosures.public.titles import names_for
from privacycenter.errors import (
    AlreadyCountersigned,
    InvalidValue,
    Refusal,
    RetiredKey,
    StatementDiffers,
    StepDiffers,
    StepTooLate,
    TimeInFuture,
    TooManyCalls,
    UnknownKey,
    WrongSignature,
)
from privacycenter.rate_limits.limits import RateLimit
from privacycenter.rate_limits.visitors import spend_as_visitor, try_again

ANSWERING = RateLimit("recall.answering", amount=30, seconds=60 * 60)
# Why what was signed is not taken. Nothing is recorded then, the answer neither.
SIGNING = (StatementDiffers, InvalidValue, TimeInFuture, AlreadyCountersigned, UnknownKey, RetiredKey, WrongSignature)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def recall_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is asked, or record what the recipient did. 404 for a link that is not ours or whose time is over."""
    mail = mail_in(token)
    page = answer_page(mail, names_for(request)) if mail else None
    if page is None:
        return render(request, "recalls/answer_gone.html", {}, status=404)
    if request.method != "POST":
        return show(request, page, AnswerForm(kinds=page.next_kinds, can_sign=bool(page.signable)))
    return answer(request, page, token)


def answer(request: HttpRequest, page: AnswerPage, token: str) -> HttpResponse:
    form = AnswerForm(request.POST, kinds=page.next_kinds, can_sign=bool(page.signable))
    if not form.is_valid():
        return show(request, page, form, status=422)
    try:
        spend_as_visitor(ANSWERING, request, token)
        take_recall_step(case=page.case, kind=form.kind, reason=form.reason_texts, signed=form.signed, by=RECIPIENT)
    except TooManyCalls as refusal:
        form.add_error(None, _("Too many attempts. %(try_again)s") % {"try_again": try_again(refusal)})
        return show(request, page, form, status=429)
    except (StepTooLate, StepDiffers):
        form.add_error(None, _("Somebody answered meanwhile. Open the link again."))
        return show(request, page, form, status=409)
    except SIGNING as refusal:
        form.add_error(refusal.field, why_not(refusal))
        return show(request, page, form, status=422)
    return render(request, "recalls/answered.html", {"page": page, "is_final": form.kind.is_closing})


def why_not(refusal: Refusal) -> str:
    if isinstance(refusal, AlreadyCountersigned):
        return _("You signed this before. What you signed first stays. Leave both fields empty.")
    if isinstance(refusal, RetiredKey):
        return _("This key is retired. Sign with one that is in use.")
    if isinstance(refusal, UnknownKey | WrongSignature):
        return _("None of your registered keys made this signature for this text.")
    if refusal.field == "signature":
        return _("This is no Ed25519 signature in base64.")
    return _("This is not the text for this answer. Copy it again from above, and sign that.")


def show(request: HttpRequest, page: AnswerPage, form: AnswerForm, status: int = 200) -> HttpResponse:
    return render(request, "recalls/answer.html", {"page": page, "form": form}, status=status)
