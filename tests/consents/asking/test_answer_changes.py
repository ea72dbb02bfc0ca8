"""Changing single items of a standing approval: a new decision, out of what was asked for and until the same day."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from consents.asking.decision_actions import change_answer, undo_answer, withdraw_decision
from consents.asking.decisions import decision_page
from consents.asking.requests import request_state
from consents.feed.queries import feed_after
from consents.models import Decision, Feed
from disclosures.content.publications import newest_document, newest_publication
from disclosures.models import Recipient
from disclosures.publishing.actions import publish_content
from privacycenter.canonical import sha256_of
from privacycenter.errors import InvalidValue, NoLongerOpen, TextChanged
from privacycenter.models import OutboxRow
from privacycenter.outbox.working import work_off
from tests.support.asking import about, answer, answer_again, ask, change_page
from tests.support.clock import clock_at
from tests.support.html import filled_in, read
from tests.support.oracle import Practice
from tests.support.staging import put_into_practice

pytestmark = pytest.mark.django_db


def page(decision):
    return decision_page(decision.person, decision.id, newest_document())


def change(decision, *allowed, **more):
    """Through the action, with the text of this moment. ``decision``: hanako allowed name and usage of three items."""
    shown = change_page(decision)
    values = {"text_sha256": shown.text_sha256 if shown else "0" * 64, **more}
    return change_answer(decision_id=decision.id, allowed=set(allowed), by=decision.person, **values)


def address(decision, prefix="") -> str:
    return f"{prefix}/my/decisions/{decision.id}/change/"


def change_form(client, decision, prefix=""):
    main = read(client.get(address(decision, prefix))).one("main")
    return next(form for form in main.all("form") if form["action"].endswith("/changes/"))


def submit(client, decision, *ticked, prefix="", **changes):
    form = change_form(client, decision, prefix)
    return client.post(form["action"], {**filled_in(form), "allowed": list(ticked), **changes})


# --- The action ------------------------------------------------------------------------------------------------------


def test_narrowing_is_a_new_decision_until_the_same_day(api, decision):
    made = change(decision, "name")
    assert (made.changes_id, made.request_id) == (decision.id, decision.request_id)
    assert (made.allowed_set.codes, made.refused_set.codes) == (["name"], ["survey-answers", "usage"])
    assert made.valid_until == decision.valid_until
    assert api.check(items=["name", "usage"]).json()["items"] == {"name": True, "usage": False}
    assert api.check(items=["name"]).json()["decision"] == str(made.id)


def test_change_is_kept_with_what_it_changes(hanako, reporter):
    decision = answer_again(hanako, reporter, "name", "usage")
    put_into_practice(Practice(draft_ground="contract"))
    Recipient.objects.filter(code="northwind-analytics").update(title="A draft, which nobody reads")
    shown = change_page(decision)
    kept = Decision.objects.get(id=change(decision, "name").id)
    assert (kept.changes_id, kept.withdraws_id, kept.undoes_id, kept.rule_id) == (decision.id, None, None, None)
    assert about(kept) == about(decision) and kept.opening == 1
    assert kept.publication == newest_publication().number > decision.publication
    assert (kept.text, kept.text_sha256, kept.language) == (shown.text, sha256_of(kept.text), kept.text["language"])
    assert decision.decided_at < kept.decided_at < kept.valid_until == decision.valid_until
    told = OutboxRow.objects.filter(topic="decision.made", payload__decision=str(kept.id))
    assert {row.payload["person"] for row in told} == {hanako.pk}


def test_widening_within_what_was_asked_allows_more(api, decision):
    change(decision, "name", "usage", "survey-answers")
    assert api.check().json()["allowed"] is True


def test_changed_answer_is_called_replaced_and_names_what_replaced_it(as_hanako, decision):
    made = change(decision, "name")
    assert (page(decision).state, page(made).state) == ("replaced", "partly_allowed")
    main = read(as_hanako.get(f"/en/my/decisions/{decision.id}/")).one("main")
    assert main.one("h1").text == "A later answer replaced your answer about Northwind Analytics, Inc."
    assert f"/en/my/decisions/{made.id}/" in [link["href"] for link in main.all("a")]
    assert [form for form in main.all("form") if "withdrawals" in form["action"]] == []


def test_change_can_be_changed_again(api, decision):
    again = change(change(decision, "name"), "name", "survey-answers")
    assert api.check().json()["items"] == {"name": True, "survey-answers": True, "usage": False}
    assert again.valid_until == decision.valid_until


def test_change_keeps_the_text_that_was_shown_of_its_items(decision):
    made = change(decision, "name")
    assert [item["code"] for item in made.text["items"]] == ["name", "survey-answers", "usage"]
    assert made.text["changes"] == str(decision.id)
    assert made.publication == 1


def test_withdrawing_a_change_ends_all_that_was_ever_allowed(api, decision):
    withdrawal = withdraw_decision(decision_id=change(decision, "name").id, language="ja", by=decision.person)
    assert withdrawal.refused_set.codes == ["name", "usage"]
    assert api.check(items=["name", "usage"]).json()["reason"] == "withdrawn"
    assert page(decision).state == "withdrawn"


@pytest.mark.parametrize("how", [withdraw_decision, undo_answer])
def test_changed_answer_can_be_neither_withdrawn_nor_undone(decision, how):
    change(decision, "name")
    with pytest.raises(NoLongerOpen):
        how(decision_id=decision.id, language="ja", by=decision.person)
    assert Decision.objects.count() == 2


def test_change_cannot_be_undone_but_is_changed_back(api, decision):
    made = change(decision, "name")
    with pytest.raises(NoLongerOpen):
        undo_answer(decision_id=made.id, language="ja", by=decision.person)
    change(made, "name", "usage")
    assert api.check(items=["name", "usage"]).json()["allowed"] is True


def test_answer_is_changed_once(decision):
    change(decision, "name")
    with pytest.raises(NoLongerOpen):
        change(decision, "usage")
    assert Decision.objects.count() == 2


@pytest.mark.parametrize("allowed", [(), ("name", "usage"), ("name", "phone")])
def test_change_that_is_none_or_not_within_what_was_asked_is_refused(decision, allowed):
    with pytest.raises(InvalidValue):
        change(decision, *allowed)
    assert Decision.objects.count() == 1


def test_change_of_another_text_is_refused(decision):
    with pytest.raises(TextChanged):
        change(decision, "name", text_sha256="0" * 64)
    assert Decision.objects.count() == 1


def test_withdrawn_answer_cannot_be_changed(decision, withdrawal):
    with pytest.raises(NoLongerOpen):
        change(decision, "name")
    assert Decision.objects.count() == 2


def test_answer_that_is_over_cannot_be_changed(decision):
    with clock_at(decision.valid_until), pytest.raises(NoLongerOpen):
        change(decision, "name")


def test_refusal_cannot_be_changed(hanako, open_request):
    with pytest.raises(NoLongerOpen):
        change(answer(hanako, open_request), "name")


def test_answer_about_one_item_is_withdrawn_not_changed(hanako, reporter):
    only = answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    assert change_page(only) is None


def test_another_answers_items_stay_as_they_are(hanako, reporter, api, decision):
    later = answer(hanako, ask(hanako, reporter, items=("name",)), "name")
    assert change_page(decision).codes == {"usage", "survey-answers"}
    made = change(decision, "usage", "survey-answers")
    assert api.check(items=["name"]).json()["decision"] == str(later.id)
    assert "name" not in [*made.allowed_set.codes, *made.refused_set.codes]


def test_item_that_is_not_published_any_more_cannot_be_added(decision):
    put_into_practice(Practice(items=frozenset({"name", "usage"})))
    assert change_page(decision).codes == {"name", "usage"}
    with pytest.raises(InvalidValue):
        change(decision, "name", "usage", "survey-answers")


def test_stranger_cannot_change_an_answer(taro, decision):
    with pytest.raises(NoLongerOpen):
        change_answer(decision_id=decision.id, allowed={"name"}, text_sha256="0" * 64, by=taro)
    assert Decision.objects.count() == 1


# --- Services and receipts -------------------------------------------------------------------------------------------


def test_change_is_in_the_feed_as_a_decision(reporter, decision):
    made = change(decision, "name")
    work_off()
    first, second = feed_after(reporter, Feed.DECISIONS, "", 9)["data"]
    assert (second["type"], second["changes"]) == ("decision.made", str(decision.id))
    assert (second["allowed"], second["refused"]) == (["name"], ["survey-answers", "usage"])
    assert (first["state"], second["state"], second["decision"]) == ("replaced", "partly_allowed", str(made.id))


def test_request_of_a_changed_answer_has_the_state_of_the_change(hanako, decision):
    made = change(decision, "name", "usage", "survey-answers")
    told = request_state(hanako.approval_requests.with_references().get(id=decision.request_id))
    assert (told["state"], told["decision"], set(told["items"].values())) == ("allowed", str(made.id), {True})


def test_change_has_a_receipt_that_names_what_it_changes(as_hanako, decision):
    made = change(decision, "name")
    receipt = json.loads(as_hanako.get(f"/my/decisions/{made.id}/receipt.json").content)["receipt"]
    assert receipt["events"][0]["changes_record_id"] == str(decision.id)
    given = {
        one["pii_information"][0]["pii_attribute_id"]: one["consent_given"]
        for one in receipt["pii_processing"]["purposes"]
    }
    assert given == {"name": True, "usage": False, "survey-answers": False}


@pytest.mark.parametrize(
    ("later", "days"),
    [
        (timedelta(milliseconds=500), 90),
        (timedelta(days=10, hours=2), 80),
        (timedelta(days=10, hours=13), 79),
        (timedelta(days=89, hours=23), 1),
    ],
)
def test_page_and_receipt_of_a_change_say_its_length_to_the_nearest_day(as_hanako, decision, later, days):
    with clock_at(decision.decided_at + later):
        made = change(decision, "name")
        as_hanako.force_login(decision.person)
        receipt = as_hanako.get(f"/my/decisions/{made.id}/receipt.json").json()["receipt"]
        shown = read(as_hanako.get(f"/en/my/decisions/{made.id}/")).one("main").text
    assert made.valid_until == decision.valid_until
    assert receipt["events"][0]["validity_duration"] == f"P{days}D"
    assert f"({days} day{'s' * (days > 1)})" in " ".join(shown.split())


def test_receipt_of_an_ordinary_answer_is_as_it_was(as_hanako, decision):
    receipt = json.loads(as_hanako.get(f"/my/decisions/{decision.id}/receipt.json").content)["receipt"]
    assert "changes_record_id" not in receipt["events"][0]


# --- The page --------------------------------------------------------------------------------------------------------


def test_change_is_offered_and_shows_what_is_allowed_now(as_hanako, decision):
    links = [link["href"] for link in read(as_hanako.get(f"/my/decisions/{decision.id}/")).one("main").all("a")]
    assert address(decision) in links
    boxes = change_form(as_hanako, decision).all("input", type="checkbox")
    assert {box["value"]: "checked" in box.attributes for box in boxes} == {
        "name": True, "usage": True, "survey-answers": False,
    }  # fmt: skip


def test_change_is_made_without_javascript(as_hanako, hanako, decision):
    response = submit(as_hanako, decision, "name")
    made = hanako.decisions.get(changes_id=decision.id)
    assert (response.status_code, response["Location"]) == (302, f"/my/decisions/{made.id}/")
    assert made.allowed_set.codes == ["name"]


@pytest.mark.parametrize(("ticked", "prefix"), [((), ""), (("name", "usage"), ""), (("phone",), "/en")])
def test_change_that_is_none_says_what_to_do(as_hanako, decision, ticked, prefix):
    response = submit(as_hanako, decision, *ticked, prefix=prefix)
    assert response.status_code == 422
    assert read(response).one("main").one(cls="error-summary").all("a")
    assert Decision.objects.count() == 1


def test_change_of_a_text_that_changed_meanwhile_shows_the_new_one(as_hanako, decision):
    response = submit(as_hanako, decision, "name", text_sha256="0" * 64)
    assert (response.status_code, Decision.objects.count()) == (409, 1)
    assert read(response).one("main").all(role="alert")


def test_change_sent_twice_is_made_once(as_hanako, decision):
    form = change_form(as_hanako, decision)
    data = {**filled_in(form), "allowed": ["name"]}
    first, second = (as_hanako.post(form["action"], data) for _time in range(2))
    assert (first.status_code, second.status_code, Decision.objects.count()) == (302, 409, 2)
    assert "変更は記録されていません" in read(second).one("main").text


def test_answer_that_cannot_be_changed_leads_back_to_its_page(as_hanako, decision, withdrawal):
    assert as_hanako.get(address(decision))["Location"] == f"/my/decisions/{decision.id}/"
    assert address(decision) not in as_hanako.get(f"/my/decisions/{decision.id}/").content.decode()


def test_change_page_is_nobody_elses(as_taro, client, decision):
    assert as_taro.get(address(decision)).status_code == 404
    assert as_taro.post(f"/my/decisions/{decision.id}/changes/", {"allowed": ["name"]}).status_code == 404
    assert client.get(address(decision)).status_code == 302
    assert client.post(f"/my/decisions/{decision.id}/changes/", {"allowed": ["name"]})["Location"].startswith(
        "/accounts/"
    )
    assert Decision.objects.count() == 1


# --- A text that changed since ---------------------------------------------------------------------------------------


@pytest.fixture
def moved(decision):
    """The recipient is at another address since, and that is published."""
    Recipient.objects.filter(code="northwind-analytics").update(address="アメリカ合衆国 オレゴン州")
    publish_content(by=None)
    return decision


def test_approval_whose_text_changed_shows_the_difference_and_what_to_do(as_hanako, moved):
    changed = read(as_hanako.get(f"/my/decisions/{moved.id}/")).one("main").one("section", cls="changed")
    assert "オレゴン" in " ".join(mark.text for mark in changed.all("ins"))
    assert {link["href"] for link in changed.all("a")} == {address(moved), "#withdraw"}


def test_difference_is_shown_in_the_language_that_was_read(as_hanako, moved):
    changed = read(as_hanako.get(f"/en/my/decisions/{moved.id}/")).one("main").one("section", cls="changed")
    assert changed.one("p", cls="difference")["lang"] == "ja"


def test_change_is_about_the_new_text_and_ends_the_difference(as_hanako, moved):
    made = change(moved, "name")
    assert made.text["recipient"]["address"] == "アメリカ合衆国 オレゴン州"
    assert read(as_hanako.get(f"/my/decisions/{made.id}/")).one("main").all("section", cls="changed") == []


def test_answer_whose_text_is_as_it_was_says_nothing(as_hanako, decision):
    assert read(as_hanako.get(f"/my/decisions/{decision.id}/")).one("main").all("section", cls="changed") == []


def test_answer_that_ended_is_not_compared(as_hanako, moved):
    withdraw_decision(decision_id=moved.id, language="ja", by=moved.person)
    assert read(as_hanako.get(f"/my/decisions/{moved.id}/")).one("main").all("section", cls="changed") == []


def test_change_a_year_later_is_still_about_what_was_asked(hanako, reporter):
    long = answer(hanako, ask(hanako, reporter, valid_days=1000), "name", "usage")
    with clock_at(timezone.now() + timedelta(days=365)):
        assert change(long, "name").valid_until == long.valid_until
