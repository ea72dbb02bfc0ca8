"""The words that a publication uses, as it spells them."""

import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import pairwise

from privacycenter.text.folding import folded_text

# Words that can be misspelled: Latin ones, and those in カタカナ.
WORD = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ\u00c0-\u024f]{5,}|[\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f]{3,}")
# Of the words that share the most pairs of letters, so many are compared letter by letter.
COMPARED = 24
# The most words that one pair of letters leads to, and how alike two words have to be.
MOST_WORDS, ALIKE = 1_000, 0.8


class Spellings:
    """The words that a publication uses: folded → as they are written."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.written: dict[str, str] = {}
        self.with_pair: dict[str, list[str]] = {}
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        for word in WORD.findall(text):
            folded = folded_text(word)
            if folded not in self.written:
                self.written[folded] = word
                for pair in pairs_of(folded):
                    self.with_pair.setdefault(pair, []).append(folded)

    def has(self, folded: str) -> bool:
        """Return whether a word is one of these, or a part of one."""
        return folded in self.written or any(folded in word for word in self.written)

    def nearest(self, folded: str) -> str:
        """Return the word that is spelled most alike, as it is written. Empty if none is near."""
        shared: Counter[str] = Counter()
        for pair in pairs_of(folded):
            shared.update(self.with_pair.get(pair, ())[:MOST_WORDS])
        # The first letter is seldom the wrong one: mother is no other.
        alike = [word for word, _count in shared.most_common(COMPARED) if word[0] == folded[0]]
        near = [(likeness(folded, word), word) for word in alike]
        best, word = max(near, default=(0.0, ""))
        return self.written[word] if best >= ALIKE else ""


def pairs_of(word: str) -> set[str]:
    return {"".join(pair) for pair in pairwise(f"^{word}$")}


def likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
