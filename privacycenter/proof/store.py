"""The log in the database, as ``log.writing`` and ``log.proving`` read and write it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from privacycenter.log.index import Run, split_labels
from privacycenter.log.tree import Tile
from privacycenter.models import LogBundle, LogRun, LogRunBlock, LogRunTile, LogState, LogTile

BLOCKS_AT_ONCE = 500
T = TypeVar("T")


def log_size() -> int:
    """Return how many entries are committed. One SQL statement."""
    return LogState.objects.filter(pk=1).values_list("size", flat=True).first() or 0


def numbered_size() -> int:
    """Return how many of the first entries commit to the number of their row. One SQL statement."""
    return LogState.objects.filter(pk=1).values_list("numbered_size", flat=True).first() or 0


class DatabaseStore:
    """Reads each part once. To be made anew for each transaction that appends, and for each page that proves."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._bundles: dict[int, bytes] = {}
        self._blocks: dict[tuple[Run, int], list[bytes]] = {}

    def tile(self, level: int, number: int) -> bytes:
        key = level, number
        if key not in self._tiles:
            found = LogTile.objects.filter(level=level, number=number).values_list("data", flat=True).first()
            self._tiles[key] = bytes(found or b"")
        return self._tiles[key]

    def bundle(self, number: int) -> bytes:
        if number not in self._bundles:
            found = LogBundle.objects.filter(number=number).values_list("data", flat=True).first()
            self._bundles[number] = bytes(found or b"")
        return self._bundles[number]

    def read_ahead(self, places: Iterable[int]) -> None:
        """Read the bundles of these places in the log with one statement, and the tiles above them with another."""
        numbers = {place >> 8 for place in places} - self._bundles.keys()
        for number, data in LogBundle.objects.filter(number__in=numbers).values_list("number", "data"):
            self._bundles[number] = bytes(data)
        above = {number >> 8 for number in numbers}
        for number, data in LogTile.objects.filter(level=1, number__in=above).values_list("number", "data"):
            self._tiles[1, number] = bytes(data)

    def put_bundle(self, number: int, data: bytes) -> None:
        LogBundle.objects.update_or_create(number=number, defaults={"data": data})
        self._bundles[number] = data

    def put_tiles(self, tiles: Iterable[Tile]) -> None:
        for tile in tiles:
            LogTile.objects.update_or_create(level=tile.level, number=tile.number, defaults={"data": tile.data})
            self._tiles[tile.level, tile.number] = tile.data

    # --- The index ---------------------------------------------------------------------------------------------------

    def run_root(self, run: Run) -> bytes | None:
        root = LogRun.objects.filter(level=run.level, number=run.number).values_list("root", flat=True).first()
        return bytes(root) if root is not None else None

    def run_block(self, run: Run, number: int) -> Sequence[bytes]:
        key = run, number
        if key not in self._blocks:
            rows = LogRunBlock.objects.filter(level=run.level, number=run.number, block=number)
            self._blocks[key] = split_labels(bytes(rows.values_list("labels", flat=True).get()))
        return self._blocks[key]

    def run_tile(self, run: Run, level: int, number: int) -> bytes:
        rows = LogRunTile.objects.filter(
            level=run.level, number=run.number, tile_level=level, tile_number=number
        ).values_list("data", flat=True)
        return bytes(rows.first() or b"")

    def block_before(self, run: Run, label: bytes) -> int:
        rows = LogRunBlock.objects.filter(level=run.level, number=run.number, first__lt=label)
        found = rows.order_by("-first").values_list("block", "labels").first()
        if found is None:
            return 0
        self._blocks[run, found[0]] = split_labels(bytes(found[1]))
        return int(found[0])

    def put_run_blocks(self, run: Run, blocks: Iterable[Sequence[bytes]]) -> None:
        rows = (
            LogRunBlock(level=run.level, number=run.number, block=at, first=block[0], labels=b"".join(block))
            for at, block in enumerate(blocks)
        )
        for some in batches(rows, BLOCKS_AT_ONCE):
            LogRunBlock.objects.bulk_create(some)

    def put_run(self, run: Run, tiles: Iterable[Tile], root: bytes) -> None:
        LogRunTile.objects.bulk_create(
            LogRunTile(
                level=run.level, number=run.number, tile_level=tile.level, tile_number=tile.number, data=tile.data
            )
            for tile in tiles
        )
        LogRun.objects.create(level=run.level, number=run.number, root=root)


def batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some
