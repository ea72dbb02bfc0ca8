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
# Quotation marks inside others of the same sort. An English ’ may be an apostrophe, so it is left alone.
INNER_QUOTES = {"ja": str.maketrans("「」『』", "『』「」"), "en": str.maketrans("“”", "‘’")}


@dataclass(frozen=True)
class Words:
    """One text as the reader sees it. In a template it renders itself; a fallback carries its ``lang``.

    ``text`` is the text alone, for titles and attributes.
    ``is_html`` is True for rich text, which was cleaned when it was rendered.
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

    # Templates turn a value into text before they escape it; safe text stays as it is.
    __str__ = __html__


def words_in(texts: dict[str, str], language: str | None = None, *, is_html: bool = False) -> Words:
    """The text in this language (default: the active one), else in Japanese, marked as a fallback."""
    language = language or get_language() or settings.LANGUAGE_CODE
    if texts.get(language):
        return Words(texts[language], language, is_html=is_html)
    return Words(texts.get(settings.LANGUAGE_CODE, ""), settings.LANGUAGE_CODE, is_fallback=True, is_html=is_html)


def as_written(text: str) -> Words:
    """What was written in one language alone, marked if that is not the reader's. Its script tells which it is: with a
    letter of 漢字 or かな it is Japanese, else English; without any letter it is of no language."""
    active = get_language() or settings.LANGUAGE_CODE
    if not any(letter.isalpha() for letter in text):
        return Words(text, active)
    language = "ja" if JAPANESE.search(text) else "en"
    return Words(text, language, is_fallback=language != active)


Quoted = TypeVar("Quoted", Words, str)


def inside_quotes(name: Quoted) -> Quoted:
    """A name to be put between quotation marks of the active language: those that it carries become inner ones."""
    inner = INNER_QUOTES.get(get_language() or settings.LANGUAGE_CODE, INNER_QUOTES["en"])
    if isinstance(name, Words):
        return replace(name, text=name.text.translate(inner))
    return name.translate(inner)
