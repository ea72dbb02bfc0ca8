"""How public pages are delivered: compressed, negotiated, kept within bounds, never older than what is published."""

import gzip
import re
from threading import Barrier, Thread

import brotli
import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from disclosures.content import publications
from disclosures.models import Publication, Scenario
from disclosures.public import page_cache as module
from disclosures.public.page_cache import UNKNOWN, published
from disclosures.publishing.actions import publish_content, republish
from privacycenter.http.http_cache import KeptPages, encoding_for
from privacycenter.operation.metrics import requests_counter
from privacycenter.urls import urlpatterns as all_patterns

pytestmark = pytest.mark.django_db
PAGE = "/where-provided/"
DECODED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


def shown(request, document):
    """What a view can see of the query."""
    shown.times += 1
    response = HttpResponse(f"{sorted(request.GET.lists())} {request.META['QUERY_STRING']} {request.get_full_path()}")
    response.keep = "unkept" not in request.GET.getlist("service")
    response.status_code = 404 if request.GET.get("service") == "nothing" else 200
    return response


def known_here(document, value):
    """What a value means on the page: short ones mean themselves."""
    return value if len(value) < 10 and value.isalnum() else UNKNOWN if value else ""


urlpatterns = [
    path("shown/", published(shown, parameters={"service": known_here, "page": known_here}), name="shown"),
    path("bare/", published(shown), name="bare"),
    *all_patterns,
]


@pytest.fixture
def probe(settings, client):
    """A client of a site with a page that shows what its view sees."""
    settings.ROOT_URLCONF = __name__
    shown.times = 0
    return client


# --- Representations -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", "identity"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP;Q=0.5", "gzip"),
        ("br;q=0.4, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("identity;q=1, br;q=0.5", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "gzip"),
        ("gzip;q=much, br ; q = 0.1", "br"),
        ("zstd", "identity"),
        (",;,=;q", "identity"),
        ("gzip;q=nan", "identity"),
    ],
)
def test_encoding_is_what_the_client_likes_best(accepted, encoding):
    assert encoding_for(accepted) == encoding


@pytest.mark.parametrize(("accepted", "encoding"), [("br", "br"), ("gzip", "gzip"), ("", None)])
def test_page_comes_compressed_as_asked(client, accepted, encoding):
    plain = client.get(PAGE).content
    for _time in ("made", "kept"):
        response = client.get(PAGE, headers={"Accept-Encoding": accepted})
        assert response.get("Content-Encoding") == encoding
        assert DECODED[encoding](response.content) == plain
        assert response["Content-Length"] == str(len(response.content))
        assert response["Vary"] == "Accept-Encoding"


def test_each_representation_has_its_own_strong_etag(client):
    etags = {client.get(PAGE, headers={"Accept-Encoding": accepted})["ETag"] for accepted in ("br", "gzip", "")}
    assert len(etags) == 3 and not any(etag.startswith("W/") for etag in etags)


@pytest.mark.parametrize(
    ("header", "status"),
    [("{}", 304), ("W/{}", 304), ('"other", {}', 304), ("*", 304), ('"other"', 200), ("broken", 200), ("", 200)],
)
def test_visitor_who_holds_the_page_gets_no_second_copy(client, header, status):
    etag = client.get(PAGE, headers={"Accept-Encoding": "br"})["ETag"]
    response = client.get(PAGE, headers={"Accept-Encoding": "br", "If-None-Match": header.format(etag)})
    assert (response.status_code, response["ETag"], response["Vary"]) == (status, etag, "Accept-Encoding")
    assert bool(response.content) == (status == 200)
    if status == 304:
        # The rest is as the visitor has it already (RFC 9110 15.4.5).
        assert set(response.headers) == {"ETag", "Vary", "Cache-Control"}


def test_page_with_another_policy_is_another_page(client, settings):
    etag = client.get(PAGE)["ETag"]
    module.forget_pages()
    settings.SECURE_REFERRER_POLICY = "no-referrer"
    response = Client().get(PAGE, headers={"If-None-Match": etag})
    assert (response.status_code, response["Referrer-Policy"]) == (200, "no-referrer")
    assert response["ETag"] != etag


