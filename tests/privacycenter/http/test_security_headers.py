"""What every answer tells the browser: no script but ours, no frame, no cache of what is personal."""

import os
import subprocess
import sys

import pytest
from django.contrib.staticfiles import finders

from tests.support.content import ROOT
from tests.support.html import read
from tests.support.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PUBLIC = ["/", "/where-provided/", "/en/faq/", "/changes/", "/accounts/login/", "/accounts/password/reset/"]
PERSONAL = [
    "/my/", "/my/disclosures/", "/my/recipients/", "/my/requests/", "/my/decisions/", "/en/my/",
    "/accounts/password/change/", "/my/settings/log-in/", "/accounts/logout/",
]  # fmt: skip
DESK = ["/admin/", "/admin/pending/", "/admin/disclosures/scenario/", "/admin/disclosures/site/1/change/"]
API = ["/api/v1/docs", "/api/v1/openapi.json"]
OTHERS = ["/no-such-page/", "/healthz", "/readyz"]


@pytest.fixture(params=[*PUBLIC, *PERSONAL, *DESK, *API, *OTHERS])
def response(request):
    """The answer to someone who may read it."""
    path = request.param
    reader = "as_hanako" if path in PERSONAL else "as_editor" if path in DESK else "client"
    found = request.getfixturevalue(reader).get(path)
    assert found.status_code == (404 if path == "/no-such-page/" else 200)
    return found


@pytest.fixture(params=["/my/disclosures/{disclosure}/", "/my/recipients/minato-inn/", "/my/requests/{request}/",
                        "/my/decisions/{decision}/"])  # fmt: skip
def personal_detail(request, as_hanako, disclosure, decision):
    ids = {"disclosure": disclosure.id, "decision": decision.id, "request": decision.request_id}
    return as_hanako.get(request.param.format(**ids))


def policy_of(response) -> dict[str, list[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";") if part.strip()]
    return {name: values for name, *values in parts}


def test_policy_allows_nothing_but_our_own_files(response):
    policy = policy_of(response)
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    # No other site, no inline, no eval.
    assert {source for values in policy.values() for source in values} <= {"'none'", "'self'", "data:"}


def test_answer_carries_the_headers_that_protect(response):
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    for feature in ("camera", "geolocation", "microphone"):
        assert f"{feature}=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", [*PUBLIC, "/api/v1/docs", "/no-such-page/"])
def test_page_for_anyone_needs_nothing_that_the_policy_forbids(client, path):
    assert forbidden_on(read(client.get(path))) == []


@pytest.mark.parametrize("path", PERSONAL)
def test_page_of_a_person_needs_nothing_that_the_policy_forbids(as_hanako, path):
    assert forbidden_on(read(as_hanako.get(path))) == []


@pytest.mark.parametrize("path", DESK)
def test_page_of_the_desk_needs_nothing_that_the_policy_forbids(as_editor, path):
    assert forbidden_on(read(as_editor.get(path))) == []


def forbidden_on(page) -> list[str]:
    """Scripts and styles in the page itself, and what is loaded from elsewhere."""
    data = ("application/json", "application/ld+json", "text/template")
    inline = [f"<{e.tag}> {e.text[:60]}" for e in [*page.all("script"), *page.all("style")]
              if e.tag == "style" or (not e["src"] and e["type"] not in data)]  # fmt: skip
    handlers = [name for e in page.descendants for name in e.attributes if name == "style" or name.startswith("on")]
    named = ("canonical", "alternate")
    loaded = [e["src"] or e["href"] for e in page.descendants
              if e.tag in ("script", "img", "iframe", "link") and e["rel"] not in named]  # fmt: skip
    return [*inline, *handlers, *(address for address in loaded if address and not address.startswith(("/", "data:")))]


def test_personal_page_needs_nothing_that_the_policy_forbids(personal_detail):
    assert personal_detail.status_code == 200
    assert forbidden_on(read(personal_detail)) == []


def test_personal_page_is_kept_by_no_cache(personal_detail):
    assert {"no-store", "private"} <= directives_of(personal_detail)


