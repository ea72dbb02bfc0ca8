"""Ten thousand recipients: what the pages of the desk and of the public weigh, and how many statements they take."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from disclosures.models import Page, Publication, Recipient, Scenario, Section, Service
from disclosures.publishing.actions import publish_content
from tests.support.desk import desk
from tests.support.html import read
from tests.support.thousands import MANY, add_recipients

pytestmark = [pytest.mark.django_db, pytest.mark.once]

KB = 1024
MOST_DESK_BYTES, MOST_DESK_STATEMENTS = 60 * KB, 30
MOST_PUBLIC_BYTES = 14 * KB
LISTS = ("recipient", "scenario", "service", "section", "page", "link", "dataitem", "country", "term")


def desk_pages():
    yield from (f"/admin/disclosures/{name}/" for name in LISTS)
    yield from (desk(model, code) for model, code in FORMS)
    yield from (
        "/admin/disclosures/recipient/?q=clinic", "/admin/disclosures/recipient/?p=40",
        "/admin/disclosures/recipient/?country__id__exact=1", "/admin/disclosures/recipient/add/",
        "/admin/disclosures/scenario/add/", "/admin/", "/admin/search/?q=clinic", "/admin/search/?q=第&kind=recipients",
        "/admin/choose/recipients/?q=clinic", "/admin/pending/", "/admin/pending/?page=200", "/admin/translations/",
        "/admin/history/", "/admin/proposals/", "/admin/recipients/", "/admin/packs/", "/admin/arrange/",
        "/admin/preview/", "/admin/preview/recipients/", "/admin/preview/recipients/abroad/",
        "/admin/preview/where-provided/", "/admin/preview/recipients/clinic-00001/", "/admin/publications/1/",
        "/admin/disclosures/publication/",
    )  # fmt: skip


FORMS = [
    (Scenario, "online-booking"), (Recipient, "clinic-00000"), (Service, "jalan"), (Page, "where-provided"),
    (Section, "personal-information"),
]  # fmt: skip
# Whole public pages in a frame of the desk, and the form of every text of the site: their content is as long as it is.
LONG_ANYWAY = ("/admin/preview/where-provided/",)


def measured(client, path):
    with CaptureQueriesContext(connection) as made:
        response = client.get(path)
    assert response.status_code == 200, path
    return len(response.content), len(made)


def test_no_page_of_the_desk_grows_with_the_recipients(as_editor):
    small = {path: measured(as_editor, path) for path in LONG_ANYWAY}
    add_recipients()
    as_editor.get("/admin/")  # what waits is compared once, then held
    found = {path: measured(as_editor, path) for path in desk_pages()}
    too_much = {
        path: (size, statements)
        for path, (size, statements) in found.items()
        if (size > MOST_DESK_BYTES and path not in LONG_ANYWAY) or statements > MOST_DESK_STATEMENTS
    }
    grown = {path for path, (size, _statements) in small.items() if found[path][0] > size + KB}
    assert (too_much, grown) == ({}, set())


def test_all_of_them_are_published_and_found_page_by_page():
    add_recipients()
    Scenario.objects.get(code="online-booking").recipients.set(Recipient.objects.filter(code__startswith="clinic-0"))
    publish_content(by=None)
    assert len(Publication.objects.newest().document["recipients"]) > MANY
    client = Client(headers={"Accept-Encoding": "br, gzip"})
    plain = Client()
    pages = [
        "/recipients/", "/en/recipients/?page=2", "/recipients/?page=150", "/recipients/abroad/",
        "/recipients/abroad/?page=3", "/recipients/?q=clinic", "/recipients/?scenario=online-booking&page=9",
        "/recipients/clinic-00001/", "/where-provided/", "/changes/", "/changes/2/", "/changes/2/?page=3",
        "/search/?q=clinic",
    ]  # fmt: skip
    weights = {path: len(client.get(path).content) for path in pages}
    assert {path: weight for path, weight in weights.items() if weight > MOST_PUBLIC_BYTES} == {}
    statuses = {path: plain.get(path).status_code for path in pages}
    assert {*statuses.values()} == {200}, statuses
    (number,) = (
        int(found[1]) for found in re.finditer(r"of (\d+)", read(plain.get("/en/recipients/")).one("main").text)
    )
    last = read(plain.get(f"/en/recipients/?page={number}")).one("main")
    assert last.all("a", href="/en/recipients/clinic-09999/")
    hits = read(plain.get("/en/recipients/?q=ｃｌｉｎｉｃ No. 4321")).one("main")
    assert [one["id"] for one in hits.all("section")[0].all("li")] == ["clinic-04321"]
    named = read(plain.get("/en/where-provided/")).one(id="online-booking")
    assert named.all("a", href="/en/recipients/?scenario=online-booking")
    assert not named.all("a", href="/en/recipients/clinic-00500/")
