"""Before publishing: how many standing approvals rest on text that changes."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from consents.asking.decision_actions import withdraw_decision
from consents.asking.preflight import approval_findings
from consents.asking.requests import request_page
from disclosures.content.publications import newest_document
from disclosures.content.working_copy import working_document
from disclosures.models import Country, DataItem, Recipient, Scenario, Service
from disclosures.proposals.actions import propose_publication
from privacycenter.outbox.working import work_off
from tests.support.asking import answer, ask
from tests.support.clock import clock_at
from tests.support.content import publish_as_it_is
from tests.support.html import read
from tests.support.people import client_of, make_user

pytestmark = pytest.mark.django_db

NEW = "新しい言葉"
TWO = "変更する文面をもとにした有効な許可が2件あります。"
ONE = "変更する文面をもとにした有効な許可が1件あります。"


@pytest.fixture
def approvals(decision, taro, reporter):
    """hanako allowed name and usage; taro, on the English page, the name alone."""
    with translation.override("en"):
        answer(taro, ask(taro, reporter), "name")
    work_off()


def found() -> list[tuple[str, str, str, str, str]]:
    findings = approval_findings(newest_document(), working_document())
    assert not any(one.is_error for one in findings)
    return [(one.kind, one.code, one.field, one.language, one.message) for one in findings]


def edit(model, code, **values):
    model.objects.filter(code=code).update(**values)


def test_nothing_is_found_where_nothing_changes(approvals):
    assert found() == []


CHANGES = [
    (Recipient, "recipients", "northwind-analytics", "contact"),
    (Recipient, "recipients", "northwind-analytics", "business"),
    (Recipient, "recipients", "northwind-analytics", "representative"),
    (Recipient, "recipients", "northwind-analytics", "address"),
    (Recipient, "recipients", "northwind-analytics", "measures"),
    (Country, "countries", "US", "system"),
    (Country, "countries", "US", "title"),
    (Service, "services", "jalan", "title"),
    (Scenario, "scenarios", "survey-results", "title"),
    (Scenario, "scenarios", "survey-results", "body"),
    (DataItem, "data_items", "name", "title"),
]


@pytest.mark.parametrize(("model", "kind", "code", "field"), CHANGES)
def test_text_that_a_request_shows_is_named_with_the_approvals_that_rest_on_it(approvals, model, kind, code, field):
    values = {field: NEW} if field == "contact" else {field: NEW, "i18n": {}}
    edit(model, code, **values)
    ((found_kind, found_code, found_field, _language, message),) = [one for one in found() if one[2] == field]
    assert (found_kind, found_code, found_field, message) == (kind, code, field, TWO)


@pytest.mark.parametrize(("model", "kind", "code", "field"), CHANGES)
def test_what_is_named_changes_the_text_of_a_request_indeed(approvals, hanako, decision, model, kind, code, field):
    before = request_page(hanako, decision.request_id).text_sha256
    edit(model, code, **{field: NEW})
    assert [one[2] for one in found()] == [field]
    publish_as_it_is()
    assert request_page(hanako, decision.request_id).text_sha256 != before


def test_country_to_which_a_recipient_moves_is_named_once(approvals):
    edit(Recipient, "northwind-analytics", country=Country.objects.get(code="SG"))
    assert found() == [("recipients", "northwind-analytics", "country", "", TWO)]


def test_approvals_count_that_were_given_in_the_language_that_changes(approvals):
    scenario = Scenario.objects.get(code="survey-results")
    scenario.i18n["title_en"] = "Other words"
    scenario.save()
    assert found() == [("scenarios", "survey-results", "title", "en", ONE)]
    edit(Scenario, "survey-results", title=NEW)
    assert found() == [("scenarios", "survey-results", "title", "", TWO)]


def test_item_is_named_with_those_who_allow_it(approvals):
    edit(DataItem, "usage", title=NEW)
    assert [(one[1], one[4]) for one in found()] == [("usage", ONE)]


@pytest.mark.parametrize(
    ("model", "code", "values"),
    [
        (DataItem, "survey-answers", {"title": NEW}),  # was refused
        (Recipient, "minato-inn", {"title": NEW, "business": NEW}),  # nobody was asked about it
        (Scenario, "online-booking", {"title": NEW, "body": NEW}),  # rests on something else
        (Scenario, "survey-results", {"recipient_kinds": NEW}),  # stands on the public page alone
        (Recipient, "northwind-analytics", {"is_example": False}),
        # A check that was made anew changes nothing of what was agreed to.
        (Recipient, "northwind-analytics", {"basis_checked_on": date(2026, 4, 1)}),
    ],
)
def test_what_no_request_showed_is_not_named(approvals, model, code, values):
    edit(model, code, **values)
    assert working_document() != newest_document()
    assert found() == []


def test_what_ended_no_longer_counts(approvals, decision):
    edit(Recipient, "northwind-analytics", contact=NEW)
    withdraw_decision(decision_id=decision.id, language="ja", by=decision.person)
    work_off()
    assert [one[4] for one in found()] == [ONE]
    with clock_at(timezone.now() + timedelta(days=92)):
        assert found() == []


def test_scenario_that_needs_no_approval_any_more_is_not_counted(approvals):
    edit(Scenario, "survey-results", ground=Scenario.objects.get(code="online-booking").ground)
    publish_as_it_is()
    edit(Scenario, "survey-results", title=NEW)
    assert found() == []


def test_first_publication_changes_nothing_that_somebody_read(approvals):
    assert approval_findings(None, working_document()) == []


def test_editor_sees_it_with_a_link_to_what_changes(as_editor, approvals):
    edit(Recipient, "northwind-analytics", contact=NEW)
    (line,) = [one for one in read(as_editor.get("/admin/pending/")).one(cls="findings").all("li") if TWO in one.text]
    assert "Northwind" in line.text
    link = line.one("a")["href"]
    assert link == "/admin/edit/recipients/northwind-analytics/?field=contact"
    assert as_editor.get(link)["Location"].endswith("#id_contact")
    english = read(as_editor.get("/en/admin/pending/")).one(cls="findings").text
    assert "2 standing approvals rest on the text that changes." in english


def test_who_approves_a_proposal_sees_what_it_changes(publisher, writer, approvals):
    edit(Recipient, "northwind-analytics", contact=NEW)
    proposal = propose_publication(by=writer)
    edit(Service, "jalan", title=NEW)
    page = read(client_of(publisher).get(f"/admin/proposals/{proposal.pk}/"))
    (line,) = [one.text for one in page.one(cls="findings").all("li")]
    assert TWO in line and "Northwind" in line


def test_cost_does_not_grow_with_approvals(approvals, reporter):
    published, costs = newest_document(), []
    edit(Recipient, "northwind-analytics", contact=NEW)
    document = working_document()
    for round in range(2):
        for number in range(3):
            person = make_user(f"person-{round}-{number}")
            answer(person, ask(person, reporter), *("name", "usage", "survey-answers")[: number + 1])
        work_off()
        with CaptureQueriesContext(connection) as captured:
            (one,) = approval_findings(published, document)
        costs.append(len(captured))
    assert costs == [1, 1] and "8件" in one.message
