"""The published pages as one person reads them, and nothing personal on the public ones."""

from datetime import UTC, datetime, timedelta

import pytest

from consents.asking.decision_actions import withdraw_decision
from disclosures.ledger.recording import record_disclosures
from disclosures.models import Recipient, Scenario
from tests.support.content import publish_as_it_is
from tests.support.database import statements
from tests.support.events import a_survey_event, an_event, many_kinds
from tests.support.html import read
from tests.support.pages import PUBLIC_PATHS, ids_on

pytestmark = pytest.mark.django_db

PAGE = "/my/where-provided/"
DAY = datetime(2026, 11, 1, 3, tzinfo=UTC)


@pytest.fixture
def provided(hanako, reporter):
    """Three bookings to two recipients, one of them through another service."""
    record_disclosures(
        events=[
            an_event("1", occurred_at=DAY),
            an_event("2", occurred_at=DAY + timedelta(days=1)),
            an_event("3", recipient="kotori-salon", service="hotpepper-gourmet", occurred_at=DAY - timedelta(days=5)),
        ],
        by=reporter,
    )


def mark_of(client, scenario, path=PAGE):
    return read(client.get(path)).one("main").one("article", id=scenario).one(cls="own-case")


def test_scenario_that_happened_says_how_many_and_when_last(as_hanako, provided):
    text = mark_of(as_hanako, "online-booking").text
    assert "2社" in text and "2026年11月2日" in text


@pytest.mark.parametrize(
    ("prefix", "some", "none"),
    [
        ("", "説明している{}件の提供シーンのうち、あなたのデータの提供が報告されているのは1件です。", "{}件の提供シーンを説明しています。"),
        ("/en", "Of {} situations that we describe, a disclosure of your data has been reported for one.", "We describe {} situations here."),
    ],
)  # fmt: skip
def test_lead_says_how_many_scenarios_are_described_and_how_many_happened(
    as_hanako, as_taro, provided, prefix, some, none
):
    main = read(as_hanako.get(prefix + PAGE)).one("main")
    described = len(main.all(cls="own-case"))
    assert described > 1
    assert some.format(described) in main.text
    assert none.format(described) in read(as_taro.get(prefix + PAGE)).one("main").text


def test_scenario_that_happened_leads_to_its_disclosures(as_hanako, provided):
    address = mark_of(as_hanako, "online-booking").one("a")["href"]
    assert address == "/my/disclosures/?scenario=online-booking"
    assert len(ids_on(read(as_hanako.get(address)))) == 3


def test_scenario_that_did_not_happen_says_that_nothing_was_reported(as_hanako, provided):
    mark = mark_of(as_hanako, "survey-results")
    assert "「自分の記録」にありません" in mark.text and mark.all("a") == []


def test_scenario_in_which_nobody_can_be_identified_says_so(as_hanako, provided):
    anonymous = Scenario.objects.filter(ground=5).values_list("code", flat=True)[0]
    assert "記録はありません" in mark_of(as_hanako, anonymous).text


@pytest.mark.parametrize("path", ["/en/my/where-provided/", "/en/my/services/jalan/"])
def test_scenario_that_needs_an_approval_says_what_is_allowed_now(as_hanako, hanako, decision, path):
    mark = mark_of(as_hanako, "survey-results", path)
    assert "Northwind Analytics, Inc.: 2 items, until " in mark.text
    assert "/en/my/recipients/northwind-analytics/" in [link["href"] for link in mark.all("a")]
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    assert "At present you allow nothing in this situation." in mark_of(as_hanako, "survey-results", path).text


def test_scenario_on_another_ground_says_nothing_of_approvals(as_hanako, decision):
    assert "許可" not in mark_of(as_hanako, "online-booking").text


def test_approval_is_shown_to_nobody_else(as_taro, decision):
    assert "Northwind" not in mark_of(as_taro, "survey-results").text


def test_approval_that_what_is_published_holds_up_is_not_shown(as_hanako, decision):
    Recipient.objects.filter(code="northwind-analytics").update(retired_at=DAY)
    assert "Northwind" not in mark_of(as_hanako, "survey-results").text


def test_breach_is_marked_at_its_scenario(as_hanako, hanako, reporter):
    record_disclosures(events=[a_survey_event()], by=reporter)
    assert mark_of(as_hanako, "survey-results").one(cls="warning").text


def test_page_holds_the_whole_published_text(as_hanako, client, provided):
    published = read(client.get("/where-provided/")).one("main")
    own = read(as_hanako.get(PAGE)).one("main").text
    assert published.all("article", cls="scene") and published.all("h2")
    for scenario in published.all("article", cls="scene"):
        assert scenario.one("h3").text in own
    for section in published.all("h2"):
        assert section.text in own or section.text in ("免責事項", "関連ページ")


def test_page_names_the_services_that_provided_something(as_hanako, provided):
    links = [link["href"] for link in read(as_hanako.get(PAGE)).one("main").all("a")]
    services = [link for link in links if link.startswith("/my/services/")]
    assert sorted(services) == ["/my/services/hotpepper-gourmet/", "/my/services/jalan/"]


def test_service_counts_only_what_it_provided(as_hanako, provided):
    address = mark_of(as_hanako, "online-booking", "/my/services/jalan/").one("a")["href"]
    assert address == "/my/disclosures/?service=jalan&scenario=online-booking"
    assert len(ids_on(read(as_hanako.get(address)))) == 2


def test_disclosure_in_a_scenario_that_is_not_shown_is_counted_apart(as_hanako, provided):
    Scenario.objects.filter(code="online-booking").update(retired_at=DAY)
    publish_as_it_is()
    main = read(as_hanako.get(PAGE)).one("main")
    assert main.all(cls="empty") == []
    assert "このページで説明していない提供シーンのものが、ほかに3件あります。" in main.text


def test_own_pages_of_a_stranger_show_nothing_of_hanakos(as_taro, provided):
    page = read(as_taro.get(PAGE)).one("main")
    assert page.one(cls="empty").text
    assert page.all(cls="happened") == []


def test_service_that_does_not_exist_is_not_found(as_hanako, provided):
    assert as_hanako.get("/my/services/no-such/").status_code == 404


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_public_page_stays_the_same_for_who_is_logged_in(client, as_hanako, provided, path):
    assert as_hanako.get(path).content == client.get(path).content
    assert b"own-case" not in client.get(path).content


@pytest.mark.parametrize("path", [PAGE, "/my/services/jalan/"])
def test_own_pages_cost_no_more_with_more_rows(as_hanako, hanako, reporter, path):
    many_kinds(reporter, 3)
    few = statements(as_hanako, path)
    many_kinds(reporter, 60)
    assert statements(as_hanako, path) == few <= 7  # one of them: what is allowed now
