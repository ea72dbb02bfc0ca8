"""Each refusal of the ledger's actions. A batch goes on after one, so it is told with the event: ``invalid`` or ``conflict``,
with a problem. Nothing of the event is in the ledger; it is kept for the officer, with a case, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.ledger.correcting import record_corrections
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Case, CaseEvent, CaseKind, RejectedReport
from privacycenter.identifiers import uuid7
from tests.support.events import a_correction, an_event, record
from tests.support.refusals import Fixtures, Refused, all_rows, without_a_case

pytestmark = pytest.mark.django_db


def event(**more):
    return lambda has: an_event("new", **more)


def late(**more):
    return lambda has: an_event("new", occurred_at=timezone.now() + timedelta(minutes=6), **more)


def correction(**more):
    return lambda has: a_correction(has.disclosure, **more)


def of_somebody_else(has):
    return a_correction(has.disclosure, subject=has.taro.subject)


def under_a_known_id(has):
    record(has.reporter, a_correction(has.disclosure))
    return replace(a_correction(has.disclosure), reason={"ja": "別の理由"})


# ``arranged``: the event.
CASES = [
    Refused(record_disclosures, "is not one of your services", event(service="suumo")),
    Refused(record_disclosures, "is not one of your services", correction(facts={"service": "suumo"})),
    Refused(record_disclosures, "There is no ", event(recipient="nobody")),
    Refused(record_disclosures, "There is no ", event(scenario="nothing")),
    Refused(record_disclosures, "There is no ", event(items=("name", "shoe-size"))),
    Refused(record_disclosures, "There is no ", event(subject="never-seen", recipient="nobody")),
    Refused(record_disclosures, "There is no ", correction(facts={"recipient": "nobody"})),
    Refused(record_disclosures, "after it happened", late()),
    Refused(record_disclosures, "after it happened", late(subject="never-seen")),
    Refused(
        record_disclosures, "after it happened",
        lambda has: a_correction(has.disclosure, occurred_at=timezone.now() + timedelta(minutes=6)),
    ),
    Refused(
        record_disclosures, "after it happened",
        lambda has: a_correction(has.disclosure, facts={"occurred_at": timezone.now() + timedelta(minutes=6)}),
    ),
    Refused(record_corrections, "There is no such disclosure", lambda has: a_correction(uuid7())),
    Refused(record_corrections, "There is no such disclosure", of_somebody_else),
    Refused(record_corrections, "Another correction", under_a_known_id),
]  # fmt: skip


KEPT = tuple(model._meta.db_table for model in (RejectedReport, Case, CaseEvent))


def rows_of_others() -> dict:
    """Of all tables but those of rejected reports and of cases."""
    return {table: rows for table, rows in all_rows().items() if table not in KEPT}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_event_is_told_why_and_kept_for_the_officer_alone(case, request):
    event = case.arranged(Fixtures(request))
    reporter = request.getfixturevalue("reporter")
    before = rows_of_others()
    [result], [again] = record(reporter, event), record(reporter, event)
    assert rows_of_others() == before
    kept = RejectedReport.objects.get()
    assert case.says in kept.problem["detail"]
    assert kept.event["id"] == event.event_id
    assert [result.status, again.status] == ["conflict" if "Another" in case.says else "invalid"] * 2
    assert result.problem in ({}, kept.problem)
    events = CaseEvent.objects.values_list("case__kind", "conflict_id")
    assert list(events) == [(CaseKind.REJECTED, kept.pk)]


def test_every_refusal_has_a_case():
    assert without_a_case("disclosures.ledger", CASES) == []
