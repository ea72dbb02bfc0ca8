"""The index of one publication in one language: which entries hold which token, and how much each says of them."""

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from math import log
from threading import Lock

from disclosures.content.publications import Document
from disclosures.models.content.synonyms import words_of_line
from disclosures.public.search.entries import SearchEntry, entries_of
from disclosures.public.search.spellings import Spellings
from privacycenter.text.folding import fold
from privacycenter.text.inflection import pattern_of
from privacycenter.text.languages import page_language
from privacycenter.text.tokens import LATIN, parts_of, stem, tokens_of

# How much a token in a name counts, against one in the other texts, and how long both usually are, in Japanese letters.
NAME_WEIGHT, USUAL_NAME, USUAL_BODY = 3.0, 12, 150
# From here on, more of the same token adds little (BM25).
ENOUGH = 1.2
# The most tokens that the beginning of a word stands for.
MOST_ENDINGS = 24


@dataclass(frozen=True)
class Postings:
    """The entries that hold a token, by their number, each with its weight."""

    numbers: "array[int]" = field(default_factory=lambda: array("L"))
    weights: "array[float]" = field(default_factory=lambda: array("f"))

    def __len__(self) -> int:
        return len(self.numbers)

    def add(self, number: int, weight: float) -> None:
        self.numbers.append(number)
        self.weights.append(weight)


NOWHERE = Postings()


@dataclass(frozen=True)
class WordGroup:
    """Words that mean the same: ``spoken`` are patterns of Japanese ones, ``stems`` the stems of Latin ones."""

    code: str
    task: str
    words: list[str]
    spoken: list[str]
    stems: list[tuple[str, ...]]

    @property
    def token(self) -> str:
        """The token of all its words. No text has one like it."""
        return f"={self.code}"


class Index:
    """Built once. Everything asked of it afterwards is a look-up."""

    def __init__(self, entries: Iterable[SearchEntry], groups: Iterable[WordGroup] = ()) -> None:
        self.entries = list(entries)
        self.groups = list(groups)
        self.postings: dict[str, Postings] = {}
        for number, entry in enumerate(self.entries):
            for token, weight in weights_of(entry):
                self.add(token, number, weight)
        for group in self.groups:
            for number, weight in sorted(self.holding(group).items()):
                self.add(group.token, number, weight)

    def add(self, token: str, number: int, weight: float) -> None:
        postings = self.postings.get(token)
        if postings is None:
            postings = self.postings[token] = Postings()
        postings.add(number, weight)

    def of(self, token: str) -> Postings:
        return self.postings.get(token, NOWHERE)

    def rarity(self, token: str) -> float:
        """How much it says that an entry has this token: the rarer, the more."""
        return log(1 + len(self.entries) / max(1, len(self.of(token))))

    @cached_property
    def tokens(self) -> list[str]:
        return sorted(self.postings)

    def beginning_with(self, start: str) -> list[str]:
        """Return tokens that begin like this, of which there may be more: what somebody is still typing."""
        at = bisect_left(self.tokens, start)
        return [token for token in self.tokens[at : at + MOST_ENDINGS] if token.startswith(start)]

    @cached_property
    def spellings(self) -> Spellings:
        texts = (text for entry in self.entries for text in (*entry.names, entry.text))
        return Spellings(chain(texts, (word for group in self.groups for word in group.words)))

    # Words that mean the same ----------------------------------------------------------------------------------------

    def holding(self, group: WordGroup) -> dict[int, float]:
        """Return the entries that hold one of the group's words, with their weight."""
        found: dict[int, float] = {}
        for stems in group.stems:
            for number in self.holding_all(stems):
                if len(stems) == 1 or holds_phrase(self.entries[number], stems):
                    found[number] = max(found.get(number, 0), self.weight_of(stems[0], number))
        for pattern in group.spoken:
            is_word = re.compile(pattern)
            for number in self.holding_all(sorted(set(tokens_of(literal_of(pattern))))):
                entry = self.entries[number]
                in_names = any(is_word.search(name) for name in entry.folded_names)
                if in_names or is_word.search(entry.folded_body):
                    weight = weight_in(entry, 1, 0) if in_names else weight_in(entry, 0, 1)
                    found[number] = max(found.get(number, 0), weight)
        return found

    def holding_all(self, tokens: Sequence[str]) -> Iterable[int]:
        if not tokens:
            return ()
        first, *others = sorted((self.of(token) for token in tokens), key=len)
        found = set(first.numbers)
        for postings in others:
            found.intersection_update(postings.numbers)
        return found

    def weight_of(self, token: str, number: int) -> float:
        postings = self.of(token)
        return postings.weights[bisect_left(postings.numbers, number)]

    @cached_property
    def spoken(self) -> re.Pattern[str]:
        """All patterns of all groups, the longest first. A match's ``lastgroup`` is ``g`` and the group's number."""
        ways = [(pattern, number) for number, group in enumerate(self.groups) for pattern in group.spoken]
        ways.sort(key=lambda way: -len(literal_of(way[0])))
        return re.compile("|".join(f"(?P<g{number}_{at}>{way})" for at, (way, number) in enumerate(ways)) or r"(?!)")

    @cached_property
    def stems(self) -> dict[tuple[str, ...], WordGroup]:
        return {stems: group for group in self.groups for stems in group.stems}


