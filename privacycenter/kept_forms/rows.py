"""How many rows a formset must show for the rows that somebody had added before."""

from django.http import HttpRequest


def rows_typed(request: HttpRequest, prefix: str) -> int:
    """Return how many rows the kept form of this request had under a formset's prefix; 0 if none was kept."""
    typed = getattr(request, "kept_form", None)
    total = next(iter(typed.values(f"{prefix}-TOTAL_FORMS")), "") if typed else ""
    return int(total) if total.isdecimal() and len(total) < 5 else 0
