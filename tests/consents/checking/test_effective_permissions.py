"""What holds now, item by item: every surface says it as a check answers it, and names the decision that counts."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from consents.asking.decision_actions import undo_answer, withdraw_decision
from consents.asking.decisions import decision_page
from consents.asking.requests import request_state
from consents.checking.effective_permissions import effective_permissions
from consents.exports import csv_file, json_file
from consents.exports.pdf_numbers import Numbers
from consents.exports.pdf_others import decision_card
from consents.exports.record import record_of
from consents.exports.record.consent_parts import decision_entries
from consents.feed.queries import feed_after
from consents.models import Feed, Notice
from disclosures.content.publications import newest_document
from disclosures.models import Recipient
from disclosures.publishing.actions import append_publication, lock_publishing
from disclosures.record.filters import Filters
from privacycenter.canonical import sha256_of
from privacycenter.errors import NoLongerOpen
from privacycenter.outbox.working import work_off
from tests.support.asking import answer, ask, request_path
from tests.support.clock import clock_at
from tests.support.html import read
from tests.support.oracle import Practice
from tests.support.staging import put_into_practice

pytestmark = pytest.mark.django_db

NAME, BOTH = ("name",), ("name", "usage")
DAY = timedelta(days=1)


def asked_and_answered(person, reporter, items, *allowed, **more):
    return answer(person, ask(person, reporter, items=items, **more), *allowed)


def withdraw(decision):
    return withdraw_decision(decision_id=decision.id, language="ja", by=decision.person)


@pytest.fixture
def older(hanako, reporter):
    """hanako allowed name and usage."""
    return asked_and_answered(hanako, reporter, BOTH, *BOTH)


@pytest.fixture
def newer(hanako, reporter, older):
    """Asked again for the name alone, hanako allowed it."""
    return asked_and_answered(hanako, reporter, NAME, "name")


def page(decision):
    return decision_page(decision.person, decision.id, newest_document())


def held(decision) -> dict:
    """Item → what holds, and by which decision."""
    return {item.code: (item.effect, item.decision) for item in page(decision).standing.items}


def in_json(person) -> dict:
    record = json.loads(b"".join(json_file.pieces(record_of(person, Filters(), timezone.now()))))
    return {entry["id"]: entry for entry in record["decisions"]}


def in_csv(person) -> dict:
    rows = csv.reader(io.StringIO(b"".join(csv_file.pieces(record_of(person, Filters(), timezone.now()))).decode()))
    place = {name: number for number, name in enumerate(csv_file.COLUMNS)}
    return {row[place["id"]]: row[place["state"]] for row in rows}


def now_in_csv(person, decision) -> str:
    """What the words of an answer's row say of what holds now."""
    content = b"".join(csv_file.pieces(record_of(person, Filters(), timezone.now()))).decode()
    rows = [dict(zip(csv_file.COLUMNS, row, strict=True)) for row in csv.reader(io.StringIO(content))]
    (words,) = [row["text"] for row in rows if row["id"] == str(decision.id)]
    return words.partition("回答の内容:")[0]


def heading(client, decision, prefix="/en") -> str:
    return read(client.get(f"{prefix}/my/decisions/{decision.id}/")).one("h1").text


# --- Two answers about the same thing --------------------------------------------------------------------------------


def test_withdrawing_the_older_answer_ends_the_newer_on_every_surface(as_hanako, hanako, api, reporter, older, newer):
    withdrawal = withdraw(older)
    assert api.check(items=["name"]).json()["reason"] == "withdrawn"
    assert held(newer) == {"name": ("withdrawn", withdrawal.id)}
    assert (page(newer).state, page(newer).can_be_withdrawn) == ("withdrawn", False)
    assert in_json(hanako)[str(newer.id)]["state"] == "withdrawn"
    assert in_csv(hanako)[str(newer.id)] == "取り消しました"
    request = hanako.approval_requests.with_references().get(id=newer.request_id)
    assert (request_state(request)["state"], request_state(request)["items"]) == ("withdrawn", {"name": False})
    work_off()
    events = {event["decision"]: event for event in feed_after(reporter, Feed.DECISIONS, "", 9)["data"]}
    assert (events[str(newer.id)]["state"], events[str(newer.id)]["allowed"]) == ("withdrawn", ["name"])
    assert heading(as_hanako, newer) == "You withdrew your approval for Northwind Analytics, Inc."
    for path in ("/my/decisions/", "/my/recipients/northwind-analytics/"):
        assert read(as_hanako.get(path)).one("main").all(cls="allowed") == []


