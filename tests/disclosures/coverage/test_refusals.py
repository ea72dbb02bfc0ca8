"""Each refusal of a heartbeat, called directly: it says why, and nothing was written."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.coverage.actions import LARGEST_COUNT, HeartbeatReport, record_heartbeat
from disclosures.models import Heartbeat
from privacycenter.errors import TimeInFuture
from tests.support.clock import INSTANT, clock_at
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def saying(has, *, until=timedelta(), since=None, **more):
    """``until``, ``since``: from now."""
    now = timezone.now()
    report = HeartbeatReport("jalan", now + until, 1, None if since is None else now + since)
    return {"report": replace(report, **more), "by": has.reporter}


CASES = [
    Refused(record_heartbeat, "is not one of your services", lambda has: saying(has, service="suumo")),
    Refused(record_heartbeat, "is not one of your services", lambda has: saying(has, service="nothing")),
    Refused(record_heartbeat, "a time that has not come", lambda has: saying(has, until=6 * MINUTE)),
    Refused(record_heartbeat, "before complete_until", lambda has: saying(has, since=MINUTE)),
    Refused(record_heartbeat, "before complete_until", lambda has: saying(has, until=-MINUTE, since=-MINUTE)),
    Refused(record_heartbeat, "a number from 0", lambda has: saying(has, event_count=-1)),
    Refused(record_heartbeat, "a number from 0", lambda has: saying(has, event_count=LARGEST_COUNT + 1)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


@pytest.mark.parametrize(("ahead", "is_heard"), [(timedelta(), True), (INSTANT, False)])
def test_clock_of_a_reporter_may_be_five_minutes_ahead(reporter, ahead, is_heard):
    now = timezone.now()
    report = HeartbeatReport("jalan", now + 5 * MINUTE + ahead, 1)
    with clock_at(now), nullcontext() if is_heard else pytest.raises(TimeInFuture):
        record_heartbeat(report=report, by=reporter)
    assert Heartbeat.objects.exists() is is_heard


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.coverage", CASES) == []
