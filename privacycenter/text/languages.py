"""The languages of the site, and the two that every page has: its own, and that of its interface.

**Page language**: one of ``LANGUAGES``. The address says it, content is shown in it (or falls back to the first), and
it is what is stored of a person's choice.
**Interface language**: that of buttons, labels, dates, numbers and libraries. It is the page's own where we have a
catalogue of interface texts for it, and English, whole, where we have none.

Django has one active language. Where the two differ it is given ``en-x-ko``: English, and for our own use (the private
subtags of BCP 47, section 2.2.7) that of the Korean pages. So Django and every library find English texts and formats
for it, and there is one state, which whoever changes it also puts back. This module alone makes and reads such codes;
all others ask for one of the two languages by its name.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.urls import LocalePrefixPattern, URLPattern, URLResolver
from django.urls import translate_url as translate_url_actively
from django.utils.translation import activate, get_language, get_language_info, gettext_noop, override, to_locale

# What interface texts are written in before they are translated.
SOURCE_LANGUAGE = "en"
PRIVATE = "-x-"


def site_languages() -> list[str]:
    """The codes of ``LANGUAGES``, the default one first."""
    return [code for code, _name in settings.LANGUAGES]


def other_languages() -> list[str]:
    """All but the default one: those that a text is translated into."""
    return [code for code in site_languages() if code != settings.LANGUAGE_CODE]


# --- What is spoken now ----------------------------------------------------------------------------------------------


def page_language() -> str:
    """The language that content is shown in, and the one to store."""
    active = get_language() or settings.LANGUAGE_CODE
    return active.partition(PRIVATE)[2] or active


def interface_language() -> str:
    """The language of everything around the content: what ``<html lang>`` says."""
    return (get_language() or settings.LANGUAGE_CODE).partition(PRIVATE)[0]


def speak(language: str) -> None:
    """From now on in this thread: pages in this language; in the default one if the site has no such language."""
    activate(active_code(language))


def speaking(language: str) -> override:
    """The same for the length of a ``with``. What was stored may name a language that the site no longer has."""
    return override(active_code(language))


def speaking_english() -> override:
    """For what is English on every site, such as commands. Addresses lead to English pages if there are any."""
    if SOURCE_LANGUAGE in site_languages():
        return override(SOURCE_LANGUAGE)
    return override(f"{SOURCE_LANGUAGE}{PRIVATE}{settings.LANGUAGE_CODE}")


def active_code(language: str) -> str:
    """The code by which Django knows pages in this language."""
    page = language if language in site_languages() else settings.LANGUAGE_CODE
    spoken = page if has_interface_texts(page) else SOURCE_LANGUAGE
    return page if spoken == page else f"{spoken}{PRIVATE}{page}"


@cache
def has_interface_texts(language: str) -> bool:
    """Whether our own interface is translated. Django and libraries may be, which alone would give a mixture."""
    if language == SOURCE_LANGUAGE:
        return True
    return any(
        (Path(folder) / to_locale(language) / "LC_MESSAGES" / "django.mo").exists() for folder in settings.LOCALE_PATHS
    )


# --- Names -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SiteLanguage:
    """One language of the site. ``own_name`` is in itself; ``is_current``: of this page."""

    code: str
    own_name: str
    is_current: bool


def languages_of_site() -> list[SiteLanguage]:
    """For switchers."""
    current = page_language()
    return [SiteLanguage(code, own_name(code), code == current) for code in site_languages()]


def own_name(language: str) -> str:
    """What speakers of a language call it: 日本語, English, 한국어."""
    return str(get_language_info(language)["name_local"])


# Named here, so that their words are ours: Django's Japanese for English is that of America.
OUR_WORDS = (gettext_noop("Japanese"), gettext_noop("English"))


def name_of(language: str) -> str:
    """What a language is called in the language of the interface."""
    return str(get_language_info(language)["name_translated"])


# --- Addresses -------------------------------------------------------------------------------------------------------


class LanguagePrefix(LocalePrefixPattern):
    """Addresses begin with the page's language; those of the default one have no prefix."""

    @property
    def language_prefix(self) -> str:
        language = page_language()
        return "" if language == settings.LANGUAGE_CODE else f"{language}/"


def in_every_language(*patterns: URLPattern | URLResolver) -> URLResolver:
    """These addresses once for each language of the site. For the root table alone."""
    return URLResolver(LanguagePrefix(prefix_default_language=False), list(patterns))


def path_prefix() -> str:
    """What addresses of this page's language begin with: empty or ``/en``."""
    language = page_language()
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def translate_url(address: str, language: str) -> str:
    """An address of the active language in another; unchanged if it is no page of this site."""
    path, mark, query = address.partition("?")
    return translated_path(path, active_code(language), get_language()) + mark + query


# Every page links to itself in each language, and looking its address up costs as much as a statement.
@lru_cache(maxsize=256)
def translated_path(path: str, active_code: str, _active: str | None) -> str:
    return translate_url_actively(path, active_code)
