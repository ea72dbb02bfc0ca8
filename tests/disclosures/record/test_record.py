"""The person's own record: what was provided, to whom, when and why, and nobody else's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from disclosures.ledger.recording import record_disclosures
from disclosures.models import DataItem, Disclosure, Ground, Publication, Recipient, Scenario, ScenarioItem, Service
from disclosures.publishing.actions import publish_content, republish
from tests.support.asking import answer
from tests.support.content import publish_as_it_is
from tests.support.database import statements
from tests.support.events import DAY, a_survey_event, an_event, bookings, many_kinds
from tests.support.html import read
from tests.support.pages import ids_on, link_to, recipients_on

pytestmark = pytest.mark.django_db

PAGE_SIZE = 25
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


# --- What is shown ---------------------------------------------------------------------------------------------------


def test_overview_names_recipient_and_items(as_hanako, disclosure):
    main = read(as_hanako.get("/my/")).one("main").text
    for words in ("湯宿 みなと", "氏名", "電話番号"):
        assert words in main


def test_overview_draws_twelve_months_with_the_same_numbers_as_a_table(as_hanako, hanako, reporter):
    bookings(reporter, 3, occurred_at=timezone.now() - timedelta(minutes=1))
    figure = read(as_hanako.get("/my/?by=time")).one("figure")
    counts = [row.all("td")[1].text for row in figure.all("tr") if row.all("td")]
    assert counts == ["0"] * 11 + ["3"]
    assert [text.text for text in figure.all("text", cls="count")] == ["3"]


def test_overview_counts_disclosures_of_the_year_not_older_ones(as_hanako, hanako, reporter):
    record_disclosures(events=[an_event("old", occurred_at=timezone.now() - timedelta(days=500))], by=reporter)
    bookings(reporter, 1, occurred_at=timezone.now() - timedelta(minutes=1))
    figure = read(as_hanako.get("/my/?by=time")).one("figure")
    assert sum(int(row.all("td")[1].text) for row in figure.all("tr") if row.all("td")) == 1


def test_list_shows_the_newest_first(as_hanako, hanako, reporter):
    bookings(reporter, 3)
    newest_first = hanako.disclosures.order_by("-occurred_at").values_list("id", flat=True)
    assert ids_on(read(as_hanako.get("/my/disclosures/"))) == [str(id) for id in newest_first]


def test_line_of_the_list_says_who_what_why_and_when(as_hanako, disclosure):
    row = read(as_hanako.get("/my/disclosures/")).one("main").one("ul", cls="rows")
    for words in ("湯宿 みなと", "氏名", "電話番号", "ネット予約", "じゃらんnet"):
        assert words in row.text
    assert row.one("time")["datetime"] == "2026-11-01T10:00:00+09:00"


def test_disclosure_is_shown_in_full(as_hanako, disclosure):
    main = read(as_hanako.get(f"/my/disclosures/{disclosure.id}/")).one("main")
    for words in (
        "氏名",
        "電話番号",
        "湯宿 みなと",
        "日本",
        "じゃらんnet",
        "ネット予約",
        "じゃらんnet予約システム",
        str(disclosure.id),
    ):
        assert words in main.text
    assert str(Ground.PERSON_ACT.label) in main.text
    assert main.all("time", datetime="2026-11-01T10:00:00+09:00")


def test_disclosure_leads_to_its_scenario_and_its_recipient(as_hanako, disclosure):
    links = [link["href"] for link in read(as_hanako.get(f"/my/disclosures/{disclosure.id}/")).one("main").all("a")]
    assert "/where-provided/#online-booking" in links and "/my/recipients/minato-inn/" in links
    assert as_hanako.get("/my/recipients/minato-inn/").status_code == 200


def test_disclosure_leads_to_the_decision_that_allowed_it(as_hanako, hanako, reporter, decision):
    record_disclosures(events=[a_survey_event(items=("name", "usage"))], by=reporter)
    row = hanako.disclosures.get()
    page = read(as_hanako.get(f"/my/disclosures/{row.id}/"))
    assert f"/my/decisions/{decision.id}/" in [link["href"] for link in page.one("main").all("a")]
    assert page.all(cls="alert") == []


def test_disclosure_in_english_uses_english_names(as_hanako, disclosure):
    main = read(as_hanako.get(f"/en/my/disclosures/{disclosure.id}/")).one("main").text
    for words in ("Yuyado Minato", "Telephone number", "Online booking", "Jalan net"):
        assert words in main


def test_recipient_list_names_each_recipient_once_the_most_recent_first(as_hanako, hanako, reporter):
    bookings(reporter, 3)
    record_disclosures(
        events=[an_event("other", recipient="kotori-salon", occurred_at=DAY - timedelta(days=9))], by=reporter
    )
    assert recipients_on(read(as_hanako.get("/my/recipients/"))) == ["minato-inn", "kotori-salon"]


def test_recipient_page_shows_all_it_received_and_who_it_is(as_hanako, hanako, reporter):
    record_disclosures(events=[an_event("1", items=("name",)), an_event("2", items=("email", "phone"))], by=reporter)
    page = read(as_hanako.get("/my/recipients/minato-inn/"))
    for words in ("氏名", "メールアドレス", "電話番号", "静岡県熱海市", "privacy@minato-inn.example"):
        assert words in page.one("main").text
    assert len(ids_on(page)) == 2


def test_recipient_page_counts_and_leads_to_the_rest(as_hanako, hanako, reporter):
    bookings(reporter, 40)
    page = read(as_hanako.get("/my/recipients/minato-inn/"))
    assert "40" in page.one("header", cls="page-head").text
    assert "/my/disclosures/?recipient=minato-inn" in [link["href"] for link in page.all("a")]


def test_recipient_abroad_comes_with_its_country_and_measures(as_hanako, hanako, reporter):
    record_disclosures(events=[an_event(recipient="northwind-analytics")], by=reporter)
    text = read(as_hanako.get("/my/recipients/northwind-analytics/")).one("main").text
    assert "アメリカ合衆国" in text and "連邦取引委員会" in text and "暗号化" in text


# --- Empty -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/my/", "/my/disclosures/", "/my/recipients/", "/en/my/", "/en/my/disclosures/"])
def test_empty_record_says_so_and_lists_nothing(as_hanako, path):
    page = read(as_hanako.get(path))
    assert page.one("main").one(cls="empty").text
    assert ids_on(page) == recipients_on(page) == []


def test_empty_overview_still_says_how_complete_the_record_is(as_hanako):
    assert "じゃらんnet" in read(as_hanako.get("/my/")).one("main").text


def test_filter_that_matches_nothing_leads_back_to_everything(as_hanako, disclosure):
    page = read(as_hanako.get("/my/disclosures/?recipient=kotori-salon"))
    assert ids_on(page) == []
    assert {link["href"] for link in page.one("main").one(cls="empty").all("a")} == {"/my/disclosures/"}


# --- Filters ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(hanako, reporter):
    """Name → id of four disclosures that differ."""
    events = {
        "booking": an_event("1"),
        "salon": an_event("2", recipient="kotori-salon"),
        "dinner": an_event("3", service="hotpepper-gourmet"),
        "survey": a_survey_event("4"),
    }
    results = record_disclosures(events=list(events.values()), by=reporter)
    return {name: str(result.disclosure_id) for name, result in zip(events, results, strict=True)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"booking", "salon", "dinner", "survey"}),
        ("recipient=minato-inn", {"booking", "dinner"}),
        ("service=hotpepper-gourmet", {"dinner"}),
        ("scenario=survey-results", {"survey"}),
        ("flagged=on", {"survey"}),
        ("recipient=minato-inn&service=jalan", {"booking"}),
        ("recipient=minato-inn&flagged=on", set()),
        ("recipient=no-such-recipient", set()),
    ],
)
def test_filter_leaves_what_matches(as_hanako, mixed, query, names):
    found = ids_on(read(as_hanako.get(f"/my/disclosures/?{query}")))
    assert set(found) == {mixed[name] for name in names}


@pytest.mark.parametrize("query", ["recipient=%00", "service=%27+OR+1%3D1--", "scenario=" + "x" * 3000, "unknown=1"])
def test_filter_that_is_no_code_does_no_harm(as_hanako, mixed, query):
    assert as_hanako.get(f"/my/disclosures/?{query}").status_code == 200


def test_paging_keeps_the_filter(as_hanako, hanako, reporter):
    bookings(reporter, 30)
    record_disclosures(
        events=[an_event("salon", recipient="kotori-salon", occurred_at=DAY - timedelta(days=1))], by=reporter
    )
    older = link_to(read(as_hanako.get("/my/disclosures/?recipient=minato-inn")), "next")
    assert "recipient=minato-inn" in older
    assert len(ids_on(read(as_hanako.get(f"/my/disclosures/{older}")))) == 5


# --- Paging ----------------------------------------------------------------------------------------------------------


def walk(client, path, direction) -> list[list[str]]:
    """The ids of this page and of all that follow in this direction."""
    pages = []
    while path:
        page = read(client.get(f"/my/disclosures/{path}" if path.startswith("?") else path))
        pages.append((path, ids_on(page)))
        path = link_to(page, direction)
        assert len(pages) < 10
    return pages


@pytest.mark.parametrize("apart", [timedelta(hours=1), timedelta(0)], ids=["one after the other", "all at once"])
def test_paging_shows_each_disclosure_once_in_order_forth_and_back(as_hanako, hanako, reporter, apart):
    bookings(reporter, 60, apart=apart)
    in_order = [str(id) for id in hanako.disclosures.order_by("-occurred_at", "-id").values_list("id", flat=True)]
    forth = walk(as_hanako, "/my/disclosures/", "next")
    back = walk(as_hanako, forth[-1][0], "prev")
    assert [ids for _path, ids in forth] == [in_order[:25], in_order[25:50], in_order[50:]]
    assert [ids for _path, ids in reversed(back)] == [ids for _path, ids in forth]


@pytest.mark.parametrize("count", [1, PAGE_SIZE])
def test_full_page_has_no_pager(as_hanako, hanako, reporter, count):
    bookings(reporter, count)
    page = read(as_hanako.get("/my/disclosures/"))
    assert (link_to(page, "next"), link_to(page, "prev")) == (None, None)


def test_first_page_reached_from_behind_has_no_newer_one(as_hanako, hanako, reporter):
    bookings(reporter, 30)
    forth = walk(as_hanako, "/my/disclosures/", "next")
    back = walk(as_hanako, forth[-1][0], "prev")
    assert len(back) == 2


def test_disclosure_that_comes_in_while_one_reads_does_not_shift_the_pages(as_hanako, hanako, reporter):
    bookings(reporter, 30)
    older = link_to(read(as_hanako.get("/my/disclosures/")), "next")
    expected = ids_on(read(as_hanako.get(f"/my/disclosures/{older}")))
    record_disclosures(events=[an_event("new", occurred_at=DAY + timedelta(days=30))], by=reporter)
    assert ids_on(read(as_hanako.get(f"/my/disclosures/{older}"))) == expected


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "%00", "..%2F", "Wzld:1x:abc", "9" * 5000])
def test_cursor_that_is_not_ours_gives_the_first_page(as_hanako, hanako, reporter, cursor):
    bookings(reporter, 30)
    first = ids_on(read(as_hanako.get("/my/disclosures/")))
    assert ids_on(read(as_hanako.get(f"/my/disclosures/?cursor={cursor}"))) == first


def test_forged_cursor_gives_the_first_page(as_hanako, hanako, reporter):
    bookings(reporter, 30)
    page = read(as_hanako.get("/my/disclosures/"))
    cursor = link_to(page, "next")
    forged = cursor[:-1] + ("x" if cursor[-1] != "x" else "y")
    assert ids_on(read(as_hanako.get(f"/my/disclosures/{forged}"))) == ids_on(page)


def test_cursor_of_another_person_shows_nothing_of_theirs(as_hanako, as_taro, hanako, taro, reporter):
    bookings(reporter, 30)
    older = link_to(read(as_hanako.get("/my/disclosures/")), "next")
    record_disclosures(
        events=[an_event("taros", subject=taro.subject, occurred_at=DAY - timedelta(days=1))], by=reporter
    )
    shown = ids_on(read(as_taro.get(f"/my/disclosures/{older}")))
    assert shown == [str(taro.disclosures.get().id)]


# --- Cost ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "most"), [("/my/", 8), ("/my/disclosures/", 8), ("/my/recipients/", 7)])
@pytest.mark.parametrize("count", [0, 3, 60])
def test_record_costs_few_statements(as_hanako, hanako, reporter, path, most, count):
    many_kinds(reporter, count)
    assert statements(as_hanako, path) <= most + (not count)  # an empty record looks whether all was corrected


@pytest.mark.parametrize("path", ["/my/", "/my/disclosures/", "/my/recipients/"])
def test_cost_of_the_record_does_not_grow_with_it(as_hanako, hanako, reporter, path):
    many_kinds(reporter, 3)
    few = statements(as_hanako, path)
    many_kinds(reporter, 60)
    assert statements(as_hanako, path) == few


def test_cost_of_one_disclosure_and_one_recipient_does_not_grow_with_the_record(
    as_hanako, hanako, reporter, disclosure
):
    paths = (f"/my/disclosures/{disclosure.id}/", "/my/recipients/minato-inn/")
    few = [statements(as_hanako, path) for path in paths]
    many_kinds(reporter, 60)
    assert [statements(as_hanako, path) for path in paths] == few
    assert max(few) <= 14


# --- Warnings --------------------------------------------------------------------------------------------------------


@pytest.fixture
def unapproved(hanako, reporter):
    record_disclosures(events=[an_event(), a_survey_event()], by=reporter)
    return hanako.disclosures.get(flags__gt=0)


def test_disclosure_without_an_approval_is_marked_in_the_list(as_hanako, unapproved):
    main = read(as_hanako.get("/my/disclosures/")).one("main")
    marked = main.one(cls="flagged").is_in
    assert str(unapproved.id) in next(e for e in marked if e.tag == "li").one("a")["href"]


def test_disclosure_without_an_approval_carries_a_warning_with_its_reason(as_hanako, unapproved):
    warning = read(as_hanako.get(f"/my/disclosures/{unapproved.id}/")).one("main").one(cls="alert")
    assert [unapproved.warnings[0].label] == [reason.text for reason in warning.all("li")]


def test_overview_warns_and_leads_to_what_is_flagged(as_hanako, unapproved):
    warning = read(as_hanako.get("/my/")).one("main").one(cls="warned")
    assert "Northwind Analytics" in warning.text
    assert ids_on(read(as_hanako.get(warning.one("a")["href"]))) == [str(unapproved.id)]


def test_recipient_of_a_flagged_disclosure_is_marked(as_hanako, unapproved):
    rows = read(as_hanako.get("/my/recipients/")).one("main").one("ul", cls="rows")
    marked = next(e for e in rows.one(cls="warning").is_in if e.tag == "li")
    assert "Northwind Analytics" in marked.text


def test_record_without_a_breach_shows_no_warning(as_hanako, disclosure):
    for path in ("/my/", "/my/disclosures/", f"/my/disclosures/{disclosure.id}/"):
        main = read(as_hanako.get(path)).one("main")
        assert main.all(cls="alert") == main.all(cls="flagged") == []


def test_disclosure_under_a_decision_that_allowed_less_says_so(as_hanako, hanako, reporter, open_request):
    answer(hanako, open_request, "usage")
    record_disclosures(events=[a_survey_event(items=("name", "usage"))], by=reporter)
    warning = read(as_hanako.get(f"/my/disclosures/{hanako.disclosures.get().id}/")).one(cls="alert")
    assert len(warning.all("li")) == 1


# --- Rows that are retired or not published --------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Recipient, Service, Scenario, DataItem])
def test_record_still_names_what_is_retired(as_hanako, disclosure, model):
    codes = {Recipient: "minato-inn", Service: "jalan", Scenario: "online-booking", DataItem: "phone"}
    model.objects.filter(code=codes[model]).update(retired_at=timezone.now())
    publish_as_it_is()
    title = model.objects.get(code=codes[model]).title
    for path in ("/my/disclosures/", f"/my/disclosures/{disclosure.id}/", "/my/recipients/minato-inn/"):
        assert title in read(as_hanako.get(path)).one("main").text


def test_disclosure_leads_to_no_anchor_of_a_scenario_that_is_retired(as_hanako, disclosure):
    Scenario.objects.filter(code="online-booking").update(retired_at=timezone.now())
    publish_as_it_is()
    page = read(as_hanako.get(f"/my/disclosures/{disclosure.id}/"))
    assert "/where-provided/#online-booking" not in [link["href"] for link in page.all("a")]


def test_record_names_an_item_that_is_not_published_any_more(as_hanako, hanako, reporter):
    first = Publication.objects.newest()
    item = DataItem.objects.create(code="seat", title="座席の希望", position=99)
    ScenarioItem.objects.create(scenario=Scenario.objects.get(code="online-booking"), item=item)
    publish_content(by=None)
    record_disclosures(events=[an_event(items=("name", "seat"))], by=reporter)
    republish(publication=first, by=None)
    for path in ("/my/", "/my/disclosures/", "/my/recipients/minato-inn/"):
        assert "座席の希望" in read(as_hanako.get(path)).one("main").text


# --- Strangers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def hanakos(disclosure, decision):
    """Addresses of hanako's rows, each with one that names nothing at all."""
    return {
        f"/my/disclosures/{disclosure.id}/": f"/my/disclosures/{uuid4()}/",
        "/my/recipients/minato-inn/": "/my/recipients/no-such-recipient/",
        f"/my/requests/{decision.request_id}/": f"/my/requests/{uuid4()}/",
        f"/my/requests/{decision.request_id}/decisions/": f"/my/requests/{uuid4()}/decisions/",
        f"/my/decisions/{decision.id}/": f"/my/decisions/{uuid4()}/",
        f"/my/decisions/{decision.id}/withdrawals/": f"/my/decisions/{uuid4()}/withdrawals/",
    }


