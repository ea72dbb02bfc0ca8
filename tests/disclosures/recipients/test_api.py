"""PUT /recipients/<code> and POST /recipients: what a service may propose, and what it is worth until it is published."""

import json

import pytest
from django.utils import timezone

from consents.checking.checks import Reason
from disclosures.content.held_copy import held_copy
from disclosures.ledger.events import INVALID
from disclosures.models import Disclosure, Flag, Recipient, Revision
from disclosures.publishing.actions import publish_content
from disclosures.reporters.actions import change_reporter, create_reporter
from tests.support.api import Api, cloud_event
from tests.support.desk import desk, save
from tests.support.html import read

pytestmark = pytest.mark.django_db

INN = {"name": {"ja": "湯宿 さざなみ", "en": "Yuyado Sazanami"}, "country": "JP"}


def put(api, code="sazanami", **more):
    return api.client.put(
        f"/api/v1/recipients/{code}",
        json.dumps({**INN, **more}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {api.token}"},
    )


def batch(api, *recipients):
    return api.post("/recipients", {"recipients": list(recipients)})


def problem_of(response):
    problem = response.json()
    return response.status_code, problem["type"].rpartition(":")[2], problem.get("field", "")


@pytest.fixture
def api(reporter):
    return Api(reporter)


@pytest.fixture
def other(db):
    made, made.secret = create_reporter(code="homes", title="SUUMO", services=["suumo"])
    return Api(made)


def test_new_recipient_is_proposed(api, reporter):
    response = put(api, address="静岡県熱海市1-2", url="https://sazanami.example/", contact="info@sazanami.example")
    assert response.status_code == 201
    assert response.json() == {"code": "sazanami", "status": "created", "state": "proposed"}
    row = Recipient.objects.get(code="sazanami")
    assert (row.title, row.title_en, row.address, row.url) == (
        "湯宿 さざなみ", "Yuyado Sazanami", "静岡県熱海市1-2", "https://sazanami.example/",
    )  # fmt: skip
    assert row.proposed_by_id == reporter.pk
    assert row.position > Recipient.objects.get(code="minato-inn").position


def test_revision_names_the_reporter_and_no_member_of_staff(api, reporter, as_editor):
    put(api)
    revision = Revision.objects.get(code="sazanami")
    assert (revision.changed_by, revision.reporter) == (None, reporter)
    assert "じゃらんnet予約システム" in read(as_editor.get("/admin/history/")).one("main").text


def test_repeated_call_changes_nothing(api):
    put(api)
    response = put(api)
    assert (response.status_code, response.json()["status"]) == (200, "unchanged")
    assert Revision.objects.filter(code="sazanami").count() == 1


def test_what_is_left_out_stays_and_what_is_empty_goes(api):
    put(api, address={"ja": "熱海", "en": "Atami"}, contact="info@sazanami.example")
    response = put(api, name="湯宿 漣", address="")
    row = Recipient.objects.get(code="sazanami")
    assert (response.status_code, response.json()["status"]) == (200, "updated")
    assert (row.title, row.title_en, row.contact) == ("湯宿 漣", "Yuyado Sazanami", "info@sazanami.example")
    assert row.texts("address") == {}


def test_checks_say_no_until_an_editor_publishes_it(api):
    put(api)
    question = {"subject": "subject-hanako", "service": "jalan", "scenario": "online-booking", "items": ["name"]}
    answer = api.post("/permission-checks", {**question, "recipient": "sazanami"}).json()
    assert (answer["allowed"], answer["reason"]) == (False, Reason.RECIPIENT_ON_HOLD)
    publish_content(by=None)
    answer = api.post("/permission-checks", {**question, "recipient": "sazanami"}).json()
    assert (answer["allowed"], answer["reason"]) == (True, Reason.NO_APPROVAL_NEEDED)


def test_report_is_kept_and_flagged_until_then(api):
    put(api)
    (result,) = api.report(cloud_event(recipient="sazanami")).json()["results"]
    assert (result["status"], result["flags"]) == ("created", ["recipient_undeclared"])
    row = Disclosure.objects.get(recipient__code="sazanami")
    assert Flag.RECIPIENT_UNDECLARED in Flag(row.flags)


def test_catalogue_shows_it_on_hold(api):
    put(api)
    found = {one["code"]: one for one in api.get("/catalogue").json()["recipients"]}
    assert found["sazanami"]["on_hold"] == {"since": None, "until": None}
    assert found["minato-inn"]["on_hold"] is None


def test_change_of_a_published_recipient_waits_for_an_editor(api, client):
    put(api)
    publish_content(by=None)
    response = put(api, name="湯宿 漣")
    assert response.json() == {"code": "sazanami", "status": "updated", "state": "waiting"}
    assert read(client.get("/recipients/sazanami/")).one("h1").text == "湯宿 さざなみ"
    publish_content(by=None)
    assert read(client.get("/recipients/sazanami/")).one("h1").text == "湯宿 漣"
    assert put(api, name="湯宿 漣").json()["state"] == "published"


def test_proposal_waits_among_the_changes_of_the_desk(api, as_editor):
    put(api)
    assert held_copy().document["recipients"]["sazanami"]["title"]["en"] == "Yuyado Sazanami"
    assert "sazanami" in read(as_editor.get("/admin/pending/")).one("main").text


@pytest.mark.parametrize("code", ["minato-inn", "sazanami"])
def test_code_of_somebody_else_is_refused(api, other, code):
    put(api)
    before = Recipient.objects.get(code=code).title
    assert problem_of(put(other, code, name="のっとり")) == (403, "recipient-not-yours", "code")
    assert Recipient.objects.get(code=code).title == before


def test_recipient_that_an_editor_retired_is_refused(api):
    put(api)
    Recipient.objects.filter(code="sazanami").update(retired_at=timezone.now())
    assert problem_of(put(api, name="湯宿 漣")) == (422, "retired-code", "code")
    assert Recipient.objects.get(code="sazanami").title == "湯宿 さざなみ"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"country": "QQ"}, (422, "unknown-code", "country")),
        ({"country": "ZZ"}, (422, "unknown-code", "country")),
        ({"country": "jp"}, (422, "invalid-value", "country")),
        ({"name": {"en": "No Japanese"}}, (422, "invalid-value", "name.ja")),
        ({"name": "　"}, (422, "invalid-value", "name.ja")),
        ({"name": "x" * 201}, (422, "invalid-value", "name.ja")),
        ({"name": {"ja": "宿", "en": "x" * 201}}, (422, "invalid-value", "name.en")),
        ({"url": "https://user:pw@inn.example/"}, (422, "invalid-value", "url")),
        ({"contact": "https://user:pw@inn.example/"}, (422, "invalid-value", "contact")),
        ({"url": "javascript:alert(1)"}, (422, "invalid-value", "url")),
        ({"contact": "x" * 301}, (422, "invalid-value", "contact")),
        ({"adress": "熱海"}, (422, "invalid-value", "adress")),
    ],
)  # fmt: skip
def test_wrong_value_is_refused_with_its_field(api, wrong, expected):
    assert problem_of(put(api, **wrong)) == expected
    assert not Recipient.objects.filter(code="sazanami").exists()


