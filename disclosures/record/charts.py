"""Positions for charts: numbers become coordinates, so that a chart is plain SVG from a template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

BASELINE, TALLEST, BAR_WIDTH = 86.0, 72.0, 4.0


@dataclass(frozen=True)
class Month:
    """Number of disclosures that occurred in the month beginning on this day (site's time zone)."""

    begins_on: date
    count: int


@dataclass(frozen=True)
class Bar:
    """One bar. Positions are in per cent of the drawing, as text, so that no locale writes a decimal comma.

    ``left`` and ``width`` are the month's whole strip, which can be clicked.
    """

    begins_on: date
    count: int
    left: str
    width: str
    x: str
    middle: str
    y: str
    height: str

    @property
    def is_long(self) -> bool:
        """Whether its number is wider than its strip on a phone."""
        return self.count >= 1000


def bars(months: Sequence[Month]) -> list[Bar]:
    """Return one bar per month, left to right. The tallest has the height of the drawing."""
    tallest = max((month.count for month in months), default=0) or 1
    step = 100 / max(len(months), 1)
    result = []
    for index, month in enumerate(months):
        middle, height = step * (index + 0.5), TALLEST * month.count / tallest
        numbers = (step * index, step, middle - BAR_WIDTH / 2, middle, BASELINE - height, height)
        result.append(Bar(month.begins_on, month.count, *(f"{number:.2f}" for number in numbers)))
    return result
