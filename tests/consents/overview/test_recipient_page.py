"""One recipient's page acts: why it has something, what stands, what to do about it."""

from datetime import UTC, datetime

import pytest

from consents.asking.decision_actions import withdraw_decision
from tests.support.database import statements
from tests.support.events import a_survey_event, an_event, many_kinds, record
from tests.support.html import read

pytestmark = pytest.mark.django_db

INN, NORTHWIND = "/my/recipients/minato-inn/", "/my/recipients/northwind-analytics/"


def main(client, path=INN):
    return read(client.get(path)).one("main")


def links(client, path=INN) -> list[str]:
    return [link["href"] for link in main(client, path).all("a")]


def test_page_says_by_what_the_data_came_there(as_hanako, hanako, reporter):
    record(reporter, an_event("1"), an_event("2"), an_event("3", service="hotpepper-gourmet"))
    found = [row.text for row in main(as_hanako).one(cls="reasons").all("li")]
    assert found == ["ネット予約 2回(じゃらんnet)", "ネット予約 1回(ホットペッパーグルメ)"]


@pytest.mark.parametrize(
    ("days", "ja", "en"),
    [
        ([3], "1回報告されています(2026年9月3日)。", "One disclosure of your data to it has been reported, on Sept. 3, 2026."),
        ([3, 3], "2回報告されています(2026年9月3日)。", "2 disclosures of your data to it have been reported, all on Sept. 3, 2026."),
        (
            [3, 5], "2回報告されています(最初は2026年9月3日、最後は2026年9月5日)。",
            "2 disclosures of your data to it have been reported, from Sept. 3, 2026 to Sept. 5, 2026.",
        ),
    ],
)  # fmt: skip
def test_page_says_when_the_data_came_there(as_hanako, hanako, reporter, days, ja, en):
    moments = [datetime(2026, 9, day, 3, tzinfo=UTC) for day in days]
    record(reporter, *(an_event(f"{number}", occurred_at=at) for number, at in enumerate(moments)))
    assert ja in main(as_hanako).one(cls="lead").text
    assert en in main(as_hanako, f"/en{INN}").one(cls="lead").text


def test_approval_is_changed_and_ended_where_it_is_shown(as_hanako, hanako, decision):
    assert f"/my/decisions/{decision.id}/change/" in links(as_hanako, NORTHWIND)
    (form,) = main(as_hanako, NORTHWIND).one(cls="approval").all("form")
    as_hanako.post(form["action"])
    assert hanako.decisions.filter(withdraws_id=decision.id).exists()
    assert main(as_hanako, NORTHWIND).all(cls="approval") == []


def test_withdrawn_approval_can_no_longer_be_ended(as_hanako, hanako, decision):
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    assert main(as_hanako, NORTHWIND).all(cls="approval") == []


def test_page_leads_to_asking_stopping_and_the_company_itself(as_hanako, disclosure):
    found = links(as_hanako)
    assert {
        "/contact/requests/new/?about=recipient:minato-inn", "/my/stop/?what=recipient:minato-inn",
        "mailto:privacy@minato-inn.example",
    } <= set(found)  # fmt: skip
    for path in ["/contact/requests/new/?about=recipient:minato-inn", "/my/stop/?what=recipient:minato-inn"]:
        assert "湯宿 みなと" in main(as_hanako, path).text


@pytest.mark.parametrize(("path", "is_offered"), [(INN, False), (NORTHWIND, True)])
def test_rule_is_offered_for_who_can_ask(as_hanako, disclosure, decision, path, is_offered):
    assert any("/my/rules/preview/" in link for link in links(as_hanako, path)) is is_offered


def test_disclosures_are_grouped_by_situation_and_month(as_hanako, hanako, reporter):
    moments = [datetime(2026, month, day, tzinfo=UTC) for month, day in ((9, 3), (10, 1), (10, 20))]
    record(reporter, *(an_event(str(n), occurred_at=moment) for n, moment in enumerate(moments)))
    (situation,) = main(as_hanako).all(cls="situation")
    months = [(month.one("h3").text, len(month.all("li"))) for month in situation.all(cls="month")]
    assert (situation.one("h2").text, months) == ("ネット予約", [("2026年10月", 2), ("2026年9月", 1)])


def test_months_before_the_newest_three_are_folded_and_not_lost(as_hanako, hanako, reporter):
    moments = [datetime(2026, month, 3, tzinfo=UTC) for month in (5, 6, 7, 8, 9)]
    record(reporter, *(an_event(str(number), occurred_at=moment) for number, moment in enumerate(moments)))
    (situation,) = main(as_hanako).all(cls="situation")
    fold = situation.one("details")
    assert [month.one("h3").text for month in fold.all(cls="month")] == ["2026年6月", "2026年5月"]
    assert fold.one("summary").text.startswith("それより前の2件")
    assert len(situation.all(cls="month")) == 5


def test_what_all_disclosures_of_a_situation_have_alike_is_said_once(as_hanako, hanako, reporter):
    record(reporter, an_event("1"), an_event("2"))
    assert main(as_hanako).one(cls="situation").text.count("じゃらんnet") == 1
    record(reporter, an_event("3", service="hotpepper-gourmet"))
    assert main(as_hanako).one(cls="situation").text.count("じゃらんnet") == 2


def test_hiding_comes_last(as_hanako, disclosure):
    assert [form["action"] for form in main(as_hanako).all("form")][-1] == f"{INN}visibility/"
    assert main(as_hanako).all("section")[-1]["id"] == "visibility"


def test_page_costs_the_same_for_any_record(as_hanako, hanako, reporter, decision, disclosure):
    record(reporter, a_survey_event())
    few = [statements(as_hanako, path) for path in (INN, NORTHWIND)]
    many_kinds(reporter, 80)
    assert [statements(as_hanako, path) for path in (INN, NORTHWIND)] == few