def test_page_from_memory_is_counted_by_its_status(client):
    counted = {status: requests_counter("published-page", "GET", status)._value.get() for status in (200, 304)}
    etag = client.get(PAGE)["ETag"]
    assert client.get(PAGE).status_code == 200
    assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 304
    for status in (200, 304):
        assert requests_counter("published-page", "GET", status)._value.get() == counted[status] + 1


def test_page_in_another_encoding_is_not_the_one_held(client):
    etag = client.get(PAGE, headers={"Accept-Encoding": "br"})["ETag"]
    assert client.get(PAGE, headers={"Accept-Encoding": "gzip", "If-None-Match": etag}).status_code == 200


def test_condition_that_fails_is_told(client):
    etag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"If-Match": etag}).status_code == 200
    assert client.get(PAGE, headers={"If-Match": '"other"'}).status_code == 412


def test_head_has_the_headers_of_get(client):
    for accepted in ("br", ""):
        got, head = (method(PAGE, headers={"Accept-Encoding": accepted}) for method in (client.get, client.head))
        assert head.content == b"" and head.headers == got.headers


def test_kept_page_carries_the_headers_that_protect(client):
    first, kept = client.get(PAGE), client.get(PAGE)
    assert first.headers == kept.headers
    assert {"Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy"} <= set(kept.headers)


# --- What a page depends on ------------------------------------------------------------------------------------------


def test_view_sees_the_declared_parameters_alone(probe):
    first = probe.get("/shown/?page=2&utm_source=x&service=suumo&service=jalan")
    assert first.content.decode() == (
        "[('page', ['2']), ('service', ['jalan'])] page=2&service=jalan /shown/?page=2&service=jalan"
    )
    again = probe.get("/shown/?service=jalan&fbclid=y&page=2")
    assert again.content == first.content and shown.times == 1
    assert probe.get("/shown/?service=suumo&page=2").content != first.content


def test_page_without_parameters_is_one_page(probe):
    assert probe.get("/bare/?service=jalan").content == probe.get("/bare/?a=b").content == probe.get("/bare/").content
    assert shown.times == 1


def test_values_that_mean_nothing_are_one_page(probe):
    found = {probe.get(f"/shown/?page={value}").content for value in ("x" * 5000, "a-b", "%ff", "%00", "<script>")}
    assert len(found) == 1 == shown.times
    assert probe.get("/shown/?page=").content == probe.get("/shown/").content


@pytest.mark.parametrize(
    ("query", "status"), [("", 200), ("?page=1", 200), ("?page=", 200), ("?page=x", 404), ("?page=99", 404)]
)
def test_page_of_the_record_of_publications_is_kept_once(client, query, status):
    client.get("/changes/")
    assert client.get(f"/changes/{query}").status_code == status
    assert len(module.kept.pages) == 1 and module.kept_filtered.pages == {}


@pytest.mark.parametrize("page", [PAGE, "/recipients/", "/en/where-provided/"])
def test_stranger_fills_no_memory_with_unknown_filters(client, page):
    for number in range(20):
        assert client.get(f"{page}?service=s{number}&item=i{number}&page={number}00").status_code == 200
    assert len(module.kept.pages) + len(module.kept_filtered.pages) <= 2


def test_filtered_pages_push_out_none_that_is_whole(client, monkeypatch):
    client.get(PAGE)
    monkeypatch.setattr(module, "kept_filtered", KeptPages(largest_bytes=1))
    for service in ("jalan", "suumo", "hotpepper-gourmet"):
        client.get(f"{PAGE}?service={service}")
    assert len(module.kept.pages) == 1 and module.kept_filtered.pages == {}


def test_description_of_the_api_is_kept_and_compressed(client, as_hanako):
    first = client.get("/api/v1/docs", headers={"Accept-Encoding": "br"})
    assert first["Content-Encoding"] == "br" and "public" in first["Cache-Control"] and not first.cookies
    again = as_hanako.get("/api/v1/docs?x=1", headers={"Accept-Encoding": "br", "If-None-Match": first["ETag"]})
    assert again.status_code == 304 and len(module.kept.pages) == 1


@pytest.mark.parametrize("query", ["page=%ff%fe", "page=%00", "&&==&", "service=%F0%9F%98%80", "page=" + "%41" * 3000])
def test_odd_queries_are_answered(probe, query):
    assert probe.get(f"/shown/?{query}").status_code == 200


