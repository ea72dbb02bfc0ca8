"""Files in the database, encrypted, in chunks: no more than one is in memory, however long a file is."""

import io
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.files import File
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.deconstruct import deconstructible

from privacycenter.models import FileChunk, StoredFile
from privacycenter.storage import ciphers

CHUNK_BYTES = 256 * 1024


@deconstructible
class DatabaseStorage(Storage):
    """A file appears complete or not at all: until its last chunk is written nobody finds it. Saved again under the
    same name, it replaces the former one in one step.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: "File[Any]") -> str:
        """Write the file in short transactions, one for each chunk, so that other writers have their turn."""
        file, key = begin(name)
        try:
            size_bytes = 0
            for number, piece in enumerate(blocks_of(content)):
                size_bytes += len(piece)
                FileChunk.objects.create(file=file, number=number, body=ciphers.encrypted(key, number, piece))
            complete(file, size_bytes)
        except BaseException:
            delete_files([file.pk])
            raise
        return name

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        """Open a file for reading. Raises FileNotFoundError. One SQL statement now, and one for each chunk as read."""
        found = self.found(name)
        if found is None:
            raise FileNotFoundError(name)
        opened: File[Any] = File(io.BufferedReader(StoredBytes(found), CHUNK_BYTES), name)
        return opened

    def whole(self, name: str) -> bytes:
        """Return the content of a file that is known to be small. Raises FileNotFoundError. One SQL statement."""
        chunks = FileChunk.objects.filter(file__name=name, file__completed_at__isnull=False).order_by("number")
        found = list(chunks.values_list("file__sealed_key", "number", "body"))
        if not found:
            raise FileNotFoundError(name)
        key = ciphers.unsealed(found[0][0])
        return b"".join(ciphers.decrypted(key, number, bytes(body)) for _key, number, body in found)

    def delete(self, name: str) -> None:
        """Delete the file. Nothing happens if there is none."""
        delete_files(
            list(StoredFile.objects.filter(name=name, completed_at__isnull=False).values_list("pk", flat=True))
        )

    def exists(self, name: str) -> bool:
        return self.found(name) is not None

    def size(self, name: str) -> int:
        found = self.found(name)
        if found is None:
            raise FileNotFoundError(name)
        return found.size_bytes

    def get_created_time(self, name: str) -> datetime:
        found = self.found(name)
        if found is None or found.completed_at is None:
            raise FileNotFoundError(name)
        return found.completed_at

    def found(self, name: str) -> StoredFile | None:
        return StoredFile.objects.called(name).first()


def begin(name: str) -> tuple[StoredFile, bytes]:
    """Return the row of a file that nobody finds yet, and its key."""
    key = ciphers.new_key()
    file = StoredFile.objects.create(
        id=uuid.uuid4(), name=name, sealed_key=ciphers.sealed(key), begun_at=timezone.now()
    )
    return file, key


def complete(file: StoredFile, size_bytes: int) -> None:
    """Let the file be found in place of the former one of its name, also of one that is completed at the same time."""
    for is_last in (False, False, True):
        try:
            return replace_former(file, size_bytes)
        except IntegrityError:
            if is_last:
                raise


@transaction.atomic
def replace_former(file: StoredFile, size_bytes: int) -> None:
    former = StoredFile.objects.called(file.name).select_for_update()
    delete_files(list(former.values_list("pk", flat=True)))
    StoredFile.objects.filter(pk=file.pk).update(size_bytes=size_bytes, completed_at=timezone.now())


@transaction.atomic
def delete_files(ids: list[uuid.UUID]) -> None:
    """Delete files with their chunks. At most two SQL statements; none for no file."""
    if ids:
        FileChunk.objects.filter(file_id__in=ids).delete()
        StoredFile.objects.filter(pk__in=ids).delete()


def blocks_of(content: "File[Any]") -> Iterator[bytes]:
    """Yield the content in blocks of ``CHUNK_BYTES``; only the last one is shorter."""
    left = b""
    for piece in content.chunks(CHUNK_BYTES):
        left += piece.encode() if isinstance(piece, str) else piece
        while len(left) >= CHUNK_BYTES:
            yield left[:CHUNK_BYTES]
            left = left[CHUNK_BYTES:]
    if left:
        yield left


class StoredBytes(io.RawIOBase):
    """The bytes of a stored file, a chunk at a time. Raises FileNotFoundError if it was deleted meanwhile."""

    def __init__(self, file: StoredFile) -> None:
        self.file, self.key = file, ciphers.unsealed(file.sealed_key)
        self.number, self.at, self.waiting = 0, 0, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.waiting and self.at < self.file.size_bytes:
            self.waiting = self.chunk()
        taken, self.waiting = self.waiting[: len(buffer)], self.waiting[len(buffer) :]
        buffer[: len(taken)] = taken
        self.at += len(taken)
        return len(taken)

    def chunk(self) -> bytes:
        rows = FileChunk.objects.filter(file_id=self.file.pk, number=self.number)
        body = rows.values_list("body", flat=True).first()
        if body is None:
            raise FileNotFoundError(self.file.name)
        piece = ciphers.decrypted(self.key, self.number, bytes(body))
        self.number += 1
        return piece
