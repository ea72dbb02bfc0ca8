"""The pages of a person with two accounts: all of both, nothing twice, and nothing for strangers."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents.checking.checks import permission_check
from consents.exports.record import keyset
from consents.models import Notice, NoticeReading
from consents.notices import queries as notice_queries
from consents.notices.actions import mark_read
from disclosures.models import Disclosure
from disclosures.public.titles import Names
from disclosures.record import disclosure_list as listed
from disclosures.record.actions import hide_recipient, log_access
from privacycenter.outbox.working import work_off
from tests.support.asking import answer, ask, submit
from tests.support.events import DAY, a_correction, an_event, record
from tests.support.exports import body, confirmed, table, take
from tests.support.html import read
from tests.support.people import client_of
from tests.support.together import as_now, put_together, second_account, take_apart

pytestmark = pytest.mark.django_db


@pytest.fixture
def before(db):
    return second_account()


@pytest.fixture
def together(hanako, before):
    put_together(before, hanako)
    return as_now(hanako)


@pytest.fixture
def as_one(together):
    return client_of(together)


def text_of(client, path) -> str:
    return read(client.get(path)).one("main").text


def test_every_list_shows_both(as_one, before, hanako, reporter, officer):
    record(reporter, an_event(), an_event("event-2", subject=before.subject, recipient="komorebi-toge"))
    request = ask(as_now(before), reporter)
    log_access(person=before, what="record", reason="本人の問い合わせ", by=officer)
    work_off()
    for path in ("/my/", "/my/disclosures/", "/my/recipients/"):
        shown = text_of(as_one, path)
        assert "こもれび" in shown and "みなと" in shown, path
    assert "こもれび" in text_of(as_one, "/my/recipients/komorebi-toge/")
    assert as_one.get(f"/my/requests/{request.id}/").status_code == 200
    assert "本人の問い合わせ" in text_of(as_one, "/my/accesses/")
    assert {one.person_id for one in as_now(hanako).notices.all()} == {hanako.pk, before.pk}


def test_stranger_sees_none_of_it(as_one, as_taro, before, reporter):
    record(reporter, an_event("event-2", subject=before.subject))
    request = ask(as_now(before), reporter)
    row = Disclosure.objects.get(event_id="event-2")
    for path in (f"/my/disclosures/{row.id}/", f"/my/disclosures/{row.id}/?account=2", f"/my/requests/{request.id}/"):
        assert as_one.get(path).status_code == 200
        assert as_taro.get(path).status_code == 404


def test_apart_again_neither_sees_the_other(as_one, before, hanako, reporter):
    record(reporter, an_event("event-2", subject=before.subject))
    row = Disclosure.objects.get(event_id="event-2")
    take_apart(before, hanako)
    assert as_one.get(f"/my/disclosures/{row.id}/").status_code == 404
    assert client_of(as_now(before)).get(f"/my/disclosures/{row.id}/").status_code == 200


def test_request_of_the_other_account_is_answered_and_changed_there(as_one, before, reporter, hanako):
    request = ask(as_now(before), reporter)
    assert submit(as_one, request, "allow", "name").status_code == 302
    decision = as_now(before).decisions.get()
    assert decision.person_id == before.pk
    assert as_one.post(f"/my/decisions/{decision.id}/withdrawals/").status_code == 302
    assert {one.person_id for one in as_now(hanako).decisions.all()} == {before.pk}


def test_event_reported_about_both_is_never_cut_by_a_page(monkeypatch, as_one, together, before, reporter):
    """The same event of the same reporter has the same number under both."""
    monkeypatch.setattr(listed, "PAGE_SIZE", 3)
    for n in range(5):
        at = DAY + timedelta(hours=n)
        record(reporter, an_event(f"e{n}", occurred_at=at), an_event(f"e{n}", subject=before.subject, occurred_at=at))
    assert Disclosure.objects.count() == 10 and Disclosure.objects.values("id").distinct().count() == 5
    older = walked(together, "older", "")
    assert [len(page) for page in older] == [4, 4, 2] and len({row for page in older for row in page}) == 10
    last = listed.disclosure_list(together, Names(None), cursor=older[-1].cursor)
    newer = walked(together, "newer", last.newer)
    assert {row for page in newer for row in page} == {row for page in older[:-1] for row in page}


class Walked(list):
    """The (account, id) of a page's rows, and the cursor by which it was reached."""

    cursor = ""


def walked(person, direction, cursor):
    """Follow the cursors in one direction to the end: the pages, in order."""
    pages = []
    while not pages or cursor:
        page = listed.disclosure_list(person, Names(None), cursor=cursor)
        one = Walked((row.account, row.id) for row in page.rows)
        one.cursor = cursor
        pages.append(one)
        cursor = getattr(page, direction)
    return pages


