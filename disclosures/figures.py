"""The overview of a page's scenes: which items go where. A row for each item, a column for each scene."""

from collections.abc import Sequence
from dataclasses import dataclass

from disclosures.queries.entry_views import ItemView, ScenarioView

# With more columns than this, the table behind it says more than a drawing.
MOST_SCENES = 24
# So many columns fit beside the names of the items; more are drawn as rows of numbers on wide screens, too.
MOST_COLUMNS = 16


@dataclass(frozen=True)
class Row:
    """One item. ``cells``: for each scene itself where it provides the item, else None."""

    item: ItemView
    cells: list[ScenarioView | None]


@dataclass(frozen=True)
class Overview:
    """``scenes``: the columns, in the order of the page; ``rows``: the items in the order in which they are met."""

    scenes: list[ScenarioView]
    rows: list[Row]

    @property
    def has_columns(self) -> bool:
        return len(self.scenes) <= MOST_COLUMNS


def overview(scenes: Sequence[ScenarioView]) -> Overview | None:
    """None where a drawing would not help: fewer than two scenes, or too many to tell apart."""
    if not 2 <= len(scenes) <= MOST_SCENES:
        return None
    items: dict[str, ItemView] = {}
    for scene in scenes:
        for item in scene.items:
            items.setdefault(item.code, item)
    return Overview(list(scenes), [row(item, scenes) for item in items.values()])


def row(item: ItemView, scenes: Sequence[ScenarioView]) -> Row:
    return Row(item, [scene if any(given.code == item.code for given in scene.items) else None for scene in scenes])
