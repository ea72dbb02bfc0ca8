"""The main story from outside, step by step, through HTTP alone."""

import re

import pytest

from tests.support.api import QUESTION, approval_question, cloud_event

pytestmark = pytest.mark.django_db


def text_hash(page) -> str:
    return re.search(r'name="text_sha256" value="(\w+)"', page.content.decode())[1]


def test_story_a_disclosure_is_reported_once_and_seen_by_its_person_alone(api, as_hanako, as_taro):
    results = api.report(cloud_event("1"), cloud_event("2", items=[]), cloud_event("3")).json()["results"]
    assert [result["status"] for result in results] == ["created", "invalid", "created"]
    assert (results[1]["index"], results[1]["problem"]["field"]) == (1, "data.items")
    again = api.report(cloud_event("1"), cloud_event("3")).json()["results"]
    assert [result["status"] for result in again] == ["duplicate", "duplicate"]

    assert "湯宿 みなと" in as_hanako.get("/my/").content.decode()
    address = f"/my/disclosures/{results[0]['disclosure']}/"
    page = as_hanako.get(address).content.decode()
    for words in ("氏名", "電話番号", "湯宿 みなと", "じゃらんnet", "ネット予約", "じゃらんnet予約システム"):
        assert words in page
    assert as_taro.get(address).status_code == 404


def test_story_a_person_is_asked_answers_withdraws_and_is_warned(api, as_hanako):
    before = api.check().json()
    assert (before["allowed"], before["reason"]) == (False, "no_decision")

    filed = api.post("/approval-requests", approval_question())
    assert filed.status_code == 201
    overview = as_hanako.get("/my/").content.decode()
    address = re.search(r"/my/requests/[0-9a-f-]{36}/", overview)[0]
    page = as_hanako.get(address)
    assert "nameを使う理由" in page.content.decode()

    answered = as_hanako.post(
        f"{address}decisions/",
        {"answer": "allow", "allowed": ["name", "usage"], "valid_days": "30", "text_sha256": text_hash(page)},
    )
    decision = answered["Location"]
    check = api.check().json()
    assert check["items"] == {"name": True, "survey-answers": False, "usage": True}
    assert (check["allowed"], check["reason"]) == (False, "partly_allowed")
    assert api.check(items=["name", "usage"]).json()["allowed"] is True

    as_hanako.post(f"{decision}withdrawals/")
    assert api.check().json()["reason"] == "withdrawn"
    history = as_hanako.get("/my/decisions/").content.decode()
    assert history.count("/my/decisions/0") == 2

    event = {**{key: QUESTION[key] for key in ("recipient", "service", "scenario")}, "ground": "approval"}
    reported = api.report(cloud_event("after", **event, items=["name"], time=now())).json()["results"][0]
    assert (reported["status"], reported["flagged"], reported["flags"]) == ("created", True, ["withdrawn"])
    assert "flagged=on" in as_hanako.get("/my/").content.decode()


def now() -> str:
    from django.utils import timezone

    return timezone.now().isoformat()
