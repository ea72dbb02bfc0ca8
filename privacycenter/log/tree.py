"""Merkle trees as in RFC 6962 and RFC 9162, whose inner hashes lie in tiles (C2SP tlog-tiles, height 8).

A hash is 32 bytes of SHA-256. A tile holds up to 256 hashes, one after the other: those of level 0 are the leaves', and
each of level ``n + 1`` is the hash over one full tile of level ``n``. Nothing here knows what the leaves are.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

HASH_BYTES = 32
TILE_WIDTH = 256
TILE_HEIGHT = 8
EMPTY_ROOT = sha256(b"").digest()

# (level, number) → the hashes of this tile that are there: nothing, or more than asked for, if the log has grown.
ReadTile = Callable[[int, int], bytes]


class ProofError(Exception):
    """A proof does not show what it is said to show."""


class Tile(NamedTuple):
    level: int
    number: int
    data: bytes


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over these leaf hashes.

    Built from below, pair by pair: the same as the definition, which splits from above (RFC 6962, 2.1).
    """
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        paired = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = [*paired, level[-1]] if len(level) % 2 else paired
    return level[0]


def split_hashes(data: bytes) -> list[bytes]:
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def largest_power_below(count: int) -> int:
    """Return the largest power of two that is smaller than ``count``, which is at least 2: where a tree is split."""
    return 1 << ((count - 1).bit_length() - 1)


# --- Writing ----------------------------------------------------------------------------------------------------------


