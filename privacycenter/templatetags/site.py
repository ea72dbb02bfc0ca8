"""Template tags that every page may use."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, pgettext

from privacycenter import words

register = template.Library()
BACKTICKS = re.compile(r"`+([^`]+)`+")
LOCALES = {"ja": "ja_JP", "en": "en_US"}


@register.simple_tag(takes_context=True)
def switch_language_url(context: template.Context, language: str) -> str:
    """This page's address in another language; the home page's where this one has no other."""
    request = context["request"]
    return translate_url(request.path, language)


@dataclass(frozen=True)
class AbsoluteUrls:
    """This page's full address, and that of each language; ``locale`` as Open Graph wants it."""

    here: str
    languages: dict[str, str]
    locale: str


@register.simple_tag(takes_context=True)
def get_absolute_urls(context: template.Context) -> AbsoluteUrls:
    request = context["request"]
    languages = {
        code: request.build_absolute_uri(translate_url(request.path, code)) for code, _name in settings.LANGUAGES
    }
    here = request.build_absolute_uri(request.path)
    return AbsoluteUrls(here, languages, LOCALES.get(get_language() or "", ""))


@register.simple_tag
def month_label(day: date) -> str:
    """The month alone, short, for the axis of a chart."""
    return format_date(day, pgettext("format of a month on the axis of a chart", "M"))


@register.filter
def inside_quotes(name: Any) -> words.Words | str:
    """Words or anything with a name, to stand between quotation marks."""
    if isinstance(name, words.Words):
        return words.inside_quotes(name)
    return words.inside_quotes(str(name))


@register.filter
def code(text: str) -> str:
    """Plain text in which words between backticks are ``<code>``; everything else in it is escaped."""
    parts = BACKTICKS.split(text)  # every second one stood between backticks
    return format_html_join(
        "", "{}", ([format_html("<code>{}</code>", part) if number % 2 else part] for number, part in enumerate(parts))
    )


@register.filter
def iso(moment: datetime) -> str:
    """For the ``datetime`` attribute of ``<time>``: local, to the second; HTML knows no microseconds."""
    return timezone.localtime(moment).isoformat(timespec="seconds")
