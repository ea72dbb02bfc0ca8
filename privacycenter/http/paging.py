"""Cursors for keyset paging: a place in the order, signed so that nobody can make one up."""

from datetime import datetime
from uuid import UUID

from django.core import signing

Place = tuple[datetime, UUID]
SALT = "cursor"


def make_cursor(direction: str, moment: datetime, id: UUID) -> str:
    return signing.dumps([direction, moment.isoformat(), str(id)], salt=SALT)


def read_cursor(cursor: str) -> tuple[str, Place | None]:
    """Return direction and place. An invalid cursor means the first page."""
    try:
        direction, moment, id = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        return "older", None
    return direction, (datetime.fromisoformat(moment), UUID(id))