@pytest.mark.parametrize("method", METHODS)
def test_stranger_learns_nothing_about_what_is_hanakos(hanakos, as_taro, method):
    for theirs, nothing in hanakos.items():
        # An address that only takes a form leads to the page of the form, whoever asks: that one says no.
        more = {"follow": True} if method in ("get", "head") else {}
        answers = [getattr(as_taro, method)(path, **more) for path in (theirs, nothing)]
        assert {response.status_code for response in answers} <= {404, 405}, theirs
        assert answers[0].status_code == answers[1].status_code, theirs
        assert same_words(answers[0], theirs) == same_words(answers[1], nothing), theirs


def same_words(response, path) -> list[str]:
    return [text.replace(path, "") for text, _element in read(response).words]


def is_posted_to(path) -> bool:
    return (path.startswith("/my/requests/") and path.endswith("/decisions/")) or path.endswith("/withdrawals/")


def test_stranger_is_told_that_there_is_no_such_page(hanakos, as_taro):
    answers = [as_taro.post(path) if is_posted_to(path) else as_taro.get(path) for path in hanakos]
    assert {response.status_code for response in answers} == {404}


def test_owner_sees_the_same_addresses(hanakos, as_hanako):
    assert {as_hanako.get(path).status_code for path in hanakos if not is_posted_to(path)} == {200}


def test_strangers_attempts_leave_hanakos_record_as_it_was(hanakos, as_taro, hanako):
    before = hanako.decisions.count()
    for path in hanakos:
        as_taro.post(path, {"answer": "refuse", "text_sha256": "0" * 64})
    assert hanako.decisions.count() == before
    assert Disclosure.objects.count() == 1


def test_lists_of_a_stranger_are_empty(hanakos, as_taro):
    for path in ("/my/", "/my/disclosures/", "/my/recipients/", "/my/requests/", "/my/decisions/"):
        text = read(as_taro.get(path)).one("main").text
        assert "湯宿 みなと" not in text and "Northwind" not in text


@pytest.mark.parametrize("path", ["/my/disclosures/1/", "/my/disclosures/x/", "/my/nothing/"])
def test_address_that_cannot_be_ours_is_not_found(as_hanako, path):
    assert as_hanako.get(path).status_code == 404


def test_address_that_nothing_can_have_is_refused(as_hanako):
    assert as_hanako.get("/my/recipients/%00/").status_code == 400
