"""POST and GET /approval-requests: a person is asked once, and not again soon after saying no."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from consents.asking.api import ApprovalQuestion
from consents.asking.decision_actions import withdraw_decision
from consents.models import ApprovalRequest
from consents.models.public_ids import public_id
from disclosures.models import Recipient, Scenario, Service
from disclosures.reporters.actions import create_reporter
from privacycenter.canonical import sha256_of
from privacycenter.models import User
from tests.support.api import Api, approval_question
from tests.support.asking import answer
from tests.support.clock import clock_at

pytestmark = pytest.mark.django_db


def items(*codes, **more):
    return [{"code": code, "purpose": "理由", "consequence": "影響", **more} for code in codes]


def days(number):
    return (timezone.now() + timedelta(days=number)).isoformat()


def asked_at(api, moment, **more):
    """Ask at that time; returns the request."""
    with clock_at(moment):
        filed = api.ask(expires_at=(moment + timedelta(days=14)).isoformat(), **more)
        assert filed.status_code == 201
        return ApprovalRequest.objects.get(id=filed.json()["id"].partition("-")[2])


@pytest.fixture
def other_api(db):
    other, other.secret = create_reporter(code="homes", title="Homes", services=["suumo"])
    return Api(other)


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_ask_files_a_request_that_waits(api, hanako):
    filed = api.ask()
    assert filed.status_code == 201
    body = filed.json()
    assert (body["state"], body["decision"], body["valid_days"]) == ("open", None, 90)
    assert body["items"] == {"name": None, "survey-answers": None, "usage": None}
    assert hanako.approval_requests.count() == 1


def test_ask_again_gives_the_one_that_waits(api, hanako):
    first, second = api.ask(), api.ask(expires_at=days(20), valid_days=5)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert hanako.approval_requests.count() == 1


def test_ask_about_another_recipient_is_another_request(api, hanako):
    assert [api.ask().status_code, api.ask(recipient="kotori-salon").status_code] == [201, 201]


def test_ask_about_another_service_is_another_request(api, hanako):
    assert [api.ask().status_code, api.ask(service="hotpepper-gourmet").status_code] == [201, 201]


def test_ask_another_person_is_another_request(api, hanako, taro):
    assert [api.ask().status_code, api.ask(subject=taro.subject).status_code] == [201, 201]


def test_ask_a_person_not_seen_before_waits_for_the_first_log_in(api):
    assert api.ask(subject="not-seen-before").status_code == 201
    person = User.objects.get(subject="not-seen-before")
    assert (person.approval_requests.count(), person.has_usable_password()) == (1, False)


def test_ask_after_the_time_ran_out_unanswered_is_a_new_request(api, hanako):
    old = asked_at(api, timezone.now() - timedelta(days=30))
    again = api.ask()
    assert (again.status_code, again.json()["id"] != public_id(old)) == (201, True)


@pytest.mark.parametrize("text", ["一文", {"ja": "一文"}, {"ja": "一文", "en": "One sentence"}])
def test_ask_with_texts_in_one_or_two_languages_keeps_them(api, hanako, text):
    api.ask(items=[{"code": "name", "purpose": text, "consequence": text}])
    request = hanako.approval_requests.get()
    assert request.purposes == {"name": text if isinstance(text, dict) else {"ja": text}}
    assert request.consequences == request.purposes


@pytest.mark.parametrize(("language", "shown"), [("", "日本語"), ("/en", "English")])
def test_ask_in_two_languages_is_read_in_the_persons_own(api, as_hanako, hanako, language, shown):
    api.ask(items=items("name", purpose={"ja": "目的は日本語", "en": "purpose in English"}))
    page = as_hanako.get(f"{language}/my/requests/{hanako.approval_requests.get().id}/")
    assert shown in page.content.decode()


def test_ask_with_markup_in_a_text_shows_it_as_text(api, as_hanako, hanako):
    api.ask(items=items("name", purpose="<script>alert(1)</script>"))
    page = as_hanako.get(f"/my/requests/{hanako.approval_requests.get().id}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(("name", "value"), [("expires_at", 89), ("valid_days", 1), ("valid_days", 1095)])
def test_ask_at_the_limits_is_accepted(api, hanako, name, value):
    assert api.ask(**{name: days(value) if name == "expires_at" else value}).status_code == 201


# --- After a no -------------------------------------------------------------------------------------------------------


def test_ask_after_a_refusal_gives_the_refused_one(api, hanako, open_request):
    answer(hanako, open_request)
    again = api.ask()
    assert (again.status_code, again.json()["state"]) == (200, "refused")
    assert again.json()["id"] == public_id(open_request)


@pytest.mark.parametrize(("days_since", "status"), [(89, 200), (91, 201)])
def test_ask_after_a_refusal_rests_for_90_days(api, hanako, days_since, status):
    then = timezone.now() - timedelta(days=days_since)
    request = asked_at(api, then)
    with clock_at(then):
        answer(hanako, request)
    assert api.ask().status_code == status


@pytest.mark.parametrize(
    ("codes", "status"),
    [(("survey-answers",), 200), (("name", "survey-answers"), 200), (("name",), 201), (("name", "usage"), 201)],
)
def test_ask_after_a_partial_refusal_rests_for_the_refused_items(api, decision, codes, status):
    assert api.ask(items=items(*codes)).status_code == status


@pytest.mark.parametrize(("codes", "status"), [(("name",), 200), (("usage", "name"), 200), (("survey-answers",), 200)])
def test_ask_after_a_withdrawal_gives_the_withdrawn_one(api, open_request, withdrawal, codes, status):
    again = api.ask(items=items(*codes))
    assert (again.status_code, again.json()["state"], again.json()["id"]) == (
        status, "withdrawn", public_id(open_request),
    )  # fmt: skip


def test_ask_after_a_withdrawal_rests_for_90_days_from_the_withdrawal(api, hanako):
    then = timezone.now() - timedelta(days=120)
    request = asked_at(api, then)
    with clock_at(then):
        allowed = answer(hanako, request, "name", "usage", "survey-answers")
    with clock_at(timezone.now() - timedelta(days=30)):
        withdraw_decision(decision_id=allowed.id, language="ja", by=hanako)
    assert api.ask().status_code == 200


def test_ask_about_another_recipient_after_a_refusal_is_possible(api, hanako, open_request):
    answer(hanako, open_request)
    assert api.ask(recipient="kotori-salon").status_code == 201


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "status", "name", "field"),
    [
        ({"expires_at": days(-1)}, 422, "invalid-value", "expires_at"),
        ({"expires_at": days(91)}, 422, "invalid-value", "expires_at"),
        ({"expires_at": "2026-12-01T10:00:00"}, 422, "invalid-value", "expires_at"),
        ({"expires_at": "0001-01-01T00:00:00+14:00"}, 422, "invalid-value", "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, 422, "invalid-value", "expires_at"),
        ({"expires_at": None}, 422, "invalid-value", "expires_at"),
        ({"valid_days": 0}, 422, "invalid-value", "valid_days"),
        ({"valid_days": -1}, 422, "invalid-value", "valid_days"),
        ({"valid_days": 1096}, 422, "invalid-value", "valid_days"),
        ({"valid_days": 10**300}, 422, "invalid-value", "valid_days"),
        ({"valid_days": "30"}, 422, "invalid-value", "valid_days"),
        ({"valid_days": True}, 422, "invalid-value", "valid_days"),
        ({"valid_days": 1.5}, 422, "invalid-value", "valid_days"),
        ({"valid_days": float("nan")}, 422, "invalid-value", "valid_days"),
        ({"items": items("name", "phone")}, 422, "invalid-value", "items[1]"),
        ({"scenario": "point-programme", "items": items("name")}, 422, "invalid-value", "recipient"),
        ({"items": items("name", "name")}, 422, "invalid-value", "items[1]"),
        ({"items": []}, 422, "invalid-value", "items"),
        ({"items": items("shoe-size")}, 422, "unknown-code", "items[0]"),
        ({"items": items("name", purpose="")}, 422, "invalid-value", "items[0].purpose.ja"),
        ({"items": items("name", purpose=" \u3000 ")}, 422, "invalid-value", "items[0].purpose.ja"),
        ({"items": items("name", purpose={"en": "English alone"})}, 422, "invalid-value", "items[0].purpose.ja"),
        ({"items": items("name", purpose={"ja": "一文", "fr": "une phrase"})}, 422, "invalid-value", "items[0].purpose.fr"),
        ({"items": items("name", purpose="a" * 501)}, 422, "invalid-value", "items[0].purpose.ja"),
        ({"items": items("name", purpose="a\x00b")}, 422, "invalid-value", "items[0].purpose.ja"),
        ({"items": items("name", purpose="\ud800")}, 422, "invalid-value", "items[0].purpose.ja"),
        ({"items": items("name", purpose="\u200b")}, 422, "invalid-value", "items[0].purpose.ja"),
        ({"items": items("name", purpose="\u3164")}, 422, "invalid-value", "items[0].purpose.ja"),
        ({"items": items("name", purpose="集計の\u202eいせまし供提")}, 422, "invalid-value", "items[0].purpose.ja"),
        ({"items": items("name", consequence={"ja": "影響", "en": "\u2066x"})}, 422, "invalid-value", "items[0].consequence.en"),
        ({"items": items("name", purpose=3)}, 422, "invalid-value", "items[0].purpose"),
        ({"items": items("name", value="太郎")}, 422, "invalid-value", "items[0].value"),
        ({"scenario": "online-booking", "items": items("name")}, 422, "approval-not-needed", "scenario"),
        ({"scenario": "nothing"}, 422, "unknown-code", "scenario"),
        ({"recipient": "nobody"}, 422, "unknown-code", "recipient"),
        ({"service": "suumo"}, 403, "service-not-yours", "service"),
        ({"subject": ""}, 422, "invalid-value", "subject"),
        ({"subject": "a\x00"}, 422, "invalid-value", "subject"),
        ({"surprise": 1}, 422, "invalid-value", "surprise"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else repr(value)[:60],
)  # fmt: skip
def test_ask_with_a_wrong_value_is_refused_and_asks_nobody(api, hanako, change, status, name, field):
    refused = api.ask(**change)
    body = refused.json()
    assert (refused.status_code, refused["Content-Type"]) == (status, "application/problem+json")
    assert (body["type"], body["field"]) == (f"urn:privacycenter:problem:{name}", field)
    assert not ApprovalRequest.objects.exists()


def test_ask_with_a_wrong_value_makes_no_person(api):
    api.ask(subject="typo", valid_days=0)
    api.ask(subject="typo", recipient="nobody")
    assert not User.objects.filter(subject="typo").exists()


@pytest.mark.parametrize(
    ("model", "code", "field"),
    [
        (Recipient, "northwind-analytics", "recipient"),
        (Service, "jalan", "service"),
        (Scenario, "survey-results", "scenario"),
    ],
)
def test_ask_about_something_retired_is_refused(api, hanako, model, code, field):
    model.objects.filter(code=code).update(retired_at=timezone.now())
    refused = api.ask()
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (422, "retired-code")
    assert refused.json()["field"] == field


# --- Looking ----------------------------------------------------------------------------------------------------------


def state(api, request):
    return api.get(f"/approval-requests/{public_id(request)}").json()


def test_request_is_seen_as_it_was_filed(api, hanako):
    filed = api.ask().json()
    seen = api.get(f"/approval-requests/{filed['id']}")
    assert (seen.status_code, seen.json()) == (200, filed)


def test_request_that_was_answered_says_what_is_allowed(api, open_request, decision):
    seen = state(api, open_request)
    assert (seen["state"], seen["decision"]) == ("partly_allowed", str(decision.id))
    assert seen["items"] == {"name": True, "survey-answers": False, "usage": True}


@pytest.mark.parametrize(("allowed", "expected"), [((), "refused"), (("name", "survey-answers", "usage"), "allowed")])
def test_request_that_was_answered_whole_says_so(api, hanako, open_request, allowed, expected):
    answer(hanako, open_request, *allowed)
    assert state(api, open_request)["state"] == expected


def test_request_that_was_withdrawn_allows_nothing(api, open_request, withdrawal):
    seen = state(api, open_request)
    assert (seen["state"], set(seen["items"].values())) == ("withdrawn", {False})


def test_request_that_ran_out_is_expired(api, hanako):
    assert state(api, asked_at(api, timezone.now() - timedelta(days=30)))["state"] == "expired"


def test_request_is_seen_by_another_reporter_of_its_service(open_request):
    second, second.secret = create_reporter(code="second", title="Second", services=["jalan"])
    assert state(Api(second), open_request)["state"] == "open"


def test_request_of_another_reporter_is_404(other_api, open_request):
    assert other_api.get(f"/approval-requests/{public_id(open_request)}").status_code == 404


def test_request_that_does_not_exist_looks_like_one_of_another_reporter(other_api, hanako, open_request):
    foreign = other_api.get(f"/approval-requests/{public_id(open_request)}")
    missing = other_api.get(f"/approval-requests/{hanako.pk:x}-{uuid4().hex}")
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)


def test_request_with_another_persons_part_is_404(api, open_request, taro):
    assert api.get(f"/approval-requests/{taro.pk:x}-{open_request.id.hex}").status_code == 404


@pytest.mark.parametrize(
    "id",
    [
        "0", "-", "1-", "-1", "1", "x-y", "1-zz", "..",
        "ffffffffffffffffff-0190a6f1000070008000000000000000",
        "8000000000000000-0190a6f1000070008000000000000000", "-1-0190a6f1000070008000000000000000", "宿", "1" * 5000,
        "0-0190a6f1000070008000000000000000", "%F0%9F%98%80", "a b", "1-0190a6f1-0000-7000-8000-00000000000",
    ],
)  # fmt: skip
def test_request_with_a_nonsense_id_is_404(api, open_request, id):
    answered = api.get(f"/approval-requests/{id}")
    assert (answered.status_code, answered["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("id", ["%00", "1-%00"])
def test_request_with_an_id_that_no_address_can_hold_is_refused(api, open_request, id):
    answered = api.get(f"/approval-requests/{id}")
    assert (answered.status_code, answered["Content-Type"]) == (400, "application/problem+json")


# --- How long the data is kept ---------------------------------------------------------------------------------------


def an_item(**more) -> dict:
    return {"code": "name", "purpose": "理由", "consequence": "影響", **more}


def test_how_long_the_recipient_keeps_an_item_is_stored(api):
    assert api.ask(items=[an_item(retention_days=45)]).status_code == 201
    assert ApprovalRequest.objects.get().retention_days == {"name": 45}


def test_what_is_not_stated_is_not_made_up(api):
    assert api.ask(items=[an_item(retention_days=None)]).status_code == 201
    assert ApprovalRequest.objects.get().retention_days == {}


@pytest.mark.parametrize("days", [0, -1, 36_526, "45", 4.5, True, {}])
def test_period_that_is_none_is_refused_with_its_field(api, days):
    refused = api.ask(items=[an_item(retention_days=days)])
    assert (refused.status_code, refused.json()["field"]) == (422, "items[0].retention_days")
    assert not ApprovalRequest.objects.exists()


def test_key_of_a_body_of_before_is_still_that_bodys(api):
    body = {**approval_question(), "items": [an_item()]}
    of_before = {
        **body, "expires_at": ApprovalQuestion(**body).model_dump(mode="json")["expires_at"],
        "items": [{**an_item(), "purpose": {"ja": "理由", "en": None}, "consequence": {"ja": "影響", "en": None}}],
    }  # fmt: skip
    assert ApprovalQuestion(**body).sha256() == sha256_of(of_before)
    stated = {**body, "items": [an_item(retention_days=45)]}
    assert ApprovalQuestion(**stated).sha256() != ApprovalQuestion(**body).sha256()
