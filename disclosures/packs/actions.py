"""Actions that load a content pack into the working copy."""

from collections import Counter
from contextlib import nullcontext

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disclosures.change_sets.attributing_actions import open_new_set
from disclosures.content.changed_entries import changes_between
from disclosures.content.publications import Document
from disclosures.content.working_copy import working_document
from disclosures.history.putting import add_entries
from disclosures.packs.contents import clean_files_of
from disclosures.packs.entries import entries_of
from disclosures.packs.schema import FileEntry, Pack
from disclosures.site_files.actions import keep_content
from disclosures.site_files.contents import CleanFile
from disclosures.site_files.queries import not_kept
from disclosures.writing.actions import lock_working_copy, record_revisions
from privacycenter.canonical import sha256_of
from privacycenter.errors import PackError, PackProblem, TextChanged
from privacycenter.models import User
from privacycenter.text.languages import speaking


def take_files(*, pack: Pack) -> Pack:
    """Check and keep the pictures and documents that came with a pack, and return it as they are kept.

    Each is cleaned like one that an editor brings. MUST be called outside of a transaction. Raises PackError with all
    problems found; OSError if the store does not take one.
    """
    taken, problems = clean_files_of(pack)
    if problems:
        raise PackError(*problems)
    for _entry, clean in taken:
        keep_content(clean=clean)
    return pack.model_copy(update={"files": [as_kept(entry, clean) for entry, clean in taken]})


def as_kept(entry: FileEntry, clean: CleanFile) -> FileEntry:
    return entry.model_copy(
        update={
            "file": f"{clean.sha256}.{clean.type.ending}",
            "size_bytes": clean.size_bytes,
            "width": clean.width,
            "height": clean.height,
        }
    )


@transaction.atomic
def load_content(*, pack: Pack, seen: str | None = None, by: User | None = None) -> Counter[str]:
    """Make the working copy match the pack; content that the pack leaves out stays.

    ``seen`` is the hash of the working copy that the pack was compared with, if any. Returns the number of entries
    added and changed; both are 0 if the same pack was loaded before. Every entry that differs gets a revision, in a
    change set of its own. Raises, and changes nothing: PackError if the pack refers to a code that neither it nor the
    database has, TextChanged if the working copy is no longer the one that was ``seen``.
    """
    lock_working_copy()
    before = working_document()
    if seen is not None and sha256_of(before) != seen:
        raise TextChanged("The working copy was changed meanwhile.")
    refuse_unkept_files(pack)
    add_entries(entries_of(pack, before))
    after = working_document()
    counts = counted(before, after)
    if counts.total():
        into = open_new_set(name_of_import(by), by=by)
        record_revisions(before=before, after=after, into=into, by=by)
    return counts


def name_of_import(by: User | None) -> str:
    """Return the name of the set that an import goes into; of a command's, in the site's first language."""
    with nullcontext() if by else speaking(settings.LANGUAGE_CODE):
        return _("Content pack of %(day)s") % {"day": date_format(timezone.localdate(), "DATE_FORMAT")}


@transaction.atomic
def rehearse_content(*, pack: Pack) -> tuple[Document, Document]:
    """Return the working copy as it is, and as it would be after loading the pack. Writes nothing. Raises PackError."""
    lock_working_copy()
    before = working_document()
    refuse_unkept_files(pack)
    part = entries_of(pack, before)
    with transaction.atomic():
        add_entries(part)
        after = working_document()
        transaction.set_rollback(True)
    return before, after


def refuse_unkept_files(pack: Pack) -> None:
    """Raise PackError for each file whose content is not kept. One SQL statement, none without files."""
    missing = not_kept(entry.sha256 for entry in pack.files)
    told = _("The content of this file is not kept here. Check the pack again with its files.")
    if problems := [
        PackProblem("files.yaml", f"[{position}].file", told, entry.code)
        for position, entry in enumerate(pack.files)
        if entry.sha256 in missing
    ]:
        raise PackError(*problems)


def counted(before: Document, after: Document) -> Counter[str]:
    return Counter({"added": 0, "changed": 0, **Counter(one.verb for one in changes_between(before, after))})
