"""When a replica is read, by how far it is; without one nothing of this is there."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.signing import TimestampSigner
from django.http import HttpResponse
from django.utils import timezone

from privacycenter.replica import pages, state
from privacycenter.replica.state import NotAReplicaError, Replica
from tests.support.clock import clock_at

pytestmark = pytest.mark.once
CLUSTER = 7


def compared(monkeypatch, *, written=200, replayed=200, age=0, cluster=CLUSTER, is_replica=True) -> Replica:
    """One that was just compared with its primary."""
    now = timezone.now()
    answer = (replayed, now - timedelta(seconds=age), cluster, is_replica)
    monkeypatch.setattr(state, "ask", lambda connection, sql: answer)
    monkeypatch.setattr(state, "connections", {"replica": object()})
    made = Replica()
    made.compare((written, now, CLUSTER), on=object())
    return made


def test_without_a_replica_there_is_no_router_and_no_middleware():
    assert "replica" not in settings.DATABASES and not settings.DATABASE_ROUTERS
    assert not [name for name in settings.MIDDLEWARE if "replica" in name]


def test_replica_that_has_everything_is_read_however_long_nothing_was_written(monkeypatch):
    made = compared(monkeypatch, age=3600)
    assert (made.lag_bytes, made.lag_seconds, made.why_not(200)) == (0, 0, "")


def test_replica_whose_data_is_old_is_not_read(monkeypatch):
    assert compared(monkeypatch, replayed=100, age=9).why_not() == ""
    made = compared(monkeypatch, replayed=100, age=11)
    assert (made.lag_bytes, made.lag_seconds, made.why_not()) == (100, 11, "lagging")


def test_replica_without_what_somebody_wrote_is_not_read(monkeypatch):
    assert compared(monkeypatch, replayed=100, age=1).why_not(150) == "behind"


@pytest.mark.parametrize("wrong", [{"cluster": 8}, {"is_replica": False}])
def test_database_that_is_no_replica_of_this_one_is_refused(monkeypatch, wrong):
    with pytest.raises(NotAReplicaError):
        compared(monkeypatch, **wrong)


def position_of(rf, cookie) -> int:
    rf.cookies[pages.COOKIE] = cookie
    return pages.position_in(rf.get("/my/"))


def test_position_comes_back_from_its_cookie_for_five_minutes(rf, monkeypatch):
    monkeypatch.setattr(pages, "position_now", lambda: 4711)
    response = HttpResponse()
    pages.remember(response)
    kept = response.cookies[pages.COOKIE]
    assert (position_of(rf, kept.value), kept["httponly"], kept["samesite"]) == (4711, True, "Lax")
    with clock_at(timezone.now() + timedelta(seconds=301)):
        assert position_of(rf, kept.value) == 0


OF_ANOTHER_SALT = TimestampSigner(salt="other").sign("4711")


@pytest.mark.parametrize("cookie", ["", "4711", "4711:x:y", pytest.param(OF_ANOTHER_SALT, id="of another salt")])
def test_cookie_that_is_not_ours_says_nothing(rf, cookie):
    assert position_of(rf, cookie) == 0


def test_position_that_cannot_be_asked_keeps_to_the_primary(rf, monkeypatch):
    monkeypatch.setattr(pages, "position_now", lambda: (_ for _ in ()).throw(pages.DatabaseError()))
    response = HttpResponse()
    pages.remember(response)
    assert position_of(rf, response.cookies[pages.COOKIE].value) == pages.NEVER
