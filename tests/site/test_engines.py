"""What is tried on one engine alone: by itself what cannot reach a database, never what locks."""

import subprocess
from types import ModuleType

import pytest
from django.db import connection

from tests.support.engines import mark_what_is_tried_once, put_the_longest_first


class Item:
    """A collected test, as far as the marks ask about it."""

    def __init__(self, *marks: pytest.MarkDecorator, fixtures=(), module=None) -> None:
        self.nodeid, self.fixturenames, self.module = "tests/x.py::test_x", ["request", *fixtures], module
        self.marks = [mark.mark for mark in marks]

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return next((mark for mark in self.marks if mark.name == name), None)

    def add_marker(self, mark: pytest.MarkDecorator) -> None:
        self.marks.append(mark.mark)


def is_tried_once(item: Item) -> bool:
    mark_what_is_tried_once([item])
    return item.get_closest_marker("once") is not None


def test_what_asks_for_no_database_is_tried_once():
    assert is_tried_once(Item(fixtures=["tmp_path", "monkeypatch"]))


@pytest.mark.parametrize("fixture", ["db", "transactional_db", "django_db_setup", "live_server", "own_server"])
def test_what_reaches_a_database_is_tried_on_both(fixture):
    assert not is_tried_once(Item(fixtures=[fixture]))


@pytest.mark.parametrize(
    "mark", [pytest.mark.django_db, pytest.mark.concurrency, pytest.mark.skipif(False, reason="an engine's own")]
)
def test_what_is_of_one_engine_or_of_connections_is_tried_on_both(mark):
    assert not is_tried_once(Item(mark))


@pytest.mark.parametrize(
    "item",
    [
        Item(pytest.mark.once, pytest.mark.concurrency),
        Item(pytest.mark.once, fixtures=["transactional_db"]),
        Item(pytest.mark.once, pytest.mark.django_db(transaction=True)),
    ],
    ids=["concurrency", "commits by its fixture", "commits by its mark"],
)
def test_nobody_marks_what_locks(item):
    with pytest.raises(pytest.UsageError, match="locks of its own.*test_x"):
        mark_what_is_tried_once([item])


def test_texts_may_be_marked_although_they_read_the_database():
    assert is_tried_once(Item(pytest.mark.once, pytest.mark.django_db, fixtures=["db"]))


def test_one_without_a_database_is_refused_every_statement():
    """What the rule rests on."""
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.cursor()


def test_what_starts_programs_comes_first_and_modules_stay_together():
    quick, slow = ModuleType("quick"), ModuleType("slow")
    slow.subprocess = subprocess
    items = [Item(module=module) for module in (quick, slow, quick, slow)]
    ordered = list(items)
    put_the_longest_first(ordered)
    assert ordered == [items[1], items[3], items[0], items[2]]
