"""The index of labels: it shows that a label is in no entry of the log.

A *run* is a tree over the sorted labels of a range of full bundles. Sixteen runs of one level are merged into one of
the next. Which runs there are, and how many labels each has, follows from the size of the log alone, so a verifier
derives both and is told neither. The index root, which each head carries, is the root over the roots of the runs, in
the order of the bundles that they cover.

That a label is in no run is shown by its neighbours in each: two that stand side by side, one below and one above it.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from privacycenter.log.entries import LABEL_BYTES, ROWS_IN_BUNDLE
from privacycenter.log.tree import (
    TILE_WIDTH,
    ProofError,
    ReadTile,
    Tile,
    TreeReader,
    appended_tiles,
    leaf_hash,
    root_from_inclusion,
    root_of,
)

FAN = 16
# Merges from this level on (a million labels) take effect later than their last bundle is full, so that they can be
# made meanwhile and hold nobody up.
DELAYED_LEVEL = 3


class Run(NamedTuple):
    """The labels of the bundles from ``number · 16^level`` on, as many as ``16^level``."""

    level: int
    number: int

    @property
    def bundles(self) -> int:
        return int(FAN**self.level)

    @property
    def first_bundle(self) -> int:
        return self.number * self.bundles

    @property
    def end_bundle(self) -> int:
        return self.first_bundle + self.bundles

    @property
    def label_count(self) -> int:
        return ROWS_IN_BUNDLE * self.bundles

    @property
    def counts_from(self) -> int:
        """How many full bundles the log has when this run takes the place of its parts."""
        return self.end_bundle + (FAN ** (self.level - 1) if self.level >= DELAYED_LEVEL else 0)

    @property
    def parts(self) -> list["Run"]:
        """The runs that it is merged of; none for one of a single bundle."""
        return [Run(self.level - 1, self.number * FAN + at) for at in range(FAN)] if self.level else []

    @property
    def whole(self) -> "Run":
        """The run that it will be a part of."""
        return Run(self.level + 1, self.number // FAN)


def runs_at(bundles: int) -> list[Run]:
    """Return the runs that make up the index of this many full bundles, in the order of what they cover."""
    runs: list[Run] = []
    start = 0
    while start < bundles:
        run = Run(0, start)
        while start % run.whole.bundles == 0 and run.whole.counts_from <= bundles:
            run = run.whole
        runs.append(run)
        start = run.end_bundle
    return runs


def pending_runs(bundles: int) -> list[Run]:
    """Return the runs that do not count yet, although all their bundles are full, the smallest first.

    Of each level only the newest can be one.
    """
    runs, level = [], DELAYED_LEVEL
    while FAN**level <= bundles:
        runs.append(Run(level, bundles // FAN**level - 1))
        level += 1
    return [run for run in runs if run.counts_from > bundles]


def index_root(run_roots: Sequence[bytes]) -> bytes:
    return root_of([leaf_hash(root) for root in run_roots])


# --- One run ----------------------------------------------------------------------------------------------------------


def split_labels(data: bytes) -> list[bytes]:
    return [data[at : at + LABEL_BYTES] for at in range(0, len(data), LABEL_BYTES)]


def blocks_of(labels: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield sorted labels in blocks of 256, as a run is kept; the last may be shorter."""
    block: list[bytes] = []
    for label in labels:
        block.append(label)
        if len(block) == TILE_WIDTH:
            yield block
            block = []
    if block:
        yield block


class RunTree:
    """The tree of a run, hashed while its blocks pass by: of each block one hash is kept."""

    def __init__(self) -> None:
        self._full: list[bytes] = []
        self._rest: list[bytes] = []

    def passing(self, blocks: Iterable[Sequence[bytes]]) -> Iterator[Sequence[bytes]]:
        for block in blocks:
            leaves = [leaf_hash(label) for label in block]
            if len(leaves) == TILE_WIDTH:
                self._full.append(root_of(leaves))
            else:
                self._rest = leaves
            yield block

    def finished(self) -> tuple[list[Tile], bytes]:
        """Return the tiles above the lowest level, whose hashes follow from the blocks, and the root."""
        above = appended_tiles(lambda level, number: b"", 0, self._full)
        tiles = {(tile.level + 1, tile.number): tile.data for tile in above}

        def read(level: int, number: int) -> bytes:
            return tiles.get((level, number), b"") if level else b"".join(self._rest)

        root = TreeReader(read, len(self._full) * TILE_WIDTH + len(self._rest)).root()
        return [Tile(level, number, data) for (level, number), data in tiles.items()], root


class Neighbour(NamedTuple):
    """A label of a run, its place there, and the path that shows it."""

    place: int
    label: bytes
    path: list[bytes]


class RunReader:
    """One run out of its blocks and tiles. ``read_block``: number → labels; ``read_tile``: above the lowest level."""

    def __init__(self, run: Run, read_block: Callable[[int], Sequence[bytes]], read_tile: ReadTile) -> None:
        self.run = run
        self._read_block, self._read_tile = read_block, read_tile
        self._blocks: dict[int, Sequence[bytes]] = {}
        self._tree = TreeReader(self._hashes, run.label_count)

    def neighbours(self, label: bytes, block: int) -> list[Neighbour]:
        """Return the neighbours of a label that is not in the run.

        ``block``: the last one that begins with a smaller label, 0 if there is none. Raises ValueError if the label is
        there.
        """
        labels = self._block(block)
        above = bisect_left(labels, label)
        if above < len(labels) and labels[above] == label:
            raise ValueError("The label is in this run.")
        place = block * TILE_WIDTH + above
        return [self._neighbour(at) for at in (place - 1, place) if 0 <= at < self.run.label_count]

    def _neighbour(self, place: int) -> Neighbour:
        block, at = divmod(place, TILE_WIDTH)
        return Neighbour(place, self._block(block)[at], self._tree.inclusion(place))

    def _block(self, number: int) -> Sequence[bytes]:
        if number not in self._blocks:
            self._blocks[number] = self._read_block(number)
        return self._blocks[number]

    def _hashes(self, level: int, number: int) -> bytes:
        if level:
            return self._read_tile(level, number)
        return b"".join(leaf_hash(label) for label in self._block(number))


def check_absence(label: bytes, neighbours: Sequence[Neighbour], run: Run, root: bytes) -> None:
    """Raise ProofError unless these neighbours show that the label is not in this run."""
    for place, other, path in neighbours:
        if root_from_inclusion(leaf_hash(other), place, run.label_count, path) != root:
            raise ProofError("A neighbour is not in the index.")
    if len(neighbours) == 2:
        below, above = neighbours
        is_between = below.place + 1 == above.place and below.label < label < above.label
    elif len(neighbours) == 1:
        (only,) = neighbours
        is_first = only.place == 0 and label < only.label
        is_between = is_first or (only.place == run.label_count - 1 and only.label < label)
    else:
        is_between = False
    if not is_between:
        raise ProofError("The label could stand between these neighbours.")