def holds_phrase(entry: SearchEntry, stems: Sequence[str]) -> bool:
    """Return whether these words stand in a text of the entry one after another."""
    texts = (" ".join(map(stem, LATIN.findall(text))) for text in (*entry.folded_names, entry.folded_body))
    return any(f" {' '.join(stems)} " in f" {text} " for text in texts)


def literal_of(pattern: str) -> str:
    """Return the letters of a pattern that are there in any case."""
    return re.sub(r"\(\?<!\[.*?\]\)|(?<!\\)\[.*?\]|\\(?=.)", "", pattern)


def weights_of(entry: SearchEntry) -> Iterator[tuple[str, float]]:
    """Yield each token of an entry with its weight."""
    names = Counter(token for name in entry.folded_names for token in tokens_of(name))
    for name in entry.hyphenated:
        names.update(parts_of(fold(name)))
    body = Counter(tokens_of(entry.folded_body))
    for token in names.keys() | body.keys():
        yield token, weight_in(entry, names[token], body[token])


def weight_in(entry: SearchEntry, in_names: int, in_body: int) -> float:
    name, body = entry.lengths
    count = NAME_WEIGHT * in_names / (0.5 + 0.5 * name / USUAL_NAME) + in_body / (0.6 + 0.4 * body / USUAL_BODY)
    return count / (count + ENOUGH)


def groups_of(document: Document) -> list[WordGroup]:
    """Return the groups of words of a publication. Older ones have none."""
    return [group_of(code, entry) for code, entry in document.get("synonyms", {}).items()]


def group_of(code: str, entry: Document) -> WordGroup:
    spoken, stems = [], []
    words = words_of_line(entry["line"])
    for word in words:
        folded = fold(word).text.strip()
        if folded.isascii():
            stems.append(tuple(stem(part) for part in LATIN.findall(folded)))
        elif folded:
            spoken.append(pattern_of(folded))
    # Two words are also written as one: opt out, opt-out.
    stems += [(stem("".join(one)),) for one in stems if len(one) > 1]
    return WordGroup(code, entry.get("task", ""), words, spoken, [one for one in stems if one])


# --- What is held ----------------------------------------------------------------------------------------------------

_held: dict[tuple[str, str], Index] = {}
_building = Lock()


def index_of(document: Document, sha256: str) -> Index:
    """Return the index in the page's language, built once per document and language; others wait for it meanwhile.

    Indexes of other documents are dropped.
    """
    key = (sha256, page_language())
    if key not in _held:
        with _building:
            if key not in _held:
                made = Index(entries_of(document), groups_of(document))
                for old in [one for one in list(_held) if one[0] != sha256]:
                    _held.pop(old, None)
                _held[key] = made
                return made
    return _held[key]
