"""Reads files of disclosures line by line. Writes nothing.

JSON Lines and CSV hold the same events as the API; corrections are possible in JSON Lines only.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BufferedReader
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from disclosures.ledger.events import Report
from disclosures.receiving.schemas import EVENT_TYPE, read_event
from disclosures.reporters.bodies import first_error
from privacycenter.errors import InvalidValue
from privacycenter.http.strict_json import strict_json

JSONL, CSV = "jsonl", "csv"
FORMATS = {".jsonl": JSONL, ".ndjson": JSONL, ".json": JSONL, ".csv": CSV}
# A file of before there was evidence has the first columns alone.
FIRST_COLUMNS = ("id", "source", "time", "subject", "recipient", "service", "scenario", "items", "ground", "decision")
EVIDENCE_COLUMNS = {"kind": "evidence", "reference": "evidence_reference", "shown_publication": "shown_publication"}
COLUMNS = (*FIRST_COLUMNS, *EVIDENCE_COLUMNS.values())
# Far more than any valid event needs. Longer lines are not read into memory.
LONGEST_LINE_BYTES = 1024 * 1024


class UnreadableFile(Exception):
    """The file cannot be read further. Lines recorded before stay recorded."""


@dataclass(frozen=True)
class Line:
    """One line that is not blank.

    ``end`` is the number of bytes read so far. Either ``event`` or ``refusal`` is set.
    """

    number: int
    end: int
    event: Report | None = None
    refusal: InvalidValue | None = None


def read_lines(path: Path, file_format: str) -> Iterator[Line]:
    """Yield the file's lines, one at a time.

    Raises UnreadableFile for a missing file, a folder, an empty file, a wrong header, or bytes that are not UTF-8.
    """
    read: Callable[[str], Report] | None = event_of_json if file_format == JSONL else None
    is_empty = True
    try:
        with path.open("rb") as file:
            for number, (raw, end) in enumerate(raw_lines(file), 1):
                text = decoded(raw, number)
                if text is not None and not text.strip():
                    continue
                is_empty = False
                if read is None:
                    read = partial(event_of_csv, columns_in(text))
                else:
                    yield line_of(number, end, text, read)
    except OSError as error:
        raise UnreadableFile(error.strerror or str(error)) from error
    if is_empty:
        raise UnreadableFile("The file is empty.")


def raw_lines(file: BufferedReader) -> Iterator[tuple[bytes | None, int]]:
    """Yield each line with the position after it. None stands for a line that is too long."""
    end = 0
    while raw := file.readline(LONGEST_LINE_BYTES):
        end += len(raw)
        is_whole = raw.endswith(b"\n") or len(raw) < LONGEST_LINE_BYTES
        if is_whole:
            yield raw, end
            continue
        while (rest := file.readline(LONGEST_LINE_BYTES)) and not rest.endswith(b"\n"):
            end += len(rest)
        end += len(rest)
        yield None, end


def decoded(raw: bytes | None, number: int) -> str | None:
    if raw is None:
        return None
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"Line {number} is not UTF-8. Save the file as UTF-8.") from error


def columns_in(text: str | None) -> tuple[str, ...]:
    """Return the columns that the first line names. Raises UnreadableFile for any others than these."""
    wrong = UnreadableFile(f"The first line must be: {','.join(COLUMNS)}")
    try:
        header = next(csv.reader([text or ""], strict=True), [])
    except csv.Error as error:
        raise wrong from error
    if tuple(header) not in (COLUMNS, FIRST_COLUMNS):
        raise wrong
    return tuple(header)


def line_of(number: int, end: int, text: str | None, read: Callable[[str], Report]) -> Line:
    try:
        if text is None:
            raise InvalidValue(f"The line is longer than {LONGEST_LINE_BYTES} bytes.")
        return Line(number, end, event=read(text))
    except InvalidValue as refusal:
        return Line(number, end, refusal=refusal)


def event_of_json(text: str) -> Report:
    try:
        body = strict_json(text)
    except JSONDecodeError as error:
        raise InvalidValue(f"Not readable as JSON: {error.msg.removesuffix(' at')} at column {error.colno}.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"Not readable as JSON: {error}.") from error
    return checked(body)


def event_of_csv(columns: Sequence[str], text: str) -> Report:
    """Parse one line as one row of these columns.

    No value may contain a line break, so a missing quotation mark only spoils its own line.
    """
    try:
        cells = next(csv.reader([text], strict=True))
    except csv.Error as error:
        raise InvalidValue(f"Not readable as CSV: {error}") from error
    if len(cells) != len(columns):
        raise InvalidValue(f"The line has {len(cells)} columns, not {len(columns)}.")
    row: dict[str, Any] = dict(zip(columns, cells, strict=True))
    data = {name: row[name] for name in ("recipient", "service", "scenario", "ground")}
    data["items"] = [code for code in re.split(r"[;\s]+", row["items"]) if code]
    if row["decision"]:
        data["decision"] = row["decision"]
    if evidence := {name: row[column] for name, column in EVIDENCE_COLUMNS.items() if row.get(column)}:
        data["evidence"] = with_number(evidence)
    envelope = {name: row[name] for name in ("id", "source", "time", "subject")}
    return checked({"specversion": "1.0", "type": EVENT_TYPE, **envelope, "data": data})


def with_number(evidence: dict[str, Any]) -> dict[str, Any]:
    """Return the evidence with the publication as a number, if it is one; else the form refuses it with its field."""
    shown = evidence.get("shown_publication", "")
    return {**evidence, "shown_publication": int(shown)} if re.fullmatch(r"[0-9]{1,10}", shown) else evidence


def checked(body: Any) -> Report:
    """Return the event, validated as by the API. Raises InvalidValue with the first fault."""
    try:
        return read_event(body)
    except ValidationError as error:
        raise first_error(error) from error
