"""Template tags that every page may use."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from allauth.account.utils import get_next_redirect_url
from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import ngettext, pgettext, to_locale

from privacycenter.accounts.ways_elsewhere import STAFF, WayElsewhere, ways_elsewhere
from privacycenter.text import languages, words
from privacycenter.text.addresses import contact_address
from privacycenter.text.dates import day_in_words
from privacycenter.text.entry_urls import url_of
from privacycenter.text.joining import separator
from privacycenter.text.languages import SiteLanguage, page_language, site_languages, translate_url
from privacycenter.text.words import Words

register = template.Library()
BACKTICKS = re.compile(r"`+([^`]+)`+")
# As Open Graph wants them: with a country, which the code of a language need not name.
LOCALES = {"ja": "ja_JP", "en": "en_US", "ko": "ko_KR", "zh-hans": "zh_CN", "zh-hant": "zh_TW"}


# Languages with a picture for links to the site; the last one is also that of all others.
SHARED_IN = ("ja", "en")


@register.simple_tag(takes_context=True)
def switch_language_url(context: template.Context, language: str) -> str:
    """Return this page's URL in another language; the home page's if this page has none.

    For a page rendered by a form's own URL it is the page that has the form (``posted_from``).
    """
    request = context["request"]
    shown = getattr(request, "shown_path", None)
    if shown is None:
        # A public page that is kept knows of its query only what it depends on (``published``).
        shown = request.get_full_path()
    return translate_url(shown, language)


@register.simple_tag(takes_context=True)
def log_in_ways(context: template.Context) -> list[WayElsewhere]:
    """Return the log-ins elsewhere for the log-in page: that of staff only to who wants to go to the desk."""
    wanted = get_next_redirect_url(context["request"]) or ""
    is_staff = wanted.startswith(reverse("admin:index"))
    return [one for one in ways_elsewhere(wanted) if is_staff or one.code != STAFF]


@dataclass(frozen=True)
class AbsoluteUrls:
    """This page's full URL, and that of each language; ``locale`` in the form of Open Graph, empty if unknown.

    ``image``: the URL of the picture for the site. All are the same under every host name, as the page's bytes are.
    """

    here: str
    languages: dict[str, str]
    locale: str
    image: str


@register.simple_tag(takes_context=True)
def get_absolute_urls(context: template.Context) -> AbsoluteUrls:
    request = context["request"]
    languages = {code: settings.SITE_ADDRESS + translate_url(request.path_info, code) for code in site_languages()}
    here = settings.SITE_ADDRESS + request.path_info
    shared_in = page_language() if page_language() in SHARED_IN else SHARED_IN[-1]
    image = urljoin(settings.SITE_ADDRESS, static(f"icons/share-{shared_in}.png"))
    return AbsoluteUrls(here, languages, locale_of(page_language()), image)


def locale_of(language: str) -> str:
    """``ko_KR``; empty for a language that is not of one country."""
    return LOCALES.get(language, to_locale(language) if re.fullmatch("[a-z]{2}-[a-z]{2}", language) else "")


@register.simple_tag
def get_interface_language() -> str:
    """What ``<html lang>`` says: the language of all that is not marked with another."""
    return languages.interface_language()


@register.simple_tag
def get_languages() -> list[SiteLanguage]:
    """All languages of the site, for a switcher; none if there is nothing to switch."""
    found = languages.languages_of_site()
    return found if len(found) > 1 else []


@register.simple_tag
def month_label(day: date) -> str:
    """Return the month alone, short, for the axis of a chart."""
    return format_date(day, pgettext("format of a month on the axis of a chart", "M"))


@register.simple_tag
def some_of(words: Sequence[Words], most: int) -> str:
    """Return the first of these words as a list, and how many more there are. A single further one is named."""
    shown = words if len(words) <= most + 1 else words[:most]
    listed = format_html_join(separator(), "{}", ((word,) for word in shown))
    more = len(words) - len(shown)
    if not more:
        return listed
    counted = ngettext("and %(counter)s more", "and %(counter)s more", more) % {"counter": number_format(more)}
    return format_html("{} {}", listed, counted)


@register.filter
def inside_quotes(name: Any) -> words.Words | words.Phrase | str:
    """Return Words, or anything with a name, for use inside quotation marks."""
    if isinstance(name, words.Phrase):
        return name.inside_quotes()
    if isinstance(name, words.Words):
        return words.inside_quotes(name)
    return words.inside_quotes(str(name))


@register.filter
def contact_link(contact: Any) -> str:
    """Return a contact as a link, if it is an e-mail address or a web address."""
    address = contact_address(str(contact))
    return format_html('<a href="{}">{}</a>', address, contact) if address else str(contact)


@register.filter
def as_written(text: str) -> words.Words:
    """Return a text in one language, marked with it if the page has another."""
    return words.as_written(text)


@register.simple_tag
def is_sandbox() -> bool:
    return bool(settings.SANDBOX)


@register.filter
def said_in(text: str, language: str) -> words.Words:
    """A text that was once shown in one language, from which it may have fallen back."""
    return words.said_in(text, language)


@register.filter
def code(text: str) -> str:
    """Return plain text with what is between backticks as ``<code>``, everything escaped."""
    parts = BACKTICKS.split(text)  # every second part was between backticks
    return format_html_join(
        "", "{}", ([format_html("<code>{}</code>", part) if number % 2 else part] for number, part in enumerate(parts))
    )


@register.simple_tag
def entry_url(name: str, key: UUID | str) -> str:
    """``{% url name key %}`` for the lines of long lists, at a part of its cost."""
    return url_of(name, key)


@register.filter(expects_localtime=True)
def day(moment: date | None) -> str:
    """Return the day in words, in the site's time zone; nothing for None."""
    if not moment:
        return ""
    return day_in_words(moment.date() if isinstance(moment, datetime) else moment)


@register.filter
def iso(moment: datetime) -> str:
    """Return the time for the ``datetime`` attribute of ``<time>``: local, to the second (HTML has no microseconds)."""
    return timezone.localtime(moment).isoformat(timespec="seconds")
