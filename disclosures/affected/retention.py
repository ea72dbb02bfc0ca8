"""Removal of who was on lists of affected people, three years after the list was made. The list itself stays."""

from collections.abc import Iterator
from datetime import datetime

from disclosures.models import AffectedPerson
from privacycenter.database.purging import Key, walk


def old_listings(cutoff: datetime) -> Iterator[list[Key]]:
    yield from walk(AffectedPerson.objects.filter(listed_at__lte=cutoff))
