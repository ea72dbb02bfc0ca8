"""How the log lies in files: paths and bundles of C2SP tlog-tiles."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from privacycenter.log.tree import TILE_WIDTH

LONGEST_ENTRY = 2**16 - 1
HIGHEST_LEVEL = 63
ENTRIES = "entries"
_PATH = re.compile(
    r"(?P<level>0|[1-9][0-9]?|entries)/(?P<number>(x[0-9]{3}/)*[0-9]{3})(\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class Place(NamedTuple):
    """A tile, or a bundle of entries if ``level`` is None. ``width``: how many hashes or entries, 256 if it is full."""

    level: int | None
    number: int
    width: int

    @property
    def is_full(self) -> bool:
        return self.width == TILE_WIDTH

    @property
    def path(self) -> str:
        level = ENTRIES if self.level is None else str(self.level)
        return f"{level}/{number_path(self.number)}" + ("" if self.is_full else f".p/{self.width}")


def number_path(number: int) -> str:
    """Return the number in groups of three digits: 1234067 is ``x001/x234/067``."""
    path = f"{number % 1000:03d}"
    while number := number // 1000:
        path = f"x{number % 1000:03d}/{path}"
    return path


def read_path(path: str) -> Place | None:
    """Return the place that this path, below ``tile/``, names. None if it names none, or not in the one right way."""
    found = _PATH.fullmatch(path)
    if not found:
        return None
    level = None if found["level"] == ENTRIES else int(found["level"])
    number = int(re.sub(r"[x/]", "", found["number"]))
    place = Place(level, number, int(found["width"] or TILE_WIDTH))
    is_there = (level is None or level <= HIGHEST_LEVEL) and (place.width < TILE_WIDTH or not found["width"])
    return place if is_there and place.path == path else None


def width_at(level: int | None, number: int, size: int) -> int:
    """Return how many hashes, or entries, of this tile there are in a log of ``size`` entries: 0 to 256."""
    whole = size >> (8 * (level or 0))
    return max(0, min(TILE_WIDTH, whole - number * TILE_WIDTH))


def bundled(entries: Sequence[bytes]) -> bytes:
    """Return the entries one after the other, each with its length in two bytes before it."""
    if any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise ValueError("An entry is too long for a bundle.")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundled(data: bytes) -> list[bytes]:
    """Return the entries of a bundle. Raises ValueError if its end is missing."""
    entries, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise ValueError("The bundle ends within an entry.")
        entries.append(data[at + 2 : end])
        at = end
    return entries
