"""Faults in the ledger, for the privacy officer: the list, and one in full."""

from typing import Any

from django.core.paginator import Page, Paginator

from disclosures.models import LedgerFault

PER_PAGE = 50


def fault_list(is_acknowledged: bool | None, page: str = "") -> "Page[Any]":
    """Return one page of faults, newest first; None: acknowledged or not. Two SQL statements."""
    found = LedgerFault.objects.select_related("acknowledgement__acknowledged_by")
    if is_acknowledged is not None:
        found = found.filter(acknowledgement__isnull=not is_acknowledged)
    return Paginator(found, PER_PAGE).get_page(page)


def fault_called(pk: int) -> LedgerFault | None:
    return LedgerFault.objects.select_related("acknowledgement__acknowledged_by").filter(pk=pk).first()


def unacknowledged_count() -> int:
    return LedgerFault.objects.unacknowledged().count()
