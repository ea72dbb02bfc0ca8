"""A log in memory: what a monitor computes again."""

from collections.abc import Iterable, Sequence

from privacycenter.log.index import Run
from privacycenter.log.tree import Tile


class MemoryStore:
    """Keeps bundles, tiles and the index as a log's own store does."""

    def __init__(self) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.bundles: dict[int, bytes] = {}
        self.roots: dict[Run, bytes] = {}
        self.blocks: dict[Run, list[list[bytes]]] = {}
        self.run_tiles: dict[tuple[Run, int, int], bytes] = {}

    def tile(self, level: int, number: int) -> bytes:
        return self.tiles.get((level, number), b"")

    def bundle(self, number: int) -> bytes:
        return self.bundles.get(number, b"")

    def run_root(self, run: Run) -> bytes | None:
        return self.roots.get(run)

    def run_block(self, run: Run, number: int) -> Sequence[bytes]:
        return self.blocks[run][number]

    def run_tile(self, run: Run, level: int, number: int) -> bytes:
        return self.run_tiles.get((run, level, number), b"")

    def block_before(self, run: Run, label: bytes) -> int:
        return max((at for at, block in enumerate(self.blocks[run]) if block[0] < label), default=0)

    def put_tiles(self, tiles: Iterable[Tile]) -> None:
        self.tiles.update({(tile.level, tile.number): tile.data for tile in tiles})

    def put_bundle(self, number: int, data: bytes) -> None:
        self.bundles[number] = data

    def put_run_blocks(self, run: Run, blocks: Iterable[Sequence[bytes]]) -> None:
        self.blocks[run] = [list(block) for block in blocks]

    def put_run(self, run: Run, tiles: Iterable[Tile], root: bytes) -> None:
        self.run_tiles.update({(run, tile.level, tile.number): tile.data for tile in tiles})
        self.roots[run] = root
