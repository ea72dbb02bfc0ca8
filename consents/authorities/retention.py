"""Notes of packs at the end of their retention."""

from collections.abc import Iterator
from datetime import datetime

from disclosures.models import AuthorityPack
from privacycenter.database.purging import Key, walk


def old_packs(cutoff: datetime) -> Iterator[list[Key]]:
    """Yield the keys of all packs that were made at the cutoff or before, in batches."""
    yield from walk(AuthorityPack.objects.filter(made_at__lte=cutoff))
