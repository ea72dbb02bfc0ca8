"""A person's notices and settings, and unsubscribing by link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from consents.models import Frequency
from consents.notices.actions import choose_preference, mark_read
from consents.notices.forms import PreferenceForm, ReadingForm
from consents.notices.preferences import preference_of
from consents.notices.queries import notice_list as notices_of
from consents.notices.unsubscribing import person_of_token
from disclosures.content.publications import document_for
from privacycenter.http.post_only import posted_from
from privacycenter.http.requests import PersonRequest


@require_safe
@never_cache
@login_required
def notice_list(request: PersonRequest) -> HttpResponse:
    context = {
        "list": notices_of(request.user, document_for(request), request.GET.get("cursor", "")),
        "view_section": "my",
        "my_section": "notices",
    }
    return render(request, "notices/notice_list.html", context)


@never_cache
@posted_from("notice_list")
def reading_create(request: PersonRequest) -> HttpResponse:
    """Mark as read the notices that were on the page, and no others: more may have arrived since."""
    form = ReadingForm(request.POST)
    if form.is_valid():
        mark_read(ids=form.cleaned_data["notice"], by=request.user)
    else:
        messages.error(request, _("That could not be marked as read. Please try again."))
    return redirect("notice_list")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def my_settings(request: PersonRequest) -> HttpResponse:
    if request.method == "POST":
        form = PreferenceForm(request.POST)
        if form.is_valid():
            choose_preference(**form.cleaned_data, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("my_settings")
    else:
        chosen = preference_of(request.user)
        form = PreferenceForm(initial={"frequency": chosen.frequency, "language": chosen.language})
    context = {"form": form, "view_section": "my", "my_section": "settings"}
    return render(request, "notices/my_settings.html", context, status=422 if form.errors else 200)


# The link itself is the permission, and mail programs POST it without a page before it (RFC 8058): there is no session
# that another site could misuse.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End all e-mail on POST. GET changes nothing: mail programs open links by themselves."""
    person = person_of_token(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        choose_preference(frequency=Frequency.NEVER, is_by_link=True, by=person)
    is_ended = preference_of(person).frequency == Frequency.NEVER
    return render(request, "notices/unsubscribe.html", {"is_ended": is_ended})
