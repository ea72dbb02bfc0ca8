"""Removing the rows of exports when they are long over. docs/ledger.md has the rule."""

from collections.abc import Iterator
from datetime import datetime

from consents.models import Export
from privacycenter.database.purging import Key, walk


def old_exports(cutoff: datetime) -> Iterator[list[Key]]:
    """Rows of files that were asked for that long ago; the files themselves went after seven days."""
    yield from walk(Export.objects.filter(requested_at__lte=cutoff))
