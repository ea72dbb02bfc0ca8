"""A reporter that repeats, reorders and splits its batches while the connection is cut: nothing lost, nothing twice."""

from contextlib import ExitStack

import pytest
from django.db import OperationalError, connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from disclosures.ledger.recording import record_disclosures
from disclosures.models import Disclosure
from tests.support.api import cloud_event
from tests.support.events import an_event

pytestmark = pytest.mark.django_db
KINDS = (["name"], ["name", "phone"], ["email", "name"])


def cut_before_commit(execute, sql, params, many, context):
    """The database goes away when the work is nearly done: everything before is undone."""
    if "outbox" in sql.lower() and sql.startswith("INSERT"):
        raise OperationalError("server closed the connection")
    return execute(sql, params, many, context)


class Reporting(RuleBasedStateMachine):
    """``told``: numbers of the events that happened. ``acknowledged``: those answered as created or duplicate."""

    reporter = api = None
    runs = 0

    def __init__(self):
        super().__init__()
        Reporting.runs += 1
        self.source = f"https://run-{Reporting.runs}.example/"
        self.told, self.acknowledged = set(), set()

    def facts(self, number):
        return {"subject": f"run-{Reporting.runs}-person-{number % 3}", "items": KINDS[number % len(KINDS)]}

    def by_action(self, numbers):
        events = [
            an_event(str(n), source=self.source, **{**self.facts(n), "items": tuple(self.facts(n)["items"])})
            for n in numbers
        ]
        return [result.status for result in record_disclosures(events=events, by=self.reporter)]

    def by_http(self, numbers):
        answer = self.api.report(*({**cloud_event(str(n), **self.facts(n)), "source": self.source} for n in numbers))
        if answer.status_code == 503:
            raise OperationalError("answered 503")
        return [result["status"] for result in answer.json()["results"]]

    def send(self, numbers, is_http, cut):
        """One batch. What is cut off before or after the commit is not acknowledged."""
        with ExitStack() as stack:
            if cut == "before":
                stack.enter_context(connection.execute_wrapper(cut_before_commit))
            try:
                statuses = (self.by_http if is_http else self.by_action)(numbers)
            except OperationalError:
                return
        assert set(statuses) <= {"created", "duplicate"}
        if cut != "after":
            self.acknowledged |= set(numbers)

    @rule(numbers=st.sets(st.integers(0, 30), min_size=1, max_size=8))
    def happen(self, numbers):
        self.told |= numbers

    @precondition(lambda self: self.told)
    @rule(data=st.data(), is_http=st.booleans(), cut=st.sampled_from(["", "before", "after"]))
    def report(self, data, is_http, cut):
        numbers = data.draw(st.lists(st.sampled_from(sorted(self.told)), min_size=1, max_size=12))
        self.send(numbers, is_http, cut)

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data())
    def contradict(self, data):
        number = data.draw(st.sampled_from(sorted(self.acknowledged)))
        event = an_event(
            str(number), source=self.source, subject=self.facts(number)["subject"], recipient="komorebi-toge"
        )
        assert record_disclosures(events=[event], by=self.reporter)[0].status == "conflict"

    @invariant()
    def what_was_acknowledged_is_there_once(self):
        stored = self.stored()
        assert len(stored) == len(set(stored))
        assert self.acknowledged <= set(stored) <= self.told

    def stored(self):
        subjects = [f"run-{Reporting.runs}-person-{n}" for n in range(3)]
        rows = Disclosure.objects.filter(person__subject__in=subjects).values_list("event_id", flat=True)
        return [int(event_id) for event_id in rows]

    def teardown(self):
        """Until acknowledged: then what is stored is what happened."""
        while waiting := sorted(self.told - self.acknowledged):
            self.send(waiting[:7], is_http=False, cut="")
        stored = Disclosure.objects.filter(person__subject__startswith=f"run-{Reporting.runs}-")
        assert sorted(self.stored()) == sorted(self.told)
        assert not stored.exclude(recipient__code="minato-inn").exists()


def test_reporting_until_acknowledged_loses_nothing_and_records_nothing_twice(reporter, api):
    Reporting.reporter, Reporting.api = reporter, api
    quick = settings(
        max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    run_state_machine_as_test(Reporting, settings=quick)
