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

from disclosures.models import Publication, Scenario
from disclosures.public import page_cache as module
from disclosures.public.page_cache import published
from disclosures.publishing import publications
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


urlpatterns = [
    path("shown/", published(shown, parameters=("service", "page")), name="shown"),
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
    first = probe.get("/shown/?page=2&utm_source=x&service=jalan&service=suumo")
    assert first.content.decode() == (
        "[('page', ['2']), ('service', ['jalan', 'suumo'])] page=2&service=jalan&service=suumo"
        " /shown/?page=2&service=jalan&service=suumo"
    )
    again = probe.get("/shown/?service=jalan&service=suumo&fbclid=y&page=2")
    assert again.content == first.content and shown.times == 1
    assert probe.get("/shown/?service=suumo&page=2").content != first.content


def test_page_without_parameters_is_one_page(probe):
    assert probe.get("/bare/?service=jalan").content == probe.get("/bare/?a=b").content == probe.get("/bare/").content
    assert shown.times == 1


def test_long_values_and_many_values_are_cut(probe):
    long, many = "x" * 5000, "&".join(f"service=s{number}" for number in range(100))
    assert len(probe.get(f"/shown/?page={long}").content) < 300
    assert probe.get(f"/shown/?{many}").content.decode().count("'s") == 1 + 10
    assert probe.get("/shown/?page=" + "x" * 60).content == probe.get("/shown/?page=" + "x" * 70).content


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
    monkeypatch.setattr(module, "kept", KeptPages(largest_bytes=20_000))
    for number in range(50):
        probe.get(f"/shown/?page={number}")
    assert 0 < module.kept.kept_bytes <= 20_000
    assert module.kept.kept_bytes == sum(page.size_bytes for page in module.kept.pages.values())
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
