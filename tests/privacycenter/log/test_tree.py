"""The tree does what RFC 6962 defines, whatever its size, and a proof of something else is refused."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacycenter.log.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    TILE_WIDTH,
    ProofError,
    TreeReader,
    appended_tiles,
    check_consistency,
    leaf_hash,
    node_hash,
    root_from_inclusion,
    root_from_peaks,
    root_of,
)

MOST = 1200
LEAVES = [leaf_hash(str(number).encode()) for number in range(MOST)]
# The tree of RFC 6962's own test vectors, as in Certificate Transparency's reference code: entries, and roots by size.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
sizes = st.integers(0, MOST)


def defined_root(hashes):
    """RFC 6962, 2.1, word for word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    return node_hash(defined_root(hashes[:middle]), defined_root(hashes[middle:]))


def defined_path(index, hashes):
    """RFC 6962, 2.1.1."""
    if len(hashes) == 1:
        return []
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    if index < middle:
        return [*defined_path(index, hashes[:middle]), defined_root(hashes[middle:])]
    return [*defined_path(index - middle, hashes[middle:]), defined_root(hashes[:middle])]


class Tiles(dict):
    """In memory."""

    def read(self, level, number):
        return self.get((level, number), b"")

    def append(self, size, hashes):
        self.update({(tile.level, tile.number): tile.data for tile in appended_tiles(self.read, size, hashes)})


@pytest.fixture(scope="module")
def tiles() -> Tiles:
    made = Tiles()
    made.append(0, LEAVES)
    return made


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference(size):
    assert root_of([leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES[:size]]).hex() == ROOTS[size - 1]


@given(size=sizes)
@settings(max_examples=40, deadline=None)
def test_root_is_the_defined_one_from_hashes_and_from_tiles(tiles, size):
    root = defined_root(LEAVES[:size])
    assert root_of(LEAVES[:size]) == TreeReader(tiles.read, size).root() == root


@given(pieces=st.lists(st.integers(0, 600), max_size=6))
@settings(max_examples=25, deadline=None)
def test_tiles_are_the_same_however_they_were_appended(tiles, pieces):
    made, size = Tiles(), 0
    for piece in pieces:
        end = min(size + piece, MOST)
        made.append(size, LEAVES[size:end])
        size = end
    for level in range(3):
        hashes = b"".join(made.read(level, number) for number in range(5))
        assert hashes == b"".join(tiles.read(level, number) for number in range(5))[: len(hashes)]
        assert len(hashes) == (size >> (8 * level)) * HASH_BYTES


def test_tile_that_lacks_hashes_is_not_gone_on_with(tiles):
    with pytest.raises(ValueError, match="fewer than 100"):
        appended_tiles(lambda level, number: b"", 100, LEAVES[:1])
    with pytest.raises(ValueError, match="too short"):
        TreeReader(lambda level, number: tiles.read(level, number)[:-HASH_BYTES], MOST).root()


@given(data=st.data(), size=st.integers(1, MOST))
@settings(max_examples=40, deadline=None)
def test_path_shows_one_leaf_at_one_place_of_one_tree(tiles, data, size):
    index = data.draw(st.integers(0, size - 1))
    reader = TreeReader(tiles.read, size)
    path, root = reader.inclusion(index), reader.root()
    assert path == defined_path(index, LEAVES[:size])
    assert root_from_inclusion(LEAVES[index], index, size, path) == root
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index)) if size > 1 else None
    if other is not None:
        assert shown(LEAVES[other], index, size, path) != root
        assert shown(LEAVES[index], other, size, path) != root
    assert shown(LEAVES[index], index, size, [*path, root]) != root
    assert shown(LEAVES[index], index, size, path[:-1]) != root or not path


def shown(*proof):
    """The root that a wrong proof leads to, or that it is refused."""
    try:
        return root_from_inclusion(*proof)
    except ProofError:
        return None


@pytest.mark.parametrize("index", [-1, 5, 6])
def test_leaf_that_is_not_there_has_no_path(tiles, index):
    with pytest.raises(ValueError, match="no leaf"):
        TreeReader(tiles.read, 5).inclusion(index)
    with pytest.raises(ProofError, match="no leaf"):
        root_from_inclusion(LEAVES[0], index, 5, [])


@given(data=st.data(), size=sizes)
@settings(max_examples=60, deadline=None)
def test_consistency_shows_that_the_old_tree_is_the_beginning(tiles, data, size):
    old_size = data.draw(st.integers(0, size))
    reader, old_root = TreeReader(tiles.read, size), defined_root(LEAVES[:old_size])
    path, root = reader.consistency(old_size), reader.root()
    check_consistency(old_size, old_root, size, root, path)
    for wrong in (
        (old_size, leaf_hash(b"another"), size, root, path),
        (old_size, old_root, size, leaf_hash(b"another"), path if old_size else [root]),
        (old_size, old_root, size, root, [*path, root]),
        (size + 1, old_root, size, root, path),
    ):
        with pytest.raises(ProofError):
            check_consistency(*wrong)
    for place in range(len(path)):
        with pytest.raises(ProofError):
            check_consistency(old_size, old_root, size, root, [*path[:place], LEAVES[0], *path[place + 1 :]])
    if path:
        with pytest.raises(ProofError):
            check_consistency(old_size, old_root, size, root, path[:-1])


def test_consistency_with_a_longer_tree_is_not_asked(tiles):
    with pytest.raises(ValueError, match="does not begin"):
        TreeReader(tiles.read, 5).consistency(6)


@given(tile=st.integers(0, MOST // TILE_WIDTH), rest=st.integers(0, TILE_WIDTH))
@settings(max_examples=40, deadline=None)
def test_peaks_and_what_came_since_give_the_root(tiles, tile, rest):
    size, end = tile * TILE_WIDTH, min(tile * TILE_WIDTH + rest, MOST)
    peaks = TreeReader(tiles.read, size).peaks()
    assert root_from_peaks(peaks, size, LEAVES[size:end]) == defined_root(LEAVES[:end])
    with pytest.raises(ProofError, match="peaks"):
        root_from_peaks([*peaks, EMPTY_ROOT], size, LEAVES[size:end])
