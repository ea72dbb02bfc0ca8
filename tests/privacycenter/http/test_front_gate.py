"""What can be read in two ways is refused at the gate, and kept by nobody."""

import pytest
from django.conf import settings as project
from django.test import Client

from disclosures.public import page_cache
from privacycenter.http.proxies import TrustedProxies
from privacycenter.operation.metrics import requests_counter

pytestmark = pytest.mark.django_db

SITE = "https://privacy.example"


@pytest.fixture(autouse=True)
def production(settings):
    settings.ALLOWED_HOSTS, settings.SITE_ADDRESS, settings.VISITED_DIRECTLY = ["privacy.example"], SITE, False
    settings.TRUSTED_PROXIES = TrustedProxies(count=1)


def get(path="/", host="privacy.example", **environ):
    return Client().get("/", headers={"host": host}, **{"PATH_INFO": path, **environ})


def assert_refused(response):
    assert response.status_code == 400
    assert response["Cache-Control"] == "no-store" and not response.cookies
    assert len(response.content) < 100 and response["Content-Type"].startswith("text/plain")
    assert page_cache.kept.pages == {} and page_cache._parameters == {}


def test_gate_is_the_outermost_middleware():
    assert project.MIDDLEWARE[0] == "privacycenter.http.front_gate.strict_front_gate"


@pytest.mark.parametrize(("prefix", "path"), [("/glossary", "/"), ("/en", "/glossary/"), ("//evil.example", "/")])
def test_request_with_a_path_prefix_is_refused(prefix, path):
    assert_refused(get(path, SCRIPT_NAME=prefix))


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/en/changes/",
        "//",
        "///en/",
        "/\\evil.example/en/",
        "*",
        "glossary/",
        "/glossary/\0",
        "/en/\r\nA: b",
    ],
)
def test_request_with_a_strange_path_is_refused(path):
    assert_refused(get(path))


@pytest.mark.parametrize(
    "host",
    ["evil.example", "privacy.example:8443", "privacy.example:80", "privacy.example:x", "privacy.example.evil.example",
     "a@privacy.example", "", "privacy.example, evil.example"],
)  # fmt: skip
def test_request_for_another_host_or_port_is_refused(host):
    assert_refused(get(host=host, SERVER_PORT="8000"))


@pytest.mark.parametrize("host", ["privacy.example", "privacy.example:443", "PRIVACY.example", "privacy.example."])
def test_request_for_the_site_passes(host):
    assert get(host=host).status_code == 200


@pytest.mark.parametrize(
    "target", ["http://evil.example/", "https://privacy.example:1/", "http:/", "*", "privacy.example:443"]
)
def test_request_whose_target_names_another_site_is_refused(target):
    assert_refused(get(RAW_URI=target))


@pytest.mark.parametrize("target", ["/", "http://privacy.example/", "https://PRIVACY.example/?q=1", "/?q=http://evil/"])
def test_request_whose_target_names_this_site_passes(target):
    assert get(RAW_URI=target).status_code == 200


def test_request_with_two_schemes_is_refused():
    assert_refused(get(HTTP_X_FORWARDED_PROTO="https,http"))


def test_probe_is_also_answered_at_the_port_that_is_listened_on():
    assert get("/healthz", host="privacy.example:8000", SERVER_PORT="8000").status_code == 200
    assert_refused(get("/", host="privacy.example:8000", SERVER_PORT="8000"))
    assert_refused(get("/healthz", host="privacy.example:8001", SERVER_PORT="8000"))


def test_trial_run_is_visited_at_the_port_that_is_listened_on(settings):
    settings.VISITED_DIRECTLY = True
    assert get(host="privacy.example:8000", SERVER_PORT="8000").status_code == 200
    assert get(host="privacy.example:8001", SERVER_PORT="8000").status_code == 400


def test_refusal_under_the_api_is_a_problem():
    response = get("/api/v1/permission-checks", host="evil.example")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["type"] == "urn:privacycenter:problem:bad-request" and response.json()["allowed"] is False


def test_refusal_is_counted_and_says_nothing_of_the_request(caplog):
    before = requests_counter("refused", "GET", 400)._value.get()
    response = get("//evil.example/", host="evil.example")
    assert requests_counter("refused", "GET", 400)._value.get() == before + 1
    lines = [record.getMessage() for record in caplog.records if record.name == "privacycenter.access"]
    assert len(lines) == 1 and "refused" in lines[0]
    assert "evil" not in response.content.decode() + lines[0]


def test_kept_page_is_the_same_under_every_host(settings):
    settings.ALLOWED_HOSTS = [".privacy.example"]
    pages = {get("/glossary/", host=f"{name}.privacy.example").content for name in ("a", "b")}
    assert len(pages) == 1 == len(page_cache.kept.pages)
    assert f'rel="canonical" href="{SITE}/glossary/"'.encode() in pages.pop()


@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt", "/.well-known/security.txt"])
def test_file_for_machines_names_the_site_whoever_asks(settings, path):
    settings.ALLOWED_HOSTS = ["*"]
    text = get(path, host="elsewhere.example").content.decode()
    assert SITE in text and "elsewhere" not in text