def test_ended_answer_offers_no_withdrawal_and_leads_to_what_ended_it(as_hanako, older, newer):
    withdrawal = withdraw(older)
    main = read(as_hanako.get(f"/my/decisions/{newer.id}/")).one("main")
    assert [form for form in main.all("form") if "withdrawals" in form["action"]] == []
    assert f"/my/decisions/{withdrawal.id}/" in [link["href"] for link in main.all("a")]
    with pytest.raises(NoLongerOpen):
        withdraw(newer)
    assert newer.person.decisions.filter(withdraws_id=newer.id).count() == 0


def test_withdrawing_the_newer_answer_leaves_the_rest_of_the_older(as_hanako, api, older, newer):
    withdrawal = withdraw(newer)
    assert api.check(items=list(BOTH)).json()["items"] == {"name": False, "usage": True}
    assert held(older) == {"name": ("withdrawn", withdrawal.id), "usage": ("allowed", older.id)}
    assert page(older).state == "partly_allowed"
    assert heading(as_hanako, older) == "Only a part of what you allowed Northwind Analytics, Inc. still holds"


def test_answer_that_a_later_one_covers_is_called_replaced(as_hanako, hanako, reporter, api, older):
    later = asked_and_answered(hanako, reporter, BOTH, *BOTH)
    assert api.check(items=list(BOTH)).json()["decision"] == str(later.id)
    assert page(older).state == "replaced"
    assert held(older) == dict.fromkeys(BOTH, ("allowed", later.id))
    assert heading(as_hanako, older) == "A later answer replaced your answer about Northwind Analytics, Inc."


def test_replaced_answer_says_what_its_withdrawal_would_end_besides(as_hanako, older, newer):
    main = read(as_hanako.get(f"/my/decisions/{older.id}/")).one("main")
    form = next(form for form in main.all("form") if "withdrawals" in form["action"])
    assert f"/my/decisions/{newer.id}/" in [link["href"] for link in form.parent.all("a")]


def test_refusal_of_one_item_later_makes_the_older_answer_partial(hanako, reporter, api, older):
    refusal = asked_and_answered(hanako, reporter, NAME)
    assert api.check(items=list(BOTH)).json()["items"] == {"name": False, "usage": True}
    assert held(older)["name"] == ("refused", refusal.id)
    assert page(older).state == "partly_allowed"
    assert page(older).heading == "partly_in_force"


def test_refusal_that_was_partly_replaced_says_so(as_hanako, hanako, reporter):
    refusal = asked_and_answered(hanako, reporter, BOTH)
    with clock_at(timezone.now() + 91 * DAY):
        allowed = asked_and_answered(hanako, reporter, NAME, "name")
        assert held(refusal) == {"name": ("allowed", allowed.id), "usage": ("refused", refusal.id)}
        assert (page(refusal).state, page(refusal).heading) == ("refused", "partly_replaced")


def test_undoing_the_newer_answer_brings_the_older_back(hanako, api, older, newer):
    assert page(older).standing.own[0].code == "usage"
    undo_answer(decision_id=newer.id, language="ja", by=hanako)
    assert held(older) == dict.fromkeys(BOTH, ("allowed", older.id))
    assert held(newer) == {"name": ("allowed", older.id)}
    assert (page(older).state, page(newer).state) == ("allowed", "undone")
    assert api.check(items=list(BOTH)).json()["decision"] == str(older.id)


def test_withdrawal_that_was_answered_anew_says_so(as_hanako, hanako, reporter, older):
    withdrawal = withdraw(older)
    with clock_at(timezone.now() + 91 * DAY):
        again = asked_and_answered(hanako, reporter, NAME, "name")
        assert held(withdrawal)["name"] == ("allowed", again.id)
        assert page(withdrawal).heading == "withdrawal_replaced"
        assert page(older).state == "withdrawn"


def test_shorter_answer_later_ends_the_item_earlier(hanako, reporter, api, older):
    later = asked_and_answered(hanako, reporter, NAME, "name", valid_days=7)
    with clock_at(timezone.now() + 8 * DAY):
        assert api.check(items=list(BOTH)).json()["items"] == {"name": False, "usage": True}
        assert held(older) == {"name": ("expired", later.id), "usage": ("allowed", older.id)}
        assert (page(older).state, page(later).state) == ("partly_allowed", "expired")
        item = page(later).standing.items[0]
        assert item.since == item.until == later.valid_until


