"""Text with its language, so that a page can mark what fell back to Japanese."""

import re
from dataclasses import dataclass, replace
from typing import TypeVar

from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from privacycenter.text.table_regions import with_regions

JAPANESE = re.compile(r"[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uff66-\uff9f]")
# Quotation marks → those used inside them. An English ’ may be an apostrophe, so it is left alone.
INNER_QUOTES = {"ja": str.maketrans("「」『』", "『』「」"), "en": str.maketrans("“”", "‘’")}


@dataclass(frozen=True)
class Words:
    """One text for the reader. In a template it renders itself; a fallback carries its ``lang``.

    ``text`` is the bare text, for titles and attributes. ``is_html`` is True for rich text, which was cleaned when
    rendered.
    """

    text: str
    language: str
    is_fallback: bool = False
    is_html: bool = False

    def __bool__(self) -> bool:
        return bool(self.text)

    def __html__(self) -> SafeString:
        body = mark_safe(with_regions(self.text)) if self.is_html else escape(self.text)  # noqa: S308  nh3 cleaned it
        if not self.is_fallback:
            return SafeString(body)
        tag = "div" if self.is_html else "span"
        return format_html('<{} lang="{}">{}</{}>', tag, self.language, body, tag)

    # Templates convert a value to text before they escape it; safe text stays unchanged.
    __str__ = __html__


def words_in(texts: dict[str, str], language: str | None = None, *, is_html: bool = False) -> Words:
    """Return the text in this language (default: the active one), else in Japanese, marked as a fallback."""
    language = language or get_language() or settings.LANGUAGE_CODE
    if texts.get(language):
        return Words(texts[language], language, is_html=is_html)
    return Words(texts.get(settings.LANGUAGE_CODE, ""), settings.LANGUAGE_CODE, is_fallback=True, is_html=is_html)


def as_written(text: str) -> Words:
    """Return text that exists in one language only, marked if that is not the active one.

    Its script tells the language: with any kanji or kana it is Japanese, else English; without letters it has none.
    """
    active = get_language() or settings.LANGUAGE_CODE
    if not any(letter.isalpha() for letter in text):
        return Words(text, active)
    language = "ja" if JAPANESE.search(text) else "en"
    return Words(text, language, is_fallback=language != active)


Quoted = TypeVar("Quoted", Words, str)


def inside_quotes(name: Quoted) -> Quoted:
    """Return a name to be put in quotation marks of the active language: those in the name become inner ones."""
    inner = INNER_QUOTES.get(get_language() or settings.LANGUAGE_CODE, INNER_QUOTES["en"])
    if isinstance(name, Words):
        return replace(name, text=name.text.translate(inner))
    return name.translate(inner)
