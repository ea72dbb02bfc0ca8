"""Each refusal of what is read from a queue: it says why, and nothing was written."""

import pytest

from disclosures.consuming.actions import queue_read_by, record_messages, retry_refused
from disclosures.consuming.messages import Message, events_of
from disclosures.models import RefusedMessage
from disclosures.reporters.actions import change_reporter, stop_reporter
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db


def queue_of(has):
    return queue_read_by(name="fake Q/test", reporter=has.reporter)


def stop(has):
    stop_reporter(reporter=has.reporter)


def take_the_scope(has):
    change_reporter(reporter=has.reporter, scopes=["disclosures:read"])


def reading(change):
    def arranged(has):
        queue = queue_of(has)
        change(has)
        return {"read": events_of(Message("1", {}, b"{}")), "queue": queue}

    return arranged


def trying_again(change):
    def arranged(has):
        record_messages(read=events_of(Message("1", {}, b"{}")), queue=queue_of(has))
        change(has)
        return {"id": RefusedMessage.objects.get().pk}

    return arranged


CASES = [
    Refused(action, says, arranged(change))
    for action, arranged in ((record_messages, reading), (retry_refused, trying_again))
    for says, change in (("The reporter was stopped", stop), ("does not have the scope", take_the_scope))
]
# What is wrong with a message is kept with it: test_messages.py, test_refused.py.
KEPT = ("WrongContentType", "NotJson", "InvalidValue", "InternalError")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    missing = without_a_case("disclosures.consuming", CASES)
    assert [one for one in missing if not any(name in one for name in KEPT)] == []
