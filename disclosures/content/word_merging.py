"""Putting two changed texts together word by word (diff3). Pure.

Words are those of ``differences``. Libraries that merge three texts take lines or characters, or are under a licence
that the product cannot have; on words this is one page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from disclosures.content.differences import MOST_PAIRS, WORD


@dataclass(frozen=True)
class MergedText:
    """``overlaps``: how often both changed the same words. Both stand in the text there, the published ones first."""

    text: str
    overlaps: int


def merged_text(base: str, now: str, mine: str) -> MergedText:
    """Return the text with the changes of both. Long texts are put together line by line, as they are compared."""
    sides = [WORD.findall(text) for text in (base, now, mine)]
    if len(sides[0]) * max(len(sides[1]), len(sides[2])) > MOST_PAIRS:
        sides = [text.splitlines(keepends=True) for text in (base, now, mine)]
    text, overlaps = "", 0
    for was, theirs, ours in regions(*sides):
        if theirs == ours or ours == was:
            text += theirs
        elif theirs == was:
            text += ours
        else:
            text, overlaps = text + theirs + ours, overlaps + 1
    return MergedText(text, overlaps)


def regions(base: Sequence[str], now: Sequence[str], mine: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the three texts region by region: those that all have alike, and what stands between them."""
    at = (0, 0, 0)
    for places, length in (*alike(base, now, mine), ((len(base), len(now), len(mine)), 0)):
        between = [side[start:end] for side, start, end in zip((base, now, mine), at, places, strict=True)]
        if any(between):
            was, theirs, ours = ("".join(words) for words in between)
            yield was, theirs, ours
        if length:
            same = "".join(base[places[0] : places[0] + length])
            yield same, same, same
        at = (places[0] + length, places[1] + length, places[2] + length)


def alike(base: Sequence[str], now: Sequence[str], mine: Sequence[str]) -> Iterator[tuple[tuple[int, int, int], int]]:
    """Yield where all three have the same words, and how many, in order."""
    with_now = SequenceMatcher(None, base, now, autojunk=False).get_matching_blocks()
    with_mine = SequenceMatcher(None, base, mine, autojunk=False).get_matching_blocks()
    one, other = 0, 0
    while one < len(with_now) and other < len(with_mine):
        theirs, ours = with_now[one], with_mine[other]
        start, end = max(theirs.a, ours.a), min(theirs.a + theirs.size, ours.a + ours.size)
        if start < end:
            yield (start, theirs.b + start - theirs.a, ours.b + start - ours.a), end - start
        if theirs.a + theirs.size < ours.a + ours.size:
            one += 1
        else:
            other += 1