def appended_tiles(read: ReadTile, size: int, hashes: Iterable[bytes]) -> list[Tile]:
    """Return the tiles that change when these leaf hashes are appended to a tree of ``size`` leaves, whole as they are
    then, those of level 0 first."""
    changed: list[Tile] = []
    level, fresh = 0, list(hashes)
    while fresh:
        number, width = divmod(size, TILE_WIDTH)
        before = read(level, number)[: width * HASH_BYTES] if width else b""
        if len(before) != width * HASH_BYTES:
            raise ValueError(f"Tile {number} of level {level} holds fewer than {width} hashes.")
        data = before + b"".join(fresh)
        step = TILE_WIDTH * HASH_BYTES
        tiles = [Tile(level, number + at // step, data[at : at + step]) for at in range(0, len(data), step)]
        changed += tiles
        fresh = [root_of(split_hashes(tile.data)) for tile in tiles if len(tile.data) == step]
        level, size = level + 1, number
    return changed


# --- Proofs -----------------------------------------------------------------------------------------------------------


class TreeReader:
    """A tree of ``size`` leaves, out of its tiles. Each tile is read once. Raises ValueError if a tile is too short."""

    def __init__(self, read: ReadTile, size: int) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._subtrees: dict[tuple[int, int], bytes] = {}

    def root(self) -> bytes:
        return self._over(0, self.size) if self.size else EMPTY_ROOT

    def inclusion(self, index: int) -> list[bytes]:
        """Return the path that shows that the leaf at ``index`` is in the tree, from the leaf up (RFC 9162, 2.1.3)."""
        if not 0 <= index < self.size:
            raise ValueError(f"There is no leaf {index} in a tree of {self.size}.")
        path, start, end = [], 0, self.size
        while end - start > 1:
            middle = start + largest_power_below(end - start)
            if index < middle:
                path.append(self._over(middle, end))
                end = middle
            else:
                path.append(self._over(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old_size: int) -> list[bytes]:
        """Return what shows that the tree of the first ``old_size`` leaves is the beginning of this one (RFC 9162,
        2.1.4). Empty if it is no smaller, or was empty."""
        if not 0 <= old_size <= self.size:
            raise ValueError(f"A tree of {self.size} does not begin with one of {old_size}.")
        if old_size in (0, self.size):
            return []
        path, start, end = [], 0, self.size
        while old_size != end:
            middle = start + largest_power_below(end - start)
            if old_size <= middle:
                path.append(self._over(middle, end))
                end = middle
            else:
                path.append(self._over(start, middle))
                start = middle
        # Whoever has the old root knows this one if it is the whole old tree.
        return [*([self._over(start, end)] if start else []), *path[::-1]]

    def peaks(self) -> list[bytes]:
        """Return the roots of the perfect trees that this one consists of, the largest first (``root_from_peaks``)."""
        peaks, start = [], 0
        for count in peak_sizes(self.size):
            peaks.append(self._over(start, start + count))
            start += count
        return peaks

    def _over(self, start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1) == 0:
            return self._subtree(count.bit_length() - 1, start // count)
        middle = start + largest_power_below(count)
        return node_hash(self._over(start, middle), self._over(middle, end))

    def _subtree(self, height: int, number: int) -> bytes:
        """Of the perfect tree over the leaves from ``number << height`` on."""
        key = height, number
        if key not in self._subtrees:
            level, rest = divmod(height, TILE_HEIGHT)
            tile, place = divmod(number << rest, TILE_WIDTH)
            hashes = split_hashes(self._tile(level, tile)[place * HASH_BYTES : (place + (1 << rest)) * HASH_BYTES])
            if len(hashes) != 1 << rest:
                raise ValueError(f"Tile {tile} of level {level} is too short for a tree of {self.size}.")
            self._subtrees[key] = root_of(hashes)
        return self._subtrees[key]

    def _tile(self, level: int, number: int) -> bytes:
        key = level, number
        if key not in self._tiles:
            self._tiles[key] = self._read(level, number)
        return self._tiles[key]


def peak_sizes(size: int) -> list[int]:
    """Return how many leaves the perfect trees have that a tree of ``size`` consists of, the largest first."""
    return [1 << bit for bit in reversed(range(size.bit_length())) if size >> bit & 1]


# --- Checking ---------------------------------------------------------------------------------------------------------


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root of the tree in which this path shows the leaf at ``index`` (RFC 9162, 2.1.3.2). Raises
    ProofError if the path is of another length than there."""
    if not 0 <= index < size:
        raise ProofError(f"There is no leaf {index} in a tree of {size}.")
    node, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ProofError("The path is too long.")
        if node % 2 or node == last:
            root = node_hash(sibling, root)
            while node and node % 2 == 0:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("The path is too short.")
    return root


def check_consistency(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """Raise ProofError unless the path shows that the old tree is the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old_size <= size:
        raise ProofError(f"A tree of {size} does not begin with one of {old_size}.")
    if old_size == size or old_size == 0:
        if path or old_root != (root if old_size else EMPTY_ROOT):
            raise ProofError("The trees differ, or there is a path where none is needed.")
        return
    hashes = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not hashes:
        raise ProofError("The path is too short.")
    node, last = old_size - 1, size - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ProofError("The path is too long.")
        if node % 2 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while node and node % 2 == 0:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    if last or old != old_root or new != root:
        raise ProofError("The old tree is not the beginning of the new one.")


def root_from_peaks(peaks: Sequence[bytes], size: int, hashes: Sequence[bytes]) -> bytes:
    """Return the root of a tree of ``size`` leaves, given by its peaks, with these leaf hashes appended.

    ``size`` is a multiple of the largest power of two that is not below the number of hashes, as the beginning of a
    tile is. Raises ProofError for another number of peaks.
    """
    sizes = peak_sizes(size)
    if len(sizes) != len(peaks):
        raise ProofError(f"A tree of {size} has {len(sizes)} peaks, not {len(peaks)}.")
    parts = list(zip(sizes, peaks, strict=True))
    if hashes:
        parts.append((len(hashes), root_of(hashes)))
    if not parts:
        return EMPTY_ROOT
    # From the right: each perfect tree is the left half of what is split there.
    root = parts[-1][1]
    for _count, peak in reversed(parts[:-1]):
        root = node_hash(peak, root)
    return root
