"""Undoing an answer: the request is open again, and every check says what it said before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.asking.decision_actions import undo_answer, withdraw_decision
from consents.asking.requests import request_page
from consents.feed.followers import decision_event
from consents.models.deliveries import EventType
from disclosures.content.publications import newest_publication
from disclosures.models import Recipient
from privacycenter.canonical import sha256_of
from privacycenter.errors import NoLongerOpen
from privacycenter.models import OutboxRow
from tests.support.api import QUESTION
from tests.support.asking import about, answer, answer_again, request_path, submit
from tests.support.clock import clock_at
from tests.support.content import publish_as_it_is
from tests.support.html import read
from tests.support.people import client_of

pytestmark = pytest.mark.django_db


def undo(client, decision):
    return client.post(f"/my/decisions/{decision.id}/undoings/")


def test_undoing_opens_the_request_again(as_hanako, hanako, decision):
    response = undo(as_hanako, decision)
    assert (response.status_code, response["Location"]) == (302, f"/my/requests/{decision.request_id}/")
    assert request_page(hanako, decision.request_id).is_open
    assert hanako.approval_requests.undecided().count() == 1


def test_undoing_is_kept_with_what_it_undoes(hanako, reporter):
    decision = answer_again(hanako, reporter, "name", "usage")
    made = undo_answer(decision_id=decision.id, language="en", by=hanako)
    kept = hanako.decisions.get(id=made.id)
    assert (kept.undoes_id, kept.withdraws_id, kept.changes_id, kept.rule_id) == (decision.id, None, None, None)
    assert about(kept) == about(decision)
    assert (kept.allowed_set.codes, kept.refused_set.codes) == ([], [])
    assert kept.publication == newest_publication().number
    text = {"language": "en", "undoes": str(decision.id), "of_text_sha256": decision.text_sha256}
    assert (kept.language, kept.text, kept.text_sha256) == ("en", text, sha256_of(text))
    assert kept.valid_until == kept.decided_at > decision.decided_at
    told = OutboxRow.objects.filter(topic="decision.withdrawn", payload__decision=str(kept.id))
    assert {row.payload["person"] for row in told} == {hanako.pk}


def test_check_says_no_after_an_allowance_is_undone(as_hanako, api, decision):
    assert api.check(items=["name"]).json()["allowed"] is True
    undo(as_hanako, decision)
    check = api.check(items=["name"]).json()
    assert (check["allowed"], check["reason"]) == (False, "request_open")


def test_undone_request_can_be_answered_anew(as_hanako, hanako, open_request, decision):
    undo(as_hanako, decision)
    submit(as_hanako, open_request, "refuse")
    newest = hanako.decisions.newest_first().first()
    assert (newest.opening, newest.refused_set.codes) == (1, sorted(QUESTION["items"]))


def test_undoing_a_refusal_lets_the_service_ask_again(as_hanako, hanako, open_request, api):
    undo(as_hanako, answer(hanako, open_request))
    assert (api.ask().status_code, api.ask().json()["state"]) == (200, "open")


def test_answer_of_before_counts_again(hanako, api, reporter, open_request):
    first = answer(hanako, open_request, *QUESTION["items"])
    api.ask()
    second = hanako.approval_requests.undecided().get()
    undo_answer(decision_id=answer(hanako, second).id, language="ja", by=hanako)
    check = api.check().json()
    assert (check["allowed"], check["decision"]) == (True, str(first.id))


def test_undoing_after_ten_minutes_is_refused(hanako, decision):
    with clock_at(timezone.now() + timedelta(minutes=11)), pytest.raises(NoLongerOpen):
        undo_answer(decision_id=decision.id, language="ja", by=hanako)
    assert hanako.decisions.count() == 1


def test_page_after_ten_minutes_offers_no_undoing(as_hanako, decision):
    assert "/undoings/" in as_hanako.get(f"/my/decisions/{decision.id}/").content.decode()
    with clock_at(timezone.now() + timedelta(minutes=11)):
        assert "/undoings/" not in as_hanako.get(f"/my/decisions/{decision.id}/").content.decode()


def test_undoing_twice_is_refused(as_hanako, hanako, decision):
    undo(as_hanako, decision)
    assert undo(as_hanako, decision).status_code == 409
    assert hanako.decisions.count() == 2


def test_withdrawn_decision_cannot_be_undone(as_hanako, decision, withdrawal):
    assert undo(as_hanako, decision).status_code == 409


def test_undone_decision_cannot_be_withdrawn(as_hanako, hanako, decision):
    undo(as_hanako, decision)
    with pytest.raises(NoLongerOpen):
        withdraw_decision(decision_id=decision.id, language="ja", by=hanako)


def test_stranger_cannot_undo(as_taro, hanako, decision):
    assert undo(as_taro, decision).status_code == 404
    assert hanako.decisions.count() == 1


def test_undoing_is_told_to_services_as_taken_back(as_hanako, hanako, decision):
    undo(as_hanako, decision)
    event = decision_event(EventType.DECISION_WITHDRAWN, hanako.decisions.get(undoes_id=decision.id))
    assert (event["withdraws"], event["allowed"]) == (str(decision.id), [])
    assert "case" not in event


def test_history_and_page_say_that_it_was_undone(as_hanako, hanako, decision):
    undo(as_hanako, decision)
    assert read(as_hanako.get(f"/my/decisions/{decision.id}/")).one("main").all(cls="withdrawn")
    undoing = hanako.decisions.get(undoes_id=decision.id)
    assert as_hanako.get(f"/my/decisions/{undoing.id}/").status_code == 200
    assert as_hanako.get("/my/decisions/").content.decode().count("/my/decisions/0") == 2


# --- For how long ----------------------------------------------------------------------------------------------------


def test_length_is_not_preselected_and_never_longer_than_asked(as_hanako, open_request):
    radios = read(as_hanako.get(request_path(open_request))).one("main").all("input", type="radio")
    assert [radio["value"] for radio in radios] == ["7", "30", "90"]
    assert [radio for radio in radios if "checked" in radio.attributes] == []


def test_approval_holds_for_as_long_as_the_person_chose(as_hanako, hanako, open_request):
    submit(as_hanako, open_request, "allow", "name", valid_days="7")
    decision = hanako.decisions.get()
    assert decision.valid_until - decision.decided_at == timedelta(days=7)


@pytest.mark.parametrize("days", ["", "91", "0", "x"])
def test_allowing_without_a_length_that_is_offered_is_not_recorded(as_hanako, hanako, open_request, days):
    response = submit(as_hanako, open_request, "allow", "name", valid_days=days)
    assert (response.status_code, hanako.decisions.count()) == (422, 0)
    assert "#length" in response.content.decode()


def test_refusing_needs_no_length(as_hanako, hanako, open_request):
    assert submit(as_hanako, open_request, "refuse", valid_days="").status_code == 302
    assert hanako.decisions.count() == 1


def test_approval_that_ends_soon_says_so(as_hanako, hanako, open_request):
    submit(as_hanako, open_request, "allow", "name", valid_days="7")
    given = hanako.decisions.get()
    for before, words in ((timedelta(days=3), "あと3日"), (timedelta(seconds=1), "今日で終わります")):
        for path in ("/my/decisions/", f"/my/decisions/{given.id}/"):
            with clock_at(given.valid_until - before):
                assert words in client_of(hanako).get(path).content.decode()


def test_approval_just_given_for_some_days_is_no_cause_for_alarm(as_hanako, hanako, open_request):
    submit(as_hanako, open_request, "allow", "name", valid_days="7")
    assert "あと7日" in as_hanako.get("/my/decisions/").content.decode()
    page = read(as_hanako.get(f"/my/decisions/{hanako.decisions.get().id}/"))
    assert page.all(cls="undo") and not page.all(cls="alert")


def test_approval_leaves_a_reminder_before_its_end(hanako, open_request):
    decision = answer(hanako, open_request, "name")
    row = OutboxRow.objects.get(topic="approval.ending")
    assert (row.payload["decision"], row.due_at) == (str(decision.id), decision.valid_until - timedelta(days=14))


# --- A text that changed ---------------------------------------------------------------------------------------------


def test_what_changed_in_the_text_is_marked(as_hanako, hanako, open_request):
    form = read(as_hanako.get(request_path(open_request))).one("main").all("form")[-1]
    values = {field["name"]: field["value"] for field in form.all("input", type="hidden")}
    Recipient.objects.filter(code="northwind-analytics").update(contact="new@northwind-analytics.example")
    publish_as_it_is()
    values |= {"answer": "allow", "allowed": ["name"], "valid_days": "30"}
    response = as_hanako.post(form["action"], values)
    changed = read(response).one("main").one(cls="changed")
    assert (response.status_code, changed.one("ins").text) == (409, "追加: new")
    assert len(changed.all("h3")) == 1


def test_made_up_text_is_not_compared(as_hanako, open_request):
    response = submit(as_hanako, open_request, "allow", "name", text_sha256="0" * 64, seen="made-up")
    assert response.status_code == 409
    assert read(response).one("main").all(cls="changed") == []


def test_cost_of_a_decision_does_not_grow(as_hanako, hanako, decision, withdrawal):
    with CaptureQueriesContext(connection) as captured:
        as_hanako.get(f"/my/decisions/{decision.id}/")
    assert len(captured) <= 12, [query["sql"][:80] for query in captured]
