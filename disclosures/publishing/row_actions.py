"""Making the working copy follow what is published and what open sets say, where something was taken out of it."""

from collections.abc import Collection
from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from disclosures.content.merging import Document, changed_cells
from disclosures.content.open_sets import Key, as_sets_say, changes_by_entry, entry_in, open_patches
from disclosures.content.parts import Keys, part_of
from privacycenter.errors import Refusal
from privacycenter.models import User


def follow_rows(keys: Collection[Key], published: Document | None, *, is_strict: bool = False, by: User | None) -> int:
    """Make the rows of these entries say what is published, with the changes of the open sets that are in the working
    copy. Return how many entries differed.

    MUST be called under the publishing lock. Who writes rows stands above publishing: ``settings.ENTRY_WRITER`` names
    it. What it refuses (another entry needs a row that would go) is refused if ``is_strict``; otherwise those entries
    stay as they are, and the desk shows them as changed without a set. A handful of SQL statements for each kind, and
    those of writing.
    """
    part = what_differs(keys, published)
    if not part:
        return 0
    write = import_string(settings.ENTRY_WRITER)
    try:
        with transaction.atomic():
            write(part=part, by=by, into=None)
    except Refusal:
        if is_strict:
            raise
        write_one_by_one(part, by)
    return sum(map(len, part.values()))


def what_differs(keys: Collection[Key], published: Document | None) -> Document:
    """Return the entries whose rows say something else than they should, as they should be; None: not there."""
    asked: Keys = {}
    for kind, code in keys:
        asked.setdefault(kind, set()).add(code)
    changes = changes_by_entry(open_patches(keys))
    now = part_of(asked)
    part: Document = {}
    for key in sorted(keys):
        there, wanted = entry_in(now, key), as_sets_say(entry_in(published, key), changes.get(key, ()))
        is_gone = wanted is None and (there or {}).get("retired")
        if changed_cells(there, wanted) and not is_gone:
            part.setdefault(key[0], {})[key[1]] = wanted
    return part


def write_one_by_one(part: Document, by: User | None) -> None:
    write = import_string(settings.ENTRY_WRITER)
    for kind, entries in part.items():
        for code, entry in entries.items():
            with suppress(Refusal), transaction.atomic():
                write(part={kind: {code: entry}}, by=by, into=None)