def test_twin_disclosures_have_a_page_each_and_their_own_corrections(as_one, together, hanako, before, reporter):
    record(reporter, an_event(), an_event(subject=before.subject, recipient="komorebi-toge"))
    of_before = Disclosure.objects.get(person=before)
    record(reporter, a_correction(of_before, subject=before.subject, facts=False))
    assert "みなと" in text_of(as_one, f"/my/disclosures/{of_before.id}/")
    other = text_of(as_one, f"/my/disclosures/{of_before.id}/?account=2")
    assert "こもれび" in other and "別のアカウント" in other
    for wrong in ("0", "9", "x", "9" * 5000):
        assert "みなと" in text_of(as_one, f"/my/disclosures/{of_before.id}/?account={wrong}")
    shown = text_of(as_one, "/my/recipients/")
    assert "みなと" in shown and "こもれび" not in shown  # what was reported by mistake does not count


def test_notices_with_one_number_are_both_listed_and_both_read(monkeypatch, as_one, together, before, reporter):
    monkeypatch.setattr(notice_queries, "PAGE_SIZE", 1)
    record(reporter, an_event(), an_event(subject=before.subject))
    work_off()
    ids = list(Notice.objects.values_list("id", flat=True))
    assert len(ids) == 2 and len(set(ids)) == 1
    shown = notice_queries.notice_list(together, None)
    assert sum(len(row.ids) for row in shown.rows) == 2 and shown.older == ""
    assert mark_read(ids=ids, by=together) == 2
    assert {one.person_id for one in NoticeReading.objects.all()} == {together.pk, before.pk}
    assert notice_queries.unread_count(together) == 0


def test_what_went_there_before_under_either_is_no_first_time(together, before, reporter):
    record(reporter, an_event())
    work_off()
    record(reporter, an_event("event-2", subject=before.subject))
    work_off()
    assert [one.person_id for one in Notice.objects.all()] == [together.pk]


def test_recipient_is_hidden_whichever_account_received(together, before, reporter):
    record(reporter, an_event("event-2", subject=before.subject))
    recipient = Disclosure.objects.get().recipient
    hide_recipient(recipient=recipient, by=together)
    hide_recipient(recipient=recipient, by=as_now(before))
    assert as_now(before).hidden_recipients.count() == 1


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_chunks_of_an_export_have_each_row_once(monkeypatch, together, before, reporter, size):
    for n in range(3):
        at = DAY + timedelta(hours=n)
        record(reporter, an_event(f"e{n}", occurred_at=at), an_event(f"e{n}", subject=before.subject, occurred_at=at))
    rows = [row.pk for chunk in keyset.in_chunks(together.disclosures.all(), "occurred_at", size) for row in chunk]
    assert len(rows) == len(set(rows)) == 6


def test_files_hold_both(as_one, together, before, reporter, hanako):
    record(reporter, an_event(), an_event("event-2", subject=before.subject))
    answer(together, ask(as_now(before), reporter), "name")
    whole = json.loads(body(take(confirmed(together), "json")))
    assert {one["event_id"] for one in whole["disclosures"]} == {"event-1", "event-2"}
    assert len(whole["decisions"]) == 1
    assert whole["person"]["other_subjects"] == [before.subject]
    lines = table(body(take(confirmed(together), "csv")))
    assert {"event-1", "event-2"} <= {value for line in lines for value in line.values()}


def test_several_accounts_cost_no_statement_for_each(hanako, before, reporter):
    record(reporter, an_event())
    with CaptureQueriesContext(connection) as alone:
        client_of(hanako).get("/my/disclosures/")
    record(reporter, an_event("event-2", subject=before.subject))
    put_together(before, hanako)
    with CaptureQueriesContext(connection) as both:
        client_of(as_now(hanako)).get("/my/disclosures/")
    # Since when the accounts are together is asked once, for the rules.
    assert len(both) - len(alone) in (0, 1)


def test_check_of_one_account_costs_no_statement_more(hanako, before, reporter):
    asked = {
        "subject": hanako.subject, "recipient": "northwind-analytics", "service": "jalan",
        "scenario": "survey-results", "items": ("name",), "by": reporter,
    }  # fmt: skip
    permission_check(**asked)
    with CaptureQueriesContext(connection) as alone:
        permission_check(**asked)
    put_together(before, hanako)
    with CaptureQueriesContext(connection) as both:
        permission_check(**asked)
    assert (len(alone), len(both)) == (len(both) - 1, len(alone) + 1)
