"""Made-up sequences of what people, services and editors do. After each step every surface says what a check answers."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from consents.asking.answer_changes import change_of
from consents.asking.decision_actions import change_answer, undo_answer, withdraw_decision
from consents.asking.decisions import DecisionPage, decision_history, decision_page
from consents.asking.requests import closed_requests, request_page, request_state
from consents.asking.rule_actions import set_rule
from consents.checking.checks import permission_check
from consents.checking.standing_approvals import standing_approvals
from consents.exports import csv_file, json_file
from consents.exports.record import record_of
from consents.exports.words import state_words
from consents.feed.queries import states_of
from consents.models import RuleKind, RuleSetting
from consents.models.public_ids import public_id
from consents.overview.recipient_page import recipient_page
from disclosures.content.publications import newest_document
from disclosures.models import Ground
from disclosures.public.titles import Names
from disclosures.publishing.actions import append_publication, lock_publishing
from disclosures.record.filters import Filters
from privacycenter.canonical import sha256_of
from privacycenter.errors import Refusal
from privacycenter.text.languages import speaking
from tests.support.api import QUESTION
from tests.support.asking import answer, ask
from tests.support.clock import LONG_AGO, clock_at
from tests.support.examples import examples
from tests.support.html import read
from tests.support.oracle import DECLARED, Practice
from tests.support.people import client_of
from tests.support.staging import put_into_practice

pytestmark = pytest.mark.django_db

# Nobody waits for what is due in the future of the database's clock: everything happens in its past.
BEGINS_DAYS_AGO = 1000
PRACTICES = (
    Practice(),
    Practice(items=frozenset({"usage"})),
    Practice(is_for_others=True),
    Practice(scenario="missing"),
    Practice(recipient="as retired"),
    Practice(service="left out"),
    Practice(excluded=frozenset({"name"})),
    Practice(hold=(LONG_AGO, None)),
    Practice(ground="contract"),
    Practice(ground="none"),
)
subsets = st.sets(st.sampled_from(DECLARED)).map(frozenset)
which = st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("ask"), subsets.filter(bool), st.sampled_from((3, 50, 300))),
    st.tuples(st.just("answer"), which, subsets),
    st.tuples(st.just("answer"), which, st.just(frozenset(DECLARED))),
    st.tuples(st.just("withdraw"), which),
    st.tuples(st.just("undo"), which),
    st.tuples(st.just("change"), which, subsets),
    st.tuples(st.just("rule"), st.sampled_from((RuleSetting.REFUSE, RuleSetting.OFF))),
    st.tuples(st.just("wait"), st.sampled_from((2, 60, 95))),
    st.tuples(st.just("publish"), st.sampled_from(PRACTICES)),
)


class Life:
    """One person, one reporter, one matter; and the moment that their clocks show."""

    def __init__(self, person, reporter, moment: datetime) -> None:
        self.person, self.reporter, self.moment = person, reporter, moment
        self.first_document = newest_document()

    def live(self, step: tuple) -> None:
        """Take a step; one that is refused changes nothing."""
        self.moment += timedelta(minutes=1)
        kind, *values = step
        with clock_at(self.moment):
            try:
                with transaction.atomic():
                    getattr(self, kind)(*values)
            except Refusal:
                pass

    def ask(self, items, days) -> None:
        ask(self.person, self.reporter, items=tuple(sorted(items)), valid_days=days)

    def answer(self, place, allowed) -> None:
        if waiting := [one for one in self.requests if request_page(self.person, one.id).is_open]:
            request = waiting[place % len(waiting)]
            answer(self.person, request, *(set(request.item_set.codes) & allowed))

    def withdraw(self, place) -> None:
        if made := list(self.person.decisions.newest_first()):
            withdraw_decision(decision_id=made[place % len(made)].id, language="ja", by=self.person)

    def undo(self, place) -> None:
        if made := list(self.person.decisions.newest_first()):
            undo_answer(decision_id=made[place % len(made)].id, language="ja", by=self.person)

    def change(self, place, allowed) -> None:
        published = newest_document()
        pages = [page for page in self.pages() if page.can_be_changed]
        if pages and (shown := change_of(pages[place % len(pages)], Names(published))):
            told = {"decision_id": shown.page.decision.id, "text_sha256": shown.text_sha256, "by": self.person}
            change_answer(allowed=set(allowed) & shown.codes, **told)

    def rule(self, setting) -> None:
        set_rule(kind=RuleKind.RECIPIENT, code=QUESTION["recipient"], setting=setting, by=self.person)

    def wait(self, days) -> None:
        self.moment += timedelta(days=days)

    def publish(self, practice) -> None:
        append_publication(self.first_document, sha256_of(self.first_document), lock_publishing(), None, "")
        put_into_practice(practice)

    @property
    def requests(self) -> list:
        return list(self.person.approval_requests.with_references().newest_first())

    def check(self) -> dict[str, bool]:
        """Item → what a check of it alone answers."""
        asked = {name: QUESTION[name] for name in ("subject", "recipient", "service", "scenario")}
        return {code: permission_check(**asked, items=[code], by=self.reporter).allowed for code in DECLARED}

    def pages(self) -> Iterator[DecisionPage]:
        for decision in self.person.decisions.all():
            page = decision_page(self.person, decision.id, newest_document())
            assert page
            yield page


def page_agrees(page: DecisionPage, checked: dict[str, bool], is_approval: bool) -> None:
    """Item by item, and in its one word."""
    for item in page.standing.items:
        assert item.is_allowed is checked[item.code]
        assert (item.effect in ("allowed", "not_needed")) is checked[item.code]
        assert (item.until is not None and item.until > timezone.now()) or item.effect != "allowed"
    own = [item for item in page.standing.own if item.is_allowed]
    if is_approval:
        assert page.is_in_force is bool(own)
    if page.state == "allowed":
        assert own == page.standing.items
    if not page.decision.is_answer or page.ending:
        assert not page.is_in_force


def heading_agrees(person, page: DecisionPage, checked: dict[str, bool]) -> None:
    main = read(client_of(person).get(f"/en/my/decisions/{page.decision.id}/"))
    heading = main.one("h1").text
    if heading.startswith(("You allowed data", "You allowed part")):
        assert page.is_in_force and all(checked[code] for code in page.decision.allowed_set.codes)
    is_offered = any("/withdrawals/" in form["action"] for form in main.all("form"))
    assert is_offered is page.can_be_withdrawn


def surfaces_agree(life: Life, *, rendered: bool) -> None:
    checked = life.check()
    document = newest_document()
    scenario = document["scenarios"].get(QUESTION["scenario"])
    is_approval = scenario is None or scenario["ground"] == Ground.APPROVAL.code
    pages = list(life.pages())
    for page in pages:
        page_agrees(page, checked, is_approval)
    states = {page.decision.id: page.state for page in pages}
    lists = [
        {entry.decision.id: entry.state for entry in decision_history(life.person, document).entries},
        {UUID(id): state for id, state in in_json(life, checked).items()},
        {UUID(id): state for id, state in in_feed(pages).items()},
    ]
    for found in lists:
        assert found == states
    with speaking("ja"):  # a page that was rendered has left its own language
        assert in_csv(life) == {str(id): state_words(state) for id, state in states.items()}
    if about := recipient_page(life.person, QUESTION["recipient"], Names(document)):
        assert {entry.decision.id: entry.state for entry in about.decisions}.items() <= states.items()
    requests_agree(life, checked, states)
    allowed = sum(checked.values()) if is_approval else 0
    assert sum(one.item_count for one in standing_approvals(life.person, document)) == allowed
    if rendered and pages:
        for page in (pages[0], pages[-1]):
            heading_agrees(life.person, page, checked)


def requests_agree(life: Life, checked: dict[str, bool], states: dict) -> None:
    closed = {row.id: row.state for row in closed_requests(life.person, newest_document())}
    for request in life.requests:
        page, told = request_page(life.person, request.id), request_state(request)
        assert page.state == told["state"] == closed.get(request.id, page.state)
        if page.decision_id:
            assert page.state == states[page.decision_id]
            assert told["items"] == {code: checked[code] for code in request.item_set.codes}
        else:
            assert set(told["items"].values()) == {None}
        if page.is_open:
            assert {item.code for item in page.covered} <= {code for code, is_allowed in checked.items() if is_allowed}


def in_json(life: Life, checked: dict[str, bool]) -> dict[str, str]:
    record = json.loads(b"".join(json_file.pieces(record_of(life.person, Filters(), timezone.now()))))
    for entry in record["decisions"]:
        for item in entry["now"]:
            assert (item["state"] in ("allowed", "not_needed")) is checked[item["code"]]
    return {entry["id"]: entry["state"] for entry in record["decisions"]}


def in_csv(life: Life) -> dict[str, str]:
    content = b"".join(csv_file.pieces(record_of(life.person, Filters(), timezone.now()))).decode()
    place = {name: number for number, name in enumerate(csv_file.COLUMNS)}
    rows = csv.reader(io.StringIO(content))
    return {row[place["id"]]: row[place["state"]] for row in rows if row[0] == "回答"}


def in_feed(pages: list[DecisionPage]) -> dict[str, str]:
    decisions = [page.decision for page in pages]
    return states_of([{"decision": str(one.id), "request": public_id(one, one.request_id)} for one in decisions])


@settings(
    max_examples=examples(10), deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(sequence=st.lists(steps, min_size=3, max_size=12))
def test_every_surface_says_what_a_check_answers_after_each_step(hanako, reporter, sequence):
    with transaction.atomic():
        life = Life(hanako, reporter, timezone.now() - timedelta(days=BEGINS_DAYS_AGO))
        for place, step in enumerate(sequence):
            life.live(step)
            with clock_at(life.moment):
                surfaces_agree(life, rendered=place == len(sequence) - 1)
        transaction.set_rollback(True)
