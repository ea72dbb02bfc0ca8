"""Making, opening and deleting the files of exports, which lie in the site's store (``privacycenter.storage``)."""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO

from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac

from consents.exports import csv_file, json_file, pdf_file
from consents.exports.record import Record, record_of
from consents.exports.record.summary import extent
from consents.models import Export, ExportFormat
from disclosures.record.forms import FilterForm
from privacycenter.storage import files
from privacycenter.text.languages import speaking

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "zip": "application/zip",
}
# Up to this many rows a file is made while the person waits; a PDF of this length takes one or two seconds.
MOST_ROWS_AT_ONCE = {ExportFormat.PDF: pdf_file.VOLUME_ROWS, ExportFormat.CSV: 20_000, ExportFormat.JSON: 20_000}
FOLDER = "exports"


def is_made_at_once(format: str, row_count: int) -> bool:
    return row_count <= MOST_ROWS_AT_ONCE[ExportFormat(format)]


def record_for(export: Export, made_at: datetime) -> Record:
    """Return the record with the export's filters."""
    return record_of(export.person, FilterForm(QueryDict(export.query)).filters(), made_at)


def pieces(record: Record, format: str, on_rows: Callable[[int], None] = lambda count: None) -> Iterator[bytes]:
    """Yield a file in pieces. Not for a PDF of several volumes."""
    if format == ExportFormat.CSV:
        return csv_file.pieces(record, on_rows)
    return json_file.pieces(record, on_rows) if format == ExportFormat.JSON else pdf_file.volumes(record, on_rows)


@dataclass(frozen=True)
class Written:
    """A file that is kept, and its extent."""

    name: str
    size_bytes: int
    row_count: int


def write(export: Export, on_rows: Callable[[int, int], None]) -> Written:
    """Write the whole file, aside, and then keep it: it appears complete or not at all. Written again, it is replaced.

    ``on_rows`` is called now and then with how many disclosures are in it, and of how many; also before it is kept.
    """
    record = record_for(export, timezone.now())
    row_count = extent(record).disclosure_count
    on_rows(0, row_count)
    name = file_name(export, row_count)

    def told(done: int) -> None:
        on_rows(done, row_count)

    with files.draft() as draft:
        with speaking(export.language):
            if name.endswith(".zip"):
                write_volumes(pdf_file.volumes(record, told), draft)
            else:
                draft.writelines(pieces(record, export.format, told))
        told(row_count)
        return Written(name, files.keep(name, draft), row_count)


def file_name(export: Export, row_count: int) -> str:
    """Return a name that nobody can guess; a ZIP for a PDF of several volumes.

    It is the same each time, so that a killed worker leaves nothing behind.
    """
    stem = salted_hmac("consents.exports.file_store", str(export.id), algorithm="sha256").hexdigest()
    has_volumes = export.format == ExportFormat.PDF and row_count > pdf_file.VOLUME_ROWS
    return f"{FOLDER}/{stem}.zip" if has_volumes else f"{FOLDER}/{stem}.{export.format}"


def write_volumes(volumes: Iterator[bytes], file: IO[bytes]) -> None:
    """Write a ZIP with the volumes, one in memory at a time."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for number, volume in enumerate(volumes, start=1):
            archive.writestr(f"record-{number:02d}.pdf", volume)


def type_of(file_name: str) -> str:
    """Return the ending, which is a key of ``CONTENT_TYPES``."""
    return PurePosixPath(file_name).suffix.removeprefix(".")


def delete_attempts(export: Export) -> None:
    """Delete what attempts left behind that came to nothing."""
    for row_count in (0, pdf_file.VOLUME_ROWS + 1):
        files.remove(file_name(export, row_count))


def sent(file_name: str) -> Iterator[bytes]:
    """Return the file in pieces. Raises FileNotFoundError at once if there is none."""
    return files.blocks(file_name)


def delete(file_name: str) -> None:
    """Delete the file, if it is there."""
    files.remove(file_name)


def download_name(format: str, day: datetime, *, is_whole: bool) -> str:
    """Return the file name for the person's device. It names nobody, not even through the filters."""
    part = "" if is_whole else "-part"
    return f"privacy-record{part}-{timezone.localtime(day):%Y-%m-%d}.{format}"
