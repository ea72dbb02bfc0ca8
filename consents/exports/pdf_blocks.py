"""The tables, cards, links and sections of a PDF, in the form that the template takes."""

from typing import Any

from django.conf import settings

Section = dict[str, Any]


def table(columns: list[str], widths: list[float], rows: list[list[Any]], heading: str = "") -> dict[str, Any]:
    """Return a table. ``widths``: of the columns, as fractions of the whole."""
    return {"heading": heading, "columns": columns, "widths": widths, "rows": rows}


def card(heading: str, facts: list[list[Any]], *texts: tuple[str, str]) -> dict[str, Any]:
    """Return a card: a heading, pairs of facts, and longer texts, each with its label. Without its words a text is left
    out.
    """
    return {"heading": heading, "facts": facts, "texts": [list(text) for text in texts if text[1]]}


def link(text: str, path: str) -> dict[str, str]:
    """Return a text that leads to a page of this site, also from where the file lies."""
    return {"text": text, "link": settings.SITE_ADDRESS + path}


def section(
    heading: str, *, intro: str = "", points: tuple[str, ...] = (), tables: Any = (), cards: Any = ()
) -> Section:
    """Return a section. ``tables`` come from ``table``, ``cards`` from ``card``."""
    return {"heading": heading, "intro": intro, "points": list(points), "tables": list(tables), "cards": list(cards)}
