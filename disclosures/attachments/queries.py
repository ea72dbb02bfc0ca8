"""Attachments as they are listed, and one of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from disclosures.models import Attachment


@dataclass(frozen=True)
class FileRow:
    """One file in a list. ``is_answer``: it came from the operator."""

    id: UUID
    name: str
    size_bytes: int
    sha256: str
    attached_at: datetime
    is_answer: bool


def files_of(inquiry: int, *, without_steps: Collection[int] = ()) -> list[FileRow]:
    """Return the files of a request, the oldest first, without those of some steps. One SQL statement."""
    rows = Attachment.objects.filter(inquiry_id=inquiry)
    return [row_of(row) for row in rows if row.step_id is None or row.step_id not in without_steps]


def files_of_step(step: int) -> list[FileRow]:
    """Return the files of one step. One SQL statement."""
    return [row_of(row) for row in Attachment.objects.filter(step_id=step)]


def attachment_of(inquiry: int, id: UUID) -> Attachment | None:
    """Return one attachment of this request. One SQL statement."""
    return Attachment.objects.filter(inquiry_id=inquiry, id=id).first()


def row_of(row: Attachment) -> FileRow:
    return FileRow(row.id, row.name, row.size_bytes, row.sha256, row.attached_at, row.step_id is not None)
