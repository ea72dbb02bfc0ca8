"""Keeping the bytes of pictures and documents under their hash, making them public, and removing what nothing names."""

import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from disclosures.models import KeptContent, PublishedFile
from disclosures.site_files.contents import CleanFile
from disclosures.site_files.queries import name_in_store, named_of
from privacycenter.storage import files

# What nothing names goes after this time: until then a form that waits, or a pack that was checked, may name it.
UNUSED_FOR = timedelta(days=30)
AT_ONCE = 50


def keep_content(*, clean: CleanFile) -> None:
    """Keep the bytes. Kept again, they stay, and their time begins anew.

    MUST be called outside of a transaction that others wait for. Raises OSError if the store does not take them.
    """
    note_kept(clean.sha256)
    name = name_in_store(clean.sha256)
    if not files.store().exists(name):
        files.keep(name, io.BytesIO(clean.content))


@transaction.atomic
def note_kept(sha256: str) -> None:
    """Write down that the bytes are about to be kept. Waits for whoever is removing them at this moment."""
    KeptContent.objects.update_or_create(sha256=sha256, defaults={"kept_at": timezone.now()})


def publish_files(*, entries: Mapping[str, Mapping[str, Any]], at: datetime) -> None:
    """Make public what a publication names, for ever. One SQL statement, and one more for what is new; none for no
    file. MUST be called in the transaction that writes the publication.
    """
    named = {entry["sha256"]: entry for entry in entries.values()}
    if not named:
        return
    known = set(PublishedFile.objects.filter(sha256__in=named).values_list("sha256", flat=True))
    PublishedFile.objects.bulk_create(
        PublishedFile(
            sha256=sha256, content_type=entry["content_type"], size_bytes=entry["size_bytes"], published_at=at
        )
        for sha256, entry in named.items()
        if sha256 not in known
    )


def remove_unused_contents() -> int:
    """Remove bytes that nothing has named since they came, and return how many. What was published stays for ever.

    Each in a transaction of its own, which whoever brings the same bytes again waits for.
    """
    old = KeptContent.objects.filter(kept_at__lte=timezone.now() - UNUSED_FOR)
    hashes = set(old.exclude(sha256__in=PublishedFile.objects.values("sha256")).values_list("sha256", flat=True))
    unused = sorted(hashes - named_of(hashes))[:AT_ONCE] if hashes else []
    return sum(remove_content(sha256) for sha256 in unused)


@transaction.atomic
def remove_content(sha256: str) -> bool:
    """Remove the bytes, unless something named them, or somebody brought them, meanwhile."""
    old = KeptContent.objects.select_for_update().filter(sha256=sha256, kept_at__lte=timezone.now() - UNUSED_FOR)
    if not old.exists() or named_of([sha256]):
        return False
    old.delete()
    files.remove(name_in_store(sha256))
    return True
