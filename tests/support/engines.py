"""Which tests are tried on both engines: all in whose outcome the database may have a part.

A test that asks for no database is refused every statement by pytest-django, so it is the same test on each engine: it
gets the mark ``once`` here, without anybody's judgement. On one that does ask for it somebody may put the mark, except
where connections meet.
"""

import subprocess
from collections.abc import Sequence
from types import ModuleType

import pytest

# Fixtures by which a test, or what it asks for, reaches the database of the run or a server of PostgreSQL.
REACH = {"db", "transactional_db", "django_db_setup", "live_server", "own_server"}
# Fixtures of tests that commit, as those do in which connections meet.
COMMIT = {"transactional_db", "live_server"}
# What a module takes to start programs of its own, or to walk through all pages: these last longest.
LONG = {
    subprocess.__name__, "tests.support.every_page", "tests.support.own_database", "tests.support.own_server",
    "tests.support.own_sites", "tests.support.railway", "tests.support.sites",
}  # fmt: skip


def is_marked(item: pytest.Item, *names: str) -> bool:
    return any(item.get_closest_marker(name) for name in names)


def reaches_the_database(item: pytest.Item) -> bool:
    """Also true of one under a condition, which may be that of one engine alone."""
    return bool(REACH.intersection(item.fixturenames)) or is_marked(item, "django_db", "skipif", "concurrency")


def commits(item: pytest.Item) -> bool:
    asked = item.get_closest_marker("django_db")
    return bool(COMMIT.intersection(item.fixturenames)) or bool(asked and asked.kwargs.get("transaction"))


def takes_long(module: ModuleType) -> bool:
    return any(getattr(one, "__module__", getattr(one, "__name__", "")) in LONG for one in vars(module).values())


def mark_what_is_tried_once(items: Sequence[pytest.Item]) -> None:
    """Raises UsageError for a mark of somebody's own on a test of locks or of connections that meet."""
    wrong = [
        item.nodeid
        for item in items
        if is_marked(item, "once") and (is_marked(item, "concurrency") or (commits(item) and not is_marked(item, "browser")))
    ]  # fmt: skip
    if wrong:
        raise pytest.UsageError(
            "Each engine has locks of its own, so these must not be marked once: " + ", ".join(wrong)
        )
    for item in items:
        if not reaches_the_database(item):
            item.add_marker(pytest.mark.once)


def put_the_longest_first(items: list[pytest.Item]) -> None:
    """So that at the end of a run no process waits for the last long one of another."""
    items.sort(key=lambda item: not takes_long(item.module))
