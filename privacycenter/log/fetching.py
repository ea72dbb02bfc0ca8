"""A log's public files, read from its address."""

import urllib.error
import urllib.request
from collections.abc import Callable

from privacycenter.log.tiles import Place, width_at

# The file at this address below the log's. Raises OSError if it cannot be read.
Fetch = Callable[[str], bytes]
SECONDS = 30
LARGEST_FILE = 20 * 1024 * 1024


def fetching(url: str) -> Fetch:
    """Return what reads the files of the log at this address. Raises ValueError for one that is none."""
    if not url.startswith(("https://", "http://")):
        raise ValueError("The log's address begins with https://.")

    def fetch(path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{url.rstrip('/')}/{path}", timeout=SECONDS) as response:  # noqa: S310  checked above
                data: bytes = response.read(LARGEST_FILE)
        except urllib.error.HTTPError as error:
            raise OSError(f"{path}: {error.code}") from None
        return data

    return fetch


class PublicTiles:
    """The tiles of a log of this size, for ``proving.tree_of``."""

    def __init__(self, fetch: Fetch, size: int) -> None:
        self._fetch, self._size = fetch, size

    def tile(self, level: int, number: int) -> bytes:
        return self._file(level, number)

    def bundle(self, number: int) -> bytes:
        return self._file(None, number)

    def _file(self, level: int | None, number: int) -> bytes:
        return self._fetch(f"tile/{Place(level, number, width_at(level, number, self._size)).path}")
