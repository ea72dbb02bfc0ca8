"""Paths, bundles and entries have one right form each, and the index's runs follow from the size alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacycenter.log.entries import (
    ENTRY_BYTES,
    Head,
    Row,
    canonical_bytes,
    commitment_to,
    is_head_place,
    label_of,
    read_entry,
)
from privacycenter.log.index import FAN, Neighbour, Run, RunTree, blocks_of, check_absence, pending_runs, runs_at
from privacycenter.log.proving import reader_of
from privacycenter.log.tiles import Place, bundled, number_path, read_path, unbundled, width_at
from privacycenter.log.tree import ProofError, leaf_hash, root_of
from privacycenter.log.writing import build_pending, build_run
from tests.support.memory_log import MemoryLog


@pytest.mark.parametrize(
    ("number", "path"), [(0, "000"), (5, "005"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")]
)
def test_number_is_written_in_groups_of_three(number, path):
    assert number_path(number) == path


@given(level=st.one_of(st.none(), st.integers(0, 63)), number=st.integers(0, 10**12), width=st.integers(1, 256))
def test_path_is_read_as_it_is_written(level, number, width):
    place = Place(level, number, width)
    assert read_path(place.path) == place


@pytest.mark.parametrize(
    "path",
    ["", "0", "0/5", "0/0005", "00/005", "64/005", "x/005", "0/x000/005", "0/005.p/0", "0/005.p/256", "0/005.p/01",
     "0/x005", "0/005/", "0/005.p/", "entries/../checkpoint", "entries/005.p/x", "-1/005", "0/٠٠٥"],
)  # fmt: skip
def test_other_paths_name_nothing(path):
    assert read_path(path) is None


@pytest.mark.parametrize(
    ("level", "number", "size", "width"),
    [
        (0, 0, 0, 0),
        (None, 0, 1, 1),
        (0, 1, 300, 44),
        (0, 0, 300, 256),
        (1, 0, 300, 1),
        (1, 0, 255, 0),
        (2, 0, 65536, 1),
    ],
)
def test_width_of_a_tile_follows_from_the_size(level, number, size, width):
    assert width_at(level, number, size) == width


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_bundle_gives_its_entries_back(entries):
    assert unbundled(bundled(entries)) == entries


def test_bundle_that_ends_within_an_entry_is_refused():
    for cut in (1, 2, 5):
        with pytest.raises(ValueError, match="within"):
            unbundled(bundled([b"abcd", b"efgh"])[:-cut])
    with pytest.raises(ValueError, match="too long"):
        bundled([bytes(2**16)])


# --- Entries ----------------------------------------------------------------------------------------------------------


def test_entry_has_49_bytes_and_is_read_as_it_is_written():
    for entry in (Row(bytes(16), bytes(range(32))), Head(bytes(range(32)), 512, 1_800_000_000)):
        assert len(entry.entry) == ENTRY_BYTES and read_entry(entry.entry) == entry
    for wrong in (b"", b"\x03" + bytes(48), Row(bytes(16), bytes(32)).entry[:-1]):
        with pytest.raises(ValueError, match="neither"):
            read_entry(wrong)
    assert [index for index in range(600) if is_head_place(index)] == [0, 256, 512]


def test_labels_and_commitments_are_these():
    """Any implementation has to give the same."""
    assert label_of(bytes(32), 1).hex() == "adf4d2436b2c9e5db6e556c4b73cec4d"
    event = {"type": "disclosure", "items": ["name", "氏名"], "number": "1", "a": {"b": "\u2028"}}
    assert canonical_bytes(event).decode() == (
        '{"a":{"b":"\u2028"},"items":["name","氏名"],"number":"1","type":"disclosure"}'
    )
    assert commitment_to(bytes(16), {"number": "1"}) != commitment_to(bytes(15) + b"\x01", {"number": "1"})
    for number in (0, -1, 2**32):
        with pytest.raises(ValueError, match="no row"):
            label_of(bytes(32), number)


@pytest.mark.parametrize("event", [{"a": 1}, {"a": None}, {"a": 1.5}, {"a": [True]}, {"é": "x"}, {1: "x"}])
def test_event_of_anything_but_texts_is_refused(event):
    """Numbers are written differently by different languages."""
    with pytest.raises(TypeError):
        canonical_bytes(event)


# --- Runs -------------------------------------------------------------------------------------------------------------


@given(bundles=st.integers(0, 3 * FAN**5))
@settings(max_examples=200)
def test_runs_cover_every_bundle_once_in_order_and_stay_few(bundles):
    runs = runs_at(bundles)
    ends = [0, *(run.end_bundle for run in runs)]
    assert [run.first_bundle for run in runs] == ends[:-1] and ends[-1] == bundles
    assert all(run.counts_from <= bundles for run in runs)
    # At most fifteen of each level, and sixteen more where a merge does not count yet.
    assert len(runs) <= 31 * 6


def test_large_merges_count_later():
    third = Run(3, 0)
    assert third in pending_runs(FAN**3) and third not in runs_at(FAN**3 + FAN**2 - 1)
    assert third in runs_at(FAN**3 + FAN**2) and pending_runs(FAN**3 + FAN**2) == []
    assert pending_runs(FAN**2) == [] and runs_at(FAN**2) == [Run(2, 0)]


def tree_of_labels(labels):
    tree = RunTree()
    list(tree.passing(blocks_of(labels)))
    return tree.finished()


def test_run_is_the_same_merged_or_made_at_once():
    log = MemoryLog()
    log.add_others(FAN * 256)
    built = build_run(log.store, Run(1, 0))
    labels = sorted(label for run in Run(1, 0).parts for block in log.store.blocks[run] for label in block)
    assert [label for block in log.store.blocks[Run(1, 0)] for label in block] == labels
    _tiles, root = tree_of_labels(labels)
    assert built == root == root_of([leaf_hash(label) for label in labels]) and len(labels) == Run(1, 0).label_count
    assert build_pending(log.store, FAN) == 0


def test_neighbours_show_absence_at_the_ends_and_in_between():
    log = MemoryLog()
    log.add_others(FAN * 256)
    run = Run(1, 0)
    root = build_run(log.store, run)
    labels = [label for block in log.store.blocks[run] for label in block]
    reader = reader_of(log.store, run)
    for label in (bytes(16), b"\xff" * 16, between(labels, 0), between(labels, 255), between(labels, 1000)):
        neighbours = reader.neighbours(label, log.store.block_before(run, label))
        check_absence(label, neighbours, run, root)
        for other in (labels[0], labels[-1], labels[2000]):
            with pytest.raises(ProofError):
                check_absence(other, neighbours, run, root)
    with pytest.raises(ProofError):
        check_absence(labels[5], [Neighbour(5, labels[5], neighbours[0].path)], run, root)
    with pytest.raises(ValueError, match="in this run"):
        reader.neighbours(labels[300], log.store.block_before(run, labels[300]))


def between(labels, place) -> bytes:
    return (int.from_bytes(labels[place], "big") + 1).to_bytes(16, "big")
