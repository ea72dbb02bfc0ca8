"""What a reporter reported of a day: its shape, and GET /disclosures/digests, to compare it with one's own books."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse, JsonResponse
from ninja import Query
from pydantic import BaseModel

from disclosures.receiving.api import router
from disclosures.receiving.days import HOURS, digests_of_day
from disclosures.reporters.auth import ReporterAuth, ReporterRequest
from disclosures.reporters.schemas import CalendarDay, Json, Problem, Time, Uuid, with_example
from disclosures.reporters.tokens import DISCLOSURES_READ
from privacycenter.api.openapi import may_refuse
from privacycenter.errors import InvalidValue
from privacycenter.rate_limits.limits import Counted, RateLimit, spend

# Each goes through all reports of a day.
DIGESTS = RateLimit("digests", 60)

DAY_REPORT: Json = {
    "id": "booking-2026-000123",
    "source": "https://booking.operator.example/",
    "subject": "person-4711",
    "time": "2026-11-20T00:30:00+00:00",
    "disclosure": "5a0c1b7e-2d4f-8a61-b3c2-9d8e7f605142",
    "recorded_at": "2026-11-20T00:30:02+00:00",
    "flagged": False,
    "flags": [],
    "fingerprint": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
NOTHING: Json = {"count": 0, "digest": "0" * 64}
ONE: Json = {"count": 1, "digest": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"}


class DayReport(BaseModel):
    """One report of a day. ``fingerprint``: of what was reported, in hexadecimal."""

    id: str
    source: str | None
    subject: str
    time: Time
    disclosure: Uuid
    correction: Uuid | None = None
    recorded_at: Time
    flagged: bool
    flags: list[str]
    fingerprint: str


class DayReports(BaseModel):
    """``next``: pass it as ``after`` to continue; null if the day is empty."""

    model_config = with_example({"data": [DAY_REPORT], "next": None, "has_more": False})

    data: list[DayReport]
    next: str | None
    has_more: bool


class CountAndDigest(BaseModel):
    count: int
    digest: str


class KindDigest(CountAndDigest):
    """``hours``: the same of each of the 24 hours, so that a difference is found quickly."""

    hours: list[CountAndDigest]


class DigestsAnswer(BaseModel):
    model_config = with_example(
        {
            "day": "2026-11-20",
            "disclosures": {**ONE, "hours": [ONE, *[NOTHING] * (HOURS - 1)]},
            "corrections": {**NOTHING, "hours": [NOTHING] * HOURS},
        }
    )

    day: str
    disclosures: KindDigest
    corrections: KindDigest


Day = Annotated[CalendarDay, Query(description="A day in UTC, by the `time` of the events: `2026-11-20`")]


@router.get(
    "/disclosures/digests",
    auth=ReporterAuth(DISCLOSURES_READ),
    response={200: DigestsAnswer, **dict.fromkeys((401, 403, 422, 429, 503), Problem)},
    openapi_extra=may_refuse(InvalidValue),
    summary="How many disclosures you reported of a day, with a digest that you can compute too",
)
def get_digests(request: ReporterRequest, day: Day) -> HttpResponse:
    """If yours is the same, everything arrived as you have it. If not, compare the hours, then list the day. 60 a
    minute."""
    spend(DIGESTS, Counted("reporter", str(request.auth.pk)))
    return answer(digests_of_day(request.auth, checked_day(day)))


def checked_day(day: date) -> date:
    """Raises InvalidValue for a day on which nothing can have happened."""
    if not 2000 <= day.year <= 9998:
        raise InvalidValue("Must be a day from the year 2000 on.", "day")
    return day


def answer(body: Json | dict[str, Any]) -> JsonResponse:
    # It names people, and changes when a late report comes or a row is sealed.
    return JsonResponse(body, headers={"Cache-Control": "private, no-store"}, json_dumps_params={"ensure_ascii": False})