def test_partial_answer_is_called_partial(as_hanako, decision):
    assert heading(as_hanako, decision) == "You allowed part of what was asked for Northwind Analytics, Inc."


def test_whole_answer_is_called_allowed(as_hanako, older):
    assert heading(as_hanako, older) == "You allowed data to be provided to Northwind Analytics, Inc."


@pytest.mark.parametrize("language", ["", "/en"])
def test_no_answer_that_ended_says_allowed_in_its_heading(as_hanako, hanako, reporter, older, newer, language):
    withdraw(older)
    for one in (older, newer):
        said = heading(as_hanako, one, language)
        assert "allowed" not in said and "許可しました" not in said


# --- What is published -----------------------------------------------------------------------------------------------


def test_answer_is_suspended_while_its_recipient_is_retired(as_hanako, hanako, older):
    Recipient.objects.filter(code="northwind-analytics").update(retired_at=timezone.now())
    assert page(older).state == "suspended"
    assert heading(as_hanako, older).startswith("At present nothing may be provided to Northwind")
    assert in_json(hanako)[str(older.id)]["state"] == "suspended"
    assert page(older).can_be_withdrawn


def test_item_that_is_no_longer_published_is_suspended_alone(older, api):
    put_into_practice(Practice(items=frozenset({"usage"})))
    assert api.check(items=list(BOTH)).json()["items"] == {"name": False, "usage": True}
    assert held(older) == {"name": ("suspended", older.id), "usage": ("allowed", older.id)}
    assert (page(older).state, page(older).heading) == ("partly_allowed", "partly_in_force")


def test_answer_is_suspended_while_its_recipient_is_on_hold_and_says_why(as_hanako, older, api):
    put_into_practice(Practice(hold=(timezone.now() - DAY, None)))
    assert api.check(items=list(BOTH)).json()["reason"] == "recipient_on_hold"
    assert page(older).state == "suspended"
    main = read(as_hanako.get(f"/en/my/decisions/{older.id}/")).one("main")
    assert "Nothing is to be provided to this recipient for the time being" in main.text


SUSPENDED = {
    "": ("あなたの許可そのものの有効期限は{}です", "いまは認められません {}まで"),
    "/en": ("Your approval itself would hold until {}", "Not allowed at present until {}"),
}


@pytest.mark.parametrize("prefix", SUSPENDED)
def test_page_says_the_end_of_a_suspended_approval_as_what_it_is(as_hanako, older, prefix):
    put_into_practice(Practice(hold=(timezone.now() - DAY, None)))
    response = as_hanako.get(f"{prefix}/my/decisions/{older.id}/")
    shown = " ".join(read(response).one("main").text.split())
    end = date_words(older.valid_until, prefix)
    right, wrong = (words.format(end) for words in SUSPENDED[prefix])
    assert shown.count(right) >= 2 and wrong not in shown
    for ended in ("It was to hold until", "許可したときの有効期限"):
        assert ended not in shown
    rows = read(response).one("section", **{"aria-labelledby": "holds"}).all("li")
    assert len(rows) == 2 and not any(words in row.text for row in rows for words in ("since", "から"))


def date_words(moment, prefix) -> str:
    with override("en" if prefix else "ja"):
        return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def test_files_do_not_date_a_suspension_by_the_answer(hanako, older):
    put_into_practice(Practice(hold=(timezone.now() - DAY, None)))
    end = timezone.localtime(older.valid_until).isoformat()
    entry = in_json(hanako)[str(older.id)]
    assert [(one["state"], one["since"], one["until"]) for one in entry["now"]] == [("suspended", None, end)] * 2
    words = now_in_csv(hanako, older)
    assert words.count(f"あなたの許可そのもの(回答{older.id})の有効期限は{date_words(older.valid_until, '')}です") == 2
    assert "から、回答" not in words and "まで、回答" not in words
    record = record_of(hanako, Filters(), timezone.now())
    (card,) = [decision_card(record, one, Numbers()) for one in decision_entries(record)]
    assert {"あなたの許可そのものの有効期限", "許可したときの有効期限", "有効期限"} & dict(card["facts"]).keys() == {
        "あなたの許可そのものの有効期限"
    }


