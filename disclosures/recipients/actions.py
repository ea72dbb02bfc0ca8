"""Files of recipients that editors send: kept to be looked at, then loaded into the working copy as they were shown."""

import io
from functools import partial
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from disclosures.models import RecipientFile
from disclosures.recipients.plans import Plan, plan_of
from disclosures.recipients.queries import content_of
from disclosures.recipients.saving_actions import save_recipients
from disclosures.writing.actions import lock_working_copy
from privacycenter.errors import BadFile, NoLongerOpen, TextChanged
from privacycenter.models import User
from privacycenter.storage import files

LONGEST_NAME = 120


def keep_file(*, name: str, content: bytes, by: User) -> RecipientFile:
    """Keep a file, so that it is sent once. Nothing of it is loaded yet.

    ``content`` may be anything: what is wrong with it is told when it is looked at. MUST be called outside a
    transaction. Raises OSError if the store does not take it.
    """
    row = RecipientFile(
        id=uuid4(), name=shown(name), size_bytes=len(content), sent_at=timezone.now(), sent_by=by,
        file_name=f"recipients/{uuid4().hex}",
    )  # fmt: skip
    # The row first: what it names is removed with it, also if this process is killed now.
    row.save(force_insert=True)
    files.keep(row.file_name, io.BytesIO(content))
    return row


def shown(name: str) -> str:
    """Return the name without letters that nobody sees or that reorder others."""
    return "".join(letter for letter in name if letter.isprintable())[-LONGEST_NAME:] or "recipients.csv"


@transaction.atomic
def load_recipients(*, file: RecipientFile, seen: str, by: User) -> RecipientFile:
    """Load a file into the working copy, all of it or nothing; what it added and changed waits to be published.

    ``seen`` is the hash of what its editor was shown (``Plan.seen``). Raises NoLongerOpen if it was loaded before or is
    gone, TextChanged if a recipient that it names was changed since it was shown, BadFile if something in it is wrong.
    """
    lock_working_copy()
    row = RecipientFile.objects.select_for_update().filter(pk=file.pk, loaded_at__isnull=True).first()
    content = content_of(row) if row else None
    if row is None or content is None:
        raise NoLongerOpen("The file was loaded before, or it is gone. Send it again.")
    plan = plan_of(content)
    if plan.problems:
        raise BadFile(plan.problems)
    if plan.seen != seen:
        raise TextChanged("A recipient in the file was changed meanwhile.")
    save(plan, by)
    row.loaded_at, row.added_count, row.changed_count = timezone.now(), len(plan.new), len(plan.changed)
    row.save(update_fields=["loaded_at", "added_count", "changed_count"])
    transaction.on_commit(partial(files.remove, row.file_name))
    return row


def save(plan: Plan, by: User) -> None:
    if plan.new or plan.changed:
        before = {row.code: plan.before[row.code] for row in plan.changed}
        save_recipients(new=plan.new, changed=plan.changed, before=before, by=by)
