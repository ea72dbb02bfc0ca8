"""The tables, cards and sections of a PDF, in the form that the template takes."""

from typing import Any

Section = dict[str, Any]


def table(columns: list[str], widths: list[float], rows: list[list[str]], heading: str = "") -> dict[str, Any]:
    """Return a table. ``widths``: of the columns, as fractions of the whole."""
    return {"heading": heading, "columns": columns, "widths": widths, "rows": rows}


def section(
    heading: str, *, intro: str = "", points: tuple[str, ...] = (), tables: Any = (), cards: Any = ()
) -> Section:
    """Return a section. ``tables`` come from ``table``; ``cards`` have a heading, pairs of facts, and a longer text."""
    return {"heading": heading, "intro": intro, "points": list(points), "tables": list(tables), "cards": list(cards)}