def test_what_needs_no_approval_is_not_dated_by_an_answer(hanako, older):
    put_into_practice(Practice(ground="contract"))
    assert {(one["state"], one["since"]) for one in in_json(hanako)[str(older.id)]["now"]} == {("not_needed", None)}
    assert str(older.id) not in now_in_csv(hanako, older)


def test_excluded_item_is_suspended_alone(older, api):
    put_into_practice(Practice(excluded=frozenset({"name"})))
    assert api.check(items=list(BOTH)).json()["items"] == {"name": False, "usage": True}
    assert held(older) == {"name": ("suspended", older.id), "usage": ("allowed", older.id)}


def test_item_that_is_retired_is_still_allowed_as_a_check_says(older, api):
    put_into_practice(Practice(retired={"name": timezone.now()}, items=frozenset({"usage"})))
    assert api.check(items=list(BOTH)).json()["allowed"] is True
    assert page(older).state == "allowed"


def test_scenario_that_rests_on_another_ground_needs_no_approval(older, api):
    withdraw(older)
    put_into_practice(Practice(ground="contract"))
    assert api.check(items=list(BOTH)).json()["allowed"] is True
    assert {effect for effect, _decision in held(older).values()} == {"not_needed"}
    assert page(older).state == "withdrawn"


def test_scenario_that_was_taken_down_suspends_and_publishing_it_again_does_not(older):
    before = newest_document()
    put_into_practice(Practice(scenario="missing"))
    assert page(older).state == "suspended"
    append_publication(before, sha256_of(before), lock_publishing(), None, "")
    assert page(older).state == "allowed"


# --- Requests about what is allowed already --------------------------------------------------------------------------


def test_request_for_what_an_approval_covers_says_so(as_hanako, hanako, reporter, older):
    again = ask(hanako, reporter, items=("name", "survey-answers"))
    covered = read(as_hanako.get(request_path(again, "/en"))).one("main").one("section", cls="message")
    assert covered.one("h2").text == "You have allowed part of this already"
    assert f"/en/my/decisions/{older.id}/" in [link["href"] for link in covered.all("a")]


def test_request_for_exactly_what_an_approval_covers_says_all(as_hanako, hanako, reporter, older):
    main = read(as_hanako.get(request_path(ask(hanako, reporter, items=BOTH), "/en"))).one("main")
    assert main.one("section", cls="message").one("h2").text == "You have allowed all of this already"
    assert "nothing is provided" not in main.text


def test_request_for_something_else_says_nothing_of_it(as_hanako, hanako, reporter, older):
    again = ask(hanako, reporter, items=BOTH, recipient="minato-inn")
    assert read(as_hanako.get(request_path(again))).one("main").all("section", cls="message") == []


# --- Notices, receipts, files of a moment ----------------------------------------------------------------------------


def test_no_notice_of_an_ending_for_an_approval_that_was_replaced(hanako, reporter, older):
    asked_and_answered(hanako, reporter, BOTH)
    with clock_at(older.valid_until - DAY):
        work_off()
    assert Notice.objects.filter(about_id=older.id).count() == 0


def test_receipt_stays_and_its_page_says_what_became_of_it(as_hanako, older, newer):
    before = as_hanako.get(f"/my/decisions/{newer.id}/receipt.jws").content
    assert read(as_hanako.get(f"/my/decisions/{newer.id}/receipt/")).one("main").all(cls="message") == []
    withdraw(older)
    assert as_hanako.get(f"/my/decisions/{newer.id}/receipt.jws").content == before
    note = read(as_hanako.get(f"/en/my/decisions/{newer.id}/receipt/")).one("main").one(cls="message")
    assert note.all(cls="withdrawn") and f"/en/my/decisions/{newer.id}/" in [link["href"] for link in note.all("a")]


def test_file_says_what_held_when_it_was_made(hanako, older):
    made_at = timezone.now()
    withdraw(older)
    record = json.loads(b"".join(json_file.pieces(record_of(hanako, Filters(), made_at))))
    assert [(entry["id"], entry["state"]) for entry in record["decisions"]] == [(str(older.id), "allowed")]


# --- Cost ------------------------------------------------------------------------------------------------------------


def test_cost_is_one_statement_for_any_number_of_decisions(hanako, older, newer, django_assert_num_queries):
    decisions = list(hanako.decisions.with_references())
    document = newest_document()
    with django_assert_num_queries(1):
        assert len(effective_permissions(decisions, [()] * len(decisions), document)) == 2


def test_nothing_to_look_up_costs_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert effective_permissions([], [], None) == []
