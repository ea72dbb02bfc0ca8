"""Uploads of many disclosures as one file: sent in parts, gone on with after an interruption, with a report per line.

uploads = Uploads(client)
write_lines("november.jsonl.gz", events)             # disclosure_event(…), correction_event(…)
upload = uploads.wait(uploads.send("november.jsonl.gz").id)
for line in uploads.lines(upload.id, status="invalid"):
    alert(line.line, line.problem)
"""

import base64
import gzip
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from privacycenter_client.calling import Caller, query, quoted
from privacycenter_client.errors import NoAnswer, ServiceError

Json = dict[str, Any]
State = Literal["receiving", "waiting", "recording", "recorded", "failed", "cancelled", "expired"]
Status = Literal["created", "duplicate", "conflict", "invalid"]
ENDED = ("recorded", "failed", "cancelled", "expired")
PART = "application/octet-stream"
CHUNK_BYTES = 1024 * 1024
GZIP_BEGINS = b"\x1f\x8b"
# How often one part is sent whose digest came out otherwise at the service.
TRIES_OF_A_PART = 5


@dataclass(frozen=True)
class LineCounts:
    """``total`` is None until the service has looked through the file. Blank lines are ``done`` and nothing else."""

    total: int | None
    done: int
    created: int
    duplicate: int
    conflict: int
    invalid: int
    flagged: int


@dataclass(frozen=True)
class Upload:
    """Where an upload stands. ``problem``: why it failed. ``raw``: all that the service said."""

    id: str
    state: State
    encoding: Literal["identity", "gzip"]
    size_bytes: int
    sha256: str
    received_bytes: int
    part_bytes: int
    lines: LineCounts
    problem: Json | None
    raw: Json

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def is_recorded(self) -> bool:
        """Whether all lines were gone through. Some may be invalid: see ``lines``."""
        return self.state == "recorded"


@dataclass(frozen=True)
class LineResult:
    """What became of one line, counted from 1. ``row``: of its disclosure or correction. ``raw``: all that was said."""

    line: int
    id: str
    status: Status
    row: str | None
    flags: tuple[str, ...]
    problem: Json | None
    raw: Json


