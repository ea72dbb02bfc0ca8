"""Two writers at the same moment: whatever the order, the record tells one truth."""

import threading
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone, translation

from consents.asking.answer_changes import change_of
from consents.asking.decision_actions import answer_request, change_answer, withdraw_decision
from consents.asking.decisions import decision_page
from consents.asking.request_actions import cancel_request, file_request
from consents.asking.requests import request_page
from consents.checking.checks import permission_check
from consents.models import ApprovalRequest, Decision, FeedEntry, RequestCancellation
from consents.people.actions import erase_person
from disclosures.content.publications import newest_document
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Conflict, Disclosure, ItemSet, Publication, Recipient, ReportCount
from disclosures.public.titles import Names
from disclosures.publishing.actions import publish_content, republish
from privacycenter.errors import AlreadyAnswered, NoLongerOpen, NothingToPublish, RecordDemanded
from privacycenter.models import OutboxRow, User
from privacycenter.outbox.working import work_off
from tests.support.api import QUESTION, Api, approval_question, cloud_event
from tests.support.asking import answer, ask, question
from tests.support.database import PATIENCE_SECONDS, at_once
from tests.support.events import an_event
from tests.support.people import client_of

pytestmark = pytest.mark.concurrency

THREADS = 8


def outcomes(results):
    """Names of what was raised, or of what was returned: a surprise is visible in the assertion."""
    return sorted(type(result).__name__ for result in results)


@pytest.fixture
def reporter(world, reporter):
    return reporter


@pytest.fixture
def hanako(world, hanako):
    return hanako


# --- Recording --------------------------------------------------------------------------------------------------------


def test_same_batch_by_eight_threads_creates_each_event_once(reporter, hanako):
    """Half of them send it backwards, about people and items not seen before: nobody waits for nobody for ever."""
    kinds = [("name",), ("phone",), ("name", "phone"), ("email",), ("name", "email"), ("phone", "email")]
    events = [an_event(str(n), subject=f"person-{n % 7}", items=kinds[n % 6]) for n in range(40)]
    orders = [events if thread % 2 else events[::-1] for thread in range(THREADS)]
    results = at_once(*(lambda order=order: record_disclosures(events=order, by=reporter) for order in orders))
    assert outcomes(results) == ["list"] * THREADS
    statuses = [result.status for batch in results for result in batch]
    assert (statuses.count("created"), statuses.count("duplicate")) == (40, 40 * (THREADS - 1))
    assert (Disclosure.objects.count(), User.objects.filter(subject__startswith="person-").count()) == (40, 7)
    assert ItemSet.objects.count() == len({row.digest for row in ItemSet.objects.all()}) == 6
    assert {tuple(item.code for item in row.items.order_by("code")) for row in ItemSet.objects.all()} == {
        tuple(sorted(kind)) for kind in kinds
    }


WHY = "本人の求めにより"
ONE_WRITER = "one writer at a time: they cannot meet"


def before(statement, act):
    """Return a wrapper that acts in another connection, once, before the statement with this text, and keeps what came
    of it."""
    came: list = []

    def wrapper(execute, sql, params, many, context):
        if statement in sql and not came:
            came.append(None)
            came[0] = at_once(act)[0]
        return execute(sql, params, many, context)

    return wrapper, came


@pytest.mark.parametrize("call", [
    lambda reporter, subject: record_disclosures(events=[an_event(subject=subject)], by=reporter),
    lambda reporter, subject: file_request(**question(subject=subject), by=reporter),
], ids=["a report", "a request"])  # fmt: skip
def test_person_erased_between_the_look_up_and_the_lock_is_a_new_person(call, reporter, hanako):
    if connection.vendor == "sqlite":
        pytest.skip(ONE_WRITER)
    subject = hanako.subject
    wrapper, came = before(" FOR ", lambda: erase_person(person=hanako, reason=WHY))
    with connection.execute_wrapper(wrapper):
        call(reporter, subject)
    assert [type(one).__name__ for one in came] == ["ErasureReport"]
    hanako.refresh_from_db()
    assert hanako.subject.startswith("erased:")
    assert not hanako.disclosures.exists() and not hanako.approval_requests.exists()
    begun = User.objects.get(subject=subject)
    assert begun.disclosures.count() + begun.approval_requests.count() == 1


