"""Who may call: machines with a token, as long as we want."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from allauth.idp.oidc.models import Client as OAuthClient
from allauth.idp.oidc.models import Token
from django.apps import apps
from django.test import Client
from django.utils import timezone

from disclosures.models import Disclosure, Reporter
from disclosures.reporters.tokens import SCOPES
from tests.support.api import QUESTION, Api, approval_question, cloud_event

pytestmark = pytest.mark.django_db

BATCH = "application/cloudevents-batch+json"
CALLS = {
    "disclosures": ("post", "/disclosures", "disclosures:write"),
    "reports": ("get", "/disclosures?subject=subject-hanako&event_id=event-1", "disclosures:read"),
    "report": ("get", "/disclosures/5a0c1b7e-2d4f-8a61-b3c2-9d8e7f605142?subject=subject-hanako", "disclosures:read"),
    "catalogue": ("get", "/catalogue", "permissions:read"),
    "permission-checks": ("post", "/permission-checks", "permissions:read"),
    "approval-requests": ("post", "/approval-requests", "requests:write"),
    "approval-request": ("get", "/approval-requests/1-0190a6f1000070008000000000000000", "requests:write"),
    "decisions": ("get", "/decisions", "decisions:read"),
}
every_call = pytest.mark.parametrize(("method", "path", "scope"), CALLS.values(), ids=CALLS)


def call(method, path, authorization=None):
    headers = {"Authorization": authorization} if authorization is not None else {}
    if method == "get":
        return Client().get(f"/api/v1{path}", headers=headers)
    bodies = {
        "/disclosures": [cloud_event()],
        "/permission-checks": QUESTION,
        "/approval-requests": approval_question(),
    }
    content_type = BATCH if path == "/disclosures" else "application/json"
    return Client().post(f"/api/v1{path}", json.dumps(bodies[path]), content_type=content_type, headers=headers)


def assert_problem(answer, status, name):
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (body["type"], body["status"]) == (f"urn:privacycenter:problem:{name}", status)
    assert body["title"]
    assert body["detail"]
    return body


def assert_unauthorized(answer):
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert_problem(answer, 401, "unauthorized")


@every_call
@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "bearer \u00e9", "Bearer " + "a" * 5000],
)
def test_call_without_a_valid_token_is_401(db, method, path, scope, authorization):
    assert_unauthorized(call(method, path, authorization))
    assert not Disclosure.objects.exists()


@every_call
def test_call_with_an_expired_token_is_401(api, method, path, scope):
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert_unauthorized(call(method, path, f"Bearer {api.token}"))


@every_call
def test_call_of_a_stopped_reporter_is_401_at_once(api, method, path, scope):
    Reporter.objects.update(stopped_at=timezone.now())
    assert_unauthorized(call(method, path, f"Bearer {api.token}"))


@every_call
def test_call_of_a_client_that_is_no_reporter_is_401(db, method, path, scope):
    client = OAuthClient(name="stranger", grant_types="client_credentials", response_types="")
    client.set_secret("a secret")
    client.set_scopes(list(SCOPES))
    client.save()
    token = Token(type="at", client=client, expires_at=timezone.now() + timedelta(minutes=15), scopes=client.scopes)
    token.set_value("made without us")
    token.save()
    assert_unauthorized(call(method, path, "Bearer made without us"))


@every_call
def test_call_with_a_revoked_token_is_401(api, method, path, scope):
    Token.objects.all().delete()
    assert_unauthorized(call(method, path, f"Bearer {api.token}"))


@every_call
def test_call_without_its_scope_is_403_and_names_it(reporter, method, path, scope):
    token = Api(reporter, [other for other in SCOPES if other != scope]).token
    body = assert_problem(call(method, path, f"Bearer {token}"), 403, "insufficient-scope")
    assert scope in body["detail"]


@every_call
def test_call_with_its_scope_alone_is_let_in(reporter, hanako, method, path, scope):
    answer = call(method, path, f"Bearer {Api(reporter, [scope]).token}")
    assert answer.status_code in (200, 201, 404)


@every_call
def test_call_by_a_person_who_is_logged_in_is_401(as_hanako, method, path, scope):
    answer = as_hanako.get(f"/api/v1{path}") if method == "get" else as_hanako.post(
        f"/api/v1{path}", "{}", content_type="application/json"
    )  # fmt: skip
    assert_unauthorized(answer)


def test_permission_check_without_a_token_says_not_allowed(db):
    assert call("post", "/permission-checks").json()["allowed"] is False


def test_token_in_the_address_is_not_taken(api):
    answer = Client().get("/api/v1/catalogue", {"access_token": api.token})
    assert_unauthorized(answer)


# --- Tokens -----------------------------------------------------------------------------------------------------------


def ask_for_token(reporter, **more):
    values = {
        "grant_type": "client_credentials",
        "client_id": reporter.client_id,
        "client_secret": reporter.secret,
        **more,
    }
    form = urlencode({name: value for name, value in values.items() if value is not None})
    return Client().post("/api/v1/token", form, content_type="application/x-www-form-urlencoded")


def test_token_is_given_for_a_quarter_of_an_hour(reporter):
    answer = ask_for_token(reporter, scope="permissions:read").json()
    assert (answer["token_type"], answer["expires_in"], answer["scope"]) == ("Bearer", 900, "permissions:read")
    row = Token.objects.get()
    assert abs(row.expires_at - timezone.now() - timedelta(minutes=15)) < timedelta(seconds=30)


def test_token_without_a_scope_named_has_the_reporters_scopes(reporter):
    assert set(ask_for_token(reporter).json()["scope"].split()) == set(SCOPES)


def test_token_is_never_cached(reporter):
    assert "no-store" in ask_for_token(reporter)["Cache-Control"]


@pytest.mark.parametrize(
    "wrong", [{"client_secret": "wrong"}, {"client_secret": ""}, {"client_id": "nobody"}, {"client_secret": None}]
)
def test_token_with_wrong_credentials_is_401(reporter, wrong):
    answer = ask_for_token(reporter, **wrong)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert not Token.objects.exists()


def test_token_with_an_unknown_scope_is_400(reporter):
    answer = ask_for_token(reporter, scope="permissions:read admin")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert not Token.objects.exists()


@pytest.mark.parametrize("grant_type", ["password", "authorization_code", "refresh_token", "", None])
def test_token_by_another_grant_is_400(reporter, grant_type):
    answer = ask_for_token(reporter, grant_type=grant_type, username="hanako", password="x")
    assert answer.status_code == 400
    assert not Token.objects.exists()


def test_token_is_not_given_for_get(reporter):
    assert Client().get("/api/v1/token", {"grant_type": "client_credentials"}).status_code == 405


def test_secret_and_token_are_nowhere_in_the_clear(reporter, api):
    api.report(cloud_event())
    stored = [
        str(value)
        for model in apps.get_models(include_auto_created=True)
        for row in model._base_manager.values_list()
        for value in row
    ]
    assert any(reporter.client_id in value for value in stored)  # the search does find what is there
    assert not [value for value in stored if reporter.secret in value or api.token in value]


# --- Errors of the API itself ----------------------------------------------------------------------------------------


def test_address_that_leads_nowhere_is_a_problem(api):
    assert_problem(api.get("/nothing"), 404, "not-found")


@pytest.mark.parametrize("path", ["/permission-checks/batch", "/permission-checks", "/heartbeats"])
def test_method_that_is_not_offered_is_a_problem(api, path):
    answer = api.get(path)
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"


def test_openapi_document_names_every_call_and_its_problems(client):
    document = client.get("/api/v1/openapi.json").json()
    for path in ("disclosures", "catalogue", "permission-checks", "approval-requests", "decisions", "token"):
        assert f"/api/v1/{path}" in document["paths"]
    for method, path, _scope in CALLS.values():
        address = path.partition("?")[0]
        if address.count("/") == 1:
            assert {"401", "403", "503"} <= {*document["paths"][f"/api/v1{address}"][method]["responses"]}
