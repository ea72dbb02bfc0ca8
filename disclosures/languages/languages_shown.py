"""Which languages a form of the desk shows: the Japanese text, and beside it one other that its editor chose."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from disclosures.content.publications import Document
from disclosures.content.working_copy import MODELS
from disclosures.models import DeskLanguage
from privacycenter.text.languages import other_languages, site_languages

# The parameter of an address, and the field of a form that says what it shows.
BESIDE = "beside"


def languages_shown(request: HttpRequest) -> list[str]:
    """Return the languages of this form, the default one first.

    A form that is sent says itself which it has; one that says nothing has all of them. At most one SQL statement,
    and none with two languages.
    """
    if request.method == "POST" and request.POST.get(BESIDE) not in other_languages():
        return site_languages()
    language = language_beside(request)
    return [settings.LANGUAGE_CODE, language] if language else site_languages()


def language_beside(request: HttpRequest) -> str:
    """Return the language beside the Japanese: the form's own, the asked for, the remembered, or else the first.

    Empty if the site has no other.
    """
    others = other_languages()
    if len(others) < 2:
        return others[0] if others else ""
    found: str | None = getattr(request, "language_beside", None)
    if found is None:
        asked = [request.POST.get(BESIDE, ""), in_kept_form(request), request.GET.get(BESIDE, "")]
        found = next((one for one in asked if one in others), "") or remembered(request, others) or others[0]
        request.language_beside = found  # type: ignore[attr-defined]
    return found


def in_kept_form(request: HttpRequest) -> str:
    """Return what the form showed that is filled in again (``privacycenter.kept_forms``)."""
    typed = getattr(request, "kept_form", None)
    return next(iter(typed.values(BESIDE)), "") if typed else ""


def remembered(request: HttpRequest, others: list[str]) -> str:
    row = DeskLanguage.objects.filter(staff=request.user.pk, language__in=others).first()
    return row.language if row else ""


def in_languages(part: Document, languages: list[str]) -> Document:
    """Return a part of the working copy with these languages of its texts alone."""
    if set(languages) >= set(site_languages()):
        return part
    entries = {
        kind: {code: entry_in(entry, languages) for code, entry in part[kind].items()}
        for kind in part.keys() & MODELS.keys()
    }
    return {**part, **entries}


def entry_in(value: Any, languages: list[str]) -> Any:
    """Leave out what is said in other languages, wherever in an entry it is."""
    if isinstance(value, dict):
        hidden = set(site_languages()) - set(languages)
        return {name: entry_in(inside, languages) for name, inside in value.items() if name not in hidden}
    return [entry_in(inside, languages) for inside in value] if isinstance(value, list) else value
