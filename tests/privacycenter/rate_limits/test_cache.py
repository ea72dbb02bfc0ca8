"""Django's cache in the table: one for all processes, and nothing goes before its time."""

import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacycenter.models import CacheEntry
from privacycenter.rate_limits.limits import Counted, RateLimit, spend
from tests.support.database import at_once

pytestmark = pytest.mark.django_db


def later(time_machine, seconds):
    time_machine.move_to(time.time() + seconds)


@pytest.mark.parametrize("value", [True, 0, "字", [], [1.5, 2.25], {"a": [1, None]}])
def test_value_comes_back_as_it_was(value):
    cache.set("a", value, 60)
    assert cache.get("a") == value


def test_what_is_not_there_is_the_default():
    assert (cache.get("a"), cache.get("a", 7), "a" in cache) == (None, 7, False)


def test_value_is_there_until_its_time_is_over(time_machine):
    cache.set("a", 1, 60)
    later(time_machine, 58)
    assert cache.get("a") == 1
    later(time_machine, 62)
    assert cache.get("a") is None


def test_value_without_an_end_stays(time_machine):
    cache.set("a", 1, None)
    later(time_machine, 10**9)
    assert cache.get("a") == 1


@pytest.mark.parametrize("timeout", [0, -1])
def test_value_that_has_no_time_is_not_there(timeout):
    cache.set("a", 1, 60)
    cache.set("a", 2, timeout)
    assert cache.get("a") is None


def test_set_replaces_the_value_and_its_time(time_machine):
    cache.set("a", 1, 60)
    cache.set("a", 2, 600)
    later(time_machine, 62)
    assert cache.get("a") == 2


def test_add_succeeds_once_until_its_time_is_over(time_machine):
    assert (cache.add("a", 1, 60), cache.add("a", 2, 60), cache.get("a")) == (True, False, 1)
    later(time_machine, 62)
    assert (cache.add("a", 3, 60), cache.get("a")) == (True, 3)


@pytest.mark.concurrency
def test_add_at_the_same_moment_succeeds_for_one(world):
    assert sorted(at_once(*[lambda: cache.add("lock", True, 60)] * 4)) == [False, False, False, True]


def test_delete_says_whether_there_was_something():
    cache.set("a", 1, 60)
    assert (cache.delete("a"), cache.delete("a"), cache.get("a")) == (True, False, None)


def test_touch_gives_more_time_to_what_is_there(time_machine):
    cache.set("a", 1, 60)
    assert (cache.touch("a", 600), cache.touch("b", 600)) == (True, False)
    later(time_machine, 62)
    assert cache.get("a") == 1


def test_clear_forgets_values_and_no_counts():
    limit = RateLimit("few", 2)
    spend(limit, Counted("key", "a"))
    cache.set("a", 1, 60)
    cache.clear()
    assert (cache.get("a"), spend(limit, Counted("key", "a")).left) == (None, 0)


def test_counting_in_the_cache_is_refused():
    cache.set("a", 1, 60)
    with pytest.raises(NotImplementedError):
        cache.incr("a")


def test_many_entries_push_none_out():
    cache.set("a", 1, 600)
    CacheEntry.objects.bulk_create(CacheEntry(key=f"cache:{number}", value="1", until=2**40) for number in range(2000))
    cache.set("b", 1, 60)
    assert (cache.get("a"), CacheEntry.objects.count()) == (1, 2002)


def test_table_names_nobody():
    cache.set("rl:login:ip:203.0.113.9", [1.5], 60)
    assert not CacheEntry.objects.filter(key__contains="203").exists()


@pytest.mark.parametrize("use", [lambda: cache.set("a", 1, 60), lambda: cache.add("a", 1, 60), lambda: cache.get("a")])
def test_each_use_is_one_statement(use):
    with CaptureQueriesContext(connection) as asked:
        use()
    assert len(asked) == 1
