"""When nothing may be provided to a recipient, by what is published. Pure: no SQL."""

from datetime import datetime
from typing import NamedTuple

from disclosures.content.publications import Document
from disclosures.models.content.recipients import UNDECIDED_COUNTRY


class Hold(NamedTuple):
    """None: without a beginning, or without an end that is known."""

    since: datetime | None
    until: datetime | None

    def covers(self, moment: datetime) -> bool:
        return (self.since is None or self.since <= moment) and (self.until is None or moment < self.until)


def hold_of(recipient: Document) -> Hold | None:
    """Return when a published recipient is on hold. While its country is not decided it is, whatever else is said."""
    if recipient["country"] == UNDECIDED_COUNTRY:
        return Hold(None, None)
    since, until = recipient.get("on_hold_from"), recipient.get("on_hold_until")
    return Hold(datetime.fromisoformat(since), datetime.fromisoformat(until) if until else None) if since else None
