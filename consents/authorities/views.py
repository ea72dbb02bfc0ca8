"""Making a pack about a flagged disclosure, to be taken to a data protection authority."""

import io
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consents.authorities.actions import note_pack
from consents.authorities.forms import PackForm
from consents.authorities.pack import pack_of
from consents.authorities.queries import PackPage, pack_page
from disclosures.models import Authority
from disclosures.public.titles import names_for
from disclosures.record.views import account_number
from privacycenter.accounts.reauthentication import fresh_log_in_required
from privacycenter.errors import TooManyCalls
from privacycenter.http.requests import PersonRequest
from privacycenter.rate_limits.limits import RateLimit
from privacycenter.rate_limits.visitors import counted_if_done, try_again
from privacycenter.text.languages import page_language

MAKING = RateLimit("authority-pack", amount=20, seconds=60 * 60)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@fresh_log_in_required
def authority_pack(request: PersonRequest, id: UUID) -> HttpResponseBase:
    """Show what the pack holds and the authorities; on POST send it. 404 for what has no warning."""
    found = pack_page(request.user, id, names_for(request), account_number(request.GET.get("account", "")))
    if found is None:
        raise Http404
    form = PackForm(request.POST if request.method == "POST" else None, choices=found.choices)
    if request.method != "POST":
        return show(request, found, form)
    if not form.is_valid():
        return show(request, found, form, status=422)
    try:
        with counted_if_done(MAKING, request):
            return send(request, found, form.chosen)
    except TooManyCalls as refusal:
        words = _("You made many packs in a short time. %(try_again)s") % {"try_again": try_again(refusal)}
        form.add_error(None, words)
        return show(request, found, form, status=429)


def send(request: PersonRequest, found: PackPage, authority: Authority) -> HttpResponseBase:
    now, disclosure = timezone.now(), found.page.disclosure
    content = pack_of(request.user, found.page, authority, now)
    note_pack(disclosure=disclosure, authority=authority, language=page_language(), by=request.user)
    name = f"authority-pack-{timezone.localtime(now):%Y-%m-%d}.zip"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type="application/zip")


def show(request: PersonRequest, found: PackPage, form: PackForm, status: int = 200) -> HttpResponse:
    context = {"pack": found, "page": found.page, "form": form, "view_section": "my", "my_section": "disclosures"}
    return render(request, "authorities/authority_pack.html", context, status=status)
