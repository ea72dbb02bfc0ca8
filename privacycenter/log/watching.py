"""A monitor: reads a whole log from its public files, computes everything again, and says what does not fit.

With it no row can be logged twice under one label, no index can leave a label out, and no entry can be exchanged,
without being noticed by whoever watches. It sees nothing of anybody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from privacycenter.log.entries import Head, Row, is_head_place, read_entry
from privacycenter.log.fetching import Fetch
from privacycenter.log.memory import MemoryStore
from privacycenter.log.note import Checkpoint, NoteError, VerifierKey, open_checkpoint
from privacycenter.log.policy import Policy
from privacycenter.log.proving import tree_of
from privacycenter.log.tiles import Place, unbundled, width_at
from privacycenter.log.tree import TILE_WIDTH
from privacycenter.log.writing import head_at, put_entries

# Called with how many more entries were read.
Progress = Callable[[int], None]


@dataclass
class Watched:
    """What a look at a log found. ``checkpoint``: None if there is none that its key signed."""

    checkpoint: Checkpoint | None = None
    rows: int = 0
    witnessed_at: int | None = None
    faults: list[str] = field(default_factory=list)


def watch(
    fetch: Fetch, log: VerifierKey, policy: Policy, before: Checkpoint | None = None,
    progress: Progress = lambda count: None,
) -> Watched:  # fmt: skip
    """Read the log and compute it again. ``before``: the checkpoint of the look before."""
    watched = Watched()
    try:
        watched.checkpoint, note = open_checkpoint(fetch("checkpoint").decode(), log)
        watched.witnessed_at = policy.witnessed_at(note)
    except (NoteError, UnicodeDecodeError) as error:
        watched.faults.append(f"The checkpoint: {error}")
        return watched
    if watched.witnessed_at is None:
        watched.faults.append("The checkpoint lacks the signatures that the policy demands.")
    store = MemoryStore()
    for fault in entry_faults(fetch, store, watched, progress):
        watched.faults.append(fault)
    if not watched.faults or watched.faults == ["The checkpoint lacks the signatures that the policy demands."]:
        watched.faults += tree_faults(fetch, store, watched.checkpoint, before)
    return watched


def entry_faults(fetch: Fetch, store: MemoryStore, watched: Watched, progress: Progress) -> Iterator[str]:
    assert watched.checkpoint  # noqa: S101  the caller has it
    size, labels, last_at = watched.checkpoint.size, set[bytes](), 0
    for number in range(-(-size // TILE_WIDTH)):
        start = number * TILE_WIDTH
        place = Place(None, number, width_at(None, number, size))
        entries = unbundled(fetch(f"tile/{place.path}"))
        if len(entries) != place.width:
            yield f"Bundle {number} has {len(entries)} entries instead of {place.width}."
            return
        for index, raw in enumerate(entries, start):
            try:
                entry = read_entry(raw)
            except ValueError as error:
                yield f"Entry {index}: {error}"
                return
            if isinstance(entry, Head) != is_head_place(index):
                yield f"Entry {index} is {'no' if is_head_place(index) else 'a'} head."
                return
            if isinstance(entry, Head):
                if entry.covered != index or entry.index_root != head_at(store, index, 0).index_root:
                    yield f"The head at {index} names another index than its entries make."
                if entry.at < last_at:
                    yield f"The head at {index} is older than the one before it."
                last_at = entry.at
            elif isinstance(entry, Row):
                if entry.label in labels:
                    yield f"Entry {index} has a label that was used before."
                labels.add(entry.label)
        put_entries(store, start, entries)
        progress(len(entries))
    watched.rows = len(labels)


def tree_faults(fetch: Fetch, store: MemoryStore, checkpoint: Checkpoint, before: Checkpoint | None) -> Iterator[str]:
    if tree_of(store, checkpoint.size).root() != checkpoint.root:
        yield "The checkpoint signs another root than the entries have."
    if before and before.size > checkpoint.size:
        yield f"The log has {checkpoint.size:,} entries, and had {before.size:,} before."
    elif before and tree_of(store, before.size).root() != before.root:
        yield "The log does not continue what it was at the look before."
    for (level, number), data in sorted(store.tiles.items()):
        path = Place(level, number, len(data) // 32).path
        if fetch(f"tile/{path}") != data:
            yield f"The tile {path} is another than its entries make."
