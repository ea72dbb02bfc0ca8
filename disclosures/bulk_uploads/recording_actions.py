"""Recording of uploads, a batch of lines in each transaction, with the position up to which all is recorded."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from disclosures.bulk_uploads.actions import end
from disclosures.bulk_uploads.reading import Extent, RawLine, extent_of, lines_after
from disclosures.bulk_uploads.topics import UPLOAD_TO_RECORD, AboutUpload
from disclosures.ledger.events import CREATED, INVALID
from disclosures.ledger.recording import LARGEST_BATCH, record_disclosures
from disclosures.models import DisclosureUpload, UploadBatch, UploadState
from disclosures.models.receiving.bulk_uploads import RESULT_STATUSES, TO_RECORD, packed
from disclosures.receiving.results import as_answer
from disclosures.reporters.queries import reporter_that_may
from disclosures.reporters.tokens import DISCLOSURES_WRITE
from privacycenter.errors import Refusal
from privacycenter.outbox.leaving import leave

# Recorded before the worker turns to what else is due: some seconds, so that it stops soon when it is told to.
BATCHES_AT_ONCE = 20
# When a paused reporter's upload is looked at again.
PAUSED_FOR = timedelta(minutes=10)


def note_extent(*, upload: DisclosureUpload) -> DisclosureUpload:
    """Look through an upload once, and write down what it holds. Raises UploadUnusable, or OSError."""
    if upload.line_count is None:
        found: Extent = extent_of(upload)
        upload.line_count, upload.text_bytes = found.line_count, found.text_bytes
        upload.save(update_fields=["line_count", "text_bytes"])
    return upload


def record_some(*, upload: DisclosureUpload) -> None:
    """Record the next lines of an upload that was looked through, and leave the rest for the next time.

    Killed anywhere, it goes on after the last batch that was committed. Two at once are harmless: whoever comes second
    to a batch stops. Raises Refusal if the reporter may not report any more, ReporterPaused among them.
    """
    lines = lines_after(upload, upload.done_lines, upload.done_bytes)
    position = upload.done_lines
    for number in range(1, BATCHES_AT_ONCE + 1):
        batch = list(islice(lines, LARGEST_BATCH))
        is_last_now = number == BATCHES_AT_ONCE
        if not record_batch(upload=upload.id, after_line=position, batch=batch, is_last_now=is_last_now):
            return
        position = batch[-1].number


@transaction.atomic
def record_batch(*, upload: UUID, after_line: int, batch: Sequence[RawLine], is_last_now: bool) -> bool:
    """Record these lines, which follow ``after_line``. Return whether more of them are to be recorded by the caller.

    False, and nothing is written, if they are not what is to be recorded next: another worker was quicker, or the
    upload was cancelled. ``is_last_now``: leave the rest to the worker.
    """
    locked = DisclosureUpload.objects.select_for_update().get(pk=upload)
    if locked.state not in TO_RECORD or locked.done_lines != after_line:
        return False
    if batch:
        results, flagged_count = recorded(locked, batch)
        keep_results(locked, batch, results)
        locked.flagged_count += flagged_count
        locked.done_lines, locked.done_bytes = batch[-1].number, batch[-1].end
        locked.state = UploadState.RECORDING
    locked.save()
    if not batch or locked.done_lines == locked.line_count:
        end(locked, UploadState.RECORDED)
        return False
    if is_last_now:
        leave(UPLOAD_TO_RECORD, AboutUpload(upload=upload))
    return not is_last_now


def recorded(upload: DisclosureUpload, batch: Sequence[RawLine]) -> tuple[list[dict[str, Any]], int]:
    """Record the events among the lines. Returns a result for each line that is not blank, and how many are flagged."""
    reporter = reporter_that_may(DISCLOSURES_WRITE, reporter=upload.reporter_id)
    lines = [line for raw in batch if (line := raw.read())]
    events = [line for line in lines if line.event]
    done = record_disclosures(events=[line.event for line in events if line.event], by=reporter)
    answers = {
        line.number: as_answer(result, line.number) for line, result in zip(events, done, strict=True)
    } | {
        line.number: {"id": "", "status": INVALID, "problem": line.refusal.as_problem()}
        for line in lines
        if line.refusal
    }  # fmt: skip
    flagged_count = sum(result.status == CREATED and bool(result.flags) for result in done)
    return [said_of(number, answers[number]) for number in sorted(answers)], flagged_count


def said_of(line: int, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the result as the API answers it, with the number of the line instead of the place in a batch."""
    return {"line": line, **{name: value for name, value in answer.items() if name != "index"}}


def keep_results(upload: DisclosureUpload, batch: Sequence[RawLine], results: list[dict[str, Any]]) -> None:
    counts = {f"{status}_count": sum(one["status"] == status for one in results) for status in RESULT_STATUSES}
    for name, count in counts.items():
        setattr(upload, name, getattr(upload, name) + count)
    if results:
        UploadBatch.objects.create(
            upload=upload, first_line=batch[0].number, last_line=batch[-1].number, packed=packed(results), **counts
        )


@transaction.atomic
def fail_upload(*, upload: UUID, refusal: Refusal) -> None:
    """End an upload of which nothing more can be recorded. What is recorded stays."""
    locked = DisclosureUpload.objects.select_for_update().get(pk=upload)
    if locked.state in TO_RECORD:
        end(locked, UploadState.FAILED, refusal.as_problem())


def wait_while_paused(*, upload: UUID) -> None:
    """Have the upload of a paused reporter looked at again later."""
    leave(UPLOAD_TO_RECORD, AboutUpload(upload=upload), due_at=timezone.now() + PAUSED_FOR)
