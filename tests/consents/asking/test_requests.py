"""Answering a request: nothing is preselected, and no decision stands without the text that was seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consents.models import Decision
from disclosures.models import Recipient, Scenario
from disclosures.publishing.actions import publish_content
from privacycenter.canonical import sha256_of
from tests.support.api import QUESTION
from tests.support.asking import answer, ask, request_form, request_path, submit
from tests.support.clock import clock_at
from tests.support.content import publish_as_it_is
from tests.support.database import statements
from tests.support.html import filled_in, read

pytestmark = pytest.mark.django_db


def codes(decision) -> tuple[list[str], list[str]]:
    return decision.allowed_set.codes, decision.refused_set.codes


# --- What is shown ---------------------------------------------------------------------------------------------------


def test_request_says_who_asks_for_what_why_and_what_refusing_means(as_hanako, hanako, reporter):
    main = read(as_hanako.get(request_path(ask(hanako, reporter)))).one("main").text
    for words in ("Northwind Analytics, Inc.", "シアトル市", "privacy@northwind-analytics.example", "じゃらんnet"):
        assert words in main
    for code in QUESTION["items"]:
        assert f"{code}を使う理由" in main and f"{code}を渡さないとき" in main


def test_request_from_abroad_gives_country_system_and_measures(as_hanako, open_request):
    main = read(as_hanako.get(request_path(open_request))).one("main").text
    for words in ("アメリカ合衆国", "連邦取引委員会", "暗号化"):
        assert words in main


def test_request_shows_the_published_text_of_its_scenario(as_hanako, open_request):
    Scenario.objects.filter(code="survey-results").update(body="まだ公開していない文")
    main = read(as_hanako.get(request_path(open_request))).one("main").text
    assert "ユーザーにアンケートを行った場合" in main and "まだ公開していない文" not in main


def test_nothing_is_preselected(as_hanako, open_request):
    boxes = request_form(read(as_hanako.get(request_path(open_request)))).all("input", type="checkbox")
    assert {box["value"] for box in boxes} == set(QUESTION["items"])
    assert [box for box in boxes if "checked" in box.attributes] == []


def test_allowing_and_refusing_look_the_same(as_hanako, open_request):
    form = request_form(read(as_hanako.get(request_path(open_request))))
    refuse, allow = form.one(value="refuse"), form.one(value="allow")
    assert refuse.parent == allow.parent
    assert (refuse.tag, refuse["class"], refuse["name"]) == (allow.tag, allow["class"], allow["name"])
    assert not {"autofocus", "style", "formaction", "disabled"} & {*refuse.attributes, *allow.attributes}


def test_row_of_answers_holds_nothing_else(as_hanako, open_request):
    refuse = request_form(read(as_hanako.get(request_path(open_request)))).one(value="refuse")
    assert [element["value"] for element in refuse.parent.descendants if element.tag in ("a", "button")] == [
        "refuse", "allow",
    ]  # fmt: skip


def test_request_list_and_overview_lead_to_the_open_request(as_hanako, open_request):
    for path in ("/my/", "/my/requests/"):
        assert request_path(open_request) in [link["href"] for link in read(as_hanako.get(path)).one("main").all("a")]


def test_request_list_shows_the_most_urgent_first(as_hanako, hanako, reporter):
    later, sooner = ask(hanako, reporter, days=20), ask(hanako, reporter, recipient="minato-inn", days=3)
    links = [link["href"] for link in read(as_hanako.get("/my/requests/")).one("main").all("a")]
    assert [link for link in links if link in (request_path(later), request_path(sooner))] == [
        request_path(sooner),
        request_path(later),
    ]


def test_request_list_keeps_what_was_answered(as_hanako, decision):
    page = read(as_hanako.get("/my/requests/"))
    assert f"/my/requests/{decision.request_id}/" in [link["href"] for link in page.one("main").all("a")]
    assert len(page.one("main").all(cls="status")) == 1


def test_empty_request_list_says_so(as_hanako):
    assert read(as_hanako.get("/my/requests/")).one("main").one(cls="empty").text


# --- Answering -------------------------------------------------------------------------------------------------------


def test_some_items_are_allowed_and_the_others_refused(as_hanako, hanako, open_request):
    response = submit(as_hanako, open_request, "allow", "name", "usage")
    decision = hanako.decisions.get()
    assert codes(decision) == (["name", "usage"], ["survey-answers"])
    assert (response.status_code, response["Location"]) == (302, f"/my/decisions/{decision.id}/")


def test_all_items_are_allowed(as_hanako, hanako, open_request):
    submit(as_hanako, open_request, "allow", *QUESTION["items"])
    assert codes(hanako.decisions.get()) == (sorted(QUESTION["items"]), [])


def test_refusing_needs_no_box(as_hanako, hanako, open_request):
    response = submit(as_hanako, open_request, "refuse")
    assert response.status_code == 302
    assert codes(hanako.decisions.get()) == ([], sorted(QUESTION["items"]))


def test_refusing_with_boxes_ticked_refuses_all(as_hanako, hanako, open_request):
    submit(as_hanako, open_request, "refuse", "name", "usage")
    assert codes(hanako.decisions.get()) == ([], sorted(QUESTION["items"]))


def test_answer_page_confirms_what_was_decided(as_hanako, open_request):
    shown = read(as_hanako.get(submit(as_hanako, open_request, "allow", "name")["Location"])).one("main")
    assert shown.all(role="status")
    tags = [[item.text for item in tags.all("li")] for tags in shown.all("ul", cls="tags")]
    assert tags == [["氏名"], ["アンケートの回答内容", "利用実績"]]


def test_answered_request_offers_no_form(as_hanako, hanako, open_request):
    answer(hanako, open_request, "name")
    main = read(as_hanako.get(request_path(open_request))).one("main")
    assert main.all("form") == [] and main.all("button") == []


def test_decision_keeps_the_text_that_was_seen_and_its_hash(as_hanako, hanako, open_request):
    shown = filled_in(request_form(read(as_hanako.get(request_path(open_request)))))["text_sha256"][0]
    submit(as_hanako, open_request, "allow", "name")
    decision = hanako.decisions.get()
    assert decision.text_sha256 == shown == sha256_of(decision.text)
    assert decision.text["recipient"]["title"] == "Northwind Analytics, Inc."
    assert decision.publication == 1


def test_answer_in_english_is_recorded_in_english(as_hanako, hanako, open_request):
    response = submit(as_hanako, open_request, "allow", "name", prefix="/en")
    decision = hanako.decisions.get()
    assert (decision.language, decision.text["language"]) == ("en", "en")
    assert decision.text["scenario"]["title"] == "Reports of survey results"
    assert response["Location"].startswith("/en/my/decisions/")


def test_answer_in_japanese_is_recorded_in_japanese(as_hanako, hanako, open_request):
    submit(as_hanako, open_request, "allow", "name")
    assert (hanako.decisions.get().language, hanako.decisions.get().text["language"]) == ("ja", "ja")


# --- What is not recorded --------------------------------------------------------------------------------------------


def test_allowing_without_choosing_is_asked_again(as_hanako, open_request):
    response = submit(as_hanako, open_request, "allow")
    page = read(response)
    assert response.status_code == 422
    assert page.one(role="alert").one("a")["href"].lstrip("#") in {e["id"] for e in page.descendants if e["id"]}
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("button", ["", "yes", "ALLOW"])
def test_missing_or_unknown_answer_is_asked_again(as_hanako, open_request, button):
    response = submit(as_hanako, open_request, button, "name")
    assert response.status_code == 422
    assert read(response).one(role="alert").text
    assert Decision.objects.count() == 0


def test_form_that_is_asked_again_keeps_what_was_ticked(as_hanako, open_request):
    boxes = request_form(read(submit(as_hanako, open_request, "", "usage"))).all("input", type="checkbox")
    assert [box["value"] for box in boxes if "checked" in box.attributes] == ["usage"]


@pytest.mark.parametrize("item", ["email", "no-such-item", ""])
def test_item_that_was_not_asked_for_is_not_recorded(as_hanako, open_request, item):
    assert submit(as_hanako, open_request, "allow", "name", item).status_code == 422
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("sent", ["", "0", "z" * 64])
def test_answer_without_the_hash_of_its_text_is_not_recorded(as_hanako, open_request, sent):
    assert submit(as_hanako, open_request, "allow", "name", text_sha256=sent).status_code == 422
    assert Decision.objects.count() == 0


def test_answer_to_another_text_is_not_recorded(as_hanako, open_request):
    assert submit(as_hanako, open_request, "allow", "name", text_sha256="0" * 64).status_code == 409
    assert Decision.objects.count() == 0


@pytest.fixture
def changed_meanwhile(as_hanako, open_request):
    """What the browser still shows, after the recipient moved."""
    form = filled_in(request_form(read(as_hanako.get(request_path(open_request)))))
    Recipient.objects.filter(code="northwind-analytics").update(address="アメリカ合衆国 オレゴン州")
    publish_as_it_is()
    return {**form, "allowed": ["name"], "answer": "allow"}


def test_text_that_changed_meanwhile_is_shown_and_nothing_recorded(as_hanako, open_request, changed_meanwhile):
    response = as_hanako.post(f"{request_path(open_request)}decisions/", changed_meanwhile)
    assert response.status_code == 409
    assert read(response).one("main").all(role="alert")
    assert "オレゴン州" in read(response).one("main").text
    assert Decision.objects.count() == 0


def test_hold_that_came_meanwhile_is_read_before_anything_is_answered(as_hanako, open_request):
    form = filled_in(request_form(read(as_hanako.get(request_path(open_request)))))
    Recipient.objects.filter(code="northwind-analytics").update(
        on_hold_from=timezone.now() - timedelta(days=1), on_hold_reason="事故の調査が終わるまで"
    )
    publish_as_it_is()
    data = {**form, "allowed": ["name"], "answer": "allow"}
    response = as_hanako.post(f"{request_path(open_request)}decisions/", data)
    assert response.status_code == 409
    assert "事故の調査が終わるまで" in read(response).one("main").text
    assert Decision.objects.count() == 0


def test_text_that_changed_meanwhile_comes_without_the_old_choice(as_hanako, open_request, changed_meanwhile):
    boxes = request_form(read(as_hanako.post(f"{request_path(open_request)}decisions/", changed_meanwhile))).all(
        type="checkbox"
    )
    assert len(boxes) == 3 and [box for box in boxes if "checked" in box.attributes] == []


def test_new_text_can_be_answered(as_hanako, hanako, open_request, changed_meanwhile):
    page = read(as_hanako.post(f"{request_path(open_request)}decisions/", changed_meanwhile))
    data = {**filled_in(request_form(page)), "allowed": ["name"], "valid_days": "30", "answer": "allow"}
    assert as_hanako.post(request_form(page)["action"], data).status_code == 302
    assert hanako.decisions.get().text["recipient"]["address"] == "アメリカ合衆国 オレゴン州"


def test_newly_published_scenario_is_a_changed_text(as_hanako, open_request):
    form = filled_in(request_form(read(as_hanako.get(request_path(open_request)))))
    Scenario.objects.filter(code="survey-results").update(body="新しい説明")
    publish_content(by=None)
    response = as_hanako.post(
        f"{request_path(open_request)}decisions/", {**form, "allowed": ["name"], "answer": "allow"}
    )
    assert response.status_code == 409
    assert "新しい説明" in read(response).one("main").text


def test_japanese_text_cannot_be_answered_as_english(as_hanako, open_request):
    form = filled_in(request_form(read(as_hanako.get(request_path(open_request)))))
    response = as_hanako.post(f"{request_path(open_request, '/en')}decisions/", {**form, "answer": "refuse"})
    assert response.status_code == 409
    assert Decision.objects.count() == 0


def test_second_answer_is_refused_and_the_first_one_stands(as_hanako, hanako, open_request):
    form = filled_in(request_form(read(as_hanako.get(request_path(open_request)))))
    path = f"{request_path(open_request)}decisions/"
    as_hanako.post(path, {**form, "answer": "refuse"})
    response = as_hanako.post(path, {**form, "answer": "allow", "allowed": ["name"]})
    assert response.status_code == 409
    assert codes(hanako.decisions.get()) == ([], sorted(QUESTION["items"]))
    assert f"/my/decisions/{hanako.decisions.get().id}/" in [link["href"] for link in read(response).all("a")]


@pytest.fixture
def expired_request(hanako, reporter):
    with clock_at(timezone.now() - timedelta(days=30)):
        return ask(hanako, reporter, days=14)


def test_expired_request_offers_no_form(as_hanako, expired_request):
    main = read(as_hanako.get(request_path(expired_request))).one("main")
    assert main.all("form") == [] and main.all(cls="expired")


def test_expired_request_cannot_be_answered(as_hanako, hanako, expired_request):
    with clock_at(timezone.now() - timedelta(days=20)):
        form = filled_in(request_form(read(as_hanako.get(request_path(expired_request)))))
    data = {**form, "allowed": ["name"], "answer": "allow"}
    response = as_hanako.post(f"{request_path(expired_request)}decisions/", data)
    assert response.status_code == 409
    assert hanako.decisions.count() == 0


def test_expired_request_is_not_among_those_that_wait(as_hanako, expired_request):
    assert request_path(expired_request) not in as_hanako.get("/my/").content.decode()
    assert len(read(as_hanako.get("/my/requests/")).one("main").all(cls="expired")) == 1


def test_reading_a_request_decides_nothing(as_hanako, open_request):
    for path in (request_path(open_request), "/my/requests/", "/my/"):
        as_hanako.get(f"{path}?answer=allow&allowed=name")
    assert Decision.objects.count() == 0


# --- Cost ------------------------------------------------------------------------------------------------------------


def test_cost_of_a_request_does_not_grow_with_its_items(as_hanako, hanako, reporter):
    small = ask(hanako, reporter, items=("name",))
    large = ask(hanako, reporter, recipient="minato-inn")
    assert statements(as_hanako, request_path(large)) == statements(as_hanako, request_path(small)) <= 11


@pytest.mark.parametrize("path", ["/my/", "/my/requests/"])
def test_cost_of_the_lists_does_not_grow_with_the_requests(as_hanako, hanako, reporter, path):
    recipients = ["minato-inn", "kotori-salon", "komorebi-toge", "mizutama-an", "aozora-gears", "hoshikuzu-books"]
    answer(hanako, ask(hanako, reporter, recipient=recipients[0]), "name")
    ask(hanako, reporter, recipient=recipients[1])
    few = statements(as_hanako, path)
    for recipient in recipients[2:4]:
        answer(hanako, ask(hanako, reporter, recipient=recipient), "name", "usage")
    for recipient in recipients[4:]:
        ask(hanako, reporter, recipient=recipient)
    assert statements(as_hanako, path) == few <= 9
