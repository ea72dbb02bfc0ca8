"""Standing rules: they refuse or ask, never allow; each automatic answer names its rule and can be overturned."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from consents.asking.requests import request_page
from consents.asking.rule_actions import set_rule
from consents.asking.rule_views import GPC_CHANGED_ON
from consents.asking.rules import title_of
from consents.models import RuleKind, RuleSetting
from disclosures.content.publications import newest_publication
from disclosures.models.content.recipients import UNDECIDED_COUNTRY
from privacycenter.errors import InvalidValue
from privacycenter.models import OutboxRow
from tests.support.api import QUESTION
from tests.support.asking import about, answer, ask
from tests.support.clock import clock_at
from tests.support.html import filled_in, read

pytestmark = pytest.mark.django_db

REFUSE, ASK, OFF = RuleSetting.REFUSE, RuleSetting.ASK, RuleSetting.OFF


def rule(person, kind, code="", setting=REFUSE):
    return set_rule(kind=kind, code=code, setting=setting, by=person)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (RuleKind.ALL, ""), (RuleKind.ABROAD, ""), (RuleKind.COUNTRY, "US"), (RuleKind.SCENARIO, "survey-results"),
        (RuleKind.RECIPIENT, "northwind-analytics"),
    ],
)  # fmt: skip
def test_request_that_fits_a_rule_is_refused_at_once(hanako, reporter, kind, code):
    made = rule(hanako, kind, code)
    request = ask(hanako, reporter)
    decision = hanako.decisions.get()
    assert (decision.rule_id, decision.allowed_set.codes) == (made.id, [])
    assert decision.refused_set.codes == sorted(QUESTION["items"])
    assert request_page(hanako, request.id).state == "refused"


def test_answer_of_a_rule_is_kept_with_the_text_that_the_person_would_have_seen(hanako, reporter):
    made = rule(hanako, RuleKind.ALL)
    request = ask(hanako, reporter, valid_days=30)
    decision, page = hanako.decisions.get(), request_page(hanako, request.id)
    assert about(decision) == (
        hanako.pk, request.id, 0, request.recipient_id, request.service_id, request.scenario_id,
    )  # fmt: skip
    assert (decision.rule_id, decision.withdraws_id, decision.undoes_id, decision.changes_id) == (
        made.id, None, None, None,
    )  # fmt: skip
    assert (decision.text, decision.text_sha256, decision.language) == (page.text, page.text_sha256, "ja")
    assert decision.valid_until - decision.decided_at == timedelta(days=30)
    assert decision.publication == page.publication == newest_publication().number
    told = OutboxRow.objects.filter(payload__decision=str(decision.id)).exclude(topic="decision.made")
    assert not told.exists()


@pytest.mark.parametrize(
    ("kind", "code"),
    [(RuleKind.COUNTRY, "SG"), (RuleKind.SCENARIO, "job-scouting"), (RuleKind.RECIPIENT, "minato-inn")],
)
def test_request_that_fits_no_rule_waits_for_the_person(hanako, reporter, kind, code):
    rule(hanako, kind, code)
    assert request_page(hanako, ask(hanako, reporter).id).is_open


def test_recipient_in_japan_is_not_abroad(hanako, reporter):
    rule(hanako, RuleKind.ABROAD)
    assert request_page(hanako, ask(hanako, reporter, recipient="minato-inn").id).is_open


def test_exception_for_a_recipient_comes_before_other_rules(hanako, reporter):
    rule(hanako, RuleKind.ALL)
    rule(hanako, RuleKind.RECIPIENT, "northwind-analytics", ASK)
    assert request_page(hanako, ask(hanako, reporter).id).is_open


def test_rule_about_an_item_marks_it_and_leaves_the_rest_to_the_person(as_hanako, hanako, reporter):
    rule(hanako, RuleKind.ITEM, "name")
    request = ask(hanako, reporter)
    assert [item.code for item in request_page(hanako, request.id).items if item.rule] == ["name"]
    assert len(read(as_hanako.get(f"/my/requests/{request.id}/")).one("main").all(cls="by-rule")) == 1


def test_rule_about_the_only_item_refuses_the_request(hanako, reporter):
    rule(hanako, RuleKind.ITEM, "name")
    assert request_page(hanako, ask(hanako, reporter, items=("name",)).id).state == "refused"


def test_check_names_the_rule_as_the_reason(hanako, reporter, api):
    rule(hanako, RuleKind.ABROAD)
    ask(hanako, reporter)
    check = api.check().json()
    assert (check["allowed"], check["reason"]) == (False, "rule")


def test_rule_allows_nothing_and_changes_nothing_that_was_decided(hanako, decision, api):
    rule(hanako, RuleKind.ABROAD)
    assert api.check(items=["name"]).json()["allowed"] is True
    assert hanako.decisions.count() == 1


def test_rule_that_ended_decides_nothing_more(hanako, reporter):
    rule(hanako, RuleKind.ABROAD)
    ended = rule(hanako, RuleKind.ABROAD, setting=OFF)
    assert ended.version == 2
    assert request_page(hanako, ask(hanako, reporter).id).is_open


def test_refusal_by_a_rule_rests_only_while_the_rule_is_in_force(hanako, reporter, api):
    rule(hanako, RuleKind.ABROAD)
    ask(hanako, reporter)
    assert (api.ask().status_code, api.ask().json()["state"]) == (200, "refused")
    rule(hanako, RuleKind.ABROAD, setting=OFF)
    assert api.ask().status_code == 201


def test_refusal_by_a_rule_can_be_overturned_and_answered(as_hanako, hanako, reporter, api):
    rule(hanako, RuleKind.ABROAD)
    request = ask(hanako, reporter)
    with clock_at(timezone.now() + timedelta(days=2)):
        response = as_hanako.post(f"/my/decisions/{hanako.decisions.get().id}/undoings/")
    assert response["Location"] == f"/my/requests/{request.id}/"
    answer(hanako, request, *QUESTION["items"])
    assert api.check().json()["allowed"] is True


def test_refusal_by_a_rule_cannot_be_overturned_when_the_time_is_over(as_hanako, hanako, reporter):
    with clock_at(timezone.now() - timedelta(days=15)):
        rule(hanako, RuleKind.ABROAD)
        ask(hanako, reporter)
    decision = hanako.decisions.get()
    assert as_hanako.post(f"/my/decisions/{decision.id}/undoings/").status_code == 409


def test_page_of_an_automatic_answer_names_the_rule_and_its_version(as_hanako, hanako, reporter):
    rule(hanako, RuleKind.ABROAD)
    ask(hanako, reporter)
    page = read(as_hanako.get(f"/my/decisions/{hanako.decisions.get().id}/")).one("main").text
    assert "外国の提供先すべて" in page and "第1版" in page
    assert "ルール" in read(as_hanako.get("/my/decisions/")).one("main").text


@pytest.mark.parametrize(
    ("kind", "code", "setting"),
    [
        (RuleKind.ABROAD, "US", REFUSE), (RuleKind.COUNTRY, "", REFUSE), (RuleKind.ABROAD, "", ASK),
        (RuleKind.ABROAD, "", OFF),
    ],
)  # fmt: skip
def test_rule_that_makes_no_sense_is_refused(hanako, kind, code, setting):
    with pytest.raises(InvalidValue):
        rule(hanako, kind, code, setting)
    assert hanako.standing_rules.count() == 0


def test_same_rule_again_is_no_new_version(hanako):
    assert rule(hanako, RuleKind.ABROAD) == rule(hanako, RuleKind.ABROAD)


# --- Pages -----------------------------------------------------------------------------------------------------------


def preview(client, about, setting="refuse"):
    return client.get("/my/rules/preview/", {"about": about, "setting": setting})


def test_preview_says_what_would_have_been_refused_and_saves_nothing(as_hanako, hanako, decision):
    main = read(preview(as_hanako, "abroad:")).one("main")
    assert f"/my/requests/{decision.request_id}/" in [link["href"] for link in main.all("a")]
    assert hanako.standing_rules.count() == 0


def test_preview_of_what_would_have_changed_nothing_says_so(as_hanako, decision):
    main = read(preview(as_hanako, "scenario:job-scouting")).one("main")
    assert main.all(cls="rows") == []


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("abroad:", "The only request to you so far."),
        ("scenario:job-scouting", "the only request to you so far does not fit"),
    ],
)
def test_preview_of_one_request_speaks_of_one(as_hanako, decision, about, words):
    response = as_hanako.get("/en/my/rules/preview/", {"about": about, "setting": "refuse"})
    assert words in read(response).one("main").text


def test_preview_without_any_request_so_far_says_so(as_hanako):
    response = as_hanako.get("/en/my/rules/preview/", {"about": "abroad:", "setting": "refuse"})
    assert "you have not been asked anything so far" in read(response).one("main").text


def test_preview_leads_to_saving_and_the_rule_to_its_end(as_hanako, hanako, decision):
    form = read(preview(as_hanako, "country:US")).one("main").all("form")[-1]
    as_hanako.post(form["action"], filled_in(form))
    assert hanako.standing_rules.get().code == "US"
    ending = read(as_hanako.get("/my/rules/")).one("main").all("form", action="/my/rules/versions/")[0]
    as_hanako.post(ending["action"], filled_in(ending))
    assert [made.setting for made in hanako.standing_rules.newest_first()] == ["off", "refuse"]


@pytest.mark.parametrize(
    ("about", "setting"), [("", "refuse"), ("abroad:", ""), ("country:XX", "refuse"), ("abroad:", "ask"), ("x", "off")]
)
def test_bad_choice_is_an_error_on_the_page(as_hanako, hanako, about, setting):
    assert preview(as_hanako, about, setting).status_code == 422
    response = as_hanako.post("/my/rules/versions/", {"about": about, "setting": setting})
    assert (response.status_code, hanako.standing_rules.count()) == (422, 0)


def test_rules_of_another_person_are_not_shown(as_taro, hanako):
    rule(hanako, RuleKind.COUNTRY, "US")
    assert read(as_taro.get("/my/rules/")).one("main").all(cls="rules") == []


def test_cost_of_a_preview_does_not_grow_with_the_requests(as_hanako, hanako, reporter):
    costs = []
    for recipient in ("northwind-analytics", "minato-inn", "kotori-salon"):
        ask(hanako, reporter, recipient=recipient)
        with CaptureQueriesContext(connection) as captured:
            preview(as_hanako, "all:")
        costs.append(len(captured))
    assert len(set(costs)) == 1


# --- Global Privacy Control ------------------------------------------------------------------------------------------


def test_signal_is_shown_on_every_page_of_the_record(as_hanako):
    for path in ("/my/", "/my/requests/", "/my/rules/", "/my/decisions/"):
        assert read(as_hanako.get(path, headers={"Sec-GPC": "1"})).all(cls="gpc"), path
        assert not read(as_hanako.get(path)).all(cls="gpc"), path


def test_signal_is_offered_as_a_rule(as_hanako, hanako):
    offered = read(as_hanako.get("/my/rules/", headers={"Sec-GPC": "1"})).one(id="gpc")
    assert filled_in(offered.one("form")) == {"about": ["all:"], "setting": ["refuse"]}
    rule(hanako, RuleKind.ALL)
    assert not read(as_hanako.get("/my/rules/", headers={"Sec-GPC": "1"})).one(id="gpc").all("form")


def test_signal_alone_changes_nothing_and_the_site_says_so(client, as_hanako, hanako, open_request):
    assert client.get("/.well-known/gpc.json").json() == {"gpc": False, "lastUpdate": GPC_CHANGED_ON}
    for path in ("/my/", "/my/rules/", f"/my/requests/{open_request.id}/"):
        as_hanako.get(path, headers={"Sec-GPC": "1"})
    assert not hanako.standing_rules.exists() and not hanako.decisions.exists()
    assert "それだけでは、ここでは何も変わりません" in read(as_hanako.get("/my/rules/", headers={"Sec-GPC": "1"})).text


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "国がまだ決まっていない提供先"), ("en", "Recipients whose country is not decided yet")],
)
def test_rule_about_recipients_without_a_country_is_named_in_plain_words(language, words):
    with translation.override(language):
        assert title_of(RuleKind.COUNTRY, UNDECIDED_COUNTRY, None).text == words


# --- What a rule leaves standing, and what can be chosen -------------------------------------------------------------


def ends_on(page) -> list[str]:
    return [form["action"] for form in page.one("main").all("form") if form["action"].endswith("/withdrawals/")]


@pytest.mark.parametrize(
    ("about", "is_named"),
    [("all:", True), ("abroad:", True), ("item:usage", True), ("item:survey-answers", False)],
)
def test_preview_names_the_approvals_that_a_rule_leaves_with_the_button_that_ends_each(
    as_hanako, decision, about, is_named
):
    page = as_hanako.get("/my/rules/preview/", {"about": about, "setting": "refuse"})
    assert ends_on(read(page)) == ([f"/my/decisions/{decision.id}/withdrawals/"] if is_named else [])


def test_rule_in_force_names_what_it_leaves_until_that_is_ended(as_hanako, hanako, decision):
    rule(hanako, RuleKind.ABROAD)
    (address,) = ends_on(read(as_hanako.get("/my/rules/")))
    as_hanako.post(address)
    assert ends_on(read(as_hanako.get("/my/rules/"))) == []


def test_exception_leaves_nothing_to_name(as_hanako, hanako, decision):
    rule(hanako, RuleKind.RECIPIENT, "northwind-analytics", ASK)
    assert ends_on(read(as_hanako.get("/my/rules/"))) == []


def test_exception_is_offered_only_if_somebody_asked(as_hanako, as_taro, open_request):
    pages = [read(client.get("/my/rules/")).one("main") for client in (as_hanako, as_taro)]
    asking = [[link["href"] for link in page.all("a") if link["href"].endswith("&setting=ask")] for page in pages]
    assert asking == [["/my/rules/preview/?about=recipient%3Anorthwind-analytics&setting=ask"], []]
    groups = [[fold.one("summary").text for fold in page.all("details", cls="fold")] for page in pages]
    assert groups[1] and groups[0] == [*groups[1], "確認を求めてきた提供先 (1)"]


def test_every_choice_of_a_rule_leads_to_what_it_would_do(as_hanako, open_request):
    addresses = [
        link["href"]
        for link in read(as_hanako.get("/my/rules/")).one("main").all("a")
        if link["href"].startswith("/my/rules/preview/")
    ]
    assert len(addresses) == len(set(addresses)) > 10
    for address in addresses:
        assert as_hanako.get(address).status_code == 200, address


def test_choice_is_named_as_it_is_under_the_heading_of_its_kind(as_hanako):
    links = read(as_hanako.get("/en/my/rules/")).one("main").all("a")
    named = {link["href"].partition("about=")[2].partition("&")[0]: link.text for link in links}
    assert (named["country%3AGB"], named["item%3Aname"], named["all%3A"]) == ("United Kingdom", "Name", "Every request")
