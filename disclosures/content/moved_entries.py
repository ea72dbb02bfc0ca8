"""Entries whose order changed between two documents, whatever their position numbers. Pure: no SQL."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from disclosures.content.publications import Document

# Kind → the fields that name an entry's parents. Entries with the same parents are ordered among themselves.
AMONG: dict[str, tuple[str, ...]] = {
    "sections": ("page", "parent"),
    "definitions": ("section",),
    "scenarios": ("section",),
    "questions": ("section",),
}
Group = tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """One entry now comes after a different entry than before. An empty code means that it was, or is, the first."""

    before: str
    after: str


def moves_in(kind: str, old: Document, new: Document) -> dict[str, Move]:
    """Return code → move, for the fewest entries that explain the new order.

    ``old`` and ``new`` are the entries of one kind. Only entries in the same group in both are compared; one that was
    added, removed or put into another group does not make others count as moved.
    """
    before, after = in_groups(kind, old), in_groups(kind, new)
    moves: dict[str, Move] = {}
    for group, codes in after.items():
        former = before.get(group, [])
        places = {code: place for place, code in enumerate(former)}
        common = [code for code in codes if code in places]
        stayed = {common[index] for index in longest_rising([places[code] for code in common])}
        for code in common:
            if code not in stayed:
                moves[code] = Move(neighbour(former, code), neighbour(codes, code))
    return moves


def in_groups(kind: str, entries: Document) -> dict[Group, list[str]]:
    """Return the codes of each group in order. Entries without a position are left out."""
    groups: dict[Group, list[str]] = defaultdict(list)
    placed = [(code, entry) for code, entry in entries.items() if "position" in entry]
    for code, entry in sorted(placed, key=lambda pair: (pair[1]["position"], pair[0])):
        groups[tuple(entry.get(field, "") for field in AMONG.get(kind, ()))].append(code)
    return groups


def neighbour(codes: Sequence[str], code: str) -> str:
    """Return the code before this one, or an empty string."""
    place = codes.index(code)
    return codes[place - 1] if place else ""


def longest_rising(numbers: Iterable[int]) -> list[int]:
    """Return the indexes of a longest increasing subsequence, in order (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    earlier: list[int] = []
    for index, number in enumerate(numbers):
        length = bisect_left(tails, number)
        tails[length:] = [number, *tails[length + 1 :]]
        ends[length:] = [index, *ends[length + 1 :]]
        earlier.append(ends[length - 1] if length else -1)
    found: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        found.append(index)
        index = earlier[index]
    return found[::-1]


def without_position(entry: Document) -> Document:
    return {name: value for name, value in entry.items() if name != "position"}
