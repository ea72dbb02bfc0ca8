"""Removal of the rows of exports at the end of their retention. docs/ledger.md has the rule."""

from collections.abc import Iterator
from datetime import datetime

from consents.models import Export
from privacycenter.database.purging import Key, walk


def old_exports(cutoff: datetime) -> Iterator[list[Key]]:
    """Yield the keys of exports requested at the cutoff or before, in batches. Their files went after seven days."""
    yield from walk(Export.objects.filter(requested_at__lte=cutoff))
