"""Recording disclosures: what is kept, what is said, what is flagged."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disclosures.ledger.erased import digest_of_subject, digests_of_row
from disclosures.models import (
    Case,
    CaseKind,
    Conflict,
    Disclosure,
    ErasedEvent,
    Erasure,
    Flag,
    Ground,
    Recipient,
    ReportCount,
)
from privacycenter.canonical import digest_of_texts
from privacycenter.identifiers import uuid8_from
from privacycenter.models import OutboxRow, User
from privacycenter.outbox.working import work_off
from tests.support.asking import answer
from tests.support.clock import FAR_AHEAD, INSTANT, clock_at
from tests.support.events import a_correction, a_survey_event, an_event, record

pytestmark = pytest.mark.django_db


def statuses(reporter, *events) -> list[str]:
    return [result.status for result in record(reporter, *events)]


def test_event_is_recorded_once_for_ever(reporter):
    assert statuses(reporter, an_event()) == ["created"]
    assert statuses(reporter, an_event()) == ["duplicate"]
    assert Disclosure.objects.count() == 1


def test_event_with_a_new_time_is_a_duplicate(reporter):
    record(reporter, an_event())
    assert statuses(reporter, an_event(occurred_at=timezone.now())) == ["duplicate"]


def test_event_with_other_content_is_kept_in_quarantine_once(reporter, disclosure):
    other = an_event(items=("name", "email"))
    assert statuses(reporter, other) == ["conflict"]
    assert statuses(reporter, other) == ["conflict"]
    assert Conflict.objects.get().event["items"] == ["email", "name"]
    assert Disclosure.objects.get().item_set.codes == ["name", "phone"]


def test_event_twice_in_one_batch_is_created_and_duplicate(reporter):
    assert statuses(reporter, an_event(), an_event(), an_event(items=("name",))) == ["created", "duplicate", "conflict"]


def test_of_equal_ids_in_one_batch_the_first_is_stored(reporter):
    first, second = an_event(items=("name",)), an_event(items=("email",))
    [stored, other] = record(reporter, first, second)
    row = Disclosure.objects.get()
    assert (stored.status, other.status) == ("created", "conflict")
    assert stored.disclosure_id == other.disclosure_id == row.id
    assert (row.item_set.codes, bytes(row.fingerprint)) == (["name"], digest_of_texts(first.content))
    assert Conflict.objects.get().event["items"] == ["email"]


def test_of_equal_ids_in_one_batch_the_first_is_flagged_and_counted(reporter, hanako):
    """The second one has another ground, recipient, service and time, which would be flagged and counted elsewhere."""
    other = {"ground": Ground.CONTRACT, "recipient": "kotori-salon", "service": "hotpepper-gourmet"}
    [stored, conflict] = record(reporter, an_event(), an_event(**other, occurred_at=timezone.now()))
    row = Disclosure.objects.get()
    assert (stored.flags, conflict.flags, row.flags) == (0, 0, 0)
    assert (row.recipient.code, row.service.code, row.occurred_at) == ("minato-inn", "jalan", an_event().occurred_at)
    assert [case.kind for case in Case.objects.all()] == [CaseKind.CONFLICT]
    work_off()
    assert ReportCount.objects.get().service.code == "jalan"


def test_same_event_id_of_two_people_is_two_disclosures(reporter):
    assert statuses(reporter, an_event(), an_event(subject="somebody-else")) == ["created", "created"]


def test_subject_not_seen_before_becomes_a_person_who_cannot_log_in(reporter):
    record(reporter, an_event(subject="new"))
    person = User.objects.get(subject="new")
    assert person.username is None
    assert not person.has_usable_password()


def test_bad_event_does_not_stop_the_others(reporter):
    results = record(reporter, an_event("1"), an_event("2", recipient="nobody"), an_event("3"))
    assert [result.status for result in results] == ["created", "invalid", "created"]
    assert results[1].problem["field"] == "data.recipient"


@pytest.mark.parametrize(
    ("change", "problem", "field"),
    [
        ({"recipient": "nobody"}, "unknown-code", "data.recipient"),
        ({"scenario": "nothing"}, "unknown-code", "data.scenario"),
        ({"items": ("name", "shoe-size")}, "unknown-code", "data.items[1]"),
        ({"service": "suumo"}, "service-not-yours", "data.service"),
        ({"occurred_at": FAR_AHEAD}, "time-in-future", "time"),
    ],
)
def test_event_that_cannot_be_recorded_names_its_field(reporter, change, problem, field):
    result = record(reporter, replace(an_event(), **change))[0]
    assert (result.status, result.problem["type"].rpartition(":")[2], result.problem["field"]) == (
        "invalid", problem, field,
    )  # fmt: skip
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(("ahead", "status"), [(timedelta(), "created"), (INSTANT, "invalid")])
def test_clock_of_a_reporter_may_be_five_minutes_ahead(reporter, ahead, status):
    now = timezone.now()
    with clock_at(now):
        assert statuses(reporter, an_event(occurred_at=now + timedelta(minutes=5) + ahead)) == [status]


@pytest.mark.parametrize(("ahead", "status"), [(timedelta(), "created"), (INSTANT, "invalid")])
@pytest.mark.parametrize(("whose", "field"), [("correction", "time"), ("right facts", "data.corrected.time")])
def test_clock_of_a_correction_may_be_five_minutes_ahead(reporter, disclosure, whose, field, ahead, status):
    now = timezone.now()
    at = now + timedelta(minutes=5) + ahead
    more = {"occurred_at": at} if whose == "correction" else {"facts": {"occurred_at": at}}
    with clock_at(now):
        [result] = record(reporter, a_correction(disclosure, **more))
    assert (result.status, result.problem.get("field")) == (status, field if ahead else None)


def test_repeat_of_what_was_erased_is_a_duplicate_and_the_rest_of_its_batch_is_recorded(reporter):
    erased = an_event("erased")
    id = uuid8_from("travel", erased.source, erased.event_id)
    Erasure.objects.create(
        subject_digest=digest_of_subject(erased.subject), report={}, reason="本人の求め", staff_id=0, role="command",
        erased_at=timezone.now(),
    )  # fmt: skip
    ErasedEvent.objects.create(digest=digests_of_row(erased.subject, id)[0])
    assert [(one.index, one.status, one.disclosure_id) for one in record(reporter, erased, an_event("new"))] == [
        (0, "duplicate", id), (1, "created", uuid8_from("travel", erased.source, "new")),
    ]  # fmt: skip
    assert [row.event_id for row in Disclosure.objects.all()] == ["new"]


def test_disclosure_to_a_retired_recipient_is_recorded(reporter):
    Recipient.objects.filter(code="minato-inn").update(retired_at=timezone.now())
    assert statuses(reporter, an_event()) == ["created"]


def flags(reporter, event) -> Flag:
    return record(reporter, event)[0].flags


def test_booking_has_no_flag(reporter):
    assert flags(reporter, an_event()) == Flag(0)


def test_disclosure_without_a_decision_is_flagged(reporter, hanako):
    assert flags(reporter, a_survey_event()) == Flag.NO_DECISION


def test_disclosure_that_was_allowed_names_its_decision(reporter, hanako, decision):
    assert flags(reporter, a_survey_event()) == Flag(0)
    assert hanako.disclosures.get().decision_id == decision.id


def test_disclosure_of_an_item_not_allowed_is_flagged(reporter, decision):
    assert flags(reporter, a_survey_event(items=("name", "survey-answers"))) == Flag.ITEMS_NOT_ALLOWED


def test_disclosure_after_a_refusal_is_flagged(reporter, hanako, open_request):
    answer(hanako, open_request)
    assert flags(reporter, a_survey_event()) == Flag.REFUSED


def test_disclosure_after_a_withdrawal_is_flagged(reporter, withdrawal):
    assert flags(reporter, a_survey_event()) == Flag.WITHDRAWN


def test_disclosure_before_a_withdrawal_is_judged_by_its_own_time(reporter, decision, withdrawal):
    assert flags(reporter, a_survey_event(occurred_at=decision.decided_at)) == Flag(0)


def test_disclosure_after_the_approvals_end_is_flagged(reporter, decision):
    after = decision.valid_until + timedelta(days=1)
    with clock_at(after):
        assert flags(reporter, a_survey_event(occurred_at=after)) == Flag.EXPIRED


def test_disclosure_that_differs_from_what_is_published_is_flagged(reporter):
    event = an_event(items=("name", "resume"), ground=Ground.CONTRACT)
    assert flags(reporter, event) == Flag.GROUND_DIFFERS | Flag.ITEMS_UNDECLARED


def test_number_of_statements_does_not_grow_with_the_batch(reporter):
    counts = []
    for size in (1, 20):
        with CaptureQueriesContext(connection) as queries:
            record(reporter, *(an_event(f"{size}-{n}") for n in range(size)))
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_follower_counts_a_batch_once(reporter):
    record(reporter, an_event("1"), an_event("2"))
    work_off()
    count = ReportCount.objects.get()
    assert (count.service.code, count.disclosure_count) == ("jalan", 2)
    assert not OutboxRow.objects.exists()


def test_duplicates_are_not_counted_again(reporter):
    record(reporter, an_event())
    record(reporter, an_event())
    work_off()
    assert ReportCount.objects.get().disclosure_count == 1
