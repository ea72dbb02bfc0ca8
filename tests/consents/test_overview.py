"""The overview: what waits first, then who received what."""

from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.actions.ledger import record_disclosures
from disclosures.models import Recipient
from privacycenter.outbox import work_off
from tests.conftest import a_survey_event, an_event, answer, read
from tests.consents.test_requests import ask

pytestmark = pytest.mark.django_db


def overview(client, prefix=""):
    return read(client.get(f"{prefix}/my/")).one("main")


def links_on(page) -> list[str]:
    return [link["href"] for link in page.all("a")]


def test_open_request_comes_before_the_record(as_hanako, open_request, disclosure):
    links = links_on(overview(as_hanako))
    assert links.index(f"/my/requests/{open_request.id}/") < links.index("/my/recipients/minato-inn/")


def test_request_on_the_overview_names_who_asks_for_what(as_hanako, open_request):
    asking = overview(as_hanako).one(cls="asks")
    for words in ("Northwind Analytics, Inc.", "じゃらんnet", "アンケート結果の報告", "3"):
        assert words in asking.text


def test_answered_request_leaves_the_overview(as_hanako, hanako, open_request):
    answer(hanako, open_request)
    assert overview(as_hanako).all(cls="asks") == []


def test_every_open_request_is_on_the_overview(as_hanako, hanako, reporter):
    requests = [ask(hanako, reporter, recipient=code) for code in ("minato-inn", "kotori-salon", "komorebi-toge")]
    assert {f"/my/requests/{request.id}/" for request in requests} <= set(links_on(overview(as_hanako)))


def test_overview_counts_disclosures_recipients_and_new_ones(as_hanako, hanako, reporter):
    now = timezone.now()
    old = [an_event(f"old-{n}", occurred_at=now - timedelta(days=60)) for n in range(2)]
    new = [an_event("new", recipient="kotori-salon", occurred_at=now - timedelta(days=2))]
    record_disclosures(events=[*old, *new], by=reporter)
    numbers = [number.text for number in overview(as_hanako).one(cls="numbers").all("b")]
    assert numbers == ["3", "2", "1"]


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
    assert overview(as_taro).all("figure") == []


def test_breach_is_named_before_the_record(as_hanako, hanako, reporter):
    record_disclosures(events=[an_event(), a_survey_event()], by=reporter)
    main = overview(as_hanako)
    order = list(main.descendants)
    assert order.index(main.one(cls="alert")) < order.index(main.one("figure"))


def test_overview_in_english_stays_in_english(as_hanako, open_request, disclosure):
    links = [link for link in links_on(overview(as_hanako, "/en")) if link.startswith("/")]
    assert links and [link for link in links if not link.startswith("/en/")] == []


def test_overview_has_one_heading_and_no_id_twice(as_hanako, open_request, disclosure):
    page = read(as_hanako.get("/my/"))
    ids = [element["id"] for element in page.descendants if element["id"]]
    assert page.one("h1").text
    assert len(ids) == len(set(ids))
