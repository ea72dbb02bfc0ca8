"""What every page tells browsers: the rules of Mozilla Observatory, and what evaluators of policies look for (CSP 3)."""

import re

import pytest
from django.test import Client

from tests.support.every_page import desk_client, desk_paths, filled_site, persons_paths, public_paths
from tests.support.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# What stands in for a whole policy if it may come from anywhere, or be written into a page.
LOOSE = re.compile(r"'unsafe-[a-z-]+'|\*|(^|\s)(https?|wss?|data|blob|filesystem):(\s|$)")
PREVIEW = "/admin/preview/"
SAFE_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
# The desk shows the preview beside the form.
NOBODY, OURSELVES = ("'none'", "DENY"), ("'self'", "SAMEORIGIN")
ELSEWHERE = re.compile(r'<(?:script|link|iframe|object|embed)\s[^>]*?(?:src|data|href)="(?:https?:)?//', re.I)
INLINE = re.compile(
    r"<script(?![^>]*(?:\ssrc=|type=\"application/(?:ld\+)?json\"))[^>]*>|<style|\sstyle=|\son[a-z]+=\"", re.I
)


def policy_of(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";") if part.strip())
    return {name: values for name, _space, values in parts}


def faults_of(response, framed_by=NOBODY) -> list[str]:
    """The rules that one page breaks."""
    policy, page = policy_of(response), response.content.decode()
    rules = {
        "nothing is allowed that is not named": policy.get("default-src") == "'none'",
        "scripts are our files": policy.get("script-src") == "'self'",
        "styles are our files": policy.get("style-src") == "'self'",
        "no plug-ins": policy.get("object-src", policy.get("default-src")) == "'none'",
        "no other base": policy.get("base-uri") == "'none'",
        "in no frame": (policy.get("frame-ancestors"), response["X-Frame-Options"]) == framed_by,
        "forms go to us": policy.get("form-action", "").split()[:1] == ["'self'"],
        "no source is loose": not [name for name, one in policy.items() if name != "img-src" and LOOSE.search(one)],
        "pictures are our files or in the page": set(policy.get("img-src", "").split()) <= {"'self'", "data:"},
        "types are not guessed": response["X-Content-Type-Options"] == "nosniff",
        "addresses are not told to others": response["Referrer-Policy"] in SAFE_REFERRERS,
        "windows of others do not reach it": response["Cross-Origin-Opener-Policy"] == "same-origin",
        "no device is asked for": "camera=()" in response["Permissions-Policy"],
        "others may not read it": "Access-Control-Allow-Origin" not in response,
        "nothing is loaded from elsewhere": not ELSEWHERE.search(without_links(page)),
        "nothing runs that stands in the page": not INLINE.search(page),
        "cookies are kept from scripts and other sites": all(
            one["httponly"] and one["samesite"] in ("Lax", "Strict")
            for one in response.cookies.values()
            if one["max-age"] != 0
        ),
    }
    return [rule for rule, holds in rules.items() if not holds]


def without_links(page: str) -> str:
    """The page without addresses that only say something of it (canonical, translations)."""
    return re.sub(r'<link\s[^>]*?rel="(?:canonical|alternate|license)"[^>]*>|<link\s[^>]*?hreflang=[^>]*>', "", page)


def broken(client: Client, paths) -> dict[str, list[str]]:
    found = {
        path: faults_of(client.get(path), OURSELVES if path.removeprefix(PREVIEW) not in (path, "") else NOBODY)
        for path in paths
    }
    assert len(found) > 10
    return {path: faults for path, faults in found.items() if faults}


@pytest.fixture
def site(db):
    return filled_site()


def test_public_pages_keep_the_rules(client, site):
    assert broken(client, public_paths()) == {}


def test_pages_of_a_person_keep_the_rules(site):
    assert broken(client_of(site.hanako), persons_paths(site)) == {}


def test_pages_of_the_desk_keep_the_rules(site):
    assert broken(desk_client(site), desk_paths(site)) == {}


def test_pages_of_the_log_in_keep_the_rules(client, hanako):
    paths = [
        f"/accounts/{path}" for path in ("login/", "logout/", "password/reset/", "password/reset/done/", "inactive/")
    ]
    own = client_of(hanako)
    assert {path: faults for path in paths if (faults := faults_of(client.get(path, follow=True)))} == {}
    own.post("/my/settings/exit/", {"address": "https://weather.example/"})
    assert faults_of(own.post("/my/exits/")) == []


@pytest.mark.parametrize("changed", [("script-src 'self'", "script-src 'self' 'unsafe-inline'"), ("base-uri 'none'", ""),
                                     ("default-src 'none'", "default-src *"), ("form-action 'self'", "form-action https:")])  # fmt: skip
def test_weaker_policy_breaks_a_rule(client, changed):
    response = client.get("/")
    assert faults_of(response) == []
    response.headers["Content-Security-Policy"] = response["Content-Security-Policy"].replace(*changed)
    assert faults_of(response) != []
