"""Comparison of texts that ignores width, case, accents, hyphens, blanks and the difference of ひらがな and カタカナ.

Forms of one 漢字 and marks that nobody sees count for nothing either (``variants``). The searches of the public pages,
of a person's record and of the desk compare by it.

Each folded letter keeps its position in the original, so that a hit can be marked there.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from privacycenter.text.variants import INVISIBLE, INVISIBLE_LETTERS, LEGAL_FORMS, TO_TYPED


@dataclass(frozen=True)
class Folded:
    """A text for comparison. Its letter ``i`` stands for ``original[starts[i]:ends[i]]``.

    ``parts`` holds the positions at which a part of a Latin word begins that follows a hyphen: the "mail" of "e-mail".
    """

    original: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    parts: frozenset[int]


# A letter with its marks: combining ones, the half-width ﾞ ﾟ, and invisible ones. A legal form in brackets is one letter.
CLUSTER = re.compile(
    rf"(?:[(（][株有社財][)）]|.)[\u0300-\u036f\u3099\u309a\uff9e\uff9f{INVISIBLE_LETTERS}]*", re.DOTALL
)
# ァ to ヶ, and ヽ ヾ: the code point of the ひらがな is 96 lower.
TO_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
HYPHENS = set("-‐‑‒–—−")
# Optional in writing: e-mail and email, プライバシー・ポリシー and プライバシーポリシー.
IGNORED = HYPHENS | {"・"}
ACCENTS = re.compile("[\u0300-\u036f]")
# English plural endings: -ies (for -y), -es after s, sh, ch and x, and -s unless it belongs to the word.
PLURAL = re.compile(r"(?<=[a-z]{3}[^aeiouk])ies$|(?<=ss|[sc]h)es$|(?<=x)es$|(?<=[a-z]{2}[^siu])s$")
# A search for Eメール or 電子メール also means メール.
BEFORE_MAIL = re.compile(r"(?:(?<![0-9a-z])e|電子)(?=めーる)")


def is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def is_kana(letter: str) -> bool:
    """Return whether a folded letter is a kana, after which a vowel can be lengthened."""
    return "\u3041" <= letter <= "\u3096"


@lru_cache(maxsize=16_384)
def plain(letter: str) -> str:
    """Return a letter with its marks in one width, case and form, without accents, カタカナ as ひらがな."""
    folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", letter)).casefold()
    bare = ACCENTS.sub("", unicodedata.normalize("NFD", folded))
    typed = unicodedata.normalize("NFC", bare).translate(TO_TYPED).translate(TO_HIRAGANA)
    return LEGAL_FORMS.get(typed, typed)


def fold(original: str) -> Folded:
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    parts: set[int] = set()
    for match in CLUSTER.finditer(original):
        for letter in plain(match[0]):
            if letter in HYPHENS and letters and is_kana(letters[-1]):
                letter = "ー"  # a hyphen typed for a long vowel: デ－タ
            if letter in IGNORED:
                if letters and is_latin(letters[-1]):
                    parts.add(len(letters))
                continue
            blank = letter.isspace() or unicodedata.category(letter) == "Cc"
            if blank and not (letters and is_latin(letters[-1])):
                continue
            # Blanks matter between Latin words only.
            if not blank and letters and letters[-1] == " " and not is_latin(letter):
                for kept in (letters, starts, ends):
                    kept.pop()
            letters.append(" " if blank else letter)
            starts.append(match.start())
            ends.append(match.end())
    return Folded(original, "".join(letters), starts, ends, frozenset(parts))


class FoldedLetters(dict[int, str]):
    """Code point → folded letter, filled as it is asked."""

    def __missing__(self, code: int) -> str:
        self[code] = found = plain(chr(code))
        return found


FOLDED_LETTERS = FoldedLetters()
# Where a letter depends on those around it, ``fold`` alone knows.
BOUND = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u0300-\u036f\u3099\u309a\uff9e\uff9f]|[(（][株有社財][)）]"
)
OPTIONAL = re.compile("[" + "".join(map(re.escape, sorted(IGNORED))) + "]")
NEEDLESS_BLANK = re.compile(r"(?<![0-9a-z])\s+|\s+(?=[^0-9a-z\s])")


def folded_text(original: str) -> str:
    """Return ``fold(original).text``, ten times as fast for most texts: for an index of many."""
    letters = "" if BOUND.search(original) else original.translate(FOLDED_LETTERS)
    if not letters or OPTIONAL.search(letters):
        return fold(original).text
    return re.sub(r"\s+", " ", NEEDLESS_BLANK.sub("", letters))


def fold_question(text: str) -> str:
    """Return search text in the form in which it occurs in folded texts."""
    return BEFORE_MAIL.sub("", fold(text).text.strip())


def words_of(text: str) -> list[str]:
    """Return the distinct words of a search, folded.

    English plurals lose their ending, since a hit may be part of a word.
    """
    return list(dict.fromkeys(PLURAL.sub("", word) for part in text.split() if (word := fold_question(part))))


def places_of(word: str, text: Folded) -> Iterator[int]:
    """Yield the positions of a folded word in a text.

    A word in Latin letters must be at the beginning of a word, or of a part after a hyphen.
    """
    at = text.text.find(word) if word else -1
    while at >= 0:
        if not (at and is_latin(word[0]) and is_latin(text.text[at - 1])) or at in text.parts:
            yield at
        at = text.text.find(word, at + 1)


def stands_in(word: str, texts: Iterable[Folded]) -> bool:
    """Return whether one of the texts contains the folded word."""
    return any(True for text in texts for _place in places_of(word, text))


def hits(text: Folded, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return the positions of folded words in the original as (start, end), in order.

    Adjoining and overlapping hits merge.
    """
    spans = sorted((text.starts[at], text.ends[at + len(word) - 1]) for word in words for at in places_of(word, text))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
