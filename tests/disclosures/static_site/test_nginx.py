"""nginx with the files answers as the application does: bytes, status, ETag, headers, in each encoding."""

import re

import pytest

from tests.support.static_site import ENCODINGS, compared

pytestmark = pytest.mark.once

# One of each sort of page is enough for what does not depend on the page.
SORTS = (
    "/", "/en/where-provided/", "/where-provided/?by=item", "/sitemap.xml", "/robots.txt", "/manifest.webmanifest",
    "/static/css/site.css", "/static/css/tiny.css", "/.well-known/security.txt", "/.well-known/gpc.json",
)  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_public_page_is_the_applications_answer(static, in_front, encoding):
    targets = list(static.contents.pages)
    assert len(targets) > 100
    for target in targets:
        said = in_front.get(target, Accept_Encoding=encoding)
        assert compared(said) == compared(static.application.get(target, Accept_Encoding=encoding)), target
        assert said.status == 200


def test_all_that_the_sitemap_names_are_files(static):
    listed = re.findall(r"<loc>https?://[^/]+([^<]*)</loc>", static.application.get("/sitemap.xml").text)
    assert set(listed) <= set(static.contents.pages)
    files = [target for target in static.contents.pages if target.startswith("/files/")]
    assert len(files) == 1, "the picture"


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("target", SORTS)
def test_held_page_is_not_sent_again(static, in_front, target, encoding):
    etag = static.application.get(target, Accept_Encoding=encoding).headers["etag"]
    for held in (etag, f"W/{etag}", f'"other", {etag}', f'{etag}, W/"other"', "*"):
        said = in_front.get(target, Accept_Encoding=encoding, If_None_Match=held)
        assert (said.status, said.body, said.headers["etag"]) == (304, b"", etag), held
        assert said.headers["cache-control"] == in_front.get(target).headers["cache-control"]
    assert in_front.get(target, Accept_Encoding=encoding, If_None_Match='"other"').status == 200


@pytest.mark.parametrize(
    "accepted", ["", "gzip, deflate, br, zstd", "br;q=0, gzip", "x-gzip", "deflate", "gzip;q=0", "*;q=0"]
)
def test_encoding_is_what_the_browser_takes(static, in_front, accepted):
    ours, theirs = (way.get("/", Accept_Encoding=accepted) for way in (in_front, static.application))
    assert compared(ours) == compared(theirs)


@pytest.mark.parametrize(
    "target",
    ["/no-such-page/", "/en/no-such-page/", "/en/no/such/page/", "/recipients/nobody/", "/en/services/nothing/"],
)  # fmt: skip
def test_wrong_address_is_answered_in_its_language(static, in_front, target):
    ours, theirs = (compared(way.get(target)) for way in (in_front, static.application))
    ours[1].pop("content-length"), theirs[1].pop("transfer-encoding", None)
    theirs[1].pop("content-length", None)
    assert ours == theirs
    assert ours[0] == 404


def test_wrong_address_is_not_asked_of_the_application(static, alone):
    assert alone.get("/en/no-such-page/").body == static.application.get("/en/no-such-page/").body


@pytest.mark.parametrize("target", ["/faq", "/en/recipients", "/services/jalan", "/en/changes/1"])
def test_address_without_its_slash_leads_to_the_page(static, in_front, alone, target):
    theirs = static.application.get(target)
    for way in (in_front, alone):
        ours = way.get(target)
        assert (ours.status, ours.headers["location"]) == (theirs.status, theirs.headers["location"])
        assert ours.headers["content-security-policy"] == theirs.headers["content-security-policy"]


@pytest.mark.parametrize(
    "target",
    [
        "/search/?q=%E3%83%A1%E3%83%BC%E3%83%AB", "/where-provided/?item=email&service=jalan", "/faq/?utm_source=x", "/my/",
        "/en/contact/requests/", "/api/v1/catalogue", "/log/key", "/.well-known/jwks.json", "/healthz", "/faq/?",
        "/x.php", "/en", "/recipients%2Fabroad/", "/f%61q/", "/faq/../faq/", "/en/my/requests/",
    ],
)  # fmt: skip
def test_everything_else_is_answered_by_the_application(static, in_front, target):
    ours, theirs = (way.get(target) for way in (in_front, static.application))
    assert (ours.status, ours.headers.get("location")) == (theirs.status, theirs.headers.get("location"))
    assert ours.status == 301 or ours.headers["content-type"] == theirs.headers["content-type"]


def test_what_only_the_application_does_is_not_there_without_it(alone):
    for target in ("/search/?q=x", "/my/", "/en/contact/requests/new/", "/where-provided/?item=email&service=jalan"):
        said = alone.get(target)
        assert said.status == 404, target
        assert "<h1>" in said.text


def test_form_is_refused_by_the_application_itself(static, in_front):
    assert in_front.post("/faq/", b"a=b").status == static.application.post("/faq/", b"a=b").status == 403


def test_what_asks_for_a_part_or_an_older_page_gets_the_whole(in_front):
    said = in_front.get("/", Range="bytes=0-9", If_Modified_Since="Fri, 01 Jan 2038 00:00:00 GMT")
    assert said.status == 200
    assert "accept-ranges" not in said.headers
    assert "last-modified" not in said.headers


def test_page_that_must_be_the_one_that_is_held(static, in_front):
    assert in_front.get("/", If_Match='"other"').status == static.application.get("/", If_Match='"other"').status == 412


def test_head_has_the_headers_alone(static, in_front):
    said = in_front.send(in_front.head("HEAD / HTTP/1.1", {"Accept_Encoding": "br"}))
    assert (said.status, said.body) == (200, b"")
    assert said.headers["etag"] == static.application.get("/", Accept_Encoding="br").headers["etag"]


def test_files_behind_the_addresses_are_not_reached_by_their_names(in_front):
    for target in ("/contents.json", "/nginx/http.conf", "/site/index.html", "/index.html.br", "/index.html.etag"):
        assert in_front.get(target).status == 404
