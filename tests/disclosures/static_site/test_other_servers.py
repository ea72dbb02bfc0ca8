"""What Caddy and CDNs are told, and what whoever finds the folder reads. None of them is started here."""

from pathlib import Path

import pytest

from disclosures.static_site.files import Contents, Form, Page, name_of, read_contents, rules_of
from disclosures.static_site.nginx import server_part
from disclosures.static_site.others import caddy_part, cdn_headers, cdn_redirects, read_me

SAFE = ("X-Content-Type-Options", "nosniff")
KEPT, FOR_EVER = ("Cache-Control", "public, max-age=0"), ("Cache-Control", "immutable")


def page(target, *headers):
    form = Form(name_of(target), '"e"', "", (("Content-Type", "text/html"), SAFE, *headers))
    return Page(target, 200, dict.fromkeys(("identity", "gzip", "br"), form))


@pytest.fixture
def contents():
    pages = [
        page("/", KEPT), page("/faq/", KEPT), page("/en/faq/", KEPT, ("Content-Language", "en")), page("/en/", KEPT),
        page("/static/css/a.css", FOR_EVER), page("/static/b.js", FOR_EVER), page("/faq/?page=2", KEPT),
    ]  # fmt: skip
    return Contents(7, "s" * 64, {one.target: one for one in pages}, {"/faq": "/faq/"})


def test_rules_add_up_to_what_the_application_says(contents):
    rules = rules_of(contents)
    assert rules["/*"] == dict([SAFE])
    assert (rules["/static/*"], rules["/faq/*"]) == (dict([FOR_EVER]), dict([KEPT]))
    assert rules["/en/faq/"] == {"Content-Language": "en"}
    assert not [pattern for pattern in rules if "?" in pattern]


def test_cdn_gets_headers_and_redirects_and_no_etags(contents):
    assert "/static/*\n  Cache-Control: immutable\n" in cdn_headers(contents)
    assert "ETag" not in cdn_headers(contents)
    assert cdn_redirects(contents) == "/faq /faq/ 301\n"


def test_caddy_reads_etags_from_files_and_goes_by_the_address_that_was_asked_for(contents, tmp_path):
    text = caddy_part(contents, tmp_path)
    assert f'root * "{tmp_path}/site"' in text
    assert "etag_file_extensions .etag" in text
    assert '{http.request.orig_uri.path}.startsWith("/static/")' in text
    assert text.count("{") == text.count("}")


def test_folder_may_have_blanks_and_semicolons_in_its_name(contents):
    folder = Path('/srv/my center; "one"')
    quoted = r'"/srv/my center; \"one\"/'
    assert f'root * {quoted}site"' in caddy_part(contents, folder)
    assert f'alias {quoted}";' in server_part(contents, "0a0b0c0d", folder)


def test_who_finds_the_folder_reads_what_a_web_server_alone_lacks(contents):
    text = read_me(contents, "https://privacy.example")
    for lack in ("/search/: the search", "/my/: the record", "/contact/requests/: requests to the operator", "/log/: "):
        assert f"\n- {lack}" in text
    assert "/en/" not in text


def test_contents_are_read_as_they_were_written(contents):
    assert read_contents(contents.as_json()).as_json() == contents.as_json()


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/", "site/index.html"), ("/en/faq/", "site/en/faq/index.html"), ("/sitemap.xml", "site/sitemap.xml"),
        ("/recipients/?page=2", "queries/recipients/page=2.html"),
    ],
)  # fmt: skip
def test_file_of_an_address(target, name):
    assert name_of(target) == name