def test_what_the_view_does_not_want_kept_is_made_again(probe):
    for _time in range(2):
        response = probe.get("/shown/?service=unkept", headers={"Accept-Encoding": "br"})
        assert response["Content-Encoding"] == "br" and "public" in response["Cache-Control"]
    assert shown.times == 2


def test_what_was_not_found_is_made_again(probe):
    found = [probe.get("/shown/?service=nothing") for _time in range(2)]
    assert {response.status_code for response in found} == {404} and shown.times == 2
    assert "public" not in found[0]["Cache-Control"]


def test_memory_for_pages_has_a_limit(probe, monkeypatch):
    monkeypatch.setattr(module, "kept_filtered", KeptPages(largest_bytes=20_000))
    for number in range(50):
        probe.get(f"/shown/?page={number}")
    filtered = module.kept_filtered
    assert 0 < filtered.kept_bytes <= 20_000
    assert filtered.kept_bytes == sum(page.size_bytes for page in filtered.pages.values())
    made = shown.times
    probe.get("/shown/?page=49")
    assert shown.times == made
    probe.get("/shown/?page=0")
    assert shown.times == made + 1


def test_page_larger_than_the_memory_is_shown_all_the_same(probe, monkeypatch):
    monkeypatch.setattr(module, "kept", KeptPages(largest_bytes=10))
    assert [probe.get("/shown/").status_code for _time in range(2)] == [200, 200]
    assert module.kept.kept_bytes == 0


# --- Who may ask, and how --------------------------------------------------------------------------------------------


def test_kept_page_is_not_given_under_a_host_that_is_not_ours(client):
    client.get(PAGE)
    assert client.get(PAGE, headers={"Host": "elsewhere.example"}).status_code == 400


def test_kept_page_is_not_given_over_plain_http_where_https_is_due(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    secure = Client()
    assert secure.get(PAGE, secure=True).status_code == 200
    assert secure.get(PAGE).status_code == 301


def test_kept_page_can_only_be_read(client):
    client.get(PAGE)
    assert client.post(PAGE).status_code == 405


def test_languages_are_kept_apart(client):
    ja, en = client.get(PAGE), client.get(f"/en{PAGE}")
    assert (ja["Content-Language"], en["Content-Language"]) == ("ja", "en")
    assert client.get(PAGE).content == ja.content != en.content


# --- Never older than what is published ------------------------------------------------------------------------------


def rename(title):
    Scenario.objects.filter(code="online-booking").update(title=title)


def test_next_page_shows_the_publication_and_the_one_after_a_rollback(client):
    before = client.get(PAGE)
    rename("オンライン予約")
    publish_content(by=None)
    assert "オンライン予約" in client.get(PAGE).content.decode()
    republish(publication=Publication.objects.get(number=1), by=None)
    assert client.get(PAGE)["ETag"] == before["ETag"]


def test_page_outlives_a_database_that_does_not_answer(client, monkeypatch):
    before = client.get(PAGE).content

    def broken():
        raise DatabaseError("gone")

    monkeypatch.setattr(publications, "newest_publication", broken)
    publications.newest_for_visitors.forget()
    assert client.get(PAGE).content == before


@pytest.mark.concurrency
@pytest.mark.usefixtures("world")
def test_no_visitor_gets_the_former_page_after_publishing_is_done():
    """Visitors without pause in four threads; whoever comes after ``publish_content`` returned sees the new text."""
    done: list[int] = []
    former: list[tuple[int, int]] = []
    begin = Barrier(5)
    ended = False

    def visit():
        client = Client()
        begin.wait()
        while not ended:
            due = done[-1] if done else 0
            shown = int(re.search("予約 第(.)版", client.get(PAGE).content.decode())[1])
            if shown < due:
                former.append((shown, due))
        connection.close()

    visitors = [Thread(target=visit) for _number in range(4)]
    rename("予約 第0版")
    publish_content(by=None)
    for visitor in visitors:
        visitor.start()
    begin.wait()
    try:
        for number in range(1, 6):
            rename(f"予約 第{number}版")
            publish_content(by=None)
            done.append(number)
    finally:
        ended = True
        for visitor in visitors:
            visitor.join()
    assert len(done) == 5 and former == []
