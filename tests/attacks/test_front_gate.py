"""Hostile requests, as bytes, by every way in. What counts is what the *next* visitor gets."""

import re

import pytest

from tests.support.production import ADDRESS, HOST, WAYS

pytestmark = pytest.mark.once

EVIL = "evil.example"
HTTP = "HTTP/1.1"

# A second request in what one side takes for the body of the first.
SMUGGLED = f"\r\n\r\n0\r\n\r\nGET /faq/ HTTP/1.1\r\nHost: {EVIL}\r\nX-Rest: a"

# What is sent for a page before anybody else has asked for it: the request line, more headers, and the Host header.
# `{page}` is the page's path, `{below}` its last part.
HOSTILE = {
    "prefix in a header": ("GET {page}", ["SCRIPT_NAME: {parent}"], HOST),
    "prefix in another spelling": ("GET {page}", ["script_name: {parent}"], HOST),
    "prefix of a language": ("GET {page}", ["SCRIPT_NAME: /en"], HOST),
    "prefix with a hyphen": ("GET {page}", ["SCRIPT-NAME: {parent}"], HOST),
    "path in a header": ("GET {page}", ["PATH_INFO: /faq/", "Path-Info: /faq/"], HOST),
    "two slashes": (f"GET //{EVIL}{{page}}", [], HOST),
    "two slashes, one encoded": (f"GET /%2F{EVIL}{{page}}", [], HOST),
    "backslash": (f"GET /\\{EVIL}{{page}}", [], HOST),
    "absolute form of another site": (f"GET http://{EVIL}{{page}}", [], HOST),
    "absolute form with two slashes": (f"GET https://{HOST}//{EVIL}{{page}}", [], HOST),
    "another host": ("GET {page}", [], EVIL),
    "odd port": ("GET {page}", [], f"{HOST}:8443"),
    "port of the server": ("GET {page}", [], f"{HOST}:8000"),
    "host with credentials": ("GET {page}", [], f"{HOST}@{EVIL}"),
    "two hosts": ("GET {page}", [f"Host: {EVIL}"], HOST),
    "forwarded host": ("GET {page}", [f"X-Forwarded-Host: {EVIL}", f"Forwarded: host={EVIL}", "X-Forwarded-Port: 1"], HOST),
    "forwarded host with underscores": ("GET {page}", [f"X_Forwarded_Host: {EVIL}", "X_Forwarded_Proto: http"], HOST),
    "two schemes": ("GET {page}", ["X-Forwarded-Proto: http", "X-Forwarded-Ssl: off", "X-Forwarded-Protocol: http"], HOST),
    "rewritten path": ("GET {page}", ["X-Original-URL: /faq/", "X-Rewrite-URL: /faq/", "X-Forwarded-Prefix: /x"], HOST),
    "another method": ("GET {page}", ["X-HTTP-Method-Override: DELETE", "X-HTTP-Method: POST", "X-Method: PUT"], HOST),
    "language and cookies": ("GET {page}", ["Accept-Language: en", "Cookie: django_language=en; sessionid=x"], HOST),
    "part of the page": ("GET {page}", ["Range: bytes=0-9", "Accept-Encoding: identity;q=0, *;q=0"], HOST),
    "body with a GET": ("GET {page}", ["Transfer-Encoding: chunked", "Content-Length: 4" + SMUGGLED], HOST),
    "long line": ("GET {page}?" + "a" * 20_000, [], HOST),
    "long header": ("GET {page}", ["X-Long: " + "a" * 40_000], HOST),
    "many headers": ("GET {page}", [f"X-{number}: a" for number in range(300)], HOST),
    "NUL": ("GET {page}%00", [], HOST),
    "folded header": ("GET {page}", ["X-One: a", f"\tHost: {EVIL}"], HOST),
    "fragment": ("GET {page}#/faq/", [], HOST),
}  # fmt: skip
# What no server behind nginx or HAProxy may be needed to refuse; directly, and through a proxy that passes on, it is 400.
REFUSED = [
    "prefix in a header", "prefix in another spelling", "prefix of a language", "path in a header", "two slashes",
    "two slashes, one encoded", "backslash", "absolute form of another site", "absolute form with two slashes",
    "another host", "odd port", "port of the server", "host with credentials", "two hosts",
    "forwarded host with underscores", "body with a GET", "long line", "long header", "many headers", "NUL", "folded header",
]  # fmt: skip
TIMES = 4  # two processes answer: each has had it, as far as chance goes


@pytest.fixture(scope="module")
def pages(site):
    """Pages with an address of two parts that nobody has asked for yet. The first part of each is a page as well."""
    found = re.findall(
        r"<loc>[^<]*?(/(?:recipients|services)/[a-z0-9-]+/)</loc>", site.way("direct").get("/sitemap.xml").text
    )
    pages = [page for page in dict.fromkeys(found) if not page.endswith("/abroad/")]
    assert len(pages) >= len(HOSTILE)
    return pages


def bytes_of(way, page, line, headers, host):
    parent = page.rstrip("/").rpartition("/")[0]
    said = [
        one for one in way.said if not one.startswith("X-Forwarded-Proto") or "X-Forwarded-Proto" not in str(headers)
    ]
    lines = [f"{line} {HTTP}", f"Host: {host}", *said, "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).format(page=page, parent=parent).encode("latin-1")


@pytest.mark.parametrize("name", WAYS)
def test_hostile_request_changes_nothing_for_the_next_visitor(site, pages, name):
    way, wrong = site.way(name), []
    site.begin_anew()
    # Each attack has a page of its own: what is kept already cannot be replaced.
    for page, (what, (line, headers, host)) in zip(pages, HOSTILE.items(), strict=False):
        given = [way.send(bytes_of(way, page, line, headers, host)) for _time in range(TIMES)]
        refused = {answer.status for answer in given}
        if name in ("direct", "tls") and what in REFUSED and refused - {0, 400, 414, 431}:
            wrong.append(f"{what}: answered {refused}")
        if any(EVIL in answer.text for answer in given if answer.status == 200):
            wrong.append(f"{what}: names the attacker's site")
        wrong += [f"{what}: {fault}" for path in (page, f"/en{page}") for fault in faults(way, path)]
    assert wrong == []


def faults(way, path):
    """What is wrong with the page that everybody gets."""
    for _time in range(2):
        answer = way.get(path)
        language = "en" if path.startswith("/en/") else "ja"
        if answer.status != 200:
            yield f"{path} answers {answer.status}"
        if (
            f'rel="canonical" href="{ADDRESS}{path}"' not in answer.text
            or f'lang="{language}"' not in answer.text[:200]
        ):
            yield f"{path} shows another page"
        if EVIL in answer.text:
            yield f"{path} names the attacker's site"
