"""Appending to the log: entries into bundles, hashes into tiles, labels into the index. A store keeps them.

Everything here follows from the public entries alone, so that anybody can compute it again (``watching``).
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from typing import Protocol

from privacycenter.log.entries import Head, Row, is_head_place, read_entry
from privacycenter.log.index import Run, RunTree, blocks_of, index_root, pending_runs, runs_at
from privacycenter.log.tiles import bundled, unbundled
from privacycenter.log.tree import TILE_WIDTH, Tile, appended_tiles, leaf_hash, root_of


class Files(Protocol):
    """What is public of a log."""

    def tile(self, level: int, number: int) -> bytes:
        """Of level 1 or above."""

    def bundle(self, number: int) -> bytes: ...


class Store(Files, Protocol):
    """What is kept of a log. What is not there reads as empty; a root that is not there as None."""

    def run_root(self, run: Run) -> bytes | None: ...
    def run_block(self, run: Run, number: int) -> Sequence[bytes]: ...
    def run_tile(self, run: Run, level: int, number: int) -> bytes: ...
    def block_before(self, run: Run, label: bytes) -> int:
        """Return the number of the last block that begins with a smaller label; 0 if there is none."""

    def put_tiles(self, tiles: Iterable[Tile]) -> None: ...
    def put_bundle(self, number: int, data: bytes) -> None: ...
    def put_run_blocks(self, run: Run, blocks: Iterable[Sequence[bytes]]) -> None: ...
    def put_run(self, run: Run, tiles: Iterable[Tile], root: bytes) -> None: ...


def append_rows(store: Store, size: int, rows: Sequence[Row], at: int) -> tuple[int, list[int]]:
    """Append the rows, with heads where they are due, to a log of ``size`` entries. Return its size then, and the place
    of each row. ``at``: Unix seconds, for the heads."""
    places: list[int] = []
    fresh: list[bytes] = []
    rest, start = list(rows), size
    while rest:
        index = start + len(fresh)
        if is_head_place(index):
            # What is before has to be in the store: the head's index covers it.
            put_entries(store, start, fresh)
            start, fresh = index, [head_at(store, index, at).entry]
            continue
        room = TILE_WIDTH - index % TILE_WIDTH
        places += range(index, index + min(room, len(rest)))
        fresh += [row.entry for row in rest[:room]]
        rest = rest[room:]
    put_entries(store, start, fresh)
    return start + len(fresh), places


def head_at(store: Store, index: int, at: int) -> Head:
    """Return the head for this place, and build those runs of its index that nobody has built yet."""
    roots = [root_of_run(store, run) for run in runs_at(index // TILE_WIDTH)]
    return Head(index_root(roots), index, at)


def put_entries(store: Store, start: int, entries: Sequence[bytes]) -> None:
    """``entries`` do not go past the end of the bundle in which they begin."""
    if not entries:
        return
    number, width = divmod(start, TILE_WIDTH)
    before = unbundled(store.bundle(number))[:width] if width else []
    whole = [*before, *entries]
    store.put_bundle(number, bundled(whole))
    if len(whole) == TILE_WIDTH:
        # Those of the lowest level follow from the entries.
        full = root_of([leaf_hash(entry) for entry in whole])
        store.put_tiles(
            Tile(tile.level + 1, tile.number, tile.data)
            for tile in appended_tiles(lambda level, at: store.tile(level + 1, at), number, [full])
        )


def root_of_run(store: Store, run: Run) -> bytes:
    return store.run_root(run) or build_run(store, run)


def build_run(store: Store, run: Run) -> bytes:
    """Build a run out of its bundle, or of its parts, which are built first where they are missing. Return its root."""
    for part in run.parts:
        root_of_run(store, part)
    tree = RunTree()
    store.put_run_blocks(run, tree.passing(blocks_of(sorted_labels(store, run))))
    tiles, root = tree.finished()
    store.put_run(run, tiles, root)
    return root


def sorted_labels(store: Store, run: Run) -> Iterator[bytes]:
    """Those of parts are merged as they are read, so that a large run does not have to be held."""
    if run.level:
        return merge(*(labels_of(store, part) for part in run.parts))
    return iter(sorted(labels_in_bundle(store, run.number)))


def labels_of(store: Store, run: Run) -> Iterator[bytes]:
    for number in range(-(-run.label_count // TILE_WIDTH)):
        yield from store.run_block(run, number)


def labels_in_bundle(store: Store, number: int) -> Iterator[bytes]:
    for entry in unbundled(store.bundle(number)):
        found = read_entry(entry)
        if isinstance(found, Row):
            yield found.label


def build_pending(store: Store, bundles: int) -> int:
    """Build what will count later, before a head needs it. Return how many runs were built."""
    missing = [run for run in pending_runs(bundles) if store.run_root(run) is None]
    for run in missing:
        build_run(store, run)
    return len(missing)
