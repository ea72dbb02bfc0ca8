"""What the sections of a PDF are made of: tables and cards, as the template takes them."""

from typing import Any

Section = dict[str, Any]


def table(columns: list[str], widths: list[float], rows: list[list[str]], heading: str = "") -> dict[str, Any]:
    """``widths``: of the columns, in parts of the whole."""
    return {"heading": heading, "columns": columns, "widths": widths, "rows": rows}


def section(
    heading: str, *, intro: str = "", points: tuple[str, ...] = (), tables: Any = (), cards: Any = ()
) -> Section:
    """``tables``: from ``table``; ``cards``: heading, pairs of facts, and a longer text."""
    return {"heading": heading, "intro": intro, "points": list(points), "tables": list(tables), "cards": list(cards)}
