"""What is kept of pictures and documents, and which of it anybody may read."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from disclosures.models import ChangeSetEntry, FileType, KeptContent, Proposal, PublishedFile, SiteFile
from privacycenter.storage import files

FOLDER = "site"


def name_in_store(sha256: str) -> str:
    return f"{FOLDER}/{sha256}"


def content_of(sha256: str) -> bytes:
    """Return the bytes with this hash. Raises FileNotFoundError, OSError. One SQL statement at most."""
    return files.whole(name_in_store(sha256))


def published_file(sha256: str, ending: str) -> PublishedFile | None:
    """Return what is known of public bytes. None if no publication named them, or as another type. One SQL
    statement."""
    found = PublishedFile.objects.filter(sha256=sha256).first()
    return found if found and FileType(found.content_type).ending == ending else None


def type_at_desk(sha256: str, ending: str) -> FileType | None:
    """Return the type of bytes that the working copy names, or that were published. None for any other. At most two
    SQL statements."""
    kind = next((one for one in FileType if one.ending == ending), None)
    if kind and SiteFile.objects.filter(sha256=sha256, content_type=kind).exists():
        return kind
    return kind if kind and published_file(sha256, ending) else None


def not_kept(hashes: Iterable[str]) -> set[str]:
    """Return those of these hashes whose bytes are not kept. One SQL statement, none for no hash."""
    wanted = set(hashes)
    if not wanted:
        return wanted
    return wanted - set(KeptContent.objects.filter(sha256__in=wanted).values_list("sha256", flat=True))


def named_of(hashes: Collection[str]) -> set[str]:
    """Return those of these hashes that something names: the working copy, a change set, a publication,
    or a proposal that waits.

    Four SQL statements.
    """
    named = set(SiteFile.objects.filter(sha256__in=hashes).order_by().values_list("sha256", flat=True))
    named |= set(PublishedFile.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    named_by_one = Q(entry__sha256__in=hashes) | Q(base__sha256__in=hashes)
    for base, entry in ChangeSetEntry.objects.filter(named_by_one, kind="files").values_list("base", "entry"):
        named |= {one["sha256"] for one in (base, entry) if one}
    for entries in Proposal.objects.open().order_by().values_list("document__files", flat=True):
        named |= {entry["sha256"] for entry in (entries or {}).values()}
    return named & set(hashes)
