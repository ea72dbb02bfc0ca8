"""What a question asks for: its tokens, the groups of words it speaks of, and the tasks that it looks like."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from disclosures.models.content.synonyms import SearchTask
from disclosures.public.search.index import Index, WordGroup
from privacycenter.text.folding import Folded, fold, fold_question
from privacycenter.text.tokens import LATIN, RUN, stem

LONGEST_QUESTION = 100
# The most Latin words of one phrase in a group of words.
LONGEST_PHRASE = 6
# Particles that follow a noun. After a 漢字 they are no ending of it.
PARTICLES = frozenset("をはがにのとでもへやか")
# English words that stand in most questions and say nothing of what is asked.
SAY_NOTHING = """
a about all am an and any are as at be because been being but by can could did do does doing dont e for from get gets
give got had has have having he her here him his how i if im in into is it its just let lot may me might mine much
must my myself need no not now of off on one or our ours out own please s see sees she should so some such t take tell
than that the their them then there these they thing things this those to too us want was we were what when where
which who whom whose why will with would you your yours
"""
EMPTY_WORDS = frozenset(SAY_NOTHING.split())


@dataclass(frozen=True)
class AskedToken:
    """A token of a question. ``weight``: how much it says. ``is_content``: a text without it answers only a part.

    ``spelled`` is the word of which it is a part, for Latin words and those in カタカナ.
    """

    token: str
    weight: float
    is_content: bool
    spelled: str = ""


@dataclass(frozen=True)
class AskedQuestion:
    """A question. ``phrase`` is it, folded, and ``words`` are its words, to be marked in what is found."""

    text: str
    phrase: str
    words: list[str]
    tokens: list[AskedToken]
    tasks: list[str]


def cleaned(query: str) -> str:
    """Return the query without control characters, with single blanks, cut to 100 characters."""
    shown = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in query)
    return " ".join(shown.split())[:LONGEST_QUESTION].strip()


def question_of(index: Index, query: str) -> AskedQuestion:
    """Read a question that was ``cleaned``."""
    reading = Reading(index, query)
    reading.read()
    tasks = [task for task in SearchTask.values if task in reading.tasks]
    return AskedQuestion(query, fold_question(query), reading.words, reading.told(), tasks)


class Reading:
    """Reads one question, part by part: what stands between blanks."""

    def __init__(self, index: Index, query: str) -> None:
        self.index = index
        self.parts = [fold(part) for part in query.split()]
        self.tokens: dict[str, AskedToken] = {}
        self.words: list[str] = []
        self.tasks: set[str] = set()

    def read(self) -> None:
        self.read_latin()
        for part in self.parts:
            self.read_spoken(part)

    def told(self) -> list[AskedToken]:
        """Return the tokens. Where all are empty words, or all かな, they are what is asked."""
        tokens = list(self.tokens.values())
        if any(one.is_content for one in tokens):
            return tokens
        return [replace(one, weight=1.0, is_content=True) for one in tokens]

    def ask(self, token: AskedToken) -> None:
        known = self.tokens.get(token.token)
        if known is None or known.weight < token.weight:
            self.tokens[token.token] = token

    def ask_group(self, group: WordGroup) -> None:
        self.ask(AskedToken(group.token, 1.0, True))
        if group.task:
            self.tasks.add(group.task)

    # Latin words -----------------------------------------------------------------------------------------------------

    def read_latin(self) -> None:
        words = [word for part in self.parts for word in LATIN.findall(part.text)]
        stems = [stem(word) for word in words]
        at = 0
        while at < len(words):
            group, count = self.group_at(stems, at)
            if group:
                self.ask_group(group)
            for word, one in zip(words[at : at + count], stems[at : at + count], strict=True):
                self.ask_latin(word, one, is_in_group=group is not None)
            at += count

    def group_at(self, stems: list[str], at: int) -> tuple[WordGroup | None, int]:
        """Return the group of which the longest phrase begins here, and how many words that phrase has."""
        for count in range(min(LONGEST_PHRASE, len(stems) - at), 0, -1):
            if group := self.index.stems.get(tuple(stems[at : at + count])):
                return group, count
        return None, 1

    def ask_latin(self, word: str, token: str, *, is_in_group: bool) -> None:
        is_empty = word in EMPTY_WORDS
        if not is_empty:
            self.words.append(token if word.startswith(token) else word)
        self.ask(
            AskedToken(token, 0.05 if is_empty else 0.3 if is_in_group else 1.0, not (is_empty or is_in_group), word)
        )

    # All other words -------------------------------------------------------------------------------------------------

    def read_spoken(self, part: Folded) -> None:
        covered: set[int] = set()
        for match in self.index.spoken.finditer(part.text):
            number = int(str(match.lastgroup)[1:].partition("_")[0])
            self.ask_group(self.index.groups[number])
            self.words.append(without_ending(match[0]))
            covered.update(range(*match.span()))
        for run in RUN.finditer(part.text):
            if not run[0][0].isascii():
                self.read_run(part, run.start(), run.end(), covered)

    def read_run(self, part: Folded, start: int, end: int, covered: set[int]) -> None:
        scripts = "".join(script_of(part.original[part.starts[at]]) for at in range(start, end))
        text = part.text[start:end]
        free = "".join(" " if at in covered else script for at, script in enumerate(scripts, start))
        self.words += words_in_run(text, free)
        for at, (left, right) in enumerate(pairwise(scripts)):
            weight, is_content = worth_of(left, right, text[at + 1])
            if start + at in covered and start + at + 1 in covered:
                weight, is_content = 0.3 * weight, False
            self.ask(AskedToken(text[at : at + 2], weight, is_content, katakana_around(text, scripts, at)))
        for at, script in enumerate(scripts):
            if script == "k":
                is_alone = "k" not in (scripts[at - 1 : at], scripts[at + 1 : at + 2]) and start + at not in covered
                self.ask(AskedToken(text[at], 0.5 if is_alone else 0.1, is_alone))
        if len(scripts) == 1 and scripts != "k":
            self.ask(AskedToken(text, 0.5, False))


def without_ending(word: str) -> str:
    """Return a word without its last ひらがな, which its other forms have not: 取り消し → 取り消."""
    return word[:-1] if len(word) > 2 and script_of(word[-1]) == "h" else word


def script_of(letter: str) -> str:
    """Return h for ひらがな, t for カタカナ, k for all others: mostly 漢字."""
    if "\u3041" <= letter <= "\u3096":
        return "h"
    return "t" if "\u30a1" <= letter <= "\u30ff" or "\uff66" <= letter <= "\uff9f" else "k"


def worth_of(left: str, right: str, letter: str) -> tuple[float, bool]:
    """Return how much a pair of letters of these scripts says, and whether it is content. ``letter`` is the second."""
    if "h" not in (left, right):
        return 1.0, True
    if left == "h":
        return 0.3, False
    return (0.1 if letter in PARTICLES else 0.6), False


def katakana_around(text: str, scripts: str, at: int) -> str:
    """Return the word in カタカナ of which a pair is a part, folded. Empty if it is part of none."""
    if scripts[at : at + 2] != "tt":
        return ""
    start, end = at, at + 2
    while start and scripts[start - 1] == "t":
        start -= 1
    while end < len(scripts) and scripts[end] == "t":
        end += 1
    return text[start:end]


def words_in_run(text: str, scripts: str) -> Iterator[str]:
    """Yield what is marked in a text that was found: runs of one script, かな only if nothing else was asked.

    A blank in ``scripts`` stands for a letter that is part of a word already.
    """
    start = 0
    for at in range(1, len(scripts) + 1):
        if at == len(scripts) or scripts[at] != scripts[start]:
            if scripts[start] in "kt" or (scripts[start] == "h" and start == 0 and at == len(scripts)):
                yield text[start:at]
            start = at
