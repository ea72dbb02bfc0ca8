"""The overview: what waits first, then who received what."""

import gzip
from datetime import timedelta

import pytest
from django.utils import timezone

from consents.asking.decision_actions import undo_answer, withdraw_decision
from consents.asking.rule_actions import set_rule
from consents.models import RuleKind, RuleSetting
from disclosures.ledger.recording import record_disclosures
from disclosures.models import DataItem, Recipient
from disclosures.record.actions import hide_recipient
from privacycenter.outbox.working import work_off
from tests.support.asking import answer, ask
from tests.support.database import statements
from tests.support.events import a_survey_event, an_event, many_kinds
from tests.support.html import read
from tests.support.pages import ids_on, recipients_on
from tests.support.people import PASSWORD, client_of

pytestmark = pytest.mark.django_db


def overview(client, prefix="", query=""):
    return read(client.get(f"{prefix}/my/{query}")).one("main")


def figures_on(main) -> list[str]:
    return [" ".join(figure.text.split()) for figure in main.one(cls="figures").all("li")]


def links_on(page) -> list[str]:
    return [link["href"] for link in page.all("a")]


def test_open_request_comes_before_the_record(as_hanako, open_request, disclosure):
    links = links_on(overview(as_hanako))
    assert links.index(f"/my/requests/{open_request.id}/") < links.index("/my/recipients/minato-inn/")


def test_request_on_the_overview_names_who_asks_for_what(as_hanako, open_request):
    asking = overview(as_hanako).one(cls="asks")
    assert "Northwind Analytics, Inc.が、3項目の提供を求めています" in asking.text
    assert asking.one("a")["href"] == f"/my/requests/{open_request.id}/"


def test_answered_request_leaves_the_overview(as_hanako, hanako, open_request):
    answer(hanako, open_request)
    assert overview(as_hanako).all(cls="asks") == []


def test_every_open_request_is_on_the_overview(as_hanako, hanako, reporter):
    requests = [ask(hanako, reporter, recipient=code) for code in ("minato-inn", "kotori-salon", "komorebi-toge")]
    assert {f"/my/requests/{request.id}/" for request in requests} <= set(links_on(overview(as_hanako)))


def test_overview_counts_the_last_twelve_months_and_leads_to_all(as_hanako, hanako, reporter):
    now = timezone.now()
    old = [an_event(f"old-{n}", occurred_at=now - timedelta(days=60)) for n in range(2)]
    new = [an_event("new", recipient="kotori-salon", occurred_at=now - timedelta(days=2))]
    record_disclosures(events=[*old, *new], by=reporter)
    old = an_event("older", recipient="komorebi-toge", occurred_at=now - timedelta(days=500))
    record_disclosures(events=[old], by=reporter)
    main = overview(as_hanako)
    assert figures_on(main) == ["2社 3回(12か月)", "0社が外国 すべて日本", "0件の許可 いま有効"]
    assert [link.text for link in main.one(cls="see-also").all("a")] == ["すべての提供先(3)", "すべての提供記録(4)"]


def test_overview_of_a_quiet_year_says_so_and_still_shows_what_was_before(as_hanako, hanako, reporter):
    record_disclosures(events=[an_event(occurred_at=timezone.now() - timedelta(days=500))], by=reporter)
    main = overview(as_hanako, "/en")
    assert figures_on(main)[0] == "0 companies 0 times in the last 12 months"
    assert "/en/my/recipients/minato-inn/" in links_on(main)
    by_time = overview(as_hanako, "/en", "?by=time")
    assert "Your record holds nothing from the last 12 months." in by_time.text
    assert by_time.all("figure") == []


def test_long_lists_of_items_are_cut_and_say_how_much_more_there_is(as_hanako, hanako, reporter):
    codes = list(DataItem.objects.values_list("code", flat=True)[:9])
    record_disclosures(events=[an_event("four", recipient="kotori-salon", items=tuple(codes[:4]))], by=reporter)
    record_disclosures(events=[an_event("nine", items=tuple(codes))], by=reporter)
    nine, four = (row.text for row in overview(as_hanako, "/en").all("ul", cls="rows")[0].all("li"))
    assert "and 6 more" in nine
    assert "more" not in four  # the last one is named rather than counted


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_large_numbers_have_separators(as_hanako, hanako, reporter, prefix):
    record_disclosures(events=[an_event(f"event-{n}") for n in range(1000)], by=reporter)
    main = overview(as_hanako, prefix)
    assert "1,000" in figures_on(main)[0]
    assert "(1,000)" in main.one(cls="see-also").text


