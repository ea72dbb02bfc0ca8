"""What counts of a person's record: a disclosure that was corrected counts as what is right, by its latest correction.

One that never happened does not count at all. What was reported stays in the list beside what is right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, Value

from disclosures.models.corrections import CorrectionQuerySet
from disclosures.models.ledger import DisclosureQuerySet
from privacycenter.models import User


@dataclass(frozen=True)
class CorrectedRecord:
    """A person's disclosures as they were reported, all their corrections, and of those the latest of each disclosure.

    Conditions are on columns that disclosures and corrections share: ``recipient``, ``service``, ``scenario``,
    ``item_set``, ``ground``, ``flags``, ``occurred_at``, ``recorded_at``.
    """

    reported: DisclosureQuerySet
    corrections: CorrectionQuerySet
    latest: CorrectionQuerySet

    def uncorrected(self) -> DisclosureQuerySet:
        """Not one statement for each row: the corrections of one person are read once, by their index."""
        return self.reported.exclude(id__in=self.corrections.values("disclosure_id"))

    def groups(
        self, condition: Q, keys: dict[str, Any], counts: dict[str, Any], looked_up: dict[str, Any] | None = None
    ) -> Iterator[tuple[dict[str, Any], bool]]:
        """What counts under this condition, grouped by ``keys``, and whether it counts by corrections: the same group
        comes twice if it also counts as it was reported. ``looked_up``: asked once for each group. One SQL statement.
        """
        parts = (self.uncorrected(), False), (self.latest.with_facts(), True)
        reported, corrected = (
            part.filter(condition)
            .order_by()
            .values(**keys)
            .annotate(**counts)
            # After the counts: before them it would become part of what is grouped by.
            .annotate(**(looked_up or {}), is_corrected=Value(is_corrected))
            for part, is_corrected in parts
        )
        for group in reported.union(corrected, all=True):
            yield dict(group), bool(group["is_corrected"])

    def matching(self, condition: Q, *, has_corrected: bool = True) -> DisclosureQuerySet:
        """The disclosures that count under this condition, as rows of the list. ``has_corrected`` False: it is known
        that none of them was corrected, so that an index can find a period."""
        if not has_corrected:
            return self.uncorrected().filter(condition)
        is_uncorrected = ~Q(id__in=self.corrections.values("disclosure_id"))
        return self.reported.filter(condition & is_uncorrected | self.corrected(condition))

    def about(self, condition: Q) -> DisclosureQuerySet:
        """The disclosures that were reported so, or count so."""
        return self.reported.filter(condition | self.corrected(condition))

    def corrected(self, condition: Q) -> Q:
        """The disclosures whose right facts meet the condition."""
        return Q(id__in=self.latest.with_facts().filter(condition).values("disclosure_id"))


def corrected_record(person: User, *, known_at: datetime | None = None) -> CorrectedRecord:
    """``known_at``: only what had been recorded by then."""
    reported, corrections = person.disclosures.all(), person.corrections.all()
    if known_at:
        reported = reported.filter(recorded_at__lte=known_at)
        corrections = corrections.filter(recorded_at__lte=known_at)
    return CorrectedRecord(reported, corrections, corrections.latest_of_each(known_at=known_at))
