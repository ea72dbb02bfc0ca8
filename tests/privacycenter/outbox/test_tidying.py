"""What the worker tidies up between its rows: one step that fails keeps none of the others from their turn."""

import pytest

from privacycenter.management.commands.work import tidy_up

pytestmark = pytest.mark.django_db

done = []


def fails():
    done.append("fails")
    raise ValueError("broken")


def works():
    done.append("works")


def test_step_that_fails_is_logged_and_the_next_has_its_turn(settings, caplog):
    done.clear()
    settings.TIDYING = [f"{__name__}.fails", f"{__name__}.works"]
    tidy_up()
    assert done == ["fails", "works"] and "fails failed" in caplog.text
