"""Where a person's decision can stand, each as a short history that ends now."""

from datetime import datetime, timedelta

from tests.support.oracle import DECLARED, Step

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def answer_at(at: datetime, allowed=(), refused=(), *, days=90, kind="answer") -> Step:
    return Step(at, kind, frozenset(allowed), frozenset(refused), at + timedelta(days=days))


def history(state: str, now: datetime) -> list[Step]:
    """``state``: one of ``STATES``. The answer lies 20 days back, its end 10."""
    at, ended = now - 20 * DAY, now - 10 * DAY
    two = answer_at(at, ("name", "usage"), ("survey-answers",))
    name = answer_at(at, ("name",))
    histories = {
        "never asked": [],
        "two allowed": [two],
        "all refused": [answer_at(at, (), DECLARED)],
        "two allowed, withdrawn": [two, Step(ended, "withdraw", ends=0)],
        "two allowed, expired": [answer_at(at, two.allowed, two.refused, days=10)],
        "refused by a rule": [answer_at(at, (), DECLARED, kind="rule")],
        "two allowed, undone": [two, Step(at + MINUTE, "undo", ends=0)],
        "asked for the name, allowed": [name],
        "asked for the name, refused": [answer_at(at, (), ("name",))],
        "asked for the name, withdrawn": [name, Step(ended, "withdraw", ends=0)],
    }
    return histories[state]
