"""Files of recipients, and the lines of one that is made, for the desk."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from disclosures.content.differences import EntryDifference, entry_difference
from disclosures.models import Recipient, RecipientFile
from disclosures.recipients.csv_columns import cells, columns
from disclosures.recipients.csv_reading import MOST_PROBLEMS, FileProblem
from disclosures.recipients.plans import Plan, plan_of
from privacycenter.models import User
from privacycenter.storage import files
from privacycenter.text.csv_cells import MARKER, written

PER_PAGE = 50
LINES_AT_ONCE = 500


def file_of(user: User, id: UUID) -> RecipientFile | None:
    """Return a file that this person sent. None for any other."""
    return RecipientFile.objects.filter(pk=id, sent_by=user).first()


def content_of(file: RecipientFile) -> bytes | None:
    """Return what was sent. None if it is not kept any more."""
    try:
        return b"".join(files.blocks(file.file_name))
    except FileNotFoundError:
        return None


@dataclass(frozen=True)
class FilePage:
    """What a file would do: the first of its problems, or one page of what it changes."""

    plan: Plan
    problems: list[FileProblem]
    changes: "Page[EntryDifference]"

    @property
    def more_problems(self) -> int:
        return len(self.plan.problems) - len(self.problems)


def file_page(file: RecipientFile, page: str = "") -> FilePage | None:
    """Return what the file would do now, word by word. None if it is not kept any more.

    Two SQL statements beside those of the store; the whole file is read.
    """
    content = content_of(file)
    if content is None:
        return None
    plan = plan_of(content)
    changes = [] if plan.problems else plan.changes
    shown: Page[Any] = Paginator(changes, PER_PAGE).get_page(page)
    old, new = plan.documents
    shown.object_list = [entry_difference(old, new, change) for change in shown.object_list]
    return FilePage(plan, plan.problems[:MOST_PROBLEMS], shown)


def lines(rows: "Iterable[Recipient]") -> Iterator[bytes]:
    """Yield the lines of a file, some at a time, as spreadsheets open them. ``rows`` come with their countries."""
    yield MARKER + written([columns()])
    waiting: list[list[str]] = []
    for row in rows:
        waiting.append(cells(row))
        if len(waiting) == LINES_AT_ONCE:
            yield written(waiting)
            waiting = []
    yield written(waiting)
