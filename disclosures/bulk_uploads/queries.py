"""What a reporter reads of its uploads, and of their lines. Never writes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from disclosures.bulk_uploads.limits import RESULTS_KEPT, TO_COMPLETE, largest_part_bytes
from disclosures.models import DisclosureUpload, Reporter, UploadBatch, UploadState
from disclosures.models.receiving.bulk_uploads import RESULT_STATUSES

PER_PAGE = 100
BATCHES_AT_ONCE = 20


def said_of_upload(upload: DisclosureUpload) -> dict[str, Any]:
    """Return an upload as the API answers it."""
    state = UploadState(upload.state)
    expires_at = upload.begun_at + TO_COMPLETE if state is UploadState.RECEIVING else None
    if upload.ended_at:
        expires_at = upload.ended_at + RESULTS_KEPT
    return {
        "id": str(upload.id),
        "state": state.code,
        "encoding": "gzip" if upload.is_compressed else "identity",
        "size_bytes": upload.size_bytes,
        "sha256": upload.sha256,
        "received_bytes": upload.received_bytes,
        "part_bytes": largest_part_bytes(),
        "lines": {
            "total": upload.line_count,
            "done": upload.done_lines,
            **{status: getattr(upload, f"{status}_count") for status in RESULT_STATUSES},
            "flagged": upload.flagged_count,
        },
        "problem": upload.problem or None,
        "begun_at": upload.begun_at.isoformat(),
        "completed_at": upload.completed_at.isoformat() if upload.completed_at else None,
        "ended_at": upload.ended_at.isoformat() if upload.ended_at else None,
        "expires_at": expires_at.isoformat() if expires_at else None,
    }


def own_uploads(reporter: Reporter, before: UUID | None) -> dict[str, Any]:
    """Return a page of a reporter's uploads, the newest first. One SQL statement."""
    rows = DisclosureUpload.objects.filter(reporter=reporter).newest_first()
    if before:
        rows = rows.filter(id__lt=before)
    found = list(rows[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    has_more = len(found) > PER_PAGE
    return {
        "data": [said_of_upload(upload) for upload in shown],
        "next": str(shown[-1].id) if has_more else None,
        "has_more": has_more,
    }


def lines_of(upload: DisclosureUpload, after: int, status: str, limit: int) -> dict[str, Any]:
    """Return a page of results, in the order of the lines. A few SQL statements, however long the upload is."""
    found: list[dict[str, Any]] = []
    for line in all_lines(upload, status, after=after):
        found.append(line)
        if len(found) > limit:
            break
    shown = found[:limit]
    return {"data": shown, "next": shown[-1]["line"] if shown else after, "has_more": len(found) > limit}


def all_lines(upload: DisclosureUpload, status: str, *, after: int = 0) -> Iterator[dict[str, Any]]:
    """Yield all results after a line, of this status or, if that is empty, of any. In bounded memory."""
    while batches := list(batches_after(upload, status, after)):
        for batch in batches:
            for line in batch.lines:
                if line["line"] > after and status in ("", line["status"]):
                    yield line
        after = batches[-1].last_line


def batches_after(upload: DisclosureUpload, status: str, after: int) -> Iterator[UploadBatch]:
    rows = UploadBatch.objects.filter(upload=upload, last_line__gt=after)
    if status:
        rows = rows.filter(**{f"{status}_count__gt": 0})
    return iter(rows.order_by("first_line")[:BATCHES_AT_ONCE])
