"""Links from legal terms in sanitised HTML to the glossary. Pure text processing, without document or request."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape

# A tag with its quoted attributes, or text up to the next tag.
PIECES = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>|[^<]+|<""")
ENTITY = r"&(?:#?\w+);"
KANJI, KATAKANA, HANGUL = r"[\u3400-\u9fff々〆]", r"[\u30a1-\u30ff]", r"[\uac00-\ud7a3]"
LETTERS = r"[^\W\u3041-\u9fff\uac00-\ud7a3々〆]"


@dataclass(frozen=True)
class GlossTerm:
    """One term in one language. ``reading`` is the hiragana for the whole term, empty if there is none."""

    code: str
    text: str
    reading: str = ""


def gloss(html: str, terms: Iterable[GlossTerm], *, address: str, seen: set[str], language: str = "ja") -> str:
    """Link the first occurrence of each term to ``address`` with the term's anchor. ``language``: of both.

    ``seen`` holds the codes that the reader has met already, and gains those linked here; pass the same set for all
    texts of one section. Nothing changes inside a tag or a link. The longest term wins. A term must be a whole word:
    Latin letters match in any case; 漢字 and カタカナ do not match inside a longer compound; 한글 matches before a
    particle. Chinese has no word boundaries, so there a term matches anywhere.
    """
    by_text = {in_html(term.text).lower(): term for term in reversed(list(terms)) if term.text.strip()}
    if not html or not by_text:
        return html
    longest_first = tuple(sorted(by_text, key=lambda text: (-len(text), text)))
    pattern = pattern_for(longest_first, has_bounds=not language.startswith("zh"))

    def link(match: re.Match[str]) -> str:
        term = by_text.get(match[0].lower())
        if term is None or term.code in seen:
            return match[0]
        seen.add(term.code)
        return f'<a class="term" href="{escape(address)}#{escape(term.code)}">{annotated(match[0], term.reading)}</a>'

    result, inside_links = [], 0
    for piece in PIECES.findall(html):
        if piece.startswith("<"):
            inside_links += {"<a": 1, "</": -1}.get(piece[:2], 0) if is_link(piece) else 0
            result.append(piece)
        else:
            result.append(piece if inside_links else pattern.sub(link, piece))
    return "".join(result)


def annotated(html: str, reading: str) -> str:
    """Return the word with its reading above it, in brackets where ruby is not supported."""
    if not reading:
        return html
    return f"<ruby>{html}<rp>(</rp><rt>{escape(reading)}</rt><rp>)</rp></ruby>"


def in_html(text: str) -> str:
    """Return the text as it occurs in sanitised HTML, which only escapes & < >."""
    return escape(text.strip(), quote=False)


def is_link(tag: str) -> bool:
    return bool(re.match(r"</?a[\s>]", tag))


@lru_cache(maxsize=64)
def pattern_for(texts: tuple[str, ...], *, has_bounds: bool) -> re.Pattern[str]:
    """Return a pattern for any of these texts, preferring earlier ones; with ``has_bounds`` only as whole words.

    An entity matches as a whole, so that no term is found inside ``&amp;``.
    """
    words = [as_word(text) if has_bounds else re.escape(text) for text in texts]
    return re.compile("|".join([*words, ENTITY]), re.IGNORECASE)


def as_word(text: str) -> str:
    """Return a pattern for this text that does not match inside a longer word of the same script."""
    before, after = script_of(text[0]), script_of(text[-1])
    after = "" if after == HANGUL else after
    return (f"(?<!{before})" if before else "") + re.escape(text) + (f"(?!{after})" if after else "")


def script_of(letter: str) -> str:
    """Return the class of letters that would continue the word. Empty if any neighbour is allowed."""
    return next((script for script in (KANJI, KATAKANA, HANGUL, LETTERS) if re.fullmatch(script, letter)), "")
