"""Layout of the drawing of a page's scenarios: which items each provides. Numbers only; templates draw.

The drawing is a matrix with a row per item, a column per scenario with its name, and a dot where the scenario provides
the item. Names of columns stand at an angle of 45 degrees. All numbers are whole pixels, so that no locale formats a
decimal point as a comma.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from disclosures.public.shown_entries import ItemView, ScenarioView, ServiceView

LABEL_WIDTH, ROW, HEAD, LINE = 232, 32, 168, 15
# What is left for the columns of a page that is as wide as it gets, beside the labels and the slanted last name.
COLUMNS_WIDTH, OVERHANG, WIDEST_COLUMN = 756, 150, 54
# Where columns are narrower, their names have one line.
TWO_LINES_FROM = 44
# A full-width character counts as two units; this many units fit into the label, or the name of a column, at 13 px.
LABEL_UNITS, MOST_LINES = 32, 2
# More columns would be too narrow to read or touch; the equivalent table has no limit.
MOST_SCENARIOS = 24


@dataclass(frozen=True)
class Dot:
    """One scenario provides one item. ``x`` and ``y`` are its centre. ``excluded_by``: services that never do."""

    x: int
    y: int
    scenario: ScenarioView
    excluded_by: list[ServiceView]


@dataclass(frozen=True)
class Row:
    """One item. ``lines`` holds its wrapped title as (baseline, text); ``top`` is the upper edge of its band."""

    item: ItemView
    top: int
    middle: int
    lines: list[tuple[int, str]]
    dots: list[Dot]
    is_banded: bool


@dataclass(frozen=True)
class Column:
    """One scenario. ``x`` is its centre; ``lines`` holds its wrapped name as (offset, text)."""

    x: int
    lines: list[tuple[int, str]]
    scenario: ScenarioView


@dataclass(frozen=True)
class Overview:
    """The whole drawing, ``width`` by ``height``.

    ``label_right`` is the right edge of the labels, ``right`` that of the columns, ``head`` the foot of their names.
    ``marks``: the kinds of marks in it, for a legend; empty if there is only one.
    """

    width: int
    height: int
    label_right: int
    right: int
    head: int
    band: int
    columns: list[Column]
    rows: list[Row]
    marks: list[str]

    @property
    def has_exclusions(self) -> bool:
        return any(dot.excluded_by for row in self.rows for dot in row.dots)


def overview(scenarios: Sequence[ScenarioView]) -> Overview | None:
    """Return the drawing. None for fewer than two scenarios, or for too many to tell apart."""
    if not 2 <= len(scenarios) <= MOST_SCENARIOS:
        return None
    wide = min(WIDEST_COLUMN, COLUMNS_WIDTH // len(scenarios))
    columns = [
        column(scenario, LABEL_WIDTH + wide * index + wide // 2, wide) for index, scenario in enumerate(scenarios)
    ]
    items: dict[str, ItemView] = {}
    for scenario in scenarios:
        for item in scenario.items:
            items.setdefault(item.code, item)
    rows = [row(item, index, columns) for index, item in enumerate(items.values())]
    return Overview(
        width=LABEL_WIDTH + wide * len(columns) + OVERHANG,
        height=HEAD + ROW * len(rows),
        label_right=LABEL_WIDTH - 16,
        right=LABEL_WIDTH + wide * len(columns),
        head=HEAD - 12,
        band=ROW,
        columns=columns,
        rows=rows,
        marks=marks_of(scenarios),
    )


def marks_of(scenarios: Sequence[ScenarioView]) -> list[str]:
    found = {scenario.mark for scenario in scenarios}
    return [mark for mark in ("plain", "double", "broken") if mark in found] if len(found) > 1 else []


def column(scenario: ScenarioView, x: int, wide: int) -> Column:
    broken = lines_of(scenario.title.text, 1 if wide < TWO_LINES_FROM else MOST_LINES)
    first = 4 - (len(broken) - 1) * LINE // 2
    return Column(x, [(first + LINE * number, line) for number, line in enumerate(broken)], scenario)


def row(item: ItemView, index: int, columns: Sequence[Column]) -> Row:
    top = HEAD + ROW * index
    middle = top + ROW // 2
    broken = lines_of(item.title.text)
    first = middle + 5 - (len(broken) - 1) * LINE // 2
    dots = [
        Dot(column.x, middle, column.scenario, column.scenario.services_without(item.code))
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


def lines_of(text: str, most: int = MOST_LINES) -> list[str]:
    """Wrap the text to a few lines; an overlong text ends in “…” (the table has it in full)."""
    lines, line = [], ""
    for part in parts_of(text):
        if line and units(line + part) > LABEL_UNITS:
            lines.append(line.strip())
            line = ""
        line += part
    lines.append(line.strip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while units(last) > LABEL_UNITS - 2:
        last = last[:-1]
    return [*lines[: most - 1], last + "…"]


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
