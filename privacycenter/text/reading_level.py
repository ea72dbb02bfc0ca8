"""Advice on how easily a text is read, in Japanese and English. Pure, and never a reason to refuse a text.

By the letters and by lists of words alone (``reading_words.yaml``): no dictionary says what a Japanese word is, and
whether a verb is passive is not guessed. Other languages get no advice.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

# In the starter content two sentences of a hundred are longer in Japanese, four in English.
LONGEST_SENTENCE = {"ja": 60, "en": 25}
# 連邦取引委員会 is a name like many others; from eight on they are put together.
SHORTEST_LONG_RUN = 8
EXCERPT = {"ja": 24, "en": 48}

SENTENCE_END = {
    "ja": re.compile(r"(?<=[。！？])(?![」』）)])"),
    "en": re.compile(r"(?<=[.!?])(?<!art\.)(?<!No\.)(?<!e\.g\.)(?<!i\.e\.)\s+(?=[A-Z“\"(])"),
}
# Marks of Markdown: of a list, a quotation or a table, around words, and addresses of links.
LINE_MARKS = re.compile(r"^\s*(?:[-+*]|\d+[.)]|>)\s+")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
AROUND = re.compile(r"\*\*|(?<!\w)_|_(?!\w)|\*|\\")
TABLE_RULE = re.compile(r"^[\s|:-]+$")
KANJI_RUN = re.compile(r"[\u3400-\u9fff々〆]+")
IN_QUOTES = re.compile(r"「[^」]*」|『[^』]*』|“[^”]*”")
ADDRESS = re.compile(r"https?://\S+")


class Advice(Enum):
    """What could be easier."""

    LONG_SENTENCE = "long_sentence"
    DOUBLE_NEGATIVE = "double_negative"
    KANJI_RUN = "kanji_run"
    PLAINER_WORD = "plainer_word"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Hint:
    """One piece of advice. ``place``: the words that it is about, as they stand; ``detail``: how long, or a plainer
    word."""

    advice: Advice
    place: str
    detail: str = ""


def hints_for(text: str, language: str, explained: Collection[str] = ()) -> list[Hint]:
    """Return the advice on a text in Markdown, in the order of the text, each sort of a word once.

    ``explained``: words that readers are told the meaning of, and names, which nobody can shorten.
    """
    if language not in LONGEST_SENTENCE:
        return []
    found: dict[tuple[Advice, str], Hint] = {}
    known = sorted({word for word in explained if word}, key=len, reverse=True)
    for sentence in sentences(text, language):
        for hint in hints_in(sentence, language, known):
            found.setdefault((hint.advice, hint.place), hint)
    return list(found.values())


def hints_in(sentence: str, language: str, known: list[str]) -> Iterator[Hint]:
    length = length_of(sentence, language)
    if length > LONGEST_SENTENCE[language]:
        yield Hint(Advice.LONG_SENTENCE, beginning(sentence, EXCERPT[language]), str(length))
    yield from (Hint(Advice.DOUBLE_NEGATIVE, one) for one in double_negatives(sentence, language))
    yield from unexplained(sentence, language, known)
    # What is a name or is explained is not made of words that could be plainer.
    rest = without(sentence, known)
    yield from plainer_words(rest, language)
    if language == "ja":
        for run in KANJI_RUN.findall(rest):
            if len(run) >= SHORTEST_LONG_RUN and not any(word in run for word in words("legal", "ja")):
                yield Hint(Advice.KANJI_RUN, run, str(len(run)))


def sentences(text: str, language: str) -> Iterator[str]:
    """Yield the sentences of a text in Markdown, without its marks. A cell of a table and an item of a list end one."""
    for block in blocks(text):
        plain = AROUND.sub("", ADDRESS.sub("", LINK.sub(r"\1", block)))
        for sentence in SENTENCE_END[language].split(plain):
            if found := sentence.strip():
                yield found


def blocks(text: str) -> Iterator[str]:
    """Yield what stands together: a paragraph in one line, an item, a cell."""
    paragraph: list[str] = []
    for line in [*text.splitlines(), ""]:
        is_cell = line.lstrip().startswith("|")
        if paragraph and (not line.strip() or LINE_MARKS.match(line) or is_cell):
            yield " ".join(paragraph)
            paragraph = []
        if is_cell:
            yield from (cell for cell in line.strip().strip("|").split("|") if not TABLE_RULE.match(line))
        elif line.strip():
            paragraph.append(LINE_MARKS.sub("", line.strip()))


def length_of(sentence: str, language: str) -> int:
    """Return characters of a Japanese sentence, without what it quotes, and words of an English one."""
    bare = IN_QUOTES.sub("「」", sentence)
    return len(bare) if language == "ja" else len(bare.split())


def beginning(sentence: str, longest: int) -> str:
    return sentence if len(sentence) <= longest else f"{sentence[:longest].rstrip()}…"


def double_negatives(sentence: str, language: str) -> Iterator[str]:
    for found in negation(language).finditer(sentence):
        yield found[0]


@cache
def negation(language: str) -> re.Pattern[str]:
    parts = words("double_negatives", language)
    return re.compile("|".join(parts) if language == "ja" else rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


def unexplained(sentence: str, language: str, known: list[str]) -> Iterator[Hint]:
    folded = sentence.casefold()
    for word in words("legal", language):
        if word in folded and not any(word in one.casefold() for one in known):
            yield Hint(Advice.UNEXPLAINED, word)


def plainer_words(sentence: str, language: str) -> Iterator[Hint]:
    plainer = words("plainer", language)
    for found in plainer_pattern(language).finditer(sentence):
        if found.start() and found[0][0].isupper():
            continue  # inside a sentence that is a name
        yield Hint(Advice.PLAINER_WORD, found[0], plainer[found[0].casefold()])


@cache
def plainer_pattern(language: str) -> re.Pattern[str]:
    parts = "|".join(map(re.escape, sorted(words("plainer", language), key=len, reverse=True)))
    return re.compile(parts if language == "ja" else rf"\b(?:{parts})\b", re.IGNORECASE)


def without(sentence: str, known: list[str]) -> str:
    for word in known:
        sentence = sentence.replace(word, "、")
    return sentence


@cache
def words(name: str, language: str) -> Any:
    """Return a list of ``reading_words.yaml``; of ``plainer`` word → what to say instead."""
    found = yaml.safe_load((Path(__file__).parent / "reading_words.yaml").read_text(encoding="utf-8"))
    return found[name].get(language, [])
