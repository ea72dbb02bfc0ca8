"""The effective record: a corrected disclosure counts with the correct facts of its latest correction.

A retracted disclosure does not count at all. The list still shows what was reported, beside what is right.
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
    """A person's disclosures as reported, all their corrections, and the latest correction of each disclosure.

    Conditions use columns that disclosures and corrections share: ``recipient``, ``service``, ``scenario``,
    ``item_set``, ``ground``, ``flags``, ``occurred_at``, ``recorded_at``.
    """

    reported: DisclosureQuerySet
    corrections: CorrectionQuerySet
    latest: CorrectionQuerySet

    def uncorrected(self) -> DisclosureQuerySet:
        """Leave out corrected disclosures.

        A subquery that reads the person's corrections once, by their index, not once per row.
        """
        return self.reported.exclude(id__in=self.corrections.values("disclosure_id"))

    def groups(
        self, condition: Q, keys: dict[str, Any], counts: dict[str, Any], looked_up: dict[str, Any] | None = None
    ) -> Iterator[tuple[dict[str, Any], bool]]:
        """Yield what counts under this condition, grouped by ``keys``, and whether the group counts through
        corrections.

        A group with both corrected and uncorrected disclosures occurs twice. ``looked_up`` is evaluated once per group.
        One SQL statement.
        """
        parts = (self.uncorrected(), False), (self.latest.with_facts(), True)
        reported, corrected = (
            part.filter(condition)
            .order_by()
            .values(**keys)
            .annotate(**counts)
            # After the counts: before them it would become part of GROUP BY.
            .annotate(**(looked_up or {}), is_corrected=Value(is_corrected))
            for part, is_corrected in parts
        )
        for group in reported.union(corrected, all=True):
            yield dict(group), bool(group["is_corrected"])

    def matching(self, condition: Q, *, has_corrected: bool = True) -> DisclosureQuerySet:
        """Select the disclosures that count under this condition.

        With ``has_corrected`` False, none of them was corrected, so that an index can find a period.
        """
        if not has_corrected:
            return self.uncorrected().filter(condition)
        is_uncorrected = ~Q(id__in=self.corrections.values("disclosure_id"))
        return self.reported.filter(condition & is_uncorrected | self.corrected(condition))

    def about(self, condition: Q) -> DisclosureQuerySet:
        """Select the disclosures that match the condition either as reported or as corrected."""
        return self.reported.filter(condition | self.corrected(condition))

    def corrected(self, condition: Q) -> Q:
        """Return the condition for disclosures whose corrected facts meet ``condition``."""
        return Q(id__in=self.latest.with_facts().filter(condition).values("disclosure_id"))


def corrected_record(person: User, *, known_at: datetime | None = None) -> CorrectedRecord:
    """Return the person's record. With ``known_at``, only what had been recorded by then."""
    reported, corrections = person.disclosures.all(), person.corrections.all()
    if known_at:
        reported = reported.filter(recorded_at__lte=known_at)
        corrections = corrections.filter(recorded_at__lte=known_at)
    return CorrectedRecord(reported, corrections, corrections.latest_of_each(known_at=known_at))
