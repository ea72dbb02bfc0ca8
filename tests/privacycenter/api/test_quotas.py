"""Limits counted in shares: never more than the limit together, and hardly any SQL."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacycenter.api import quotas
from privacycenter.api.quotas import Quota, spend
from privacycenter.errors import TooManyCalls
from privacycenter.models import CallCount

pytestmark = pytest.mark.django_db

FEW, MANY = Quota("calls", 3), Quota("calls", 100)


@pytest.fixture(autouse=True)
def one_minute(monkeypatch):
    monkeypatch.setattr(quotas.time, "time", lambda: 1_800_000_010)


def a_minute_later(monkeypatch, minutes=1):
    monkeypatch.setattr(quotas.time, "time", lambda: 1_800_000_010 + 60 * minutes)


def as_another_process():
    quotas.forget_shares()


def spend_all(quota, key="a"):
    spent = 0
    while True:
        try:
            spend(quota, key)
        except TooManyCalls:
            return spent
        spent += 1


def test_quota_allows_its_amount_and_then_refuses_until_its_window_ends(monkeypatch):
    assert [spend(FEW, "a").left for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooManyCalls) as refused:
        spend(FEW, "a")
    assert refused.value.headers() == {
        "RateLimit": '"calls";r=0;t=50', "RateLimit-Policy": '"calls";q=3;w=60', "Retry-After": "50",
    }  # fmt: skip
    a_minute_later(monkeypatch)
    assert spend(FEW, "a").left == 2


def test_quotas_of_two_keys_are_apart():
    assert spend_all(FEW, "a") == 3
    assert spend(FEW, "b").left == 2


def test_processes_together_spend_no_more_than_the_amount():
    spent = 0
    for _process in range(60):
        as_another_process()
        try:
            spend(MANY, "a")
            spent += 1
        except TooManyCalls:
            break
    as_another_process()
    assert spent + spend_all(MANY, "a") <= 100


def test_one_process_spends_the_whole_amount():
    assert spend_all(MANY) == 100


def test_most_calls_cost_no_sql():
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for _ in range(100):
            spend(MANY, "a")
    assert len(asked) == 51  # a share each 2 calls, and old rows are deleted once


def test_quota_that_is_used_up_is_refused_without_sql():
    spend_all(FEW)
    with CaptureQueriesContext(connection) as asked, pytest.raises(TooManyCalls):
        spend(FEW, "a")
    assert not asked.captured_queries


def test_cost_above_what_is_left_is_refused_and_leaves_the_rest():
    spend(FEW, "a")
    with pytest.raises(TooManyCalls):
        spend(FEW, "a", 3)
    as_another_process()
    with pytest.raises(TooManyCalls):
        spend(FEW, "a", 3)


def test_no_limit_refuses_nothing_and_asks_nothing():
    with CaptureQueriesContext(connection) as asked:
        spend(Quota("calls", 0), "a")
    assert not asked.captured_queries


def test_clock_that_is_behind_counts_into_the_window_under_way(monkeypatch):
    spend_all(FEW)
    as_another_process()
    a_minute_later(monkeypatch, -1)
    with pytest.raises(TooManyCalls):
        spend(FEW, "a")


def test_rows_of_long_ago_are_deleted(monkeypatch):
    spend(FEW, "a")
    a_minute_later(monkeypatch, 62)
    spend(FEW, "b")
    assert [row.key for row in CallCount.objects.all()] == ["b"]


def test_memory_of_many_keys_is_bounded(monkeypatch):
    monkeypatch.setattr(quotas, "MOST_SHARES", 5)
    for number in range(12):
        spend(FEW, str(number))
    assert len(quotas._shares) == 5
