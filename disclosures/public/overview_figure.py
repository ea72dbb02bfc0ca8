"""Layout of the drawing of a page's scenarios: which items each provides. Numbers only; templates draw.

The drawing is a matrix with a row per item, a column per scenario, and a dot where the scenario provides the item. All
numbers are whole pixels, so that no locale formats a decimal point as a comma.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from disclosures.public.shown_entries import ItemView, ScenarioView

LABEL_WIDTH, COLUMN, ROW, HEAD, LINE = 232, 30, 32, 36, 15
# A full-width character counts as two units; this many units fit into the label at 13 px.
LABEL_UNITS, MOST_LINES = 32, 2
# More columns would be too narrow to read or touch; the equivalent table has no limit.
MOST_SCENARIOS = 24


@dataclass(frozen=True)
class Dot:
    """One scenario provides one item. ``x`` and ``y`` are its centre."""

    x: int
    y: int
    scenario: ScenarioView


@dataclass(frozen=True)
class Row:
    """One item. ``lines`` holds its wrapped title as (baseline, text); ``top`` is the upper edge of its band."""

    item: ItemView
    top: int
    middle: int
    lines: list[tuple[int, str]]
    dots: list[Dot]
    is_banded: bool

    @property
    def scenarios(self) -> list[ScenarioView]:
        """The scenarios that provide the item."""
        return [dot.scenario for dot in self.dots]


@dataclass(frozen=True)
class Column:
    """One scenario. ``x`` is its centre."""

    x: int
    scenario: ScenarioView


@dataclass(frozen=True)
class Overview:
    """The whole drawing, ``width`` by ``height``. ``label_right`` is the right edge of the labels."""

    width: int
    height: int
    label_right: int
    band: int
    columns: list[Column]
    rows: list[Row]


def overview(scenarios: Sequence[ScenarioView]) -> Overview | None:
    """Return the drawing. None for fewer than two scenarios, or for too many to tell apart."""
    if not 2 <= len(scenarios) <= MOST_SCENARIOS:
        return None
    columns = [Column(LABEL_WIDTH + COLUMN * index + COLUMN // 2, scenario) for index, scenario in enumerate(scenarios)]
    items: dict[str, ItemView] = {}
    for scenario in scenarios:
        for item in scenario.items:
            items.setdefault(item.code, item)
    rows = [row(item, index, columns) for index, item in enumerate(items.values())]
    return Overview(
        width=LABEL_WIDTH + COLUMN * len(columns),
        height=HEAD + ROW * len(rows),
        label_right=LABEL_WIDTH - 16,
        band=ROW,
        columns=columns,
        rows=rows,
    )


def row(item: ItemView, index: int, columns: Sequence[Column]) -> Row:
    top = HEAD + ROW * index
    middle = top + ROW // 2
    broken = lines_of(item.title.text)
    first = middle + 5 - (len(broken) - 1) * LINE // 2
    dots = [
        Dot(column.x, middle, column.scenario)
        for column in columns
        if any(given.code == item.code for given in column.scenario.items)
    ]
    return Row(
        item=item,
        top=top,
        middle=middle,
        lines=[(first + LINE * number, line) for number, line in enumerate(broken)],
        dots=dots,
        is_banded=index % 2 == 0,
    )


def lines_of(text: str) -> list[str]:
    """Wrap the text to at most two lines; an overlong text ends in “…” (the table has it in full)."""
    lines, line = [], ""
    for part in parts_of(text):
        if line and units(line + part) > LABEL_UNITS:
            lines.append(line.strip())
            line = ""
        line += part
    lines.append(line.strip())
    if len(lines) <= MOST_LINES:
        return lines
    last = lines[MOST_LINES - 1]
    while units(last) > LABEL_UNITS - 2:
        last = last[:-1]
    return [*lines[: MOST_LINES - 1], last + "…"]


def parts_of(text: str) -> list[str]:
    """Split the text where it may be wrapped: after a space, and around each full-width character."""
    parts: list[str] = []
    for character in text:
        if parts and is_narrow(character) and is_narrow(parts[-1][-1]) and not parts[-1].endswith(" "):
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def is_narrow(character: str) -> bool:
    return unicodedata.east_asian_width(character) not in "WF"


def units(text: str) -> int:
    return sum(1 if is_narrow(character) else 2 for character in text)
