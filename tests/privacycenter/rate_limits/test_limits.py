"""Limits: exact, or in shares with hardly any SQL; of all processes together, and of nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacycenter.errors import TooManyCalls
from privacycenter.models import CacheEntry
from privacycenter.rate_limits import counting, shares
from privacycenter.rate_limits.limits import Counted, RateLimit, give_back, spend
from tests.support.database import at_once

NOW = 1_800_000_010
A, B = Counted("key", "a"), Counted("key", "b")
EXACT = RateLimit("few", 3)
SHARED = RateLimit("calls", 3, by_clock=True, in_shares=True)
MANY = RateLimit("many", 100, by_clock=True, in_shares=True)
pytestmark = pytest.mark.django_db
both = pytest.mark.parametrize("limit", [EXACT, SHARED], ids=["exact", "in shares"])


@pytest.fixture(autouse=True)
def one_minute(time_machine):
    time_machine.move_to(NOW, tick=False)


def as_another_process():
    shares.forget_shares()


def spend_all(limit, *who):
    spent = 0
    while True:
        try:
            spend(limit, *who)
        except TooManyCalls:
            return spent
        spent += 1


def is_refused(limit, *who, cost=1):
    try:
        spend(limit, *who, cost=cost)
    except TooManyCalls:
        return True
    return False


def rows():
    return sorted(CacheEntry.objects.values_list("key", "used"))


# --- The amount, and the window ---------------------------------------------------------------------------------------


@both
def test_limit_allows_its_amount_and_then_refuses(limit):
    assert [spend(limit, A).left for _ in range(3)] == [2, 1, 0]
    assert is_refused(limit, A)


def test_refusal_says_how_long_to_wait():
    spend_all(SHARED, A)
    with pytest.raises(TooManyCalls) as refused:
        spend(SHARED, A)
    assert refused.value.headers() == {
        "RateLimit": '"calls";r=0;t=50', "RateLimit-Policy": '"calls";q=3;w=60', "Retry-After": "50",
    }  # fmt: skip


@pytest.mark.parametrize(("by_clock", "seconds"), [(True, 50), (False, 60)])
def test_window_is_of_the_clock_or_begins_with_the_first_unit(time_machine, by_clock, seconds):
    limit = RateLimit("few", 3, by_clock=by_clock)
    assert spend(limit, A).reset_seconds == seconds
    time_machine.move_to(NOW + 20, tick=False)
    assert spend(limit, A).reset_seconds == seconds - 20


@both
def test_limit_is_whole_again_when_its_window_ends_and_not_before(time_machine, limit):
    spend_all(limit, A)
    end = limit.end_of_window(NOW)
    time_machine.move_to(end - 1, tick=False)
    assert is_refused(limit, A)
    time_machine.move_to(end, tick=False)
    assert spend(limit, A).left == 2


@both
def test_refused_calls_do_not_lengthen_the_wait(time_machine, limit):
    spend_all(limit, A)
    for _ in range(20):
        assert is_refused(limit, A)
    time_machine.move_to(limit.end_of_window(NOW), tick=False)
    assert spend_all(limit, A) == 3


@both
def test_clock_that_is_behind_counts_into_the_window_under_way(time_machine, limit):
    spend_all(limit, A)
    as_another_process()
    time_machine.move_to(NOW - 60, tick=False)
    assert is_refused(limit, A)


@pytest.mark.parametrize(("cost", "left"), [(3, 0), (2, 1)])
@both
def test_cost_is_spent_at_once(limit, cost, left):
    assert spend(limit, A, cost=cost).left == left


@both
def test_cost_above_what_is_left_is_refused(limit):
    spend(limit, A)
    assert is_refused(limit, A, cost=3)
    as_another_process()
    assert is_refused(limit, A, cost=3)


def test_cost_above_the_amount_is_refused_and_counts_nothing():
    assert is_refused(EXACT, A, cost=4)
    assert rows() == []


def test_cost_that_does_not_fit_leaves_the_rest():
    spend(EXACT, A)
    assert is_refused(EXACT, A, cost=3)
    assert spend(EXACT, A, cost=2).left == 0


@both
def test_no_limit_refuses_nothing_and_asks_nothing(limit, django_assert_num_queries):
    none = RateLimit(limit.name, 0, in_shares=limit.in_shares)
    with django_assert_num_queries(0):
        spend(none, A)


# --- Who is counted ---------------------------------------------------------------------------------------------------


@both
def test_two_keys_are_apart(limit):
    spend_all(limit, A)
    assert spend(limit, B).left == 2


def test_two_limits_are_apart():
    spend_all(EXACT, A)
    assert spend(RateLimit("other", 3), A).left == 2


def test_two_kinds_of_one_value_are_apart():
    spend_all(EXACT, A)
    assert spend(EXACT, Counted("person", "a")).left == 2


def test_times_multiplies_the_amount():
    assert spend_all(EXACT, Counted("address", "10.0.0.1", times=4)) == 12


def test_allowance_is_that_of_the_one_with_the_least_left():
    spend(EXACT, B)
    allowance = spend(EXACT, A, B, Counted("address", "x", times=9))
    assert (allowance.left, allowance.limit.amount) == (1, 3)


def test_refused_for_one_spends_nothing_of_the_others():
    spend_all(EXACT, A)
    before = rows()
    assert is_refused(EXACT, A, B)
    assert [row for row in rows() if row[1]] == before


def test_refusal_waits_for_the_last_of_those_that_are_used_up(time_machine):
    spend_all(EXACT, A)
    time_machine.move_to(NOW + 20, tick=False)
    spend_all(EXACT, B)
    with pytest.raises(TooManyCalls) as refused:
        spend(EXACT, A, B)
    assert refused.value.allowance.reset_seconds == 60


def test_what_is_given_back_can_be_spent_again():
    allowance = spend(EXACT, A, B, cost=3)
    give_back(allowance)
    assert (spend_all(EXACT, A), spend_all(EXACT, B)) == (3, 3)


def test_what_is_given_back_after_the_window_changes_nothing(time_machine):
    allowance = spend(EXACT, A)
    time_machine.move_to(NOW + 60, tick=False)
    spend(EXACT, A)
    give_back(allowance)
    assert spend_all(EXACT, A) == 2


def test_strangers_reset_and_evict_nothing(time_machine):
    """However many addresses there are, and however many of their windows end meanwhile."""
    spend_all(RateLimit("few", 3, seconds=3600), A)
    spend_all(MANY, Counted("reporter", "1"))
    for minute in range(3):
        time_machine.move_to(NOW + 60 * minute, tick=False)
        for number in range(40):
            spend(EXACT, Counted("address", f"203.0.113.{number}"))
        counting.remove_expired(now=NOW + 60 * minute)
    assert is_refused(RateLimit("few", 3, seconds=3600), A)
    time_machine.move_to(NOW, tick=False)
    assert is_refused(MANY, Counted("reporter", "1"))


# --- Several processes ------------------------------------------------------------------------------------------------


@both
def test_processes_spend_the_amount_together(limit):
    spent = 0
    for _process in range(5):
        as_another_process()
        spent += not is_refused(limit, A)
    assert spent == 3


def test_processes_with_shares_spend_no_more_than_the_amount():
    spent = 0
    for _process in range(60):
        as_another_process()
        if is_refused(MANY, A):
            break
        spent += 1
    as_another_process()
    assert 50 <= spent + spend_all(MANY, A) <= 100  # a share each 2 calls, of which one may go with its process


@pytest.mark.concurrency
@pytest.mark.parametrize("limit", [RateLimit("few", 25), RateLimit("few", 25, in_shares=True)], ids=["exact", "shares"])
def test_calls_at_the_same_moment_spend_no_more_than_the_amount(world, limit):
    spent = at_once(*[lambda: sum(not is_refused(limit, A) for _ in range(10))] * 5)
    assert sum(spent) == 25


@pytest.mark.concurrency
def test_same_keys_in_another_order_at_the_same_moment_wait_for_each_other(world):
    limit = RateLimit("few", 1000)
    spent = at_once(*[lambda: [spend(limit, A, B) for _ in range(20)], lambda: [spend(limit, B, A) for _ in range(20)]])
    assert [len(one) for one in spent] == [20, 20]
    assert {used for _key, used in rows()} == {40}


# --- What it costs ----------------------------------------------------------------------------------------------------


def test_one_process_spends_the_whole_amount():
    assert spend_all(MANY, A) == 100


def test_call_with_a_share_costs_no_sql():
    with CaptureQueriesContext(connection) as asked:
        for _ in range(100):
            spend(MANY, A)
    assert len(asked) == 50  # a share each 2 calls


def test_share_that_is_used_up_is_refused_without_sql(django_assert_num_queries):
    spend_all(SHARED, A)
    with django_assert_num_queries(0):
        assert is_refused(SHARED, A)


def test_exact_limit_costs_one_statement_however_many_are_counted(django_assert_num_queries):
    with django_assert_num_queries(1):
        spend(EXACT, A, B, Counted("address", "x"))


def test_refusal_costs_no_more_than_three_statements(django_assert_max_num_queries):
    spend_all(EXACT, A)
    with django_assert_max_num_queries(3):
        assert is_refused(EXACT, A, B)


# --- What is kept -----------------------------------------------------------------------------------------------------


def test_rows_name_nobody():
    spend(EXACT, Counted("address", "203.0.113.9"), Counted("key", "hanako@example.com"))
    assert len(rows()) == 2 and not [key for key, _used in rows() if "203" in key or "hanako" in key]


def test_expired_rows_are_removed_and_the_others_stay(time_machine):
    spend(EXACT, A)
    time_machine.move_to(NOW + 3000, tick=False)
    spend(EXACT, B)
    assert counting.remove_expired(now=NOW + 3000) == 1
    assert [key for key, _used in rows()] == [B.key(EXACT)]


def test_many_expired_rows_are_removed_in_batches(monkeypatch):
    monkeypatch.setattr(counting, "REMOVED_AT_ONCE", 3)
    for number in range(10):
        spend(EXACT, Counted("key", str(number)))
    assert counting.remove_expired(now=NOW + 3000) == 10
