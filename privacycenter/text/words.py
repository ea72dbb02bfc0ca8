"""Text with its language, so that a page can mark what is in another than the one around it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from django.conf import settings
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from privacycenter.text.languages import interface_language, page_language, site_languages
from privacycenter.text.table_regions import with_regions

KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa\uff66-\uff9f]")
# With 漢字, which Chinese has too.
JAPANESE = re.compile(r"[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uff66-\uff9f]")
HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
# Quotation marks → those used inside them. An English ’ may be an apostrophe, so it is left alone.
INNER_QUOTES = {"ja": str.maketrans("「」『』", "『』「」"), "en": str.maketrans("“”", "‘’")}


@dataclass(frozen=True)
class Words:
    """One text for the reader. In a template it renders itself, with its ``lang`` if that is not the interface's.

    ``text`` is the bare text, for titles and attributes. ``language`` is empty for a text of no language;
    ``is_fallback``: it is not the language asked for. ``is_html`` is True for rich text, which was cleaned when
    rendered.
    """

    text: str
    language: str
    is_fallback: bool = False
    is_html: bool = False

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def lang(self) -> str:
        """What the element around the text must say; empty where the page says it already."""
        return self.language if self.language and self.language != interface_language() else ""

    def __html__(self) -> SafeString:
        body = mark_safe(with_regions(self.text)) if self.is_html else escape(self.text)  # noqa: S308  nh3 cleaned it
        lang = self.lang
        if not lang or not self.text:
            return SafeString(body)
        tag = "div" if self.is_html else "span"
        return format_html('<{} lang="{}">{}</{}>', tag, lang, body, tag)

    # Templates convert a value to text before they escape it; safe text stays unchanged.
    __str__ = __html__


def words_in(texts: dict[str, str], language: str | None = None, *, is_html: bool = False) -> Words:
    """Return the text in this language (default: the page's), else in the default language, as a fallback."""
    language = language or page_language()
    if texts.get(language):
        return Words(texts[language], language, is_html=is_html)
    return Words(texts.get(settings.LANGUAGE_CODE, ""), settings.LANGUAGE_CODE, is_fallback=True, is_html=is_html)


def words_in_any(texts: dict[str, str]) -> Words:
    """Return the text in the page's language, else in the default language, else in whichever it was said in."""
    words = words_in(texts)
    language = next((one for one in texts if texts[one]), "")
    return words if words or not language else Words(texts[language], language, is_fallback=True)


def said(texts: Mapping[str, str] | None) -> dict[str, str]:
    """Return language → text without spaces around it, and without the languages that say nothing."""
    return {language: text.strip() for language, text in (texts or {}).items() if text.strip()}


def as_written(text: str) -> Words:
    """Return text that exists in one language only, which its script tells: English if it is no other."""
    return said_in(text, "en")


def said_in(text: str, language: str, *, is_html: bool = False) -> Words:
    """Return a text that was once shown in this language, from which it may have fallen back."""
    written = language_by_script(text, language)
    return Words(text, written, is_fallback=written not in ("", page_language()), is_html=is_html)


def language_by_script(text: str, supposed: str) -> str:
    """Return the language of a text that is supposed to be in one and may have fallen back to another.

    かな are Japanese and 한글 is Korean; 漢字 alone are Japanese unless Chinese is supposed. A text without letters has
    no language (empty).
    """
    if not any(letter.isalpha() for letter in text):
        return ""
    if KANA.search(text):
        return "ja"
    if HANGUL.search(text) and "ko" in site_languages():
        return "ko"
    if JAPANESE.search(text) and not supposed.startswith("zh"):
        return "ja"
    return supposed


Quoted = TypeVar("Quoted", Words, str)


def inside_quotes(name: Quoted) -> Quoted:
    """Return a name to be put in quotation marks of the interface: those in the name become inner ones."""
    if isinstance(name, Words):
        return replace(name, text=with_inner_quotes(name.text))
    return with_inner_quotes(name)


def with_inner_quotes(text: str) -> str:
    return text.translate(INNER_QUOTES.get(interface_language(), INNER_QUOTES["en"]))


@dataclass(frozen=True)
class Phrase:
    """A sentence of the interface around texts. In a template it renders itself, and each text its own ``lang``.

    ``pattern`` is translated already and names its texts as ``%(name)s``; ``text`` is the bare sentence.
    """

    pattern: str
    texts: Mapping[str, Words | str]

    @property
    def text(self) -> str:
        return self.pattern % {
            name: text.text if isinstance(text, Words) else text for name, text in self.texts.items()
        }

    def inside_quotes(self) -> "Phrase":
        """The same for a place between quotation marks; see the function of this name."""
        texts = {
            name: replace(text, text=with_inner_quotes(text.text))
            if isinstance(text, Words)
            else with_inner_quotes(text)
            for name, text in self.texts.items()
        }
        return Phrase(with_inner_quotes(self.pattern), texts)

    def __html__(self) -> SafeString:
        marked = {name: conditional_escape(str(text)) for name, text in self.texts.items()}
        return mark_safe(escape(self.pattern) % marked)  # noqa: S308  both are escaped

    __str__ = __html__
