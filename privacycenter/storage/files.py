"""The files' store of this site, as every subject uses it."""

import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import Storage, storages

from privacycenter.storage.address import MOST_IN_MEMORY_BYTES
from privacycenter.storage.database_store import DatabaseStorage

# Name of the store in ``settings.STORAGES``.
STORE = "kept"
BLOCK_BYTES = 256 * 1024


def store() -> Storage:
    return storages[STORE]


def keep(name: str, content: IO[bytes]) -> int:
    """Keep the content, from its beginning, under this name, and return its size in bytes. A former one is replaced.

    It appears complete or not at all.
    """
    content.seek(0)
    file: File[Any] = File(content, name=name)
    size_bytes = file.size
    store().save(name, file)
    return int(size_bytes)


def draft() -> "tempfile.SpooledTemporaryFile[bytes]":
    """Return a file to be written before it is kept. It has no name on the disk, and is gone when it is closed."""
    return tempfile.SpooledTemporaryFile(max_size=MOST_IN_MEMORY_BYTES)


def blocks(name: str) -> Iterator[bytes]:
    """Return the file in blocks. Raises FileNotFoundError at once if there is none."""
    return blocks_of(store().open(name))


def whole(name: str) -> bytes:
    """Return the content of a file that is known to be small. Raises FileNotFoundError.

    In the database one SQL statement; the content MUST NOT be empty there.
    """
    kept = store()
    if isinstance(kept, DatabaseStorage):
        return kept.whole(name)
    with kept.open(name) as file:
        return bytes(file.read())


def blocks_of(file: "File[Any]") -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK_BYTES):
            yield block


def remove(name: str) -> None:
    """Delete the file, if it is there."""
    if name:
        store().delete(name)