def test_overview_shows_the_latest_recipients_and_leads_to_all(as_hanako, hanako, reporter):
    recipients = list(Recipient.objects.values_list("code", flat=True))
    now = timezone.now()
    record_disclosures(
        events=[
            an_event(code, recipient=code, occurred_at=now - timedelta(days=n)) for n, code in enumerate(recipients)
        ],
        by=reporter,
    )
    links = links_on(overview(as_hanako))
    shown = [link.split("/")[-2] for link in links if link.startswith("/my/recipients/") and link.count("/") == 4]
    assert shown == recipients[: len(shown)] and 0 < len(shown) < len(recipients)
    assert "/my/recipients/" in links


def test_service_that_never_reported_is_told_from_one_that_did(as_hanako, hanako, reporter):
    before = coverage_of(as_hanako, "じゃらんnet")
    record_disclosures(events=[an_event()], by=reporter)
    work_off()
    assert coverage_of(as_hanako, "じゃらんnet") != before
    assert coverage_of(as_hanako, "SUUMO") == before


def coverage_of(client, service) -> str:
    rows = overview(client).one("aside").all("li")
    row = next(row for row in rows if row.text.startswith(service))
    return row.text.removeprefix(service).strip()


def test_reports_about_others_count_for_completeness_and_not_for_the_record(as_taro, hanako, reporter):
    record_disclosures(events=[an_event()], by=reporter)
    before = coverage_of(as_taro, "じゃらんnet")
    work_off()
    assert coverage_of(as_taro, "じゃらんnet") != before
    assert overview(as_taro).all(cls="who") == []


def test_breach_is_named_before_the_record(as_hanako, hanako, reporter):
    record_disclosures(events=[an_event(), a_survey_event()], by=reporter)
    main = overview(as_hanako)
    order = list(main.descendants)
    assert order.index(main.one(cls="warned")) < order.index(main.one(cls="who"))


def test_overview_in_english_stays_in_english(as_hanako, open_request, disclosure):
    links = [link for link in links_on(overview(as_hanako, "/en")) if link.startswith("/")]
    assert links and [link for link in links if not link.startswith("/en/")] == []


def test_overview_has_one_heading_and_no_id_twice(as_hanako, open_request, disclosure):
    page = read(as_hanako.get("/my/"))
    ids = [element["id"] for element in page.descendants if element["id"]]
    assert page.one("h1").text
    assert len(ids) == len(set(ids))


# --- New since the last visit ----------------------------------------------------------------------------------------


def visit(person):
    """A new session, as after logging in again."""
    return client_of(person)


def test_first_visit_calls_nothing_new(as_hanako, disclosure):
    assert overview(as_hanako).all(cls="news") == []


def test_next_visit_says_what_was_recorded_since(hanako, reporter, disclosure):
    visit(hanako).get("/my/")
    events = [an_event("again"), an_event("salon", recipient="kotori-salon")]
    record_disclosures(events=events, by=reporter)
    news = overview(visit(hanako)).one(cls="news")
    assert "2件の提供が記録されました。" in news.text and "1社は、はじめての提供先です。" in news.text
    assert [link["href"] for link in news.all("a")] == ["/my/recipients/kotori-salon/", "/my/recipients/minato-inn/"]


def test_news_stay_for_the_whole_visit_and_are_gone_at_the_next(hanako, reporter):
    visit(hanako).get("/my/")
    record_disclosures(events=[an_event()], by=reporter)
    second = visit(hanako)
    assert overview(second).one(cls="news").text == overview(second).one(cls="news").text
    assert overview(visit(hanako)).all(cls="news") == []


def test_late_report_of_something_old_is_new(hanako, reporter, disclosure):
    visit(hanako).get("/my/")
    record_disclosures(events=[an_event("late", occurred_at=timezone.now() - timedelta(days=300))], by=reporter)
    assert overview(visit(hanako)).one(cls="news").text


def test_session_that_lasts_for_weeks_is_more_than_one_visit(hanako, reporter, disclosure):
    phone = visit(hanako)
    phone.get("/my/")
    record_disclosures(events=[an_event("new")], by=reporter)
    session = phone.session
    session["visit_began"] = (timezone.now() - timedelta(hours=13)).isoformat()
    session.save()
    assert overview(phone).one(cls="news").text


def test_visit_is_written_down_once(hanako, disclosure):
    client = visit(hanako)
    client.get("/my/")
    hanako.refresh_from_db()
    began = hanako.visited_at
    client.get("/my/")
    hanako.refresh_from_db()
    assert began and hanako.visited_at == began


