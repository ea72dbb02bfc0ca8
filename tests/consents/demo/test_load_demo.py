"""manage.py load_demo: a believable world, made through the actions, the same for the same seed."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from consents.asking.requests import closed_requests, open_requests
from consents.demo.world import BEGINNING
from consents.exports import json_file
from consents.exports.record import record_of
from consents.models import ApprovalRequest, Decision, NoticeKind, QuestionAnswer, StepKind
from disclosures.content import publications
from disclosures.content.publications import newest_document
from disclosures.inquiries.queries import waiting_counts
from disclosures.models import (
    Correction,
    Disclosure,
    Flag,
    Ground,
    IdentityState,
    InquiryStanding,
    InquiryStatus,
    Publication,
    Recipient,
    Reporter,
)
from disclosures.record.filters import Filters
from privacycenter.log.countersigning import is_signed
from privacycenter.models import User
from privacycenter.outbox.claiming import lag
from tests.support.clock import clock_at
from tests.support.database import tamper
from tests.support.demo import load, person

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The world, loaded once for the tests that only begin with it: each of them is rolled back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        publish_before_the_beginning()
        load()
        yield
        transaction.set_rollback(True)


def publish_before_the_beginning() -> None:
    """As on a site whose demo made the first publication: what disclosures cite was there when they happened."""
    beginning = timezone.now() - BEGINNING - timedelta(days=1)
    tamper("UPDATE disclosures_publication SET published_at = %s", connection.ops.adapt_datetimefield_value(beginning))
    # A test before may have left the newest in memory, with its time of before.
    publications.forget_newest()


@pytest.fixture
def world(loaded, db):
    """For tests that begin with the world."""


def ledger() -> set[tuple]:
    """All that the ledger says, without keys and times that differ from load to load."""
    rows = Disclosure.objects.values_list("person__subject", "event_id", "recipient__code", "scenario__code", "flags")
    return set(rows)


@pytest.mark.parametrize(
    ("subject", "count"), [("demo-hanako", 40), ("demo-taro", 3), ("demo-0000", 0), ("demo-0400", 400)]
)
def test_load_demo_gives_people_their_number_of_disclosures(world, subject, count):
    assert person(subject).disclosures.count() == count


def test_load_demo_spreads_disclosures_over_further_people(world):
    further = User.objects.filter(username=None)
    assert [user.disclosures.count() for user in further] == [10, 10, 10]


def test_load_demo_asks_hanako_in_every_state(world):
    hanako = person("demo-hanako")
    states = Counter(
        row.state for row in [*open_requests(hanako, newest_document()), *closed_requests(hanako, newest_document())]
    )
    assert states == dict.fromkeys(["open", "allowed", "refused", "partly_allowed", "withdrawn", "expired"], 1)


def test_load_demo_leaves_one_open_request(world):
    [row] = open_requests(person("demo-hanako"), newest_document())
    assert (row.names.recipient.text, row.names.service.text) == ("株式会社みどりポイント", "ホットペッパーグルメ")
    assert row.item_count == 3
    assert timedelta(days=13) < row.expires_at - timezone.now() < timedelta(days=15)


def test_load_demo_words_every_request_in_both_languages(world):
    requests = ApprovalRequest.objects.select_related("item_set")
    assert len(requests) > 5
    for request in requests:
        for texts in (request.purposes, request.consequences):
            assert {code: set(words) for code, words in texts.items()} == {
                code: {"ja", "en"} for code in request.item_set.codes
            }


def test_load_demo_flags_one_disclosure_after_the_withdrawal(world):
    flagged = Disclosure.objects.filter(flags__gt=0).select_related("person").get(person__subject="demo-hanako")
    withdrawal = Decision.objects.get(withdraws_id__isnull=False)
    assert flagged.person == withdrawal.person == person("demo-hanako")
    assert [flag.code for flag in flagged.warnings] == ["withdrawn"]
    assert flagged.occurred_at > withdrawal.decided_at


def test_load_demo_flags_two_disclosures_that_are_not_as_published_and_nobody_was_asked_about(world):
    flagged = (
        Disclosure.objects.filter(flags__gt=0)
        .exclude(person__subject="demo-hanako")
        .select_related("person", "recipient")
    )
    assert [(row.person.subject, row.recipient.code, row.flags) for row in flagged] == [
        ("demo-0400", "midori-point", Flag.RECIPIENT_UNDECLARED | Flag.NO_DECISION)
    ] * 2


def test_load_demo_cites_a_publication_that_told_of_the_recipient_abroad(world):
    rows = Disclosure.objects.filter(recipient__code="lantern-strait")
    assert rows.exists()
    for row in rows:
        shown = Publication.objects.get(number=row.shown_publication)
        assert "lantern-strait" in shown.document["recipients"]
        assert not row.flags


def test_load_demo_dates_notices_of_a_withdrawal_as_its_steps(world):
    hanako = person("demo-hanako")
    moved = dict(hanako.notices.filter(kind=NoticeKind.WITHDRAWAL_MOVED).values_list("state", "noticed_at"))
    taken = {StepKind(kind).code: at for kind, at in hanako.withdrawal_steps.values_list("kind", "taken_at")}
    assert moved == taken and len(moved) == 3


def test_load_demo_corrects_one_disclosure(world):
    correction = Correction.objects.select_related("item_set").get()
    wrong = person("demo-hanako").disclosures.select_related("item_set").get(id=correction.disclosure_id)
    assert (wrong.item_set.codes, correction.item_set.codes) == (["name", "phone"], ["name"])
    assert (correction.recipient_id, correction.flags) == (wrong.recipient_id, 0)
    assert wrong.recorded_at < correction.recorded_at <= timezone.now()


def test_load_demo_names_the_decision_behind_every_approved_disclosure(world):
    approved = Disclosure.objects.filter(ground=Ground.APPROVAL, flags=0)
    assert approved.count() == 10
    assert not approved.filter(decision_id=None).exists()


def test_load_demo_reports_nothing_where_nobody_can_be_identified(world):
    assert not Disclosure.objects.filter(scenario__ground=Ground.NONE).exists()


def test_load_demo_keeps_all_times_in_order_and_in_the_past(world):
    oldest = timezone.now() - timedelta(days=430)
    rows = Disclosure.objects.select_related("reporter")
    assert len(rows) > 400
    for row in rows:
        assert oldest < row.occurred_at <= row.recorded_at <= timezone.now()
        assert row.reporter.created_at < row.occurred_at


def test_load_demo_leaves_no_work_to_followers_that_is_due(world):
    assert lag() == timedelta()


def test_load_demo_again_adds_nothing_and_says_so(world):
    before, publication = ledger(), Publication.objects.newest()
    said = load()
    assert said == "nothing to add: the made-up world of seed 1 is here already (473 disclosures)\n"
    assert ledger() == before
    assert (ApprovalRequest.objects.count(), Reporter.objects.count()) == (9, 3)
    assert Publication.objects.newest() == publication


def test_load_demo_again_half_a_year_later_adds_nothing(world):
    with clock_at(timezone.now() + timedelta(days=200)):
        said = load()
    assert said.startswith("nothing to add")


def test_load_demo_with_more_people_only_adds(world):
    before = ledger()
    load("--people", "5", "--disclosures", "100")
    assert before < ledger()
    assert Disclosure.objects.count() == 443 + 100


def test_load_demo_of_another_seed_leaves_those_with_a_story_alone(world):
    load("--people", "3", "--disclosures", "30", "--seed", "2")
    assert person("demo-hanako").disclosures.count() == 40
    assert Disclosure.objects.count() == 443 + 60


def test_load_demo_leaves_what_editors_changed(world):
    publication = Publication.objects.newest()
    Recipient.objects.filter(code="minato-inn").update(title="湯宿 みなと 新館")
    load()
    assert Recipient.objects.get(code="minato-inn").title == "湯宿 みなと 新館"
    assert Publication.objects.newest() == publication


def test_load_demo_sets_roles(world):
    editor, officer, admin = (User.objects.get(username=name) for name in ("editor", "officer", "admin"))
    assert [sorted(user.groups.values_list("name", flat=True)) for user in (editor, officer)] == [
        ["editors", "publishers"],
        ["officers"],
    ]
    assert [user.is_staff for user in (editor, officer, admin)] == [True, True, True]
    assert admin.is_superuser
    assert not person("demo-hanako").is_staff


def test_load_demo_sets_the_password_of_the_environment(world, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "open sesame")
    load()
    people = User.objects.exclude(username=None)
    assert people and all(user.check_password("open sesame") for user in people)


def exported(subject: str) -> dict:
    return json.loads(b"".join(json_file.pieces(record_of(person(subject), Filters(), timezone.now()))))


@pytest.mark.parametrize("subject", ["demo-hanako", "demo-taro", "demo-0400"])
def test_every_row_holds_what_a_record_of_provision_has_to_hold(world, subject):
    """APPI art. 29 and its rule: when, to whom (name, address, representative), about whom, what, on which ground."""
    record = exported(subject)
    versions = {(one["recipient"], one["publication"]): one for one in record["provided_to"]}
    assert record["person"]["subject"] == subject
    assert record["disclosures"]
    for row in record["disclosures"]:
        recipient = versions[row["recipient"], row["publication"]]
        assert row["occurred_at"] and row["items"]
        assert recipient["name"]["ja"] and recipient["address"]["ja"]
        # Nobody has stated it of those abroad: that is a value, too.
        assert recipient["representative"] is None or recipient["representative"]["ja"]
        assert recipient["representative"] or recipient["country"] != "JP"
        assert all(record["names"]["data_items"][code]["ja"] for code in row["items"])
        assert consent_of(row), row


def consent_of(row: dict) -> bool:
    """Whether the row says on what it rests: a decision, what is cited, or that the person had not allowed it."""
    if row["ground"] == "approval":
        return bool(row["decision"]) or bool(row["flags"])
    return row["evidence"]["kind"] in {"person_act": "act", "policy": "policy"}[row["ground"]]


def test_load_demo_shows_requests_to_the_operator_in_every_state(world):
    rows = InquiryStanding.objects.order_by("asked_at").values_list("status", "identity", "inquiry__asked_by__subject")
    assert [(InquiryStatus(status).code, IdentityState(identity).code, who) for status, identity, who in rows] == [
        ("closed", "confirmed", "demo-taro"),
        ("answered", "confirmed", "demo-hanako"),
        ("received", "needed", None),
        ("received", "confirmed", None),
        ("received", "confirmed", "demo-hanako"),
    ]
    connected = InquiryStanding.objects.get(whose__isnull=False)
    assert connected.whose == person("demo-taro") and InquiryStanding.objects.filter(owner__isnull=False).exists()
    assert any(one.is_extended for one in InquiryStanding.objects.all()) and waiting_counts() == (3, 1)
    assert mail.outbox == []


def test_load_demo_signs_what_the_hotel_received_and_counts_questions(world):
    hanako = person("demo-hanako")
    signed = hanako.countersignatures.with_key()
    assert [row.said for row in signed] == ["received"] * 3
    for row in signed:
        assert is_signed(bytes(row.key.public), bytes(row.signature), row.statement)
        assert row.received_at >= hanako.disclosures.get(id=row.disclosure_id).recorded_at
    answers = set(hanako.question_counts.values_list("answer", flat=True))
    assert {QuestionAnswer.ALLOWED, QuestionAnswer.REFUSED} <= answers
    assert person("demo-taro").question_counts.exists()
