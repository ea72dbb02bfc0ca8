"""The API as its own description says it is: made-up requests to every call, and a page for people."""

import json
import re
from contextlib import contextmanager

import hypothesis
import jsonschema_rs
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis import checks as say
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from privacycenter import errors
from privacycenter.api import api_reference
from privacycenter.api.wiring import api as our_api
from privacycenter.errors import PROBLEM_TYPE, Refusal
from privacycenter.templatetags.site import code
from privacycenter.wsgi import application
from tests.support.api import Api
from tests.support.content import ROOT
from tests.support.examples import examples
from tests.support.html import read

pytestmark = pytest.mark.django_db

CHECKS = [
    say.not_a_server_error, content_type_conformance, response_headers_conformance, response_schema_conformance,
    status_code_conformance,
]  # fmt: skip
DOCUMENT = our_api.get_openapi_schema()
CALLS = [(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods]
MADE_UP = hypothesis.settings(
    max_examples=examples(20), deadline=None, derandomize=True, database=None,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def described():
    found = schemathesis.openapi.from_dict(DOCUMENT)
    found.app = application
    return found


@contextmanager
def connection_kept():
    """A request through WSGI ends with closing its connection, and with it the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("method", "path"), CALLS, ids=lambda value: value)
def test_every_answer_to_made_up_requests_is_as_described(described, reporter, decision, settings, method, path):
    settings.API_RATE_LIMIT = 100_000
    token = Api(reporter).token

    @MADE_UP
    @hypothesis.given(case=described[path][method].as_strategy())
    def answered(case):
        authorization = {} if path.endswith("/token") else {"Authorization": f"Bearer {token}"}
        case.headers = {**(case.headers or {}), **authorization}
        case.call_and_validate(checks=CHECKS)

    with connection_kept():
        answered()


def examples_of(media):
    return [media["example"]] if "example" in media else [one["value"] for one in media.get("examples", {}).values()]


def contents_of(operation):
    """Each body that is sent or answered: where it stands, and what the document says of it."""
    for media, about in operation.get("requestBody", {}).get("content", {}).items():
        yield media, about
    for status, answer in operation["responses"].items():
        for media, about in answer.get("content", {}).items():
            yield f"{status} {media}", about


def examples_shown(about):
    """The examples of a body, or else those of its schema: as the page for people finds them."""
    return [json.loads(one.text) for one in api_reference.examples(DOCUMENT, about)]


@pytest.mark.parametrize(("method", "path"), CALLS, ids=lambda value: value)
def test_every_body_of_every_call_has_examples_that_fit_its_schema(method, path):
    bodies = list(contents_of(DOCUMENT["paths"][path][method.lower()]))
    assert bodies
    for name, about in bodies:
        schema = {**about["schema"], "components": DOCUMENT["components"]}
        assert examples_shown(about), f"{name} has no example"
        for example in examples_shown(about):
            jsonschema_rs.validate(schema, example)


@pytest.mark.parametrize(("method", "path"), CALLS, ids=lambda value: value)
def test_every_call_has_examples_and_says_how_it_fails(method, path):
    operation = DOCUMENT["paths"][path][method.lower()]
    assert operation["summary"] and operation["description"]
    if path.endswith("/token"):
        assert {"200", "400", "401", "413", "415", "429", "503"} <= {str(status) for status in operation["responses"]}
        return
    assert {"400", "401", "403", "429", "500", "503"} <= {*map(str, operation["responses"])}
    assert operation["security"][0]["OAuth2"]
    for status, answer in operation["responses"].items():
        if int(status) >= 400:
            problem = answer["content"]["application/problem+json"]
            assert all(one["status"] == int(status) for one in examples_of(problem))


def test_every_reference_in_the_document_leads_somewhere():
    found = set(re.findall(r"'\$ref': '#/components/(\w+)/([\w-]+)'", str(DOCUMENT)))
    assert found
    assert not [(kind, name) for kind, name in found if name not in DOCUMENT["components"][kind]]


def test_token_has_the_scopes_that_calls_need():
    flow = DOCUMENT["components"]["securitySchemes"]["OAuth2"]["flows"]["clientCredentials"]
    needed = {
        scope
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        for one in operation.get("security", ())
        for scope in one["OAuth2"]
    }
    assert (flow["tokenUrl"], needed) == ("/api/v1/token", set(flow["scopes"]))


# --- The page for people ----------------------------------------------------------------------------------------------


def test_page_of_the_api_shows_every_call_and_needs_no_script(client):
    page = read(client.get("/api/v1/docs"))
    assert page.one("html")["lang"] == "en"
    for method, path in CALLS:
        assert f"{method} {path}" in page.text
    assert not page.all("script")
    assert {link["href"][1:] for link in page.all("a") if (link["href"] or "").startswith("#")} <= {
        element["id"] for element in page.all() if element["id"]
    }


# --- Problem types ----------------------------------------------------------------------------------------------------


def refusals(of=Refusal):
    for refusal in of.__subclasses__():
        yield refusal
        yield from refusals(refusal)


def test_every_problem_type_is_documented_with_its_status_and_what_to_do():
    """Those of ``privacycenter.errors``, and any that another module makes of ``Refusal``."""
    table = (ROOT / "docs" / "api.md").read_text().partition("## Problem types")[2].partition("\n## ")[0]
    rows = {
        name: [cell.strip() for cell in line.strip("| ").split("|")]
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([\w-]+)`", line.split("|")[1])
    }
    wanted = [
        refusal for refusal in refusals() if refusal.__module__.startswith(("privacycenter", "disclosures", "consents"))
    ]
    assert errors.InvalidValue in wanted
    for refusal in wanted:
        assert refusal.name in rows, f"docs/api.md does not explain {PROBLEM_TYPE}{refusal.name}"
        _name, status, meaning, what_to_do = rows[refusal.name]
        assert str(refusal.status) in status or "others" in status, refusal.name
        assert meaning and what_to_do


def test_reference_sets_code_apart_and_escapes_the_rest():
    assert code("see `POST /x` & ``a<b``") == "see <code>POST /x</code> &amp; <code>a&lt;b</code>"