def test_hidden_recipient_is_counted_among_the_news_and_not_named(hanako, reporter, disclosure):
    visit(hanako).get("/my/")
    record_disclosures(events=[an_event("again")], by=reporter)
    hide_recipient(recipient=Recipient.objects.get(code="minato-inn"), by=hanako)
    news = overview(visit(hanako)).one(cls="news")
    assert "1件の提供が記録されました。" in news.text and "みなと" not in news.text


def test_bar_of_a_month_leads_to_the_list_of_that_month(as_hanako, hanako, reporter):
    moment = timezone.localtime().replace(day=1, hour=0, minute=0)
    record_disclosures(events=[an_event(occurred_at=moment)], by=reporter)
    (bar,) = overview(as_hanako, query="?by=time").one("svg").all("a")
    assert bar["href"] == f"/my/disclosures/?month={moment:%Y-%m}"
    assert "1件のうち1件" in read(as_hanako.get(bar["href"])).one(id="found").text


# --- Leaving ---------------------------------------------------------------------------------------------------------


MY_PAGES = ("/my/", "/my/disclosures/", "/my/recipients/", "/my/where-provided/", "/my/requests/", "/my/accesses/")


@pytest.mark.parametrize("path", MY_PAGES)
def test_way_out_is_on_every_page_of_the_record(as_hanako, path):
    form = read(as_hanako.get(path)).one("form", cls="quick-exit")
    assert (form["action"], form["method"]) == ("/my/exits/", "post")


def test_leaving_ends_the_session_and_shows_the_public_home(as_hanako, disclosure):
    response = as_hanako.post("/en/my/exits/")
    assert (response["Location"], response["Clear-Site-Data"]) == ("/en/", '"cache", "storage"')
    assert as_hanako.get("/my/")["Location"].startswith("/accounts/login/")


def test_leaving_works_when_the_session_is_over_already(client):
    assert client.post("/my/exits/")["Location"] == "/"


def test_address_of_the_exit_alone_logs_nobody_out(as_hanako):
    assert as_hanako.get("/my/exits/")["Location"] == "/"
    assert as_hanako.get("/my/").status_code == 200


def test_record_can_be_reached_from_each_of_its_pages(as_hanako):
    nav = read(as_hanako.get("/my/")).one("details", cls="my-menu")
    as_hanako.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert len(nav.all("a")) == 6
    for link in nav.all("a"):
        page = read(as_hanako.get(link["href"]))
        assert page.one("details", cls="my-menu").all("a", **{"aria-current": "page"})[0]["href"] == link["href"]


# --- Size ------------------------------------------------------------------------------------------------------------


LARGEST_HTML = 14 * 1024


@pytest.mark.parametrize("path", ["/my/", "/my/disclosures/", "/en/my/", "/en/my/disclosures/"])
def test_page_of_a_long_record_stays_small(as_hanako, hanako, reporter, path):
    many_kinds(reporter, 400)
    assert len(gzip.compress(as_hanako.get(path).content)) <= LARGEST_HTML


# --- What rules answered ---------------------------------------------------------------------------------------------


def refused_by_rule(hanako, reporter, recipient="northwind-analytics"):
    ask(hanako, reporter, recipient=recipient)
    return hanako.decisions.get(recipient__code=recipient)


def ruled_on(client):
    return [(one.text, one.one("a")["href"]) for one in overview(client).all(cls="ruled-since")]


def test_requests_that_a_rule_answered_since_the_last_visit_are_told(hanako, reporter):
    set_rule(kind=RuleKind.ALL, code="", setting=RuleSetting.REFUSE, by=hanako)
    visit(hanako).get("/my/")
    decision = refused_by_rule(hanako, reporter)
    assert ruled_on(visit(hanako)) == [
        ("前回のご利用のあと、あなたのルールが1件断りました", f"/my/decisions/{decision.id}/")
    ]
    assert ruled_on(visit(hanako)) == []


def test_several_answers_of_rules_lead_to_all_answers(hanako, reporter):
    set_rule(kind=RuleKind.ALL, code="", setting=RuleSetting.REFUSE, by=hanako)
    visit(hanako).get("/my/")
    for recipient in ("northwind-analytics", "minato-inn"):
        refused_by_rule(hanako, reporter, recipient)
    [(text, address)] = ruled_on(visit(hanako))
    assert "2件" in text and address == "/my/decisions/"


