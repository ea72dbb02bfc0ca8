"""What a batch leaves, column by column: in the ledger, in quarantine, as cases, as work for followers, as results."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from disclosures.ledger.events import RecordingResult
from disclosures.models import (
    Case,
    CaseEvent,
    CaseKind,
    CitedEvidence,
    Conflict,
    Correction,
    Disclosure,
    EventSource,
    EvidenceKind,
    Flag,
    Ground,
    ItemSet,
    Recipient,
    RejectedReport,
    Scenario,
    Service,
)
from privacycenter.canonical import digest_of_texts
from privacycenter.identifiers import uuid8_from
from privacycenter.models import OutboxRow
from tests.support.asking import approve
from tests.support.clock import clock_at
from tests.support.events import a_correction, a_survey_event, an_event, record

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)
EVIDENCE = CitedEvidence(EvidenceKind.ORDER, "order:2026:77", 1)


def key_of(model, code) -> int:
    return model.objects.get(code=code).pk


def id_of(event) -> UUID:
    return uuid8_from("travel", event.source, event.event_id)


def record_at_noon(reporter, *events) -> list[RecordingResult]:
    with clock_at(NOW):
        return record(reporter, *events)


def row_of(event, person, reporter, **more) -> dict:
    """The columns of the ledger for it."""
    return {
        "person_id": person.pk,
        "id": id_of(event),
        "recipient_id": key_of(Recipient, event.recipient),
        "service_id": key_of(Service, event.service),
        "scenario_id": key_of(Scenario, event.scenario),
        "item_set_id": ItemSet.objects.get(codes=sorted(event.items)).pk,
        "reporter_id": reporter.pk,
        "ground": event.ground.value,
        "flags": 0,
        "decision_id": None,
        "named_decision_id": None,
        "occurred_at": event.occurred_at,
        "recorded_at": NOW,
        "event_id": event.event_id,
        "fingerprint": digest_of_texts(event.content),
        "publication": 1,
        "basis_id": None,
        "evidence_kind": None,
        "evidence_reference": None,
        "shown_publication": None,
        "source_id": EventSource.objects.get(text=event.source).pk,
        **more,
    }


def rows() -> dict[str, dict]:
    found = Disclosure.objects.values()
    return {row["event_id"]: {**row, "fingerprint": bytes(row["fingerprint"])} for row in found}


@pytest.fixture
def approval(hanako, reporter):
    return approve(reporter, hanako, NOW - timedelta(days=9))


def test_every_column_of_the_ledger_is_what_was_reported_and_judged(hanako, reporter, approval):
    named = UUID(int=7)
    allowed = a_survey_event("allowed", occurred_at=NOW, decision=str(named), evidence=EVIDENCE)
    missing = a_survey_event("missing", occurred_at=NOW, items=("usage",), service="hotpepper-gourmet")
    covered = a_survey_event("covered", occurred_at=NOW - timedelta(hours=1), items=("usage",))
    plain = an_event("plain", source="https://other.example/")
    record_at_noon(reporter, allowed, missing, covered, plain)
    cited = {"evidence_kind": 4, "evidence_reference": "order:2026:77", "shown_publication": 1}
    assert rows() == {
        "allowed": row_of(allowed, hanako, reporter, decision_id=approval.id, named_decision_id=named, **cited),
        "missing": row_of(missing, hanako, reporter, flags=Flag.NO_DECISION),
        "covered": row_of(covered, hanako, reporter, flags=Flag.ITEMS_NOT_ALLOWED, basis_id=approval.id),
        "plain": row_of(plain, hanako, reporter),
    }


def test_results_say_what_became_of_each_event(hanako, reporter):
    first, flagged = an_event("1"), an_event("2", ground=Ground.CONTRACT)
    unknown, other = an_event("3", recipient="nobody"), an_event("2", items=("email",))
    results = record_at_noon(reporter, unknown, first, flagged, first, other)
    warning = {
        "type": "urn:privacycenter:problem:ground-differs",
        "title": "The ground is not the one that is published for this scenario.",
        "detail": "“contract”: recorded, and flagged “ground_differs”.",
        "field": "data.ground",
    }
    differs = {"flags": Flag.GROUND_DIFFERS}
    assert results[1:] == [
        RecordingResult(1, "1", "created", id_of(first)),
        RecordingResult(2, "2", "created", id_of(flagged), **differs, warnings=(warning,)),
        RecordingResult(3, "1", "duplicate", id_of(first)),
        RecordingResult(4, "2", "conflict", id_of(flagged), **differs),
    ]
    assert (results[0].index, results[0].status, results[0].disclosure_id) == (0, "invalid", None)


def test_conflict_is_kept_as_it_was_reported(hanako, reporter):
    first, other = an_event("1"), an_event("1", items=("name", "email", "name"), evidence=EVIDENCE)
    record_at_noon(reporter, first, other, other)
    assert list(Conflict.objects.values()) == [
        {
            "person_id": hanako.pk,
            "id": uuid8_from(str(id_of(first)), digest_of_texts(other.content).hex()),
            "disclosure_id": id_of(first),
            "reporter_id": reporter.pk,
            "event": {**other.content, "time": "2026-11-01T01:00:00+00:00"},
            "recorded_at": NOW,
        }
    ]


def test_cases_are_opened_for_what_is_flagged_what_contradicts_and_what_cannot_be_recorded(hanako, taro, reporter):
    plain, flagged = an_event("1"), an_event("2", ground=Ground.CONTRACT, subject=taro.subject)
    other, unknown = an_event("1", items=("email",)), an_event("3", recipient="nobody")
    record_at_noon(reporter, plain, flagged, other, flagged, unknown)
    cases = CaseEvent.objects.values_list("case__kind", "whose_id", "disclosure_id", "case__flags", "case__opened_at")
    assert sorted(cases) == sorted(
        [
            (CaseKind.FLAGGED, taro.pk, id_of(flagged), Flag.GROUND_DIFFERS, NOW),
            (CaseKind.CONFLICT, hanako.pk, id_of(plain), 0, NOW),
            (CaseKind.REJECTED, hanako.pk, id_of(unknown), 0, NOW),
        ]
    )
    assert [kept.received_at for kept in RejectedReport.objects.all()] == [NOW]
    record(reporter, flagged, other)
    assert Case.objects.count() == 3


def test_correction_is_of_the_moment_of_its_batch_and_may_be_of_a_disclosure_in_it(hanako, reporter):
    told = an_event("1")
    right, unusable = a_correction(id_of(told), occurred_at=NOW), a_correction(UUID(int=7), "2", occurred_at=NOW)
    results = record_at_noon(reporter, right, told, unusable)
    assert [(result.index, result.status) for result in results] == [(0, "created"), (1, "created"), (2, "invalid")]
    kept = Correction.objects.get()
    assert (kept.disclosure_id, kept.recorded_at, kept.source.text) == (id_of(told), NOW, right.source)
    assert results[0].correction_id == kept.id


def test_followers_are_told_what_was_created_alone(hanako, taro, reporter):
    same = [an_event("1"), an_event("2"), an_event("1")]
    others = [
        an_event("3", service="hotpepper-gourmet", subject=taro.subject),
        an_event("4", ground=Ground.CONTRACT),
        an_event("1", items=("email",)),
        an_event("5", recipient="nobody"),
    ]
    record_at_noon(reporter, *same, *others)
    first, second = key_of(Service, "jalan"), key_of(Service, "hotpepper-gourmet")
    recipient, scenario = key_of(Recipient, "minato-inn"), key_of(Scenario, "online-booking")
    items = ItemSet.objects.get(codes=["name", "phone"]).pk
    [told] = OutboxRow.objects.filter(follower="coverage")
    assert told.topic == "disclosures.recorded" and told.due_at == NOW
    assert told.payload == {
        "reporter": reporter.pk,
        "at": "2026-11-10T03:00:00Z",
        "counts": sorted([[first, 3], [second, 1]]),
        "rows": sorted(
            [
                [hanako.pk, recipient, 0],
                [hanako.pk, recipient, int(Flag.GROUND_DIFFERS)],
                [taro.pk, recipient, 0],
            ]
        ),
        "practice": sorted([[recipient, first, scenario, items, 3], [recipient, second, scenario, items, 1]]),
    }
