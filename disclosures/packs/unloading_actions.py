"""Actions that take a content pack out of the working copy."""

from contextlib import suppress

from django.db import connection, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError

from disclosures.content.working_copy import MODELS, working_document
from disclosures.history.put_back_actions import put_entries
from disclosures.models import Disclosure, Publication, RejectedReport
from disclosures.packs.schema import Pack
from disclosures.packs.unloading import NEVER_DELETED, Unloading, unloading
from disclosures.writing.actions import lock_working_copy
from privacycenter.database.triggers import deletable
from privacycenter.models import User


@transaction.atomic
def unload_content(*, pack: Pack, with_edited: bool = False, by: User | None = None) -> Unloading:
    """Take the entries of a pack out of the working copy, apart from those that were edited since.

    Items, services, situations and recipients are retired, because records may name them; while nothing was published
    and nothing reported, they are gone altogether, and their codes are free. Raises StillInUse if entries of one's own
    are inside one that goes (``with_edited``). Publishes nothing.
    """
    lock_working_copy()
    is_known = not is_untouched()
    found = unloading(pack, working_document(), with_edited=with_edited, leaves_rows=is_known)
    first = {kind: found.part[kind] for kind in NEVER_DELETED if kind in found.part}
    put_entries(part=first, by=by)
    for kind, entries in () if is_known else first.items():
        forget_rows(kind, list(entries))
    # What those stood in comes after them.
    put_entries(part={kind: entries for kind, entries in found.part.items() if kind not in first}, by=by)
    return found


def is_untouched() -> bool:
    """Return whether no row outside of the content can name anything in it: three SQL statements at most."""
    return not (Publication.objects.exists() or Disclosure.objects.exists() or RejectedReport.objects.exists())


def forget_rows(kind: str, codes: list[str]) -> None:
    """Delete retired rows that nobody can know of. One that a reporter speaks for, or another row needs, stays."""
    rows = MODELS[kind]._default_manager.filter(code__in=codes, retired_at__isnull=False)
    if kind == "services":
        rows = rows.filter(reporters=None)
    if kind == "recipients":
        rows = rows.filter(proposed_by=None)
    with deletable(connection, MODELS[kind]._meta.db_table):
        for row in list(rows):
            with suppress(ProtectedError, RestrictedError):
                # Not by the row itself, which refuses.
                collector = Collector(using=connection.alias)
                collector.collect([row])
                collector.delete()