@pytest.mark.parametrize("code", ["Sazanami", "-x", "x" * 61, "abroad"])
def test_wrong_code_is_refused(api, code):
    assert problem_of(put(api, code)) == (422, "invalid-value", "code")


def test_scope_is_needed(reporter):
    api = Api(reporter, scopes=["disclosures:write"])
    assert problem_of(put(api))[:2] == (403, "insufficient-scope")
    assert problem_of(batch(api, {"code": "a", **INN}))[:2] == (403, "insufficient-scope")


def test_paused_reporter_proposes_nothing(api, reporter):
    type(reporter).objects.filter(pk=reporter.pk).update(paused_at=timezone.now())
    assert problem_of(put(api))[:2] == (503, "reporter-paused")


def test_scope_that_is_taken_away_is_refused_from_the_next_call_on(api, reporter):
    change_reporter(reporter=reporter, scopes=["permissions:read"])
    assert problem_of(put(api))[:2] == (403, "insufficient-scope")


# --- Batches ---------------------------------------------------------------------------------------------------------


def test_batch_takes_each_that_is_right(api, other):
    put(other, "suumo-tower")
    response = batch(
        api,
        {"code": "one", **INN},
        {"code": "suumo-tower", **INN},
        {"code": "two", "name": "二"},
        {"code": "one", **INN},
        "nothing",
        {"code": "three", **INN, "country": "QQ"},
        {"code": "four", **INN},
    )
    results = response.json()["results"]
    assert [one["index"] for one in results] == [*range(7)]
    assert [one["status"] for one in results] == ["created", *[INVALID] * 5, "created"]
    assert [one["problem"]["type"].rpartition(":")[2] for one in results if "problem" in one] == [
        "recipient-not-yours", "invalid-value", "invalid-value", "invalid-value", "unknown-code",
    ]  # fmt: skip
    assert results[2]["problem"]["field"] == "country"
    positions = Recipient.objects.filter(code__in=["one", "four"]).values_list("position", flat=True)
    assert len({*positions}) == 2


