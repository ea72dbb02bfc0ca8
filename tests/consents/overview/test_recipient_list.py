"""What recipients hold, with what was reported of it after withdrawals."""

from datetime import datetime, timedelta
from functools import cache

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from consents.asking.decision_actions import withdraw_decision
from consents.exports import pdf_file
from consents.exports.record import record_of
from consents.models import StepKind
from consents.withdrawals.actions import take_withdrawal_step
from disclosures.ledger.recording import record_disclosures
from disclosures.record.filters import Filters
from tests.support.asking import answer, ask
from tests.support.clock import clock_at
from tests.support.database import statements
from tests.support.events import a_survey_event
from tests.support.html import read

pytestmark = pytest.mark.django_db

LIST = "/my/recipients/"
ONE = "/my/recipients/northwind-analytics/"


@cache
def now() -> datetime:
    """When the first of these tests runs: they count days from one moment."""
    return timezone.now()


@pytest.fixture
def given(hanako, reporter):
    """Northwind was allowed the name and usage 20 days ago, and got both the day after."""
    with clock_at(now() - timedelta(days=20)):
        decision = answer(hanako, ask(hanako, reporter), "name", "usage")
    with clock_at(now() - timedelta(days=19)):
        record_disclosures(events=[a_survey_event(items=("name", "usage"))], by=reporter)
    return decision


@pytest.fixture
def withdrawn(hanako, given):
    """Withdrawn ten days ago."""
    with clock_at(now() - timedelta(days=10)):
        return withdraw_decision(decision_id=given.id, language="ja", by=hanako)


def step(withdrawal, kind, days_ago, **more):
    with clock_at(now() - timedelta(days=days_ago)):
        take_withdrawal_step(withdrawal=withdrawal, kind=kind, **more)


def reported_on(client, path):
    return " ".join(one.text for one in read(client.get(path)).one("main").all(cls="after-withdrawal"))


def day(days_ago):
    return timezone.localdate(now() - timedelta(days=days_ago))


def words(days_ago):
    return date_format(day(days_ago), "DATE_FORMAT")


def on(days_ago):
    return f"{LIST}?on={day(days_ago).isoformat()}"


@pytest.mark.parametrize("path", [LIST, ONE])
def test_reported_deletion_stands_beside_what_was_received(as_hanako, reporter, withdrawn, path):
    step(withdrawn, StepKind.DELETED, 5, by=reporter)
    assert reported_on(as_hanako, path) == f"{words(5)}に削除したと報告"
    assert "Northwind" in read(as_hanako.get(path)).one("main").text


def test_day_shows_only_what_was_reported_by_its_end(as_hanako, reporter, withdrawn):
    step(withdrawn, StepKind.ACKNOWLEDGED, 8, by=reporter)
    step(withdrawn, StepKind.DELETED, 5, by=reporter)
    assert reported_on(as_hanako, on(12)) == ""
    assert "確認" in reported_on(as_hanako, on(8)) and "削除" not in reported_on(as_hanako, on(6))
    assert "削除" in reported_on(as_hanako, on(5))


@pytest.mark.parametrize("path", [LIST, ONE])
def test_what_is_kept_says_why(as_hanako, reporter, withdrawn, path):
    step(withdrawn, StepKind.KEPT, 5, reason={"ja": "税法の定めです。", "en": "Tax law."}, by=reporter)
    assert "税法の定めです。" in reported_on(as_hanako, path)
    assert "Tax law." in reported_on(as_hanako, f"/en{path}")


def test_items_are_named_where_more_was_received_than_withdrawn(as_hanako, reporter, withdrawn):
    record_disclosures(
        events=[a_survey_event("other", items=("email",), occurred_at=now() - timedelta(days=15))], by=reporter
    )
    step(withdrawn, StepKind.DELETED, 5, by=reporter)
    assert "氏名" in reported_on(as_hanako, LIST)


def test_what_came_after_the_deletion_is_said(as_hanako, reporter, withdrawn):
    step(withdrawn, StepKind.DELETED, 5, by=reporter)
    record_disclosures(events=[a_survey_event("again", items=("name",))], by=reporter)
    assert "あらためて" in reported_on(as_hanako, LIST)
    assert "あらためて" not in reported_on(as_hanako, on(4))


def test_another_recipient_has_nothing_of_it(as_hanako, reporter, disclosure, withdrawn):
    step(withdrawn, StepKind.DELETED, 5, by=reporter)
    assert reported_on(as_hanako, "/my/recipients/minato-inn/") == ""


def test_pages_cost_no_more_with_more_withdrawals(as_hanako, hanako, reporter, withdrawn):
    step(withdrawn, StepKind.DELETED, 5, by=reporter)
    few = [statements(as_hanako, path) for path in ("/my/", LIST, ONE)]
    for recipient in ("minato-inn", "kotori-salon"):
        decision = answer(hanako, ask(hanako, reporter, recipient=recipient), "name")
        record_disclosures(events=[a_survey_event(recipient, recipient=recipient)], by=reporter)
        again = withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
        take_withdrawal_step(withdrawal=again, kind=StepKind.TOLD, by=reporter)
        take_withdrawal_step(withdrawal=again, kind=StepKind.DELETED, by=reporter)
    assert [statements(as_hanako, path) for path in ("/my/", LIST, ONE)] == few


# --- Decided about, nothing received ---------------------------------------------------------------------------------


def test_recipient_that_was_decided_about_and_got_nothing_has_its_page(as_hanako, hanako, decision):
    withdrawal = withdraw_decision(decision_id=decision.id, language="ja", by=hanako)
    main = read(as_hanako.get(ONE)).one("main")
    assert "「自分の記録」にありません" in main.one(cls="lead").text
    assert f"/my/decisions/{withdrawal.id}/" in [link["href"] for link in main.all("a")]
    assert main.all("form") == []


def test_recipient_with_neither_is_not_found_also_for_a_stranger(as_hanako, as_taro, withdrawal):
    assert as_hanako.get("/my/recipients/minato-inn/").status_code == 404
    assert as_taro.get(ONE).status_code == 404


def test_recipient_that_only_asks_is_not_found(as_hanako, open_request):
    assert as_hanako.get(ONE).status_code == 404


# --- Taken home ------------------------------------------------------------------------------------------------------


def test_pdf_sums_up_a_recipient_with_what_was_reported(hanako, reporter, withdrawn, monkeypatch):
    step(withdrawn, StepKind.DELETED, 5, by=reporter)
    given = []
    monkeypatch.setattr(pdf_file, "render_pdf", lambda template, data, created_at: given.append(data) or b"")
    list(pdf_file.volumes(record_of(hanako, Filters(), timezone.now())))
    (summed_up,) = [one for one in given[0]["sections"] if one["heading"] == "要約:提供先と提供した情報"]
    assert f"{words(5)}に削除したと報告" in summed_up["tables"][0]["rows"][0][-1]
