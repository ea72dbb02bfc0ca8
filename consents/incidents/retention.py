"""Removal of who was told of incidents, three years after they were told. The incident itself stays."""

from collections.abc import Iterator
from datetime import datetime

from consents.models import IncidentNotice
from privacycenter.database.purging import Key, walk


def old_tellings(cutoff: datetime) -> Iterator[list[Key]]:
    yield from walk(IncidentNotice.objects.filter(told_at__lte=cutoff))
