"""Pages of the desk for translations: what is missing or older, files for translators, and files from them."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disclosures.content.held_copy import held_copy
from disclosures.languages.actions import confirm_translation
from disclosures.languages.languages_shown import language_beside
from disclosures.translating import csv_file, xliff
from disclosures.translating.actions import take_translations
from disclosures.translating.comparing import Comparison, compared
from disclosures.translating.forms import (
    LARGEST_COMPARED,
    ConfirmForm,
    TakeForm,
    TranslationFileForm,
    TranslationFilter,
    compared_token,
)
from disclosures.translating.hints import hints_of
from disclosures.translating.queries import language_counts, latest_confirmations, units_wanted
from disclosures.translating.returned import Problem, Returned, UnreadableFile
from disclosures.translating.units import where
from privacycenter.errors import InvalidValue, TextChanged
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User
from privacycenter.text.languages import name_of

PER_PAGE = 50
# Differences that a page of a compared file shows; all of them are taken.
MOST_SHOWN = 500
WRITERS = {"xliff": (xliff.written, xliff.CONTENT_TYPE, "xlf"), "csv": (csv_file.written, csv_file.CONTENT_TYPE, "csv")}


@require_safe
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def translations(request: HttpRequest) -> HttpResponse:
    """List the translations of one language that are missing or older than their Japanese text."""
    document = held_copy().document
    form = TranslationFilter(request.GET, document, language_beside(request))
    language = form.asked["language"]
    context = {
        **admin.site.each_context(request),
        "title": _("Translations"),
        "counts": language_counts(document),
        "filter": form,
        "asked": urlencode(form.asked),
        "language": language,
        "language_name": name_of(language) if language else "",
        "page": Paginator(units_wanted(document, **form.wanted_units), PER_PAGE).get_page(request.GET.get("page", "")),
        "confirmations": latest_confirmations(document, language),
    }
    return TemplateResponse(request, "translating/translations.html", context)


@require_safe
@permission_required("disclosures.view_page", raise_exception=True)
@shows_nobody
def translation_file(request: HttpRequest) -> HttpResponse:
    """Download for a translator what the list shows."""
    document = held_copy().document
    form = TranslationFilter(request.GET, document, language_beside(request))
    language = form.asked["language"]
    write, content_type, ending = WRITERS.get(request.GET.get("format", ""), WRITERS["xliff"])
    found = units_wanted(document, **form.wanted_units)
    if not found:
        # A file without a text is none: XLIFF has at least one unit.
        messages.info(request, _("There is nothing to translate in this list, so there is no file."))
        return redirect(f"{reverse('admin:translations')}?{urlencode(form.asked)}")
    content = write(((unit, where(document, unit), hints_of(unit)) for unit in found), language)
    name = f"translations-{language}-{timezone.localdate():%Y%m%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


@require_POST
@permission_required("disclosures.change_page", raise_exception=True)
@shows_nobody
def confirm(request: HttpRequest) -> HttpResponse:
    """Say that a translation is still right, and go back to the list."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such text. Choose one from the list."))
        return redirect(back_to_list(request))
    place, language = form.cleaned_data["text"], form.cleaned_data["language"]
    by = cast(User, request.user)
    try:
        is_done = confirm_translation(place=place, language=language, seen=form.cleaned_data["seen"], by=by)
    except TextChanged:
        messages.warning(request, _("The Japanese text was changed meanwhile. Look at it again."))
        return redirect(back_to_list(request))
    told = _("It is recorded that this translation is still right.") if is_done else _("It is up to date already.")
    messages.success(request, told)
    return redirect(back_to_list(request))


def back_to_list(request: HttpRequest) -> str:
    wanted, own = request.POST.get("next", ""), reverse("admin:translations")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(own)
    return wanted if is_ours else own


# --- A file from a translator ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("disclosures.change_page", raise_exception=True)
@shows_nobody
def take_file(request: HttpRequest) -> HttpResponse:
    """Compare a translator's file with the working copy, then take exactly what was compared."""
    if request.method != "POST":
        return show(request, TranslationFileForm(initial={"language": request.GET.get("language", "")}))
    return take(request) if "compared" in request.POST else compare(request)


def compare(request: HttpRequest) -> HttpResponse:
    """Read the file and show what it would change. Changes nothing."""
    form = TranslationFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form, status=422)
    language = form.cleaned_data["language"]
    try:
        returned = read(form.cleaned_data["file"], language)
        found = compared(returned, held_copy().document, language)
        token = compared_token(language, found.proposed)
        if len(token) > LARGEST_COMPARED:
            raise UnreadableFile(_("This file is too large to be taken at once. Split it."))
    except UnreadableFile as error:
        return show(request, form, problems=[Problem("", "", str(error))], status=422)
    return show_compared(request, found, language, token)


def read(content: bytes, language: str) -> Returned:
    """Return what the file holds. Raises UnreadableFile, also if it is in another language."""
    is_xml = content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") or content[:4] in (b"\xff\xfe<\0", b"\xfe\xff\0<")
    returned = xliff.read(content) if is_xml else csv_file.read(content)
    if returned.language.lower() != language:
        told = _("The file is in another language: it says “%(code)s”, and you chose “%(wanted)s”.")
        raise UnreadableFile(told % {"code": returned.language[:20], "wanted": language})
    return returned


def show_compared(request: HttpRequest, found: Comparison, language: str, token: str) -> HttpResponse:
    more: dict[str, Any] = {
        "comparison": found,
        "language_name": name_of(language),
        "certain": found.certain[:MOST_SHOWN],
        "doubtful": found.doubtful[:MOST_SHOWN],
        "take_form": TakeForm(initial={"compared": token}),
        "problems": found.problems,
    }
    return show(request, TranslationFileForm(initial={"language": language}), **more)


def take(request: HttpRequest) -> HttpResponse:
    form = TakeForm(request.POST)
    if not form.is_valid():
        for error in form.errors.get("compared", []):
            messages.error(request, str(error))
        return show(request, TranslationFileForm(), status=422)
    language, wanted = form.cleaned_data["compared"]["language"], form.translations()
    try:
        number = take_translations(language=language, translations=wanted, by=cast(User, request.user))
    except TextChanged as refusal:
        told = _("“%(text)s” was changed meanwhile. Nothing was taken. Upload the file again and look.")
        return show_refused(request, told % {"text": refusal.field}, status=409)
    except InvalidValue as refusal:
        told = _("“%(text)s” cannot be taken. Nothing was taken. Upload the file again and look.")
        return show_refused(request, told % {"text": refusal.field}, status=422)
    told = ngettext(
        "One translation was taken. Visitors see it once it is published.",
        "%(number)s translations were taken. Visitors see them once they are published.",
        number,
    )
    messages.success(request, told % {"number": number})
    return redirect(f"{reverse('admin:translations')}?{urlencode({'language': language})}")


def show_refused(request: HttpRequest, told: str, status: int) -> HttpResponse:
    messages.warning(request, told)
    return show(request, TranslationFileForm(), status=status)


def show(request: HttpRequest, form: TranslationFileForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("A file from a translator"), "form": form, **more}
    return TemplateResponse(request, "translating/take_file.html", context, status=status)
