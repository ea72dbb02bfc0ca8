"""Tokens of a folded text, by which an index finds it: English words by their stem, Japanese by pairs of letters.

Japanese is written without blanks, and what tells its words apart is a dictionary of many megabytes. Pairs of letters
need none: 取り消した and 取り消す share 取り and り消. What is rare in all texts together counts more than what most of
them have (した), and an index knows which is which.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from threading import Lock

import snowballstemmer

from privacycenter.text.folding import Folded

ENGLISH = snowballstemmer.stemmer("english")
# It works on itself, so one thread at a time.
_stemming = Lock()
# Shorter words have no ending that could go.
SHORTEST_WITH_ENDING = 4
# A run of Latin letters and digits, with what follows an apostrophe, or of other letters: 漢字, かな, 한글.
LATIN = re.compile(r"[0-9a-z]+(?:['’][a-z]+)?")
RUN = re.compile(r"[0-9a-z]+(?:['’][a-z]+)?|[^\W0-9a-z_]+")
KANJI = re.compile(r"[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return a Latin word, folded, without its English ending: shared → share, companies → compani."""
    bare = word.replace("'", "").replace("’", "")
    if len(bare) < SHORTEST_WITH_ENDING or not bare.isalpha():
        return bare
    with _stemming:
        return str(ENGLISH.stemWord(bare))


def tokens_of(folded: str) -> Iterator[str]:
    """Yield the tokens of a folded text: stems, each pair of other letters that touch, and each 漢字 alone."""
    for run in RUN.findall(folded):
        if run[0].isascii():
            yield stem(run)
        else:
            yield from map("".join, pairwise(run))
            yield from KANJI.findall(run)


def parts_of(text: Folded) -> Iterator[str]:
    """Yield the stems of the parts of words with a hyphen: the "e" and the "mail" of "e-mail"."""
    for match in LATIN.finditer(text.text) if text.parts else ():
        cuts = [at for at in sorted(text.parts) if match.start() < at < match.end()]
        for start, end in pairwise((match.start(), *cuts, match.end()) if cuts else ()):
            yield stem(text.text[start:end])
