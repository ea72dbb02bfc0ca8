"""The overview of a page's scenes as a drawing: which items go where. Numbers only; templates draw.

A matrix: one row for each item, one column for each scene, a dot where the scene provides the item. Everything is in
whole pixels of the drawing, so no language turns a point into a comma.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from disclosures.public.shown_entries import ItemView, ScenarioView

LABEL_WIDTH, COLUMN, ROW, HEAD, LINE = 232, 30, 32, 36, 15
# A full-width character counts two; this many fit into the label at 13 px.
LABEL_UNITS, MOST_LINES = 32, 2
# More than this would be too fine to read or to touch; the table behind it has no such limit.
MOST_SCENARIOS = 24


@dataclass(frozen=True)
class Dot:
    """One scene provides one item. ``x`` and ``y``: its centre."""

    x: int
    y: int
    scenario: ScenarioView


@dataclass(frozen=True)
class Row:
    """One item. ``lines``: its title broken to fit, each with the baseline it stands on; ``top`` of its band."""

    item: ItemView
    top: int
    middle: int
    lines: list[tuple[int, str]]
    dots: list[Dot]
    is_banded: bool

    @property
    def scenarios(self) -> list[ScenarioView]:
        """Those that provide the item."""
        return [dot.scenario for dot in self.dots]


@dataclass(frozen=True)
class Column:
    """One scene. ``x``: its middle."""

    x: int
    scenario: ScenarioView


@dataclass(frozen=True)
class Overview:
    """The whole drawing, ``width`` by ``height``. ``label_right``: where the labels end."""

    width: int
    height: int
    label_right: int
    band: int
    columns: list[Column]
    rows: list[Row]


def overview(scenarios: Sequence[ScenarioView]) -> Overview | None:
    """None where a drawing would not help: fewer than two scenes, or too many to tell apart."""
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
    """The text in at most two lines; what does not fit ends in “…” (the table has it whole)."""
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
    """What is not broken: words with the space after them; a full-width character is a word."""
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