def test_erasure_waits_for_a_report_under_way_and_then_obeys_the_law(reporter, hanako):
    if connection.vendor == "sqlite":
        pytest.skip(ONE_WRITER)

    def erase():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        erase_person(person=hanako, reason=WHY)

    wrapper, came = before('INSERT INTO "disclosures_disclosure"', erase)
    with connection.execute_wrapper(wrapper):
        record_disclosures(events=[an_event()], by=reporter)
    assert [type(one).__name__ for one in came] == ["OperationalError"] and "lock timeout" in str(came[0])
    with pytest.raises(RecordDemanded):
        erase_person(person=hanako, reason=WHY)
    assert hanako.disclosures.count() == 1


def test_same_events_in_opposite_orders_at_once_wait_for_each_other(reporter, hanako):
    """Person and items are known, so all threads meet at the ledger's rows: no deadlock, and each row once."""
    record_disclosures(events=[an_event("known items")], by=reporter)
    events = [an_event(str(n)) for n in range(300)]
    meeting = threading.Barrier(4, timeout=PATIENCE_SECONDS)

    def meet(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "disclosures_disclosure"'):
            meeting.wait()
        return execute(sql, params, many, context)

    def record(order):
        if connection.vendor == "sqlite":  # one writer at a time: they cannot meet
            return record_disclosures(events=order, by=reporter)
        with connection.execute_wrapper(meet):
            return record_disclosures(events=order, by=reporter)

    results = at_once(*(lambda order=order: record(order) for order in (events, events[::-1], events, events[::-1])))
    assert outcomes(results) == ["list"] * 4
    assert [result.status for batch in results for result in batch].count("created") == 300


def test_same_batch_over_http_by_eight_threads_creates_each_event_once(reporter, hanako):
    callers = [Api(reporter) for _ in range(THREADS)]
    events = [cloud_event(str(n)) for n in range(20)]
    answers = at_once(*(lambda api=api: api.report(*events).json() for api in callers))
    assert outcomes(answers) == ["dict"] * THREADS
    statuses = [result["status"] for body in answers for result in body["results"]]
    assert (statuses.count("created"), statuses.count("duplicate")) == (20, 20 * (THREADS - 1))


def test_fifty_identical_batches_at_once_create_each_event_once(reporter, hanako):
    record_disclosures(events=[an_event("known items")], by=reporter)
    events = [an_event(str(n)) for n in range(10)]
    results = at_once(*[lambda: record_disclosures(events=events, by=reporter)] * 50)
    assert outcomes(results) == ["list"] * 50
    statuses = [result.status for batch in results for result in batch]
    assert (statuses.count("created"), statuses.count("duplicate")) == (10, 490)
    assert Disclosure.objects.exclude(event_id="known items").count() == 10


def test_contradicting_events_at_once_keep_one_and_quarantine_the_other(reporter, hanako):
    tasks = [
        lambda code=code: record_disclosures(events=[an_event(items=(code,))], by=reporter)[0]
        for code in ("name", "phone")
    ]
    results = at_once(*tasks)
    assert sorted(result.status for result in results) == ["conflict", "created"]
    assert (Disclosure.objects.count(), Conflict.objects.count()) == (1, 1)
    assert Disclosure.objects.get().item_set.codes != Conflict.objects.get().event["items"]


def test_unknown_subject_in_parallel_batches_becomes_one_person(reporter):
    tasks = [
        lambda n=n: record_disclosures(events=[an_event(f"event-{n}", subject="not-seen-before")], by=reporter)[0]
        for n in range(THREADS)
    ]
    results = at_once(*tasks)
    assert outcomes(results) == ["RecordingResult"] * THREADS
    assert {result.status for result in results} == {"created"}
    assert User.objects.get(subject="not-seen-before").disclosures.count() == THREADS


# --- Deciding ---------------------------------------------------------------------------------------------------------


def test_two_answers_at_once_make_one_decision(reporter, hanako):
    request = ask(hanako, reporter)
    with translation.override("ja"):
        shown = request_page(hanako, request.id).text_sha256
    tasks = [
        lambda allowed=allowed: answer_request(request_id=request.id, allowed=allowed, text_sha256=shown, by=hanako)
        for allowed in (set(), {"name"}, {"usage"}, set())
    ]
    assert outcomes(at_once(*tasks)) == [AlreadyAnswered.__name__] * 3 + ["Decision"]
    assert (Decision.objects.count(), OutboxRow.objects.filter(topic="decision.made", follower="feed").count()) == (
        1,
        1,
    )


def test_two_withdrawals_at_once_make_one(reporter, hanako):
    request = ask(hanako, reporter)
    decision = answer(hanako, request, "name")
    tasks = [lambda: withdraw_decision(decision_id=decision.id, language="ja", by=hanako)] * 4
    assert outcomes(at_once(*tasks)) == ["Decision"] + [NoLongerOpen.__name__] * 3
    assert Decision.objects.filter(withdraws_id=decision.id).count() == 1


def test_two_changes_at_once_make_one(reporter, hanako):
    decision = answer(hanako, ask(hanako, reporter), "name", "usage")
    published = newest_document()
    shown = change_of(decision_page(hanako, decision.id, published), Names(published)).text_sha256
    told = {"decision_id": decision.id, "text_sha256": shown, "by": hanako}
    tasks = [lambda item=item: change_answer(allowed={item}, **told) for item in ("name", "usage") * 2]
    assert outcomes(at_once(*tasks)) == ["Decision"] + [NoLongerOpen.__name__] * 3
    assert Decision.objects.filter(changes_id=decision.id).count() == 1


def test_identical_requests_at_once_make_one_that_waits(reporter, hanako):
    results = at_once(*[lambda: file_request(**question(), by=reporter)] * THREADS)
    assert outcomes(results) == ["tuple"] * THREADS
    assert sorted(created for _request, created in results) == [False] * (THREADS - 1) + [True]
    assert {request.id for request, _created in results} == {ApprovalRequest.objects.get().id}


def test_identical_requests_at_once_about_an_unknown_subject_make_one(reporter):
    results = at_once(*[lambda: file_request(**question(), by=reporter)] * 4)
    assert sorted(created for _request, created in results) == [False] * 3 + [True]
    assert User.objects.filter(subject="subject-hanako").count() == 1


def test_same_idempotency_key_at_once_files_one_request(reporter, hanako):
    body, callers = approval_question(), [Api(reporter) for _ in range(THREADS)]
    answers = at_once(*(lambda api=api: api.post("/approval-requests", body, key="once") for api in callers))
    assert [answered.status_code for answered in answers] == [201] * THREADS
    assert len({answered.json()["id"] for answered in answers}) == ApprovalRequest.objects.count() == 1


def test_answering_and_cancelling_at_once_is_one_or_the_other(reporter, hanako):
    request = ask(hanako, reporter)
    with translation.override("ja"):
        shown = request_page(hanako, request.id).text_sha256
    results = at_once(
        lambda: answer_request(request_id=request.id, allowed={"name"}, text_sha256=shown, by=hanako),
        lambda: cancel_request(request=request, by=reporter),
    )
    assert outcomes(results) in (["AlreadyAnswered", "Decision"], ["NoLongerOpen", "bool"])
    assert Decision.objects.count() + RequestCancellation.objects.count() == 1


def test_no_check_that_began_after_a_withdrawal_says_yes(reporter, hanako):
    request = ask(hanako, reporter)
    decision = answer(hanako, request, "name")
    question = {**QUESTION, "items": ["name"], "by": reporter}
    withdrawn, enough = threading.Event(), threading.Barrier(4, timeout=PATIENCE_SECONDS)

    def withdraw():
        enough.wait()  # every checker has been told yes at least once
        withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
        withdrawn.set()

    def check():
        answers, after = [], []
        while len(after) < 10:
            began_after = withdrawn.is_set()
            allowed = permission_check(**question).allowed
            (after if began_after else answers).append(allowed)
            if len(answers) == 1 and not after:
                enough.wait()
        return answers, after

    results = at_once(withdraw, check, check, check)
    assert outcomes(results) == ["NoneType", "tuple", "tuple", "tuple"]
    for before, after in results[1:]:
        assert before[0] is True
        assert not any(after)


def test_no_check_over_http_that_began_after_a_withdrawals_answer_says_yes(reporter, hanako):
    """As a service and a browser see it: the person's answer is on its way back when the next check begins."""
    request = ask(hanako, reporter)
    decision = answer(hanako, request, "name")
    browser, callers = client_of(hanako), [Api(reporter) for _ in range(4)]
    answered, enough = threading.Event(), threading.Barrier(5, timeout=PATIENCE_SECONDS)

    def withdraw():
        enough.wait()
        assert browser.post(f"/my/decisions/{decision.id}/withdrawals/").status_code == 302
        answered.set()

    def check(api, path):
        before, after = [], []
        while len(after) < 8:
            began_after = answered.is_set()
            question = {**QUESTION, "items": ["name"]}
            body = api.post(path, {"checks": [question]} if "batch" in path else question).json()
            (after if began_after else before).append(body.get("results", [body])[0]["allowed"])
            if len(before) == 1 and not after:
                enough.wait()
        return before, after

    pairs = zip(callers, ("/permission-checks", "/permission-checks/batch") * 2, strict=True)
    results = at_once(withdraw, *(lambda api=api, path=path: check(api, path) for api, path in pairs))
    assert outcomes(results) == ["NoneType", *["tuple"] * 4]
    for before, after in results[1:]:
        assert before[0] is True
        assert not any(after)


# --- Publishing and following -----------------------------------------------------------------------------------------


def numbers():
    return sorted(Publication.objects.values_list("number", flat=True))


def test_publishing_twice_at_once_makes_one_publication(world):
    Recipient.objects.filter(code="minato-inn").update(title="新しい名前")
    results = at_once(*[lambda: publish_content(by=None)] * 4)
    assert outcomes(results) == [NothingToPublish.__name__] * 3 + ["Publication"]
    assert numbers() == [1, 2]


def test_publishing_and_rolling_back_at_once_number_without_gaps(world):
    first = Publication.objects.newest()
    for title in ("一", "二"):
        Recipient.objects.filter(code="minato-inn").update(title=title)
        publish_content(by=None)
    Recipient.objects.filter(code="minato-inn").update(title="三")
    results = at_once(lambda: publish_content(by=None), lambda: republish(publication=first, by=None))
    # Whoever rolls back first takes what waits out of the working copy, and nothing is left to publish.
    said = outcomes(results)
    assert said in (["Publication", "Publication"], ["NothingToPublish", "Publication"])
    assert numbers() == list(range(1, 4 + said.count("Publication")))


def test_workers_at_once_do_each_row_once(reporter, hanako):
    for n in range(12):
        record_disclosures(events=[an_event(f"{n}-a"), an_event(f"{n}-b")], by=reporter)
    request = ask(hanako, reporter)
    answer(hanako, request, "name")
    due = OutboxRow.objects.filter(due_at__lte=timezone.now()).count()
    results = at_once(*[work_off] * 4)
    assert outcomes(results) == ["int"] * 4
    assert sum(results) == due
    assert ReportCount.objects.get().disclosure_count == 24
    assert list(FeedEntry.objects.values_list("number", flat=True)) == [1]


def test_feed_written_by_workers_at_once_has_no_gaps(reporter, hanako):
    codes = ("minato-inn", "kotori-salon", "komorebi-toge", "mizutama-an", "northwind-analytics", "hitsujigumo-diner")
    for code in codes:
        answer(hanako, ask(hanako, reporter, recipient=code, items=("name",)), "name")
    assert outcomes(at_once(*[work_off] * 4)) == ["int"] * 4
    assert list(FeedEntry.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert {UUID(row.event["decision"]) for row in FeedEntry.objects.all()} == {
        row.id for row in Decision.objects.all()
    }