def test_answer_of_a_rule_that_was_overturned_and_one_of_ones_own_are_not_told(hanako, reporter, open_request):
    visit(hanako).get("/my/")
    answer(hanako, open_request)
    set_rule(kind=RuleKind.ALL, code="", setting=RuleSetting.REFUSE, by=hanako)
    undo_answer(decision_id=refused_by_rule(hanako, reporter, "minato-inn").id, language="ja", by=hanako)
    assert ruled_on(visit(hanako)) == []


# --- Figures, what waits, and three views ----------------------------------------------------------------------------


def test_figures_count_recipients_abroad_and_lead_to_them(as_hanako, hanako, reporter):
    now = timezone.now()
    events = [an_event("here", occurred_at=now), a_survey_event(), a_survey_event("again")]
    record_disclosures(events=events, by=reporter)
    main = overview(as_hanako)
    assert figures_on(main)[1] == "1社が外国 アメリカ合衆国"
    link = main.one(cls="figures").all("a")[1]["href"]
    assert recipients_on(read(as_hanako.get(link))) == ["northwind-analytics"]


def test_figures_count_approvals_in_force(as_hanako, hanako, reporter, decision):
    answer(hanako, ask(hanako, reporter, recipient="minato-inn"))
    assert figures_on(overview(as_hanako))[2] == "1件の許可 いま有効"
    withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    record_disclosures(events=[an_event()], by=reporter)
    assert figures_on(overview(as_hanako))[2] == "0件の許可 いま有効"


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        ("withdraw", "許可を取り消したあとに、Northwind Analytics, Inc.へ提供されました"),
        ("refuse", "許可していないのに、Northwind Analytics, Inc.へ提供されました"),
        ("nothing", "あなたの回答がないまま、Northwind Analytics, Inc.へ提供されました"),
    ],
)
def test_warning_says_what_happened_and_when(as_hanako, hanako, reporter, prepare, said):
    if prepare != "nothing":
        allowed = ("name",) if prepare == "withdraw" else ()
        made = answer(hanako, ask(hanako, reporter), *allowed)
        if prepare == "withdraw":
            withdraw_decision(decision_id=made.id, language="ja", by=hanako)
    record_disclosures(events=[a_survey_event()], by=reporter)
    row = overview(as_hanako).one(cls="warned")
    assert said in row.text
    found = read(as_hanako.get(row.one("a")["href"]))
    assert ids_on(found) == [str(hanako.disclosures.get().id)]


def test_warning_of_a_hidden_recipient_names_nobody(as_hanako, hanako, reporter):
    record_disclosures(events=[a_survey_event()], by=reporter)
    hide_recipient(recipient=Recipient.objects.get(code="northwind-analytics"), by=hanako)
    row = overview(as_hanako).one(cls="warned")
    assert "Northwind" not in row.text and "northwind" not in row.one("a")["href"]


def test_no_more_than_three_warnings_stand_alone(as_hanako, hanako, reporter):
    recipients = list(Recipient.objects.values_list("code", flat=True)[:4])
    record_disclosures(events=[a_survey_event(code, recipient=code) for code in recipients], by=reporter)
    rows = overview(as_hanako).all(cls="warned")
    assert [row.one("a")["href"] for row in rows[3:]] == ["/my/disclosures/?flagged=on"]


def test_items_lead_to_who_has_them(as_hanako, hanako, reporter):
    events = [an_event("one"), an_event("two", recipient="kotori-salon"), an_event("name", items=("name",))]
    record_disclosures(events=events, by=reporter)
    rows = overview(as_hanako, query="?by=item").one(cls="who").one("ul").all("li")
    assert [row.one("a")["href"] for row in rows] == ["/my/items/name/", "/my/items/phone/"]
    assert "2社 ・ 3回" in rows[0].text and "2社 ・ 2回" in rows[1].text


@pytest.mark.parametrize("query", ["?by=nothing", "?by=item&by=", "?by=%00"])
def test_unknown_view_is_the_first(as_hanako, disclosure, query):
    assert "/my/recipients/minato-inn/" in links_on(overview(as_hanako, query=query))


@pytest.mark.parametrize("query", ["", "?by=item", "?by=time"])
def test_overview_takes_eight_statements_for_any_record(hanako, reporter, decision, query):
    visit(hanako).get("/my/")
    many_kinds(reporter, 60)
    for recipient in ("minato-inn", "kotori-salon"):
        answer(hanako, ask(hanako, reporter, recipient=recipient), "name")
        ask(hanako, reporter, recipient=recipient, items=("usage",))
    assert statements(visit(hanako), f"/my/{query}") <= 8
