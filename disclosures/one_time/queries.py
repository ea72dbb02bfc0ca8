"""How it stands with pages that open once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.utils import timezone

from disclosures.models import OneTimeEvent, OneTimePage, OneTimeStep
from disclosures.models.inquiries.one_time import MOST_WRONG_CODES, OPEN_FOR
from disclosures.one_time.links import page_in


class PageState(Enum):
    """``waits`` for its code, is ``open`` for an hour after the first, or is over: why."""

    WAITS = "waits"
    OPEN = "open"
    CLOSED = "closed"
    EXPIRED = "expired"
    LOCKED = "locked"


@dataclass(frozen=True)
class PageUse:
    """How a page was used. ``openings``: each time that the right code was given, in order; ``open_until``: until when
    it shows itself, None if it was never opened.
    """

    state: PageState
    openings: list[datetime]
    open_until: datetime | None
    wrong_count: int

    @property
    def opened_at(self) -> datetime | None:
        """The first time, which begins the hour."""
        return self.openings[0] if self.openings else None

    @property
    def left_count(self) -> int:
        return max(0, MOST_WRONG_CODES - self.wrong_count)

    @property
    def takes_codes(self) -> bool:
        """Also while it is open, for another device; wrong ones then do not shut out who gave the right one."""
        return self.state in (PageState.WAITS, PageState.OPEN) and self.left_count > 0


def page_of_token(token: str) -> OneTimePage | None:
    """Return the page that a link leads to; None for a link that is not ours. One SQL statement."""
    id = page_in(token)
    return OneTimePage.objects.select_related("step__inquiry").filter(id=id).first() if id else None


def handover_of(person: int, export: UUID) -> OneTimePage | None:
    """Return the page that hands over this export, if there is one. One SQL statement."""
    return OneTimePage.objects.filter(export_of=person, export_id=export).first()


def use_of(page: OneTimePage, steps: Sequence[OneTimeStep] | None = None, now: datetime | None = None) -> PageUse:
    """Return how it stands. ``steps``: its own, if they are fetched already; else one SQL statement."""
    now = now or timezone.now()
    taken = list(page.steps.all() if steps is None else steps)
    openings = [step.happened_at for step in taken if step.event == OneTimeEvent.OPENED]
    wrong_count = sum(step.event == OneTimeEvent.WRONG_CODE for step in taken)
    is_closed = any(step.event == OneTimeEvent.CLOSED for step in taken)
    open_until = openings[0] + OPEN_FOR if openings else None
    return PageUse(state_of(page, is_closed, wrong_count, open_until, now), openings, open_until, wrong_count)


def state_of(
    page: OneTimePage, is_closed: bool, wrong_count: int, open_until: datetime | None, now: datetime
) -> PageState:
    if is_closed or (open_until and open_until <= now):
        return PageState.CLOSED
    if open_until:
        return PageState.OPEN
    if wrong_count >= MOST_WRONG_CODES:
        return PageState.LOCKED
    return PageState.EXPIRED if page.good_until <= now else PageState.WAITS


def one_time_steps(inquiry: int) -> list[int]:
    """Return the steps on a request whose message is on a page that opens once. One SQL statement."""
    return list(OneTimePage.objects.filter(step__inquiry_id=inquiry).values_list("step_id", flat=True))


def uses_of_inquiry(inquiry: int) -> dict[int, tuple[OneTimePage, PageUse]]:
    """Return step → its page and how it was used. Two SQL statements; one if there is none."""
    pages: Any = OneTimePage.objects.filter(step__inquiry_id=inquiry).prefetch_related("steps")
    return {page.step_id: (page, use_of(page)) for page in pages}


def uses_of_exports(person: int, ids: Collection[UUID]) -> dict[UUID, PageUse]:
    """Return export → how the page that hands it over was used. Two SQL statements at most; none for no export."""
    pages: Any = OneTimePage.objects.filter(export_of=person, export_id__in=ids).prefetch_related("steps")
    return {page.export_id: use_of(page) for page in pages} if ids else {}
