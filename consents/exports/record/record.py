"""The record to be exported: whose, with which filters, and as of when."""

from dataclasses import dataclass
from datetime import datetime

from disclosures.content.publications import newest_publication
from disclosures.models.ledger.events import DisclosureQuerySet
from disclosures.public.titles import Names
from disclosures.record.effective_record import CorrectedRecord, corrected_record
from disclosures.record.filters import Filters, narrowed
from privacycenter.models import User


@dataclass(frozen=True)
class Record:
    """A person's record with these filters, as of ``made_at``. ``publication``: the one that its titles come from."""

    person: User
    filters: Filters
    made_at: datetime
    publication: int
    publication_sha256: str
    names: Names

    @property
    def is_whole(self) -> bool:
        return self.filters.is_empty

    @property
    def disclosures(self) -> DisclosureQuerySet:
        return narrowed(self.corrected, self.filters, self.names)

    @property
    def corrected(self) -> CorrectedRecord:
        """The record without what arrived after ``made_at``, so that all parts describe the same rows."""
        return corrected_record(self.person, known_at=self.made_at)


def record_of(person: User, filters: Filters, made_at: datetime) -> Record:
    """Return the person's record with these filters. One SQL statement."""
    published = newest_publication()
    return Record(
        person=person,
        filters=filters,
        made_at=made_at,
        publication=published.number if published else 0,
        publication_sha256=published.sha256 if published else "",
        names=Names(published.document if published else None),
    )