def directives_of(response) -> set[str]:
    return {directive.strip() for directive in response["Cache-Control"].split(",")}


@pytest.mark.parametrize("path", PERSONAL)
def test_page_of_a_person_is_kept_by_no_cache(as_hanako, path):
    assert {"no-store", "private"} <= directives_of(as_hanako.get(path))


@pytest.mark.parametrize("path", DESK)
def test_page_of_the_desk_is_kept_by_no_cache(as_editor, path):
    assert {"no-store", "private"} <= directives_of(as_editor.get(path))


def test_answers_that_refuse_are_kept_by_no_cache_either(as_hanako, open_request):
    path = f"/my/requests/{open_request.id}/decisions/"
    for data in ({"answer": "allow", "text_sha256": "0" * 64}, {"answer": "refuse", "text_sha256": "0" * 64}):
        response = as_hanako.post(path, data)
        assert response.status_code in (409, 422)
        assert "no-store" in directives_of(response)


def test_leading_to_log_in_is_kept_by_no_cache(client):
    response = client.get("/my/")
    assert response.status_code == 302
    assert "no-store" in directives_of(response)


def test_public_page_may_be_kept_by_any_cache_that_asks_again(client):
    assert directives_of(client.get("/where-provided/")) == {"public", "max-age=0", "must-revalidate"}


def test_cookies_are_out_of_reach_of_scripts(client, hanako):
    response = client.post("/accounts/login/", {"login": "hanako", "password": PASSWORD})
    assert response.cookies["sessionid"]["httponly"] and response.cookies["sessionid"]["samesite"] == "Lax"
    cookies = client.get("/my/").cookies
    assert cookies["csrftoken"]["httponly"] and cookies["csrftoken"]["samesite"] == "Lax"


PRODUCTION = {
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "privacy.example",
    "RECEIPT_SIGNING_KEY": "k" * 43,
    "LOG_SIGNING_KEY": "l" * 43,
    "DEFAULT_FROM_EMAIL": "privacy@example.com",
    "TRUSTED_PROXIES": "1",
}
NAMES = """
import django; django.setup()
from django.conf import settings
from privacycenter.http.messages import PrefixedCookieStorage
for name in ("SESSION", "CSRF", "LANGUAGE"):
    print(getattr(settings, f"{name}_COOKIE_NAME"), getattr(settings, f"{name}_COOKIE_SECURE"))
print(PrefixedCookieStorage.cookie_name, settings.SESSION_COOKIE_SECURE)
"""


def cookie_names(**environment) -> list[str]:
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    known |= {"DJANGO_SETTINGS_MODULE": "privacycenter.settings", **environment}
    done = subprocess.run([sys.executable, "-c", NAMES], cwd=ROOT, env=known, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_cookies_of_production_are_bound_to_this_host_and_to_https():
    assert cookie_names(**PRODUCTION) == [
        f"__Host-{name} True" for name in ("sessionid", "csrftoken", "django_language", "messages")
    ]


def test_cookies_of_a_trial_run_work_without_https():
    assert [name.endswith("False") for name in cookie_names(DEMO="1")] == [True] * 4


def test_cookie_with_the_prefix_is_one_that_browsers_keep(client, hanako, settings):
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get("/accounts/login/", secure=True)
    client.post("/accounts/login/", {"login": "hanako", "password": PASSWORD}, secure=True)
    assert {"__Host-sessionid", "__Host-csrftoken"} <= client.cookies.keys()
    for name in ("__Host-sessionid", "__Host-csrftoken"):
        cookie = client.cookies[name]
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_record_is_not_offered_to_search_engines(as_hanako):
    assert "noindex" in read(as_hanako.get("/my/")).one("meta", name="robots")["content"]


def test_documentation_of_the_api_loads_only_files_that_are_there(client):
    page = read(client.get("/api/v1/docs"))
    addresses = [e["src"] or e["href"] for e in page.descendants if e.tag in ("script", "link")]
    names = [address.removeprefix("/static/") for address in addresses if address]
    assert names and [name for name in names if not finders.find(name)] == []