class Uploads:
    """The uploads of one reporter. Safe to use from one thread; sending the same file from two is harmless."""

    def __init__(self, caller: Caller, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.caller, self.sleep = caller, sleep

    def send(
        self, path: str | os.PathLike[str], *, compress: bool = True, progress: Callable[[Upload], None] | None = None
    ) -> Upload:
        """Send a file of JSON Lines, one event a line, and have it recorded. Returns once it is complete, not recorded.

        A file that is compressed by gzip goes as it is; another one is compressed on the way unless ``compress`` is
        False. Interrupted anywhere, call it again with the same file: it goes on where the service is. ``progress`` is
        called after each part. Raises NoAnswer and ServiceError; ValueError for an empty file.
        """
        with as_sent(Path(path), compress=compress) as (file, encoding):
            size, sha256 = measured(file)
            if not size:
                raise ValueError("the file is empty")
            told = {"size_bytes": size, "sha256": sha256, "encoding": encoding}
            upload = upload_from(self.caller.call("POST", "/disclosure-uploads", told))
            while upload.state == "receiving" and upload.received_bytes < size:
                upload = self.send_part(upload, file)
                if progress:
                    progress(upload)
        return self.complete(upload)

    def send_part(self, upload: Upload, file: BinaryIO) -> Upload:
        """Send the next part; return how far the upload is. Another who sends the same file may be further."""
        for attempt in range(TRIES_OF_A_PART):
            file.seek(upload.received_bytes)
            part = file.read(upload.part_bytes)
            digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
            path = f"/disclosure-uploads/{quoted(upload.id)}/parts/{upload.received_bytes}"
            try:
                headers = {"Content-Digest": f"sha-256=:{digest}:"}
                return upload_from(self.caller.call("PUT", path, part, PART, headers=headers))
            except ServiceError as error:
                if error.name in ("wrong-offset", "upload-closed"):
                    return self.get(upload.id)
                # The bytes were changed on their way.
                if error.name != "digest-differs" or attempt + 1 == TRIES_OF_A_PART:
                    raise
        raise AssertionError  # the last try returns or raises

    def complete(self, upload: Upload) -> Upload:
        """Have an upload recorded whose bytes have all come. Repeating it is harmless, also after it was recorded."""
        try:
            return upload_from(self.caller.call("POST", f"/disclosure-uploads/{quoted(upload.id)}/completions"))
        except ServiceError as error:
            if error.name != "upload-closed":
                raise
            return self.get(upload.id)

    def get(self, id: str) -> Upload:
        return upload_from(self.caller.call("GET", f"/disclosure-uploads/{quoted(id)}"))

    def all(self) -> Iterator[Upload]:
        """Your uploads, the newest first, page by page; also those that ended within 30 days."""
        before: str | None = ""
        while before is not None:
            page = self.caller.call("GET", f"/disclosure-uploads?{query(before=before)}")
            yield from (upload_from(one) for one in page["data"])
            before = page["next"]

    def cancel(self, id: str) -> Upload:
        """End an upload. What is recorded of it by then stays. ServiceError 409 if it has ended otherwise."""
        return upload_from(self.caller.call("POST", f"/disclosure-uploads/{quoted(id)}/cancellations"))

    def wait(
        self, id: str, *, timeout_seconds: float = 3600, every_seconds: float = 2,
        progress: Callable[[Upload], None] | None = None,
    ) -> Upload:  # fmt: skip
        """Ask until the upload has ended, and return it: ``recorded``, or ``failed`` with its ``problem``.

        Raises NoAnswer if it has not ended by then; it is recorded all the same, so ask again later.
        """
        until = time.monotonic() + timeout_seconds
        while not (upload := self.get(id)).has_ended:
            if progress:
                progress(upload)
            if time.monotonic() >= until:
                raise NoAnswer(f"the upload {id} is still {upload.state}, {upload.lines.done} lines are done")
            self.sleep(every_seconds)
        return upload

    def lines(self, id: str, *, status: Status | None = None, after: int = 0) -> Iterator[LineResult]:
        """What became of each line after this one, in their order, as far as they are recorded; page by page."""
        has_more = True
        while has_more:
            asked = query(after=after, status=status, limit=1000)
            page = self.caller.call("GET", f"/disclosure-uploads/{quoted(id)}/lines?{asked}")
            yield from (line_from(one) for one in page["data"])
            after, has_more = page["next"], page["has_more"]


def write_lines(path: str | os.PathLike[str], events: Iterable[Mapping[str, Any]]) -> int:
    """Write events as a file of JSON Lines, compressed if its name ends in ``.gz``. Returns how many.

    The same events make the same bytes, so that a file that is made anew goes on where the last one was.
    """
    count = 0
    with open(path, "wb") as file, compressed_to(file) if str(path).endswith(".gz") else file as lines:
        for event in events:
            count += 1
            lines.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return count


@contextmanager
def as_sent(path: Path, *, compress: bool) -> Iterator[tuple[BinaryIO, str]]:
    """Open the file as it is sent, with its encoding."""
    with path.open("rb") as file:
        is_gzip = file.read(2) == GZIP_BEGINS
        file.seek(0)
        if is_gzip or not compress:
            yield file, "gzip" if is_gzip else "identity"
            return
        with tempfile.TemporaryFile() as smaller:
            if file.peek(1):
                with compressed_to(smaller) as target:
                    shutil.copyfileobj(file, target, CHUNK_BYTES)
            yield smaller, "gzip"


def compressed_to(file: Any) -> gzip.GzipFile:
    """A file that compresses into another one: without a name and a time, so that it is the same each time."""
    return gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)


def measured(file: BinaryIO) -> tuple[int, str]:
    """Bytes, and their SHA-256 in hexadecimal."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


def upload_from(told: Mapping[str, Any]) -> Upload:
    counts = {name: told["lines"][name] for name in LineCounts.__dataclass_fields__}
    own = ("id", "state", "encoding", "size_bytes", "sha256", "received_bytes", "part_bytes", "problem")
    return Upload(**{name: told[name] for name in own}, lines=LineCounts(**counts), raw=dict(told))


def line_from(told: Mapping[str, Any]) -> LineResult:
    row = told.get("correction") or told.get("disclosure")
    flags, problem = tuple(told.get("flags") or ()), told.get("problem")
    return LineResult(told["line"], told["id"], told["status"], row, flags, problem, dict(told))
