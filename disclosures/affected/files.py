"""A list of affected people as a file, streamed: CSV that spreadsheets open, or JSON Lines."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from disclosures.affected.queries import COLUMNS
from privacycenter.text.csv_cells import MARKER, defused, written

# Rows that are sent in one piece.
ROWS_AT_ONCE = 1_000
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}


def pieces(rows: Iterable[dict[str, Any]], format: str) -> Iterator[bytes]:
    """Yield the file in pieces, with a heading also where it holds nothing."""
    found = iter(rows)
    if format == "csv":
        yield MARKER + written([COLUMNS])
    while some := list(islice(found, ROWS_AT_ONCE)):
        yield written(map(cells_of, some)) if format == "csv" else lines_of(some)


def cells_of(row: dict[str, Any]) -> list[str]:
    """Return the cells of a row, in the order of ``COLUMNS``. Codes, times and keys begin no formula."""
    return [
        defused(row["subject"]), row["time"], row["recipient"], row["service"], row["scenario"], " ".join(row["items"]),
        row["ground"], row["reporter"], defused(row["event_id"]), row["disclosure"],
        "yes" if row["is_corrected"] else "", defused(row["same_person_as"]),
    ]  # fmt: skip


def lines_of(rows: Iterable[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
