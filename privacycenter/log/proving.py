"""What shows that a row is in the log, and that no further one is: read from a store, for ``record`` to check."""

from collections.abc import Iterable
from typing import Any

from privacycenter.log.index import Run, RunReader, runs_at
from privacycenter.log.note import encoded
from privacycenter.log.tiles import unbundled
from privacycenter.log.tree import TILE_WIDTH, TreeReader, leaf_hash
from privacycenter.log.writing import Files, Store, root_of_run


def texts(hashes: Iterable[bytes]) -> list[str]:
    return [encoded(one) for one in hashes]


def tree_of(store: Files, size: int) -> TreeReader:
    """Return the tree of the first ``size`` entries, however many there are by now."""
    return TreeReader(lambda level, number: tile_of(store, level, number), size)


def tile_of(store: Files, level: int, number: int) -> bytes:
    """Hashes of the lowest level follow from the entries, and are kept nowhere else."""
    if level:
        return store.tile(level, number)
    return b"".join(leaf_hash(entry) for entry in unbundled(store.bundle(number)))


def end_of_log(store: Store, size: int) -> dict[str, Any]:
    """Return the entries from the last head on, the peaks of what is before, and the roots of the runs there."""
    if not size:
        return {"peaks": [], "tail": [], "runs": []}
    start = (size - 1) // TILE_WIDTH * TILE_WIDTH
    entries = unbundled(store.bundle(start // TILE_WIDTH))[: size - start]
    runs = runs_at(start // TILE_WIDTH)
    return {
        "peaks": texts(tree_of(store, start).peaks()),
        "tail": texts(entries),
        "runs": texts(root_of_run(store, run) for run in runs),
    }


def absence(store: Store, size: int, label: bytes) -> list[list[dict[str, Any]]]:
    """Return the neighbours of the label in each run of the last head: none in a run in which it is, so that a check
    fails there."""
    return [neighbours_in(store, run, label) for run in runs_at((size - 1) // TILE_WIDTH if size else 0)]


def neighbours_in(store: Store, run: Run, label: bytes) -> list[dict[str, Any]]:
    try:
        found = reader_of(store, run).neighbours(label, store.block_before(run, label))
    except ValueError:
        return []
    return [{"place": one.place, "label": encoded(one.label), "path": texts(one.path)} for one in found]


def reader_of(store: Store, run: Run) -> RunReader:
    return RunReader(
        run,
        lambda number: store.run_block(run, number),
        lambda level, number: store.run_tile(run, level, number),
    )


def inclusion(tree: TreeReader, index: int) -> list[str]:
    return texts(tree.inclusion(index))


def consistency(tree: TreeReader, old_size: int) -> list[str]:
    return texts(tree.consistency(old_size))
