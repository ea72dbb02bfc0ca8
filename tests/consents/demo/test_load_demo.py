"""manage.py load_demo: a believable world, made through the actions, the same for the same seed."""

import io
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from consents.asking.requests import closed_requests, open_requests
from consents.models import ApprovalRequest, Decision
from disclosures.coverage.queries import reporter_coverage
from disclosures.models import Correction, Disclosure, Flag, Ground, Publication, Recipient, Reporter, Service
from privacycenter.models import User
from privacycenter.outbox.claiming import lag
from tests.support.clock import clock_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings, monkeypatch):
    settings.DEMO = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)


@pytest.fixture
def starter():
    call_command("load_content", stdout=io.StringIO())
    call_command("publish_content", stdout=io.StringIO())


def load(*args: str) -> str:
    out = io.StringIO()
    call_command("load_demo", *(args or ("--people", "3", "--disclosures", "30")), stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def world(starter):
    return load()


def person(subject: str) -> User:
    return User.objects.get(subject=subject)


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
    states = Counter(row.state for row in [*open_requests(hanako), *closed_requests(hanako)])
    assert states == dict.fromkeys(["open", "allowed", "refused", "partly_allowed", "withdrawn", "expired"], 1)


def test_load_demo_leaves_one_open_request(world):
    [row] = open_requests(person("demo-hanako"))
    assert (row.recipient.code, row.service.code, row.item_count) == ("midori-point", "hotpepper-gourmet", 3)
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
    assert [flag.code for flag in flagged.flag_reasons] == ["withdrawn"]
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


def test_load_demo_adds_and_publishes_recipients_that_are_missing(starter):
    Recipient.objects.filter(code="minato-inn").update(code="minato-inn-before")
    load()
    assert "minato-inn" in Publication.objects.newest().document["recipients"]


def test_load_demo_takes_a_person_over_whom_services_reported_before(starter):
    known = User.objects.create(subject="demo-hanako")
    load()
    assert person("demo-hanako") == known
    assert person("demo-hanako").username == "hanako"


def test_load_demo_sets_roles(world):
    editor, officer, admin = (User.objects.get(username=name) for name in ("editor", "officer", "admin"))
    assert [sorted(user.groups.values_list("name", flat=True)) for user in (editor, officer)] == [
        ["editors", "publishers"],
        ["officers"],
    ]
    assert [user.is_staff for user in (editor, officer, admin)] == [True, True, True]
    assert admin.is_superuser
    assert not person("demo-hanako").is_staff


def test_load_demo_prints_a_password_that_works(starter):
    password = load().rpartition("password of each: ")[2].strip()
    assert Client().login(username="hanako", password=password)


def test_load_demo_sets_the_password_of_the_environment(world, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "open sesame")
    load()
    people = User.objects.exclude(username=None)
    assert people and all(user.check_password("open sesame") for user in people)


def test_load_demo_keeps_sessions_when_the_password_is_the_same(starter, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "open sesame")
    load()
    before = person("demo-taro").password
    load()
    assert person("demo-taro").password == before


def test_load_demo_refuses_outside_a_demo(starter, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        load()
    assert not User.objects.exists()


def test_load_demo_refuses_without_starter_content(starter):
    Service.objects.filter(code="zexy").update(code="something-else")
    with pytest.raises(CommandError, match="starter content"):
        load()


def test_load_demo_refuses_to_take_over_another_account(starter):
    User.objects.create_user("admin", password="mine")
    with pytest.raises(CommandError, match=r"“admin” already who is not a demo account\.$"):
        load()
    assert User.objects.get(username="admin").check_password("mine")


@pytest.mark.parametrize("args", [("--people", "-1"), ("--disclosures", "-1"), ("--people", "0", "--disclosures", "5")])
def test_load_demo_refuses_impossible_numbers(starter, args):
    with pytest.raises(CommandError, match="--disclosures"):
        load(*args)


def test_load_demo_without_further_people(starter):
    load("--people", "0")
    assert Disclosure.objects.count() == 443


def test_one_service_of_the_world_misses_two_reports_and_the_others_are_complete(starter):
    load("--people", "3", "--disclosures", "60")
    gaps = {row.service_code: row.gap for row in reporter_coverage() if row.balance}
    assert gaps.pop("suumo") == 2
    assert gaps and set(gaps.values()) == {0}
