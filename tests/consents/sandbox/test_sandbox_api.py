"""The sandbox in the API: a service tries out weeks within a test, with people it made up."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from consents.models import Decision, MadeUpPerson
from disclosures.reporters.actions import create_reporter
from disclosures.reporters.tokens import SCOPES, scopes_explained
from privacycenter.models import ClockMove, SandboxMail, User
from privacycenter.outbox.working import work_off
from privacycenter.sandbox.reading import read_clock
from tests.support.api import Api, cloud_event
from tests.support.log import seal_and_sign
from tests.support.people import make_user
from tests.support.sandbox import forward

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(sandbox):
    return an_api("travel")


def an_api(code):
    reporter, secret = create_reporter(
        code=code, title="じゃらんnet予約システム", services=["jalan", "hotpepper-gourmet"]
    )
    reporter.secret = secret
    return Api(reporter, scopes_explained())


@pytest.fixture
def kenji(api):
    return api.post("/sandbox/people", {"subject": "kenji", "name": "健二", "mails": "daily"}).json()


def ask(api, **more):
    return api.ask(subject="kenji", **more).json()


def allow(api, asked, *codes, **more):
    return api.post("/sandbox/people/kenji/answers", {"request": asked["id"], "allow": list(codes), **more})


def worked():
    work_off()
    read_clock()


# --- People -----------------------------------------------------------------------------------------------------------


def test_person_is_made_up_once_and_can_be_renamed(api, kenji):
    again = api.post("/sandbox/people", {"subject": "kenji", "name": "健三"})
    assert (again.status_code, again.json()["name"], again.json()["address"]) == (200, "健三", kenji["address"])
    assert User.objects.count() == 1 and kenji["address"].endswith("@sandbox.invalid")


def test_person_without_anything_said_gets_a_subject(api):
    made = api.post("/sandbox/people", {})
    assert made.status_code == 201 and made.json()["subject"].startswith("made-up-")


def test_person_who_was_reported_about_before_can_log_in_from_then_on(api):
    api.report(cloud_event(subject="kenji"))
    link = api.post("/sandbox/people", {"subject": "kenji"}).json()["log_in"]
    client = Client()
    client.post(path_of(link))
    assert "湊" in client.get("/my/").content.decode() or client.get("/my/").status_code == 200


def path_of(link):
    return re.sub(r"^https?://[^/]+", "", link)


def test_link_shows_whom_it_is_for_and_its_button_logs_in(api, kenji):
    client = Client()
    page = client.get(path_of(kenji["log_in"]))
    assert "健二" in page.content.decode() and "_auth_user_id" not in client.session
    assert client.post(path_of(kenji["log_in"])).headers["Location"] == "/my/"
    assert client.get("/my/").context["user"].subject == "kenji"


def test_link_that_was_changed_opens_nothing(api, kenji):
    assert Client().post(path_of(kenji["log_in"])[:-2] + "x/").status_code == 404


def test_link_never_leads_to_staff_or_to_who_was_not_made_up(api, kenji):
    User.objects.filter(subject="kenji").update(is_staff=True)
    assert Client().post(path_of(kenji["log_in"])).status_code == 404


@pytest.mark.parametrize("subject", ["subject-editor", "subject-hanako"])
def test_somebody_with_an_account_is_not_made_up(api, subject):
    make_user("hanako"), make_user("editor", is_staff=True)
    found = api.post("/sandbox/people", {"subject": subject})
    assert (found.status_code, found.json()["field"]) == (422, "subject") and not MadeUpPerson.objects.exists()


def test_people_of_another_reporter_are_theirs_alone(api, kenji):
    other = an_api("other")
    asked = ask(api)
    assert other.post("/sandbox/people", {"subject": "kenji"}).status_code == 422
    assert allow(other, asked, "name").status_code == 404
    assert other.get("/sandbox/people/kenji/mails").status_code == 404
    assert other.get("/sandbox/people").json()["data"] == []
    assert [one["subject"] for one in api.get("/sandbox/people").json()["data"]] == ["kenji"]
    assert not Decision.objects.exists()


def test_people_are_listed_in_pages(api):
    for name in "abc":
        api.post("/sandbox/people", {"subject": name})
    first = api.get("/sandbox/people?limit=2").json()
    rest = api.get(f"/sandbox/people?limit=2&after={first['next']}").json()
    assert [one["subject"] for one in first["data"] + rest["data"]] == ["c", "b", "a"] and rest["next"] is None


# --- What they do -----------------------------------------------------------------------------------------------------


def test_request_is_answered_and_withdrawn_without_a_browser(api, kenji):
    asked = ask(api)
    answered = allow(api, asked, "name", "usage", valid_days=30)
    assert (answered.status_code, answered.json()["state"], answered.json()["items"]["name"]) == (
        201,
        "partly_allowed",
        True,
    )
    assert api.check(subject="kenji", items=["name"]).json()["allowed"] is True
    ended = api.post("/sandbox/people/kenji/withdrawals", {"decision": answered.json()["decision"]})
    assert (ended.status_code, ended.json()["state"]) == (201, "withdrawn")
    assert api.check(subject="kenji", items=["name"]).json()["allowed"] is False


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"request": "1-x", "allow": []}, 404), ({"allow": []}, 422), ({"request": None, "allow": ["fax"]}, 422),
        ({"request": None, "allow": [], "valid_days": 91}, 422), ({"request": None, "allow": [], "language": "xx"}, 422),
    ],
    ids=str,
)  # fmt: skip
def test_wrong_answer_is_refused_and_decides_nothing(api, kenji, sent, status):
    if "request" in sent:
        sent = {**sent, "request": sent["request"] or ask(api)["id"]}
    assert api.post("/sandbox/people/kenji/answers", sent).status_code == status
    assert not Decision.objects.exists()


def test_second_answer_is_refused(api, kenji):
    asked = ask(api)
    assert [allow(api, asked).status_code, allow(api, asked, "name").status_code] == [201, 409]


def test_request_of_somebody_else_is_not_answered(api, kenji):
    api.post("/sandbox/people", {"subject": "other"})
    asked = ask(api)
    found = api.post("/sandbox/people/other/answers", {"request": asked["id"], "allow": []})
    assert found.status_code == 404 and not Decision.objects.exists()


def test_recall_reaches_the_feed_of_recalls(api, kenji):
    api.report(cloud_event(subject="kenji"))
    filed = api.post("/sandbox/people/kenji/recalls", {"kind": "delete"})
    worked()
    assert filed.status_code == 201
    assert [one["recall"] for one in api.get("/recalls").json()["data"]] == filed.json()["recalls"]


# --- Weeks within a test ----------------------------------------------------------------------------------------------


def move(api, **change):
    found = api.post("/sandbox/clock", change)
    worked()
    return found


def test_request_expires_when_the_clock_is_put_forward(api, kenji):
    asked = ask(api)
    worked()
    moved = move(api, forward="P15D")
    assert moved.status_code == 201 and moved.json()["due"] > 0
    assert api.get("/sandbox/clock").json()["due"] == 0
    assert api.get(f"/approval-requests/{asked['id']}").json()["state"] == "expired"
    assert [one["type"] for one in api.get("/decisions").json()["data"]] == ["request.expired"]
    assert allow(api, asked, "name").status_code == 409


def test_cool_down_is_over_after_ninety_days(api, kenji):
    asked = ask(api)
    allow(api, asked)
    assert ask(api)["id"] == asked["id"]
    move(api, forward="P89D")
    assert ask(api)["id"] == asked["id"]
    move(api, forward="P2D")
    assert ask(api)["id"] != asked["id"]


def test_reminder_comes_by_mail_and_stays_in_the_sandbox(api, kenji, mailoutbox):
    allow(api, ask(api), "name")
    move(api, forward="P80D")
    move(api, forward="P1D")
    mails = api.get("/sandbox/people/kenji/mails").json()["data"]
    assert mails and all(one["subject_line"].startswith("[sandbox]") for one in mails)
    assert mailoutbox == [] and SandboxMail.objects.filter(address=kenji["address"]).count() == len(mails)


def test_withdrawal_case_becomes_overdue(api, kenji):
    answered = allow(api, ask(api), "name").json()
    event = cloud_event(subject="kenji", recipient="northwind-analytics", scenario="survey-results", items=["name"],
                        ground="approval", time=timezone.now().isoformat())  # fmt: skip
    assert api.report(event).json()["results"][0]["flagged"] is False
    move(api, forward="PT1M")
    api.post("/sandbox/people/kenji/withdrawals", {"decision": answered["decision"]})
    worked()
    case = api.get("/decisions").json()["data"][-1]["case"]
    assert api.get(f"/withdrawal-cases/{case}").json()["due_at"] > timezone.now().isoformat()
    move(api, forward="P15D")
    assert api.get(f"/withdrawal-cases/{case}").json()["due_at"] < timezone.now().isoformat()


def test_token_lasts_as_long_as_before_and_then_ends(api):
    move(api, forward="P100D")
    assert api.get("/sandbox/clock").status_code == 200
    forward(minutes=16)
    assert api.get("/sandbox/clock").status_code == 401


def test_clock_is_put_to_a_time(api):
    to = timezone.now().replace(microsecond=0).isoformat().replace("2026", "2027")
    assert [move(api, to=to).status_code, move(api, to=to).status_code] == [201, 200]
    assert api.get("/sandbox/clock").json()["moves"][0]["by"] == "travel"


@pytest.mark.parametrize("change", [{}, {"forward": "14"}, {"forward": "P1Y"}, {"forward": "P0D"}, {"forward": "-P1D"},
                                    {"forward": "P9999D"}, {"forward": "P99999999999D"},
                                    {"forward": "P1D", "to": "2027-01-01T00:00:00Z"}])  # fmt: skip
def test_wrong_move_is_refused_with_its_field(api, change):
    found = api.post("/sandbox/clock", change)
    assert found.status_code == 422 and found.json()["field"] == "forward" and ClockMove.objects.count() == 1


def test_nothing_that_the_clock_did_is_a_fault(api, kenji, capsys):
    allow(api, ask(api), "name")
    api.report(cloud_event(subject="kenji", time=timezone.now().isoformat()))
    forward(days=40)
    call_command("verify_ledger")
    worked()
    seal_and_sign()
    ask(api, items=[{"code": "usage", "purpose": "x", "consequence": "y"}])
    forward(days=400)
    worked()
    seal_and_sign()
    call_command("verify_ledger")
    assert "Everything is as it was written" in capsys.readouterr().out


# --- Anywhere else ----------------------------------------------------------------------------------------------------

CALLS = (
    ("get", "/sandbox/clock"), ("post", "/sandbox/clock"), ("post", "/sandbox/people"), ("get", "/sandbox/people"),
    ("post", "/sandbox/people/x/answers"), ("post", "/sandbox/people/x/withdrawals"), ("post", "/sandbox/people/x/recalls"),
    ("get", "/sandbox/people/x/mails"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_there_is_no_such_call_outside_of_a_sandbox(reporter, method, path):
    api = Api(reporter, SCOPES)
    found = api.get(path) if method == "get" else api.post(path, {})
    assert found.status_code == 404 and not User.objects.exists()
    assert Client().get("/api/v1" + path).status_code in (404, 405)


def test_nobody_outside_has_the_scope_or_reads_of_it(reporter):
    assert "sandbox:write" not in reporter.client.get_scopes()
    assert "sandbox" not in Client().get("/api/v1/openapi.json").content.decode()


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_call_needs_its_scope(sandbox, method, path):
    made, secret = create_reporter(code="other", title="別のシステム", services=["jalan"], scopes=SCOPES)
    made.secret = secret
    api = Api(made)
    assert (api.get(path) if method == "get" else api.post(path, {})).status_code == 403
    assert Client().generic(method.upper(), "/api/v1" + path).status_code == 401


@pytest.mark.parametrize(
    "name",
    ["", " ", "\u3000\u3000", "花\u202e子", "花\u200e子", "\u2066花子\u2069", "花\u2028子", "花\x85子", "花\u200b子", "\ufeff花子", "\u2800", "x" * 151],
)  # fmt: skip
def test_name_that_nobody_could_read_is_refused_with_a_word(api, name):
    answer = api.post("/sandbox/people", {"subject": "kenji", "name": name})
    assert (answer.status_code, answer.json()["field"]) == (422, "name")
    assert not MadeUpPerson.objects.exists()


@pytest.mark.parametrize("name", ["健二", " 健 二 ", "أحمد", "नमस्ते", "O’Neil", "👩‍👧 Family", "김 철수"])
def test_name_of_any_script_is_taken(api, name):
    assert api.post("/sandbox/people", {"subject": "kenji", "name": name}).json()["name"] == name.strip()
