"""Who has this item of mine: of every item, and of none that does not exist."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consents.asking.decision_actions import withdraw_decision
from disclosures.models import DataItem
from tests.support.asking import answer, ask
from tests.support.database import statements
from tests.support.events import a_correction, a_survey_event, an_event, many_kinds, record
from tests.support.html import read
from tests.support.pages import recipients_on

pytestmark = pytest.mark.django_db


def item(client, code="phone", prefix=""):
    return read(client.get(f"{prefix}/my/items/{code}/"))


def test_item_names_everybody_who_received_it_and_nobody_else(as_hanako, hanako, reporter):
    now = timezone.now()
    first = an_event("first", occurred_at=now - timedelta(days=9))
    again = an_event("again", recipient="kotori-salon", occurred_at=now)
    other = an_event("other", recipient="komorebi-toge", items=("name",), occurred_at=now)
    record(reporter, first, again, other)
    page = item(as_hanako)
    assert recipients_on(page) == ["kotori-salon", "minato-inn"]
    assert [number.text for number in page.one("main").one(cls="lead").all("b")] == ["2", "2"]


def test_item_tells_times_situation_and_service_of_each_recipient(as_hanako, hanako, reporter):
    record(reporter, an_event("one"), an_event("two"), an_event("without", items=("name",)))
    row = item(as_hanako).one("main").all(cls="rows")[0].one("li")
    assert "2回 ・ ネット予約 ・ じゃらんnet" in row.text


def test_item_that_was_reported_by_mistake_counts_as_corrected(as_hanako, hanako, disclosure, reporter):
    record(reporter, a_correction(disclosure, facts={"items": ("name",)}))
    page = item(as_hanako)
    assert recipients_on(page) == []
    assert page.one("main").one(cls="empty")


def test_approval_in_force_leads_from_the_recipient_to_the_answer(as_hanako, hanako, decision, reporter):
    record(reporter, a_survey_event())
    rows = item(as_hanako, "name").one("main").all(cls="rows")[0]
    assert f"/my/decisions/{decision.id}/" in [link["href"] for link in rows.all("a")]


def test_recipient_that_may_receive_an_item_is_named_before_anything_was_reported(as_hanako, hanako, decision):
    links = [link["href"] for link in item(as_hanako, "usage").one("main").all("a")]
    assert f"/my/decisions/{decision.id}/" in links


def test_withdrawn_approval_is_not_named(as_hanako, hanako, decision):
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    links = [link["href"] for link in item(as_hanako, "usage").one("main").all("a")]
    assert f"/my/decisions/{decision.id}/" not in links


@pytest.mark.parametrize(("code", "is_offered"), [("usage", True), ("phone", False)])
def test_rule_is_offered_only_for_what_can_be_asked_for(as_hanako, code, is_offered):
    links = [link["href"] for link in item(as_hanako, code).one("main").all("a")]
    assert any("/my/rules/" in link for link in links) is is_offered


def test_item_of_another_person_is_not_counted(as_taro, hanako, disclosure):
    assert recipients_on(item(as_taro)) == []


@pytest.mark.parametrize("code", ["no-such-item", "minato-inn"])
def test_item_that_does_not_exist_is_not_found(as_hanako, disclosure, code):
    assert as_hanako.get(f"/my/items/{code}/").status_code == 404


def test_item_that_waits_for_publication_is_not_found(as_hanako):
    DataItem.objects.create(code="secret-plan", title="まだ公開されていない項目")
    assert as_hanako.get("/my/items/secret-plan/").status_code == 404


def test_item_needs_a_log_in(client, db):
    assert client.get("/my/items/phone/").status_code == 302


def test_item_costs_the_same_for_any_record(as_hanako, hanako, reporter):
    answer(hanako, ask(hanako, reporter, recipient="minato-inn"), "name")
    record(reporter, an_event())
    as_hanako.get("/my/")  # begins the visit
    few = statements(as_hanako, "/my/items/name/")
    many_kinds(reporter, 60)
    assert statements(as_hanako, "/my/items/name/") == few
