"""Reads what an upload holds, line by line, from any position, in bounded memory. Writes nothing."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from disclosures.bulk_uploads.limits import MOST_LINES, most_text_bytes
from disclosures.models import DisclosureUpload
from disclosures.receiving.file_reading import Line, event_of_json, line_of, raw_lines
from privacycenter.errors import BodyTooLarge, DigestDiffers, InvalidValue, NotGzip, Refusal
from privacycenter.storage import files

BUFFER_BYTES = 256 * 1024


class UploadUnusable(Exception):
    """Nothing (more) of the upload can be recorded. ``refusal``: why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


class PartsReader(io.RawIOBase):
    """The bytes of an upload as they were sent, from a position on. One block of one part is in memory."""

    def __init__(self, upload: DisclosureUpload, position: int = 0) -> None:
        parts = upload.parts.filter(is_taken=True).order_by("offset").values_list("offset", "size_bytes", "file_name")
        self.parts = [part for part in parts if part[0] + part[1] > position]
        self.skipped = position - self.parts[0][0] if self.parts else 0
        self.blocks: Iterator[bytes] = iter(())
        self.waiting = b""
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.waiting:
            self.waiting = next(self.blocks, b"")
            if not self.waiting:
                if not self.parts:
                    return 0
                _offset, _size, name = self.parts.pop(0)
                self.blocks = files.blocks(name)
            self.waiting, self.skipped = self.waiting[self.skipped :], max(self.skipped - len(self.waiting), 0)
        taken, self.waiting = self.waiting[: len(buffer)], self.waiting[len(buffer) :]
        buffer[: len(taken)] = taken
        self.digest.update(taken)
        return len(taken)


class Uncompressed(io.RawIOBase):
    """What is compressed, as far as an upload may hold it: a line that never ends is not read to its end either.

    Raises UploadUnusable beyond.
    """

    def __init__(self, compressed: gzip.GzipFile) -> None:
        self.compressed, self.left = compressed, most_text_bytes()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self.compressed.readinto(buffer)
        self.left -= count
        if self.left < 0:
            raise UploadUnusable(BodyTooLarge(f"At most {most_text_bytes()} bytes once uncompressed."))
        return count


@dataclass(frozen=True)
class Extent:
    """What an upload holds, uncompressed."""

    line_count: int
    text_bytes: int


def extent_of(upload: DisclosureUpload) -> Extent:
    """Look through the whole upload before anything of it is recorded.

    Raises UploadUnusable if it is not what was announced, is damaged, or holds too much; OSError if the store does not
    answer.
    """
    raw = PartsReader(upload)
    number = end = 0
    with closing(text_of(upload, raw)) as text:
        for number, (_line, end) in enumerate(readable_lines(text), 1):  # noqa: B007  ``end`` is read afterwards
            if number > MOST_LINES:
                raise UploadUnusable(BodyTooLarge(f"At most {MOST_LINES} lines in one upload. Send several."))
        with readable():
            while raw.read(BUFFER_BYTES):
                pass
    if raw.digest.hexdigest() != upload.sha256:
        raise UploadUnusable(DigestDiffers("Its SHA-256 is another than was announced. Begin anew.", "sha256"))
    return Extent(number, end)


@dataclass(frozen=True)
class RawLine:
    """One line with its number and the position after it. ``raw`` is None for one that is too long to be read."""

    number: int
    end: int
    raw: bytes | None

    def read(self) -> Line | None:
        """Return the event, or why it is none. None for a blank line."""
        if self.raw is not None and not self.raw.strip():
            return None
        try:
            text = self.raw.decode("utf-8-sig" if self.number == 1 else "utf-8") if self.raw is not None else None
        except UnicodeDecodeError:
            return Line(self.number, self.end, refusal=InvalidValue("The line is not UTF-8."))
        return line_of(self.number, self.end, text, event_of_json)


def lines_after(upload: DisclosureUpload, line: int, position: int) -> Iterator[RawLine]:
    """Yield the lines after this one, which ends at this position of what the upload holds.

    Without compression nothing before the position is read. Raises UploadUnusable if a part is gone, or OSError.
    """
    raw = PartsReader(upload, 0 if upload.is_compressed else position)
    with closing(text_of(upload, raw)) as text:
        if upload.is_compressed:
            skip(text, position)
        for number, (found, end) in enumerate(readable_lines(text), line + 1):
            yield RawLine(number, position + end, found)


def text_of(upload: DisclosureUpload, raw: PartsReader) -> io.BufferedReader:
    buffered: io.BufferedReader = io.BufferedReader(raw, BUFFER_BYTES)
    if not upload.is_compressed:
        return buffered
    return io.BufferedReader(Uncompressed(gzip.GzipFile(fileobj=buffered, mode="rb")), BUFFER_BYTES)


def skip(text: io.BufferedReader, count: int) -> None:
    with readable():
        while count and (block := text.read(min(count, BUFFER_BYTES))):
            count -= len(block)


def readable_lines(text: io.BufferedReader) -> Iterator[tuple[bytes | None, int]]:
    """Yield lines as ``raw_lines`` does. Raises UploadUnusable where they end before their time."""
    with readable():
        yield from raw_lines(text)


class readable:
    """Says why an upload cannot be read, as UploadUnusable. An error of the store stays what it is."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, _traceback: Any) -> None:
        if isinstance(error, (gzip.BadGzipFile, zlib.error, EOFError)):
            raise UploadUnusable(NotGzip(f"Not readable as gzip: {error}")) from error
        if isinstance(error, FileNotFoundError):
            raise UploadUnusable(InvalidValue("A part of it is not kept any more. Begin anew.")) from error