def test_batch_of_more_than_a_thousand_is_refused(api):
    response = batch(api, *({"code": f"r-{number}", **INN} for number in range(1001)))
    assert problem_of(response) == (422, "invalid-value", "recipients")
    assert not Recipient.objects.filter(code="r-0").exists()


def test_batch_costs_a_few_statements(api, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        response = batch(api, *({"code": f"r-{number}", **INN} for number in range(1000)))
    assert {one["status"] for one in response.json()["results"]} == {"created"}


# --- What an editor has corrected --------------------------------------------------------------------------------------


@pytest.fixture
def corrected(api, as_editor):
    """The service's recipient, with its Japanese name and its address corrected at the desk."""
    put(api, address="静岡県熱海市1-2")
    save(as_editor, desk(Recipient, "sazanami"), title="湯宿 漣", address="静岡県熱海市1-2-3")
    return Recipient.objects.get(code="sazanami")


def stored(code="sazanami"):
    row = Recipient.objects.get(code=code)
    return row.title, row.title_en, row.address, row.contact


def test_saying_the_same_again_leaves_a_correction(api, corrected):
    assert put(api, address="静岡県熱海市1-2").json()["status"] == "unchanged"
    assert stored()[:3] == ("湯宿 漣", "Yuyado Sazanami", "静岡県熱海市1-2-3")


def test_saying_something_new_beside_leaves_a_correction_for_good(api, corrected):
    for contact in ("info@sazanami.example", "privacy@sazanami.example"):
        assert put(api, address="静岡県熱海市1-2", contact=contact).json()["status"] == "updated"
        assert stored() == ("湯宿 漣", "Yuyado Sazanami", "静岡県熱海市1-2-3", contact)


def test_what_a_service_says_anew_replaces_a_correction(api, corrected):
    assert put(api, address="静岡県伊東市9").json()["status"] == "updated"
    assert stored()[:3] == ("湯宿 漣", "Yuyado Sazanami", "静岡県伊東市9")


def test_saying_that_nothing_is_known_for_the_first_time_is_something_new(api, as_editor):
    put(api)
    save(as_editor, desk(Recipient, "sazanami"), address="静岡県熱海市1-2-3")
    assert put(api, address="").json()["status"] == "updated"
    assert stored()[2] == ""


def test_corrections_stay_in_a_batch_too(api, corrected):
    named = [{"code": "sazanami", **INN, "address": "静岡県熱海市1-2"}, {"code": "isonami", **INN}]
    assert [one["status"] for one in batch(api, *named).json()["results"]] == ["unchanged", "created"]
    assert stored()[0] == "湯宿 漣"
