"""Exporting the record: choose filters and format, wait for a long file, fetch it."""

import logging
from collections.abc import Iterator
from itertools import chain
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget

from consents.exports import file_store
from consents.exports import queries as exports
from consents.exports.actions import (
    Wanted,
    begin_sending,
    fail_sending,
    note_fetched,
    remake_export,
    request_export,
)
from consents.exports.forms import ExportForm, narrowing
from consents.exports.record import Record, record_of
from consents.exports.record.summary import extent
from consents.exports.words import narrowed_words, period_words
from consents.models import Export
from disclosures.record.accesses import WITHHELD
from disclosures.record.forms import FilterForm
from privacycenter.accounts.reauthentication import fresh_log_in_required
from privacycenter.errors import TooManyAtOnce, TooManyCalls
from privacycenter.http.requests import PersonRequest
from privacycenter.rate_limits.limits import RateLimit
from privacycenter.rate_limits.visitors import counted_if_done, try_again
from privacycenter.text.languages import page_language, speaking

log = logging.getLogger(__name__)
TAKING = RateLimit("export", amount=30, seconds=60 * 60)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@fresh_log_in_required
def export(request: PersonRequest) -> HttpResponseBase:
    """Show the form; on POST send a short file at once, or redirect to the page of a long one."""
    query = narrowing(request.GET)
    record = record_of(request.user, FilterForm(QueryDict(query)).filters(), timezone.now())
    if request.method != "POST":
        return show(request, record, query, ExportForm())
    form = ExportForm(request.POST)
    if not form.is_valid():
        return show(request, record, query, form, status=422)
    try:
        with counted_if_done(TAKING, request):
            return take_home(request, record, query, form.cleaned_data["format"])
    except TooManyCalls as refusal:
        words = _("You asked for your record too many times in a short time. %(try_again)s") % {
            "try_again": try_again(refusal)
        }
        form.add_error(None, words)
    except TooManyAtOnce:
        form.add_error(None, _("Two files are being made for you. Please wait until one of them is ready."))
    return show(request, record, query, form, status=429)


def take_home(request: PersonRequest, record: Record, query: str, format: str) -> HttpResponseBase:
    language = page_language()
    wanted = Wanted(format, query, language, row_count=extent(record).disclosure_count)
    if not file_store.is_made_at_once(format, wanted.row_count):
        requested = request_export(wanted=wanted, by=request.user)
        return redirect("export_status", id=requested.id)
    sending = begin_sending(wanted=wanted, by=request.user)
    pieces = in_language(language, file_store.pieces(record, format))
    try:
        # A PDF is one piece. What fails here has a page that says so; later the file can only break off.
        first = next(pieces)
    except Exception:
        log.exception("export %s could not be made", sending.id)
        fail_sending(export=sending)
        return show_failed(request, sending)
    name = file_store.download_name(format, record.made_at, is_whole=record.is_whole)
    return StreamingHttpResponse(
        recorded(chain([first], pieces), sending),
        content_type=file_store.CONTENT_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def show_failed(request: PersonRequest, export: Export) -> HttpResponse:
    page = exports.export_page(request.user, export.id)
    if page is None:
        raise Http404
    return show_status(request, page, status=500)


def in_language(language: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the pieces, each made in this language: streaming outlasts the request's own."""
    while True:
        with speaking(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def recorded(pieces: Iterator[bytes], export: Export) -> Iterator[bytes]:
    """Yield the pieces, then record that all of them were sent: the server asks for more only after it has sent what it
    has. If the person's side breaks off, nothing is recorded; if ours does, that.
    """
    try:
        yield from pieces
    except Exception:
        fail_sending(export=export)
        raise
    note_fetched(export=export)


def show(request: PersonRequest, record: Record, query: str, form: ExportForm, status: int = 200) -> HttpResponse:
    found = extent(record)
    context = {
        "form": form,
        "query": query,
        "narrowed": narrowed_words(record),
        "extent": found,
        "period": period_words(found),
        "withheld": WITHHELD,
        "exports": exports.export_list(request.user),
        "view_section": "my",
        "my_section": "export",
    }
    return render(request, "exports/export.html", context, status=status)


@require_safe
@never_cache
@login_required
def export_status(request: PersonRequest, id: UUID) -> HttpResponse:
    page = exports.export_page(request.user, id)
    if page is None:
        raise Http404
    return show_status(request, page)


def show_status(request: PersonRequest, page: exports.ExportRow, status: int = 200) -> HttpResponse:
    """Show how it stands with a file. htmx asks again and again while it is made: it gets how far it is, from the same
    template, and at the end what there is then.
    """
    context = {"page": page, "view_section": "my", "my_section": "export"}
    if not request.htmx:
        return render(request, "exports/export_status.html", context, status=status)
    if page.is_being_made:
        return render(request, "exports/export_status.html#progress", context)
    over = render(request, "exports/export_status.html#file", context)
    return reswap(retarget(over, "#file"), "outerHTML")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@fresh_log_in_required
def export_fetch(request: PersonRequest, id: UUID) -> HttpResponseBase:
    """Send the file to its person on POST. GET, as after logging in again, redirects to the page with the button."""
    found = exports.export_of(request.user, id)
    if found is None:
        raise Http404
    if request.method != "POST":
        return redirect("export_status", id=id)
    page = exports.row_of(found)
    if not page.can_be_fetched:
        return show_status(request, page, status=409)
    if is_made_anew(found):
        return redirect("export_status", id=id)
    return file_response(found) or show_status(request, page, status=410)


def is_made_anew(found: Export) -> bool:
    """Have the file made anew if it may hold what is kept from its person by law since, and return whether it is."""
    if not exports.is_outdated(found):
        return False
    remake_export(export=found)
    file_store.delete(found.file_name)
    return True


def file_response(found: Export) -> HttpResponseBase | None:
    """Return the file as a download, which is recorded once all of it is sent. None if it is not kept any more."""
    try:
        pieces = file_store.sent(found.file_name)
    except FileNotFoundError:
        return None
    format = file_store.type_of(found.file_name)
    name = file_store.download_name(format, found.requested_at, is_whole=not found.query)
    return StreamingHttpResponse(
        recorded(pieces, found),
        content_type=file_store.CONTENT_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(found.size_bytes)},
    )
