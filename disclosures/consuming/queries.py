"""Queries for messages of queues that could not be recorded. Never writes."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from disclosures.models import ConsumedQueue, RefusedMessage, Reporter

PER_PAGE = 50


@dataclass(frozen=True)
class RefusedFilters:
    """``reporter``: a code, empty for all. ``is_settled``: None for those that wait and those that were dealt with."""

    reporter: str = ""
    is_settled: bool | None = False


def refused_list(filters: RefusedFilters, page: str = "") -> "Page[RefusedMessage]":
    """Return one page of refused messages without what is in them, the oldest first. Two SQL statements."""
    rows = RefusedMessage.objects.defer("sealed").select_related("queue__reporter", "settled_by")
    if filters.reporter:
        rows = rows.filter(queue__reporter__code=filters.reporter)
    if filters.is_settled is not None:
        rows = rows.filter(settled_at__isnull=not filters.is_settled)
    return Paginator(rows.order_by("received_at", "id"), PER_PAGE).get_page(page)


def refused_called(id: UUID) -> RefusedMessage | None:
    return RefusedMessage.objects.select_related("queue__reporter", "settled_by").filter(pk=id).first()


def reporters_of_queues() -> list[Reporter]:
    """Return in whose name queues are or were read. One SQL statement."""
    return list(Reporter.objects.filter(pk__in=ConsumedQueue.objects.values("reporter")).order_by("code"))


def waiting_count() -> int | None:
    """Return how many refused messages wait for somebody. None where no queue was ever read. One SQL statement."""
    waiting = Count("refused", filter=Q(refused__settled_at=None))
    found = ConsumedQueue.objects.aggregate(queues=Count("pk", distinct=True), waiting=waiting)
    return found["waiting"] if found["queues"] else None


def refused_after(after: UUID | None, most: int, *, with_settled: bool = False) -> list[RefusedMessage]:
    """Return refused messages that wait, the oldest first, after this one. Two SQL statements at most.

    Raises RefusedMessage.DoesNotExist if it is not there (any more).
    """
    every = RefusedMessage.objects.all()
    rows = (every if with_settled else every.waiting()).select_related("queue__reporter").order_by("received_at", "id")
    if after:
        last = RefusedMessage.objects.get(pk=after)
        rows = rows.filter(received_at__gte=last.received_at).exclude(received_at=last.received_at, id__lte=after)
    return list(rows[:most])
